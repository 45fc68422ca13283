"""Tables that print, that a screen reader can read, and that can be taken out as one Excel file.

Drawn as a plain HTML table, since Streamlit's own is a picture with an export of its own. Long
tables scroll on the screen and are whole on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from html import escape
from typing import Any
from weakref import finalize

import pandas as pd
import streamlit as st

from core import db
from core.auth import Actor, Permission, PermissionDeniedError, Role
from core.charts.theme import remembered
from core.clock import today
from core.reports.columns import Column, Kind, suppressed
from core.reports.excel import MIME, Sheet, workbook
from core.services.audit import record_refusal
from core.services.exports import Export, record_export
from pages.common import gate, text

__all__ = ["Column", "Kind", "Table", "rows_html", "table"]

LONG = 60
_written: dict[int, dict[tuple[tuple[Column, ...], str], str]] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is drawn and taken out.

    Attributes:
        source: Where the figures come from, in Swedish.
        on: The day that they show; None is today.
        permission: What one must be allowed in order to take it out.
        adds_up: Whether the rows are parts of a whole (False for months).
        empty: What is said instead of a table without rows.
        download: Whether there is an Excel button. One a table, and none for a table's second look.
        file: What the Excel file holds, when that is less or more than the screen shows; a function
            is called when somebody takes the file out.
    """

    source: str = "egna ärenden"
    on: dt.date | None = None
    permission: Permission = Permission.VIEW_SUMS
    adds_up: bool = True
    empty: str = "Det finns inget att visa för det här urvalet."
    download: bool = True
    file: pd.DataFrame | Callable[[], pd.DataFrame] | None = None


def table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    name: str,
    actor: Actor,
    look: Table | None = None,
) -> None:
    """Draw a table with a caption, and a button that takes it out as an Excel file.

    Args:
        frame: Raw values as the queries return them. Columns that are not listed are not shown.
        columns: What is shown, in order. The first one names each row.
        name: The table's Swedish name: caption, file name, sheet name and name in the audit log.
        actor: Who looks. A reader sees no small numbers of people; no file holds any.
        look: Source, date, permission and so on.
    """
    how = look or Table()
    if frame.empty:
        st.info(how.empty, icon=":material/inbox:")
        return
    shown = frame
    if actor.role is Role.READER:
        shown = _suppressed(frame, tuple(columns), adds_up=how.adds_up)
    st.html(_html(shown, tuple(columns), name))
    if how.download:
        on = how.on or today()
        taken_out = how.file if isinstance(how.file, pd.DataFrame) else frame
        st.download_button(
            f"Hämta ”{name}” som Excel",
            data=_file(Sheet(name, taken_out, columns, how.source, on, how.adds_up), how, actor),
            file_name=f"{_file_name(name)}-{on}.xlsx",
            mime=MIME,
            key=f"excel-{_file_name(name)}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


@remembered
def _suppressed(frame: pd.DataFrame, columns: tuple[Column, ...], *, adds_up: bool) -> pd.DataFrame:
    return suppressed(frame, columns, adds_up=adds_up)


def _html(frame: pd.DataFrame, columns: tuple[Column, ...], caption: str) -> str:
    """Return `rows_html`, made once as long as the table is kept."""
    key, look = id(frame), (columns, caption)
    if key not in _written:
        finalize(frame, _written.pop, key, None)
    made = _written.setdefault(key, {})  # another session may just have made it
    if look not in made:
        made[look] = rows_html(frame, columns, caption)
    return made[look]


def rows_html(frame: pd.DataFrame, columns: Sequence[Column], caption: str) -> str:
    """Return a table as HTML. The first column is each row's heading; every text is escaped."""
    head = "".join(f"<th scope='col'{_class(c)}>{escape(c.title)}</th>" for c in columns)
    cells = [[_cell(value, column) for value in frame[column.name]] for column in columns]
    first, *others = columns
    body = "".join(
        f"<tr><th scope='row'{_class(first)}>{name}</th>"
        + "".join(f"<td{_class(c)}>{cell}</td>" for c, cell in zip(others, rest, strict=True))
        + "</tr>"
        for name, *rest in zip(*cells, strict=True)
    )
    long = " rt-long" if len(frame) > LONG else ""
    return (
        f"<div class='rt-table{long}' role='region' tabindex='0' aria-label='{escape(caption)}'>"
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _file(sheet: Sheet, how: Table, actor: Actor) -> Callable[[], bytes]:
    login_id = gate.login_id()

    def make() -> bytes:
        filled = replace(sheet, frame=how.file()) if callable(how.file) else sheet
        export = Export(sheet.name, len(filled.frame), sheet.on, login_id)
        try:
            with db.write() as session:
                record_export(session, export, permission=how.permission, by=actor)
        except PermissionDeniedError as refused:
            with db.write() as session:
                record_refusal(session, refused, by=actor)
            raise
        return workbook(filled)

    return make


def _cell(value: Any, column: Column) -> str:
    if isinstance(value, str):
        return escape(value)
    if pd.isna(value):
        return text.DASH
    return escape(_WRITTEN[column.kind](value, column.digits))


def _text(value: Any, _digits: int) -> str:
    return text.plain_number(value) if isinstance(value, int | Decimal | Fraction) else str(value)


_WRITTEN: dict[Kind, Callable[[Any, int], str]] = {
    Kind.TEXT: _text,
    Kind.COUNT: lambda value, _digits: text.number(value),
    Kind.PEOPLE: lambda value, _digits: text.number(value),
    Kind.SHARE: text.percent,
    Kind.KRONOR: text.number,
    Kind.NUMBER: text.number,
    Kind.DATE: lambda value, _digits: value.isoformat(),
    Kind.MONTH: lambda value, _digits: text.month_sv(value),
    Kind.YES_NO: lambda value, _digits: text.yes_no(value),
}


def _class(column: Column) -> str:
    if column.kind is Kind.DATE:
        return " class='rt-date'"
    return " class='rt-right'" if column.right else ""


@lru_cache(maxsize=1024)
def _file_name(name: str) -> str:
    plain = name.lower().translate(str.maketrans("åäöé ", "aaoe-"))
    return "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "-"))
