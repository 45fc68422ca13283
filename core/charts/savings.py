"""The action plan by month: what the measures should have saved, and what they did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette

EXPECTED, ACHIEVED = "Förväntat", "Uppföljt"


def effect_rows(
    expected: Mapping[dt.date, Decimal], achieved: Mapping[dt.date, Decimal]
) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (short name), `part`, `tkr`.

    Args:
        expected: Kronor by month (its first day), every month of the year.
        achieved: Kronor of the months that are followed up.
    """
    names = theme.SWEDISH["time"]["shortMonths"]
    rows = [
        (names[month.month - 1], part, amounts[month] / 1000)
        for month in expected
        for part, amounts in ((EXPECTED, expected), (ACHIEVED, achieved))
        if month in amounts
    ]
    return pd.DataFrame(rows, columns=["month", "part", "tkr"], dtype=object)


def _effects(palette: Palette) -> alt.TopLevelMixin:
    chart: alt.Chart = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=alt.X("month", type="ordinal", sort=None, title=None).axis(
                labelAngle=0, domain=False, labelOverlap=True
            ),
            xOffset=alt.XOffset("part", type="nominal", sort=[EXPECTED, ACHIEVED]),
            y=alt.Y("tkr", type="quantitative", title="tkr i månaden").axis(
                format=",.0f", tickCount=5, domain=False
            ),
            color=alt.Color("part", type="nominal")
            .scale(domain=[EXPECTED, ACHIEVED], range=[palette.soft, palette.main])
            .legend(theme.legend(2)),
            tooltip=[
                alt.Tooltip("month", type="ordinal", title="Månad"),
                alt.Tooltip("part", type="nominal", title="Effekt"),
                alt.Tooltip("tkr", type="quantitative", title="Tkr", format=",.1f"),
            ],
        )
        .properties(height=240)
    )
    return chart


EFFECTS = theme.both(_effects)
