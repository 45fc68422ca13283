"""The table of own cases is saved as a whole, refused as a whole, and finds others' changes."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Case, Caseworker, ChangePlan, PlanExemption, PlanRevision, Unit
from core.queries.my_week import my_week
from core.services import cases, change_plans
from core.services.base import RefusedError
from core.services.undo_reports import Reported, ReportKind, undo_reports
from core.services.week_table import Cell, RowEdit, TableRefusedError, save_table
from core.terms import CaseKind, ClosingReason, ExemptionReason
from tests import factories as make
from tests.factories_cases import OPENED, REFERRED, TODAY, audit_count, rows, run, world

ONE_DAY = dt.timedelta(days=1)
MARCH = make.day("2024-03-01")
MOVES = ExemptionReason.MOVES_WITHIN_A_MONTH


@pytest.fixture
def w(store, today):
    """A unit where Ada has a referred case, AR-0001, and one in mottagning, AR-0002."""
    today(TODAY)
    w = world()
    w.extra["second"] = add_case(w, "AR-0002")
    return w


def add_case(w, reference, **fields):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        return make.case(session, unit, OPENED, reference=reference, caseworker=ada, **fields).id


def shown(w):
    """Return the cases as the table shows them now, by reference."""
    with db.read() as session:
        week = my_week(session, Scope(w.unit_id, caseworker_id=w.caseworker_id), on=TODAY)
        return {case.reference: case for case in week.cases}


def save(w, edits, seen=None, **options):
    """Save changes by reference, on the table as it was seen."""
    seen = seen or shown(w)
    table = [RowEdit(seen[reference], changes) for reference, changes in edits.items()]
    return run(save_table, table, by=options.pop("by", w.caseworker), **options)


def faults(w, edits, seen=None, **options):
    before = audit_count()
    with pytest.raises(TableRefusedError) as refused:
        save(w, edits, seen, **options)
    assert audit_count() == before
    return [(f.reference, f.cell, f.message) for f in refused.value.faults]


def test_every_change_of_every_row_is_saved_in_one_transaction(w):
    reported = save(
        w,
        {
            "AR-0001": {Cell.ESTABLISHED: MARCH, Cell.REVISED: TODAY},
            "AR-0002": {Cell.REFERRED: TODAY, Cell.EXEMPTION: MOVES},
        },
    )
    (plan,), (revision,) = rows(ChangePlan), rows(PlanRevision)
    assert (plan.case_id, plan.established_on, revision.revised_on) == (w.case_id, MARCH, TODAY)
    assert rows(Case, id=w.extra["second"])[0].referred_on == TODAY
    (exemption,) = rows(PlanExemption)
    assert (exemption.reason, exemption.valid_from) == (MOVES, TODAY)
    assert reported == (
        Reported(ReportKind.PLAN, plan.id),
        Reported(ReportKind.REVISION, revision.id),
        Reported(ReportKind.REFERRAL, w.extra["second"]),
        Reported(ReportKind.EXEMPTION, exemption.id),
    )


def test_a_case_is_referred_and_closed_in_one_row_with_its_reason(w):
    changes = {Cell.REFERRED: MARCH, Cell.CLOSED: TODAY, Cell.REASON: ClosingReason.WORK}
    save(w, {"AR-0002": changes})
    case = rows(Case, id=w.extra["second"])[0]
    assert (case.referred_on, case.closed_on) == (MARCH, TODAY)
    assert case.closing_reason is ClosingReason.WORK


def test_one_faulty_cell_stops_the_whole_table_and_every_fault_is_told(w):
    add_case(w, "AR-0003", kind=CaseKind.ADDICTION)
    tomorrow = TODAY + ONE_DAY
    found = faults(
        w,
        {
            "AR-0001": {Cell.ESTABLISHED: MARCH},
            "AR-0002": {Cell.REFERRED: OPENED - ONE_DAY, Cell.CLOSED: tomorrow},
            "AR-0003": {Cell.ESTABLISHED: TODAY},
        },
    )
    assert found == [
        ("AR-0002", Cell.REFERRED, f"Ärendet öppnades {OPENED}. Ange den dagen eller en senare."),
        ("AR-0003", Cell.ESTABLISHED, "Uppgiften gäller bara ekonomiskt bistånd."),
    ]
    assert rows(ChangePlan) == []


def test_facts_there_already_are_not_overwritten_from_the_table(w):
    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    run(change_plans.revise, w.case_id, MARCH, by=w.manager)
    has_plan = (
        f"Ärendet har redan en förändringsplan från {OPENED}. "
        "Revidera den, eller avsluta den först."
    )
    mistake = "Ett datum tas inte bort här. Använd Rätta fel på ärendet."
    for changes, cell, message in (
        ({Cell.REFERRED: TODAY}, Cell.REFERRED, f"Ärendet remitterades redan {REFERRED}."),
        (
            {Cell.ESTABLISHED: TODAY},
            Cell.ESTABLISHED,
            has_plan,
        ),
        (
            {Cell.REVISED: MARCH - ONE_DAY},
            Cell.REVISED,
            f"Planen reviderades {MARCH}. Ange en senare dag, eller använd Rätta fel på ärendet.",
        ),
        ({Cell.REVISED: MARCH}, Cell.REVISED, f"Planen reviderades redan {MARCH}."),
        ({Cell.REVISED: None}, Cell.REVISED, mistake),
        ({Cell.REFERRED: None}, Cell.REFERRED, mistake),
        (
            {Cell.REASON: ClosingReason.WORK},
            Cell.REASON,
            "Ange också vilken dag ärendet avslutades.",
        ),
    ):
        assert faults(w, {"AR-0001": changes}) == [("AR-0001", cell, message)]


def test_what_somebody_else_changed_meanwhile_is_found_and_nothing_is_saved(w):
    seen = shown(w)
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    edits = {"AR-0001": {Cell.ESTABLISHED: TODAY}, "AR-0002": {Cell.REFERRED: TODAY}}
    table = [RowEdit(seen[reference], changes) for reference, changes in edits.items()]
    with pytest.raises(TableRefusedError) as refused:
        run(save_table, table, by=w.caseworker)
    (fault,) = refused.value.faults
    assert (fault.reference, fault.cell, fault.changed) == ("AR-0001", None, ("established_on",))
    assert fault.message == "Någon annan har ändrat ärendet sedan tabellen öppnades."
    assert rows(Case, id=w.extra["second"])[0].referred_on is None

    save(w, {"AR-0001": {Cell.REVISED: TODAY}, "AR-0002": {Cell.REFERRED: TODAY}})
    assert rows(PlanRevision)[0].revised_on == TODAY


@pytest.mark.parametrize("change", ["revise", "exempt", "refer", "close", "hand over"])
def test_each_fact_that_a_row_shows_is_compared(w, change):
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    seen = shown(w)
    second = w.extra["second"]
    if change == "revise":
        run(change_plans.revise, w.case_id, TODAY, by=w.manager)
    elif change == "exempt":
        new = change_plans.NewExemption(MOVES, TODAY)
        run(change_plans.exempt, w.case_id, new, by=w.manager)
    elif change == "refer":
        run(cases.refer, second, TODAY, version=1, by=w.manager)
    elif change == "close":
        run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.manager)
    else:
        with db.write() as session:
            bo = session.get_one(Caseworker, w.colleague_id)
            make.assign(session, session.get_one(Case, w.case_id), TODAY, caseworker=bo)
    reference = "AR-0002" if change == "refer" else "AR-0001"
    assert [f[:2] for f in faults(w, {reference: {Cell.REVISED: TODAY}}, seen)] == [
        (reference, None)
    ]


def test_a_change_elsewhere_stops_nobody(w):
    seen = shown(w)
    run(cases.refer, w.extra["second"], TODAY, version=1, by=w.manager)
    save(w, {"AR-0001": {Cell.ESTABLISHED: TODAY}}, seen)
    assert len(rows(ChangePlan)) == 1


def test_a_table_sent_twice_is_saved_once(w):
    edits, seen = {"AR-0001": {Cell.ESTABLISHED: TODAY}}, shown(w)
    first = save(w, edits, seen, key="table")
    assert len(first) == 1
    assert save(w, edits, seen, key="table") == ()
    assert len(rows(ChangePlan)) == 1


def test_a_table_without_changes_says_so(w):
    with pytest.raises(RefusedError) as refused:
        save(w, {"AR-0001": {}})
    assert refused.value.by_field() == {"table": "Inget är ändrat."}


def test_only_a_caseworker_has_a_table_and_only_of_own_cases(w):
    for who in ("unit_manager", "group_manager", "controller", "reader", "admin"):
        with pytest.raises(PermissionDeniedError):
            save(w, {"AR-0001": {Cell.ESTABLISHED: TODAY}}, by=w.actors[who])
    found = faults(w, {"AR-0001": {Cell.ESTABLISHED: TODAY}}, by=w.actors["colleague"])
    assert found == [("AR-0001", None, "Ärendet är avslutat eller inte längre ditt.")]


def test_a_whole_table_is_undone_at_once(w):
    reported = save(
        w,
        {
            "AR-0001": {Cell.ESTABLISHED: MARCH, Cell.REVISED: TODAY},
            "AR-0002": {Cell.REFERRED: TODAY},
        },
    )
    run(undo_reports, reported, by=w.caseworker)
    assert [row.voided_by_id for row in rows(ChangePlan)] == [w.caseworker.user_id]
    assert [row.voided_by_id for row in rows(PlanRevision)] == [w.caseworker.user_id]
    assert rows(Case, id=w.extra["second"])[0].referred_on is None
    assert shown(w)["AR-0001"].plan_from is None
