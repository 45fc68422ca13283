"""Temporary housing by month: who lives there, and what each form costs."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.terms import ALL

SERIES = {"households": "hushåll", "people": "personer", "children": "barn"}


@theme.remembered
def people_rows(months: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (ISO date), `series` (a word of `SERIES`), `count`.

    Args:
        months: The columns of `core.queries.temporary_housing.COLUMNS`.
    """
    everybody = months[months["form"] == ALL]
    rows = [
        (month.isoformat(), word, count)
        for name, word in SERIES.items()
        for month, count in zip(everybody["month"], everybody[name], strict=True)
    ]
    return pd.DataFrame(rows, columns=["month", "series", "count"])


@theme.remembered
def cost_rows(months: pd.DataFrame) -> pd.DataFrame:
    """Return the chart's rows: columns `month` (ISO date), `form`, `kronor`; forms as they stand.

    A month without any cost has a row, so that it keeps its place.
    """
    forms = months[(months["form"] != ALL) | (months["cost"] == 0)]
    names = [name for name in dict.fromkeys(forms["form"]) if name != ALL]
    rows = [
        (month.isoformat(), names[0] if form == ALL and names else form, cost)
        for month, form, cost in zip(forms["month"], forms["form"], forms["cost"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["month", "form", "kronor"])


def _months() -> alt.X:
    return alt.X(
        "yearmonth(month)",
        type="ordinal",
        title=None,
        axis=alt.Axis(format="%b %Y", labelAngle=0, labelOverlap="greedy", labelSeparation=10),
    )


def _people(palette: Palette) -> alt.TopLevelMixin:
    words = list(SERIES.values())
    base = alt.Chart().encode(
        x=_months(),
        y=alt.Y("count", type="quantitative", title=None, axis=alt.Axis(tickMinStep=1)),
        color=alt.Color("series", type="nominal")
        .scale(domain=words, range=list(palette.series[: len(words)]))
        .legend(theme.legend()),
    )
    points = base.mark_point(filled=True, size=40).encode(
        tooltip=[
            alt.Tooltip("month", type="temporal", title="Månad", format="%B %Y"),
            alt.Tooltip("series", type="nominal", title="Uppgift"),
            alt.Tooltip("count", type="quantitative", title="Antal"),
        ]
    )
    return alt.layer(base.mark_line(), points).properties(height=240, width="container")


def _costs(palette: Palette) -> alt.TopLevelMixin:
    chart: alt.Chart = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=_months(),
            y=alt.Y("kronor", type="quantitative", title="kronor").axis(
                format=",.0f", tickCount=5, domain=False
            ),
            color=alt.Color("form", type="nominal", sort=None)
            .scale(range=list(palette.series))
            .legend(theme.legend(1)),
            tooltip=[
                alt.Tooltip("month", type="temporal", title="Månad", format="%B %Y"),
                alt.Tooltip("form", type="nominal", title="Boendeform"),
                alt.Tooltip("kronor", type="quantitative", title="Kronor", format=",.0f"),
            ],
        )
        .properties(height=240, width="container")
    )
    return chart


PEOPLE = theme.both(_people)
COSTS = theme.both(_costs)
