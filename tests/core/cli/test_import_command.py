"""`python -m core import`: what a file would do, saved whole or not at all."""

import pytest

from core import __main__ as command_line
from core import db
from core.models import Case, ImportRun, LedgerMapping, Outcome, Unit
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import rows
from tests.factories_imports import csv_of

HEADINGS = ["Ärende", "Ärendetyp", "Öppnat", "Hushållstyp", "Sökandens kön", "Färg"]
NEW = ["AR-0100", "ekonomiskt bistånd", "2024-02-01", "ensamstående", "kvinna", ""]


@pytest.fixture
def unit(store):
    """The only unit of a store."""
    with db.write() as session:
        return make.unit(session, slug="enheten")


@pytest.fixture
def run(unit, tmp_path, capsys):
    """Run the command on a file: exit code, what was printed, and what was complained of."""

    def run_it(data, *options, kind="cases", name="fil.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        code = command_line.main(["import", kind, str(path), *options])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_it


def test_a_file_is_imported(run):
    code, out, _err = run(csv_of(HEADINGS, NEW))

    assert code == 0
    assert "1 rad: 1 ny." in out
    assert "Importen är sparad." in out
    assert len(rows(Case, reference="AR-0100")) == 1
    (made,) = rows(ImportRun)
    assert (made.file_name, made.created, made.created_by_id) == ("fil.csv", 1, None)


def test_a_dry_run_tells_row_by_row_and_saves_nothing(run):
    code, out, _err = run(csv_of(HEADINGS, NEW), "--dry-run")

    assert code == 0
    assert "Kolumnen ”Färg” känns inte igen och läses inte." in out
    assert "Rad 2 AR-0100, ny: Ärendetyp ekonomiskt bistånd; Öppnat 2024-02-01" in out
    assert "Inget har sparats." in out
    assert rows(Case) == []


def test_the_same_file_again_has_nothing_to_save(run):
    run(csv_of(HEADINGS, NEW))
    code, out, _err = run(csv_of(HEADINGS, NEW))

    assert code == 0
    assert "1 rad: 1 oförändrad." in out
    assert "Inget har sparats." in out
    assert len(rows(ImportRun)) == 1


def test_faults_are_told_and_nothing_is_saved(run):
    code, out, err = run(csv_of(HEADINGS, NEW, ["AR-0101", "lån", *NEW[2:]]))

    assert code == 1
    assert "Rad 3 AR-0101, fel: Ärendetyp: ”lån” finns inte att välja." in out
    assert "Filen har fel. Inget har sparats." in err
    assert rows(Case) == []


def test_a_file_that_is_no_table_is_refused(run):
    code, _out, err = run(b"%PDF-1.7")
    assert code == 1
    assert "Filen är en PDF" in err


def test_a_huge_file_is_refused_without_being_read(run, tmp_path, monkeypatch):
    from core.imports import files

    monkeypatch.setattr(files, "LARGEST", 1024 * 1024)
    code, _out, err = run(b"x" * (2 * 1024 * 1024))
    assert code == 1
    assert "Filen är 2 MB. Högst 1 MB" in err


def test_a_missing_file_and_an_unknown_kind_are_told(run, tmp_path, capsys):
    assert command_line.main(["import", "cases", str(tmp_path / "saknas.csv")]) == 1
    assert "Filen kan inte läsas" in capsys.readouterr().err
    code, _out, err = run(b"", kind="foo")
    assert code == 2
    assert "ärenden" in err
    assert "benefit-months" in err


def test_a_kind_may_be_named_in_swedish(run):
    assert run(csv_of(HEADINGS, NEW), "--dry-run", kind="ärenden")[0] == 0


def test_with_several_units_one_must_be_named(run):
    with db.write() as session:
        make.unit(session, slug="andra")
    code, _out, err = run(csv_of(HEADINGS, NEW))
    assert code == 1
    assert "Ange enheten med --unit KORTNAMN. Finns: andra, enheten." in err
    code, _out, err = run(csv_of(HEADINGS, NEW), "--unit", "tredje")
    assert code == 1
    assert "Enheten 'tredje' finns inte." in err
    assert run(csv_of(HEADINGS, NEW), "--unit", "andra")[0] == 0
    with db.read() as session:
        (made,) = rows(Case)
        assert session.get(Unit, made.unit_id).slug == "andra"


@pytest.fixture
def ledger_unit(unit):
    """The unit with a budget line that account 4511 is mapped to."""
    with db.write() as session:
        of = session.get_one(Unit, unit.id)
        line = money.line(session, of, 1_200_000)
        mapping = LedgerMapping(
            unit_id=unit.id, account="4511", section=line.section, line=line.name
        )
        make.save(session, mapping)
    return unit


def test_a_ledger_is_imported_by_its_swedish_name_and_its_question_confirmed(
    ledger_unit, run, today
):
    today(make.day("2024-05-27"))
    data = csv_of(["Konto", "Period", "Belopp"], ["4511", "2024-03", "104"])
    code, out, err = run(data, kind="huvudbok")
    assert code == 1
    assert "Fråga: Filens belopp är 104,00" in out
    assert "Svara ja med --confirm." in err
    assert rows(Outcome) == []

    code, out, _err = run(data, "--confirm", kind="huvudbok")
    assert code == 0
    assert "Därav följer 1 ändring till." in out
    assert [row.amount for row in rows(Outcome)] == [104]
