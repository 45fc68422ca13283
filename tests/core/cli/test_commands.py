"""The command line from a new machine's first command on."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from core import db
from core.__main__ import main
from core.models import AuditEvent, Group, Login, PlacementKind, StoreInfo, Unit, User, UserRole
from core.services import passwords
from core.terms import PlacementForm
from tests import factories as make

ROOT = Path(__file__).parents[3]
INIT = ["init", "--unit", "Ekonomiskt bistånd Öst", "--group", "Mottagning", "--group", "Utredning"]


def run(capsys, *arguments):
    """Run a command; return its exit code and what it printed, output and errors."""
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_init_makes_a_unit_and_an_admin_whose_password_must_be_changed(store, capsys):
    code, out, _ = run(capsys, *INIT, "--reference", "EB-0000", "--admin", "chef")

    password = re.search(r"Engångslösenord .*: (\S+)", out).group(1)
    assert code == 0
    with db.read() as session:
        unit = session.exec(select(Unit)).one()
        user = session.exec(select(User)).one()
        assert (unit.slug, unit.reference_format) == ("ekonomiskt-bistand-ost", "EB-0000")
        assert {group.name for group in session.exec(select(Group))} == {"Mottagning", "Utredning"}
        assert len(session.exec(select(PlacementKind)).all()) == len(PlacementForm)
        assert user.username == "chef"
        assert user.must_change_password
        assert passwords.matches(password, user.password_hash)
        assert session.exec(select(StoreInfo)).one().is_demo is False


def test_init_refuses_a_store_with_content(store, capsys):
    run(capsys, *INIT)
    code, _, err = run(capsys, *INIT)

    assert code == 1
    assert "har redan innehåll" in err


def test_init_refuses_a_reference_format_that_could_be_a_personal_number(store, capsys):
    code, _, err = run(capsys, *INIT, "--reference", "0000000000")

    assert code == 1
    assert "Referensens form" in err
    with db.read() as session:
        assert session.exec(select(Unit)).first() is None


def test_an_account_is_added_disabled_and_reset(store, capsys):
    run(capsys, *INIT)
    added = ["user", "add", "alva", "--name", "Alva Exempel", "--role", "handläggare"]
    code, out, _ = run(capsys, *added, "--unit", "ekonomiskt-bistand-ost", "--group", "Mottagning")
    assert code == 0
    first = re.search(r": (\S+)$", out.strip()).group(1)
    with db.read() as session:
        user = session.exec(select(User).where(User.username == "alva")).one()
        role = session.exec(select(UserRole).where(UserRole.user_id == user.id)).one()
        assert role.caseworker_id is not None
        assert passwords.matches(first, user.password_hash)

    code, out, _ = run(capsys, "user", "reset", "alva")
    second = re.search(r": (\S+)$", out.strip()).group(1)
    assert code == 0
    assert second != first
    with db.read() as session:
        user = session.exec(select(User).where(User.username == "alva")).one()
        assert passwords.matches(second, user.password_hash)
        assert not passwords.matches(first, user.password_hash)

    assert run(capsys, "user", "disable", "alva")[0] == 0
    with db.read() as session:
        assert session.exec(select(User.active).where(User.username == "alva")).one() is False
        assert session.exec(select(Login)).first() is None
        said = json.dumps([event.details for event in session.exec(select(AuditEvent))])
        assert first not in said
        assert second not in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["user", "disable", "ingen"], "Kontot 'ingen' finns inte"),
        (["user", "add", "a", "--name", "A", "--role", "kung"], "Rollen 'kung' finns inte"),
        (["user", "add", "a", "--name", "A", "--role", "controller"], "Ange enheten"),
        (
            ["user", "add", "alva", "--name", "A", "--role", "controller", "--unit", "nej"],
            "Enheten 'nej' finns inte",
        ),
        (
            [
                *("user", "add", "alva", "--name", "A B", "--role", "biträdande enhetschef"),
                *("--unit", "ekonomiskt-bistand-ost", "--group", "Nej"),
            ],
            "Gruppen 'Nej' finns inte",
        ),
    ],
)
def test_a_wrong_account_command_is_answered_in_swedish(store, capsys, arguments, message):
    run(capsys, *INIT)
    code, _, err = run(capsys, *arguments)

    assert code == 1
    assert message in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "det här måste anges: KOMMANDO"),
        (["fly"], "går inte att välja: 'fly'"),
        (["figures", "load"], "det här måste anges: --unit"),
        (["figures", "load", "--unit", "a", "--on", "igår"], "är inget datum"),
        (["figures", "load", "--unit", "a", "--csv", "--json"], "kan inte anges tillsammans med"),
        (["check", "nu"], "okänt argument: nu"),
    ],
)
def test_wrong_use_is_answered_in_swedish(capsys, arguments, message):
    code, _, err = run(capsys, *arguments)

    assert code == 2
    assert message in err
    assert "Användning:" in err


@pytest.mark.parametrize("arguments", [["--help"], ["figures", "-h"], ["user", "add", "--help"]])
def test_help_is_in_swedish(capsys, arguments):
    code, out, _ = run(capsys, *arguments)

    assert code == 0
    assert out.startswith("Användning: python -m core")
    assert "visa den här hjälpen" in out
    assert not re.search(r"\b(usage|options|show this|positional)\b", out)


def test_an_unknown_figure_gives_the_list(store, capsys):
    code, _, err = run(capsys, "figures", "vad", "--unit", "a")

    assert code == 2
    assert "change-plans-within-three-months" in err


def test_a_figure_of_an_unknown_unit_names_those_that_exist(store, capsys):
    run(capsys, *INIT)
    code, _, err = run(capsys, "figures", "load", "--unit", "nej")

    assert code == 1
    assert "Finns: ekonomiskt-bistand-ost." in err


def test_a_figure_in_an_empty_unit_has_its_row_and_no_value(store, capsys):
    run(capsys, *INIT)
    code, out, _ = run(
        capsys, "figures", "change-plans", "--unit", "ekonomiskt-bistand-ost", "--csv"
    )

    assert code == 0
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["key"] == "alla"
    assert row["open"] == "0"
    assert row["coverage"] == ""


def test_a_figure_is_printed_as_csv_json_or_table(store, capsys, today):
    with db.write() as session:
        unit = make.unit(session)
        group = make.group(session, unit, name="Mottagning")
        make.case(session, unit, dt.date(2024, 1, 1), group=group)
    common = ["figures", "load", "--unit", unit.slug, "--on", "2024-05-27", "--by", "group"]

    assert run(capsys, *common, "--csv")[1] == "key,households,other_cases\nMottagning,1,0\n"
    assert json.loads(run(capsys, *common, "--json")[1]) == [
        {"key": "Mottagning", "households": 1, "other_cases": 0}
    ]
    assert run(capsys, *common)[1].splitlines()[1].split() == ["Mottagning", "1", "0"]


def test_a_whole_store_passes_the_check(store, capsys):
    run(capsys, *INIT)

    assert run(capsys, "check") == (0, "Allt är i ordning.\n", "")


def test_the_check_tells_of_another_version(store, capsys):
    with db.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    code, _, err = run(capsys, "check")

    assert code == 1
    assert "har version 0000" in err


def test_the_check_tells_of_a_table_that_is_not_as_it_should_be(store, capsys):
    with db.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text("ALTER TABLE unit ADD COLUMN extra INTEGER"))
    code, _, err = run(capsys, "check")

    assert code == 1
    assert "avviker" in err


def test_the_check_tells_of_a_setting_that_makes_no_sense(store, capsys, monkeypatch):
    monkeypatch.setenv("RT_IDLE_MINUTES", "noll")
    code, _, err = run(capsys, "check")

    assert code == 1
    assert "RT_IDLE_MINUTES ska vara ett positivt heltal" in err


def test_the_check_tells_of_rows_without_their_parents(store, capsys):
    with db.write() as session:
        unit = make.unit(session)
        make.case(session, unit, dt.date(2024, 1, 1))
    if store == "postgresql":  # the database itself never lets it happen
        assert run(capsys, "check")[0] == 0
        return
    path = db.engine().url.database
    db.close()
    connection = db.sqlite_module().connect(path)
    connection.execute("DELETE FROM unit")
    connection.commit()
    connection.close()
    code, _, err = run(capsys, "check")

    assert code == 1
    assert "hänvisar till rader som saknas" in err


def test_the_check_tells_of_a_store_that_was_never_made(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path / 'ingen.db'}")
    code, _, err = run(capsys, "check")
    db.close()

    assert code == 1
    assert "Kör: python -m core init" in err


def test_the_check_tells_of_a_store_that_does_not_answer(capsys, monkeypatch):
    monkeypatch.setenv("RT_DATABASE_URL", "postgresql+psycopg://ingen@127.0.0.1:1/ingen")
    code, _, err = run(capsys, "check")
    db.close()

    assert code == 1
    assert "går inte att läsa" in err


def test_demo_fills_an_empty_store_once_and_prints_its_accounts(store, capsys):
    code, out, _ = run(capsys, "demo")
    assert code == 0
    assert "påhittade" in out
    assert "enhetschef" in out

    code, _, err = run(capsys, "demo")
    assert code == 1
    assert err
    code, again, _ = run(capsys, "demo", "--if-empty")
    assert code == 0
    assert again == out


def test_demo_never_touches_a_real_store(store, capsys):
    run(capsys, *INIT)
    assert run(capsys, "demo", "--if-empty") == (0, "", "")
    assert run(capsys, "demo")[0] == 1
    with db.read() as session:
        assert session.exec(select(StoreInfo)).one().is_demo is False


def test_the_module_can_be_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "core", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Kommandon" in done.stdout
