"""Placeringar over the year as a timeline, and the same in a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.charts import placement_timeline as chart
from core.charts.theme import remembered
from core.reports.columns import Column, Kind
from core.rules.placement_timeline import TimelineRow
from pages.common import charts, placement_parts, text
from pages.common.filters import Filters
from pages.common.tables import table

A_PAGE = 30
COLUMNS = (
    Column("reference", "Placering"),
    Column("kind", "Slag"),
    Column("provider", "Utförare"),
    Column("starts_on", "Från", Kind.DATE),
    Column("ends_on", "Till", Kind.DATE),
    Column("decisions", "Beslut i år"),
    Column("reviews", "Uppföljningar i år"),
    Column("next_review_on", "Nästa uppföljning", Kind.DATE),
)


def draw(rows: Sequence[TimelineRow], chosen: Filters, actor: Actor) -> None:
    """Draw at most `A_PAGE` placements at a time, running ones first."""
    first = _first(len(rows))
    shown = _page(rows, first)
    charts.key(chart.key)
    charts.draw(chart.timeline_rows(shown, chosen.on), chart.TIMELINE, alt=_said(shown, chosen))
    table(
        _table_rows(shown),
        COLUMNS,
        name="Placeringarnas tidslinje",
        actor=actor,
        look=placement_parts.look(chosen),
    )


def _first(count: int) -> int:
    """Draw the choice of page when there are several; return the first row's place."""
    if count <= A_PAGE:
        return 0
    pages = {
        first: f"{first + 1}–{min(first + A_PAGE, count)} av {count}"
        for first in range(0, count, A_PAGE)
    }
    if st.session_state.get("timeline-page", 0) not in pages:
        st.session_state["timeline-page"] = 0
    found: int = st.selectbox(
        "Visa placeringar, pågående först",
        list(pages),
        key="timeline-page",
        format_func=pages.__getitem__,
        width=340,
    )
    return found


@remembered
def _page(rows: Sequence[TimelineRow], first: int) -> tuple[TimelineRow, ...]:
    return tuple(rows[first : first + A_PAGE])


def _said(rows: Sequence[TimelineRow], chosen: Filters) -> str:
    decisions = sum(len(row.decisions) for row in rows)
    reviews = sum(len(row.reviews) for row in rows)
    running = sum(row.paid is not None and row.paid.end == chosen.on for row in rows)
    return (
        f"Tidslinje {chosen.on.year} för {text.number(len(rows))} "
        f"{text.plural(len(rows), 'placering', 'placeringar')}, varav {text.number(running)} löper "
        f"{chosen.on}, med {text.number(decisions)} beslut och {text.number(reviews)} "
        f"{text.plural(reviews, 'uppföljning', 'uppföljningar')}. Tabellen under visar samma sak."
    )


@remembered
def _table_rows(rows: Sequence[TimelineRow]) -> pd.DataFrame:
    values = [
        (
            row.reference,
            row.kind,
            row.provider,
            row.starts_on,
            row.ends_on or placement_parts.OPEN_ENDED,
            _days(decision.decided_on for decision in row.decisions),
            _days(row.reviews),
            row.next_review_on,
        )
        for row in rows
    ]
    return pd.DataFrame(values, columns=[column.name for column in COLUMNS], dtype=object)


def _days(days: Iterable[dt.date]) -> str:
    return ", ".join(text.date_sv(day, day) for day in days) or text.DASH
