"""A unit with placements in two groups to imagine changes to. Everything is made up."""

from decimal import Decimal

from core import db
from core.models import Case, Group, Unit
from core.services import scenarios
from core.services.scenario_inputs import NewScenario, NewStep
from core.terms import CaseKind, ScenarioStep
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import world

STARTS = make.day("2024-03-01")
S = ScenarioStep


def placed_world():
    """Save a `World` with HVB placements of the group Ett (PL-0001) and Två (PL-0002).

    Both cost 1 000 kr a day and are decided to 31 August. HVB is paid by the line Placeringar and
    stödboende by the line Stöd. The world's `extra` has the ids: `ett`, `två`, `hvb`, `support`.
    """
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        paid = {"budget_section": "Bistånd"}
        hvb = money.kind(session, unit, "HVB", budget_line="Placeringar", **paid)
        support = money.kind(session, unit, "stödboende", budget_line="Stöd", **paid)
        made.extra |= {"hvb": hvb.id, "support": support.id}
        money.line(session, unit, 400_000, name="Placeringar")
        money.line(session, unit, 10_000, name="Stöd")
        other = session.get_one(Group, made.other_group_id)
        case = make.case(session, unit, make.day("2024-01-10"), kind=CaseKind.ADDICTION)
        make.assign(session, case, make.day("2024-01-10"), group=other)
        until = {"decided_on": STARTS, "planned_end_on": make.day("2024-08-31")}
        for name, of, reference in (
            ("ett", session.get_one(Case, made.case_id), "PL-0001"),
            ("två", case, "PL-0002"),
        ):
            row = money.placement(
                session, of, hvb, STARTS, rates=1000, decisions=[until], reference=reference
            )
            made.extra[name] = row.id
    return made


def scenario(by, name="Billigare", *steps):
    """Save a scenario with steps; returns its id."""
    with db.write() as session:
        scenario_id = scenarios.create(session, NewScenario(name), by=by)
        for step in steps:
            scenarios.add_step(session, scenario_id, step, by=by)
        return scenario_id


def step(kind, placement_id, from_on, amount=None, **fields):
    """Return a step of a form."""
    return NewStep(
        kind,
        placement_id,
        make.day(from_on),
        amount=None if amount is None else Decimal(amount),
        **fields,
    )


def added(kind_id, from_on, to_on, amount, label="Plats i höst"):
    """Return a step that adds a placement."""
    return step(S.ADD, None, from_on, amount, to_on=make.day(to_on), kind_id=kind_id, label=label)
