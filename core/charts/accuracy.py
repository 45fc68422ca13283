"""How far each method was from the final amount, month by month in closed years."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.accuracy import COMPUTED, OWN, Method
from core.rules.shares import Number
from core.terms import sv_title

METHODS: tuple[Method, ...] = (OWN, *COMPUTED)
OWN_WORDS = "Controllerns egen"
WORDS = tuple(OWN_WORDS if method is None else sv_title(method) for method in METHODS)
"""The methods in words, in the order of `METHODS`."""


def accuracy_rows(averages: Sequence[tuple[str, str, Number]]) -> pd.DataFrame:
    """Return the chart's rows: columns `month`, `method`, `percent`.

    Args:
        averages: The month's short name, the method (one of `WORDS`) and the mean miss (0-1).
    """
    rows = [(month, method, float(share) * 100) for month, method, share in averages]
    return pd.DataFrame(rows, columns=["month", "method", "percent"])


def key(palette: Palette) -> list[tuple[str, str]]:
    """Return each method's word and colour."""
    return list(zip(WORDS, palette.series, strict=False))


def _build(palette: Palette) -> alt.TopLevelMixin:
    color = alt.Color("method", type="nominal", legend=None).scale(
        domain=list(WORDS), range=list(palette.series[: len(WORDS)])
    )
    x = alt.X("month", type="nominal", sort=None, title=None).axis(labelAngle=0)
    y = alt.Y("percent", type="quantitative", title="% fel i snitt").axis(tickCount=4)
    base = alt.Chart().encode(x=x, y=y, color=color)
    points = base.mark_point(size=60, filled=True).encode(
        tooltip=[
            alt.Tooltip("month", type="nominal", title="Efter"),
            alt.Tooltip("method", type="nominal", title="Metod"),
            alt.Tooltip("percent", type="quantitative", title="% fel", format=".1f"),
        ]
    )
    return alt.layer(base.mark_line(), points).properties(height=260, width="container")


ACCURACY = theme.both(_build)
