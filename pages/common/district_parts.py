"""The part of Hushåll that sets the unit beside other districts, as far as they have been read in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.charts.theme import remembered
from core.queries.households import MonthFigures
from pages.common import household_parts, tables
from pages.common.tables import Column

OWN = "Den egna enheten"
COLUMNS = (Column("district", "Stadsdel"), *household_parts.MONTH_COLUMNS)
Districts = Sequence[tuple[str, MonthFigures]]


def draw(districts: Districts, own: Sequence[MonthFigures], actor: Actor, on: dt.date) -> None:
    """Draw each district's latest month below the unit's own; nothing without any district."""
    if not districts:
        return
    protected = household_parts.is_protected(actor)
    st.subheader("Jämfört med andra stadsdelar", anchor=False)
    tables.table(
        rows(districts, own, protected=protected),
        COLUMNS,
        name="Hushåll i andra stadsdelar",
        actor=actor,
        look=tables.Table(
            source="hushållsstatistiken", on=on, file=rows(districts, own, protected=True)
        ),
    )


@remembered
def rows(districts: Districts, own: Sequence[MonthFigures], *, protected: bool) -> pd.DataFrame:
    """Return the table's rows: the unit's latest month first, then each district's by name.

    `protected`: with small counts hidden, as a reader and a file have them.
    """
    named = [*((OWN, month) for month in own[-1:]), *districts]
    found = household_parts.month_rows(
        tuple(month for _, month in reversed(named)), protected=protected
    )
    return found.assign(district=[name for name, _ in named])
