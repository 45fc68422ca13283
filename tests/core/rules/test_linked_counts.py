"""Counts that stand in several places, each decided once."""

import itertools

import pytest

from core.rules.linked_counts import (
    closed_by_reason,
    household_counts,
    parts_seen,
    share_is_hidden,
    share_seen,
)
from core.rules.suppression import Shown, suppress_count
from core.terms import ComputedFigure
from tests.core.rules.attack import Attacker

CURRENT, WITHIN = ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.PLANS_WITHIN_THREE_MONTHS


def texts(seen):
    return {name: count.text for name, count in seen.items()}


def month(adults, children, **more):
    return {"adults": adults, "children": children, "recipients": adults + children} | more


def test_few_children_hide_the_recipients_and_never_the_adults():
    assert texts(household_counts(month(30, 2))) == {
        "adults": "30",
        "children": "<5",
        "recipients": "..",
    }


def test_a_small_gender_hides_the_next_smallest_and_never_the_households():
    stated = {"households": 33, "women": 20, "men": 10, "other": 3}
    assert texts(household_counts(stated)) == {
        "households": "33",
        "women": "20",
        "men": "..",
        "other": "<5",
    }


def test_what_nobody_states_is_left_out_and_what_does_not_add_up_stands_alone():
    stated = {"households": 20, "women": 3, "men": None, "adults": 25, "recipients": 4}
    assert texts(household_counts(stated)) == {
        "households": "20",
        "women": "<5",
        "adults": "25",
        "recipients": "<5",
    }


@pytest.mark.parametrize(("adults", "children"), list(itertools.product(range(9), range(9))))
def test_none_of_the_people_can_be_told_from_the_others(adults, children):
    seen = household_counts(month(adults, children))
    shown = [seen[name].text for name in ("adults", "children", "recipients")]
    assert Attacker(shown, [{0: 1, 1: 1, 2: -1}]).told() == []
    assert shown[0] == ("<5" if 0 < adults < 5 else str(adults))


def test_reasons_are_shown_with_every_month_and_hidden_with_any():
    months = [suppress_count(9), suppress_count(18)]
    shown = closed_by_reason([20, 7], months)
    assert [count.text for count in (*shown.counts, shown.total)] == ["20", "7", "27"]
    hidden = closed_by_reason([20, 7], [*months, Shown(None, "..")])
    assert [count.text for count in (*hidden.counts, hidden.total)] == ["..", "..", ".."]


@pytest.mark.parametrize(
    ("figure", "part", "whole", "hidden"),
    [
        (None, 5, 5, False),
        (None, 4, 20, True),
        (None, 0, 4, True),
        (None, 17, 20, False),
        (CURRENT, 17, 20, True),
        (CURRENT, 15, 20, False),
        (CURRENT, 20, 20, False),
        (WITHIN, 17, 20, False),
        (ComputedFigure.CLOSED_AS_UNKNOWN, 17, 40, True),
    ],
)
def test_a_share_is_hidden_with_a_small_part_whole_or_counted_rest(figure, part, whole, hidden):
    assert share_is_hidden(figure, part, whole) == hidden
    assert (share_seen(figure, part, whole) is None) == hidden


def test_a_share_of_the_year_so_far_is_told_in_whole_percent():
    assert share_seen(WITHIN, 7, 9) == 78
    assert share_seen(CURRENT, 7, 14) == 50
    assert share_seen(CURRENT, 6, 18) * 3 == 100
    assert share_seen(WITHIN, 0, 0) is None


def test_parts_by_group_are_hidden_where_their_rest_would_tell():
    def shown(*splits):
        return [f"{part.text} av {whole.text}" for part, whole in parts_seen(splits)]

    assert shown((60, 78), (53, 71)) == ["60 av 78", "53 av 71"]
    assert shown((40, 42), (30, 60)) == [".. av 42", ".. av 60"]
    assert shown((41, 42), (59, 60)) == [".. av ..", ".. av .."], "two are outside in all"
    assert shown((2, 20), (1, 20)) == [".. av ..", ".. av .."], "three in all"
