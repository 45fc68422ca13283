"""The log as an admin reads it: whose, what sort, turned page by page, whatever its length."""

import datetime as dt

import pytest
from sqlalchemy import event

from core import db
from core.audit_words import ACTIONS, ACTIONS_OF, DETAILS, ENTITIES, PERMISSION_WORDS, EventKind
from core.auth import Permission, Role
from core.clock import STOCKHOLM, now
from core.models import AuditEvent
from core.queries import audit
from core.queries.audit import Wanted
from core.services.base import CODE, Event, record, record_as
from tests import factories as make


@pytest.fixture
def world(store):
    """An admin, a manager in a unit, and one event of each kind."""
    with db.write() as session:
        unit = make.unit(session, name="Ett")
        admin, manager = make.actor(session, Role.ADMIN), make.actor(session, of=unit)
        for action, entity in (
            ("close", "case"),
            ("read", "cases"),
            ("export", "Ärenden"),
            ("refused", "view_budget"),
        ):
            record(session, Event(action, entity, 7, unit.id, details={"rows": 3}), by=manager)
        record_as(session, Event("sign_in", "login", 1, None), user_id=manager.user_id)
        record_as(session, Event("sign_in_failed", "user", manager.user_id, None), user_id=None)
        record(session, Event("fill_demo", "store", 1, None), by=None)
    return unit, admin, manager


def today():
    return now().astimezone(STOCKHOLM).date()


def asked(admin, *, size=50, before=None, **wanted):
    with db.read() as session:
        choice = Wanted(today(), today(), **wanted)
        return audit.events(session, choice, by=admin, size=size, before=before)


def said(page):
    return [(row.done, row.what) for row in page.rows]


def test_events_are_in_words_and_numbered_by_their_place(world):
    _, admin, manager = world
    page = asked(admin)

    assert [row.number for row in page.rows] == [7, 6, 5, 4, 3, 2, 1]
    assert said(page) == [
        ("Fyllde med exempeldata", "databasen"),
        ("Misslyckad inloggning", f"konto {manager.user_id}"),
        ("Loggade in", "inloggning 1"),
        ("Nekades", "se budget 7"),
        ("Hämtade fil", "Ärenden 7"),
        ("Såg lista", "ärenden 7"),
        ("Avslutade", "ärende 7"),
    ]
    last = page.rows[-1]
    assert (last.who, last.unit, last.details) == (manager.name, "Ett", "rader 3")
    assert page.rows[0].who == "ingen inloggad"
    assert last.at.tzinfo is STOCKHOLM
    assert page.older is None


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        (EventKind.WRITE, ["Fyllde med exempeldata", "Avslutade"]),
        (EventKind.READ, ["Såg lista"]),
        (EventKind.EXPORT, ["Hämtade fil"]),
        (EventKind.REFUSED, ["Nekades"]),
        (EventKind.SIGN_IN, ["Misslyckad inloggning", "Loggade in"]),
        (None, [ACTIONS[a] for a in ("fill_demo", "sign_in_failed", "sign_in")]),
    ],
)
def test_each_kind_is_told_apart(world, kind, done):
    _, admin, _ = world

    assert [row.done for row in asked(admin, kind=kind).rows][: len(done)] == done
    assert kind is None or len(asked(admin, kind=kind).rows) == len(done)


def test_a_persons_events_are_what_they_did_and_what_was_tried_on_the_account(world):
    unit, admin, manager = world

    assert len(asked(admin, user_id=manager.user_id).rows) == 6
    assert asked(admin, user_id=admin.user_id).rows == []
    assert len(asked(admin, unit_id=unit.id).rows) == 4
    assert len(asked(admin, actions=("close", "read")).rows) == 2
    with db.read() as session:
        yesterday = today() - dt.timedelta(days=1)
        assert audit.events(session, Wanted(yesterday, yesterday), by=admin, size=9).rows == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_pages_together_are_the_whole_list_also_within_one_moment(world, size):
    _, admin, _ = world
    moment = now()
    with db.write() as session:
        for n in range(5):
            session.add(AuditEvent(at=moment, action="close", entity="case", entity_id=n))
    whole, pages, before = asked(admin).rows, [], None
    while True:
        page = asked(admin, size=size, before=before)
        pages += page.rows
        before = page.older
        if before is None:
            break

    assert pages == whole


def test_a_page_is_one_statement_that_reads_by_an_index(world):
    _, admin, manager = world
    statements = []
    event.listen(
        db.engine(),
        "before_cursor_execute",
        lambda _c, _u, sql, *rest: statements.append((sql, rest[0])),
    )
    asked(admin, user_id=manager.user_id)

    ((sql, parameters),) = [one for one in statements if "audit_event" in one[0]]
    if db.engine().dialect.name == "sqlite":
        with db.engine().connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
        assert any("USING INDEX ix_audit_event" in str(step) for step in plan)
        assert not any(
            "SCAN audit_event" in str(step) and "INDEX" not in str(step) for step in plan
        )


def test_every_permission_and_code_has_a_word():
    assert set(PERMISSION_WORDS) == {permission.value for permission in Permission}
    for code in (*ACTIONS, *ENTITIES, *DETAILS):
        assert CODE.fullmatch(code)
    assert {action for actions in ACTIONS_OF.values() for action in actions} <= set(ACTIONS)
    assert (audit.entity_word("Konton"), audit.action_word("new_thing")) == ("Konton", "new_thing")
