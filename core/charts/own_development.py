"""One's own share over twelve months beside the group's median: two lines, labelled at their ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.shares import percent

OWN, MEDIAN = "Du", "Gruppen"
_ROOM = 104


def rows(
    days: Sequence[dt.date], own: Sequence[Fraction | None], group: Sequence[Fraction | None]
) -> pd.DataFrame:
    """Return the lines' rows: columns `day`, `share` (0-1), `line`, `over` and `under`.

    The last two are the last day's labels: the higher share's stands over its point, the lower's
    under it, so that they never cover each other. A day without value has no row.

    Args:
        days: The days, ascending.
        own: One's own share on each of them.
        group: The group's median on each of them.
    """
    higher = OWN if group[-1] is None or (own[-1] or 0) >= group[-1] else MEDIAN
    points = []
    for line, shares in ((OWN, own), (MEDIAN, group)):
        for day, share in zip(days, shares, strict=True):
            if share is not None:
                label = f"{line} {percent(share)}\u00a0%" if day == days[-1] else ""
                labels = (label, "") if line == higher else ("", label)
                points.append((pd.Timestamp(day), float(share), line, *labels))
    return pd.DataFrame(points, columns=["day", "share", "line", "over", "under"])


def _lines(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        x=alt.X("day", type="temporal", title=None)
        .scale(range=[0, {"expr": f"max(width - {_ROOM}, 40)"}])
        .axis(format="%b %Y", tickCount=3, grid=False, domain=False, labelOverlap="greedy"),
        y=alt.Y("share", type="quantitative", title=None)
        .scale(domain=[0, 1])
        .axis(format=".0%", tickCount=3, domain=False),
        color=alt.Color("line", type="nominal", legend=None).scale(
            domain=[OWN, MEDIAN], range=[palette.main, palette.muted]
        ),
    )
    lines = base.mark_line().encode(
        strokeDash=alt.StrokeDash("line", type="nominal", legend=None).scale(
            domain=[OWN, MEDIAN], range=[[1, 0], [5, 4]]
        )
    )
    points = base.mark_point().encode(
        tooltip=[
            alt.Tooltip("line", type="nominal", title="Vems"),
            alt.Tooltip("day", type="temporal", title="Dag", format="%Y-%m-%d"),
            alt.Tooltip("share", type="quantitative", title="Andel", format=".0%"),
        ]
    )
    labels = [
        base.mark_text(align="left", dx=9, dy=dy, fontSize=13, fontWeight=600).encode(
            text=alt.Text(place, type="nominal")
        )
        for place, dy in (("over", -8), ("under", 9))
    ]
    return alt.layer(lines, points, *labels).properties(height=180)


LINES = theme.both(_lines)
