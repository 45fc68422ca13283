"""An import from file to store: read, previewed, and saved as it was shown, or not at all.

Saving compares the file with the store again, locked. If anything would come out otherwise than
what was shown, nothing is saved and the person is asked to look again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, PermissionDeniedError
from core.clock import today
from core.imports import loose
from core.imports.applying import carry_out, many_objects
from core.imports.checking import Checked, Progress, check
from core.imports.kinds import FOLLOWS, Asked, Effect, Kind, Planned, Target
from core.models import ImportRun, Unit
from core.queries.imports import permission_for
from core.services.base import Event, FieldError, RefusedError, already_done, record

FIELD = "file"
CHANGED_SINCE = (
    "Uppgifterna i Röda tråden har ändrats sedan förhandsgranskningen, så importen skulle få en annan "
    "verkan än den som visades. Inget har sparats. Granska igen."
)
NOT_CONFIRMED = "Importen ställer en fråga som ska besvaras först. Inget har sparats."
HAS_FAULTS = "Filen har fel. Inget har sparats. Rätta raderna och välj filen igen."


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's rows, its name and its SHA-256. The file itself is not kept."""

    kind: Kind
    name: str
    sha256: str
    checked: Checked


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do to a unit, row by row in the file's order.

    First stands what follows from the file as a whole, which `counts` leaves out. `digest` is the
    same as long as the rows would have the same effect and the same is asked.
    """

    file: FileRead
    target: Target
    rows: list[Planned]
    counts: dict[Effect, int]
    digest: str
    asked: Asked

    @property
    def follows(self) -> int:
        """Return how many changes follow from the file as a whole."""
        return sum(row.row.number == FOLLOWS and bool(row.writes) for row in self.rows)

    @property
    def has_faults(self) -> bool:
        """Tell whether anything is wrong: then nothing can be imported."""
        return self.counts[Effect.WRONG] > 0

    @property
    def has_effect(self) -> bool:
        """Tell whether there is anything to save."""
        return self.counts[Effect.NEW] + self.counts[Effect.CHANGED] + self.follows > 0


@many_objects()
def read_file(
    kind: Kind,
    name: str,
    data: bytes,
    progress: Progress | None = None,
    headings: Mapping[str, str] | None = None,
) -> FileRead:
    """Read a file as rows. Raises `FileRefusedError` if it can't be read as a table of the kind.

    `headings` are what a person has said that headings stand for; only untidy files need it, and
    they raise `ColumnsNeededError` while something is left to say.
    """
    if kind.loose is not None:
        checked = loose.check(kind, name, data, headings or {}, progress)
    else:
        checked = check(kind, name, data, progress)
    return FileRead(kind, name, hashlib.sha256(data).hexdigest(), checked)


@many_objects()
def preview(session: Session, file: FileRead, *, unit_id: int, by: Actor | None) -> Preview:
    """Compare a file with the store. Only reads. `by` is None only for the command line."""
    _require(by, unit_id, file.kind)
    target = Target(unit_id, today(), file.name, by.group_id if by else None)
    readable = iter(file.kind.plan(session, target, file.checked.rows))
    rows = [*readable]
    for row, faults in file.checked.wrong.values():
        rows.append(Planned(row, faults=list(faults)))
    rows.sort(key=lambda planned: planned.row.number)
    asked = file.kind.asks(session, target, rows) if file.kind.asks else Asked()
    counted = Counter(planned.effect for planned in rows if planned.row.number != FOLLOWS)
    counts = {effect: counted[effect] for effect in Effect}
    return Preview(file, target, rows, counts, _digest(rows, asked), asked)


@many_objects()
def save(
    session: Session,
    shown: Preview,
    *,
    by: Actor | None,
    key: str | None = None,
    confirmed: bool = False,
) -> int | None:
    """Save an import as it was shown. Returns its id, None if it changes nothing.

    `confirmed` tells that somebody has answered yes to all that the preview asked.

    Raises:
        RefusedError: The file has faults, what it asks is not confirmed, or the store has changed
            so that the effect would be another than what was shown.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    _require(by, shown.target.unit_id, shown.file.kind)
    _lock(session, shown.target.unit_id)
    current = preview(session, shown.file, unit_id=shown.target.unit_id, by=by)
    if current.digest != shown.digest:
        raise RefusedError(FieldError(FIELD, CHANGED_SINCE))
    if current.has_faults:
        raise RefusedError(FieldError(FIELD, HAS_FAULTS))
    if current.asked.questions and not confirmed:
        raise RefusedError(FieldError(FIELD, NOT_CONFIRMED))
    if not current.has_effect:
        return None
    run = _run(current, by)
    session.add(run)
    session.flush()
    assert run.id is not None  # noqa: S101  (flushed above)
    writes = [write for planned in current.rows for write in planned.writes]
    carry_out(session, writes, run_id=run.id, author_id=run.created_by_id)
    record(session, _event(run, current), by=by, key=key)
    return run.id


def _require(by: Actor | None, unit_id: int, kind: Kind) -> None:
    if by is None:
        return
    by.require(permission_for(kind.code))
    if by.unit_id != unit_id:
        raise PermissionDeniedError("unit")


def _lock(session: Session, unit_id: int) -> None:
    """Let one import or registration of a unit at a time through."""
    session.exec(select(Unit).where(col(Unit.id) == unit_id).with_for_update(key_share=True)).one()


def _run(current: Preview, by: Actor | None) -> ImportRun:
    first: dict[str, str] = {}
    for planned in current.rows:
        for area, day in planned.moved if planned.writes else ():
            first[area.value] = min(first.get(area.value, "9999"), day.isoformat())
    return ImportRun(
        unit_id=current.target.unit_id,
        kind=current.file.kind.code,
        file_name=current.file.name,
        file_sha256=current.file.sha256,
        rows=sum(current.counts.values()),
        created=current.counts[Effect.NEW],
        changed=current.counts[Effect.CHANGED],
        unchanged=current.counts[Effect.UNCHANGED],
        moved=first,
        created_by_id=by.user_id if by else None,
    )


def _event(run: ImportRun, current: Preview) -> Event:
    """Return the one event of an import: which rows it made and changed is kept with the run."""
    details = {
        "kind": run.kind,
        "rows": run.rows,
        "created": run.created,
        "changed": run.changed,
        "unchanged": run.unchanged,
    }
    moved = [pair for planned in current.rows if planned.writes for pair in planned.moved]
    first = {
        area: min(day for a, day in moved if a is area) for area in {area for area, _ in moved}
    }
    return Event("import", "import_run", run.id, run.unit_id, list(first.items()), details)


def _digest(rows: Sequence[Planned], asked: Asked) -> str:
    digest = hashlib.sha256(repr(asked.questions).encode() if asked.questions else b"")
    for planned in rows:
        changes = [(change.column, change.old, change.new) for change in planned.changes]
        faults = [(fault.column, fault.message) for fault in planned.faults]
        shown = (planned.row.number, planned.about, planned.effect.value, changes, faults)
        digest.update(repr(shown).encode())
    return digest.hexdigest()
