"""Client surveys: scales, shares, and what a reader may see of a small one."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.client_surveys import (
    ANSWERS,
    USUAL_SCALE,
    Scale,
    answer_share,
    as_they_are,
    gender_can_be_shown,
    good_answer,
    protected,
    scale_of,
    total,
)
from core.terms import HIDDEN, HIDDEN_COUNT, ClientAnswer, ClientSurveyKind
from tests.core.rules.strategies import few

YES, PARTLY, NO, UNSURE = ANSWERS[Scale.SATISFACTION]
BETTER, SAME, WORSE, _ = ANSWERS[Scale.CHANGE]
counts = st.dictionaries(
    st.sampled_from(ANSWERS[Scale.SATISFACTION]), st.integers(0, 30), min_size=3
)


def test_each_scale_has_its_good_answer_first():
    assert (good_answer(Scale.SATISFACTION), good_answer(Scale.CHANGE)) == (
        ClientAnswer.YES,
        ClientAnswer.IMPROVED,
    )


def test_every_kind_of_survey_has_a_usual_scale():
    assert set(USUAL_SCALE) == set(ClientSurveyKind)


def test_answers_of_two_scales_have_none_in_common():
    assert scale_of([YES, NO, UNSURE]) is Scale.SATISFACTION
    assert scale_of([BETTER, UNSURE]) is Scale.CHANGE
    assert scale_of([UNSURE]) is Scale.SATISFACTION
    assert scale_of([YES, WORSE]) is None


def test_shares_are_of_everybody_who_answered_also_those_who_do_not_know():
    published = {YES: 60, PARTLY: 22, NO: 7, UNSURE: 8}
    assert total(published) == 97
    assert answer_share(published, YES) == Fraction(60, 97)
    assert answer_share({YES: 3}, NO) == 0
    assert answer_share({YES: 0, NO: 0}, YES) is None


@few
@given(counts)
def test_the_shares_of_a_question_add_up_to_all(found):
    shares = [answer_share(found, answer) for answer in found]
    if sum(found.values()):
        assert sum(shares) == 1
    else:
        assert set(shares) == {None}


def test_nothing_is_hidden_from_those_who_may_see_it():
    shown = as_they_are({YES: 3, PARTLY: 0, NO: 1})
    assert (shown.counts[YES].value, shown.answered.value) == (3, 4)
    assert shown.counts[NO].text == "1"


def test_a_small_count_is_hidden_with_another_so_that_it_cannot_be_worked_out():
    shown = protected({YES: 30, PARTLY: 12, NO: 3})
    assert shown.counts[NO].text == HIDDEN_COUNT
    assert shown.counts[PARTLY].text == HIDDEN
    assert (shown.counts[YES].value, shown.answered.value) == (30, 45)
    assert shown.share(YES).value == Fraction(30, 45)
    assert shown.share(NO).hidden
    assert shown.share(PARTLY).hidden


def test_large_counts_and_none_are_shown():
    shown = protected({YES: 30, PARTLY: 12, NO: 0})
    assert [count.value for count in shown.counts.values()] == [30, 12, 0]


@pytest.mark.parametrize("found", [{YES: 3, PARTLY: 0, NO: 0}, {YES: 1, PARTLY: 1, NO: 1}])
def test_a_question_that_few_answered_shows_no_count_at_all(found):
    shown = protected(found)
    assert shown.answered.text == HIDDEN_COUNT
    assert {count.text for count in shown.counts.values()} == {HIDDEN}
    assert all(shown.share(answer).hidden for answer in found)


@few
@given(counts)
def test_no_small_count_is_ever_shown_and_a_hidden_total_hides_its_parts(found):
    shown = protected(found)
    assert not any(1 <= (count.value or 0) <= 4 for count in shown.counts.values())
    assert not 1 <= (shown.answered.value or 0) <= 4
    if shown.answered.hidden:
        assert all(count.hidden for count in shown.counts.values())
    for answer in found:
        share = shown.share(answer)
        assert share.hidden or share.value == answer_share(found, answer)


def test_a_split_by_gender_is_shown_only_without_any_small_count():
    assert gender_can_be_shown([5, 0, 30])
    assert gender_can_be_shown([])
    assert not gender_can_be_shown([5, 4])
    assert not gender_can_be_shown([1])
