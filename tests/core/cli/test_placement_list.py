"""`python -m core import placeringslista`: as the page, with the columns that a person chose."""

import datetime as dt

import pytest

from core import __main__ as command_line
from core import db
from core.clock import fix_today
from core.models import Placement
from core.services.column_mappings import remember
from core.terms import ImportKind
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world
from tests.factories_workbooks import HEADINGS, Listed, plain, sum_row

UNCLEAR = [heading if heading != "Planerat slut" else "T.o.m." for heading in HEADINGS]


@pytest.fixture
def unit(store):
    """A unit with a kind of placement and the case AR-0001."""
    fix_today(TODAY)
    made = world()
    with db.write() as session:
        money.kind(session, session.get_one(make.Unit, made.unit_id), "HVB")
    yield made
    fix_today(None)


@pytest.fixture
def command(unit, tmp_path, capsys):
    """Run the command on a list; returns its exit code and what it said."""

    def call(made, *options):
        path = tmp_path / "lista.xlsx"
        path.write_bytes(made.bytes())
        with db.read() as session:
            slug = session.get_one(make.Unit, unit.unit_id).slug
        asked = ["import", "placeringslista", str(path), "--unit", slug, *options]
        code = command_line.main(asked)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def ugly():
    made = plain(Listed("PL-0101", "AR-0001"), headings=UNCLEAR)
    made.blank()
    made.write(*sum_row("Summa", 99))
    return made


def test_what_a_person_must_choose_is_told_and_then_remembered(command, unit):
    code, _out, err = command(ugly())
    assert code == 1
    assert "”T.o.m.” kan vara planerat slut eller dagen då placeringen avslutades" in err
    chosen = {"t.o.m": "planned_end_on"}
    known = frozenset(chosen.values())
    run(remember, ImportKind.PLACEMENTS, chosen, known=known, by=unit.manager)

    code, out, _err = command(ugly(), "--dry-run")
    assert code == 0
    assert "Rad 3: tom rad, hoppades över" in out
    assert "Rad 4: summarad, hoppades över: ”Summa”" in out
    assert "Rad 4, ”Dygnskostnad”: summaraden säger 99, raderna ger 1 850." in out
    assert "Rad 2 PL-0101 AR-0001, ny: Slag HVB; Lagrum SoL;" in out
    assert rows(Placement) == []

    assert command(ugly())[0] == 0
    (placement,) = rows(Placement)
    assert (placement.reference, placement.starts_on) == ("PL-0101", dt.date(2024, 2, 1))
    assert "Inget har sparats." in command(ugly())[1]
