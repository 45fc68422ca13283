"""How earlier fans did: was the year's outcome within the span, and how far off was the middle?

A fan of a month end of a closed year is made of what was known then, and compared with what the
year came to cost. A span of 80 % should hold the outcome about 8 times of 10.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.rules.cost_fan import Fan
from core.rules.shares import share
from core.terms import ALL

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Trial:
    """A fan of a kind, or of all kinds together (`ALL`), and what the year came to cost."""

    made_on: dt.date
    kind: str
    low: Decimal
    expected: Decimal
    high: Decimal
    decided: Decimal
    outcome: Decimal

    @property
    def inside(self) -> bool:
        """Tell whether the outcome, in whole kronor, was within the span."""
        return self.low <= round(self.outcome) <= self.high


@dataclass(frozen=True, slots=True)
class Record:
    """How the fans of a year did for a kind, or for all kinds together.

    `inside` of `made` held the outcome. The misses are the mean distance from the outcome, as a
    share of it: of the expected cost, and of what was decided; None where the outcome is 0.
    """

    kind: str
    made: int
    inside: int
    expected_miss: Fraction | None
    decided_miss: Fraction | None


def trials(fan: Fan, outcomes: Mapping[str, Decimal]) -> tuple[Trial, ...]:
    """Return a fan's kinds and sum beside the outcome of its year, which has closed.

    Args:
        fan: As it was at a month end of the year.
        outcomes: What each kind came to cost, in kronor. A kind that only came later is in the sum.
    """
    total = sum(outcomes.values(), ZERO)
    return tuple(
        Trial(
            made_on=fan.on,
            kind=line.kind,
            low=line.low,
            expected=line.expected,
            high=line.high,
            decided=line.decided,
            outcome=total if line.kind == ALL else outcomes.get(line.kind, ZERO),
        )
        for line in (*fan.lines, fan.total)
    )


def records(made: Iterable[Trial]) -> tuple[Record, ...]:
    """Return how each kind's fans did, by kind, all together last."""
    by_kind: dict[str, list[Trial]] = {}
    for trial in made:
        by_kind.setdefault(trial.kind, []).append(trial)
    kinds = sorted(by_kind, key=lambda kind: (kind == ALL, kind))
    return tuple(_record(kind, by_kind[kind]) for kind in kinds)


def _record(kind: str, made: list[Trial]) -> Record:
    total = sum((abs(trial.outcome) for trial in made), ZERO)
    expected = sum((abs(trial.expected - trial.outcome) for trial in made), ZERO)
    decided = sum((abs(trial.decided - trial.outcome) for trial in made), ZERO)
    return Record(
        kind=kind,
        made=len(made),
        inside=sum(trial.inside for trial in made),
        expected_miss=share(expected, total),
        decided_miss=share(decided, total),
    )
