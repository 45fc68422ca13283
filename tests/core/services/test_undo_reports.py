"""What was just reported is undone as a mistake, whatever it was, all of it or nothing."""

import datetime as dt

import pytest

from core.auth import PermissionDeniedError
from core.models import (
    AdverseDecision,
    Case,
    ChangePlan,
    ChildImpactAnalysis,
    PlanExemption,
    PlanRevision,
    ReminderSnooze,
)
from core.services import cases, change_plans, child_impact, reminders
from core.services.child_impact import NewAnalysis, NewDecision
from core.services.undo_reports import Reported, ReportKind, undo_reports
from core.terms import DecisionKind, ExemptionReason, ReminderKind
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, audit_count, refusals, rows, run, world

MARCH = make.day("2024-03-01")


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's, on a fixed day."""
    today(TODAY)
    return world()


def undo(w, *reported, **options):
    made = [Reported(kind, row_id) for kind, row_id in reported]
    return run(undo_reports, made, by=options.pop("by", w.caseworker), **options)


def test_plans_revisions_and_exemptions_are_undone_latest_first(w):
    by = {"by": w.caseworker}
    plan = run(change_plans.establish, w.case_id, OPENED, **by)
    revision = run(change_plans.revise, w.case_id, MARCH, **by)
    new = change_plans.NewExemption(ExemptionReason.MOVES_WITHIN_A_MONTH, TODAY)
    exemption = run(change_plans.exempt, w.case_id, new, **by)
    undo(
        w,
        (ReportKind.PLAN, plan),
        (ReportKind.REVISION, revision),
        (ReportKind.EXEMPTION, exemption),
    )
    for table in (ChangePlan, PlanRevision, PlanExemption):
        assert [row.voided_by_id for row in rows(table)] == [w.caseworker.user_id]


def test_a_plan_that_was_ended_runs_on(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    run(change_plans.end, w.case_id, MARCH, by=w.caseworker)
    undo(w, (ReportKind.PLAN_END, plan))
    (row,) = rows(ChangePlan)
    assert (row.ended_on, row.voided_at) == (None, None)


def test_a_plan_is_not_resumed_beside_a_newer_one_or_while_it_runs(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    running = refusals(change_plans.resume, plan, by=w.caseworker)
    assert running == {"on": "Planen är inte avslutad."}
    run(change_plans.end, w.case_id, MARCH, by=w.caseworker)
    run(change_plans.establish, w.case_id, TODAY, by=w.caseworker)
    newer = refusals(change_plans.resume, plan, by=w.caseworker)
    assert newer == {"on": "Ärendet har fått en ny förändringsplan sedan dess."}


def test_a_plan_is_resumed_once_however_often_it_is_sent(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    run(change_plans.end, w.case_id, MARCH, by=w.caseworker)
    before = audit_count()
    assert {run(change_plans.resume, plan, by=w.caseworker, key="r") for _ in range(2)} == {plan}
    assert audit_count() == before + 1


def test_a_decision_and_analyses_are_undone(w):
    new = NewDecision(MARCH, DecisionKind.REFUSAL, {1: None, 2: None})
    decision = run(child_impact.register_decision, w.case_id, new, by=w.caseworker)
    made = {1: NewAnalysis(TODAY), 2: NewAnalysis(TODAY)}
    analyses = run(child_impact.add_analyses, decision, made, by=w.caseworker)
    undo(w, *((ReportKind.ANALYSIS, row_id) for row_id in analyses))
    assert all(row.voided_at for row in rows(ChildImpactAnalysis))
    undo(w, (ReportKind.DECISION, decision))
    assert rows(AdverseDecision)[0].voided_at is not None


def test_a_reminder_put_off_comes_back(w):
    new = reminders.NewSnooze(ReminderKind.PLAN, "Väntar", TODAY)
    snooze = run(reminders.snooze, w.case_id, new, by=w.caseworker)
    undo(w, (ReportKind.SNOOZE, snooze))
    assert rows(ReminderSnooze)[0].voided_at is not None


def test_undoing_a_longer_time_brings_the_shorter_one_back_in_force(w):
    days = (TODAY, TODAY + dt.timedelta(days=9))
    news = [reminders.NewSnooze(ReminderKind.PLAN, "Väntar", day) for day in days]
    short, longer = (run(reminders.snooze, w.case_id, new, by=w.caseworker) for new in news)
    undo(w, (ReportKind.SNOOZE, longer))
    assert rows(ReminderSnooze, id=short)[0].voided_at is None
    assert rows(ReminderSnooze, id=longer)[0].voided_at is not None
    assert audit_count() == 4
    with pytest.raises(PermissionDeniedError):
        undo(w, (ReportKind.SNOOZE, longer))


def test_a_closing_is_undone_only_while_it_is_the_latest(w):
    run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.caseworker)
    undo(w, (ReportKind.CLOSING, w.case_id))
    assert rows(Case, id=w.case_id)[0].closed_on is None
    again = [Reported(ReportKind.CLOSING, w.case_id)]
    assert refusals(undo_reports, again, by=w.caseworker) == {
        "undo": "Något annat har gjorts sedan dess. Rätta det i ärendet."
    }


def test_nothing_is_undone_when_one_of_them_cannot_be(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    closed = Reported(ReportKind.CLOSING, w.case_id)
    refusals(undo_reports, [closed, Reported(ReportKind.PLAN, plan)], by=w.caseworker)
    assert rows(ChangePlan)[0].voided_at is None


def test_what_was_taken_back_already_or_is_out_of_reach_is_denied(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    with pytest.raises(PermissionDeniedError):
        undo(w, (ReportKind.PLAN, plan), by=w.actors["colleague"])
    undo(w, (ReportKind.PLAN, plan))
    with pytest.raises(PermissionDeniedError):
        undo(w, (ReportKind.PLAN, plan))


def test_undo_sent_twice_is_done_once(w):
    plan = run(change_plans.establish, w.case_id, OPENED, by=w.caseworker)
    ids = {undo(w, (ReportKind.PLAN, plan), key="u") for _ in range(2)}
    assert ids == {plan}
