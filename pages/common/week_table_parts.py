"""Pieces of Min vecka's table: its rows, what was changed in them, and what will be saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.charts.theme import remembered
from core.clock import today
from core.queries.my_week import WeekCase
from core.services.week_table import Cell, RowEdit, RowFault
from core.terms import ClosingReason, ExemptionReason, sv_title
from pages.common import text
from pages.common.case_forms import EARLIEST

EXEMPTIONS = {
    sv_title(reason): reason for reason in ExemptionReason if reason is not ExemptionReason.OTHER
}
CLOSINGS = {
    sv_title(reason): reason for reason in ClosingReason if reason is not ClosingReason.UNKNOWN
}
CELLS: dict[Cell, str] = {
    Cell.REFERRED: "Remitterat",
    Cell.ESTABLISHED: "Plan upprättad",
    Cell.REVISED: "Senast reviderad",
    Cell.EXEMPTION: "Undanta en månad",
    Cell.CLOSED: "Avslutat",
    Cell.REASON: "Skäl till avslut",
}
SEEN_WORDS = {
    "version": "ärendet",
    "referred_on": "remitterat",
    "established_on": "plan upprättad",
    "revised_on": "senast reviderad",
    "exempt_until": "undantag",
}
FIXED = ("Ärende", "Status", "Senast")
"""The columns that aren't filled in."""


@remembered
def rows(cases: Sequence[WeekCase]) -> pd.DataFrame:
    """Return cases as the rows of the table, by the case's id."""
    found = [
        {
            "case_id": case.case_id,
            "Ärende": case.reference,
            "Status": _status(case),
            "Senast": case.due_on,
            CELLS[Cell.REFERRED]: case.referred_on,
            CELLS[Cell.ESTABLISHED]: case.established_on,
            CELLS[Cell.REVISED]: case.revised_on,
            CELLS[Cell.EXEMPTION]: None,
            CELLS[Cell.CLOSED]: None,
            CELLS[Cell.REASON]: None,
        }
        for case in cases
    ]
    columns = ["case_id", *FIXED, *CELLS.values()]
    return pd.DataFrame(found, columns=pd.Index(columns), dtype=object).set_index("case_id")


def _status(case: WeekCase) -> str:
    return sv_title(case.kind) if case.status is None else sv_title(case.status)


def changes(frame: pd.DataFrame, edited: pd.DataFrame, shown: Sequence[WeekCase]) -> list[RowEdit]:
    """Return the rows with changed cells, by the case's id, never by their place."""
    found = []
    before, after = frame.to_dict("index"), edited.to_dict("index")
    for case in shown:
        was, became = before[case.case_id], after[case.case_id]
        changed = {
            cell: _value(cell, became[name])
            for cell, name in CELLS.items()
            if _value(cell, became[name]) != _value(cell, was[name])
        }
        if changed:
            found.append(RowEdit(case, changed))
    return found


def _value(cell: Cell, shown: Any) -> dt.date | ExemptionReason | ClosingReason | None:
    """Return a cell's value: a date or a reason, None for an empty one."""
    if shown is None or pd.isna(shown):
        return None
    if cell is Cell.EXEMPTION:
        return EXEMPTIONS[shown]
    if cell is Cell.REASON:
        return CLOSINGS[shown]
    day: dt.date = shown.date() if isinstance(shown, dt.datetime) else shown
    return day


def table_of(edits: Sequence[RowEdit], faults: Sequence[RowFault]) -> str:
    """Return what will change as a Markdown table, with what is wrong at its row and cell."""
    lines = ["| Ärende | Uppgift | Nu | Blir |", "|---|---|---|---|"]
    for edit in edits:
        of_row = [fault for fault in faults if fault.case_id == edit.seen.case_id]
        for cell, value in edit.changes.items():
            lines.append(
                f"| {edit.seen.reference} | {CELLS[cell]} | {_word(_before(edit, cell))} "
                f"| **{_word(value)}** |"
            )
            lines += [_fault_line(fault) for fault in of_row if fault.cell is cell]
        lines += [_fault_line(fault) for fault in of_row if fault.cell is None]
    return "\n".join(lines)


def many(cases: int) -> str:
    """Return a number of cases in words."""
    return f"{cases} {text.plural(cases, 'ärende', 'ärenden')}"


def _fault_line(fault: RowFault) -> str:
    changed = ", ".join(SEEN_WORDS[name] for name in fault.changed)
    what = f" Ändrat: {changed}." if changed else ""
    return f"| {fault.reference} | :red[:material/error: {fault.message}{what}] | | |"


def _before(edit: RowEdit, cell: Cell) -> dt.date | None:
    day: dt.date | None = getattr(edit.seen, cell.value, None)
    return day


def _word(value: Any) -> str:
    if value is None:
        return text.DASH
    return str(value) if isinstance(value, dt.date) else sv_title(value)


def config() -> dict[str, Any]:
    """Return how each column is drawn and filled in."""
    day: dict[str, Any] = {"min_value": EARLIEST, "max_value": today(), "format": "YYYY-MM-DD"}
    column = st.column_config
    return {
        "Ärende": column.TextColumn(pinned=True, width=90),
        "Status": column.TextColumn(width=125),
        "Senast": column.DateColumn(
            width=100, format="YYYY-MM-DD", help="Sista dag för planens nästa steg"
        ),
        CELLS[Cell.REFERRED]: column.DateColumn(width=110, **day),
        CELLS[Cell.ESTABLISHED]: column.DateColumn(width=135, **day),
        CELLS[Cell.REVISED]: column.DateColumn(width=150, **day),
        CELLS[Cell.EXEMPTION]: column.SelectboxColumn(width=160, options=list(EXEMPTIONS)),
        CELLS[Cell.CLOSED]: column.DateColumn(width=105, **day),
        CELLS[Cell.REASON]: column.SelectboxColumn(width=145, options=list(CLOSINGS)),
    }
