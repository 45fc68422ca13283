"""An indicator's values by period, with the target of each period's year as a dashed line."""

from __future__ import annotations

import altair as alt

from core.charts.theme import Palette, both

HEIGHT = 260


def _build(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with period, value and target, and the same in words.

    `shown` and `target_shown` stand in the tooltip; `label_above`, `label_below`, `target_above` and
    `target_below` beside the value or the target where they aren't empty. Periods stand in the rows'
    order; a row without a value leaves a gap.
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
    target = base.encode(x=period, y=alt.Y("target:Q", title=None))
    lines = target.mark_line(
        color=palette.target, strokeDash=[5, 4], strokeWidth=1.5, interpolate="step"
    )
    ticks = target.mark_tick(color=palette.target, orient="horizontal", thickness=2, size=26)
    above = values.mark_text(dy=-14, fontWeight=600).encode(text="label_above:N")
    below = values.mark_text(dy=18, fontWeight=600).encode(text="label_below:N")
    target_above = target.mark_text(dy=-10, color=palette.target).encode(text="target_above:N")
    target_below = target.mark_text(dy=14, color=palette.target).encode(text="target_below:N")
    return alt.layer(
        lines, ticks, target_above, target_below, line, points, above, below
    ).properties(height=HEIGHT, width="container")


SERIES = both(_build)
"""The chart for each theme."""
