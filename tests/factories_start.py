"""A small unit in which there is something of everything that Start shows. All of it is made up."""

import datetime as dt
from dataclasses import dataclass, field

from core import db
from core.auth import Actor, Role, Scope
from core.models import AdverseDecision, AffectedChild, ChildImpactAnalysis
from core.terms import CaseKind, ClosingReason, ComputedFigure, DecisionKind, Direction
from tests import factories as make
from tests import factories_goals as goals
from tests import factories_money as money

TODAY = dt.date(2024, 5, 27)
BEFORE = dt.date(2024, 4, 30)


@dataclass(frozen=True)
class Week:
    """The unit's ids, and somebody in each role."""

    unit_id: int
    ett: int
    two: int
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def scope(self):
        return Scope(self.unit_id)


def week():
    """Save the unit as it stands on `TODAY`.

    Ada (group Ett) has four current plans and two overdue ones; Bo (group Två) five outdated plans
    and the oldest overdue one. Nobody has one household and one addiction case. A decision of May
    lacks one of two analyses; a family is in hotel since 12 April, another placement was never
    reviewed; the prognosis is 100 000 kr over budget, 50 000 kr more than in April; an activity
    ended in April.
    """
    with db.write() as session:
        unit = make.unit(session, name="Enheten")
        ett, two = make.group(session, unit, name="Ett"), make.group(session, unit, name="Två")
        ada = make.caseworker(session, unit, name="Ada", group_id=ett.id)
        bo = make.caseworker(session, unit, name="Bo", group_id=two.id)
        adas = _cases(session, unit, ada, ett, "2024-01-02", "2024-01-10", 6)
        bos = _cases(session, unit, bo, two, "2023-11-01", "2023-11-10", 5)
        _cases(session, unit, bo, two, "2023-12-01", "2023-12-05", 1)
        for case in adas[:4]:
            make.plan(session, case, make.day("2024-02-01"))
        for case in bos:
            make.plan(session, case, make.day("2023-12-01"))
        make.case(session, unit, make.day("2024-05-20"))
        make.case(session, unit, make.day("2024-05-20"), kind=CaseKind.ADDICTION)
        closed = {"closed_on": make.day("2024-04-15"), "closing_reason": ClosingReason.WORK}
        make.case(session, unit, make.day("2024-03-01"), caseworker=ada, group=ett, **closed)
        _decision(session, adas[0], make.day("2024-05-14"))
        _money(session, unit, adas[0], bos[0])
        _goals(session, unit)
        actors = {
            "unit_manager": make.actor(session, Role.UNIT_MANAGER, unit),
            "controller": make.actor(session, Role.CONTROLLER, unit),
            "reader": make.actor(session, Role.READER, unit),
            "group_manager": make.actor(session, Role.GROUP_MANAGER, unit, group=ett),
            "caseworker": make.actor(session, Role.CASEWORKER, unit, caseworker=ada),
        }
        return Week(unit.id, ett.id, two.id, actors)


def _cases(session, unit, caseworker, group, opened_on, referred_on, number):  # noqa: PLR0917
    return [
        make.case(
            session,
            unit,
            make.day(opened_on),
            caseworker=caseworker,
            group=group,
            referred_on=make.day(referred_on),
        )
        for _ in range(number)
    ]


def _decision(session, case, decided_on):
    decision = make.save(
        session,
        AdverseDecision(
            unit_id=case.unit_id, case_id=case.id, decided_on=decided_on, kind=DecisionKind.REFUSAL
        ),
    )
    first, _second = (
        make.save(session, AffectedChild(decision_id=decision.id, child_number=n)) for n in (1, 2)
    )
    make.save(session, ChildImpactAnalysis(affected_child_id=first.id, analysed_on=decided_on))


def _money(session, unit, in_hotel, in_home):
    line = money.line(session, unit, 1_000_000)
    paid_by = {"budget_section": line.section, "budget_line": line.name}
    hotel = money.kind(session, unit, "Hotell", is_hotel=True, **paid_by)
    home = money.kind(session, unit, "HVB", **paid_by)
    money.placement(
        session, in_hotel, hotel, make.day("2024-04-12"), rates=1000, reference="PL-H", children=2
    )
    money.placement(session, in_home, home, make.day("2024-02-01"), rates=2000, reference="PL-B")
    money.prognosis(session, line, 1_050_000, make.day("2024-04-10"))
    money.prognosis(session, line, 1_100_000, make.day("2024-05-10"))


def _goals(session, unit):
    goal = goals.goal(session, unit, 2024)
    within = goals.computed(session, goal, ComputedFigure.PLANS_WITHIN_THREE_MONTHS)
    goals.set_target(session, within, 2024, 75)
    hotel = goals.computed(
        session,
        goal,
        ComputedFigure.FAMILIES_IN_HOTEL,
        name="Familjer på hotell",
        direction=Direction.LOWER,
    )
    goals.set_target(session, hotel, 2024, 0)
    goals.activity(
        session, goal, make.day("2024-01-01"), make.day("2024-04-30"), name="Stickprov av akter"
    )
