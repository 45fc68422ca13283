"""Plans within three months: whose deadlines count, and which are met (domain: Change plan)."""

from fractions import Fraction

import pytest
from sqlmodel import select

from core.models import CaseAdult, ChangePlan, PlanExemption
from core.queries.change_plans import WITHIN_COLUMNS, within_three_months
from core.queries.keys import By
from core.terms import CaseKind, Gender
from tests.factories_follow_up import (
    add_case,
    day,
    read,
    reassign,
    rows_of,
    small_unit,
    void,
    written,
)

YEAR = ("2024-01-01", "2024-12-31")
TODAY = "2024-12-31"


@pytest.fixture
def unit(store):
    return small_unit()


def table(unit, start, end, *, today=TODAY, by=By.NONE, scope=None):
    days = {"start": day(start), "end": day(end), "today": day(today)}
    return read(within_three_months, scope or unit.scope, **days, by=by)


def made(unit, start=YEAR[0], end=YEAR[1], **how):
    """Return how many deadlines count, and how many of them were met."""
    row = table(unit, start, end, **how).iloc[0]
    return row["deadlines"], row["within"]


def test_without_deadlines_alla_has_a_row_without_share_and_others_have_none(unit):
    assert list(table(unit, *YEAR).columns) == WITHIN_COLUMNS
    assert rows_of(table(unit, *YEAR)) == [("alla", 0, 0, None)]
    assert table(unit, *YEAR, by=By.CASEWORKER).empty


def test_the_share_is_the_met_deadlines_of_all(unit):
    add_case(unit, "2024-01-10", "2024-01-10", plans=[("2024-02-01", None)])
    add_case(unit, "2024-01-10", "2024-01-10")
    add_case(unit, "2024-01-10", "2024-01-10")
    assert rows_of(table(unit, *YEAR)) == [("alla", 3, 1, Fraction(1, 3))]


@pytest.mark.parametrize(
    ("referred_on", "deadline"),
    [
        ("2023-11-30", "2024-02-29"),
        ("2022-11-30", "2023-02-28"),
        ("2024-01-31", "2024-04-30"),
        ("2023-12-31", "2024-03-31"),
        ("2024-02-29", "2024-05-29"),
    ],
)
def test_a_deadline_lies_in_the_periods_that_begin_or_end_on_its_day(unit, referred_on, deadline):
    add_case(unit, "2022-01-01", referred_on)
    on = day(deadline)
    before, after = str(on.fromordinal(on.toordinal() - 1)), str(on.fromordinal(on.toordinal() + 1))
    assert made(unit, deadline, deadline) == (1, 0)
    assert made(unit, "2022-06-01", before) == (0, 0)
    assert made(unit, after, "2024-12-31") == (0, 0)


def test_a_plan_on_the_deadline_meets_it_and_one_the_day_after_does_not(unit):
    add_case(unit, "2023-11-30", "2023-11-30", plans=[("2024-02-29", None)])
    assert made(unit) == (1, 1)
    add_case(unit, "2023-11-30", "2023-11-30", plans=[("2024-03-01", None)])
    assert made(unit) == (2, 1)


def test_the_first_plan_counts_also_ended_since_or_older_than_the_case(unit):
    add_case(unit, "2024-01-10", "2024-01-10", plans=[("2024-02-01", "2024-02-10")])
    add_case(unit, "2024-01-10", "2024-01-10", plans=[("2023-06-01", None)])
    later = [("2024-06-01", None), ("2024-03-01", None)]
    add_case(unit, "2024-01-10", "2024-01-10", plans=later)
    assert made(unit) == (3, 3)


def test_a_case_exempt_on_its_deadline_is_left_out_and_one_exempt_around_it_is_not(unit):
    add_case(unit, "2024-01-10", "2024-01-10", exempt=[("2024-04-10", "2024-05-10")])
    add_case(unit, "2024-01-10", "2024-01-10", exempt=[("2024-03-10", "2024-04-10")])
    assert made(unit) == (0, 0)
    add_case(unit, "2024-01-10", "2024-01-10", exempt=[("2024-03-10", "2024-04-09")])
    add_case(unit, "2024-01-10", "2024-01-10", exempt=[("2024-04-11", "2024-05-10")])
    assert made(unit) == (2, 0)


def test_a_case_closed_by_its_deadline_is_left_out_unless_it_had_a_plan(unit):
    add_case(unit, "2024-01-10", "2024-01-10", closed_on="2024-04-10")
    assert made(unit) == (0, 0)
    add_case(unit, "2024-01-10", "2024-01-10", closed_on="2024-04-11")
    assert made(unit) == (1, 0)
    plans = [("2024-02-01", None)]
    add_case(unit, "2024-01-10", "2024-01-10", plans=plans, closed_on="2024-04-10")
    assert made(unit) == (2, 1)


def test_a_deadline_after_today_is_not_counted_yet(unit):
    add_case(unit, "2024-01-10", "2024-01-10", plans=[("2024-02-01", None)])
    assert made(unit, today="2024-04-09") == (0, 0)
    assert made(unit, today="2024-04-10") == (1, 1)
    assert made(unit, today="2023-12-31") == (0, 0)


def test_a_period_over_new_year_counts_both_years_deadlines(unit):
    add_case(unit, "2023-09-30", "2023-09-30")
    add_case(unit, "2023-10-01", "2023-10-01")
    assert made(unit, "2023-12-30", "2024-01-01") == (2, 0)
    assert made(unit, "2023-12-31", "2023-12-31") == (0, 0)
    by_month = table(unit, "2023-12-15", "2024-02-15", by=By.MONTH)
    assert rows_of(by_month) == [
        ("2023-12", 1, 0, Fraction(0)),
        ("2024-01", 1, 0, Fraction(0)),
        ("2024-02", 0, 0, None),
    ]


def test_caseworker_and_group_are_those_of_the_deadline(unit):
    for bos_from in ("2024-04-10", "2024-04-11"):
        case = add_case(unit, "2024-01-10", "2024-01-10")
        reassign(case, bos_from, unit.bo, unit.two)
    add_case(unit, "2024-01-10", "2024-01-10", caseworker=None, group=None)
    assert rows_of(table(unit, *YEAR, by=By.CASEWORKER)) == [
        ("Ada", 1, 0, Fraction(0)),
        ("Bo", 1, 0, Fraction(0)),
        ("utan handläggare", 1, 0, Fraction(0)),
    ]
    groups = table(unit, *YEAR, by=By.GROUP)
    assert list(groups["key"]) == ["Ett", "Två", "utan grupp"]
    for scope in (unit.adas, unit.bos, unit.ones, unit.twos):
        assert made(unit, scope=scope) == (1, 0)


def test_gender_is_the_applicants_on_the_deadline(unit):
    add_case(unit, "2024-01-10", "2024-01-10", gender=Gender.MAN)
    gone = add_case(unit, "2024-01-10", "2024-01-10", gender=Gender.MAN)
    with written() as session:
        applicant = session.exec(select(CaseAdult).where(CaseAdult.case_id == gone)).one()
        applicant.valid_to = day("2024-04-09")
    found = table(unit, *YEAR, by=By.GENDER)
    assert list(found["key"]) == ["annat/okänt", "man"]


def test_voided_plans_and_exemptions_other_kinds_and_units_count_nowhere(unit):
    add_case(
        unit,
        "2024-01-10",
        "2024-01-10",
        plans=[("2024-02-01", None)],
        exempt=[("2024-04-10", "2024-04-10")],
    )
    assert made(unit) == (0, 0)
    void(PlanExemption)
    assert made(unit) == (1, 1)
    void(ChangePlan)
    assert made(unit) == (1, 0)
    for kind in set(CaseKind) - {CaseKind.BENEFIT}:
        add_case(unit, "2024-01-10", "2024-01-10", kind=kind)
    add_case(unit, "2024-01-10")
    add_case(small_unit(), "2024-01-10", "2024-01-10")
    assert made(unit) == (1, 0)
