"""Cases: when they are open, what was valid on a day, load, flow and closing reasons.

Source: domain, Case. Facts dated after the day asked for do not exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from typing import NamedTuple, Protocol, TypeVar

from core.rules.dates import Period, add_months, latest_by
from core.rules.shares import share
from core.terms import ONGOING_KINDS, CaseKind, ClosingReason, Gender, Obstacle

APPLICANT = 1
LONG_OBSTACLE_MONTHS = 12


class Dated(Protocol):
    """A row that holds from a day on, until the next one."""

    @property
    def valid_from(self) -> dt.date:
        """Return the first day that the row holds."""
        ...


DatedRow = TypeVar("DatedRow", bound=Dated)


def is_open(opened_on: dt.date, closed_on: dt.date | None, on: dt.date) -> bool:
    """Tell whether a case is open on a day: opened by then, and not closed by then.

    A case opened and closed the same day is never open.
    """
    return opened_on <= on and (closed_on is None or closed_on > on)


def as_of(rows: Iterable[DatedRow], on: dt.date) -> DatedRow | None:
    """Return the dated row valid on a day: the latest `valid_from` <= `on`, None before the first.

    For assignments, composition, obstacles. Of rows from the same day, the last in sequence holds.
    """
    return latest_by(rows, lambda row: row.valid_from, on)


def counts_in_load(kind: CaseKind) -> bool:
    """Tell whether open cases of a kind are a caseworker's load: one-off matters are not."""
    return kind in ONGOING_KINDS


@dataclass(frozen=True, slots=True)
class ObstacleFrom:
    """An adult's obstacle to self-support from a day on, until the next one."""

    obstacle: Obstacle
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Adult:
    """An adult of a benefit case; number 1 is the applicant. `valid_to` is the last day."""

    number: int
    gender: Gender
    valid_from: dt.date
    valid_to: dt.date | None = None
    obstacles: tuple[ObstacleFrom, ...] = ()


def adults_on(adults: Iterable[Adult], on: dt.date) -> list[Adult]:
    """Return the adults who belong to a case on a day; the first and last days count."""
    return [
        adult
        for adult in adults
        if adult.valid_from <= on and (adult.valid_to is None or on <= adult.valid_to)
    ]


def applicant_gender(adults: Iterable[Adult], on: dt.date) -> Gender:
    """Return the household's gender on a day: the applicant's, or OTHER without an applicant."""
    for adult in adults_on(adults, on):
        if adult.number == APPLICANT:
            return adult.gender
    return Gender.OTHER


def obstacle_on(adult: Adult, on: dt.date) -> Obstacle:
    """Return an adult's obstacle on a day, UNKNOWN when none is known."""
    row = as_of(adult.obstacles, on)
    return Obstacle.UNKNOWN if row is None else row.obstacle


def obstacle_since(adult: Adult, on: dt.date) -> dt.date | None:
    """Return the day from which an adult has had the obstacle of `on` without a break.

    The same obstacle registered again does not start anew. None when the obstacle is unknown.
    """
    current = obstacle_on(adult, on)
    if current is Obstacle.UNKNOWN:
        return None
    held = {row.valid_from: row.obstacle for row in adult.obstacles if row.valid_from <= on}
    run = takewhile(lambda day: held[day] is current, sorted(held, reverse=True))
    return min(run)


def long_obstacle(adult: Adult, on: dt.date) -> bool:
    """Tell whether an adult has had the same known obstacle for over a year.

    Over a year means past the same day a year later, as a plan is outdated past its four months.
    """
    since = obstacle_since(adult, on)
    return since is not None and on > add_months(since, LONG_OBSTACLE_MONTHS)


class ReasonShare(NamedTuple):
    """How many cases closed for a reason, and their share of all closed (None if none closed)."""

    cases: int
    share: Fraction | None


def closing_shares(
    reasons: Mapping[ClosingReason | None, int],
) -> dict[ClosingReason, ReasonShare]:
    """Return closed cases by reason with shares, every reason in the enum's order.

    `reasons` counts cases; an empty reason (None) counts as unknown. Cases opened and closed the
    same day count here (domain: Case, Closing reasons).
    """
    total = sum(reasons.values())
    counts = {reason: reasons.get(reason, 0) for reason in ClosingReason}
    counts[ClosingReason.UNKNOWN] += reasons.get(None, 0)
    return {reason: ReasonShare(cases, share(cases, total)) for reason, cases in counts.items()}


@dataclass(frozen=True, slots=True)
class CaseDates:
    """The days that a case moved."""

    opened_on: dt.date
    referred_on: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """How many cases were opened, referred and closed in a period."""

    opened: int = 0
    referred: int = 0
    closed: int = 0

    def __add__(self, other: FlowCounts) -> FlowCounts:
        """Return the sums of two counts."""
        return FlowCounts(
            self.opened + other.opened,
            self.referred + other.referred,
            self.closed + other.closed,
        )


def counts_in_flow(day: dt.date | None, period: Period) -> bool:
    """Tell whether a move of a case (opened, referred or closed) falls in a period."""
    return day is not None and day in period


def flow(cases: Iterable[CaseDates], period: Period) -> FlowCounts:
    """Count the moves of cases in a period, each by its own day.

    A case opened and closed the same day counts as opened and as closed. So the closed ones equal
    the sum of the period's closing reasons, where it counts too, and opened - closed is always the
    change in open cases.
    """
    total = FlowCounts()
    for case in cases:
        total += FlowCounts(
            int(counts_in_flow(case.opened_on, period)),
            int(counts_in_flow(case.referred_on, period)),
            int(counts_in_flow(case.closed_on, period)),
        )
    return total
