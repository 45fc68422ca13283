"""Change plans: a bar of statuses for each caseworker with its shares, and the shares by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.rows import records
from core.charts.theme import Palette
from core.rules.shares import Number, percent
from core.terms import sv_title

COVERAGE, CURRENT = "Täckning", "Aktuella"
HEADINGS = (COVERAGE, CURRENT, "n av N")
_COLUMN = 56
_NAMES = 130
_PHONE = 480


def worst_first(plans: pd.DataFrame) -> list[str]:
    """Return the keys of a table by caseworker: most overdue first, then most outdated.

    Args:
        plans: Columns of `core.queries.change_plans.change_plans`.
    """
    return [row["key"] for row in _worst_first(plans)]


@theme.remembered
def bar_rows(plans: pd.DataFrame) -> pd.DataFrame:
    """Return the bars' rows, the worst caseworker first.

    Columns: `key`, `status`, `place`, `cases`, `coverage`, `current` and `made_of`, the three texts
    that stand at the bar's end: two shares in whole percent, and cases with a plan of those that
    need one.

    Args:
        plans: Columns of `core.queries.change_plans.change_plans` by caseworker.
    """
    rows = []
    for row in _worst_first(plans):
        planned, base = row["current"] + row["outdated"], row["open"] - row["exempt"]
        ends = (_percent(row["coverage"]), _percent(row["current_share"]), f"{planned}/{base}")
        rows += [
            (row["key"], sv_title(status), place, row[status.value], *ends)
            for place, status in enumerate(theme.STATUS_ORDER)
        ]
    columns = ["key", "status", "place", "cases", "coverage", "current", "made_of"]
    return pd.DataFrame(rows, columns=columns)


@theme.remembered
def trend_rows(
    days: Sequence[dt.date], plans: pd.DataFrame, target: Number | str | None = None
) -> pd.DataFrame:
    """Return the lines' rows: columns `day`, `share` and `target` (0-1), `line`, `label`, `made_of`.

    Only the last point of a line has a label. A day without value has no row.

    Args:
        days: The days of the rows, ascending.
        plans: Columns of `core.queries.change_plans.change_plans` by month.
        target: The current share's annual target in percent, drawn as a line; a text or None
            draws none.
    """
    aim = None if target is None or isinstance(target, str) else float(target) / 100
    rows = []
    for day, row in zip(days, records(plans), strict=True):
        base = row["open"] - row["exempt"]
        for line, column, part in (
            (COVERAGE, "coverage", row["current"] + row["outdated"]),
            (CURRENT, "current_share", row["current"]),
        ):
            if row[column] is not None:
                label = f"{line} {_percent(row[column])}" if day == days[-1] else ""
                made_of = f"{part} av {base}"
                point = (pd.Timestamp(day), float(row[column]), aim)
                rows.append((*point, line, label, made_of))
    return pd.DataFrame(rows, columns=["day", "share", "target", "line", "label", "made_of"])


def _worst_first(plans: pd.DataFrame) -> list[dict[str, Any]]:
    return sorted(records(plans), key=lambda row: (-row["overdue"], -row["outdated"], row["key"]))


def _percent(value: Fraction | None) -> str:
    return "–" if value is None else f"{percent(value)}\u00a0%"


def _bars(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(y=alt.Y("key", type="nominal", sort=None, title=None, axis=None))
    ends = _COLUMN * len(HEADINGS)
    bars = base.mark_bar(height=_wide(20, 9), yOffset=_wide(0, 9)).encode(
        x=alt.X("cases", type="quantitative", title=None, axis=None).scale(
            range=[_wide(_NAMES, 0), _wide(f"width - {ends}", "width")], nice=False
        ),
        color=alt.Color("status", type="nominal", scale=theme.status_scale(palette), legend=None),
        order=alt.Order("place", type="quantitative"),
        tooltip=[
            alt.Tooltip("key", type="nominal", title="Handläggare"),
            alt.Tooltip("status", type="nominal", title="Status"),
            alt.Tooltip("cases", type="quantitative", title="Ärenden"),
        ],
    )
    one_each = base.transform_filter("datum.place === 0")
    words = one_each.mark_text(align="left", dy=_wide(0, -6), fontSize=13, limit=_NAMES - 8)
    layers = [bars, words.encode(x=alt.value(0), text=alt.Text("key", type="nominal"))]
    for place, (name, heading) in enumerate(
        zip(("coverage", "current", "made_of"), HEADINGS, strict=True)
    ):
        right = alt.value(alt.expr(f"width - {_COLUMN * (len(HEADINGS) - 1 - place)}"))
        number = one_each.mark_text(
            align="right",
            dy=_wide(0, -6),
            fontSize=13,
            fontWeight=400 if name == "made_of" else 600,
        )
        over = alt.Chart().transform_aggregate(n="count()").transform_calculate(h=f"'{heading}'")
        title = over.mark_text(align="right", baseline="bottom", fontSize=11, color=palette.muted)
        layers += [
            number.encode(x=right, text=alt.Text(name, type="nominal")),
            title.encode(x=right, y=alt.value(-3), text=alt.Text("h", type="nominal")),
        ]
    return alt.layer(*layers).properties(height=alt.Step(34))


def _wide(wide: float | str, narrow: float | str) -> alt.ExprRef:
    """Return what holds on a wide screen, and on a phone, where names stand above the bars."""
    return alt.ExprRef(f"width < {_PHONE} ? {narrow} : {wide}")


def _trend(palette: Palette) -> alt.TopLevelMixin:
    colors = alt.Color("line", type="nominal", legend=None).scale(
        domain=[COVERAGE, CURRENT], range=[palette.main, palette.series[1]]
    )
    base = alt.Chart().encode(
        x=alt.X("day", type="temporal", title=None)
        .scale(range=[0, {"expr": "max(width - 110, 40)"}])
        .axis(format="%b %Y", tickCount=4, grid=False, domain=False, labelOverlap="greedy"),
        y=alt.Y("share", type="quantitative", title=None)
        .scale(domain=[0, 1])
        .axis(format=".0%", tickCount=5, domain=False),
        color=colors,
    )
    points = base.mark_point().encode(
        tooltip=[
            alt.Tooltip("line", type="nominal", title="Andel"),
            alt.Tooltip("day", type="temporal", title="Dag", format="%Y-%m-%d"),
            alt.Tooltip("share", type="quantitative", title="Värde", format=".0%"),
            alt.Tooltip("made_of", type="nominal", title="Hushåll"),
        ]
    )
    labels = base.mark_text(align="left", dx=9, fontSize=13, fontWeight=600).encode(
        text=alt.Text("label", type="nominal")
    )
    aim = (
        alt.Chart()
        .transform_aggregate(target="max(target)")
        .transform_filter("isValid(datum.target)")
        .encode(y=alt.Y("target", type="quantitative"))
    )
    words = (
        aim.transform_calculate(words="'mål aktuella ' + format(datum.target, '.0%')")
        .mark_text(align="left", baseline="top", dy=5, x=4, fontSize=12, color=palette.target)
        .encode(text=alt.Text("words", type="nominal"))
    )
    rule = aim.mark_rule(x=0, x2={"expr": "max(width - 110, 40)"})
    return alt.layer(rule, base.mark_line(), points, labels, words).properties(height=240)


BARS = theme.both(_bars)
TREND = theme.both(_trend)
