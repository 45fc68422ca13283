"""BKA: which children count, when an analysis is in time, and whose it is (domain: BKA)."""

from fractions import Fraction

import pytest

from core.models import AdverseDecision, Case, ChildImpactAnalysis
from core.queries.child_impact import BKA_COLUMNS, bka, children, not_in_time
from core.queries.keys import By
from core.terms import AnalysisStatus, CaseKind, DecisionKind
from tests.factories_follow_up import (
    add_case,
    day,
    decide,
    read,
    reassign,
    rows_of,
    small_unit,
    void,
)

YEAR = {"start": day("2024-01-01"), "end": day("2024-12-31"), "today": day("2024-12-31")}


@pytest.fixture
def unit(store):
    return small_unit()


@pytest.fixture
def case(unit):
    return add_case(unit, "2023-01-10", "2023-01-10", reference="AR-0100")


def counts(unit, by=By.NONE, scope=None, **period):
    return rows_of(read(bka, scope or unit.scope, **(YEAR | period), by=by))


def alla(unit, **how):
    """Return decisions, children, done, late and missing of all."""
    return counts(unit, **how)[0][1:6]


def test_without_decisions_alla_has_a_row_without_share_and_others_have_none(unit):
    assert list(read(bka, unit.scope, **YEAR, by=By.NONE).columns) == BKA_COLUMNS
    assert counts(unit) == [("alla", 0, 0, 0, 0, 0, None)]
    assert counts(unit, By.CASEWORKER) == []


def test_done_late_and_missing_add_up_to_the_children(unit, case):
    decide(unit, case, "2024-03-15", ["2024-03-14"], ["2024-03-15"], ["2024-03-16"], [])
    assert counts(unit) == [("alla", 1, 4, 2, 1, 1, Fraction(1, 2))]


def test_of_several_analyses_of_a_child_the_earliest_counts(unit, case):
    decide(unit, case, "2024-03-15", ["2024-04-01", "2024-03-15"], ["2024-04-02", "2024-04-01"])
    assert alla(unit) == (1, 2, 1, 1, 0)


def test_an_analysis_dated_after_today_does_not_exist_yet(unit, case):
    decide(unit, case, "2024-03-15", ["2024-05-01"])
    assert alla(unit, today=day("2024-04-30")) == (1, 1, 0, 0, 1)
    assert alla(unit, today=day("2024-05-01")) == (1, 1, 0, 1, 0)


def test_a_decision_dated_after_today_does_not_exist_yet(unit, case):
    decide(unit, case, "2024-03-15", ["2024-03-01"])
    assert alla(unit, today=day("2024-03-14")) == (0, 0, 0, 0, 0)
    assert alla(unit, today=day("2024-03-15")) == (1, 1, 1, 0, 0)
    assert alla(unit, today=day("2023-12-31")) == (0, 0, 0, 0, 0)


def test_a_decision_without_an_affected_child_is_no_decision(unit, case):
    decide(unit, case, "2024-03-15")
    assert alla(unit) == (0, 0, 0, 0, 0)


def test_the_periods_first_and_last_day_are_in_it(unit, case):
    decide(unit, case, "2024-02-29", ["2024-02-29"])
    for start, end, found in (
        ("2024-02-29", "2024-02-29", 1),
        ("2024-02-01", "2024-02-28", 0),
        ("2024-03-01", "2024-03-31", 0),
    ):
        assert alla(unit, start=day(start), end=day(end))[0] == found


def test_every_month_of_a_period_over_new_year_has_a_row(unit, case):
    decide(unit, case, "2023-12-31", ["2023-12-31"])
    decide(unit, case, "2024-01-01", [])
    found = counts(unit, By.MONTH, start=day("2023-12-15"), end=day("2024-02-10"))
    assert found == [
        ("2023-12", 1, 1, 1, 0, 0, Fraction(1)),
        ("2024-01", 1, 1, 0, 0, 1, Fraction(0)),
        ("2024-02", 0, 0, 0, 0, 0, None),
    ]


def test_the_case_need_be_neither_open_nor_of_the_kind_ekonomiskt_bistand(unit):
    closed = add_case(unit, "2023-01-10", closed_on="2024-03-01")
    decide(unit, closed, "2024-03-15", ["2024-03-15"])
    for kind in CaseKind:
        decide(unit, add_case(unit, "2023-01-10", kind=kind), "2024-03-15", ["2024-03-15"])
    assert alla(unit)[0] == 1 + len(CaseKind)


def test_caseworker_and_group_are_those_of_the_decisions_day(unit, case):
    reassign(case, "2024-03-15", unit.bo, unit.two)
    decide(unit, case, "2024-03-14", [])
    decide(unit, case, "2024-03-15", [], [])
    nobodys = add_case(unit, "2024-01-10", caseworker=None, group=None)
    decide(unit, nobodys, "2024-03-15", [])
    assert [row[:3] for row in counts(unit, By.CASEWORKER)] == [
        ("Ada", 1, 1),
        ("Bo", 1, 2),
        ("utan handläggare", 1, 1),
    ]
    assert [row[0] for row in counts(unit, By.GROUP)] == ["Ett", "Två", "utan grupp"]
    assert alla(unit, scope=unit.adas) == alla(unit, scope=unit.ones) == (1, 1, 0, 0, 1)
    assert alla(unit, scope=unit.bos) == alla(unit, scope=unit.twos) == (1, 2, 0, 0, 2)


@pytest.mark.parametrize(
    ("table", "then"),
    [
        (Case, (0, 0, 0, 0, 0)),
        (AdverseDecision, (0, 0, 0, 0, 0)),
        (ChildImpactAnalysis, (1, 1, 0, 0, 1)),
    ],
)
def test_voided_rows_count_nowhere(unit, case, table, then):
    decide(unit, case, "2024-03-15", ["2024-03-15"])
    void(table)
    assert alla(unit) == then


def test_another_units_decisions_count_nowhere_here(unit):
    other = small_unit()
    decide(other, add_case(other, "2024-01-10"), "2024-03-15", [])
    assert alla(unit) == (0, 0, 0, 0, 0)


def test_a_childs_row_tells_its_decision_and_its_earliest_analysis(unit, case):
    decision = decide(
        unit, case, "2024-03-15", [], ["2024-05-02", "2024-04-02"], kind=DecisionKind.TERMINATION
    )
    missing, late = read(children, unit.scope, **YEAR)
    assert (missing.child_number, missing.analysed_on, missing.status) == (
        1,
        None,
        AnalysisStatus.MISSING,
    )
    assert (late.child_number, late.analysed_on, late.status) == (
        2,
        day("2024-04-02"),
        AnalysisStatus.LATE,
    )
    assert (late.decision_id, late.case_id, late.reference) == (decision, case, "AR-0100")
    assert (late.kind, late.decided_on, late.caseworker) == (
        DecisionKind.TERMINATION,
        day("2024-03-15"),
        "Ada",
    )


def test_children_not_in_time_are_the_missing_first_and_the_oldest_first(unit, case):
    decide(unit, case, "2024-01-15", ["2024-02-01"], ["2024-01-15"])
    decide(unit, case, "2024-03-15", [])
    decide(unit, case, "2024-02-15", [])
    found = read(not_in_time, unit.scope, **YEAR)
    assert [(str(row.decided_on), row.status) for row in found] == [
        ("2024-02-15", AnalysisStatus.MISSING),
        ("2024-03-15", AnalysisStatus.MISSING),
        ("2024-01-15", AnalysisStatus.LATE),
    ]
    assert read(not_in_time, unit.bos, **YEAR) == []
