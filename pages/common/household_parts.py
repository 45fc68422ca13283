"""Pieces of Hushåll: tiles, rows of charts and tables as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.auth import Actor, Role
from core.charts.households import MOVES, PARTS, SERIES
from core.queries.households import MonthFigures
from core.reports.columns import suppressed
from core.rules.households import LARGEST_UNKNOWN_SHARE
from core.rules.indicators import fulfilment, percent_value
from core.rules.shares import Number
from core.rules.suppression import is_small
from core.terms import HIDDEN, OBSTACLE_CODES, Accumulation, ClosingReason, Direction, sv
from pages.common import text, tiles
from pages.common.tables import Column, Kind

OBSTACLE_WORDS = {written: sv(code) for code, written in OBSTACLE_CODES.items()}
MONTH_COLUMNS = (
    Column("month", "Månad", Kind.MONTH),
    Column("households", "Hushåll", Kind.PEOPLE, parts=("women", "men", "other")),
    Column("women", "Kvinna söker", Kind.PEOPLE),
    Column("men", "Man söker", Kind.PEOPLE),
    Column("other", "Annat/okänt", Kind.PEOPLE),
    Column("recipients", "Mottagare", Kind.PEOPLE, parts=("adults", "children")),
    Column("adults", "Vuxna", Kind.PEOPLE),
    Column("children", "Barn", Kind.PEOPLE),
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
    Column("opened", "Öppnade", Kind.PEOPLE),
    Column("referred", "Remitterade", Kind.PEOPLE),
    Column("closed", "Avslutade", Kind.PEOPLE),
)


def month_columns(months: Sequence[MonthFigures]) -> tuple[Column, ...]:
    """Return the months' columns; totals are known as such where every month states their parts."""
    complete = all(
        None not in (m.women, m.men, m.other, m.adults, m.children)
        and m.households == (m.women or 0) + (m.men or 0) + (m.other or 0)
        and m.recipients == (m.adults or 0) + (m.children or 0)
        for m in months
    )
    if complete:
        return MONTH_COLUMNS
    return tuple(replace(column, parts=()) for column in MONTH_COLUMNS)


def month_rows(months: Sequence[MonthFigures], actor: Actor) -> pd.DataFrame:
    """Return the table of months, the latest first."""
    reader = actor.role is Role.READER
    rows = [
        [
            m.month,
            m.households,
            m.women,
            m.men,
            m.other,
            m.recipients,
            m.adults,
            m.children,
            m.paid_benefit,
            HIDDEN if reader and _small(m.households) else m.per_household,
            _sources(m),
        ]
        for m in reversed(months)
    ]
    return pd.DataFrame(rows, columns=[column.name for column in MONTH_COLUMNS], dtype=object)


def month_chart(months: Sequence[MonthFigures], actor: Actor) -> pd.DataFrame:
    """Return the chart's rows: month, series, count, shown; a hidden count is left out."""
    numbers = dict(zip(SERIES, ("households", "adults", "children"), strict=True))
    return pd.DataFrame(
        [
            {
                "month": m.month.isoformat(),
                "series": series,
                "count": seen(getattr(m, name), actor),
                "shown": text.people(getattr(m, name), actor),
            }
            for m in months
            for series, name in numbers.items()
        ],
        columns=["month", "series", "count", "shown"],
    )


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
    with tiles.row():
        _unknown_tile(reasons, actor, year)
        for label, name in (
            ("Öppnade", "opened"),
            ("Remitterade", "referred"),
            ("Avslutade", "closed"),
        ):
            tiles.tile(
                f"{label} {year}",
                text.people(int(months[name].sum()), actor),
                series=[seen(int(moved), actor) for moved in flow[name]],
                source="Egna ärenden, senaste tolv månaderna i kurvan",
            )


def _unknown_tile(reasons: pd.DataFrame, actor: Actor, year: int) -> None:
    cases = dict(zip(reasons["reason"], reasons["cases"], strict=True))
    unknown, closed = cases.get(sv(ClosingReason.UNKNOWN), 0), sum(cases.values())
    share, made_of = text.people_share(unknown, closed, actor)
    tiles.tile(
        f"Avslutade som okänt {year}",
        share,
        sub=f"{made_of} · mål högst {text.percent(LARGEST_UNKNOWN_SHARE)}",
        fulfilment=fulfilment(
            percent_value(unknown, closed),
            LARGEST_UNKNOWN_SHARE * 100,
            Direction.LOWER,
            None,
            Accumulation.LATEST,
            year_complete=True,
        ),
        source="Egna ärenden",
    )


def obstacle_rows(obstacles: pd.DataFrame) -> pd.DataFrame:
    """Return the table of obstacles, the most common first, with how many for over a year."""
    rows = [
        [OBSTACLE_WORDS[obstacle], adults, adults - over_a_year, over_a_year]
        for obstacle, adults, over_a_year in obstacles.itertuples(index=False, name=None)
    ]
    frame = pd.DataFrame(rows, columns=[c.name for c in OBSTACLE_COLUMNS], dtype=object)
    return frame.sort_values("adults", ascending=False, kind="stable")


def obstacle_chart(rows: pd.DataFrame, actor: Actor) -> pd.DataFrame:
    """Return the chart's rows: obstacle, part, place, adults, total, shown; hidden ones left out."""
    shown = suppressed(rows, OBSTACLE_COLUMNS) if actor.role is Role.READER else rows
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


def reason_rows(reasons: pd.DataFrame) -> pd.DataFrame:
    """Return the table of closing reasons, with how many closed in all beside each."""
    return reasons.assign(total=int(sum(reasons["cases"])))


def flow_chart(flow: pd.DataFrame, actor: Actor) -> pd.DataFrame:
    """Return the chart's rows: month, move, cases; a hidden count is left out."""
    names = dict(zip(MOVES, ("opened", "referred", "closed"), strict=True))
    return pd.DataFrame(
        [
            {"month": row["key"], "move": move, "cases": seen(int(row[name]), actor)}
            for _, row in flow.iterrows()
            for move, name in names.items()
        ],
        columns=["month", "move", "cases"],
    )


def seen(count: int | None, actor: Actor) -> int | None:
    """Return a count as the actor may see it in a chart: None for a reader's small ones."""
    return None if actor.role is Role.READER and _small(count) else count


def _count_tile(months: Sequence[MonthFigures], name: str, label: str, actor: Actor) -> None:
    known = [m for m in months if getattr(m, name) is not None]
    if not known:
        tiles.tile(label, text.DASH, sub="Ingen uppgift än")
        return
    last, before = known[-1], known[-2] if len(known) > 1 else None
    tiles.tile(
        label,
        text.people(getattr(last, name), actor),
        sub=_made_of(last, name, actor),
        change=_change(last, before, name, actor),
        series=[seen(getattr(m, name), actor) for m in known],
        source=_month_source(last, name),
    )


def _money_tile(months: Sequence[MonthFigures], name: str, label: str, actor: Actor) -> None:
    known = [m for m in months if getattr(m, name) is not None]
    if not known:
        tiles.tile(label, text.DASH, sub="Ingen uppgift än")
        return
    last, before = known[-1], known[-2] if len(known) > 1 else None
    shown = text.kronor if name == "per_household" else text.tkr
    hidden = name == "per_household" and actor.role is Role.READER and _small(last.households)
    change = None
    if before is not None and not hidden:
        moved = Fraction(getattr(last, name)) - Fraction(getattr(before, name))
        scale, unit = (1, "kr") if name == "per_household" else (1000, "tkr")
        change = tiles.Change(moved / scale, unit, f"sedan {text.month_sv(before.month)}")
    tiles.tile(
        label,
        HIDDEN if hidden else shown(getattr(last, name)),
        change=change,
        series=[] if hidden else [getattr(m, name) for m in known],
        source=_month_source(last, name),
    )


def _made_of(month: MonthFigures, name: str, actor: Actor) -> str:
    if name == "households" and month.women is not None and month.men is not None:
        women, men = text.people(month.women, actor), text.people(month.men, actor)
        return f"{women} med kvinna och {men} med man som sökande"
    if name == "recipients" and month.adults is not None and month.children is not None:
        adults, children = text.people(month.adults, actor), text.people(month.children, actor)
        return f"{adults} vuxna och {children} barn"
    return ""


def _change(
    last: MonthFigures, before: MonthFigures | None, name: str, actor: Actor
) -> tiles.Change | None:
    now = seen(getattr(last, name), actor)
    then = None if before is None else seen(getattr(before, name), actor)
    if now is None or then is None or before is None:
        return None
    return tiles.Change(now - then, "", f"sedan {text.month_sv(before.month)}")


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


def _small(count: Number | None) -> bool:
    return count is not None and is_small(int(count))
