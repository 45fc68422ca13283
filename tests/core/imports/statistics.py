"""What the tests of the units' own statistics as files share."""

from core import db
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import (
    Activity,
    BenefitMonth,
    ClientSurvey,
    ClientSurveyCount,
    Goal,
    HouseholdMonth,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    StaffSurvey,
)
from tests.factories_cases import rows
from tests.factories_imports import csv_of, imported, look, read

TABLES = (
    Activity,
    BenefitMonth,
    ClientSurvey,
    ClientSurveyCount,
    Goal,
    HouseholdMonth,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    StaffSurvey,
)
NOT_FACTS = {"version", "created_at", "created_by_id", "voided_at", "voided_by_id"}


def file_of(*lines):
    """Return a file of lines, each a dict of cells by heading; what a line lacks is empty."""
    headings = list(dict.fromkeys(name for line in lines for name in line))
    return csv_of(headings, *([line.get(name, "") for name in headings] for line in lines))


def seen(unit, kind, *lines, name="fil.csv"):
    """Return each line's effect and its changes, as a person is shown them."""
    shown = look(unit, read(file_of(*lines), kind, name))
    return [
        (row.effect, {change.column: (change.old, change.new) for change in row.changes})
        for row in shown.rows
    ]


def effects(unit, kind, *lines, name="fil.csv"):
    """Return each line's effect."""
    return [effect for effect, _ in seen(unit, kind, *lines, name=name)]


def faults(unit, kind, *lines):
    """Return what is wrong: messages by line number and column."""
    shown = look(unit, read(file_of(*lines), kind))
    found = {}
    for row in shown.rows:
        for fault in row.faults:
            found[row.row.number, fault.column] = fault.message
            assert fault.column == "" or fault.column in {
                column.name for column in KINDS[kind].columns
            }
    return found


def save(unit, kind, *lines, name="fil.csv"):
    """Import lines; returns the import's id."""
    return imported(unit, file_of(*lines), kind, name)


def save_twice(unit, kind, *lines):
    """Import lines, and see that the same file again changes nothing."""
    run_id = save(unit, kind, *lines)
    assert set(effects(unit, kind, *lines)) == {Effect.UNCHANGED}
    assert imported(unit, file_of(*lines), kind) is None
    return run_id


def take_back(unit, run_id):
    """Undo an import."""
    with db.write() as session:
        undo(session, run_id, by=unit.actors["developer"])


def facts():
    """Return everything that counts, by table: rows that are not voided, without who and when."""
    voided = {row.id for row in rows(ClientSurvey) if row.voided_at is not None}
    return {
        table.__tablename__: [
            {k: v for k, v in row.model_dump().items() if k not in NOT_FACTS}
            for row in rows(table)
            if getattr(row, "voided_at", None) is None
            and getattr(row, "survey_id", None) not in voided
        ]
        for table in TABLES
    }
