"""Pieces of Placeringar: tiles, what to take up, the list with its sum, and sums by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.placements import COMMITTED, MONTH_COSTS, PAID, month_cost_rows
from core.charts.theme import remembered
from core.queries.placement_sums import PlacementSummary
from core.queries.placements import PlacementRow
from core.reports.columns import Column, Kind
from core.terms import sv
from pages.common import charts, text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table

SOURCE = "enhetens placeringslista"
OPEN_ENDED = "tills vidare"
MOST_NAMED = 8
SUMMED = ("month_cost", "cost_to_date", "committed", "full_year")
CASE_COLUMNS = (Column("case", "Ärende"), Column("caseworker", "Handläggare"))
COLUMNS = (
    Column("reference", "Placering"),
    *CASE_COLUMNS,
    Column("state", "Läge"),
    Column("kind", "Slag"),
    Column("contract", "Avtal"),
    Column("provider", "Utförare"),
    Column("starts_on", "Från", Kind.DATE),
    Column("until", "Till", Kind.DATE),
    Column("day_rate", "Dygn", Kind.KRONOR),
    Column("month_cost", "Månaden", Kind.KRONOR),
    Column("cost_to_date", "Upparbetat", Kind.KRONOR),
    Column("committed", "Beslutat", Kind.KRONOR),
    Column("full_year", "Helår", Kind.KRONOR),
    Column("last_review_on", "Uppföljd", Kind.DATE),
)


def draw_tiles(now: PlacementSummary, rows: Sequence[PlacementRow], chosen: Filters) -> None:
    """Draw the list's figures, each with what it is made of."""
    month = text.month_sv(chosen.on)
    coming = sum(row.starts_on > chosen.on for row in rows)
    ended = sum(row.ended_on is not None and not row.running for row in rows)
    dearest = text.kronor(sum((row.month_cost for row in now.overdue), Decimal(0)))
    with st.grid(columns=3, gap="small"):
        tiles.tile(
            "Pågående placeringar",
            text.number(now.running),
            sub=f"{coming} kommande · {ended} avslutade i år",
        )
        tiles.tile(
            f"Kostnad {month}",
            text.kronor(now.month_cost),
            sub=f"varav {text.kronor(now.month_committed)} beslutat framåt",
        )
        tiles.tile(
            f"Upparbetat {chosen.on.year}",
            text.kronor(now.cost_to_date),
            sub=f"till och med {text.date_sv(chosen.on, chosen.on)}",
        )
        tiles.tile(
            f"Helår {chosen.on.year}",
            text.kronor(now.full_year),
            sub=f"varav {text.kronor(now.committed)} beslutat framåt",
        )
        tiles.tile(
            "Barnfamiljer på hotell eller vandrarhem",
            text.number(now.families_in_hotel),
            sub="flaggas alltid",
        )
        tiles.tile(
            "Försenade uppföljningar",
            text.number(now.reviews_overdue),
            sub=f"de kostar {dearest} i {month}",
        )


def draw_flags(now: PlacementSummary, rows: Sequence[PlacementRow], chosen: Filters) -> None:
    """Draw what to take up today: families in hotel, overdue reviews, passed planned ends."""
    on = chosen.on
    families = [
        f"{row.reference} sedan {text.date_sv(row.starts_on, on)}, "
        f"{text.kronor(row.cost_to_date)} i år"
        for row in now.families
    ]
    overdue = [
        f"{row.reference}, senast {text.date_sv(row.last_review_on, on)}"
        if row.last_review_on
        else f"{row.reference}, aldrig uppföljd"
        for row in now.overdue
    ]
    passed = [
        f"{row.reference}, {text.date_sv(row.planned_end_on, on)}"
        for row in rows
        if row.planned_end_passed
    ]
    _flag("red", "hotel", "Barnfamilj på hotell eller vandrarhem", families)
    _flag("orange", "event_busy", "Försenad uppföljning, dyrast först", overdue)
    _flag("orange", "event_repeat", "Planerat slut har passerat, placeringen löper vidare", passed)


def draw_list(rows: Sequence[PlacementRow], chosen: Filters, actor: Actor) -> None:
    """Draw the list with a sum row, overdue reviews first. Without cases for a controller.

    Nothing for a list without rows.
    """
    if not rows:
        return
    seen = actor.may(Permission.VIEW_CASES)
    columns = [column for column in COLUMNS if seen or column not in CASE_COLUMNS]
    table(list_rows(rows), columns, name="Placeringar", actor=actor, look=_look(chosen))


@remembered
def list_rows(rows: Sequence[PlacementRow]) -> pd.DataFrame:
    """Return the list as the rows of a table with `COLUMNS`, its sum last."""
    ordered = sorted(rows, key=lambda row: (not row.review_overdue, not row.running, row.reference))
    values = [[_value(row, column.name) for column in COLUMNS] for row in ordered]
    sums = {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in SUMMED}
    values.append([sums.get(column.name, "") for column in COLUMNS])
    values[-1][0] = "Summa"
    return pd.DataFrame(values, columns=[column.name for column in COLUMNS], dtype=object)


def draw_months(months: pd.DataFrame, chosen: Filters) -> None:
    """Draw the cost of each month of the year, paid and committed."""
    paid, committed = sum(months["paid"]), sum(months["committed"])
    charts.draw(
        month_cost_rows(months),
        MONTH_COSTS,
        alt=f"Placeringarnas kostnad per månad {chosen.on.year}: {PAID.lower()} "
        f"{text.kronor(paid)}, {COMMITTED.lower()} {text.kronor(committed)}.",
    )


def draw_split(split: pd.DataFrame, title: str, chosen: Filters, actor: Actor) -> None:
    """Draw sums by kind, contract or group."""
    columns = (
        Column("key", title),
        Column("running", "Pågående", Kind.PEOPLE),
        Column("month_cost", "Månaden", Kind.KRONOR),
        Column("full_year", "Helår", Kind.KRONOR),
    )
    name = f"Placeringar efter {title.lower()}"
    table(split, columns, name=name, actor=actor, look=_look(chosen))


def _look(chosen: Filters) -> Table:
    return Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_PLACEMENTS)


def _value(row: PlacementRow, name: str) -> object:
    if name == "state":
        return ", ".join(_state(row))
    if name == "contract":
        return row.contract and sv(row.contract)
    if name == "until":
        return row.ended_on or row.planned_end_on or OPEN_ENDED
    found: object = getattr(row, name)
    return found


def _state(row: PlacementRow) -> Iterable[str]:
    """Say whether a placement runs, and what to take up about it."""
    if not row.running:
        yield "kommande" if row.ended_on is None else "avslutad"
    if row.family_in_hotel:
        yield "barnfamilj på hotell"
    if row.review_overdue:
        yield "försenad uppföljning"
    if row.planned_end_passed:
        yield "planerat slut passerat"


def _flag(color: str, icon: str, title: str, named: Sequence[str]) -> None:
    if not named:
        return
    more = f" och {len(named) - MOST_NAMED} till" if len(named) > MOST_NAMED else ""
    said = "; ".join(named[:MOST_NAMED]) + more
    st.markdown(f":{color}-badge[:material/{icon}: {len(named)}] **{title}**  \n:small[{said}]")
