"""Change plans as of a day: statuses, whose they are, and what counts nowhere (domain: Change plan)."""

from fractions import Fraction

import pytest
from sqlmodel import select

from core.models import (
    Case,
    CaseAdult,
    CaseAssignment,
    ChangePlan,
    PlanExemption,
    PlanRevision,
)
from core.queries.change_plans import STATUS_COLUMNS, change_plans
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


@pytest.fixture
def unit(store):
    return small_unit()


def counts(unit, on, scope=None):
    """Return the statuses that some case has on a day, with how many."""
    row = read(change_plans, scope or unit.scope, on=day(on), by=By.NONE).iloc[0]
    return {name: row[name] for name in STATUS_COLUMNS[2:7] if row[name]}


def keys(unit, on, by, scope=None):
    frame = read(change_plans, scope or unit.scope, on=day(on), by=by)
    return dict(zip(frame["key"], frame["open"], strict=True))


def test_a_unit_without_cases_has_the_row_alla_without_shares_and_no_other(unit):
    on = day("2024-05-27")
    found = read(change_plans, unit.scope, on=on, by=By.NONE)
    assert list(found.columns) == STATUS_COLUMNS
    assert rows_of(found) == [("alla", 0, 0, 0, 0, 0, 0, None, None)]
    for by in (By.CASEWORKER, By.GROUP, By.GENDER):
        empty = read(change_plans, unit.scope, on=on, by=by)
        assert list(empty.columns) == STATUS_COLUMNS
        assert empty.empty


def test_coverage_and_current_share_leave_the_exempt_out(unit):
    add_case(unit, "2023-01-10", "2023-01-10", plans=[("2024-04-01", None)])
    add_case(unit, "2023-01-10", "2023-01-10", plans=[("2023-02-01", None)])
    add_case(unit, "2024-05-01", "2024-05-01")
    add_case(unit, "2023-01-10", "2023-01-10")
    add_case(unit, "2023-01-10", "2023-01-10", exempt=[("2024-05-01", "2024-05-31")])
    found = read(change_plans, unit.scope, on=day("2024-05-27"), by=By.NONE)
    assert rows_of(found) == [("alla", 5, 1, 1, 1, 1, 1, Fraction(1, 2), Fraction(1, 4))]


def test_a_unit_with_only_exempt_cases_has_no_shares(unit):
    add_case(unit, "2024-01-10", "2024-01-10", exempt=[("2024-05-27", "2024-05-27")])
    row = read(change_plans, unit.scope, on=day("2024-05-27"), by=By.NONE).iloc[0]
    assert (row["open"], row["coverage"], row["current_share"]) == (1, None, None)


@pytest.mark.parametrize(
    ("referred_on", "last_day", "next_day"),
    [
        ("2023-11-30", "2024-02-29", "2024-03-01"),
        ("2022-11-30", "2023-02-28", "2023-03-01"),
        ("2024-01-31", "2024-04-30", "2024-05-01"),
        ("2024-02-29", "2024-05-29", "2024-05-30"),
    ],
)
def test_a_case_without_plan_is_due_through_the_same_day_three_months_later(
    unit, referred_on, last_day, next_day
):
    add_case(unit, "2022-01-01", referred_on)
    assert counts(unit, last_day) == {"due": 1}
    assert counts(unit, next_day) == {"overdue": 1}


@pytest.mark.parametrize(
    ("established_on", "last_day", "next_day"),
    [
        ("2023-10-31", "2024-02-29", "2024-03-01"),
        ("2022-10-31", "2023-02-28", "2023-03-01"),
        ("2023-12-31", "2024-04-30", "2024-05-01"),
        ("2024-01-15", "2024-05-15", "2024-05-16"),
    ],
)
def test_a_plan_is_current_through_the_same_day_four_months_later(
    unit, established_on, last_day, next_day
):
    add_case(unit, "2022-01-01", "2022-01-01", plans=[(established_on, None)])
    assert counts(unit, last_day) == {"current": 1}
    assert counts(unit, next_day) == {"outdated": 1}


def test_a_revision_makes_an_old_plan_current_again_from_its_own_day(unit):
    add_case(unit, "2023-01-01", "2023-01-01", plans=[("2023-02-01", None, "2024-05-20")])
    assert counts(unit, "2024-05-19") == {"outdated": 1}
    assert counts(unit, "2024-05-20") == {"current": 1}
    assert counts(unit, "2024-09-20") == {"current": 1}
    assert counts(unit, "2024-09-21") == {"outdated": 1}


def test_an_ended_plan_is_no_plan_from_the_day_it_ended(unit):
    add_case(unit, "2024-02-10", "2024-02-10", plans=[("2024-03-01", "2024-04-20")])
    assert counts(unit, "2024-04-19") == {"current": 1}
    assert counts(unit, "2024-04-20") == {"due": 1}
    assert counts(unit, "2024-05-10") == {"due": 1}
    assert counts(unit, "2024-05-11") == {"overdue": 1}


def test_of_several_plans_the_latest_counts_also_when_an_older_one_was_revised_later(unit):
    plans = [("2023-09-01", None, "2024-05-20"), ("2023-12-01", None)]
    add_case(unit, "2023-01-01", "2023-01-01", plans=plans)
    assert counts(unit, "2024-05-27") == {"outdated": 1}


def test_when_the_latest_plan_has_ended_the_one_before_counts_again(unit):
    plans = [("2023-09-01", None, "2024-04-20"), ("2023-12-01", "2024-05-10")]
    add_case(unit, "2023-01-01", "2023-01-01", plans=plans)
    assert counts(unit, "2024-05-09") == {"outdated": 1}
    assert counts(unit, "2024-05-10") == {"current": 1}


def test_of_two_plans_from_the_same_day_the_last_registered_counts(unit):
    plans = [("2023-09-01", None, "2024-05-20"), ("2023-09-01", None)]
    add_case(unit, "2023-01-01", "2023-01-01", plans=plans)
    assert counts(unit, "2024-05-27") == {"outdated": 1}


def test_a_plan_older_than_the_case_counts(unit):
    add_case(unit, "2024-03-01", "2024-03-15", plans=[("2024-02-01", None)])
    assert counts(unit, "2024-03-15") == {"current": 1}


def test_an_exemption_holds_on_its_first_and_last_day_and_goes_before_a_plan(unit):
    add_case(
        unit,
        "2023-01-01",
        "2023-01-01",
        plans=[("2024-03-01", None)],
        exempt=[("2024-03-15", "2024-04-15")],
    )
    assert counts(unit, "2024-03-14") == {"current": 1}
    assert counts(unit, "2024-03-15") == {"exempt": 1}
    assert counts(unit, "2024-04-15") == {"exempt": 1}
    assert counts(unit, "2024-04-16") == {"current": 1}


def test_facts_dated_after_the_day_do_not_exist_on_it(unit):
    add_case(
        unit,
        "2023-12-01",
        "2024-01-10",
        plans=[("2024-02-01", "2024-05-01", "2024-03-01")],
        exempt=[("2024-02-10", "2024-05-10")],
        closed_on="2024-05-20",
    )
    assert counts(unit, "2024-01-09") == {}
    assert counts(unit, "2024-01-10") == {"due": 1}
    assert counts(unit, "2024-01-31") == {"due": 1}
    assert counts(unit, "2024-02-01") == {"current": 1}
    assert counts(unit, "2024-02-09") == {"current": 1}
    assert counts(unit, "2024-05-11") == {"overdue": 1}
    assert counts(unit, "2024-05-19") == {"overdue": 1}
    assert counts(unit, "2024-05-20") == {}


def test_a_case_opened_and_closed_the_same_day_is_never_in_the_population(unit):
    add_case(unit, "2024-05-27", "2024-05-27", closed_on="2024-05-27")
    assert counts(unit, "2024-05-27") == {}


def test_cases_not_referred_of_other_kinds_or_of_another_unit_are_not_in_the_population(unit):
    other = small_unit()
    add_case(unit, "2024-01-10")
    for kind in set(CaseKind) - {CaseKind.BENEFIT}:
        add_case(unit, "2024-01-10", "2024-01-10", kind=kind)
    add_case(other, "2024-01-10", "2024-01-10")
    assert counts(unit, "2024-05-27") == {}
    assert counts(other, "2024-05-27") == {"overdue": 1}


@pytest.mark.parametrize(
    ("table", "then"),
    [
        (Case, {}),
        (PlanExemption, {"current": 1}),
        (PlanRevision, {"exempt": 1}),
        (ChangePlan, {"exempt": 1}),
    ],
)
def test_voided_rows_count_nowhere(unit, table, then):
    add_case(
        unit,
        "2023-01-01",
        "2023-01-01",
        plans=[("2023-02-01", None, "2024-05-01")],
        exempt=[("2024-05-27", "2024-05-27")],
    )
    void(table)
    assert counts(unit, "2024-05-27") == then


def test_without_its_voided_revision_a_plan_is_outdated_and_without_itself_missing(unit):
    add_case(unit, "2023-01-01", "2023-01-01", plans=[("2023-02-01", None, "2024-05-01")])
    void(PlanRevision)
    assert counts(unit, "2024-05-27") == {"outdated": 1}
    void(ChangePlan)
    assert counts(unit, "2024-05-27") == {"overdue": 1}


def test_a_reassigned_case_is_whose_it_is_on_the_day(unit):
    case = add_case(unit, "2024-01-10", "2024-01-10")
    reassign(case, "2024-03-10", unit.bo, unit.two)
    assert keys(unit, "2024-03-09", By.CASEWORKER) == {"Ada": 1}
    assert keys(unit, "2024-03-10", By.CASEWORKER) == {"Bo": 1}
    assert keys(unit, "2024-03-09", By.GROUP) == {"Ett": 1}
    assert keys(unit, "2024-03-10", By.GROUP) == {"Två": 1}
    assert counts(unit, "2024-03-10", unit.adas) == counts(unit, "2024-03-09", unit.twos) == {}
    assert counts(unit, "2024-03-10", unit.bos) == counts(unit, "2024-03-10", unit.twos)


def test_each_month_of_a_scope_counts_the_cases_it_held_then(unit):
    case = add_case(unit, "2024-01-10", "2024-01-10")
    reassign(case, "2024-03-10", unit.bo, unit.two)
    frame = read(change_plans, unit.adas, on=day("2024-04-15"), by=By.MONTH)
    assert list(frame["key"]) == [f"2023-{n:02}" for n in range(5, 13)] + [
        f"2024-{n:02}" for n in range(1, 5)
    ]
    assert list(frame["open"]) == [0] * 8 + [1, 1, 0, 0]


def test_of_two_assignments_from_the_same_day_the_last_registered_counts(unit):
    case = add_case(unit, "2024-01-10", "2024-01-10")
    reassign(case, "2024-01-10", unit.bo, unit.two)
    assert keys(unit, "2024-05-27", By.CASEWORKER) == {"Bo": 1}


def test_cases_without_caseworker_or_group_stand_last(unit):
    add_case(unit, "2024-01-10", "2024-01-10", caseworker=None, group=None)
    case = add_case(unit, "2024-01-10", "2024-01-10")
    void(CaseAssignment, case_id=case)
    add_case(unit, "2024-01-10", "2024-01-10", caseworker=unit.bo, group=unit.two)
    assert list(keys(unit, "2024-05-27", By.CASEWORKER).items()) == [
        ("Bo", 1),
        ("utan handläggare", 2),
    ]
    assert list(keys(unit, "2024-05-27", By.GROUP).items()) == [("Två", 1), ("utan grupp", 2)]


def test_gender_is_the_applicants_on_the_day_and_unknown_without_one(unit):
    add_case(unit, "2024-01-10", "2024-01-10", gender=Gender.MAN)
    add_case(unit, "2024-01-10", "2024-01-10", gender=Gender.OTHER)
    gone = add_case(unit, "2024-01-10", "2024-01-10", gender=Gender.WOMAN)
    with written() as session:
        applicant = session.exec(select(CaseAdult).where(CaseAdult.case_id == gone)).one()
        applicant.valid_to = day("2024-04-30")
        session.add(
            CaseAdult(case_id=gone, number=2, gender=Gender.MAN, valid_from=day("2024-01-10"))
        )
    assert keys(unit, "2024-04-30", By.GENDER) == {"annat/okänt": 1, "kvinna": 1, "man": 1}
    assert keys(unit, "2024-05-01", By.GENDER) == {"annat/okänt": 2, "man": 1}
