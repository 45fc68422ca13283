"""Random units in the store, and the same facts as plain objects for the rules to judge.

Days are dense in month ends, and voided rows stand among the others and count nowhere.
"""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from core.auth import Scope
from core.models import (
    AdultObstacle,
    AdverseDecision,
    AffectedChild,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    ChildImpactAnalysis,
    PlanExemption,
    PlanRevision,
)
from core.rules.cases import Adult, ObstacleFrom, as_of
from core.rules.change_plans import Exemption, Plan, PlanCase
from core.terms import (
    WITHOUT_CASEWORKER,
    WITHOUT_GROUP,
    CaseKind,
    ClosingReason,
    DecisionKind,
    ExemptionReason,
    Gender,
    HouseholdType,
    Obstacle,
)
from tests import factories as make

day = make.day
NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
FIRST, SPAN = day("2023-09-15"), 260
EDGES = [
    day(text)
    for text in (
        "2023-10-31",
        "2023-11-30",
        "2023-12-31",
        "2024-01-01",
        "2024-01-31",
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-03-31",
        "2024-04-30",
        "2024-05-31",
    )
]
CASEWORKERS = ("Åsa", "Ada", "Örjan", "Bo")
GROUPS = ("Utredning", "Ärlan", "Mottagning")
_numbers = count(1)


@dataclass(frozen=True)
class Held:
    """An assignment by name; None is nobody."""

    valid_from: dt.date
    caseworker: str | None
    group: str | None


@dataclass(frozen=True)
class Decision:
    """An adverse decision with the days of each affected child's analyses."""

    decided_on: dt.date
    children: dict[int, list[dt.date]]


@dataclass
class CaseFacts:
    """What is true of a case, without what was voided."""

    reference: str
    kind: CaseKind
    plan_case: PlanCase
    closing_reason: ClosingReason | None
    held: list[Held] = field(default_factory=list)
    adults: list[Adult] = field(default_factory=list)
    children: list[tuple[dt.date, int]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def holder(self, on):
        """Return the keys of whose the case is on a day: caseworker and group."""
        found = as_of(self.held, on) or Held(on, None, None)
        return found.caseworker or WITHOUT_CASEWORKER, found.group or WITHOUT_GROUP


@dataclass
class RandomUnit:
    """A unit's cases, and the scopes that it can be read with: by what they hold."""

    id: int
    cases: list[CaseFacts]
    caseworker_ids: dict[str, int]
    group_ids: dict[str, int]

    @property
    def scopes(self):
        """Return each scope with what tells whether it holds a case on a day."""
        whole = [(Scope(self.id), lambda _case, _on: True)]
        groups = [
            (Scope(self.id, group_id=id_), lambda case, on, name=name: case.holder(on)[1] == name)
            for name, id_ in self.group_ids.items()
        ]
        people = [
            (
                Scope(self.id, caseworker_id=id_),
                lambda case, on, name=name: case.holder(on)[0] == name,
            )
            for name, id_ in self.caseworker_ids.items()
        ]
        return whole + groups + people


def fill(session, seed, *, cases=40):
    """Save a random unit with its cases and return its `RandomUnit`."""
    return _Writer(session, random.Random(seed)).unit(cases)


class _Writer:
    def __init__(self, session, rng):
        self.session, self.rng = session, rng

    def unit(self, cases):
        row = make.unit(self.session)
        self.people = {n: make.caseworker(self.session, row, name=n) for n in CASEWORKERS}
        self.groups = {n: make.group(self.session, row, name=n) for n in GROUPS}
        return RandomUnit(
            row.id,
            [facts for _ in range(cases) if (facts := self.case(row))],
            {name: person.id for name, person in self.people.items()},
            {name: group.id for name, group in self.groups.items()},
        )

    def case(self, unit):
        rng = self.rng
        opened = self.day()
        referred = rng.choice([None, *[self.later(opened, 40)] * 4])
        closed = rng.choice([None, None, None, opened, self.later(opened, 200)])
        if closed is not None and referred is not None and referred > closed:
            referred = None
        reason = rng.choice([None, *ClosingReason]) if closed else None
        reference = f"AR-{next(_numbers):04}"
        row = make.save(
            self.session,
            Case(
                unit_id=unit.id,
                reference=reference,
                kind=rng.choice([CaseKind.BENEFIT] * 5 + list(CaseKind)),
                opened_on=opened,
                referred_on=referred,
                closed_on=closed,
                closing_reason=reason,
                voided_at=self.voided(),
            ),
        )
        plans = self.plans(row)
        facts = CaseFacts(
            reference,
            row.kind,
            PlanCase(opened, referred, closed, tuple(plans), tuple(self.exemptions(row))),
            reason,
            self.assignments(row),
            self.adults(row),
            self.compositions(row),
            self.decisions(unit, row),
        )
        return None if row.voided_at else facts

    def day(self):
        return self.rng.choice([*EDGES, FIRST + dt.timedelta(days=self.rng.randrange(SPAN))])

    def later(self, first, most):
        edges = [edge for edge in EDGES if edge >= first]
        plain = first + dt.timedelta(days=self.rng.randrange(most))
        return self.rng.choice([plain, plain, self.rng.choice(edges or [plain])])

    def voided(self):
        return NOW if self.rng.random() < 0.15 else None

    def save(self, row):
        """Save a row and tell whether it counts."""
        row.voided_at = self.voided()
        make.save(self.session, row)
        return row.voided_at is None

    def plans(self, case):
        found = []
        for _ in range(self.rng.randrange(3)):
            established = self.day() - dt.timedelta(days=self.rng.choice([0, 0, 60, 150]))
            ended = self.rng.choice([None, None, self.later(established, 150)])
            plan = ChangePlan(case_id=case.id, established_on=established, ended_on=ended)
            counts = self.save(plan)
            revised = [self.later(established, 120) for _ in range(self.rng.choice([0, 0, 1, 2]))]
            kept = [on for on in revised if self.save(PlanRevision(plan_id=plan.id, revised_on=on))]
            if counts:
                found.append(Plan(established, ended, tuple(kept)))
        return found

    def exemptions(self, case):
        found = []
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            start = self.day()
            end = self.later(start, 40)
            reason = self.rng.choice(list(ExemptionReason))
            row = PlanExemption(
                case_id=case.id,
                reason=reason,
                explanation="påhittad",
                valid_from=start,
                valid_to=end,
            )
            if self.save(row):
                found.append(Exemption(reason, start, end))
        return found

    def assignments(self, case):
        found = []
        days = [case.opened_on, *(self.day() for _ in range(self.rng.randrange(3)))]
        for on in days if self.rng.random() < 0.9 else []:
            caseworker = self.rng.choice([None, *CASEWORKERS])
            group = self.rng.choice([None, *GROUPS])
            row = CaseAssignment(
                case_id=case.id,
                valid_from=on,
                caseworker_id=self.people[caseworker].id if caseworker else None,
                group_id=self.groups[group].id if group else None,
            )
            if self.save(row):
                found.append(Held(on, caseworker, group))
        return found

    def adults(self, case):
        found = []
        for number in (1, 1, 2):
            if self.rng.random() < 0.6:
                start = self.rng.choice([case.opened_on, self.later(case.opened_on, 90)])
                end = self.rng.choice([None, None, self.later(start, 90)])
                gender = self.rng.choice(list(Gender))
                row = CaseAdult(
                    case_id=case.id, number=number, gender=gender, valid_from=start, valid_to=end
                )
                counts = self.save(row)
                obstacles = self.obstacles(row)
                if counts:
                    found.append(Adult(number, gender, start, end, tuple(obstacles)))
        return sorted(found, key=lambda adult: adult.valid_from)

    def obstacles(self, adult):
        found = []
        for _ in range(self.rng.randrange(3)):
            start = self.rng.choice([adult.valid_from, self.later(adult.valid_from, 60)])
            start -= dt.timedelta(days=self.rng.choice([0, 366, 500]))
            obstacle = self.rng.choice([Obstacle.UNEMPLOYED, Obstacle.SICK_WITH_SGI])
            row = AdultObstacle(adult_id=adult.id, valid_from=start, obstacle=obstacle)
            if self.save(row):
                found.append(ObstacleFrom(obstacle, start))
        return found

    def compositions(self, case):
        found = []
        for _ in range(self.rng.randrange(3)):
            start = self.rng.choice([case.opened_on, self.later(case.opened_on, 90)])
            children = self.rng.randrange(4)
            row = CaseComposition(
                case_id=case.id,
                valid_from=start,
                household_type=HouseholdType.OTHER,
                children=children,
            )
            if self.save(row):
                found.append((start, children))
        return found

    def decisions(self, unit, case):
        found = []
        for _ in range(self.rng.randrange(3)):
            decided = self.day()
            row = AdverseDecision(
                unit_id=unit.id,
                case_id=case.id,
                decided_on=decided,
                kind=self.rng.choice(list(DecisionKind)),
            )
            counts = self.save(row)
            children = defaultdict(list)
            for number in range(1, 1 + self.rng.randrange(4)):
                child = make.save(
                    self.session, AffectedChild(decision_id=row.id, child_number=number)
                )
                children[number] = self.analyses(child, decided)
            if counts:
                found.append(Decision(decided, dict(children)))
        return found

    def analyses(self, child, decided):
        found = []
        for _ in range(self.rng.randrange(3)):
            on = decided + dt.timedelta(days=self.rng.choice([-20, -1, 0, 0, 1, 30]))
            if self.save(ChildImpactAnalysis(affected_child_id=child.id, analysed_on=on)):
                found.append(on)
        return found
