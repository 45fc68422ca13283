"""What an import would do, in Swedish: the page and the command say the same."""

from __future__ import annotations

from collections.abc import Iterator

from core.imports import layouts
from core.imports.checking import Checked, named
from core.imports.kinds import FOLLOWS, Change, Effect, Planned
from core.imports.runs import Preview
from core.imports.values import shown

EFFECTS = {
    Effect.NEW: "ny",
    Effect.CHANGED: "ändras",
    Effect.UNCHANGED: "oförändrad",
    Effect.WRONG: "fel",
}
COUNTED = (
    (Effect.WRONG, "med fel", "med fel"),
    (Effect.NEW, "ny", "nya"),
    (Effect.CHANGED, "ändrad", "ändrade"),
    (Effect.UNCHANGED, "oförändrad", "oförändrade"),
)


def effect_of(shown_file: Preview) -> str:
    """Return what a whole file would do, in one sentence."""
    parts = ((shown_file.counts[effect], *words) for effect, *words in COUNTED)
    told = ", ".join(
        f"{count} {one if count == 1 else many}" for count, one, many in parts if count
    )
    rows = sum(shown_file.counts.values())
    whole = f"{rows} {'rad' if rows == 1 else 'rader'}: {told}."
    follows = shown_file.follows
    if not follows:
        return whole
    changes = "1 ändring" if follows == 1 else f"{follows} ändringar"
    return f"{whole} Därav följer {changes} till."


def reading_of(checked: Checked) -> Iterator[str]:
    """Return what was not read of an untidy file, a line each; nothing for a plain table."""
    if checked.layout is not None:
        yield from layouts.told(checked.layout)


def name_of(shown_file: Preview, planned: Planned) -> str:
    """Return what a row is about, as its key in the file says."""
    return planned.about or named(shown_file.file.kind, planned.row)


def what_of(shown_file: Preview, planned: Planned) -> list[str]:
    """Return what is wrong with a row, or else what it changes, a sentence each."""
    if planned.faults:
        return [_fault(shown_file, f.column, f.message) for f in planned.faults]
    key = shown_file.file.kind.key
    changes = [
        _change(shown_file, change, is_new=planned.is_new)
        for change in planned.changes
        if not (planned.is_new and change.column in key)
    ]
    return [*changes, planned.note] if planned.note else changes


def lines(shown_file: Preview, only: tuple[Effect, ...]) -> Iterator[str]:
    """Return the rows with some effects, a line each."""
    for planned in shown_file.rows:
        if planned.effect in only:
            name = name_of(shown_file, planned)
            about = f" {name}" if name else ""
            what = "; ".join(what_of(shown_file, planned))
            where = (
                "Därav följer:" if planned.row.number == FOLLOWS else f"Rad {planned.row.number}"
            )
            yield f"{where}{about}, {EFFECTS[planned.effect]}: {what}"


def heading_of(shown_file: Preview, column: str) -> str:
    """Return a column's heading as the file has it, or else as the template has it."""
    titles = shown_file.file.checked.titles
    known = {c.name: c.heading for c in shown_file.file.kind.columns}
    return titles.get(column, known.get(column, column))


def _fault(shown_file: Preview, column: str, message: str) -> str:
    return f"{heading_of(shown_file, column)}: {message}" if column else message


def _change(shown_file: Preview, change: Change, *, is_new: bool) -> str:
    column = next((c for c in shown_file.file.kind.columns if c.name == change.column), None)
    write = column.show if column and column.show else shown
    old, new = (value if value is None else write(value) for value in (change.old, change.new))
    heading = heading_of(shown_file, change.column)
    return f"{heading} {new}" if is_new else f"{heading} {old or '–'} → {new or '–'}"
