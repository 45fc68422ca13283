"""Impact analyses: children by analysis and their coverage, by month and by caseworker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.rows import records
from core.charts.theme import Palette
from core.rules.shares import percent
from core.terms import AnalysisStatus, PlanStatus, sv_title

ORDER = (AnalysisStatus.DONE, AnalysisStatus.LATE, AnalysisStatus.MISSING)
COLUMNS = ["key", "status", "place", "children", "total", "label"]
_LABEL = 104


@theme.remembered
def month_rows(months: Iterable[dt.date], analyses: pd.DataFrame) -> pd.DataFrame:
    """Return the bars' rows by month: `COLUMNS`, the key as "maj 24".

    `label` is the coverage as a whole number of percent, so short that twelve of them stand beside
    each other on a phone; empty for a month without children.

    Args:
        months: The months of the rows, ascending.
        analyses: Columns of `core.queries.child_impact.bka` by month.
    """
    names = theme.SWEDISH["time"]["shortMonths"]
    keys = [f"{names[month.month - 1]} {month:%y}" for month in months]
    rows = zip(keys, records(analyses), strict=True)
    return _parts((key, row, _percent(row)) for key, row in rows)


@theme.remembered
def caseworker_rows(analyses: pd.DataFrame) -> pd.DataFrame:
    """Return the bars' rows by caseworker: `COLUMNS`, most children without analysis in time first.

    `label` is the coverage in whole percent with what it is made of.

    Args:
        analyses: Columns of `core.queries.child_impact.bka` by caseworker.
    """
    order = sorted(records(analyses), key=lambda row: (-row["missing"], -row["late"], row["key"]))
    return _parts(
        (row["key"], row, f"{_percent(row)}\u00a0% ({row['done']}/{row['children']})")
        for row in order
    )


def status_key(palette: Palette) -> list[tuple[str, str]]:
    """Return the analysis statuses' Swedish words with their colours, for a key above a chart."""
    return [
        (sv_title(status), color) for status, color in zip(ORDER, _colors(palette), strict=True)
    ]


def _parts(found: Iterable[tuple[str, dict[Any, Any], str]]) -> pd.DataFrame:
    rows = [
        (key, sv_title(status), place, row[status.value], row["children"], label)
        for key, row, label in found
        for place, status in enumerate(ORDER)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _percent(row: dict[Any, Any]) -> str:
    return "" if row["share"] is None else str(percent(row["share"]))


def _colors(palette: Palette) -> list[str]:
    wanted = (PlanStatus.CURRENT, PlanStatus.DUE, PlanStatus.OVERDUE)
    return [palette.status[status] for status in wanted]


def _status(palette: Palette) -> alt.Color:
    return alt.Color("status", type="nominal", legend=None).scale(
        domain=[sv_title(status) for status in ORDER], range=_colors(palette)
    )


def _tooltip(title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("key", type="nominal", title=title),
        alt.Tooltip("status", type="nominal", title="Analys"),
        alt.Tooltip("children", type="quantitative", title="Barn"),
    ]


def _months(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        x=alt.X("key", type="ordinal", sort=None, title=None).axis(
            labelAngle=0, domain=False, labelOverlap="greedy"
        )
    )
    bars = base.mark_bar(width={"band": 0.72}).encode(
        y=alt.Y("children", type="quantitative", title="Barn").axis(
            tickMinStep=1, tickCount=4, domain=False
        ),
        color=_status(palette),
        order=alt.Order("place", type="quantitative"),
        tooltip=_tooltip("Månad"),
    )
    labels = (
        base.transform_filter("datum.place === 0")
        .mark_text(dy=-9, fontWeight=600)
        .encode(
            y=alt.Y("total", type="quantitative", title="Barn"),
            text=alt.Text("label", type="nominal"),
        )
    )
    return alt.layer(bars, labels).properties(height=240)


def _caseworkers(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        y=alt.Y("key", type="nominal", sort=None, title=None).axis(
            domain=False, labelLimit=96, labelFontSize=13
        )
    )
    scale = alt.Scale(range=[0, {"expr": f"max(width - {_LABEL}, 40)"}], nice=False)
    bars = base.mark_bar(height={"band": 0.72}).encode(
        x=alt.X("children", type="quantitative", title=None, axis=None, scale=scale),
        color=_status(palette),
        order=alt.Order("place", type="quantitative"),
        tooltip=_tooltip("Handläggare"),
    )
    labels = (
        base.transform_filter("datum.place === 0")
        .mark_text(align="left", dx=6, fontSize=13, fontWeight=600)
        .encode(
            x=alt.X("total", type="quantitative", title=None, axis=None, scale=scale),
            text=alt.Text("label", type="nominal"),
        )
    )
    return alt.layer(bars, labels).properties(height=alt.Step(28))


MONTHS = theme.both(_months)
CASEWORKERS = theme.both(_caseworkers)
