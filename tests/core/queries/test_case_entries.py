"""What was last reported on a case, to be taken back if it was a mistake."""

import pytest

from core import db
from core.auth import Scope
from core.models import ChildImpactAnalysis
from core.queries.case_entries import MOST_ENTRIES, EntryKind, entries
from core.services import change_plans, child_impact
from core.services.change_plans import NewExemption
from core.services.child_impact import NewAnalysis, NewDecision
from core.terms import DecisionKind, ExemptionReason
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, rows, run, world

MARCH = make.day("2024-03-01")


@pytest.fixture
def w(store, today):
    """A unit with a case."""
    today(TODAY)
    return world()


def reported(w, unit_id=None):
    with db.read() as session:
        return entries(session, Scope(unit_id or w.unit_id), case_id=w.case_id)


def test_what_was_reported_last_comes_first_with_its_day_and_row(w):
    plan_id = run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    revision_id = run(change_plans.revise, w.case_id, MARCH, by=w.manager)
    new = NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, TODAY)
    exemption_id = run(change_plans.exempt, w.case_id, new, by=w.manager)
    decision = NewDecision(MARCH, DecisionKind.REFUSAL, {1: None})
    decision_id = run(child_impact.register_decision, w.case_id, decision, by=w.manager)
    run(child_impact.add_analyses, decision_id, {1: NewAnalysis(TODAY)}, by=w.manager)

    assert [(entry.kind, entry.row_id, entry.day) for entry in reported(w)] == [
        (EntryKind.ANALYSIS, rows(ChildImpactAnalysis)[0].id, TODAY),
        (EntryKind.DECISION, decision_id, MARCH),
        (EntryKind.EXEMPTION, exemption_id, TODAY),
        (EntryKind.REVISION, revision_id, MARCH),
        (EntryKind.PLAN, plan_id, OPENED),
    ]


def test_what_is_voided_or_another_cases_is_left_out(w):
    plan_id = run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    run(change_plans.revise, w.case_id, MARCH, by=w.manager)
    new = NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, TODAY)
    exemption_id = run(change_plans.exempt, w.case_id, new, by=w.manager)
    decision = NewDecision(MARCH, DecisionKind.REFUSAL, {1: MARCH})
    decision_id = run(child_impact.register_decision, w.case_id, decision, by=w.manager)
    assert reported(w, w.extra["other_unit_id"]) == ()

    run(change_plans.void_exemption, exemption_id, by=w.manager)
    run(change_plans.void_plan, plan_id, by=w.manager)
    run(child_impact.void_decision, decision_id, by=w.manager)

    assert reported(w) == ()


def test_only_the_latest_few_are_told(w):
    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    for n in range(MOST_ENTRIES):
        run(change_plans.revise, w.case_id, make.day(f"2024-02-{n + 1:02}"), by=w.manager)
    found = reported(w)
    assert len(found) == MOST_ENTRIES
    assert {entry.kind for entry in found} == {EntryKind.REVISION}
