"""Putting a reminder off: a reason, at most sixty days, only own cases, and no figure moves."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import (
    Area,
    AuditEvent,
    Case,
    Caseworker,
    DataVersion,
    MeasurePoint,
    ReminderSnooze,
)
from core.queries import cache
from core.queries.change_plans import change_plans
from core.queries.child_impact import bka
from core.queries.keys import By
from core.queries.reminders import snoozed
from core.services import cases, reminders
from core.services.reminders import NewSnooze
from core.terms import MeasureKind, ReminderKind
from tests import factories as make
from tests.factories_cases import TODAY, audit_count, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
LAST = make.day("2024-07-26")
PLAN, BKA, MEASURE = ReminderKind.PLAN, ReminderKind.CHILD_IMPACT, ReminderKind.MEASURE
REASON = "Väntar på läkarintyg"


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's without a plan, on a fixed day."""
    today(TODAY)
    return world()


def put_off(w, ends_on=LAST, kind=PLAN, by=None, **options):
    new = NewSnooze(kind, REASON, ends_on, options.pop("measure_point_id", None))
    return run(reminders.snooze, w.case_id, new, by=by or w.caseworker, **options)


def refused(w, **fields):
    new = NewSnooze(**{"kind": PLAN, "reason": REASON, "ends_on": LAST} | fields)
    return refusals(reminders.snooze, w.case_id, new, by=w.caseworker)


def seen(w, on=TODAY, **scope):
    with db.read() as session:
        return snoozed(session, Scope(w.unit_id, **scope), on=on)


def point(unit_id):
    with db.write() as session:
        row = MeasurePoint(unit_id=unit_id, slug="besok", kind=MeasureKind.CASE_CHECK)
        return make.save(session, row).id


def test_a_reminder_is_put_off_from_today_with_a_reason_and_an_end(w):
    snooze_id = put_off(w)
    (row,) = rows(ReminderSnooze)
    assert (row.id, row.unit_id, row.case_id, row.kind) == (snooze_id, w.unit_id, w.case_id, PLAN)
    assert (row.reason, row.starts_on, row.ends_on) == (REASON, TODAY, LAST)
    (moved,) = rows(DataVersion)
    assert moved.area is Area.REMINDERS


def test_the_reason_stays_out_of_the_audit_log(w):
    put_off(w)
    assert rows(AuditEvent)[-1].details == {
        "case_id": w.case_id,
        "kind": "plan",
        "starts_on": str(TODAY),
        "ends_on": str(LAST),
    }


def test_it_needs_a_reason_and_an_end_within_sixty_days(w):
    assert refused(w, reason="  ") == {"reason": "Skriv varför påminnelsen skjuts upp."}
    assert refused(w, ends_on=None) == {
        "ends_on": "Ange till och med vilken dag påminnelsen skjuts upp."
    }
    assert refused(w, ends_on=TODAY - ONE_DAY) == {
        "ends_on": "Ange i dag, 2024-05-27, eller en senare dag."
    }
    assert refused(w, ends_on=LAST + ONE_DAY) == {
        "ends_on": "En påminnelse kan skjutas upp högst 60 dagar, till och med 2024-07-26."
    }
    put_off(w, TODAY)


def test_a_reason_with_a_personal_identity_number_is_refused(w):
    assert "personnummer" in refused(w, reason="Väntar på 811218-9876")["reason"]


def test_it_is_put_off_again_only_for_longer(w):
    put_off(w, TODAY + ONE_DAY)
    assert refused(w, ends_on=TODAY + ONE_DAY) == {
        "ends_on": "Påminnelsen är redan uppskjuten till och med 2024-05-28."
    }
    put_off(w, TODAY + 2 * ONE_DAY)
    (shown,) = seen(w)
    assert (shown.ends_on, shown.times) == (TODAY + 2 * ONE_DAY, 2)


def test_a_measures_reminder_names_a_point_of_the_unit_and_others_none(w):
    wrong = "Välj en av enhetens mätpunkter."
    elsewhere = point(w.extra["other_unit_id"])
    for given in (None, 10_000, elsewhere):
        assert refused(w, kind=MEASURE, measure_point_id=given) == {"measure_point_id": wrong}
    own = point(w.unit_id)
    assert refused(w, measure_point_id=own) == {
        "measure_point_id": "Påminnelsen gäller ingen mätpunkt."
    }
    put_off(w, kind=MEASURE, measure_point_id=own)
    assert seen(w)[0].measure_point_id == own


def test_taking_back_lets_the_reminder_come_back_also_from_earlier_times(w):
    put_off(w, TODAY + ONE_DAY)
    bka_id = put_off(w, kind=BKA)
    longest = put_off(w)
    run(reminders.take_back, longest, by=w.manager)
    assert [row.snooze_id for row in seen(w)] == [bka_id]
    assert [row.voided_by_id for row in rows(ReminderSnooze, kind=PLAN)] == [w.manager.user_id] * 2
    with pytest.raises(PermissionDeniedError):
        run(reminders.take_back, longest, by=w.manager)


def test_only_those_who_reach_the_case_put_off_and_take_back(w):
    for who in ("colleague", "other_group_manager", "controller", "reader", "admin"):
        with pytest.raises(PermissionDeniedError):
            put_off(w, by=w.actors[who])
    snooze_id = put_off(w)
    before = audit_count()
    for who in ("colleague", "other_group_manager", "controller", "reader", "other_unit_manager"):
        with pytest.raises(PermissionDeniedError):
            run(reminders.take_back, snooze_id, by=w.actors[who])
    with pytest.raises(PermissionDeniedError):
        run(reminders.take_back, 10_000, by=w.manager)
    assert audit_count() == before


def test_one_that_has_ended_is_not_taken_back(w, today):
    snooze_id = put_off(w, TODAY)
    today(TODAY + ONE_DAY)
    with pytest.raises(PermissionDeniedError):
        run(reminders.take_back, snooze_id, by=w.caseworker)
    assert rows(ReminderSnooze)[0].voided_at is None


def test_forms_sent_twice_are_one_row(w):
    ids = {put_off(w, key="a") for _ in range(2)}
    assert len(ids) == 1
    back = {run(reminders.take_back, *ids, by=w.caseworker, key="b") for _ in range(2)}
    assert back == ids
    assert audit_count() == 2


def test_no_figure_moves_when_a_reminder_is_put_off(w):
    def figures():
        cache.clear()
        with db.read() as session:
            scope = Scope(w.unit_id)
            year = {"start": make.day("2024-01-01"), "end": TODAY, "today": TODAY}
            return (
                change_plans(session, scope, on=TODAY, by=By.CASEWORKER).to_dict("records"),
                bka(session, scope, by=By.CASEWORKER, **year).to_dict("records"),
            )

    before = figures()
    assert before[0][0]["overdue"] == 1
    put_off(w)
    put_off(w, kind=BKA)
    assert figures() == before


def test_managers_see_what_is_put_off_in_their_scope_while_it_holds(w):
    put_off(w, TODAY + ONE_DAY)
    (row,) = seen(w, group_id=w.group_id)
    assert (row.reference, row.caseworker, row.reason) == ("AR-0001", "Ada", REASON)
    assert (row.starts_on, row.ends_on, row.times) == (TODAY, TODAY + ONE_DAY, 1)
    assert seen(w, group_id=w.other_group_id) == ()
    assert seen(w, caseworker_id=w.colleague_id) == ()
    assert seen(w, TODAY - ONE_DAY) == ()
    assert len(seen(w, TODAY + ONE_DAY)) == 1
    assert seen(w, TODAY + 2 * ONE_DAY) == ()


def test_it_follows_the_case_to_a_new_caseworker(w):
    put_off(w)
    with db.write() as session:
        bo = session.get_one(Caseworker, w.colleague_id)
        make.assign(session, session.get_one(Case, w.case_id), TODAY, caseworker=bo)
    cache.clear()
    assert seen(w, caseworker_id=w.caseworker_id) == ()
    assert seen(w, caseworker_id=w.colleague_id)[0].caseworker == "Bo"


def test_of_a_closed_case_only_missing_analyses_are_told(w):
    put_off(w)
    put_off(w, kind=BKA)
    run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.manager)
    assert [row.kind for row in seen(w)] == [BKA]
