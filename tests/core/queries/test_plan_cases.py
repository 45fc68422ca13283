"""The cases behind a bar: whose, of which status, and what is due when (domain: Change plan)."""

import pytest

from core.queries.plan_cases import plan_cases
from core.terms import CaseKind, PlanStatus
from tests.factories_follow_up import add_case, day, read, reassign, small_unit

ON = day("2024-05-27")


@pytest.fixture
def unit(store):
    return small_unit()


def found(unit, *, scope=None, on=ON, **chosen):
    return read(plan_cases, scope or unit.scope, on=on, **chosen)


def references(*args, **chosen):
    return [row.reference for row in found(*args, **chosen)]


def test_a_row_tells_whose_the_case_is_and_what_is_due(unit):
    case = add_case(
        unit,
        "2024-01-10",
        "2024-01-20",
        reference="AR-0500",
        plans=[("2023-12-01", None, "2024-02-29")],
    )
    (row,) = found(unit)
    assert (row.case_id, row.version, row.reference) == (case, 1, "AR-0500")
    assert (row.caseworker, row.group) == ("Ada", "Ett")
    assert (row.opened_on, row.referred_on) == (day("2024-01-10"), day("2024-01-20"))
    assert (row.current_from, row.due_on) == (day("2024-02-29"), day("2024-06-29"))
    assert (row.status, row.exempt_until) == (PlanStatus.CURRENT, None)


def test_what_was_due_first_stands_first_and_equals_by_reference(unit):
    add_case(unit, "2024-01-10", "2024-03-10", reference="AR-0503")
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0502")
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0501")
    add_case(unit, "2023-01-10", "2023-01-10", reference="AR-0504", plans=[("2023-02-01", None)])
    assert references(unit) == ["AR-0504", "AR-0501", "AR-0502", "AR-0503"]


def test_a_case_without_plan_is_due_at_its_deadline_and_counts_from_its_referral_again(unit):
    plans = [("2024-04-01", "2024-05-01")]
    add_case(unit, "2023-11-30", "2023-11-30", plans=plans)
    (row,) = found(unit)
    assert (row.current_from, row.due_on) == (None, day("2024-02-29"))
    assert row.status is PlanStatus.OVERDUE


def test_an_exempt_case_is_due_when_the_last_exemption_of_the_day_ends(unit):
    exempt = [
        ("2024-05-01", "2024-06-10"),
        ("2024-05-20", "2024-06-20"),
        ("2024-05-28", "2024-09-01"),
    ]
    add_case(unit, "2024-01-10", "2024-01-10", exempt=exempt)
    (row,) = found(unit)
    assert (row.status, row.exempt_until) == (PlanStatus.EXEMPT, day("2024-06-20"))
    assert row.due_on == day("2024-06-20")


def test_only_the_chosen_status_and_caseworker_are_there(unit):
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0501")
    add_case(unit, "2024-05-10", "2024-05-10", reference="AR-0502")
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0503", caseworker=unit.bo)
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0504", caseworker=None, group=None)
    overdue = {"status": PlanStatus.OVERDUE}
    assert references(unit, **overdue) == ["AR-0501", "AR-0503", "AR-0504"]
    assert references(unit, **overdue, caseworker="Ada") == ["AR-0501"]
    assert references(unit, caseworker="Ada") == ["AR-0501", "AR-0502"]
    assert references(unit, caseworker="utan handläggare") == ["AR-0504"]
    (nobodys,) = found(unit, caseworker="utan handläggare")
    assert nobodys.group == "utan grupp"


def test_a_scope_sees_the_cases_it_holds_on_the_day_and_nobody_elses(unit):
    moved = add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0501")
    add_case(unit, "2024-01-10", "2024-01-10", reference="AR-0502")
    reassign(moved, "2024-03-10", unit.bo, unit.two)
    assert references(unit, scope=unit.adas) == references(unit, scope=unit.ones) == ["AR-0502"]
    assert references(unit, scope=unit.bos) == references(unit, scope=unit.twos) == ["AR-0501"]
    assert references(unit, scope=unit.bos, on=day("2024-03-09")) == []
    assert references(unit, scope=unit.bos, caseworker="Ada") == []


def test_cases_outside_the_population_are_behind_no_bar(unit):
    add_case(unit, "2024-01-10")
    add_case(unit, "2024-01-10", "2024-01-10", kind=CaseKind.ADDICTION)
    add_case(unit, "2024-01-10", "2024-01-10", closed_on="2024-05-27")
    add_case(small_unit(), "2024-01-10", "2024-01-10")
    assert references(unit) == []
