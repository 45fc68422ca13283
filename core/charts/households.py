"""Households by month, what hinders their adults, why cases close, and how cases move."""

from __future__ import annotations

import altair as alt

from core.charts.theme import Palette, both, legend

PARTS = ("högst ett år eller okänt", "över ett år")
MOVES = ("öppnade", "remitterade", "avslutade")
SERIES = ("hushåll", "vuxna", "barn")


def _months() -> alt.X:
    return alt.X(
        "month:T",
        title=None,
        axis=alt.Axis(format="%b %Y", labelAngle=0, labelOverlap="greedy", labelSeparation=10),
    )


def _build_months(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with month (date), series (one of SERIES), count and shown."""
    colors = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(SERIES), range=list(palette.series[: len(SERIES)])),
        legend=legend(),
    )
    base = alt.Chart().encode(x=_months(), y=alt.Y("count:Q", title=None), color=colors)
    points = base.mark_point().encode(
        tooltip=[
            alt.Tooltip("month:T", title="Månad", format="%B %Y"),
            alt.Tooltip("series:N", title="Uppgift"),
            alt.Tooltip("shown:N", title="Antal"),
        ]
    )
    return alt.layer(base.mark_line(), points).properties(height=280, width="container")


def _build_obstacles(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with obstacle, part (one of PARTS), adults and shown (the row's sum).

    Obstacles stand in the rows' order.
    """
    base = alt.Chart().encode(
        y=alt.Y("obstacle:N", sort=None, title=None, axis=alt.Axis(labelLimit=230))
    )
    bars = base.mark_bar().encode(
        x=alt.X("adults:Q", title="Antal vuxna", axis=alt.Axis(tickMinStep=1)),
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=list(PARTS), range=[palette.soft, palette.main]),
            legend=legend(2),
        ),
        order=alt.Order("place:Q"),
        tooltip=[
            alt.Tooltip("obstacle:N", title="Hinder"),
            alt.Tooltip("part:N", title="Hur länge"),
            alt.Tooltip("adults:Q", title="Vuxna"),
        ],
    )
    totals = base.mark_text(align="left", dx=5).encode(
        x=alt.X("total:Q", title="Antal vuxna"), text=alt.Text("shown:N")
    )
    return alt.layer(bars, totals).properties(height=alt.Step(26), width="container")


def _build_flow(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with month (text), move (one of MOVES) and cases."""
    chart: alt.Chart = (
        alt.Chart()
        .mark_bar()
        .encode(
            x=alt.X(
                "month:N",
                sort=None,
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8),
            ),
            xOffset=alt.XOffset("move:N", sort=list(MOVES)),
            y=alt.Y("cases:Q", title="Ärenden", axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "move:N",
                scale=alt.Scale(
                    domain=list(MOVES), range=[palette.main, palette.soft, palette.series[1]]
                ),
                legend=legend(),
            ),
            tooltip=[
                alt.Tooltip("month:N", title="Månad"),
                alt.Tooltip("move:N", title="Flöde"),
                alt.Tooltip("cases:Q", title="Ärenden"),
            ],
        )
        .properties(height=240, width="container")
    )
    return chart


MONTHS = both(_build_months)
OBSTACLES = both(_build_obstacles)
FLOW = both(_build_flow)
