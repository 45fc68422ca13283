"""What placements would cost if: imagined changes to them, step by step. Nothing real changes.

A scenario is made on a day from what is known then; its costs are those of `core.rules.placements`
as known on that day. Days through it have happened: a step changes days after it only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from core.rules import placements as rules
from core.rules.dates import ONE_DAY
from core.rules.placements import Decision, PlacementFacts, Rate
from core.terms import Contract, ScenarioStep

ENDS = frozenset({ScenarioStep.MOVE_END, ScenarioStep.END})
USUAL_CONTRACT = Contract.FRAMEWORK


class StepFault(StrEnum):
    """Why a step changes nothing."""

    GONE = "gone"
    ENDED = "ended"
    PAST = "past"
    BEFORE_START = "before_start"
    AFTER_END = "after_end"


@dataclass(frozen=True, slots=True)
class Step:
    """An imagined change.

    `day` is the first day of the change; for `MOVE_END` and `END` the new last day, which is paid.
    `until` is the last day of what is added or replaces, None for tills vidare, or for what
    replaces: as long as the placement would have run. `amount` is kronor a day. `placement_id` is
    None only for what is added.
    """

    kind: ScenarioStep
    day: dt.date
    placement_id: int | None = None
    until: dt.date | None = None
    amount: Decimal | None = None
    kind_id: int | None = None
    contract: Contract | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """A placement, or a part of one, with the kind that says which budget line pays it."""

    kind_id: int
    facts: PlacementFacts


Supports = tuple[Support, ...]
"""What somebody has after each other: the placement, and what replaces it."""


@dataclass(frozen=True, slots=True)
class Imagined:
    """What a scenario makes of the placements that it touches.

    `placements` has every placement given, by id, `added` what is added, in order. `faults` has
    for each step why it changes nothing, None for one that counts.
    """

    placements: Mapping[int, Supports]
    added: Supports
    faults: tuple[StepFault | None, ...]

    @property
    def supports(self) -> Supports:
        """Return all that costs something."""
        return (*(one for parts in self.placements.values() for one in parts), *self.added)


def imagine(present: Mapping[int, Support], steps: Iterable[Step], on: dt.date) -> Imagined:
    """Take the steps in order, from what is known on a day.

    A step that can't be taken is passed over, and the next one is taken from what is there.

    Args:
        present: The placements that the steps touch, by id; one that is gone has none.
        steps: The changes. Of two that change the same, the later holds.
        on: The day that the scenario is read. It and the days before stay as they are.
    """
    now: dict[int, Supports] = {number: (support,) for number, support in present.items()}
    added: list[Support] = []
    faults: list[StepFault | None] = []
    for step in steps:
        parts = () if step.placement_id is None else now.get(step.placement_id, ())
        fault = step_fault(step, parts, on)
        faults.append(fault)
        if fault is None and step.placement_id is None:
            added.append(_support(step, step.until, on))
        elif fault is None and step.placement_id is not None:
            now[step.placement_id] = _taken(step, parts, on)
    return Imagined(now, tuple(added), tuple(faults))


def earliest_day(kind: ScenarioStep, on: dt.date) -> dt.date:
    """Return the first day that a step can have: today for a last day, tomorrow for a first."""
    return on if kind in ENDS else on + ONE_DAY


def step_fault(step: Step, parts: Supports, on: dt.date) -> StepFault | None:
    """Return why a step can't be taken on a placement as earlier steps left it, None if it can."""
    if step.placement_id is not None and not (parts and rules.is_known(parts[0].facts, on)):
        return StepFault.GONE
    if parts and rules.known_end(parts[0].facts, on) is not None:
        return StepFault.ENDED
    if step.day < earliest_day(step.kind, on):
        return StepFault.PAST
    if parts and step.day < parts[0].facts.starts_on:
        return StepFault.BEFORE_START
    if parts and step.kind is not ScenarioStep.MOVE_END and step.day > _last_day(parts[-1], on):
        return StepFault.AFTER_END
    return None


def costs(
    supports: Iterable[Support], periods: Sequence[tuple[dt.date, dt.date]], on: dt.date
) -> list[Decimal]:
    """Return what supports cost together in each period, first and last day included."""
    facts = [support.facts for support in supports]
    return [
        sum((rules.interval_cost(p, start, end, on) for p in facts), Decimal(0))
        for start, end in periods
    ]


def _taken(step: Step, parts: Supports, on: dt.date) -> Supports:
    if step.kind in ENDS:
        return _ended(parts, step.day, on)
    if step.kind is ScenarioStep.SET_RATE:
        return _priced(parts, step)
    facts = parts[-1].facts
    planned = None if rules.planned_end_passed(facts, on) else rules.planned_end(facts, on)
    return (*_ended(parts, step.day - ONE_DAY, on), _support(step, step.until or planned, on))


def _ended(parts: Supports, last: dt.date, on: dt.date) -> Supports:
    """Let what somebody has end on a day; what would have begun after it falls away."""
    begun = [part for part in parts if part.facts.starts_on <= last]
    return (*begun[:-1], *(_until(part, last, on) for part in begun[-1:]))


def _until(support: Support, last: dt.date, on: dt.date) -> Support:
    """Return a support with a decision of the day that it ends on another one."""
    facts = support.facts
    latest = rules.decision_on(facts, on)
    decision = Decision(
        on,
        last,
        latest.provider if latest else "",
        latest.contract if latest else USUAL_CONTRACT,
    )
    return replace(support, facts=replace(facts, decisions=(*facts.decisions, decision)))


def _priced(parts: Supports, step: Step) -> Supports:
    """Let the part that runs on the step's day cost something else, until its own next rate."""
    at = max(n for n, part in enumerate(parts) if part.facts.starts_on <= step.day)
    facts = parts[at].facts
    priced = replace(facts, rates=(*facts.rates, Rate(step.day, _amount(step))))
    return (*parts[:at], replace(parts[at], facts=priced), *parts[at + 1 :])


def _support(step: Step, until: dt.date | None, on: dt.date) -> Support:
    """Return what a step adds, as decided on the day that the scenario is read."""
    if step.kind_id is None:
        msg = "A support that is added has a kind"
        raise ValueError(msg)
    decision = Decision(on, until, "", step.contract or USUAL_CONTRACT)
    facts = PlacementFacts(
        starts_on=step.day, rates=(Rate(step.day, _amount(step)),), decisions=(decision,)
    )
    return Support(step.kind_id, facts)


def _amount(step: Step) -> Decimal:
    if step.amount is None:
        msg = "A step that sets a rate has an amount"
        raise ValueError(msg)
    return step.amount


def _last_day(support: Support, on: dt.date) -> dt.date:
    return rules.last_committed_day(support.facts, on, dt.date.max)
