"""The command that removes closed cases whose time is up."""

import pytest
from sqlmodel import func, select

from core import db
from core.__main__ import main
from core.models import Case
from core.queries import cache
from core.services.base import RefusedError
from tests import factories as make
from tests import factories_retention as old

day = make.day
TODAY = day("2024-05-27")


@pytest.fixture(autouse=True)
def _today(store, monkeypatch):
    """The command opens the store itself and takes its date from it."""
    monkeypatch.setattr("core.clock.today", lambda: TODAY)
    monkeypatch.setattr("core.services.retention.today", lambda: TODAY)


@pytest.fixture
def unit(store):
    """A unit with an old closed case and an open one."""
    with db.write() as session:
        found = make.unit(session, slug="enheten")
        for closed in ("2021-02-01", None):
            case = make.case(
                session, found, day("2020-01-10"), closed_on=closed and day(closed), children=2
            )
            make.plan(session, case, day("2020-02-01"))
        return found


def cases_left():
    with db.read() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def figure(capsys, *arguments):
    """Return what `figures` prints."""
    cache.clear()
    assert main(["figures", *arguments, "--unit", "enheten", "--csv"]) == 0
    return capsys.readouterr().out


def test_a_dry_run_tells_what_would_go_and_changes_nothing(unit, capsys):
    assert main(["retention", "--dry-run"]) == 0
    said = capsys.readouterr().out

    assert "Avslutade ärenden sparas 24 månader." in said
    assert "avslutats senast 2022-05-26" in said
    assert "       1  ärenden\n" in said
    assert "       1  förändringsplaner\n" in said
    assert "Inget är ändrat." in said
    assert cases_left() == 2


def test_the_command_removes_and_the_figures_command_answers_the_same(unit, capsys):
    asked = [
        ("change-plans", "--on", "2020-09-01", "--by", "month"),
        ("load", "--on", "2020-12-31", "--by", "caseworker"),
        ("flow", "--from", "2020-01-01", "--to", "2021-12-31", "--by", "month"),
        ("closing-reasons", "--from", "2021-01-01", "--to", "2021-12-31"),
    ]
    before = [figure(capsys, *one) for one in asked]

    assert main(["retention"]) == 0
    assert "Borttagna ärenden, med allt som hör till dem: 1." in capsys.readouterr().out
    assert cases_left() == 1
    assert [figure(capsys, *one) for one in asked] == before


def test_a_second_run_has_nothing_to_remove(unit, capsys):
    main(["retention"])
    capsys.readouterr()

    assert main(["retention"]) == 0
    assert capsys.readouterr().out == (
        "Inget att ta bort: inga ärenden avslutade senast 2022-05-26.\n"
    )


def test_cases_that_come_up_while_the_command_runs_stop_it(unit, capsys, monkeypatch):
    def changed(*_args, **_options):
        raise RefusedError(*[])

    monkeypatch.setattr("core.cli.retention.retention.remove", changed)

    assert main(["retention"]) == 1
    assert cases_left() == 2


def test_a_time_set_on_the_page_holds_for_the_command(unit, capsys):
    old.set_term(60)

    main(["retention"])
    assert cases_left() == 2
    assert "senast 2019-05-26" in capsys.readouterr().out
