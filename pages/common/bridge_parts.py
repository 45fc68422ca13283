"""Pieces of Kostnadsprognos: from one prognosis to the next, in words, as a chart and by placement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.cost_bridge import BRIDGE, bridge_rows
from core.charts.theme import remembered
from core.queries.cost_bridge import Bridge, BridgeRow, CauseSum
from core.reports.columns import Column, Kind
from core.rules.dates import ONE_DAY, month_start
from core.terms import BridgeCause, sv, sv_title
from pages.common import charts, text
from pages.common.filters import Filters
from pages.common.tables import Table, table

COMPARED = "jamfor"
MONTH, MADE, YEAR, OTHER_DAY = "manad", "prognos", "ar", "annan"
OPEN_ENDED = "tills vidare"
COLUMNS = (
    Column("cause", "Orsak"),
    Column("reference", "Placering"),
    Column("kind", "Slag"),
    Column("before", "Slut då", Kind.DATE),
    Column("after", "Slut nu", Kind.DATE),
    Column("amount", "Kronor", Kind.KRONOR),
)
PHRASES: dict[BridgeCause, tuple[str, str]] = {
    BridgeCause.NEW: ("{} ny placering", "{} nya placeringar"),
    BridgeCause.EXTENDED: ("{} förlängd placering", "{} förlängda placeringar"),
    BridgeCause.OVERRUN: (
        "{} placering som fortsätter efter planerat slut",
        "{} placeringar som fortsätter efter planerat slut",
    ),
    BridgeCause.RATE: ("ändrat dygnspris i {} placering", "ändrat dygnspris i {} placeringar"),
    BridgeCause.CONTRACT: (
        "ändrat avtal eller utförare i {} placering",
        "ändrat avtal eller utförare i {} placeringar",
    ),
    BridgeCause.SHORTENED: ("{} förkortad placering", "{} förkortade placeringar"),
    BridgeCause.ENDED: (
        "{} placering som slutade tidigare än beslutat",
        "{} placeringar som slutade tidigare än beslutat",
    ),
}


def compared_day(chosen: Filters, made_on: dt.date | None) -> dt.date:
    """Draw the choice of the day to compare with, kept in the address, and return it.

    Args:
        chosen: What the page shows.
        made_on: The day of the controller's latest prognosis, None for none.
    """
    on = chosen.on
    days = {MONTH: month_start(on) - ONE_DAY}
    if made_on is not None and made_on < on:
        days[MADE] = made_on
    days[YEAR] = dt.date(on.year - 1, 12, 31)
    names = {
        MONTH: "Slutet av förra månaden",
        MADE: "Senaste prognosen",
        YEAR: "Årets ingång",
    }
    options = {key: f"{names[key]} ({text.date_sv(day, on)})" for key, day in days.items()}
    options[OTHER_DAY] = "Annan dag"
    asked = st.query_params.get(COMPARED, MONTH)
    typed = _day(asked, on)
    key = asked if asked in days else OTHER_DAY if typed or asked == OTHER_DAY else MONTH
    if key == MONTH and asked != MONTH:
        st.warning(
            f"Det går inte att jämföra med ”{text.safe(asked)}”. Du ser slutet av förra månaden.",
            icon=":material/info:",
        )
    with st.container(
        horizontal=True, vertical_alignment="bottom", width="content", key="no-print"
    ):
        st.session_state["compared"] = key
        st.selectbox(
            "Jämför med",
            list(options),
            format_func=options.__getitem__,
            key="compared",
            width=320,
            on_change=_keep_choice,
        )
        if key != OTHER_DAY:
            return days[key]
        st.session_state["compared-day"] = typed or days[MONTH]
        st.date_input(
            "Dag",
            min_value=_first(on),
            max_value=on - ONE_DAY,
            key="compared-day",
            format="YYYY-MM-DD",
            width=150,
            on_change=_keep_day,
        )
    return typed or days[MONTH]


def draw_sentence(found: Bridge, chosen: Filters) -> None:
    """Say in words how the full-year cost has moved, and mostly why."""
    st.markdown(sentence(found, chosen.on))


def sentence(found: Bridge, on: dt.date) -> str:
    """Return how the full-year cost has moved since a day, and mostly why."""
    since, moved = text.date_sv(found.span.before, on), found.difference
    up = [one for one in found.causes if one.amount > 0]
    down = [one for one in found.causes if one.amount < 0]
    if not moved:
        same = f"Prognosen är oförändrad sedan {since}."
        return f"{same} {_balance(up, down)}" if up and down else same
    verb, why, other = ("ökat", up, down) if moved > 0 else ("minskat", down, up)
    said = (
        f"**Prognosen har {verb} med {_tkr(moved)} sedan {since}, mest på grund av {_most(why)}.**"
    )
    if not other:
        return said
    back = sum((one.amount for one in other), Decimal(0))
    verb = "minskade" if moved > 0 else "ökade"
    return f"{said} Samtidigt {verb} den med {_tkr(back)}, mest på grund av {_most(other)}."


def draw_chart(found: Bridge) -> None:
    """Draw each cause as a step of the difference. Nothing when nothing has moved."""
    if not found.causes:
        return
    steps = ", ".join(f"{sv(one.cause)} {text.tkr(one.amount)}" for one in found.causes)
    charts.draw(
        chart_rows(found.causes),
        BRIDGE,
        alt=f"Skillnaden i prognos efter orsak: {steps}. Hela skillnaden {text.tkr(found.difference)}.",
    )


@remembered
def chart_rows(causes: Sequence[CauseSum]) -> pd.DataFrame:
    """Return the chart's rows, as `bridge_rows`."""
    return bridge_rows([(sv(one.cause), one.placements, one.amount) for one in causes])


def draw_table(found: Bridge, chosen: Filters, actor: Actor) -> None:
    """Draw which placements each cause is made of, with the sum last, and how it is counted."""
    if found.causes:
        look = Table(
            source="enhetens placeringslista",
            on=chosen.on,
            permission=Permission.VIEW_PLACEMENTS,
        )
        name = f"Förändring sedan {found.span.before}"
        table(bridge_table(found.rows, found.removed), COLUMNS, name=name, actor=actor, look=look)
    st.markdown(f":small[{' '.join(_notes(found))}]")


@remembered
def bridge_table(moved: Sequence[BridgeRow], removed: Decimal) -> pd.DataFrame:
    """Return the placements of each cause as the rows of a table with `COLUMNS`, the sum last.

    `removed` is what placements of removed cases have moved, in kronor.
    """
    order = list(BridgeCause)
    rows = [
        [
            sv_title(row.cause),
            row.reference,
            row.kind,
            _end(row.until_before) if row.known_before else "",
            _end(row.until_after),
            row.amount,
        ]
        for row in sorted(moved, key=lambda row: (order.index(row.cause), -abs(row.amount)))
    ]
    if removed:
        rows.append([sv_title(BridgeCause.OTHER), "gallrade ärenden", "", "", "", removed])
    total = sum((row.amount for row in moved), removed)
    rows.append(["Summa", "", "", "", "", total])
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS], dtype=object)


HOW = (
    "Prognosen är här placeringslistans helår: upparbetat plus beslutat. En placering som "
    "löper efter sitt planerade slut räknas året ut. Fler eller färre dygn räknas till det "
    "pris som var känt då; resten är ändrat pris. Fakta som registreras i efterhand ändrar "
    "båda dagarna."
)


def _notes(found: Bridge) -> list[str]:
    said = [HOW]
    if any(one.cause is BridgeCause.OTHER for one in found.causes):
        said.append("Övrigt: ärenden som har bytt grupp, och gallrade ärenden.")
    for day, amount, listed in (
        (found.span.before, found.start, found.start_listed),
        (found.span.after, found.end, found.end_listed),
    ):
        if amount != listed:
            said.append(
                f"Placeringslistan visar {text.kronor(listed)} för {day}, eftersom den räknar med "
                f"dygnspriser som har registrerats senare; då var {text.kronor(amount)} känt."
            )
    return said


def _balance(up: Sequence[CauseSum], down: Sequence[CauseSum]) -> str:
    more = sum((one.amount for one in up), Decimal(0))
    return f"Det som ökar och det som minskar, {_tkr(more)} vardera, tar ut varandra: {_most(up)} mot {_most(down)}."


def _most(causes: Sequence[CauseSum]) -> str:
    """Return the cause that weighs most, in words."""
    most = max(causes, key=lambda one: abs(one.amount))
    if most.cause not in PHRASES:
        return "ärenden som har bytt grupp eller gallrats"
    one, many = PHRASES[most.cause]
    return text.plural(most.placements, one, many).format(most.placements)


def _tkr(amount: Decimal) -> str:
    """Return an amount without its sign, in kronor when it is under a thousand."""
    return text.tkr(abs(amount)) if abs(amount) >= 1000 else text.kronor(abs(amount))


def _end(day: dt.date | None) -> object:
    return day or OPEN_ENDED


def _first(on: dt.date) -> dt.date:
    return dt.date(on.year - 1, 1, 1)


def _day(asked: str, on: dt.date) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return None
    return day if _first(on) <= day < on else None


def _keep_choice() -> None:
    st.query_params[COMPARED] = st.session_state["compared"]


def _keep_day() -> None:
    day = st.session_state["compared-day"]
    st.query_params[COMPARED] = day.isoformat() if day else OTHER_DAY
