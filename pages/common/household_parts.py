"""Pieces of Hushåll: tiles, rows of charts and tables as the actor may see them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.auth import Actor, Role
from core.charts.households import PARTS, SERIES
from core.charts.theme import remembered
from core.queries.households import MonthFigures
from core.reports.columns import suppressed
from core.rules.linked_counts import GENDERS, PEOPLE, household_counts
from core.rules.suppression import Shown, suppress_count
from core.terms import ALL, HIDDEN, OBSTACLE_CODES, sv
from pages.common import text, tiles
from pages.common.tables import Column, Kind

Count = int | str | None
"""A count as somebody may see it: the number, what stands instead of it, or nothing stated."""
COUNTED = ("households", *GENDERS, *PEOPLE)
"""A month's counts of households and people."""
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
    Column("adults", "Vuxna", Kind.COUNT),
    Column("shorter", "Högst ett år eller okänt", Kind.COUNT),
    Column("over_a_year", "Över ett år", Kind.COUNT),
)
OBSTACLE_PARTS = (
    Column("adults", "", Kind.PEOPLE, parts=("shorter", "over_a_year")),
    Column("shorter", "", Kind.PEOPLE),
    Column("over_a_year", "", Kind.PEOPLE),
)
"""What adds up to what in the table of obstacles, for hiding small counts."""


def is_protected(actor: Actor) -> bool:
    """Tell whether small counts are hidden from the actor."""
    return actor.role is Role.READER


@remembered
def month_counts(months: Sequence[MonthFigures], *, protected: bool) -> list[dict[str, Count]]:
    """Return each month's counts of people by name; `protected`: as a reader and a file have them.

    What is hidden can't be worked out from the counts that it adds up with.
    """
    counts: list[dict[str, Count]] = []
    for month in months:
        stated = {name: getattr(month, name) for name in COUNTED}
        shown = household_counts(stated) if protected else {}
        counts.append(stated | {name: count_seen(count) for name, count in shown.items()})
    return counts


def count_seen(count: Shown) -> int | str:
    """Return a count as somebody may see it: the number, or what stands instead of it."""
    return count.text if count.value is None else count.value


@remembered
def month_rows(months: Sequence[MonthFigures], *, protected: bool) -> pd.DataFrame:
    """Return the table of months, the latest first; `protected` as in `month_counts`."""
    rows = []
    seen = month_counts(months, protected=protected)
    for month, counts in zip(reversed(months), reversed(seen), strict=True):
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
    for month, counts in zip(
        months, month_counts(months, protected=is_protected(actor)), strict=True
    ):
        rows += [
            {
                "month": month.month.isoformat(),
                "series": series,
                "count": count_or_none(counts[name]),
                "shown": count_words(counts[name]),
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


def nothing(*, may_edit: bool) -> None:
    """Say that no month is known, and to those who can what to do about it."""
    st.info(
        "Det finns ingen hushållsstatistik för de senaste två åren."
        + (" Räkna fram, skriv in eller läs in en månad." if may_edit else ""),
        icon=":material/inbox:",
    )


def hidden_last(rows: pd.DataFrame, count: str, name: str) -> pd.DataFrame:
    """Return rows with the hidden ones last, by name, and the others as they stand."""
    hidden = pd.Series([isinstance(value, str) for value in rows[count]], rows.index, dtype=bool)
    return pd.concat([rows[~hidden], rows[hidden].sort_values(name)])


@remembered
def obstacle_rows(obstacles: pd.DataFrame, *, protected: bool) -> pd.DataFrame:
    """Return the table of obstacles, the most common first, with how many for over a year.

    `protected` as in `reason_rows`.
    """
    rows = [
        [OBSTACLE_WORDS[obstacle], adults, adults - over_a_year, over_a_year]
        for obstacle, adults, over_a_year in obstacles.itertuples(index=False, name=None)
    ]
    frame = pd.DataFrame(rows, columns=[c.name for c in OBSTACLE_COLUMNS], dtype=object)
    frame = frame.sort_values("adults", ascending=False, kind="stable")
    if not protected:
        return frame
    seen = suppressed(frame, OBSTACLE_PARTS)
    if all(count == HIDDEN for count in seen["adults"]):
        total = count_seen(suppress_count(sum(frame["adults"])))
        rows = [[ALL, total, HIDDEN, HIDDEN]] if rows else []
        return pd.DataFrame(rows, columns=frame.columns, dtype=object)
    return hidden_last(seen, "adults", "obstacle")


@remembered
def obstacle_chart(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows of `obstacle_rows`: obstacle, part, place, adults, total, shown.

    Hidden counts are left out.
    """
    return pd.DataFrame(
        [
            {
                "obstacle": obstacle,
                "part": part,
                "place": place,
                "adults": count_or_none(count),
                "total": count_or_none(adults),
                "shown": str(adults),
            }
            for obstacle, adults, *parts in rows.itertuples(index=False, name=None)
            for place, (part, count) in enumerate(zip(PARTS, parts, strict=True))
        ],
        columns=["obstacle", "part", "place", "adults", "total", "shown"],
    )


def count_or_none(count: Count) -> int | None:
    """Return a count for a chart: None for a hidden one."""
    return None if isinstance(count, str) else count


def count_words(count: Count) -> str:
    """Return a count in words: hidden, stated or a dash."""
    return count if isinstance(count, str) else text.number(count)


def _count_tile(months: Sequence[MonthFigures], name: str, label: str, actor: Actor) -> None:
    known = [m for m in months if getattr(m, name) is not None]
    if not known:
        tiles.tile(label, text.DASH, sub="Ingen uppgift än")
        return
    counts = _counts_of(months, name, protected=is_protected(actor))
    seen = [count_or_none(count[name]) for count in counts]
    change = None
    if len(known) > 1 and seen[-1] is not None and seen[-2] is not None:
        moved = seen[-1] - seen[-2]
        change = tiles.Change(moved, "", f"sedan {text.month_sv(known[-2].month)}")
    tiles.tile(
        label,
        count_words(counts[-1][name]),
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
    amounts = _amounts(months, name, protected=is_protected(actor))
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


@remembered
def _counts_of(
    months: Sequence[MonthFigures], name: str, *, protected: bool
) -> list[dict[str, Count]]:
    """Return the counts, as in `month_counts`, of the months that state a number."""
    counts = month_counts(months, protected=protected)
    return [
        count
        for month, count in zip(months, counts, strict=True)
        if getattr(month, name) is not None
    ]


@remembered
def _amounts(
    months: Sequence[MonthFigures], name: str, *, protected: bool
) -> list[Fraction | None]:
    """Return the amounts of the months that state one, None for a hidden one."""
    counts = _counts_of(months, name, protected=protected)
    known = [month for month in months if getattr(month, name) is not None]
    return [_amount(*found, name) for found in zip(known, counts, strict=True)]


def _amount(month: MonthFigures, counts: dict[str, Count], name: str) -> Fraction | None:
    """Return a month's amount, None for one that would tell a hidden number of households."""
    if name == "per_household" and isinstance(counts["households"], str):
        return None
    return Fraction(getattr(month, name))


def _made_of(counts: dict[str, Count], name: str) -> str:
    women, men = counts["women"], counts["men"]
    if name == "households" and women is not None and men is not None:
        return f"{count_words(women)} med kvinna och {count_words(men)} med man som sökande"
    adults, children = counts["adults"], counts["children"]
    if name == "recipients" and adults is not None and children is not None:
        return f"{count_words(adults)} vuxna och {count_words(children)} barn"
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
