"""Pieces of Hushåll: tiles, rows of charts and tables as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.auth import Actor, Role
from core.charts.households import MOVES, PARTS, SERIES
from core.charts.theme import remembered
from core.queries.households import MonthFigures
from core.reports.columns import suppressed
from core.rules.households import LARGEST_UNKNOWN_SHARE
from core.rules.indicators import fulfilment, percent_value
from core.rules.shares import share
from core.rules.suppression import (
    Shown,
    suppress_count,
    suppress_series,
    suppressed_share,
)
from core.terms import HIDDEN, OBSTACLE_CODES, Accumulation, ClosingReason, Direction, sv
from pages.common import text, tiles
from pages.common.tables import Column, Kind

Count = int | str | None
"""A count as somebody may see it: the number, what stands instead of it, or nothing stated."""
TOTALS = {"households": ("women", "men", "other"), "recipients": ("adults", "children")}
"""A month's counts, and those that add up to them."""
MOVED = {"Öppnade": "opened", "Remitterade": "referred", "Avslutade": "closed"}
OBSTACLE_WORDS = {written: sv(code) for code, written in OBSTACLE_CODES.items()}
MONTH_COLUMNS = (
    Column("month", "Månad", Kind.MONTH),
    Column("households", "Hushåll", Kind.COUNT),
    Column("women", "Kvinna söker", Kind.COUNT),
    Column("men", "Man söker", Kind.COUNT),
    Column("other", "Annat/okänt", Kind.COUNT),
    Column("recipients", "Mottagare", Kind.COUNT),
    Column("adults", "Vuxna", Kind.COUNT),
    Column("children", "Barn", Kind.COUNT),
    Column("paid_benefit", "Utbetalt, kr", Kind.KRONOR),
    Column("per_household", "Kr per hushåll", Kind.KRONOR),
    Column("source", "Källa"),
)
OBSTACLE_COLUMNS = (
    Column("obstacle", "Försörjningshinder"),
    Column("adults", "Vuxna", Kind.PEOPLE, parts=("shorter", "over_a_year")),
    Column("shorter", "Högst ett år eller okänt", Kind.PEOPLE),
    Column("over_a_year", "Över ett år", Kind.PEOPLE),
)
REASON_COLUMNS = (
    Column("reason", "Avslutsorsak"),
    Column("cases", "Ärenden", Kind.PEOPLE),
    Column("share", "Andel", Kind.SHARE, share_of=(("cases",), ("total",))),
)
FLOW_COLUMNS = (
    Column("key", "Månad"),
    Column("opened", "Öppnade", Kind.COUNT),
    Column("referred", "Remitterade", Kind.COUNT),
    Column("closed", "Avslutade", Kind.COUNT),
)


def is_protected(actor: Actor) -> bool:
    """Tell whether small counts are hidden from the actor."""
    return actor.role is Role.READER


def month_counts(month: MonthFigures, *, protected: bool) -> dict[str, Count]:
    """Return a month's counts of people by name; `protected`: as a reader and a file have them.

    What is hidden can't be worked out from the counts that it adds up with.
    """
    counts: dict[str, Count] = {}
    for total, parts in TOTALS.items():
        stated = {name: getattr(month, name) for name in (total, *parts)}
        counts |= stated
        if protected:
            known = {name: count for name, count in stated.items() if count is not None}
            counts |= _protected(known, total)
    return counts


def _protected(known: dict[str, int], total: str) -> dict[str, Count]:
    """Return counts with small ones hidden, and more where they add up to a known total."""
    parts = {name: count for name, count in known.items() if name != total}
    if total in known and parts and sum(parts.values()) == known[total]:
        series = suppress_series(list(parts.values()))
        shown = dict(zip((*parts, total), (*series.counts, series.total), strict=True))
    else:
        shown = {name: suppress_count(count) for name, count in known.items()}
    return {name: _seen(count) for name, count in shown.items()}


def _seen(count: Shown) -> int | str:
    return count.text if count.value is None else count.value


@remembered
def month_rows(months: Sequence[MonthFigures], *, protected: bool) -> pd.DataFrame:
    """Return the table of months, the latest first; `protected` as in `month_counts`."""
    rows = []
    for month in reversed(months):
        counts = month_counts(month, protected=protected)
        rows.append(
            {
                "month": month.month,
                **counts,
                "paid_benefit": month.paid_benefit,
                "per_household": HIDDEN
                if isinstance(counts["households"], str)
                else month.per_household,
                "source": _sources(month),
            }
        )
    return pd.DataFrame(rows, columns=[column.name for column in MONTH_COLUMNS], dtype=object)


@remembered
def month_chart(months: Sequence[MonthFigures], actor: Actor) -> pd.DataFrame:
    """Return the chart's rows: month, series, count, shown; a hidden count is left out."""
    numbers = dict(zip(SERIES, ("households", "adults", "children"), strict=True))
    rows = []
    for month in months:
        counts = month_counts(month, protected=is_protected(actor))
        rows += [
            {
                "month": month.month.isoformat(),
                "series": series,
                "count": _number(counts[name]),
                "shown": _words(counts[name]),
            }
            for series, name in numbers.items()
        ]
    return pd.DataFrame(rows, columns=["month", "series", "count", "shown"])


def month_tiles(months: Sequence[MonthFigures], actor: Actor) -> None:
    """Draw the latest month: households, people, and what was paid in the latest month known."""
    with st.grid(columns=5, gap="small"):
        _count_tile(months, "households", "Hushåll", actor)
        _count_tile(months, "recipients", "Mottagare", actor)
        _count_tile(months, "children", "Barn", actor)
        _money_tile(months, "paid_benefit", "Utbetalt bistånd", actor)
        _money_tile(months, "per_household", "Kr per hushåll", actor)


def flow_tiles(flow: pd.DataFrame, reasons: pd.DataFrame, actor: Actor, year: int) -> None:
    """Draw the year's flow so far, and how many of the closed have no known reason."""
    months = flow[flow["key"].str.startswith(str(year))]
    rows = flow_rows(flow, year, protected=is_protected(actor))
    with tiles.row():
        _unknown_tile(reasons, actor, year)
        for label, name in MOVED.items():
            total: Count = int(months[name].sum())
            if is_protected(actor):
                total = _seen(suppress_series(list(months[name])).total)
            tiles.tile(
                f"{label} {year}",
                _words(total),
                series=[_number(count) for count in rows[name]],
                source="Egna ärenden, senaste tolv månaderna i kurvan",
            )


@remembered
def flow_rows(flow: pd.DataFrame, year: int, *, protected: bool) -> pd.DataFrame:
    """Return the table of moves by month; `protected`: as a reader and a file may have it.

    The months of `year` add up to its total, so that none of them can be worked out from it.
    """
    if not protected:
        return flow
    of_year = flow["key"].str.startswith(str(year))
    rows = flow.copy()
    for name in MOVED.values():
        alone = [suppress_count(count) for count in flow.loc[~of_year, name]]
        together = suppress_series(list(flow.loc[of_year, name])).counts
        shown = [_seen(count) for count in (*alone, *together)]
        rows[name] = pd.Series(shown, index=flow.index, dtype=object)
    return rows


def _unknown_tile(reasons: pd.DataFrame, actor: Actor, year: int) -> None:
    cases = dict(zip(reasons["reason"], reasons["cases"], strict=True))
    cases.setdefault(sv(ClosingReason.UNKNOWN), 0)
    unknown, closed = cases[sv(ClosingReason.UNKNOWN)], sum(cases.values())
    part, whole = Shown(unknown, str(unknown)), Shown(closed, str(closed))
    if is_protected(actor):
        series = suppress_series(list(cases.values()))
        whole = series.total
        part = dict(zip(cases, series.counts, strict=True))[sv(ClosingReason.UNKNOWN)]
    hidden = is_protected(actor) and suppressed_share(part, whole).hidden
    reached = fulfilment(
        percent_value(unknown, closed),
        LARGEST_UNKNOWN_SHARE * 100,
        Direction.LOWER,
        None,
        Accumulation.LATEST,
        year_complete=True,
    )
    made_of = f"{_words(_seen(part))} av {_words(_seen(whole))}"
    tiles.tile(
        f"Avslutade som okänt {year}",
        HIDDEN if hidden else text.percent(share(unknown, closed)),
        sub=f"{made_of} · mål högst {text.percent(LARGEST_UNKNOWN_SHARE)}",
        fulfilment=None if hidden else reached,
        source="Egna ärenden",
    )


@remembered
def obstacle_rows(obstacles: pd.DataFrame) -> pd.DataFrame:
    """Return the table of obstacles, the most common first, with how many for over a year."""
    rows = [
        [OBSTACLE_WORDS[obstacle], adults, adults - over_a_year, over_a_year]
        for obstacle, adults, over_a_year in obstacles.itertuples(index=False, name=None)
    ]
    frame = pd.DataFrame(rows, columns=[c.name for c in OBSTACLE_COLUMNS], dtype=object)
    return frame.sort_values("adults", ascending=False, kind="stable")


@remembered
def obstacle_chart(rows: pd.DataFrame, actor: Actor) -> pd.DataFrame:
    """Return the chart's rows: obstacle, part, place, adults, total, shown; hidden ones left out."""
    shown = suppressed(rows, OBSTACLE_COLUMNS) if is_protected(actor) else rows
    return pd.DataFrame(
        [
            {
                "obstacle": obstacle,
                "part": part,
                "place": place,
                "adults": count if isinstance(count, int) else None,
                "total": adults if isinstance(adults, int) else None,
                "shown": str(adults),
            }
            for obstacle, adults, *parts in shown.itertuples(index=False, name=None)
            for place, (part, count) in enumerate(zip(PARTS, parts, strict=True))
        ],
        columns=["obstacle", "part", "place", "adults", "total", "shown"],
    )


@remembered
def reason_rows(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the table of closing reasons, with how many closed in all beside each."""
    return reasons.assign(total=int(sum(reasons["cases"])))


@remembered
def flow_chart(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows of `flow_rows`: month, move, cases; a hidden count is left out."""
    names = dict(zip(MOVES, MOVED.values(), strict=True))
    return pd.DataFrame(
        [
            {"month": row["key"], "move": move, "cases": _number(row[name])}
            for _, row in rows.iterrows()
            for move, name in names.items()
        ],
        columns=["month", "move", "cases"],
    )


def _number(count: Count) -> int | None:
    """Return a count for a chart: None for a hidden one."""
    return None if isinstance(count, str) else count


def _words(count: Count) -> str:
    return count if isinstance(count, str) else text.number(count)


def _count_tile(months: Sequence[MonthFigures], name: str, label: str, actor: Actor) -> None:
    known = [m for m in months if getattr(m, name) is not None]
    if not known:
        tiles.tile(label, text.DASH, sub="Ingen uppgift än")
        return
    counts = [month_counts(m, protected=is_protected(actor)) for m in known]
    seen = [_number(count[name]) for count in counts]
    change = None
    if len(known) > 1 and seen[-1] is not None and seen[-2] is not None:
        moved = seen[-1] - seen[-2]
        change = tiles.Change(moved, "", f"sedan {text.month_sv(known[-2].month)}")
    tiles.tile(
        label,
        _words(counts[-1][name]),
        sub=_made_of(counts[-1], name),
        change=change,
        series=seen,
        source=_month_source(known[-1], name),
    )


def _money_tile(months: Sequence[MonthFigures], name: str, label: str, actor: Actor) -> None:
    known = [m for m in months if getattr(m, name) is not None]
    if not known:
        tiles.tile(label, text.DASH, sub="Ingen uppgift än")
        return
    amounts = [_amount(m, name, actor) for m in known]
    last, shown = amounts[-1], text.kronor if name == "per_household" else text.tkr
    change = None
    if len(known) > 1 and last is not None and amounts[-2] is not None:
        scale, unit = (1, "kr") if name == "per_household" else (1000, "tkr")
        since = f"sedan {text.month_sv(known[-2].month)}"
        change = tiles.Change((last - amounts[-2]) / scale, unit, since)
    tiles.tile(
        label,
        HIDDEN if last is None else shown(last),
        change=change,
        series=amounts,
        source=_month_source(known[-1], name),
    )


def _amount(month: MonthFigures, name: str, actor: Actor) -> Fraction | None:
    """Return a month's amount, None for one that would tell a hidden number of households."""
    counts = month_counts(month, protected=is_protected(actor))
    if name == "per_household" and isinstance(counts["households"], str):
        return None
    return Fraction(getattr(month, name))


def _made_of(counts: dict[str, Count], name: str) -> str:
    women, men = counts["women"], counts["men"]
    if name == "households" and women is not None and men is not None:
        return f"{_words(women)} med kvinna och {_words(men)} med man som sökande"
    adults, children = counts["adults"], counts["children"]
    if name == "recipients" and adults is not None and children is not None:
        return f"{_words(adults)} vuxna och {_words(children)} barn"
    return ""


def _month_source(month: MonthFigures, name: str) -> str:
    return f"{text.month_sv(month.month).capitalize()} · {text.safe(_source(month, name))}"


def _sources(month: MonthFigures) -> str:
    """Return a month's sources: the number of households', and what was paid's if it differs."""
    counted = _source(month, "households")
    paid = _source(month, "paid_benefit")
    return counted if paid in {"", counted} else f"{counted}. Utbetalt: {paid}".removeprefix(". ")


def _source(month: MonthFigures, name: str) -> str:
    """Return where a month's number comes from; kr per household as what was paid."""
    stated = month.stated.get("paid_benefit" if name == "per_household" else name)
    if stated is None:
        return ""
    return f"{stated.source_name or sv(stated.source)}, {stated.sourced_on}"
