"""Pieces of Placeringar: tiles, what to take up, the list with its sum, and its months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.placements import COMMITTED, MONTH_COSTS, PAID, month_cost_rows
from core.charts.theme import remembered
from core.queries.framework_agreement import OutsideAgreement
from core.queries.placement_sums import PlacementSummary
from core.queries.placements import PlacementRow
from core.reports.columns import Column, Kind
from core.rules.framework_agreement import OUTSIDE
from core.terms import WITHOUT_GROUP, PlacementState, sv
from pages.common import charts, placement_export, text, tiles
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


def draw_families(whole: PlacementSummary, chosen: Filters) -> None:
    """Draw the families in hotel, topmost: those that the user reaches, whatever else is chosen."""
    if whole.families_in_hotel == 0:
        st.markdown(
            ":green-badge[:material/check_circle: 0] Ingen barnfamilj på hotell eller vandrarhem"
        )
        return
    named = [
        f"{row.reference}{_elsewhere(row, chosen)} sedan {text.date_sv(row.starts_on, chosen.on)}, "
        f"{text.kronor(row.cost_to_date)} i år"
        for row in whole.families
    ]
    _flag("red", "hotel", "Barnfamilj på hotell eller vandrarhem", named, whole.families_in_hotel)


def _elsewhere(row: PlacementRow, chosen: Filters) -> str:
    """Name the group of a family that the chosen group hasn't."""
    if chosen.group_name is None or row.group == chosen.group_name:
        return ""
    return f" ({row.group or WITHOUT_GROUP})"


def draw_tiles(
    now: PlacementSummary,
    rows: Sequence[PlacementRow],
    outside: OutsideAgreement | None,
    chosen: Filters,
) -> None:
    """Draw the list's figures, each with what it is made of.

    `outside` is None for somebody who sees own placements only.
    """
    month = text.month_sv(chosen.on)
    coming = sum(row.state is PlacementState.COMING for row in rows)
    ended = sum(row.state is PlacementState.ENDED for row in rows)
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
        _outside_tile(outside, rows, chosen)
        tiles.tile(
            "Försenade uppföljningar",
            text.number(now.reviews_overdue),
            sub=f"de kostar {dearest} i {month}" if now.reviews_overdue else "alla är i tid",
        )


def _outside_tile(
    outside: OutsideAgreement | None, rows: Sequence[PlacementRow], chosen: Filters
) -> None:
    running = sum(row.running and row.contract is OUTSIDE for row in rows)
    if outside is None:
        tiles.tile("Utanför ramavtal", text.number(running), sub="pågående med individavtal")
        return
    missing = outside.total.not_compared.days
    left_out = f" · {text.number(missing)} utan jämförelse" if missing else ""
    tiles.tile(
        f"Merkostnad utanför ramavtal {chosen.on.year}",
        text.kronor(outside.total.extra),
        sub=f"{running} pågående · {text.number(outside.total.outside.days)} av "
        f"{text.number(outside.days)} dygn{left_out}",
    )


def draw_flags(now: PlacementSummary, rows: Sequence[PlacementRow], chosen: Filters) -> None:
    """Draw what else to take up today: overdue reviews and passed planned ends."""
    on = chosen.on
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
    flags = (
        _flag_words("orange", "event_busy", "Försenad uppföljning, dyrast först", overdue),
        _flag_words(
            "orange", "event_repeat", "Planerat slut har passerat, placeringen löper vidare", passed
        ),
    )
    if any(flags):
        st.markdown("\n\n".join(filter(None, flags)))  # one element: a page costs how many it has


def draw_list(rows: Sequence[PlacementRow], chosen: Filters, actor: Actor) -> None:
    """Draw the list with a sum row, overdue reviews first. Without cases for a controller."""
    seen = actor.may(Permission.VIEW_CASES)
    columns = [column for column in COLUMNS if seen or column not in CASE_COLUMNS]
    plain = replace(look(chosen), download=False)
    table(list_rows(rows), columns, name="Placeringar", actor=actor, look=plain)
    placement_export.button(rows, chosen, actor)


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


def look(chosen: Filters) -> Table:
    """Return how the page's tables are drawn and taken out."""
    return Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_PLACEMENTS)


def _value(row: PlacementRow, name: str) -> object:
    if name == "state":
        return ", ".join(_state(row))
    if name == "contract":
        return row.contract_word
    if name == "until":
        return row.ended_on or row.planned_end_on or OPEN_ENDED
    found: object = getattr(row, name)
    return found


def _state(row: PlacementRow) -> Iterable[str]:
    """Say whether a placement runs, and what to take up about it."""
    if not row.running:
        yield sv(row.state)
    if row.family_in_hotel:
        yield "barnfamilj på hotell"
    if row.review_overdue:
        yield "försenad uppföljning"
    if row.planned_end_passed:
        yield "planerat slut passerat"


def _flag(color: str, icon: str, title: str, named: Sequence[str], count: int) -> None:
    st.markdown(_flag_words(color, icon, title, named, count))


def _flag_words(
    color: str, icon: str, title: str, named: Sequence[str], count: int | None = None
) -> str:
    """Return a flag in Markdown: how many, what, and which; nothing without any."""
    if not named and not count:
        return ""
    more = f" och {len(named) - MOST_NAMED} till" if len(named) > MOST_NAMED else ""
    said = "; ".join(named[:MOST_NAMED]) + more
    number = len(named) if count is None else count
    return f":{color}-badge[:material/{icon}: {number}] **{title}**  \n:small[{said}]"
