"""The audit log can only grow, and any meddling with it is found."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from core import audit_files, db
from core.models import AuditEvent, AuditHead, AuditLink
from core.rules.audit_chain import START, mac
from core.services import audit_check, chain
from core.services.base import Event, record
from tests import factories as make
from tests.factories_audit import COLUMNS, OTHER, events, without_triggers

COUNT = 12
ON_ONE_STORE = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check():
    with db.read() as session:
        return audit_check.check(session)


def links():
    with db.read() as session:
        return session.exec(
            select(AuditLink.sequence, AuditLink.event_id).order_by(AuditLink.sequence)
        ).all()


class UndoTamperingError(Exception):
    """Rolls the tampering back."""


def verdict_after(*statements, **values):
    """Return the verdict on the log as some raw SQL leaves it, which is then rolled back."""
    with pytest.raises(UndoTamperingError), db.write() as session:
        without_triggers(session)
        for statement in statements:
            session.execute(text(statement), values)
        found = audit_check.check(session)
        raise UndoTamperingError
    return found


def test_events_stand_in_the_chain_in_their_order_without_gaps(store):
    events(COUNT)

    assert [sequence for sequence, _ in links()] == list(range(1, COUNT + 1))
    assert [event for _, event in links()] == sorted(event for _, event in links())
    assert check() == audit_check.Verdict(COUNT)


def test_the_codes_are_what_the_rule_says(store):
    events(3)
    last = START
    with db.read() as session:
        rows = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
        codes = session.exec(select(AuditLink.chain_mac).order_by(AuditLink.sequence)).all()
        for sequence, (row, code) in enumerate(zip(rows, codes, strict=True), 1):
            last = mac(audit_files.key(), sequence, last, chain.entry_of(row))
            assert code == last
        assert session.exec(select(AuditHead.chain_mac)).one() == last


def test_a_write_that_fails_leaves_no_gap(store):
    unit_id = events(2)
    with pytest.raises(ZeroDivisionError), db.write() as session:
        record(session, Event("x", "case", 1, unit_id), by=None)
        _ = 1 / 0
    with db.write() as session:
        record(session, Event("y", "case", 1, unit_id), by=None)

    assert [sequence for sequence, _ in links()] == [1, 2, 3]
    assert check().fault is None


def test_what_is_rolled_back_to_a_savepoint_is_not_in_the_chain(store):
    unit_id = events(1)
    with db.write() as session:
        record(session, Event("before", "case", 1, unit_id), by=None)
        inner = session.begin_nested()
        record(session, Event("taken_back", "case", 1, unit_id), by=None)
        inner.rollback()
        with session.begin_nested():
            record(session, Event("kept", "case", 1, unit_id), by=None)

    with db.read() as session:
        actions = session.exec(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["set_amount", "before", "kept"]
    assert check() == audit_check.Verdict(3)


def test_eight_who_write_at_once_make_one_chain(store):
    unit_id = events(1)

    def write_some(person):
        for n in range(25):
            with db.write() as session:
                record(session, Event("register", "case", person * 25 + n, unit_id), by=None)

    with ThreadPoolExecutor(8) as people:
        list(people.map(write_some, range(8)))

    assert [sequence for sequence, _ in links()] == list(range(1, 202))
    assert check() == audit_check.Verdict(201)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET entity_id = 5 WHERE id = 1",
        "UPDATE audit_event SET submit_key = NULL",
        "DELETE FROM audit_event WHERE id = 3",
        "UPDATE audit_link SET chain_mac = 'x' WHERE sequence = 1",
        "DELETE FROM audit_link WHERE sequence = 3",
        "UPDATE audit_head SET sequence = 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_lets_nobody_change_or_remove_an_event(store, statement):
    events(3)

    with pytest.raises(DBAPIError, match="append-only"), db.write() as session:
        session.execute(text(statement))
    assert check() == audit_check.Verdict(3)


def test_no_row_can_be_replaced_or_emptied_away(store):
    events(3)
    statements = {
        "sqlite": [
            (
                "INSERT OR REPLACE INTO audit_event (id, at, action, entity, details)"
                " VALUES (1, '2024-05-27 10:00:00', 'x', 'y', '{}')"
            ),
            f"INSERT OR REPLACE INTO audit_link VALUES (1, 1, '{START}')",
            f"INSERT OR REPLACE INTO audit_head VALUES (1, 9, '{START}', '2024-05-27', '{START}')",
        ],
        "postgresql": [f"TRUNCATE {table} CASCADE" for table in COLUMNS],
    }[store]

    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), db.write() as session:
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table in COLUMNS for column in COLUMNS[table]]
)
def test_a_change_of_any_column_is_found(store, table, column):
    events(COUNT)
    key = {"audit_event": "id", "audit_link": "sequence", "audit_head": "id"}[table]
    row = 1 if table == "audit_head" else 7
    value = OTHER[column]

    found = verdict_after(f"UPDATE {table} SET {column} = :value WHERE {key} = {row}", value=value)

    assert found.fault is not None
    assert found.first_wrong == (COUNT + 1 if table == "audit_head" else 7)
    assert check() == audit_check.Verdict(COUNT, heads=0)


def test_details_that_only_look_different_are_found(store):
    events(COUNT)
    twice = '{"amount": 99, "amount": 6}'

    found = verdict_after("UPDATE audit_event SET details = :value WHERE id = 7", value=twice)

    assert found.first_wrong == 7


@pytest.mark.parametrize("text_of", ["at", "details"])
def test_what_cannot_be_read_is_found(store, text_of):
    events(COUNT)
    if store == "postgresql":
        pytest.skip("PostgreSQL takes no such value")

    found = verdict_after(f"UPDATE audit_event SET {text_of} = 'spoilt' WHERE id = 7")

    assert (found.first_wrong, found.events) == (7, 6)


DELETED = "DELETE FROM audit_event WHERE id = :k"
UNLINKED = "DELETE FROM audit_link WHERE sequence = :k"
TAMPERINGS = {
    "the event is deleted": [DELETED],
    "its place is deleted": [UNLINKED],
    "both are deleted": [DELETED, UNLINKED],
    "both are deleted and the gap is closed": [
        DELETED,
        UNLINKED,
        "UPDATE audit_link SET sequence = -sequence WHERE sequence > :k",
        "UPDATE audit_link SET sequence = -sequence - 1 WHERE sequence < 0",
    ],
    "two events change places": [
        "UPDATE audit_link SET event_id = -event_id WHERE sequence IN (:k, :other)",
        "UPDATE audit_link SET event_id = :k + :other - :k WHERE event_id = -:k",
        "UPDATE audit_link SET event_id = :k WHERE event_id = -:other",
    ],
    "what two events say changes places": [
        (
            "UPDATE audit_event SET entity_id = CASE WHEN id = :k THEN :other - 1 ELSE :k - 1 END "
            "WHERE id IN (:k, :other)"
        ),
    ],
    "an event is put in between": [
        "UPDATE audit_link SET sequence = -sequence WHERE sequence >= :k",
        "UPDATE audit_link SET sequence = -sequence + 1 WHERE sequence < 0",
        (
            "INSERT INTO audit_event (id, at, action, entity, details) "
            "VALUES (500, '2024-05-27 10:00:00', 'close', 'case', '{}')"
        ),
        "INSERT INTO audit_link SELECT :k, 500, chain_mac FROM audit_link WHERE sequence = :k + 1",
    ],
    "an event is put last": [
        (
            "INSERT INTO audit_event (id, at, action, entity, details) "
            "VALUES (500, '2024-05-27 10:00:00', 'close', 'case', '{}')"
        ),
        "INSERT INTO audit_link SELECT 13, 500, chain_mac FROM audit_link WHERE sequence = :k",
    ],
    "the tail is cut off": [
        "DELETE FROM audit_link WHERE sequence >= :k",
        "DELETE FROM audit_event WHERE id >= :k",
    ],
    "the tail is cut off and the head moved back": [
        "DELETE FROM audit_link WHERE sequence >= :k",
        "DELETE FROM audit_event WHERE id >= :k",
        (
            "UPDATE audit_head SET sequence = :k - 1, chain_mac = "
            f"coalesce((SELECT chain_mac FROM audit_link WHERE sequence = :k - 1), '{START}')"
        ),
    ],
    "all is gone": ["DELETE FROM audit_link", "DELETE FROM audit_event", "DELETE FROM audit_head"],
    "the head is gone": ["DELETE FROM audit_head"],
}


@ON_ONE_STORE
@given(
    what=st.sampled_from(sorted(TAMPERINGS)),
    k=st.integers(1, COUNT),
    further=st.integers(1, COUNT - 1),
)
def test_any_meddling_is_found(store, what, k, further):
    if not links():
        events(COUNT)
    other = (k + further - 1) % COUNT + 1

    found = verdict_after(*TAMPERINGS[what], k=k, other=other)

    assert found.fault is not None, what
    if what in {"the head is gone", "an event is put last"}:
        assert found.first_wrong == COUNT + 1
    elif what.startswith(("two events", "what two")):
        assert found.first_wrong == min(k, other)
    elif what != "all is gone":
        assert found.first_wrong == k
    assert "Händelse" in found.fault or "loggen slutar" in found.fault


NUMBERS = ("user_id", "unit_id", "entity_id", "undoes_id")
TEXTS = ("action", "entity", "submit_key")


@ON_ONE_STORE
@given(
    k=st.integers(1, COUNT),
    change=st.one_of(
        st.tuples(st.sampled_from(NUMBERS), st.none() | st.integers(-(2**31), 2**31 - 1)),
        st.tuples(st.sampled_from(TEXTS), st.text("abcåäö \"'\\", max_size=20)),
        st.tuples(st.just("at"), st.datetimes().map(str)),
        st.tuples(
            st.just("details"),
            st.dictionaries(st.text("abc", max_size=3), st.integers() | st.text()).map(json.dumps),
        ),
    ),
)
def test_any_change_of_what_an_event_says_is_found(store, k, change):
    if not links():
        events(COUNT)
    column, value = change
    if "\\u0000" in str(value):
        value = "{}"  # PostgreSQL takes no such sign
    with db.read() as session:
        was = session.execute(
            text(f"SELECT CAST({column} AS TEXT) FROM audit_event WHERE id = :k"), {"k": k}
        ).scalar()
    assume(was != (None if value is None else str(value)))

    found = verdict_after(
        f"UPDATE audit_event SET {column} = :value WHERE id = :k", value=value, k=k
    )

    assert found.first_wrong == k


def test_a_place_before_the_first_is_found(store):
    events(COUNT)

    found = verdict_after("UPDATE audit_link SET sequence = 0 WHERE sequence = 5")

    assert (found.first_wrong, found.fault) == (1, "En händelse är inskjuten före händelse 1.")


def test_a_day_of_the_head_that_cannot_be_read_is_found(store):
    if store == "postgresql":
        pytest.skip("PostgreSQL takes no such value")
    events(COUNT)

    found = verdict_after("UPDATE audit_head SET day = 'måndag'")

    assert found.fault == "Uppgiften om var loggen slutar är ändrad."


def test_an_event_that_stands_outside_the_chain_is_found(store):
    events(COUNT)

    found = verdict_after(
        "INSERT INTO audit_event (id, at, action, entity, details) "
        "VALUES (500, '2024-05-27 10:00:00', 'close', 'case', '{}')"
    )

    assert found.fault == "Raden med id 500 i audit_event är inskjuten utanför kedjan."


def test_another_key_does_not_fit(store, monkeypatch):
    events(COUNT)
    monkeypatch.setenv("RT_AUDIT_KEY", "the key of quite another installation")

    assert check().first_wrong == 1
    assert "nyckeln" in check().fault


def test_an_older_copy_put_back_is_found_by_the_written_heads(store):
    """The seal fits an older copy of the whole log; only what lies outside the store tells."""
    unit_id = events(COUNT)
    with db.read() as session:
        head = session.exec(select(AuditHead)).one()
        session.expunge(head)
    with db.write() as session:
        record(session, Event("close", "case", 1, unit_id), by=None)
    older = [
        f"DELETE FROM audit_link WHERE sequence > {COUNT}",
        f"DELETE FROM audit_event WHERE id > {COUNT}",
        (
            f"UPDATE audit_head SET sequence = {COUNT}, chain_mac = '{head.chain_mac}', "
            f"seal_mac = '{head.seal_mac}'"
        ),
    ]
    assert check() == audit_check.Verdict(COUNT + 1)

    found = verdict_after(*older)

    assert found.fault == f"Händelse {COUNT + 1} saknas: loggens slut har tagits bort."


def test_a_check_writes_the_head_down_once(store):
    assert check() == audit_check.Verdict(0)
    assert audit_check.checked_until() is None
    events(3)
    check()
    check()

    (head,) = audit_files.written_heads()
    assert (head.sequence, head.checked) == (3, True)
    assert audit_check.checked_until() == head
    assert check() == audit_check.Verdict(3, heads=1)


def test_the_first_event_of_a_day_writes_down_the_day_before(store, monkeypatch):
    monday = dt.datetime(2026, 11, 23, 22, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("core.clock.now", lambda: monday)
    unit_id = events(5)
    assert audit_files.written_heads() == []

    tuesday_in_sweden = monday + dt.timedelta(hours=1)
    monkeypatch.setattr("core.clock.now", lambda: tuesday_in_sweden)
    for n in range(2):
        with db.write() as session:
            record(session, Event("x", "case", n, unit_id), by=None)

    (head,) = audit_files.written_heads()
    assert (head.day, head.sequence, head.checked) == (dt.date(2026, 11, 23), 5, False)
    assert check() == audit_check.Verdict(7, heads=1)
    assert audit_check.checked_until().sequence == 7


def test_a_head_that_another_log_wrote_does_not_fit(store):
    events(COUNT)
    audit_files.append_head(audit_files.WrittenHead(dt.date(2026, 1, 1), 4, "a" * 64, False))

    assert check().first_wrong == 4
    assert "skrevs ned 2026-01-01" in check().fault


def test_a_spoilt_line_of_the_heads_file_is_told(store):
    events(COUNT)
    check()
    with audit_files.heads_path().open("a") as file:
        file.write("2026-11-22 fem\n")

    assert check().fault.startswith("Rad 2 i ")
    assert audit_check.checked_until() is None


def test_a_full_disk_stops_no_save(store, monkeypatch, caplog):
    unit_id = events(1)
    monkeypatch.setenv("RT_AUDIT_HEADS", "/proc/no/such/place")
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    monkeypatch.setattr("core.clock.now", lambda: tomorrow)
    with db.write() as session:
        record(session, Event("x", "case", 1, unit_id), by=None)

    assert len(links()) == 2
    assert "could not be written down" in caplog.text


@pytest.mark.parametrize(
    "detail",
    ["Ada Exempel", "ringde i går", "AR-0001", "8001010019", "åäö", "a b", "x" * 61, {"a": 1}],
)
def test_no_words_or_personal_data_come_into_the_log(store, detail):
    unit_id = events(1)

    with pytest.raises(ValueError, match="ids, dates, codes and amounts"), db.write() as session:
        record(session, Event("x", "case", 1, unit_id, details={"what": detail}), by=None)
    assert len(links()) == 1


def test_a_name_of_a_detail_is_a_code_too(store):
    unit_id = events(1)

    with pytest.raises(ValueError, match="ids, dates"), db.write() as session:
        record(session, Event("x", "case", 1, unit_id, details={"Ada Exempel": 1}), by=None)


def test_ids_dates_codes_and_amounts_are_taken(store):
    unit_id = events(0)
    details = {
        "id": 7,
        "ids": [1, 2],
        "on": dt.date(2024, 5, 27),
        "amount": "-12.50",
        "code": "moves_within_a_month",
        "sha": "0123456789abcdef" * 4,
        "yes": True,
        "none": None,
    }
    with db.write() as session:
        record(session, Event("x", "case", 1, unit_id, details=details), by=None)

    with db.read() as session:
        kept = session.exec(select(AuditEvent)).one().details
    assert kept == details | {"on": "2024-05-27"}
    assert check().fault is None


def test_a_lost_key_is_told_before_anything_is_written(store, monkeypatch, tmp_path):
    unit_id = make_unit()
    monkeypatch.delenv("RT_AUDIT_KEY")
    monkeypatch.setattr("core.audit_files.key_path", lambda: tmp_path / "none.audit-key")

    with pytest.raises(audit_files.AuditKeyMissingError, match="Nyckeln till händelseloggen"):
        db.open_store()
    with pytest.raises(audit_files.AuditKeyMissingError), db.write() as session:
        record(session, Event("x", "case", 1, unit_id), by=None)
    assert links() == []


def make_unit():
    with db.write() as session:
        return make.unit(session).id
