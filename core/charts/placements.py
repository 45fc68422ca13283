"""Placements' cost by month: what is paid, and what is decided but has not happened yet."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette

PAID, COMMITTED = "Upparbetat", "Beslutat"


@theme.remembered
def month_cost_rows(months: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (short name), `part`, `order`, `kronor`.

    Args:
        months: Columns `month` (first day), `paid` and `committed` in kronor.
    """
    names = theme.SWEDISH["time"]["shortMonths"]
    rows = [
        (names[month.month - 1], part, order, amount)
        for month, *amounts in months[["month", "paid", "committed"]].itertuples(index=False)
        for order, (part, amount) in enumerate(zip((PAID, COMMITTED), amounts, strict=True))
    ]
    return pd.DataFrame(rows, columns=["month", "part", "order", "kronor"])


def _month_costs(palette: Palette) -> alt.TopLevelMixin:
    chart: alt.Chart = (
        alt.Chart()
        .mark_bar(width=alt.RelativeBandSize(0.7))
        .encode(
            x=alt.X("month", type="ordinal", sort=None, title=None).axis(
                labelAngle=0, domain=False, labelOverlap=True
            ),
            y=alt.Y("kronor", type="quantitative", title="kronor").axis(
                format=",.0f", tickCount=5, domain=False
            ),
            color=alt.Color("part", type="nominal")
            .scale(domain=[PAID, COMMITTED], range=[palette.main, palette.soft])
            .legend(theme.legend(2)),
            order=alt.Order("order", type="ordinal"),
            tooltip=[
                alt.Tooltip("month", type="ordinal", title="Månad"),
                alt.Tooltip("part", type="nominal", title="Del"),
                alt.Tooltip("kronor", type="quantitative", title="Kronor", format=",.0f"),
            ],
        )
        .properties(height=260)
    )
    return chart


MONTH_COSTS = theme.both(_month_costs)
