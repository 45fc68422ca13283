"""`python -m core import`: a file into the store, or with --dry-run only what it would do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlmodel import Session, col, select

from core import db
from core.imports import runs, told
from core.imports.files import FileRefusedError, check_name, check_size
from core.imports.kinds import Effect, Kind
from core.imports.registry import KINDS
from core.models import Unit
from core.queries.column_mappings import headings_of
from core.terms import ImportKind, sv

ALSO = {ImportKind.LEDGER: ("huvudbok", "huvudboken")}
EVERY_CHANGE = (Effect.NEW, Effect.CHANGED, Effect.WRONG)


def run(options: argparse.Namespace) -> int:
    """Import a file. Returns 0 when it was imported or has no effect, 1 refused, 2 wrong use."""
    kind = _kind(options.kind)
    if kind is None:
        return 2
    db.attach()
    try:
        with db.read() as session:
            unit_id = _unit(session, options.unit)
            headings = headings_of(session, unit_id, kind.code)
        file = _read(kind, options.file, headings)
    except (FileRefusedError, OSError) as error:
        said = (
            error
            if isinstance(error, FileRefusedError)
            else f"Filen kan inte läsas: {options.file}"
        )
        print(said, file=sys.stderr)
        return 1
    with db.read() as session:
        shown = runs.preview(session, file, unit_id=unit_id, by=None)
    _say(shown, EVERY_CHANGE if options.dry_run else (Effect.WRONG,))
    print(told.effect_of(shown))
    if shown.has_faults:
        print(runs.HAS_FAULTS, file=sys.stderr)
        return 1
    if options.dry_run or not shown.has_effect:
        print("Inget har sparats.")
        return 0
    if shown.asked.questions and not options.confirm:
        print(f"{runs.NOT_CONFIRMED} Svara ja med --confirm.", file=sys.stderr)
        return 1
    with db.write() as session:
        runs.save(session, shown, by=None, confirmed=options.confirm)
    print("Importen är sparad.")
    return 0


def _say(shown: runs.Preview, only: tuple[Effect, ...]) -> None:
    """Print how the file was read, what rows with some effects do, and what is asked."""
    checked = shown.file.checked
    for line in (*told.reading_of(checked), *checked.notes, *told.lines(shown, only)):
        print(line)
    for note in shown.asked.notes:
        print(note)
    for question in shown.asked.questions:
        print(f"Fråga: {question}")


def _read(kind: Kind, path: Path, headings: Mapping[str, str]) -> runs.FileRead:
    """Read a file; its size and name are checked first, so that a huge one is never opened."""
    check_name(path.name)
    check_size(path.stat().st_size)
    return runs.read_file(
        kind,
        path.name,
        path.read_bytes(),
        _tell if sys.stderr.isatty() else None,
        headings,
    )


def _tell(row: int) -> None:
    print(f"\rLäser rad {row} …", end="", file=sys.stderr)


def _kind(word: str) -> Kind | None:
    for code, kind in KINDS.items():
        if word.lower().replace("-", "_") in {code.value, sv(code), *ALSO.get(code, ())}:
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
