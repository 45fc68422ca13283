"""An indicator's values by period, with the target of each period's year as a dashed line."""

from __future__ import annotations

import altair as alt

from core.charts.theme import Palette, both

HEIGHT = 260


def _build(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with period, value and target, and the same in words.

    `shown` and `target_shown` stand in the tooltip, `label` and `target_label` beside the line where
    they aren't empty. Periods stand in the rows' order; a row without a value leaves a gap.
    """
    period = alt.X(
        "period:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8),
    )
    base = alt.Chart()
    values = base.encode(
        x=period, y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, padding=12))
    )
    line = values.mark_line()
    points = values.mark_point().encode(
        tooltip=[
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("shown:N", title="Värde"),
            alt.Tooltip("target_shown:N", title="Årsmål"),
        ]
    )
    labels = values.mark_text(dy=-14, align="right", fontWeight=600).encode(text="label:N")
    target = base.mark_line(
        color=palette.target, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step"
    ).encode(x=period, y=alt.Y("target:Q", title=None))
    target_label = base.mark_text(align="right", dy=12, color=palette.target).encode(
        x=period, y=alt.Y("target:Q"), text=alt.Text("target_label:N")
    )
    return alt.layer(target, target_label, line, points, labels).properties(
        height=HEIGHT, width="container"
    )


SERIES = both(_build)
"""The chart for each theme."""
