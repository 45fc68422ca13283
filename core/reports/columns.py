"""What a table's columns hold, and the same table as somebody who may not see small numbers does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from core.rules.suppression import (
    Shown,
    is_small,
    suppress_count,
    suppress_series,
    suppress_table,
)
from core.terms import HIDDEN


class Kind(StrEnum):
    """What a column's values are, which decides how they are written and where they stand."""

    TEXT = "text"
    COUNT = "count"
    PEOPLE = "people"
    SHARE = "share"
    KRONOR = "kronor"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"
    YES_NO = "yes_no"


RIGHT = frozenset({Kind.COUNT, Kind.PEOPLE, Kind.SHARE, Kind.KRONOR, Kind.NUMBER})
"""Kinds that stand to the right, digit under digit."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: The column's name in the frame.
        title: Its Swedish heading.
        kind: What its values are. PEOPLE (households and cases too) are hidden when small.
        digits: Decimals of a SHARE (in percent), KRONOR or NUMBER.
        parts: For PEOPLE: the frame's other PEOPLE columns that add up to this one, row by row.
        has_rest: Whether more than its parts is in it, which no column shows but a subtraction tells.
        share_of: For a SHARE of people: the columns that add up to its numerator, and those that
            add up to its denominator. It is hidden with any of them.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    digits: int = 0
    parts: tuple[str, ...] = ()
    has_rest: bool = False
    share_of: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def right(self) -> bool:
        """Tell whether the values stand to the right."""
        return self.kind in RIGHT


def suppressed(
    frame: pd.DataFrame, columns: Sequence[Column], *, adds_up: bool = True
) -> pd.DataFrame:
    """Return a copy of a table with small numbers of people hidden (domain: Suppression).

    Args:
        frame: The table, raw values.
        columns: What its columns hold.
        adds_up: Whether the rows are parts of a whole, so that a hidden count could be worked out
            from the others and the total; False for rows that stand alone, such as months.

    Returns:
        The same columns; a hidden count is the text `<5` or `..`, a hidden share `..`.
    """
    hidden = _shown_counts(frame, columns, adds_up=adds_up)
    result = frame.copy()
    for name, counts in hidden.items():
        result[name] = pd.Series(
            [
                count.text if count.hidden else value  # a number nobody has stated stays empty
                for count, value in zip(counts, frame[name], strict=True)
            ],
            index=frame.index,
            dtype=object,
        )
    for column in columns:
        if column.share_of is not None:
            result[column.name] = _shares(frame, column, column.share_of, hidden)
    return result


def _shown_counts(
    frame: pd.DataFrame, columns: Sequence[Column], *, adds_up: bool
) -> dict[str, Sequence[Shown]]:
    people = [column for column in columns if column.kind is Kind.PEOPLE]
    in_a_total = {name for column in people for name in column.parts}
    shown: dict[str, Sequence[Shown]] = {}
    for column in people:
        if column.parts:
            shown |= _with_total(frame, column, adds_up=adds_up)
        elif column.name not in in_a_total:
            counts = _counts(frame, column.name)
            shown[column.name] = (
                suppress_series(counts).counts if adds_up else [suppress_count(n) for n in counts]
            )
    return shown


def _with_total(frame: pd.DataFrame, total: Column, *, adds_up: bool) -> dict[str, Sequence[Shown]]:
    columns = [_counts(frame, name) for name in total.parts]
    if total.has_rest:
        wholes = _counts(frame, total.name)
        columns.append([whole - sum(of_it) for whole, *of_it in zip(wholes, *columns, strict=True)])
    rows = list(zip(*columns, strict=True))
    if not rows:
        return {}
    if adds_up:
        table = suppress_table(rows)
        cells, totals = table.cells, table.row_totals
    else:
        series = [suppress_series(row) for row in rows]
        cells = tuple(row.counts for row in series)
        totals = tuple(row.total for row in series)
    parts = dict(zip(total.parts, zip(*cells, strict=True), strict=False))  # a rest has no name
    return {**parts, total.name: totals}


def _shares(
    frame: pd.DataFrame,
    column: Column,
    share_of: tuple[tuple[str, ...], tuple[str, ...]],
    hidden: Mapping[str, Sequence[Shown]],
) -> pd.Series[Any]:
    above, below = share_of
    used = {name for name in (*above, *below) if name in hidden}
    values: list[object] = []
    for place, value in enumerate(frame[column.name]):
        unseen = any(hidden[name][place].hidden for name in used)
        base = sum(int(frame[name].iloc[place]) for name in below)
        values.append(HIDDEN if unseen or is_small(base) else value)
    return pd.Series(values, index=frame.index, dtype=object)


def _counts(frame: pd.DataFrame, name: str) -> list[int]:
    return [0 if pd.isna(value) else int(value) for value in frame[name]]
