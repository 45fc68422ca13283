import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from core.rules.placements import (
    PlacementFacts,
    Rate,
    Review,
    family_in_hotel,
    last_review,
    review_overdue,
    runs_on,
)
from tests.core.rules import slow_money as slow
from tests.core.rules.strategies import day, many, placements

D = dt.date
START = D(2024, 1, 10)


def at_500(starts, **fields):
    return PlacementFacts(starts_on=starts, rates=(Rate(starts, Decimal(500)),), **fields)


def test_a_placement_runs_through_its_last_day():
    p = at_500(START, ended_on=D(2024, 4, 10))
    assert not runs_on(p, D(2024, 1, 9))
    assert runs_on(p, START)
    assert runs_on(p, D(2024, 4, 10))
    assert not runs_on(p, D(2024, 4, 11))


def test_a_whole_month_without_review_is_overdue():
    p = at_500(D(2024, 4, 1))
    assert not review_overdue(p, D(2024, 4, 30))
    assert review_overdue(p, D(2024, 5, 1))
    assert not review_overdue(at_500(D(2024, 4, 2)), D(2024, 5, 31))
    assert review_overdue(at_500(D(2024, 4, 2)), D(2024, 6, 1))


def test_a_review_from_the_months_first_day_on_is_enough():
    def reviewed(on):
        return at_500(D(2024, 1, 1), reviews=(Review(on),))

    assert not review_overdue(reviewed(D(2024, 4, 1)), D(2024, 5, 27))
    assert review_overdue(reviewed(D(2024, 3, 31)), D(2024, 5, 27))
    assert not review_overdue(reviewed(D(2024, 5, 27)), D(2024, 5, 27))
    assert review_overdue(reviewed(D(2024, 5, 28)), D(2024, 5, 27))


def test_a_review_is_overdue_past_the_day_decided_for_the_next():
    p = at_500(D(2024, 5, 2), reviews=(Review(D(2024, 5, 3), D(2024, 5, 20)),))
    assert not review_overdue(p, D(2024, 5, 20))
    assert review_overdue(p, D(2024, 5, 21))
    again = replace(p, reviews=(*p.reviews, Review(D(2024, 5, 15))))
    assert not review_overdue(again, D(2024, 5, 21))


def test_only_running_placements_are_overdue():
    p = at_500(D(2024, 1, 1), ended_on=D(2024, 5, 10))
    assert review_overdue(p, D(2024, 5, 10))
    assert not review_overdue(p, D(2024, 5, 11))


def test_in_january_the_month_before_is_december():
    assert review_overdue(at_500(D(2023, 12, 1)), D(2024, 1, 1))
    assert not review_overdue(at_500(D(2023, 12, 2)), D(2024, 1, 1))


def test_the_latest_review_by_a_day_is_the_last_given_of_equals():
    first, second = Review(D(2024, 5, 1), D(2024, 5, 2)), Review(D(2024, 5, 1))
    p = at_500(START, reviews=(first, second, Review(D(2024, 6, 1))))
    assert last_review(p, D(2024, 5, 1)) == second
    assert last_review(p, D(2024, 4, 30)) is None


def test_a_family_in_a_hotel_is_always_flagged():
    p = at_500(START, hotel=True, children=1, ended_on=D(2024, 4, 10))
    assert family_in_hotel(p, D(2024, 4, 10))
    assert not family_in_hotel(p, D(2024, 4, 11))
    assert not family_in_hotel(replace(p, children=0), D(2024, 4, 1))
    assert not family_in_hotel(replace(p, hotel=False), D(2024, 4, 1))


@many
@given(placements(), day)
def test_an_overdue_review_agrees_with_the_definition_read_slowly(p, on):
    assert review_overdue(p, on) == slow.review_overdue(p, on)


@many
@given(placements(), day)
def test_a_review_or_an_end_dated_later_changes_no_flag(p, on):
    ended = p.ended_on if p.ended_on is not None and p.ended_on <= on else None
    reviews = tuple(review for review in p.reviews if review.reviewed_on <= on)
    known = replace(p, ended_on=ended, reviews=reviews)
    assert review_overdue(p, on) == review_overdue(known, on)
