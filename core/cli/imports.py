"""`python -m core import`: a file into the store, or with --dry-run only what it would do."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlmodel import Session, col, select

from core import db
from core.imports import runs, told
from core.imports.files import FileRefusedError, check_name, check_size
from core.imports.kinds import Effect, Kind
from core.imports.registry import KINDS
from core.models import Unit
from core.terms import sv

EVERY_CHANGE = (Effect.NEW, Effect.CHANGED, Effect.WRONG)


def run(options: argparse.Namespace) -> int:
    """Import a file. Returns 0 when it was imported or has no effect, 1 refused, 2 wrong use."""
    kind = _kind(options.kind)
    if kind is None:
        return 2
    try:
        file = _read(kind, options.file)
    except (FileRefusedError, OSError) as error:
        said = (
            error
            if isinstance(error, FileRefusedError)
            else f"Filen kan inte läsas: {options.file}"
        )
        print(said, file=sys.stderr)
        return 1
    db.attach()
    with db.read() as session:
        unit_id = _unit(session, options.unit)
        shown = runs.preview(session, file, unit_id=unit_id, by=None)
    for note in file.checked.notes:
        print(note)
    only = EVERY_CHANGE if options.dry_run else (Effect.WRONG,)
    for line in told.lines(shown, only):
        print(line)
    print(told.effect_of(shown))
    if shown.has_faults:
        print(runs.HAS_FAULTS, file=sys.stderr)
        return 1
    if options.dry_run or not shown.has_effect:
        print("Inget har sparats.")
        return 0
    with db.write() as session:
        runs.save(session, shown, by=None)
    print("Importen är sparad.")
    return 0


def _read(kind: Kind, path: Path) -> runs.FileRead:
    """Read a file; its size and name are checked first, so that a huge one is never opened."""
    check_name(path.name)
    check_size(path.stat().st_size)
    return runs.read_file(
        kind, path.name, path.read_bytes(), _tell if sys.stderr.isatty() else None
    )


def _tell(row: int) -> None:
    print(f"\rLäser rad {row} …", end="", file=sys.stderr)


def _kind(word: str) -> Kind | None:
    for code, kind in KINDS.items():
        if word.lower().replace("-", "_") in {code.value, sv(code)}:
            return kind
    print(f"Slaget {word!r} finns inte. Välj bland:", file=sys.stderr)
    for code in KINDS:
        print(f"  {code.value.replace('_', '-'):<20}{sv(code)}", file=sys.stderr)
    return None


def _unit(session: Session, slug: str | None) -> int:
    """Return a unit's id. Raises `ValueError` with a Swedish message if it isn't known."""
    units = dict(session.exec(select(col(Unit.slug), col(Unit.id)).order_by(col(Unit.slug))).all())
    known = ", ".join(units)
    if slug is None and len(units) == 1:
        slug = next(iter(units))
    if slug is None:
        msg = f"Ange enheten med --unit KORTNAMN. Finns: {known}."
        raise ValueError(msg)
    unit_id = units.get(slug)
    if unit_id is None:
        msg = f"Enheten {slug!r} finns inte. Finns: {known}."
        raise ValueError(msg)
    return unit_id
