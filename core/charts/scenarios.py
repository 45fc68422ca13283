"""What scenarios change each month by, beside each other, against what is decided now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette


@theme.remembered
def difference_rows(
    months: tuple[dt.date, ...], moved: tuple[tuple[str, tuple[Decimal, ...]], ...]
) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (short name), `scenario`, `kronor`.

    Args:
        months: First days, in order.
        moved: Each scenario's name, and what it changes each month by in kronor.
    """
    names = theme.SWEDISH["time"]["shortMonths"]
    rows = [
        (names[month.month - 1], name, amounts[n])
        for n, month in enumerate(months)
        for name, amounts in moved
    ]
    return pd.DataFrame(rows, columns=["month", "scenario", "kronor"])


def _differences(palette: Palette) -> alt.TopLevelMixin:
    bars = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=alt.X("month", type="ordinal", sort=None, title=None).axis(
                labelAngle=0, domain=False, labelOverlap=True
            ),
            xOffset=alt.XOffset("scenario", type="nominal", sort=None),
            y=alt.Y("kronor", type="quantitative", title="kronor mot nuläget").axis(
                format=",.0f", tickCount=5, domain=False
            ),
            color=alt.Color("scenario", type="nominal", sort=None)
            .scale(range=list(palette.series))
            .legend(theme.legend(1)),
            tooltip=[
                alt.Tooltip("month", type="ordinal", title="Månad"),
                alt.Tooltip("scenario", type="nominal", title="Scenario"),
                alt.Tooltip("kronor", type="quantitative", title="Mot nuläget", format="+,.0f"),
            ],
        )
    )
    zero = alt.Chart().mark_rule(aria=False, color=palette.muted, strokeDash=[1, 0], strokeWidth=1)
    return alt.layer(bars, zero.encode(y=alt.datum(0))).properties(height=260)


DIFFERENCES = theme.both(_differences)
