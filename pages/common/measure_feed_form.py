"""Which indicator a measure point feeds, and how: an indicator that is there, or one made at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.goal_chain import GoalRow
from core.queries.measure_overview import IndicatorChoice
from core.services.base import FieldError, RefusedError
from core.services.indicators import NewIndicator, add_indicator
from core.services.measure_inputs import NewDefinition
from core.services.measure_templates import Suggested
from core.terms import (
    Accumulation,
    Direction,
    IndicatorUnit,
    MeasureFeed,
    MeasureKind,
    Periodicity,
    sv,
    sv_title,
)
from pages.common import forms

NONE, NEW = 0, -1
SHARE, SUM, MEAN = MeasureFeed.SHARE_YES, MeasureFeed.SUM, MeasureFeed.MEAN
FEEDS = {
    SHARE: "Andel: svaren som räknas som ja, av dem som räknas som ja eller nej",
    MeasureFeed.SHARE_OF_CHOICE: "Andel av ett svar: det svar som räknas som ja, av alla som räknas",
    SUM: "Summa: talen läggs ihop, eller antalet rapporter om inget tal anges",
    MEAN: "Medelvärde: talen delat med antalet rapporter",
}
AMOUNTS = {"kr", "kronor"}


@dataclass(frozen=True, slots=True)
class Places:
    """What a measure point can be connected to: the goals and the indicators on them."""

    goals: Sequence[GoalRow]
    indicators: Sequence[IndicatorChoice]


@dataclass(frozen=True, slots=True)
class Feed:
    """The connection as filled in. `new` is an indicator to make, before its name is checked."""

    indicator_id: int | None = None
    feed: MeasureFeed | None = None
    question: int | None = None
    new: NewIndicator | None = None

    def save(
        self, session: Any, definition: NewDefinition, actor: Actor, key: str
    ) -> NewDefinition:
        """Return a definition with its connection; an indicator to make is made first."""
        indicator_id = self.indicator_id
        if self.new is not None:
            try:
                indicator_id = add_indicator(session, self.new, by=actor, key=f"{key}-indicator")
            except RefusedError as refused:
                raise RefusedError(
                    *(FieldError(f"indicator_{e.field}", e.message) for e in refused.errors)
                ) from None
        return replace(
            definition, indicator_id=indicator_id, feed=self.feed, feed_question=self.question
        )


def feeds_of(kind: MeasureKind, definition: NewDefinition) -> list[MeasureFeed]:
    """Return the ways that a definition's reports can be counted."""
    found = []
    if definition.choices:
        found += [MeasureFeed.SHARE_YES, MeasureFeed.SHARE_OF_CHOICE]
    found.append(MeasureFeed.SUM)
    if kind is MeasureKind.NUMBER or definition.number_label:
        found.append(MeasureFeed.MEAN)
    return found


def draw(
    name: str,
    about: tuple[MeasureKind, NewDefinition],
    places: Places,
    before: NewDefinition,
    suggested: Suggested | None,
) -> Feed:
    """Draw the connection of a definition, starting from what it was before or is suggested."""
    key = forms.submit_key(name)
    words = {NONE: "Ingen", NEW: "Ny indikator på ett mål"} | {
        one.indicator_id: f"{one.name} ({one.goal}, {one.year})" for one in places.indicators
    }
    if not places.goals:
        words.pop(NEW)
    chosen = st.selectbox(
        "Indikator som mätpunkten räknas till",
        list(words),
        index=list(words).index(before.indicator_id) if before.indicator_id in words else 0,
        format_func=words.__getitem__,
        key=f"{key}-indicator",
        help="Indikatorn får sina värden från rapporterna och syns på Mål och Start.",
    )
    forms.field_error(name, "indicator_id")
    if not chosen:
        return Feed()
    kind, definition = about
    possible = feeds_of(kind, definition)
    usual = before.feed or (suggested.feed if suggested else possible[0])
    feed = st.radio(
        "Hur räknas den?",
        possible,
        index=possible.index(usual) if usual in possible else 0,
        format_func=FEEDS.__getitem__,
        key=f"{key}-feed",
    )
    forms.field_error(name, "feed")
    feed = feed or possible[0]
    question = _question(name, definition, before)
    if chosen != NEW:
        return Feed(chosen, feed, question)
    return Feed(None, feed, question, _new_indicator(name, definition, places, (feed, suggested)))


def _question(name: str, definition: NewDefinition, before: NewDefinition) -> int | None:
    if not definition.questions:
        return None
    words = {None: "Alla frågor tillsammans"} | dict(enumerate(definition.questions, start=1))
    chosen = st.selectbox(
        "Vilken fråga?",
        list(words),
        index=list(words).index(before.feed_question) if before.feed_question in words else 0,
        format_func=words.__getitem__,
        key=f"{forms.submit_key(name)}-feed-question",
    )
    forms.field_error(name, "feed_question")
    return chosen


def unit_of(feed: MeasureFeed, number_unit: str) -> tuple[IndicatorUnit, str]:
    """Return the unit of measure of a new indicator, with its own name where it needs one."""
    if feed in {MeasureFeed.SHARE_YES, MeasureFeed.SHARE_OF_CHOICE}:
        return IndicatorUnit.PERCENT, ""
    if number_unit.lower() in AMOUNTS:
        return IndicatorUnit.KRONOR, ""
    if feed is MeasureFeed.MEAN or number_unit:
        return IndicatorUnit.OWN, number_unit or "i medeltal"
    return IndicatorUnit.COUNT, ""


def _new_indicator(
    name: str,
    definition: NewDefinition,
    places: Places,
    counted: tuple[MeasureFeed, Suggested | None],
) -> NewIndicator:
    """Draw a new indicator's goal, name and direction; its unit follows from how it is counted."""
    feed, suggested = counted
    key = forms.submit_key(name)
    goals = list(places.goals)
    goal = st.selectbox(
        "På vilket mål?",
        goals,
        index=len(goals) - 1,
        format_func=lambda found: f"{found.code} {found.name} ({found.year})",
        key=f"{key}-goal",
    )
    title = st.text_input(
        "Indikatorns namn",
        suggested.name if suggested else definition.name,
        key=f"{key}-indicator-name",
    )
    forms.field_error(name, "indicator_name")
    left, right = st.columns(2)
    directions, often = list(Direction), list(Periodicity)
    usual = suggested.direction if suggested else Direction.HIGHER
    with left:
        direction = st.selectbox(
            "Riktning",
            directions,
            index=directions.index(usual),
            format_func=sv_title,
            key=f"{key}-direction",
        )
    with right:
        periodicity = st.selectbox(
            "Mäts varje",
            often,
            index=often.index(Periodicity.TERTIAL),
            format_func=sv,
            key=f"{key}-periodicity",
        )
    unit, own_unit = unit_of(feed, definition.number_unit)
    st.caption(f"Indikatorn mäts i {own_unit or sv(unit)}. Årsmålet sätter du på Mål.")
    return NewIndicator(
        goal_id=goal.goal_id,
        name=(title or "").strip(),
        unit_of_measure=unit,
        own_unit=own_unit,
        direction=direction or usual,
        periodicity=periodicity or Periodicity.TERTIAL,
        accumulation=Accumulation.SUM if feed is MeasureFeed.SUM else Accumulation.LATEST,
    )
