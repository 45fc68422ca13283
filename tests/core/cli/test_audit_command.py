"""`audit verify`: one line that says whether the log holds, and an exit code for a nightly job."""

from alembic import command
from sqlalchemy import text
from sqlmodel import select

from core import audit_files, db
from core.__main__ import main
from core.cli.check import faults
from core.models import AuditEvent
from tests import factories as make
from tests.factories_audit import events, without_triggers


def run(capsys, *arguments):
    code = main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_whole_log_is_said_to_be_whole(store, capsys):
    events(3)
    code, out, err = run(capsys, "audit", "verify")

    assert (code, err) == (0, "")
    assert out.startswith("Händelseloggen är hel: 3 händelser, jämförda med 0 nedskrivna dagsslut")
    assert [head.sequence for head in audit_files.written_heads()] == [3]
    assert "jämförda med 1 nedskrivna" in run(capsys, "audit", "verify")[1]


def test_the_first_wrong_event_is_named_and_the_exit_code_is_1(store, capsys):
    events(6)
    with db.write() as session:
        without_triggers(session)
        session.execute(text("UPDATE audit_event SET entity_id = 77 WHERE id IN (3, 5)"))

    code, out, err = run(capsys, "audit", "verify")

    assert (code, out) == (1, "")
    assert err == (
        "Händelseloggen är inte hel. Händelse 3 är ändrad, flyttad eller inskjuten. "
        "Händelserna 1-2 är som de skrevs.\n"
    )
    assert audit_files.written_heads() == []


def test_nothing_is_vouched_for_when_the_first_event_is_wrong(store, capsys, monkeypatch):
    events(3)
    monkeypatch.setenv("RT_AUDIT_KEY", "the key of quite another installation")
    code, _, err = run(capsys, "audit", "verify")

    assert code == 1
    assert err.endswith("Händelse 1 är ändrad, eller också hör nyckeln till en annan databas.\n")


def test_a_lost_key_is_told_by_every_command_that_needs_it(store, capsys, monkeypatch, tmp_path):
    events(1)
    monkeypatch.delenv("RT_AUDIT_KEY")
    monkeypatch.setattr("core.audit_files.key_path", lambda: tmp_path / "none.audit-key")

    assert faults() == [
        (
            f"Nyckeln till händelseloggen saknas: {tmp_path / 'none.audit-key'}. Kopiera dit "
            "nyckelfilen som hör till databasen, eller ange nyckeln i RT_AUDIT_KEY."
        )
    ]
    code, _, err = run(capsys, "audit", "verify")
    assert (code, err) == (1, faults()[0] + "\n")


def test_a_guard_that_was_taken_away_is_told(store):
    assert faults() == []
    with db.write() as session:
        if store == "postgresql":
            session.execute(text("ALTER TABLE audit_link DISABLE TRIGGER audit_link_append_only"))
        else:
            session.execute(text("DROP TRIGGER audit_link_no_delete"))

    (fault,) = faults()
    assert fault.startswith("Händelseloggens skydd mot ändringar saknas: audit_link_")


def test_a_store_without_a_chain_is_told_to_be_older(store, capsys):
    with db.engine().execution_options(writes=True).begin() as connection:
        command.downgrade(db.migration_config(connection), "0002")

    code, _, err = run(capsys, "audit", "verify")

    assert code == 1
    assert "äldre version" in err


def test_a_heads_file_that_cannot_be_written_is_told(store, capsys, monkeypatch):
    events(1)
    monkeypatch.setenv("RT_AUDIT_HEADS", "/proc/no/such/place")
    code, _, err = run(capsys, "audit", "verify")

    assert code == 1
    assert err.startswith("Loggen är hel men slutet kunde inte skrivas i /proc/no/such/place")


def test_the_demo_stores_log_holds(store, capsys):
    assert run(capsys, "demo")[0] == 0

    assert run(capsys, "audit", "verify")[0] == 0


def test_a_list_of_placements_that_is_printed_is_logged_and_a_sum_is_not(store, capsys):
    with db.write() as session:
        unit = make.unit(session)
    assert run(capsys, "figures", "load", "--unit", unit.slug)[0] == 0
    assert run(capsys, "figures", "placements", "--unit", unit.slug)[0] == 0

    with db.read() as session:
        read = session.exec(select(AuditEvent)).one()
        assert (read.action, read.entity, read.unit_id, read.user_id) == (
            "read",
            "placements",
            unit.id,
            None,
        )
