"""What the tests of placement lists share: a unit, lists, and what importing them does."""

import datetime as dt

from core import db
from core.imports import runs, told
from core.imports.registry import KINDS
from core.terms import ImportKind
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import run, world
from tests.factories_workbooks import HEADINGS, Listed, plain

KIND = ImportKind.PLACEMENTS
SECTIONS = (
    (
        "HVB",
        [
            Listed("PL-0101", "AR-0001"),
            Listed("PL-0102", "AR-0002", rate="1 950 kr/dygn", planned_end="tillsvidare"),
        ],
    ),
    (
        "Hotell",
        [
            Listed(
                "PL-0103",
                "AR-0003",
                kind="Hotell",
                basis="4 kap. 1 § SoL",
                contract="Individavtal",
                provider="Vandraren",
                children=2,
                starts_on="2024-03-01",
                planned_end="t.o.m. 2024-06-30",
                rate="1.850:-",
            ),
        ],
    ),
)


def people():
    """Save a unit with Ada, Bo, two kinds of placement and the cases AR-0001 to AR-0004."""
    made = world()
    with db.write() as session:
        of = session.get_one(make.Unit, made.unit_id)
        group = session.get_one(make.Group, made.group_id)
        other = session.get_one(make.Group, made.other_group_id)
        money.kind(session, of, "HVB")
        money.kind(session, of, "tillfälligt boende på hotell/vandrarhem", is_hotel=True)
        for number, where in ((2, group), (3, group), (4, other)):
            make.case(session, of, dt.date(2024, 1, 10), reference=f"AR-000{number}", group=where)
    return made


def read(data, name="lista.xlsx", headings=None):
    return runs.read_file(KINDS[KIND], name, data, headings=headings)


def preview(unit, data, who="unit_manager", headings=None):
    file = read(data, headings=headings)
    with db.read() as session:
        return runs.preview(session, file, unit_id=unit.unit_id, by=unit.actors[who])


def save(unit, data, who="unit_manager"):
    shown = preview(unit, data, who)
    assert [fault for row in shown.rows for fault in row.faults] == []
    return run(runs.save, shown, by=unit.actors[who])


def effects(unit, *listed, who="unit_manager"):
    shown = preview(unit, plain(*listed).bytes(), who)
    return [(row.effect, {c.column: (c.old, c.new) for c in row.changes}) for row in shown.rows]


def faults(unit, *listed, who="unit_manager", headings=HEADINGS):
    shown = preview(unit, plain(*listed, headings=headings).bytes(), who)
    return {(f.column, f.message) for row in shown.rows for f in row.faults}


def fault(unit, *listed, **how):
    """Return the only fault: its column and message."""
    (found,) = faults(unit, *listed, **how)
    return found


def skipped(checked):
    return [line for line in told.reading_of(checked) if line.startswith("Rad")]


def one(**fields):
    return Listed(**{"reference": "PL-0101", "case": "AR-0001"} | fields)
