"""How an untidy file was read: its columns, and every row that was passed over and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.imports.files import FileRefusedError


class Why(StrEnum):
    """Why a row was passed over, in Swedish."""

    ABOVE = "står ovanför rubrikerna"
    HEADINGS = "rubriker"
    AGAIN = "rubrikraden igen"
    BLANK = "tom rad"
    SUM = "summarad"
    COMPUTED = "uträknad rad"
    SECTION = "avsnittsrubrik"
    NOTE = "anteckning under listan"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows in a sequence that were passed over alike, and what the first of them begins with."""

    first: int
    last: int
    why: Why
    said: str = ""

    @property
    def rows(self) -> str:
        """Return the rows as a person reads them: 14 or 20–22."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file.

    Attributes:
        letter: Its letter in the spreadsheet.
        title: Its heading as the file has it.
        key: What its heading is remembered as.
        name: The column that it is read as; empty when it isn't read, None when it isn't understood.
        remembered: Whether that was chosen by a person for an earlier file.
        examples: A few of its values.
        question: What a person must answer first, where the heading could mean several columns.
    """

    letter: str
    title: str
    key: str
    name: str | None
    remembered: bool = False
    examples: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file was read."""

    sheet: str
    headings: tuple[int, ...]
    columns: tuple[FileColumn, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def not_understood(self) -> tuple[FileColumn, ...]:
        """Return the columns that nobody has said the meaning of."""
        return tuple(column for column in self.columns if column.name is None)


class ColumnsNeededError(FileRefusedError):
    """A person must say what the file's columns are before it can be read. Holds the layout."""

    def __init__(self, message: str, layout: Layout) -> None:
        super().__init__(message)
        self.layout = layout


def told(layout: Layout) -> Iterator[str]:
    """Return what was not read, a line each: rows that were passed over, then columns."""
    for skipped in layout.skipped:
        said = f": {skipped.said}" if skipped.said else ""
        yield f"Rad {skipped.rows}: {skipped.why}, hoppades över{said}"
    for column in layout.columns:
        if column.name is None:
            yield f"Kolumn {column.letter} ”{column.title}” känns inte igen och läses inte. {column.question}".strip()
        elif not column.name:
            yield f"Kolumn {column.letter} ”{column.title}” läses inte."
