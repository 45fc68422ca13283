"""The year's placement cost as it has grown, and where it may end: a span that opens to the year's end.

Everything is labelled at the year's end, beside the budget that is meant to hold it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.cost_fan import FanDay
from core.rules.dates import year_of
from core.rules.shares import rounded

PAID, AHEAD, BUDGET, LABEL = "Upparbetat", "Uppskattat", "Budget", "label"
HIGH, EXPECTED, LOW = "Högt", "Förväntat", "Lågt"
THOUSAND = 1000
HEIGHT = 320
COLUMNS = ["part", "day", "tkr", "low", "high", "text"]
_APART, _ROOM = 0.065, 150


def fan_rows(
    paid: Sequence[tuple[dt.date, Decimal]], ahead: Sequence[FanDay], budget: Decimal | None
) -> pd.DataFrame:
    """Return the chart's rows: columns `part`, `day`, `tkr`, `low`, `high`, `text`.

    Args:
        paid: What the year had cost through each day, ascending; the last is the day of the fan.
        ahead: What it may have cost through each month end to come.
        budget: What is meant to pay for it, None for no line.
    """
    year = year_of(paid[-1][0])
    on, cost = paid[-1]
    rows: list[tuple[object, ...]] = [(PAID, year.start, Decimal(0), None, None, "")]
    rows += [(PAID, day, amount, None, None, "") for day, amount in paid]
    if ahead:
        rows.append((AHEAD, on, cost, cost, cost, ""))
        rows += [(AHEAD, one.day, one.expected, one.low, one.high, "") for one in ahead]
    if budget is not None:
        rows += [(BUDGET, day, budget, None, None, "") for day in (year.start, year.end)]
    rows += [(LABEL, year.end, at, None, None, words) for at, words in _labels(cost, ahead, budget)]
    return pd.DataFrame(
        [
            (part, pd.Timestamp(str(day)), *map(_tkr, amounts), words)
            for part, day, *amounts, words in rows
        ],
        columns=COLUMNS,
    )


def _labels(
    cost: Decimal, ahead: Sequence[FanDay], budget: Decimal | None
) -> list[tuple[Decimal, str]]:
    """Return the labels at the year's end and where they stand: never on each other."""
    if ahead:
        last = ahead[-1]
        found = [(last.high, HIGH), (last.expected, EXPECTED), (last.low, LOW)]
    else:
        found = [(cost, PAID)]
    if budget is not None:
        found.append((budget, BUDGET))
    found.sort()
    apart = max(amount for amount, _ in found) * Decimal(str(_APART))
    places = [found[0][0]]
    for amount, _ in found[1:]:
        places.append(max(amount, places[-1] + apart))
    return [
        (place, f"{name} {rounded(amount / THOUSAND):,} tkr".replace(",", "\u202f"))
        for place, (amount, name) in zip(places, found, strict=True)
    ]


def _tkr(amount: object) -> float | None:
    return float(amount / THOUSAND) if isinstance(amount, Decimal) else None


def _fan(palette: Palette) -> alt.TopLevelMixin:
    """Return the chart. What may be empty is no mark of its own to a screen reader."""
    x = alt.X("day", type="temporal", title=None)
    x = x.scale(range=[0, {"expr": f"max(width - {_ROOM}, 40)"}], nice=False)
    x = x.axis(format="%b", grid=False, domain=False, labelOverlap="greedy", tickCount=6)
    y = alt.Y("tkr", type="quantitative", title="tkr sedan 1 januari")
    y = y.scale(zero=True).axis(format=",.0f", tickCount=5, domain=False)
    base = alt.Chart().encode(x=x)

    def of(part: str) -> alt.Chart:
        chart: alt.Chart = base.transform_filter(f"datum.part === '{part}'")
        return chart

    band = of(AHEAD).mark_area(color=palette.soft, opacity=0.35, aria=False)
    band = band.encode(
        y=alt.Y("low", type="quantitative", title="tkr sedan 1 januari"), y2=alt.Y2("high")
    )
    told = [
        alt.Tooltip("day", type="temporal", title="Till och med", format="%Y-%m-%d"),
        alt.Tooltip("tkr", type="quantitative", title="tkr", format=",.0f"),
    ]
    span = [
        alt.Tooltip("low", type="quantitative", title="Lågt, tkr", format=",.0f"),
        alt.Tooltip("high", type="quantitative", title="Högt, tkr", format=",.0f"),
    ]
    paid = of(PAID).mark_line(color=palette.main).encode(y=y)
    points = of(PAID).mark_point(color=palette.main, size=40).encode(y=y, tooltip=told)
    expected = of(AHEAD).mark_line(color=palette.main, strokeDash=[6, 4], aria=False).encode(y=y)
    middle = of(AHEAD).mark_point(color=palette.main, size=40, filled=False, aria=False)
    middle = middle.encode(y=y, tooltip=[*told, *span])
    budget = of(BUDGET).mark_line(
        color=palette.target, strokeDash=[5, 4], strokeWidth=1.5, aria=False
    )
    words = (
        of(LABEL)
        .mark_text(align="left", dx=8, fontSize=13)
        .encode(y=y, text=alt.Text("text", type="nominal"))
    )
    return alt.layer(band, budget.encode(y=y), paid, expected, points, middle, words).properties(
        height=HEIGHT
    )


FAN = theme.both(_fan)
