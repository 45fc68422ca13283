"""A long placement list is compared with the store in a fixed number of statements."""

import datetime as dt

import pytest
from sqlalchemy import event

from core import db
from core.clock import fix_today
from core.imports import runs
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.models import Case, Placement
from core.terms import CaseKind, ImportKind
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world
from tests.factories_imports import xlsx_of
from tests.factories_workbooks import HEADINGS, Listed

MANY = 3_000


@pytest.fixture
def unit(store):
    """A unit with a kind of placement and three thousand cases."""
    fix_today(TODAY)
    made = world()
    with db.write() as session:
        of = session.get_one(make.Unit, made.unit_id)
        money.kind(session, of, "HVB")
        session.add_all(
            Case(
                unit_id=of.id,
                reference=f"AR-{number:04}",
                kind=CaseKind.BENEFIT,
                opened_on=dt.date(2024, 1, 10),
            )
            for number in range(2, MANY + 2)
        )
    yield made
    fix_today(None)


def file_of(count):
    listed = [Listed(f"P-{n:05}", f"AR-{n + 2:04}").cells() for n in range(count)]
    table = [["" if cell is None else cell for cell in row] for row in listed]
    return runs.read_file(KINDS[ImportKind.PLACEMENTS], "lista.xlsx", xlsx_of(HEADINGS, *table))


def previewed(unit, file):
    """Return what a file would do, and how many statements it took to find out."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with db.read() as session:
            shown = runs.preview(session, file, unit_id=unit.unit_id, by=unit.manager)
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    return shown, len(asked)


def test_a_long_list_takes_as_many_statements_as_a_short_one(unit):
    _shown, few = previewed(unit, file_of(3))
    long = file_of(MANY)
    shown, many = previewed(unit, long)
    assert many == few
    assert shown.counts[Effect.NEW] == MANY
    run(runs.save, shown, by=unit.manager)
    assert len(rows(Placement)) == MANY
    again, asked = previewed(unit, long)
    assert again.counts[Effect.UNCHANGED] == MANY
    assert asked == few
