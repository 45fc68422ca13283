"""How clients answered a question, survey by survey: a bar of shares each."""

from __future__ import annotations

import altair as alt

from core.charts import theme
from core.charts.theme import Palette
from core.rules.client_surveys import ANSWERS, Scale
from core.terms import PlanStatus, sv_title

COLUMNS = ["survey", "answer", "place", "share", "middle", "answers", "answered", "label"]
_LABELS = 118
"""Room for a survey's name, in pixels."""


def key(scale: Scale, palette: Palette) -> list[tuple[str, str]]:
    """Return a scale's answers in Swedish with their colours, for a key above the chart."""
    return [
        (sv_title(answer), color)
        for answer, color in zip(ANSWERS[scale], _colors(palette), strict=True)
    ]


def _colors(palette: Palette) -> list[str]:
    wanted = (PlanStatus.CURRENT, PlanStatus.DUE, PlanStatus.OVERDUE, PlanStatus.EXEMPT)
    return [palette.status[status] for status in wanted]


def _build(palette: Palette) -> alt.TopLevelMixin:
    """Build the chart of rows with `COLUMNS`, one for each survey and answer, in the rows' order.

    `share` is 0-1 and `middle` where its part of the bar has its middle, where `label` is written.
    """
    words = {
        sv_title(a): c for s in Scale for a, c in zip(ANSWERS[s], _colors(palette), strict=True)
    }
    base = alt.Chart().encode(
        y=alt.Y("survey:N", sort=None, title=None).axis(
            domain=False, labelLimit=_LABELS, labelFontSize=13
        ),
    )
    bars = base.mark_bar(height={"band": 0.72}).encode(
        x=alt.X("share:Q", title=None, stack="zero")
        .scale(domain=[0, 1])
        .axis(format=".0%", tickCount=5, domain=False),
        order=alt.Order("place:Q"),
        color=alt.Color("answer:N", legend=None).scale(
            domain=list(words), range=list(words.values())
        ),
        tooltip=[
            alt.Tooltip("survey:N", title="Undersökning"),
            alt.Tooltip("answer:N", title="Svar"),
            alt.Tooltip("answers:Q", title="Antal"),
            alt.Tooltip("answered:Q", title="Svarade"),
        ],
    )
    labels = base.mark_text(fontWeight=600, fontSize=13, color=palette.background).encode(
        x=alt.X("middle:Q", title=None), text=alt.Text("label:N")
    )
    return alt.layer(bars, labels).properties(height=alt.Step(34))


ANSWERS_BY_SURVEY = theme.both(_build)
"""The chart for each theme."""
