"""Pieces of Hushåll about cases that come and go: flow by month, and why cases were closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from core.auth import Actor
from core.charts.households import MOVES
from core.charts.theme import remembered
from core.rules.dates import ONE_DAY, Period, tertial_of, year_of
from core.rules.households import LARGEST_UNKNOWN_SHARE
from core.rules.indicators import fulfilment
from core.rules.linked_counts import closed_by_reason
from core.rules.shares import share
from core.rules.suppression import suppress_balance, suppress_count
from core.terms import ALL, HIDDEN, Accumulation, ClosingReason, Direction, sv
from pages.common import text, tiles
from pages.common.household_parts import (
    Count,
    count_or_none,
    count_seen,
    count_words,
    hidden_last,
    is_protected,
)
from pages.common.tables import Column, Kind

MOVED = {"Öppnade": "opened", "Remitterade": "referred", "Avslutade": "closed"}
REASON_COLUMNS = (
    Column("reason", "Avslutsorsak"),
    Column("cases", "Ärenden", Kind.COUNT),
    Column("share", "Andel", Kind.SHARE),
)
FLOW_COLUMNS = (
    Column("key", "Månad"),
    Column("opened", "Öppnade", Kind.COUNT),
    Column("referred", "Remitterade", Kind.COUNT),
    Column("closed", "Avslutade", Kind.COUNT),
)


def reason_period(actor: Actor, on: dt.date) -> Period:
    """Return the days whose closed cases are shown by reason: the year so far.

    A reader sees the latest tertial that has ended: two sums of the year so far would tell of the
    month between them.
    """
    if not is_protected(actor):
        return Period(year_of(on).start, on)
    tertial = tertial_of(on)
    return tertial if tertial.end <= on else tertial_of(tertial.start - ONE_DAY)


def period_words(period: Period) -> str:
    """Return a period of one year's months in words: "2024", or "januari–april 2024" for a tertial."""
    if period != tertial_of(period.start):
        return f"{period.end.year}"
    first, last = text.MONTHS[period.start.month - 1], text.MONTHS[period.end.month - 1]
    return f"{first}–{last} {period.end.year}"


def flow_tiles(
    flow: pd.DataFrame, reasons: pd.DataFrame, actor: Actor, year: int, period: str
) -> None:
    """Draw the year's flow so far, and how many of a period's closed have no known reason."""
    moved = _moved(flow_rows(flow, protected=is_protected(actor)), year)
    with tiles.row():
        _unknown_tile(reasons, period)
        for label, (total, series) in moved.items():
            tiles.tile(
                f"{label} {year}",
                count_words(total),
                series=series,
                source="Egna ärenden, senaste tolv månaderna i kurvan",
            )


@remembered
def _moved(rows: pd.DataFrame, year: int) -> dict[str, tuple[Count, list[int | None]]]:
    """Return by label the sum of a year's months in `flow_rows`, and each month for a curve."""
    of_year = [key.startswith(str(year)) for key in rows["key"]]
    return {
        label: (
            _together(count for count, wanted in zip(rows[name], of_year, strict=True) if wanted),
            [count_or_none(count) for count in rows[name]],
        )
        for label, name in MOVED.items()
    }


def _together(months: Iterable[Count]) -> Count:
    """Return the sum of months, hidden with any of them."""
    counts = [count_or_none(count) for count in months]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else HIDDEN


@remembered
def flow_rows(flow: pd.DataFrame, *, protected: bool) -> pd.DataFrame:
    """Return the table of moves by month; `protected`: as a reader and a file may have it.

    Each month is hidden by itself: no sum over months is shown beside a hidden one.
    """
    if not protected:
        return flow
    rows = flow.copy()
    balance = [
        suppress_balance(*moved) for moved in zip(flow["opened"], flow["closed"], strict=True)
    ]
    shown = {
        "opened": [opened for opened, _ in balance],
        "referred": [suppress_count(count) for count in flow["referred"]],
        "closed": [closed for _, closed in balance],
    }
    for name, counts in shown.items():
        rows[name] = pd.Series(
            [count_seen(count) for count in counts], index=flow.index, dtype=object
        )
    return rows


def _unknown_tile(reasons: pd.DataFrame, period: str) -> None:
    """Draw how many of the closed have no known reason, from `reason_rows`."""
    cases: dict[str, Count] = dict(zip(reasons["reason"], reasons["cases"], strict=True))
    part = HIDDEN if ALL in cases else cases.get(sv(ClosingReason.UNKNOWN), 0)
    whole: Count = next(iter(reasons["total"]), 0)
    hidden = isinstance(part, str) or isinstance(whole, str)
    value = None if hidden else share(int(part or 0), int(whole or 0))
    reached = fulfilment(
        None if value is None else value * 100,
        LARGEST_UNKNOWN_SHARE * 100,
        Direction.LOWER,
        None,
        Accumulation.LATEST,
        year_complete=True,
    )
    tiles.tile(
        f"Avslutade som okänt {period}",
        HIDDEN if hidden else text.percent(value),
        sub=f"{count_words(part)} av {count_words(whole)} · mål högst {text.percent(LARGEST_UNKNOWN_SHARE)}",
        fulfilment=None if hidden else reached,
        source="Egna ärenden",
    )


@remembered
def reason_rows(reasons: pd.DataFrame, moves: pd.DataFrame, *, protected: bool) -> pd.DataFrame:
    """Return the table of closing reasons, with how many closed in all beside each.

    Args:
        reasons: `closing_reasons` of a period.
        moves: `flow` by month of the same period.
        protected: As a reader and a file may have it: what is hidden stands last, since its place
            among the others would tell about how many it is.
    """
    cases = list(reasons["cases"])
    if not protected:
        return reasons.assign(total=pd.Series(sum(cases), reasons.index, dtype=object))
    flow = zip(moves["opened"], moves["closed"], strict=True)
    series = closed_by_reason(cases, [suppress_balance(*moved)[1] for moved in flow])
    rows = [
        [reason, count_seen(count), HIDDEN if count.hidden else value, count_seen(series.total)]
        for reason, count, value in zip(
            reasons["reason"], series.counts, reasons["share"], strict=True
        )
    ]
    total = count_seen(series.total)
    if {count.text for count in series.counts} <= {HIDDEN} and (rows or series.total.hidden):
        rows = [[ALL, total, HIDDEN, total]]  # which reasons there are would tell of their number
    columns = ["reason", "cases", "share", "total"]
    return hidden_last(pd.DataFrame(rows, columns=columns, dtype=object), "cases", "reason")


@remembered
def flow_chart(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows of `flow_rows`: month, move, cases; a hidden count is left out."""
    names = dict(zip(MOVES, MOVED.values(), strict=True))
    return pd.DataFrame(
        [
            {"month": row["key"], "move": move, "cases": count_or_none(row[name])}
            for _, row in rows.iterrows()
            for move, name in names.items()
        ],
        columns=["month", "move", "cases"],
    )
