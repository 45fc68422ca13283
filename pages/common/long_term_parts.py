"""The part of Hushåll about långvarigt bistånd: the latest whole month, and the months before it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission, Role
from core.charts.rows import records
from core.charts.theme import remembered
from core.reports.columns import suppressed
from core.rules.dates import last_twelve, month_end
from core.rules.households import LONG_TERM_MONTHS, LONG_TERM_WINDOW
from pages.common import tables, text, tiles
from pages.common.tables import Column, Kind

DEFINITION = (
    f"Långvarigt är bistånd i minst {LONG_TERM_MONTHS} av de senaste {LONG_TERM_WINDOW} månaderna, "
    "bland hushåll med bistånd i månaden."
)
COLUMNS = (
    Column("month", "Månad", Kind.MONTH),
    Column("households", "Hushåll med bistånd", Kind.PEOPLE, parts=("long_term", "shorter")),
    Column("long_term", "Långvarigt", Kind.PEOPLE),
    Column("shorter", "Kortare tid", Kind.PEOPLE),
    Column(
        "share",
        "Andel långvarigt",
        Kind.SHARE,
        digits=1,
        share_of=(("long_term",), ("households",)),
    ),
)


def draw(by_month: pd.DataFrame, actor: Actor, on: dt.date) -> None:
    """Draw the part.

    Args:
        by_month: `core.queries.benefit_months.long_term` by month, on the day.
        actor: Who looks.
        on: The day.
    """
    st.subheader("Långvarigt bistånd", anchor=False)
    rows = month_rows(by_month, on)
    if rows.empty:
        st.info(_nothing(actor), icon=":material/inbox:")
        return
    st.caption(DEFINITION)
    _tiles(rows, actor)
    tables.table(
        rows,
        COLUMNS,
        name="Långvarigt bistånd per månad",
        actor=actor,
        look=tables.Table(source="biståndsmånader i egna ärenden", on=on, adds_up=False),
    )


@remembered
def month_rows(by_month: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """Return the whole months with any benefit, the latest first, as rows with `COLUMNS`.

    A month that is not over, or whose payments are not known yet, would show too few households.
    """
    rows = [
        {
            "month": day,
            "households": row["households"],
            "long_term": row["long_term"],
            "shorter": row["households"] - row["long_term"],
            "share": row["share"],
        }
        for day, row in zip(last_twelve(on), records(by_month), strict=True)
        if row["households"] and day == month_end(day)
    ]
    names = [column.name for column in COLUMNS]
    return pd.DataFrame(reversed(rows), columns=names, dtype=object)


@remembered
def _seen(rows: pd.DataFrame, *, protected: bool) -> list[dict[str, Any]]:
    """Return the months, the earliest first; `protected`: as a reader may have them."""
    return records(suppressed(rows, COLUMNS, adds_up=False) if protected else rows)[::-1]


def _tiles(rows: pd.DataFrame, actor: Actor) -> None:
    seen = _seen(rows, protected=actor.role is Role.READER)
    last = seen[-1]
    month = text.month_sv(last["month"])
    with tiles.row():
        tiles.tile(
            "Andel långvarigt bistånd",
            _share(last["share"]),
            sub=f"{_count(last['long_term'])} av {_count(last['households'])} hushåll",
            change=_change(seen),
            series=[None if isinstance(row["share"], str) else row["share"] * 100 for row in seen],
            source=f"Biståndsmånader i egna ärenden, {month}",
        )
        tiles.tile(
            "Hushåll med bistånd",
            _count(last["households"]),
            series=[
                None if isinstance(row["households"], str) else row["households"] for row in seen
            ],
            source=f"Biståndsmånader i egna ärenden, {month}",
        )


def _change(seen: list[dict[str, Any]]) -> tiles.Change | None:
    """Return how the share moved since the month before; no way is good by itself."""
    before, last = ([None, None] + [row["share"] for row in seen])[-2:]
    if not isinstance(before, Fraction) or not isinstance(last, Fraction):
        return None
    since = f"sedan {text.month_sv(seen[-2]['month'])}"
    return tiles.Change((last - before) * 100, "%-enheter", since, digits=1)


def _share(value: Fraction | str | None) -> str:
    return value if isinstance(value, str) else text.percent(value, 1)


def _count(value: int | str) -> str:
    return value if isinstance(value, str) else text.number(value)


def _nothing(actor: Actor) -> str:
    words = "Det finns inga biståndsmånader för det senaste året."
    if actor.may(Permission.EDIT_BENEFIT_MONTHS):
        return f"{words} Läs in dem från verksamhetssystemet, eller ange dem på ärendet."
    return words
