"""Retention: what removed cases leave behind so that every figure stays what it was.

A removed case's history is over, so what it counted as on each day is known for good. It is kept as
changes: how much a count goes up or down from a day on, added up over all removed cases, so that no
row tells of one case. The count on a day is the sum of the changes by then.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from core.rules import placements
from core.rules.cases import (
    LONG_OBSTACLE_MONTHS,
    Adult,
    adults_on,
    applicant_gender,
    as_of,
    counts_in_load,
    is_open,
    long_obstacle,
    obstacle_on,
)
from core.rules.change_plans import (
    PlanCase,
    current_until,
    deadline,
    status,
    within_three_months,
)
from core.rules.child_impact import analysis_status
from core.rules.dates import ONE_DAY, add_months, latest_within, months_between, next_month
from core.rules.households import count_long_term
from core.rules.placements import PlacementFacts
from core.terms import AnalysisStatus, CaseKind, ClosingReason, Gender, PlanStatus

HIT, MISS = "hit", "miss"
DEFAULT_MONTHS = 24
"""How long a closed case's rows are kept unless the store says otherwise."""


class Kept(StrEnum):
    """A count that outlives the cases it was made of.

    Those of `EVENTS` happened on their day; the others hold from a day on.
    """

    OPEN = "open"
    ADULTS = "adults"
    CHILDREN = "children"
    OBSTACLE = "obstacle"
    LONG_OBSTACLE = "long_obstacle"
    PLAN = "plan"
    BENEFIT = "benefit"
    LONG_TERM = "long_term"
    HOTEL = "hotel"
    END_PASSED = "end_passed"
    REVIEW_OVERDUE = "review_overdue"
    MOVE = "move"
    CLOSING = "closing"
    DEADLINE = "deadline"
    DECISION = "decision"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose a case is from a day on, until the next holding."""

    valid_from: dt.date
    caseworker_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChildrenFrom:
    """How many children a household has from a day on."""

    valid_from: dt.date
    children: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An adverse decision: its day, and the first analysis of each affected child (None: none)."""

    decided_on: dt.date
    first_analyses: tuple[dt.date | None, ...]


@dataclass(frozen=True, slots=True)
class PastCase:
    """All that counts of a closed case: nothing voided, everything in the order it holds."""

    kind: CaseKind
    plan: PlanCase
    reason: ClosingReason | None = None
    held: tuple[Holding, ...] = ()
    adults: tuple[Adult, ...] = ()
    children: tuple[ChildrenFrom, ...] = ()
    benefit_months: tuple[dt.date, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    placements: tuple[PlacementFacts, ...] = ()

    def holder(self, on: dt.date) -> Holding:
        """Return whose the case is on a day."""
        return as_of(self.held, on) or Holding(on)


@dataclass(frozen=True, slots=True)
class CountKey:
    """What is counted, and for whom.

    `part` is a code: the kind of an open case, a plan status, an obstacle, a move, a closing reason
    and so on. `since` is the passed deadline of an overdue plan, or the day of a late analysis.
    """

    kept: Kept
    caseworker_id: int | None
    group_id: int | None
    gender: Gender | None = None
    part: str = ""
    since: dt.date | None = None


Changes = Counter[tuple[CountKey, dt.date]]


def closed_through(today: dt.date, months: int) -> dt.date:
    """Return the last day of closing whose cases are removed on a day.

    A case is kept through the day `months` after it closed, and removed from the day after.
    """
    return latest_within(today - ONE_DAY, months)


def changes(case: PastCase) -> Changes:
    """Return what a case changes each count by, and from which day; for events, on which day."""
    found = Changes()
    days = sorted(set(_turning_days(case)))
    before: Counter[CountKey] = Counter()
    for day in days:
        now = Counter[CountKey]()
        for key, number in _standing(case, day):
            now[key] += number
        for key in now.keys() | before.keys():
            found[key, day] += now[key] - before[key]
        before = now
    for key, day in _events(case):
        found[key, day] += 1
    return Changes({at: number for at, number in found.items() if number})


def _turning_days(case: PastCase) -> Iterator[dt.date]:
    """Return every day on which something that the case counts as can change."""
    plan = case.plan
    yield from (day for day in (plan.opened_on, plan.referred_on, plan.closed_on) if day)
    if plan.referred_on is not None:
        yield deadline(plan.referred_on) + ONE_DAY
    for made in plan.plans:
        yield from _and_outdated(made.established_on)
        yield from (day for revised in made.revised_on for day in _and_outdated(revised))
        yield from (day for day in (made.ended_on,) if day)
    for exemption in plan.exemptions:
        yield from (exemption.valid_from, exemption.valid_to + ONE_DAY)
    yield from (row.valid_from for row in case.held)
    yield from (household.valid_from for household in case.children)
    yield from (day for month in case.benefit_months for day in (month, next_month(month)))
    for adult in case.adults:
        yield adult.valid_from
        yield from (day + ONE_DAY for day in (adult.valid_to,) if day)
        for row in adult.obstacles:
            yield row.valid_from
            yield add_months(row.valid_from, LONG_OBSTACLE_MONTHS) + ONE_DAY
    for placed in case.placements:
        yield from placement_days(placed)


def _and_outdated(current_from: dt.date) -> tuple[dt.date, dt.date]:
    return current_from, current_until(current_from) + ONE_DAY


def placement_days(p: PlacementFacts) -> Iterator[dt.date]:
    """Return every day on which what is known of an ended placement can change."""
    yield p.starts_on
    yield p.starts_on.replace(month=1, day=1)
    for decision in p.decisions:
        yield decision.decided_on
        yield from (day + ONE_DAY for day in (decision.planned_end_on,) if day)
    for review in p.reviews:
        yield review.reviewed_on
        yield from (day + ONE_DAY for day in (review.next_review_on,) if day)
    if p.ended_on is not None:
        yield from months_between(p.starts_on, p.ended_on)
        yield from (p.ended_on, p.ended_on + ONE_DAY)


def _standing(case: PastCase, on: dt.date) -> Iterator[tuple[CountKey, int]]:
    """Return what a case counts as on a day, and how many."""
    held = case.holder(on)
    whose = (held.caseworker_id, held.group_id)
    placed = case.placements
    if any(placements.family_in_hotel(p, on) for p in placed):
        yield CountKey(Kept.HOTEL, *whose), 1
    for p in placed:
        if placements.listed(p, on) and placements.planned_end_passed(p, on):
            yield CountKey(Kept.END_PASSED, *whose), 1
        if placements.review_overdue(p, on):
            yield CountKey(Kept.REVIEW_OVERDUE, *whose), 1
    if case.kind is CaseKind.BENEFIT and case.plan.opened_on <= on:
        paid = count_long_term(case.benefit_months, on)
        gender = applicant_gender(case.adults, on)
        yield CountKey(Kept.BENEFIT, *whose, gender), paid.households
        yield CountKey(Kept.LONG_TERM, *whose, gender), paid.long_term
    if is_open(case.plan.opened_on, case.plan.closed_on, on):
        yield from _open(case, on, whose)


def _open(
    case: PastCase, on: dt.date, whose: tuple[int | None, int | None]
) -> Iterator[tuple[CountKey, int]]:
    benefit = case.kind is CaseKind.BENEFIT
    gender = applicant_gender(case.adults, on) if benefit else None
    if counts_in_load(case.kind):
        yield CountKey(Kept.OPEN, *whose, gender, case.kind.value), 1
    if not benefit:
        return
    adults = adults_on(case.adults, on)
    household = as_of(case.children, on)
    yield CountKey(Kept.ADULTS, *whose), len(adults)
    yield CountKey(Kept.CHILDREN, *whose), household.children if household else 0
    for adult in adults:
        obstacle = obstacle_on(adult, on).value
        yield CountKey(Kept.OBSTACLE, *whose, part=obstacle), 1
        yield CountKey(Kept.LONG_OBSTACLE, *whose, part=obstacle), int(long_obstacle(adult, on))
    found = status(case.plan, on)
    if found is not None:
        yield CountKey(Kept.PLAN, *whose, gender, found.value, _overdue_since(case, found)), 1


def _overdue_since(case: PastCase, found: PlanStatus) -> dt.date | None:
    overdue = found is PlanStatus.OVERDUE and case.plan.referred_on is not None
    return deadline(case.plan.referred_on) if overdue and case.plan.referred_on else None


def _events(case: PastCase) -> Iterator[tuple[CountKey, dt.date]]:
    """Return what happened in a case, each on its day, with whose the case was that day."""
    if case.kind is CaseKind.BENEFIT:
        yield from _moves(case)
        yield from _deadline(case)
    for refusal in case.refusals:
        yield from _refusal(case, refusal)


def _moves(case: PastCase) -> Iterator[tuple[CountKey, dt.date]]:
    plan = case.plan
    moves = {"opened": plan.opened_on, "referred": plan.referred_on, "closed": plan.closed_on}
    for move, day in moves.items():
        if day is not None:
            yield _at(case, Kept.MOVE, day, move)
    if plan.closed_on is not None:
        yield _at(case, Kept.CLOSING, plan.closed_on, case.reason.value if case.reason else "")


def _deadline(case: PastCase) -> Iterator[tuple[CountKey, dt.date]]:
    if case.plan.referred_on is None:
        return
    by = deadline(case.plan.referred_on)
    hit = within_three_months(case.plan, by, by, by)
    if hit is not None:
        key, day = _at(case, Kept.DEADLINE, by, HIT if hit else MISS)
        yield replace(key, gender=applicant_gender(case.adults, by)), day


def _refusal(case: PastCase, refusal: Refusal) -> Iterator[tuple[CountKey, dt.date]]:
    day = refusal.decided_on
    if refusal.first_analyses:
        yield _at(case, Kept.DECISION, day, "")
    for first in refusal.first_analyses:
        found = analysis_status(day, [] if first is None else [first], dt.date.max)
        key, _ = _at(case, Kept.CHILD, day, found.value)
        yield replace(key, since=first if found is AnalysisStatus.LATE else None), day


def _at(case: PastCase, kept: Kept, day: dt.date, part: str) -> tuple[CountKey, dt.date]:
    held = case.holder(day)
    return CountKey(kept, held.caseworker_id, held.group_id, part=part), day
