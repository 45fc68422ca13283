"""The staff survey's indices over the years, a line for the whole unit and each group."""

from __future__ import annotations

import altair as alt

from core.charts.theme import Palette, both, legend

HEIGHT = 280


def _build(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with year (text), group, value, target, shown, answers and label.

    `shown` and `answers` stand in the tooltip, `label` at the point where it isn't empty. Groups
    stand in the rows' order.
    """
    year = alt.X("year:N", title=None, axis=alt.Axis(labelAngle=0))
    colors = alt.Color(
        "group:N", sort=None, scale=alt.Scale(range=list(palette.series)), legend=legend(2)
    )
    base = alt.Chart()
    values = base.encode(
        x=year,
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=14)),
        color=colors,
    )
    points = values.mark_point().encode(
        tooltip=[
            alt.Tooltip("group:N", title="Grupp"),
            alt.Tooltip("year:N", title="År"),
            alt.Tooltip("shown:N", title="Index"),
            alt.Tooltip("answers:N", title="Svar"),
        ]
    )
    labels = values.mark_text(dy=-13).encode(text=alt.Text("label:N"))
    target = base.mark_line(color=palette.target, strokeDash=[5, 4], strokeWidth=1.5).encode(
        x=year, y=alt.Y("max(target):Q", title=None)
    )
    return alt.layer(target, values.mark_line(), points, labels).properties(
        height=HEIGHT, width="container"
    )


INDICES = both(_build)
"""The chart for each theme."""
