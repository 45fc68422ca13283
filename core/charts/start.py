"""Start's three charts: plans by caseworker, placements' cost by month, and households."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import lru_cache

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.rows import records
from core.charts.theme import Palette
from core.rules.shares import percent
from core.terms import sv_title

MOST_BARS = 12
PAID, COMMITTED = "Upparbetat", "Beslutat framåt"
_TKR = 1000


@theme.remembered
def plan_rows(plans: pd.DataFrame) -> pd.DataFrame:
    """Return the bars' rows: columns `key`, `status`, `place`, `cases`, `total` and `label`.

    The caseworkers with most overdue plans come first, at most `MOST_BARS` of them; `label` is the
    current share in whole percent.

    Args:
        plans: Columns of `core.queries.change_plans.change_plans` by caseworker.
    """
    order = sorted(records(plans), key=lambda row: (-row["overdue"], -row["outdated"], row["key"]))
    rows = [
        (
            row["key"],
            sv_title(status),
            place,
            row[status.value],
            row["open"],
            "–" if row["current_share"] is None else f"{percent(row['current_share'])}\u00a0%",
        )
        for row in order[:MOST_BARS]
        for place, status in enumerate(theme.STATUS_ORDER)
    ]
    return pd.DataFrame(rows, columns=["key", "status", "place", "cases", "total", "label"])


@theme.remembered
def cost_rows(months: pd.DataFrame, month_budget: Fraction | None) -> pd.DataFrame:
    """Return the cost bars' rows: columns `month`, `part`, `place`, `tkr` and `budget` (tkr).

    Args:
        months: Columns `month` (first day), `paid` and `committed` in kronor.
        month_budget: A month's budget in kronor, drawn as a line; None draws none.
    """
    names = theme.SWEDISH["time"]["shortMonths"]
    budget = None if month_budget is None else float(month_budget) / _TKR
    rows = [
        (names[month.month - 1], part, place, float(amount) / _TKR, budget)
        for month, paid, committed in months[["month", "paid", "committed"]].itertuples(index=False)
        for place, (part, amount) in enumerate(((PAID, paid), (COMMITTED, committed)))
    ]
    return pd.DataFrame(rows, columns=["month", "part", "place", "tkr", "budget"])


@lru_cache(maxsize=256)
def household_rows(months: tuple[tuple[dt.date, int | None], ...]) -> pd.DataFrame:
    """Return the line's rows: columns `month`, `households`, `label`.

    Only the first, the lowest, the highest and the last month have a label, which is their number.
    """
    known = [(month, count) for month, count in months if count is not None]
    counts = [count for _, count in known]
    labelled = {0, len(known) - 1} if known else set()
    labelled |= (
        {counts.index(extreme) for extreme in (min(counts), max(counts))} if known else set()
    )
    rows = [
        (pd.Timestamp(month), count, str(count) if place in labelled else "")
        for place, (month, count) in enumerate(known)
    ]
    return pd.DataFrame(rows, columns=["month", "households", "label"])


def cost_key(palette: Palette) -> list[tuple[str, str]]:
    """Return the cost bars' parts with their colours."""
    return [(PAID, palette.main), (COMMITTED, palette.soft)]


def _plans(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        y=alt.Y("key", type="nominal", sort=None, title=None).axis(domain=False, labelLimit=140)
    )
    bars = base.mark_bar().encode(
        x=alt.X("cases", type="quantitative", title=None, axis=None),
        color=alt.Color("status", type="nominal", scale=theme.status_scale(palette), legend=None),
        order=alt.Order("place", type="quantitative"),
        tooltip=[
            alt.Tooltip("key", type="nominal", title="Handläggare"),
            alt.Tooltip("status", type="nominal", title="Status"),
            alt.Tooltip("cases", type="quantitative", title="Ärenden"),
        ],
    )
    labels = (
        base.transform_filter("datum.place === 0")
        .mark_text(align="left", dx=6, fontSize=13, fontWeight=600)
        .encode(
            x=alt.X("total", type="quantitative", title=None, axis=None),
            text=alt.Text("label", type="nominal"),
        )
    )
    return alt.layer(bars, labels).properties(height=alt.Step(26))


def _costs(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart()
    bars = base.mark_bar(width={"band": 0.72}).encode(
        x=alt.X("month", type="ordinal", sort=None, title=None).axis(
            labelAngle=0, domain=False, labelOverlap="greedy"
        ),
        y=alt.Y("tkr", type="quantitative", title=None).axis(
            format=",.0f", tickCount=4, domain=False
        ),
        color=alt.Color("part", type="nominal", legend=None).scale(
            domain=[PAID, COMMITTED], range=[palette.main, palette.soft]
        ),
        order=alt.Order("place", type="quantitative"),
        tooltip=[
            alt.Tooltip("month", type="nominal", title="Månad"),
            alt.Tooltip("part", type="nominal", title="Del"),
            alt.Tooltip("tkr", type="quantitative", title="tkr", format=",.0f"),
        ],
    )
    budget = base.transform_aggregate(budget="max(budget)").transform_filter(
        "isValid(datum.budget)"
    )
    rule = budget.mark_rule().encode(y=alt.Y("budget", type="quantitative"))
    label = (
        budget.transform_calculate(words="'budget ' + format(datum.budget, ',.0f') + ' tkr'")
        .mark_text(align="right", dy=-8, x="width", color=palette.target)
        .encode(y=alt.Y("budget", type="quantitative"), text=alt.Text("words", type="nominal"))
    )
    return alt.layer(bars, rule, label).properties(height=240)


def _households(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        x=alt.X("month", type="temporal", title=None).axis(
            format="%b %Y", tickCount=6, grid=False, domain=False, labelSeparation=12
        ),
        y=alt.Y("households", type="quantitative", title=None)
        .scale(zero=False, padding=18)
        .axis(tickCount=4, domain=False),
    )
    line = base.mark_line(interpolate="monotone").encode(
        tooltip=[
            alt.Tooltip("month", type="temporal", title="Månad", format="%B %Y"),
            alt.Tooltip("households", type="quantitative", title="Hushåll"),
        ]
    )
    marked = base.transform_filter("datum.label !== ''")
    labels = marked.mark_text(dy=-13, fontSize=13, fontWeight=600).encode(
        text=alt.Text("label", type="nominal")
    )
    points = marked.mark_point(color=palette.main)
    return alt.layer(line, points, labels).properties(height=240)


PLANS = theme.both(_plans)
COSTS = theme.both(_costs)
HOUSEHOLDS = theme.both(_households)
