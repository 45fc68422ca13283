"""Pieces of Placeringsval: the tables of kinds and of own words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.queries.placement_terms import CODES, KindRow, TermRow
from core.terms import PlacementDimension, sv
from pages.common import text
from pages.common.tables import Column, Kind, Table, table

WIDTH = 920
OPEN, CLOSED = "kan väljas", "stängt"
NOT_TEMPORARY = "nej"
HOTEL = "ja, hotell eller vandrarhem"
TEMPORARY = "ja, annat"


def housing(row: KindRow) -> str:
    """Say what a kind is as temporary housing."""
    if row.is_hotel:
        return HOTEL
    return TEMPORARY if row.is_temporary else NOT_TEMPORARY


def kinds_table(rows: Sequence[KindRow], actor: Actor) -> None:
    """Draw the unit's kinds of placement."""
    columns = (
        Column("name", "Slag"),
        Column("housing", "Tillfälligt boende"),
        Column("used", "Placeringar", Kind.COUNT),
        Column("line", "Budgetpost"),
        Column("state", "Läge"),
    )
    values = [
        (row.name, housing(row), row.used, row.budget_line or text.DASH, _state(row.active))
        for row in rows
    ]
    _table(values, columns, "Slag av placering", actor)


def usual_words(dimension: PlacementDimension) -> None:
    """Say which words every unit has."""
    usual = ", ".join(sv(code) for code in CODES[dimension])
    st.markdown(
        f":small[Alla enheter har {usual}. Ett eget ord räknas som ett av dem i alla siffror.]"
    )


def words_table(rows: Sequence[TermRow], dimension: PlacementDimension, actor: Actor) -> None:
    """Draw the unit's own words of a dimension."""
    columns = (
        Column("name", "Ord"),
        Column("counts_as", "Räknas som"),
        Column("used", "Placeringar", Kind.COUNT),
        Column("state", "Läge"),
    )
    values = [(row.name, sv(row.counts_as), row.used, _state(row.active)) for row in rows]
    _table(values, columns, f"Egna ord för {sv(dimension)}", actor)


def _state(active: bool) -> str:
    return OPEN if active else CLOSED


def _table(
    values: Sequence[tuple[object, ...]], columns: Sequence[Column], name: str, actor: Actor
) -> None:
    frame = pd.DataFrame(values, columns=[column.name for column in columns], dtype=object)
    look = Table(
        source="enhetens placeringsval",
        permission=Permission.EDIT_PLACEMENT_TERMS,
        download=False,
    )
    table(frame, columns, name=name, actor=actor, look=look)
