"""What an entry counts towards, how that stands, and what the entry did to it (the red thread).

Every value is the figure's own; an effect is two readings of it, before and after the entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from core.auth import Scope
from core.queries.cache import data_version
from core.queries.computed import year_to_date
from core.queries.indicators import COMPUTED_FROM, Thread, thread_for, thread_of
from core.terms import ComputedFigure


@dataclass(frozen=True, slots=True)
class Target:
    """What an entry counts towards: a figure of ours, or an indicator that a measure point feeds."""

    figure: ComputedFigure | None = None
    indicator_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an indicator stands: its thread to the goals, and the reader's own part of it.

    `own` is the same figure of the reader's own cases, None where it has no value or isn't ours.
    """

    target: Target
    thread: Thread
    own: Fraction | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How some indicators stood at a moment, and how many writes the unit had seen by then."""

    standings: tuple[Standing, ...]
    writes: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What happened to an indicator between two readings.

    `alone` tells that nothing else was written between them, so that all of it is the entry's.
    """

    thread: Thread
    before: Fraction | None
    after: Fraction | None
    own_before: Fraction | None
    own_after: Fraction | None
    alone: bool

    @property
    def moved(self) -> bool:
        """Tell whether the indicator moved at all, unrounded."""
        return self.before != self.after

    @property
    def own_moved(self) -> bool:
        """Tell whether the reader's own part of it moved."""
        return self.own_before != self.own_after


def reading(session: Session, scope: Scope, *, targets: Iterable[Target], on: dt.date) -> Reading:
    """Return how what an entry counts towards stands on a day, for the unit and for the scope.

    A target that no indicator of the year's goals has is left out.
    """
    writes = data_version(session, scope.unit_id, COMPUTED_FROM, None)
    found = (_standing(session, scope, target, on) for target in targets)
    return Reading(tuple(one for one in found if one is not None), writes)


def own_writes(session: Session) -> int:
    """Return how many of the writes that readings count a session has made itself so far."""
    return sum(area in COMPUTED_FROM for area in session.info.get("moved", ()))


def effects(before: Reading, after: Reading, *, writes: int) -> tuple[Effect, ...]:
    """Return what an entry of some writes did, from the readings on either side of it."""
    alone = after.writes - before.writes <= writes
    known = {standing.target: standing for standing in before.standings}
    return tuple(
        Effect(
            thread=now.thread,
            before=known[now.target].thread.value,
            after=now.thread.value,
            own_before=known[now.target].own,
            own_after=now.own,
            alone=alone,
        )
        for now in after.standings
        if now.target in known
    )


def _standing(session: Session, scope: Scope, target: Target, on: dt.date) -> Standing | None:
    if target.figure is not None:
        thread = thread_for(session, scope, target.figure, on=on)
        if thread is None:
            return None
        own = year_to_date(session, scope, figure=target.figure, on=on)
        return Standing(target, thread, own.value)
    if target.indicator_id is not None:
        thread = thread_of(session, scope, indicator_id=target.indicator_id, on=on)
        return None if thread is None else Standing(target, thread, None)
    return None
