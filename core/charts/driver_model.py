"""A driver model's year by month: what is booked, and what the model gives the coming months."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.driver_model import DriverMonth

BOOKED, MODELLED = "Bokfört", "Modellen"


@theme.remembered
def month_rows(months: Sequence[DriverMonth]) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (short name), `part`, `mnkr`, `households`."""
    names = theme.SWEDISH["time"]["shortMonths"]
    rows = [
        (
            names[one.month.month - 1],
            MODELLED if one.booked is None else BOOKED,
            one.cost / 1_000_000,
            one.households,
        )
        for one in months
    ]
    return pd.DataFrame(rows, columns=["month", "part", "mnkr", "households"], dtype=object)


def _months(palette: Palette) -> alt.TopLevelMixin:
    chart: alt.Chart = (
        alt.Chart()
        .mark_bar(width=alt.RelativeBandSize(0.7))
        .encode(
            x=alt.X("month", type="ordinal", sort=None, title=None).axis(
                labelAngle=0, domain=False, labelOverlap=True
            ),
            y=alt.Y("mnkr", type="quantitative", title="mnkr").axis(
                format=",.1f", tickCount=5, domain=False
            ),
            color=alt.Color("part", type="nominal")
            .scale(domain=[BOOKED, MODELLED], range=[palette.main, palette.soft])
            .legend(theme.legend(2)),
            tooltip=[
                alt.Tooltip("month", type="ordinal", title="Månad"),
                alt.Tooltip("part", type="nominal", title="Del"),
                alt.Tooltip("mnkr", type="quantitative", title="Mnkr", format=",.2f"),
                alt.Tooltip("households", type="quantitative", title="Hushåll", format=",.0f"),
            ],
        )
        .properties(height=260)
    )
    return chart


MONTHS = theme.both(_months)
