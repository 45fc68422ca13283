"""Adverse decisions with their impact analyses, exactly as many as the inputs say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from core.demo import inputs
from core.demo.flow import workday
from core.demo.matters import Matter
from core.demo.people import Place
from core.demo.rows import Rows
from core.models import AdverseDecision, AffectedChild, ChildImpactAnalysis
from core.rules.dates import ONE_DAY
from core.terms import CaseKind, DecisionKind

KINDS = (DecisionKind.REFUSAL, DecisionKind.PARTIAL_REFUSAL, DecisionKind.TERMINATION)
USUAL_CHILDREN = 2


@dataclass
class Decision:
    """A decision on a day: how many children it affects, and how many lack a timely analysis."""

    matter: Matter
    on: dt.date
    children: int
    undone: int = 0


def add_decisions(
    rows: Rows, rng: Random, place: Place, matters: Sequence[Matter], today: dt.date
) -> None:
    """Add a unit's adverse decisions with their analyses."""
    families = [matter for matter in matters if matter.kind is CaseKind.BENEFIT]
    for record in inputs.of_unit("demo_bka", place.slug):
        decisions = _decisions(rng, families, record)
        late = int(record["late"])
        for decision in sorted(decisions, key=lambda made: made.on):
            late = _add(rows, rng, place, decision, late, today)


def _decisions(rng: Random, families: Sequence[Matter], record: inputs.Record) -> list[Decision]:
    start, end = inputs.day(record["start"]), inputs.day(record["end"])
    made: list[Decision] = []
    while len(made) < int(record["decisions"]):
        on = workday(rng, start, end)
        able = [m for m in families if m.open_on(on) and m.children_on(on) >= USUAL_CHILDREN]
        made.append(Decision(rng.choice(able), on, USUAL_CHILDREN))
    children = int(record["children"])
    _settle_children(rng, made, children)
    _settle_undone(rng, made, children - int(record["done"]))
    return made


def _settle_children(rng: Random, made: list[Decision], children: int) -> None:
    """Let some decisions affect one child, so that they affect exactly so many together."""
    too_many = sum(decision.children for decision in made) - children
    for decision in rng.sample(made, too_many):
        decision.children = 1


def _settle_undone(rng: Random, made: list[Decision], undone: int) -> None:
    """Let exactly so many children lack a timely analysis, whole decisions first."""
    for decision in sorted(rng.sample(made, len(made)), key=lambda d: d.children != undone):
        decision.undone = min(decision.children, undone)
        undone -= decision.undone


def _add(
    rows: Rows, rng: Random, place: Place, decision: Decision, late: int, today: dt.date
) -> int:
    """Add a decision's rows. Returns how many late analyses are left to make."""
    decision_id = rows.add(
        AdverseDecision,
        unit_id=place.unit_id,
        case_id=decision.matter.case_id,
        decided_on=decision.on,
        kind=rng.choice(KINDS),
    )
    for number in range(1, decision.children + 1):
        child_id = rows.add(AffectedChild, decision_id=decision_id, child_number=number)
        analysed: dt.date | None = decision.on - dt.timedelta(days=rng.randint(0, 12))
        if number <= decision.undone:
            analysed = None
            if late > 0 and decision.on < today:
                latest = min(decision.on + dt.timedelta(days=30), today)
                analysed = workday(rng, decision.on + ONE_DAY, latest)
                late -= 1
        if analysed is not None:
            rows.add(ChildImpactAnalysis, affected_child_id=child_id, analysed_on=analysed)
    return late
