"""Placements over the year: a bar each, with its decisions and reviews, and where today is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.dates import ONE_DAY, Period, year_of
from core.rules.placement_timeline import TimelineRow

RAN, COMMITTED, DECISION, REVIEW = "Löpt", "Beslutat framåt", "Beslut", "Uppföljning"
YEAR, NOW, NAME = "År", "Läget per", "Namn"
COLUMNS = ["row", "what", "start", "end", "said"]
ROW_HEIGHT, BAR_HEIGHT = 34, 10
Row = tuple[str | None, str, str, str, str]


@theme.remembered
def timeline_rows(placements: Sequence[TimelineRow], on: dt.date) -> pd.DataFrame:
    """Return the chart's rows: columns `row`, `what`, `start`, `end`, `said`.

    `row` is the placement's label, `what` one of the constants above. Times are local midnights; a
    bar ends at the midnight after its last day, which is paid.
    """
    year = year_of(on)
    rows: list[Row] = [
        (None, YEAR, *_span(year), ""),
        (None, NOW, _at(on), _at(on), f"Läget per {on}"),
    ]
    for placement in placements:
        rows += _rows_of(placement)
    return pd.DataFrame(rows, columns=COLUMNS)


def label(placement: TimelineRow) -> str:
    """Return what stands above a placement's bar."""
    flag = ("barnfamilj på hotell",) if placement.family_in_hotel else ()
    return " · ".join((placement.reference, placement.kind, *flag))


def _rows_of(placement: TimelineRow) -> Iterator[Row]:
    name = label(placement)
    until = f"till {placement.ends_on}" if placement.ends_on else "tills vidare"
    said = f"{placement.starts_on} {until}"
    yield name, NAME, _at(placement.starts_on), _at(placement.starts_on), said
    for what, period in ((RAN, placement.paid), (COMMITTED, placement.committed)):
        if period is not None:
            yield name, what, *_span(period), said
    for decision in placement.decisions:
        end = f"till {decision.planned_end_on}" if decision.planned_end_on else "tills vidare"
        day = _at(decision.decided_on)
        yield name, DECISION, day, day, f"{decision.decided_on}: {end}, {decision.provider}"
    for reviewed_on in placement.reviews:
        yield name, REVIEW, _at(reviewed_on), _at(reviewed_on), f"{reviewed_on}"


def _span(period: Period) -> tuple[str, str]:
    return _at(period.start), _at(period.end + ONE_DAY)


def _at(day: dt.date) -> str:
    return f"{day}T00:00:00"


def key(palette: Palette) -> list[tuple[str, str]]:
    """Return what the chart's colours and shapes mean."""
    return [
        (RAN, palette.main),
        (COMMITTED, palette.soft),
        (f"{DECISION} (romb)", palette.series[1]),
        (f"{REVIEW} (cirkel)", palette.series[2]),
        (f"{NOW} (streckad linje)", palette.target),
    ]


def _only(what: str) -> str:
    return f"datum.what === '{what}'"


def _timeline(palette: Palette) -> alt.TopLevelMixin:
    """Return bars with the placement's name above each, so that they are as wide on a phone."""
    x = alt.X("start", type="temporal", title=None).axis(
        format="%b", tickCount="month", labelOverlap=True, grid=True, domain=False, orient="top"
    )
    x = x.scale(nice=False)
    y = alt.Y("row", type="nominal", sort=None, axis=None)
    tooltip = [
        alt.Tooltip("row", type="nominal", title="Placering"),
        alt.Tooltip("what", type="nominal", title="Visar"),
        alt.Tooltip("said", type="nominal", title="När"),
    ]
    base = alt.Chart()
    year = base.transform_filter(_only(YEAR)).mark_rect(opacity=0).encode(x=x, x2="end")
    rows = base.encode(x=x, y=y, tooltip=tooltip)
    bars = [
        rows.transform_filter(_only(what))
        .mark_bar(height=BAR_HEIGHT, yOffset=7, cornerRadius=2, color=color)
        .encode(x2="end")
        for what, color in ((RAN, palette.main), (COMMITTED, palette.soft))
    ]
    marks = [
        rows.transform_filter(_only(what)).mark_point(
            filled=True,
            shape=shape,
            size=90,
            yOffset=7,
            color=color,
            stroke=palette.background,
            strokeWidth=1.5,
            opacity=1,
        )
        for what, shape, color in (
            (DECISION, "diamond", palette.series[1]),
            (REVIEW, "circle", palette.series[2]),
        )
    ]
    names = (
        base.transform_filter(_only(NAME))
        .mark_text(align="left", dy=-7, color=palette.text, fontSize=12)
        .encode(x=alt.value(2), y=y, text=alt.Text("row", type="nominal"))
    )
    now = base.transform_filter(_only(NOW)).mark_rule().encode(x=x)
    layers = alt.layer(year, *bars, names, now, *marks)
    return layers.properties(height=alt.Step(ROW_HEIGHT))


TIMELINE = theme.both(_timeline)
