"""What an import is made of. A new kind of file is a `Kind`: its columns and one `plan` function.

The way of a file, the same for every kind:

1. `reading` refuses what is no table (a bomb, macros, half a file) and finds the headings.
2. `checking` turns cells into values with each column's `read`, and tells what can't be read, which
   keys come twice, and where a personal identity number stands. It makes `Row`s.
3. `Kind.plan` compares the rows that could be read with the store and returns a `Planned` for each,
   in the same order: what the row changes (for people: `changes`), how (for the store: `writes`), what
   is wrong with it (`faults`), and which figures it moves (`moved`). It only reads. It runs again,
   with the store locked, when the import is saved; nothing may depend on anything but the store,
   the rows and the `Target`.
4. `runs.save` carries out all writes, or none, and keeps for each row that was made or changed what
   undoing needs. A kind neither saves, nor logs, nor undoes anything itself.

An example in full is `core.imports.benefit_months`. Rules that hold for all kinds:

- An empty cell, and a column that the file lacks, change nothing: `row.get(name, stored)`.
- What is equal gives no write. A row without writes is unchanged, so the same file again does nothing.
- Rows with a history are never overwritten: `Void` the old one and `Insert` the new.
- Checks are those of the services (`Checks`, `case_checks`, `field_checks`), not definitions anew.
- Read everything that a file of 100,000 rows needs in a fixed number of statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from core.auth import Actor
from core.models import Area, Base
from core.services.base import Checks
from core.terms import ImportKind


class CellError(ValueError):
    """A cell can't be read. The text says in Swedish what it holds and what is expected."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    Attributes:
        name: Its English name: the key of a row's values, and a heading that is understood.
        heading: Its Swedish heading, as in the template.
        description: What to write in it, in Swedish; for the template and the page.
        read: Makes a value of a cell that is not empty, see `core.imports.values`. Raises `CellError`.
        example: The value in the template's example row; None leaves it empty.
        required: Whether the file must have the column and every row a value in it.
        also: Other headings that are understood.
        show: How a value is written for a person, where `values.shown` won't do (months).
    """

    name: str
    heading: str
    description: str
    read: Callable[[Any], Any]
    example: Any = None
    required: bool = False
    also: tuple[str, ...] = ()
    show: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file with its number there, and its values by column name.

    A column that the file lacks is not in `values`; an empty cell is None.
    """

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return a value; None when the cell is empty or the file lacks the column."""
        return self.values.get(name)

    def get(self, name: str, stored: Any) -> Any:
        """Return a value, or what is stored when the file says nothing."""
        value = self.values.get(name)
        return stored if value is None else value


@dataclass(frozen=True, slots=True)
class Target:
    """Where a file goes: the unit, today's date, and the file's name (for `source_name` columns).

    `group_id` is set where the one who imports reaches a group's cases only.
    """

    unit_id: int
    today: dt.date
    file_name: str = ""
    group_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Insert:
    """A row to make. Its author and time are filled in when it is saved.

    A value may be another `Insert` of the same plan: the id that it gets. Make parents before their
    children. Columns that are not named get the model's default.
    """

    table: type[Base]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """Columns to change in a row that has no history of its own: as they are, and as they will be.

    Both may be empty: then only the row's version is raised, so that an open form notices.
    """

    table: type[Base]
    row_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Void:
    """A row that no longer counts: it was wrong, and is replaced."""

    table: type[Base]
    row_id: int


Write = Insert | Update | Void


@dataclass(frozen=True, slots=True)
class Change:
    """What a person is shown: a column's name, what is stored (None for nothing) and what will be."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the column's name ("" for the whole row) and, in Swedish, what."""

    column: str
    message: str


class Effect(StrEnum):
    """What a row would do to the store."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(slots=True)
class Planned:
    """What one row would do. Start with the row, then add to the lists.

    Attributes:
        row: The row of the file.
        is_new: Whether it makes something that was not there (else it changes it).
        changes: What is shown. For something new, its filled-in columns with `old` None.
        writes: What is done. Empty: the row is unchanged.
        moved: Areas whose figures the row moves, each with the first day that it moves them on.
        faults: What is wrong. One fault anywhere, and nothing is imported.
        about: What it is about, where the row's key does not say it; see `FOLLOWS`.
        note: What a person should know of a row that has no fault, such as why it isn't read.
    """

    row: Row
    is_new: bool = False
    changes: list[Change] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    moved: list[tuple[Area, dt.date]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    about: str = ""
    note: str = ""

    @property
    def effect(self) -> Effect:
        """Return what the row would do."""
        if self.faults:
            return Effect.WRONG
        if not self.writes:
            return Effect.UNCHANGED
        return Effect.NEW if self.is_new else Effect.CHANGED

    def fault(self, column: str, message: str) -> None:
        """Note what is wrong in a column."""
        self.faults.append(Fault(column, message))

    def faults_of(self, checks: Checks, columns: Mapping[str, str] | None = None) -> None:
        """Take over what the services' checks found; `columns` maps their fields to columns."""
        names = columns or {}
        for error in checks.errors:
            self.fault(names.get(error.field, error.field), error.message)

    def all_new(self) -> None:
        """Show every filled-in column as new."""
        self.is_new = True
        self.changes += [
            Change(name, None, value)
            for name, value in self.row.values.items()
            if value is not None
        ]


@dataclass(frozen=True, slots=True)
class Loose:
    """How a kind's untidy files are read: lists that people keep for their own eyes.

    Such a file may have titles, merged and doubled headings, section headings, sum rows, blank rows
    and notes. See `core.imports.loose`.

    Attributes:
        marks: Columns of which a file must have one, and a row of the table has a value in one:
            what holds none of them may be a heading, a sum or a note.
        passed: Headings that are known and need not be read: what Röda tråden works out itself.
        unclear: Headings that could mean several columns, each with the question to answer.
    """

    marks: tuple[str, ...]
    passed: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)


FOLLOWS = 0
"""The number of a `Row` that no row of the file is, but that follows from the file as a whole."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Transactions added up: one row for each thing that they are about, numbered as its first.

    `wrong` are rows at fault by number, `notes` what a person should know.
    """

    rows: list[Row]
    wrong: dict[int, tuple[Row, list[Fault]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transactions:
    """How a kind's files of transactions are read: many rows may be about the same thing.

    Attributes:
        passed: Tells whether a row is a sum or the like and no transaction, by its filled cells from
            the left and its cells by column name. Such rows are counted and told, not read.
        gather: Adds up the rows that could be read; given the file's headings by column name.
            Raises `FileRefusedError` for a file that lacks what its rows need.
    """

    passed: Callable[[Sequence[Any], Mapping[str, Any]], bool]
    gather: Callable[[Sequence[Row], Mapping[str, str]], Gathered]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is told of a whole file, and what must be confirmed before it is saved."""

    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        code: Which one it is.
        lead: What the file holds and where it usually comes from; one Swedish sentence.
        rules: What the import does and does not do, one Swedish sentence each.
        columns: The columns, in the template's order.
        key: Names of the columns that together say what a row is about: two rows with the same
            values in them are refused, and they name the row on the screen.
        plan: Compares rows with the store, see the module. Returns one `Planned` a row, in order,
            and after them one for each row that `FOLLOWS` from the whole.
        loose: How untidy files are read; None where a file must be a plain table.
        transactions: How rows about the same thing are added up; None where they are refused.
        asks: Tells of the whole file, and asks what to confirm; None for nothing.
        undone: Called when an import has been undone (session, unit, import, who), to let what else
            rests on the same facts follow.
    """

    code: ImportKind
    lead: str
    rules: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    plan: Callable[[Session, Target, Sequence[Row]], list[Planned]]
    loose: Loose | None = None
    transactions: Transactions | None = None
    asks: Callable[[Session, Target, Sequence[Planned]], Asked] | None = None
    undone: Callable[[Session, int, int, Actor], object] | None = None

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)
