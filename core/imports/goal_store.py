"""What the store knows of a unit's goals, indicators, targets and activities, by year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from core.imports.kinds import Insert, Planned, Target
from core.imports.values import folded, quoted
from core.models import Activity, Goal, Indicator, IndicatorTarget
from core.terms import GoalLevel

T = TypeVar("T")
CODES_TOLD = 20


@dataclass(slots=True)
class KnownGoal:
    """A goal of a year: stored, or made by an earlier row of the file (`made`)."""

    year: int
    code: str
    level: GoalLevel
    stored: Goal | None = None
    made: Insert | None = None

    @property
    def reference(self) -> int | Insert:
        """Return what a row that hangs on the goal refers to it by."""
        if self.made is not None:
            return self.made
        assert self.stored is not None  # noqa: S101  (one of them is set)
        assert self.stored.id is not None  # noqa: S101  (read from the store)
        return self.stored.id


@dataclass(slots=True)
class Chain:
    """A unit's goals by year and code, with what hangs on them, and the codes that the file has."""

    target: Target
    goals: dict[tuple[int, str], KnownGoal] = field(default_factory=dict)
    children: dict[int, list[Goal]] = field(default_factory=lambda: defaultdict(list))
    indicators: dict[tuple[int, str], Indicator] = field(default_factory=dict)
    targets: dict[tuple[int, int], IndicatorTarget] = field(default_factory=dict)
    activities: dict[tuple[int, str], Activity] = field(default_factory=dict)
    in_file: set[tuple[int, str]] = field(default_factory=set)
    seen: dict[Any, int] = field(default_factory=dict)

    def year_of(self, planned: Planned) -> int:
        """Return the year that a row is about: this year where it says none."""
        year: int = planned.row.get("year", self.target.today.year)
        return year

    def goal(self, planned: Planned, column: str) -> KnownGoal | None:
        """Return the goal whose code a row has in a column; an unknown one is a fault."""
        code, year = planned.row[column], self.year_of(planned)
        if code is None:
            planned.fault(column, "Cellen är tom. Ange målets beteckning, till exempel 1.3.")
            return None
        found = self.goals.get((year, folded(code)))
        if found is None:
            planned.fault(column, self._unknown(code, year))
        return found

    def _unknown(self, code: str, year: int) -> str:
        if (year, folded(code)) in self.in_file:
            return f"Målet {quoted(code)} står längre ned i filen. Flytta upp den raden."
        codes = sorted(goal.code for goal in self.goals.values() if goal.year == year)
        if not codes:
            return f"Det finns inga mål för {year}. Lägg raderna med mål först i filen."
        told = ", ".join(codes[:CODES_TOLD]) + (" med flera" if len(codes) > CODES_TOLD else "")
        return f"Målet {quoted(code)} finns inte {year}. Finns: {told}."


def chain_of(session: Session, target: Target) -> Chain:
    """Return a unit's goals and what hangs on them. Four statements."""
    chain = Chain(target)
    unit = target.unit_id
    year_of: dict[int | None, int] = {}
    for goal in session.exec(select(Goal).where(col(Goal.unit_id) == unit)):
        year_of[goal.id] = goal.year
        known = KnownGoal(goal.year, goal.code, goal.level, goal)
        chain.goals[goal.year, folded(goal.code)] = known
        if goal.parent_id is not None:
            chain.children[goal.parent_id].append(goal)
    for indicator in session.exec(select(Indicator).where(col(Indicator.unit_id) == unit)):
        chain.indicators[year_of[indicator.goal_id], folded(indicator.name)] = indicator
    for row in session.exec(
        select(IndicatorTarget)
        .join(Indicator, col(Indicator.id) == col(IndicatorTarget.indicator_id))
        .where(col(Indicator.unit_id) == unit)
        .where(col(IndicatorTarget.voided_at).is_(None))
        .order_by(col(IndicatorTarget.decided_on), col(IndicatorTarget.id))
    ):
        chain.targets[row.indicator_id, row.year] = row
    for activity in session.exec(select(Activity).where(col(Activity.unit_id) == unit)):
        chain.activities[activity.goal_id, folded(activity.name)] = activity
    return chain
