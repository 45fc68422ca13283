"""A unit with budget lines, and ledgers as its controller gets them. All amounts are made up."""

import datetime as dt
from decimal import Decimal

from core import db
from core.imports import runs
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import LedgerMapping, Outcome, Unit
from core.rules.ledger import Combination
from core.services.ledger_mappings import Choice, save_mappings
from core.terms import ImportKind
from tests import factories_money as money
from tests.factories import save
from tests.factories_cases import rows, run, world
from tests.factories_imports import csv_of

HEADINGS = ("Konto", "Kostnadsställe", "Verksamhet", "Period", "Belopp")
LINES = {"care": ("Vård", 1_200_000), "grant": ("Bidrag", -120_000), "rent": ("Lokaler", 60_000)}


def ledger_world(year=2024):
    """Return a `World` whose `extra` has the lines' ids by name: care, grant and rent."""
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        for name, (title, amount) in LINES.items():
            made.extra[name] = money.line(session, unit, amount, year=year, name=title).id
    return made


def ledger(*lines, headings=HEADINGS):
    """Return a ledger as CSV; each line is its cells."""
    return csv_of(headings, *lines)


def read(data, name="huvudbok.csv"):
    """Read a file as a ledger."""
    return runs.read_file(KINDS[ImportKind.LEDGER], name, data)


def look(unit, data, name="huvudbok.csv", by="controller"):
    """Return what a ledger would do."""
    with db.read() as session:
        actor = unit.actors[by]
        return runs.preview(session, read(data, name), unit_id=unit.unit_id, by=actor)


def imported(unit, data, *, confirmed=True, name="huvudbok.csv"):
    """Import a ledger as the controller; returns the import's id."""
    shown = look(unit, data, name)
    assert [fault for row in shown.rows for fault in row.faults] == []
    with db.write() as session:
        by = unit.actors["controller"]
        return runs.save(session, shown, by=by, confirmed=confirmed)


def take_back(unit, run_id):
    """Undo an import."""
    with db.write() as session:
        undo(session, run_id, by=unit.actors["controller"])


def map_to(unit, name, *combinations):
    """Map combinations (account, cost centre, activity) to one of the unit's lines."""
    return _map(unit, combinations, unit.extra[name])


def leave_out(unit, *combinations):
    """Say that combinations don't concern the budget."""
    return _map(unit, combinations, None, left_out=True)


def unmap(unit, *combinations):
    """Take mappings away."""
    return _map(unit, combinations, None)


def seen(*parts):
    """Return the id of a combination's mapping, None for none."""
    valid = [row for row in rows(LedgerMapping) if row.voided_at is None]
    held = {(row.account, row.cost_centre, row.activity): row.id for row in valid}
    return held.get(parts)


def _map(unit, combinations, line_id, **how):
    choices = [
        Choice(Combination(*one), line_id, seen_id=seen(*one), **how) for one in combinations
    ]
    return run(save_mappings, choices, by=unit.actors["controller"])


def type_outcome(line_id, month, amount, booked_on):
    """Save an outcome as somebody types it."""
    with db.write() as session:
        row = Outcome(line_id=line_id, month=month, amount=Decimal(amount), booked_on=booked_on)
        return save(session, row).id


def outcomes(unit):
    """Return what counts today: amounts by line's name and month's number."""
    names = {line_id: name for name, line_id in unit.extra.items() if name in LINES}
    found = {}
    valid = [row for row in rows(Outcome) if row.voided_at is None]
    for row in sorted(valid, key=lambda row: (row.booked_on, row.id)):
        found[names[row.line_id], row.month.month] = row.amount
    return found


def first(month, year=2024):
    """Return a month's first day."""
    return dt.date(year, month, 1)
