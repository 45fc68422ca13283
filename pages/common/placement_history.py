"""How the prognosis of Placeringar moved through the year, and how near earlier years' came."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.charts.placement_history import ERRORS, PATH, error_rows, path_rows
from core.charts.theme import remembered
from core.reports.columns import Column, Kind
from core.rules.prognosis_history import PlacementHistory, Reading, YearHistory
from core.terms import ALL
from pages.common import charts, placement_parts, text
from pages.common.filters import Filters
from pages.common.tables import table

EVERY_KIND = "Alla slag"
MONTHS = 12


def draw(history: PlacementHistory, chosen: Filters, actor: Actor) -> None:
    """Draw this year's prognosis month by month, and earlier years' against their outcome."""
    kind = st.selectbox(
        "Slag",
        [ALL, *history.kinds],
        key="history-kind",
        format_func=lambda found: EVERY_KIND if found == ALL else found,
        width=340,
    )
    now, before = " ".join(words(history, kind)), list(past_words(history, kind))
    st.markdown("\n".join([now, "", *(f"- {said}" for said in before)]))
    year = chosen.on.year
    st.subheader(f"Helårsprognosen {year} vid varje månads slut", anchor=False)
    charts.draw(path_rows(history, kind), PATH, alt=now.replace("**", ""))
    if history.earlier:
        st.subheader("Så långt från utfallet låg prognosen tidigare år", anchor=False)
        charts.draw(
            error_rows(history, kind),
            ERRORS,
            alt="Prognosens avstånd från årets utfall i procent vid varje månads slut, tidigare år. "
            "Tabellen under visar samma sak.",
        )
    table(
        _month_rows(history, kind),
        _month_columns(history),
        name=f"Prognosen månad för månad {year}",
        actor=actor,
        look=placement_parts.look(chosen),
    )
    table(
        _kind_rows(history),
        _kind_columns(history),
        name=f"Prognosen efter slag {year}",
        actor=actor,
        look=placement_parts.look(chosen),
    )
    st.caption(
        "Prognosen är upparbetat och beslutat för helåret, som det framgår av det som är daterat "
        "till och med månadens slut. Dygnskostnader räknas som de är kända i dag. Fel är prognosen "
        "minus utfallet, delat med utfallet: minus betyder att prognosen låg för lågt. Gallrade "
        "ärenden räknas med. Filtret gäller inte här."
    )


def words(history: PlacementHistory, kind: str) -> Iterable[str]:
    """Yield, in sentences, where the prognosis stands and how it has moved through the year."""
    readings = history.this_year.readings
    yield f"Prognosen för {history.now.on.year} är **{text.kronor(history.now.of(kind))}**."
    if readings:
        first = readings[0]
        moved = history.now.of(kind) - first.of(kind)
        way = "högre" if moved > 0 else "lägre"
        month = text.MONTHS[first.on.month - 1]
        yield (
            f"Det är {text.kronor(abs(moved))} {way} än vid {month} månads slut."
            if moved
            else f"Det är samma som vid {month} månads slut."
        )


def past_words(history: PlacementHistory, kind: str) -> Iterable[str]:
    """Yield, in sentences, how near the prognosis came at this time of earlier years."""
    place = _latest_month(history)
    month = text.MONTHS[place - 1]
    errors = {year.year: _error(year, place, kind) for year in history.earlier}
    for year, error in errors.items():
        yield f"{year}: i {month} låg prognosen {miss(error)}."
    if len(errors) > 1 and all(error is not None and error < 0 for error in errors.values()):
        yield "Alla åren låg den för lågt: det som beslutas senare på året finns inte i den."


def miss(error: Fraction | None) -> str:
    """Return how far a prognosis was from the outcome in words: "4 % för lågt"."""
    if error is None:
        return "utan jämförelse, för inget kostade något"
    size = text.percent(abs(error))
    if text.percent(Fraction(0)) == size:
        return "rätt, på mindre än en halv procent när"
    return f"{size} för {'högt' if error > 0 else 'lågt'}"


def _latest_month(history: PlacementHistory) -> int:
    """Return the month whose end came last by the day: December, in a year without one yet."""
    readings = history.this_year.readings
    return readings[-1].on.month if readings else MONTHS


def _error(year: YearHistory, month: int, kind: str) -> Fraction | None:
    return year.error(year.readings[month - 1], kind)


def _month_columns(history: PlacementHistory) -> list[Column]:
    return [
        Column("month", "Vid slutet av"),
        Column("prognosis", f"Prognos {history.now.on.year}", Kind.KRONOR),
        Column("change", "Sedan månaden före", Kind.KRONOR),
        *(Column(str(one.year), f"Fel {one.year}", Kind.SHARE, 1) for one in history.earlier),
    ]


@remembered
def _month_rows(history: PlacementHistory, kind: str) -> pd.DataFrame:
    readings = history.this_year.readings
    rows: list[list[object]] = []
    for place in range(MONTHS):
        now = _of(readings, place, kind)
        before = _of(readings, place - 1, kind) if place else None
        change = None if now is None or before is None else now - before
        errors = [_error(year, place + 1, kind) for year in history.earlier]
        rows.append([text.MONTHS[place], now, change, *errors])
    columns = [column.name for column in _month_columns(history)]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _of(readings: tuple[Reading, ...], place: int, kind: str) -> Decimal | None:
    return readings[place].of(kind) if place < len(readings) else None


def _kind_columns(history: PlacementHistory) -> list[Column]:
    month = text.MONTHS[_latest_month(history) - 1]
    return [
        Column("kind", "Slag"),
        Column("now", "Prognos nu", Kind.KRONOR),
        Column("before", f"Vid slutet av {month}", Kind.KRONOR),
        Column("change", "Förändring", Kind.KRONOR),
        *(
            Column(str(one.year), f"Fel i {month} {one.year}", Kind.SHARE, 1)
            for one in history.earlier
        ),
    ]


@remembered
def _kind_rows(history: PlacementHistory) -> pd.DataFrame:
    month, readings = _latest_month(history), history.this_year.readings
    rows: list[list[object]] = []
    for kind in (*history.kinds, ALL):
        now = history.now.of(kind)
        before = readings[-1].of(kind) if readings else None
        change = None if before is None else now - before
        errors = [_error(year, month, kind) for year in history.earlier]
        rows.append(["Summa" if kind == ALL else kind, now, before, change, *errors])
    columns = [column.name for column in _kind_columns(history)]
    return pd.DataFrame(rows, columns=columns, dtype=object)
