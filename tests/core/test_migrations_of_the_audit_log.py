"""A store from before the chain: its events are taken into it, and it says which they are."""

import json

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from core import audit_files, db
from core.__main__ import main
from core.models import AuditEvent, AuditLink
from core.services import audit_check
from core.services.base import Event, record
from tests import factories as make
from tests.factories_audit import without_triggers


def old_store(events):
    """Take the store back to the first release and save some events as it did. Returns a unit's id."""
    with db.engine().execution_options(writes=True).begin() as connection:
        command.downgrade(db.migration_config(connection), "0001")
    with db.write() as session:
        unit = make.unit(session)
        for n in range(events):
            session.execute(
                text(
                    "INSERT INTO audit_event (id, at, unit_id, action, entity, entity_id, details,"
                    " submit_key) VALUES (:id, :at, :unit, 'close', 'case', :id, :details, :key)"
                ),
                {
                    "id": n * 2 + 1,  # PostgreSQL leaves gaps where a write was rolled back
                    "at": f"2024-05-27 10:00:0{n}.{n}00000",
                    "unit": unit.id,
                    "details": json.dumps({"reference": "AR-0001", "n": n}),
                    "key": f"form {n}" if n % 2 else None,
                },
            )
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT setval('audit_event_id_seq', 100)"))
        return unit.id


def check():
    with db.read() as session:
        return audit_check.check(session)


def test_events_of_an_old_store_are_taken_into_the_chain_and_told_apart(store):
    unit_id = old_store(5)
    db.migrate()
    with db.write() as session:
        record(session, Event("close", "case", 9, unit_id), by=None)

    with db.read() as session:
        events = session.exec(select(AuditEvent).join(AuditLink).order_by(AuditLink.sequence)).all()
        assert [event.action for event in events] == [*["close"] * 5, "start_chain", "close"]
        assert events[5].details == {"events": 5}
    assert check() == audit_check.Verdict(7, unchained=5)


def test_the_command_says_which_events_are_older_than_the_chain(store, capsys):
    old_store(5)
    db.migrate()

    assert main(["audit", "verify"]) == 0
    assert "Händelserna 1-5 skrevs innan loggen fick sin kedja" in capsys.readouterr().out


def test_an_event_of_an_old_store_cannot_be_changed_after_that(store):
    old_store(5)
    db.migrate()
    with db.write() as session:
        without_triggers(session)
        session.execute(text("UPDATE audit_event SET entity_id = 77 WHERE id = 5"))

    assert check().first_wrong == 3


def test_an_old_store_without_events_gets_an_empty_chain(store):
    old_store(0)
    db.migrate()

    assert check() == audit_check.Verdict(0)


def test_a_store_that_went_back_and_forth_is_append_only_again(store):
    with db.engine().execution_options(writes=True).begin() as connection:
        command.downgrade(db.migration_config(connection), "0002")
    db.migrate()
    with db.write() as session:
        record(session, Event("x", "case", 1, make.unit(session).id), by=None)

    with pytest.raises(Exception, match="append-only"), db.write() as session:
        session.execute(text("DELETE FROM audit_event"))


def test_the_first_start_makes_a_key_beside_the_store(monkeypatch, tmp_path):
    monkeypatch.delenv("RT_AUDIT_KEY")
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    try:
        db.open_store()
        path = tmp_path / "new.audit-key"
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(audit_files.key()) == 64
        first = path.read_text()
        db.open_store()
        assert path.read_text() == first
        with db.write() as session:
            record(session, Event("x", "case", 1, make.unit(session).id), by=None)
        assert check() == audit_check.Verdict(1)
        assert (tmp_path / "new.audit-heads").stat().st_mode & 0o777 == 0o600
        assert first.strip() not in (tmp_path / "new.db").read_bytes().decode("latin-1")
    finally:
        db.close()


def test_a_store_of_a_server_has_its_files_under_its_name(monkeypatch):
    monkeypatch.setenv("RT_DATABASE_URL", "postgresql+psycopg://someone@somewhere/uppfoljning")
    monkeypatch.delenv("RT_AUDIT_HEADS", raising=False)

    assert audit_files.key_path().name == "uppfoljning.audit-key"
    assert audit_files.heads_path().name == "uppfoljning.audit-heads"
    assert audit_files.key_path().parent.name == "data"


def test_a_key_that_is_too_short_is_refused(monkeypatch):
    monkeypatch.setenv("RT_AUDIT_KEY", "kort")

    with pytest.raises(ValueError, match="RT_AUDIT_KEY ska ha minst 32 tecken"):
        audit_files.key()
