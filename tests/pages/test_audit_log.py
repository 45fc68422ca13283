"""Händelselogg: filters, turning, the file, and whether the log is whole."""

import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import event, text
from sqlmodel import select
from streamlit.util import calc_hash

from core import audit_files, clock, db
from core.auth import PermissionDeniedError, Role
from core.models import AuditEvent, Unit
from core.queries import audit
from core.services.base import Event, record, record_as
from tests import factories as make
from tests import factories_accounts as accounts
from tests.factories_audit import without_triggers

PAGE = "admin/audit_log.py"


@pytest.fixture
def world(store):
    """A unit with its manager, and an admin."""
    with db.write() as session:
        unit, other = make.unit(session, name="Ett"), make.unit(session, name="Två")
        manager = accounts.actor_with_role(session, Role.UNIT_MANAGER, unit)
        admin = accounts.actor_with_role(session, Role.ADMIN)
        return unit.id, other.id, manager, admin


def write(by, action, entity, entity_id, unit_id, **details):
    with db.write() as session:
        record(session, Event(action, entity, entity_id, unit_id, details=details), by=by)


def rows(at):
    """Return the table's cells, row by row."""
    (html,) = (one.proto.body for one in at.get("html") if "<tbody>" in one.proto.body)
    body = html.split("<tbody>")[1]
    return [
        [cell.split(">", 1)[1].split("</")[0] for cell in line.split("<t")[1:]]
        for line in body.split("<tr>")[1:]
    ]


def done(at):
    return [row[3] for row in rows(at)]


def choose(at, label, value):
    box = next(box for box in at.selectbox if box.label == label)
    return box.set_value(value).run()


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def test_events_are_told_in_swedish_the_latest_first(world, open_page):
    unit_id, _, manager, admin = world
    write(manager, "establish", "change_plan", 3, unit_id, case_id=7, day=dt.date(2024, 5, 27))
    with db.write() as session:
        record_as(session, Event("sign_in_failed", "user", None, None), user_id=None)
    at = open_page(PAGE, admin)

    shown = rows(at)
    assert [row[2:] for row in shown] == [
        [admin.name, "Loggade in", "inloggning 1", "", ""],
        ["ingen inloggad", "Misslyckad inloggning", "okänt konto", "", ""],
        [manager.name, "Upprättade", "förändringsplan 3", "Ett", "ärende 7"],
    ]
    assert [row[0] for row in shown] == ["3", "2", "1"]


def test_nothing_that_a_case_holds_is_shown(world, open_page):
    unit_id, _, manager, admin = world
    write(manager, "set_obstacle", "adult_obstacle", 3, unit_id, obstacle="sick_without_sgi")
    at = open_page(PAGE, admin)

    assert rows(at)[1][6] == ""
    assert "sick" not in str([one.proto.body for one in at.get("html")])


def test_the_choices_narrow_the_list(world, open_page):
    unit_id, other_id, manager, admin = world
    write(manager, "read", "cases", None, unit_id)
    write(manager, "close", "case", 3, unit_id)
    write(admin, "disable_user", "user", manager.user_id, None)
    write(None, "refused", "view_cases", None, other_id)
    at = open_page(PAGE, admin)
    assert done(at) == ["Loggade in", "Nekades", "Stängde", "Avslutade", "Såg lista"]

    assert done(choose(at, "Slag", "write")) == ["Stängde", "Avslutade"]
    assert done(choose(at, "Slag", "read")) == ["Såg lista"]
    assert done(choose(at, "Slag", "refused")) == ["Nekades"]
    choose(at, "Slag", None)
    closed = ("close", "end", "end_adult")
    assert done(choose(at, "Händelse", closed)) == ["Avslutade"]
    choose(at, "Händelse", None)
    assert done(choose(at, "Person", manager.user_id)) == ["Stängde", "Avslutade", "Såg lista"]
    choose(at, "Person", None)
    assert done(choose(at, "Enhet", other_id)) == ["Nekades"]


def test_the_days_are_swedish_and_both_count(world, open_page):
    unit_id, _, _, admin = world
    late = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)  # already the 21st in Sweden
    with db.write() as session:
        session.add(
            AuditEvent(at=late, unit_id=unit_id, action="close", entity="case", entity_id=1)
        )
    at = open_page(PAGE, admin)
    start, end = at.date_input

    start.set_value(dt.date(2026, 11, 21))
    end.set_value(dt.date(2026, 11, 21)).run()
    assert rows(at)[0][1] == "2026-11-21 00:30:00"
    at.date_input[0].set_value(dt.date(2026, 11, 20))
    at.date_input[1].set_value(dt.date(2026, 11, 20)).run()
    assert [info.value for info in at.info] == ["Inga händelser för det här urvalet."]
    at.date_input[0].set_value(dt.date(2026, 11, 22)).run()
    assert [warning.value for warning in at.warning] == ["Från ligger efter Till."]


def test_older_events_are_turned_to_and_back_in_the_same_number_of_statements(world, open_page):
    unit_id, _, manager, admin = world
    for n in range(120):
        write(manager, "close", "case", n, unit_id)
    at = open_page(PAGE, admin)
    assert [row[4] for row in rows(at)][:2] == ["inloggning 1", "ärende 119"]
    statements = []
    counter = lambda *_: statements.append(1)  # noqa: E731
    event.listen(db.engine(), "before_cursor_execute", counter)
    at.run()
    first_page = len(statements)
    statements.clear()

    press(at, "Äldre")
    assert len(statements) == first_page
    assert next(row[4] for row in rows(at)) == "ärende 70"
    press(at, "Äldre")
    assert [row[4] for row in rows(at)] == [f"ärende {n}" for n in range(20, -1, -1)]
    assert next(b for b in at.button if b.label == "Äldre").disabled
    press(at, "Nyare")
    assert next(row[4] for row in rows(at)) == "ärende 70"
    choose(at, "Slag", "write")
    assert next(row[4] for row in rows(at)) == "ärende 119"


def test_the_file_holds_the_whole_choice_and_is_itself_logged(world, monkeypatch):
    from pages.common import log_parts, tables

    unit_id, _, manager, admin = world
    for n in range(60):
        write(manager, "close", "case", n, unit_id)
    buttons = []
    monkeypatch.setattr(tables.st, "download_button", lambda _label, **how: buttons.append(how))
    monkeypatch.setattr(log_parts.st, "session_state", {log_parts._TURNED: (None, [])})
    today = clock.now().astimezone(clock.STOCKHOLM).date()
    wanted = audit.Wanted(today, today)
    with db.read() as session:
        shown = audit.events(session, wanted, by=admin, size=50)
    log_parts.draw(shown, wanted, admin)

    sheet = openpyxl.load_workbook(io.BytesIO(buttons[0]["data"]())).active

    assert sheet.max_row == 4 + 60
    with db.read() as session:
        last = session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        session.expunge(last)
    assert (last.action, last.user_id, last.details["rows"]) == ("export", admin.user_id, 60)


def test_the_log_is_checked_on_the_page(world, open_page):
    unit_id, _, manager, admin = world
    write(manager, "close", "case", 1, unit_id)
    at = open_page(PAGE, admin)
    assert any("inte kontrollerad än" in one.value for one in at.markdown)

    press(at, "Kontrollera nu")
    assert any("kontrollerad till händelse **2**" in one.value for one in at.markdown)
    assert audit_files.written_heads()[-1].sequence == 2

    with db.write() as session:
        without_triggers(session)
        session.execute(text("UPDATE audit_event SET entity_id = 77 WHERE entity = 'case'"))
    press(at, "Kontrollera nu")
    assert [error.value for error in at.error] == [
        "Loggen är inte hel. Händelse 1 är ändrad, eller också hör nyckeln till en annan databas."
    ]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_nobody_but_an_admin_reads_the_log_and_asking_is_logged_once(world, sign_in, role):
    unit_id, *_ = world
    with db.write() as session:
        actor = accounts.actor_with_role(session, role, session.get_one(Unit, unit_id))
    at = sign_in(actor)
    at._page_hash = calc_hash("handelselogg")
    for _ in range(2):
        assert [error.value for error in at.run().error] == ["Du saknar behörighet till sidan."]

    with db.read() as session:
        refused = session.exec(select(AuditEvent).where(AuditEvent.action == "refused")).all()
        assert [(one.entity, one.user_id) for one in refused] == [("view_audit", actor.user_id)]
        with pytest.raises(PermissionDeniedError):
            audit.events(session, audit.Wanted(dt.date.min, dt.date.max), by=actor, size=1)
        for names in (audit.people, audit.units):
            with pytest.raises(PermissionDeniedError):
                names(session, by=actor)
