"""Stores with old cases: placements, benefit months, put-off reminders and reports on them."""

import datetime as dt
import random
from decimal import Decimal

from sqlmodel import select

from core import db
from core.auth import Role
from core.models import (
    AdultObstacle,
    AdverseDecision,
    AffectedChild,
    BenefitMonth,
    Case,
    CaseAdult,
    ChildImpactAnalysis,
    ImportChange,
    ImportRun,
    MeasureAnswer,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    PlacementPlan,
    ReminderSnooze,
    Scenario,
    ScenarioChange,
    WalkThrough,
    WalkThroughItem,
)
from core.rules.dates import months_between
from core.services import retention
from core.terms import (
    Contract,
    DataSource,
    DecisionKind,
    ImportKind,
    MeasureFrequency,
    MeasureKind,
    Obstacle,
    ReminderKind,
    ScenarioStep,
    WalkThroughOutcome,
)
from tests import factories as make
from tests import factories_money as money

VOIDED = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
LAST = make.day("2024-09-30")


def remove(**options):
    """Remove what's time is up, as the command line does. Returns the run's id."""
    with db.write() as session:
        return retention.remove(session, by=options.pop("by", None), **options)


def admin(session):
    """Save an administrator."""
    return make.actor(session, Role.ADMIN)


def set_term(months):
    """Let closed cases be kept for some months."""
    with db.write() as session:
        retention.set_term(session, months, by=admin(session))


def fill_more(session, unit_id, seed):
    """Give a unit's cases ended and running placements, benefit months and all that hangs on."""
    rng = random.Random(seed)
    kinds = [
        money.kind(session, Unit(unit_id), "HVB", budget_section="Bistånd", budget_line="Vård"),
        money.kind(session, Unit(unit_id), "Hotell", is_hotel=True),
    ]
    line = money.line(session, Unit(unit_id), "900000", name="Vård")
    money.outcome(session, line, make.day("2024-01-01"), "50000", make.day("2024-02-10"))
    money.line(session, Unit(unit_id), "700000", name="Vård", year=2023)
    for case in session.exec(select(Case).where(Case.unit_id == unit_id)).all():
        if rng.random() < 0.5:
            for _ in range(rng.choice([1, 1, 2])):
                add_placement(session, rng, case, rng.choice(kinds))
        if rng.random() < 0.3:
            report_on(session, case, rng.choice([None, None, VOIDED]))
        for month in months_between(case.opened_on, min(case.closed_on or LAST, LAST)):
            if rng.random() < 0.85:
                add_month(session, case, month, voided_at=rng.choice([None] * 9 + [VOIDED]))


class Unit:
    """What the money factories need of a unit."""

    def __init__(self, id_):
        self.id = id_


def add_placement(session, rng, case, kind):
    """Save a placement of random dates, voided or running now and then."""

    def soon(first, most):
        return first + dt.timedelta(days=rng.randrange(most))

    starts = soon(case.opened_on, 120)
    rates = [(starts, rng.randrange(900, 4000)), (soon(starts, 90) + dt.timedelta(1), 1250)]
    decisions = [
        {
            "decided_on": soon(starts - dt.timedelta(30), 120),
            "planned_end_on": rng.choice([None, soon(starts, 200)]),
            "provider": rng.choice(["Björken", "Eken"]),
            "contract": rng.choice(list(Contract)),
        }
        for _ in range(rng.choice([1, 2]))
    ]
    reviews = [
        (on, rng.choice([None, soon(on, 50) + dt.timedelta(1)]))
        for on in (soon(starts, 150) for _ in range(rng.randrange(3)))
    ]
    money.placement(
        session,
        case,
        kind,
        starts,
        rates=rates,
        decisions=decisions,
        reviews=reviews,
        ended_on=rng.choice([None, *[soon(starts, 200)] * 6]),
        children=rng.randrange(2),
        voided_at=rng.choice([None] * 6 + [VOIDED]),
    )


def add_month(session, case, month, **fields):
    """Save a month in which a case got benefit."""
    return make.save(
        session,
        BenefitMonth(
            unit_id=case.unit_id,
            case_id=case.id,
            month=month,
            amount=Decimal(9000),
            source=DataSource.TYPED,
            **fields,
        ),
    )


def everything_on(session, case):
    """Give a case a row of every kind that can hang on it, and return its unit's import."""
    on = case.opened_on
    unit = Unit(case.unit_id)
    make.plan(session, case, on, revised=[on])
    make.exemption(session, case, on, on)
    add_month(session, case, on.replace(day=1))
    placed = money.placement(
        session, case, money.kind(session, unit), on, rates=1000, reviews=[(on, None)], ended_on=on
    )
    around(session, placed, on)
    snooze = ReminderSnooze(
        unit_id=unit.id,
        case_id=case.id,
        kind=ReminderKind.PLAN,
        reason="x",
        starts_on=on,
        ends_on=on,
    )
    make.save(session, snooze)
    for voided_at in (None, VOIDED):
        report_on(session, case, voided_at)
    run = ImportRun(unit_id=unit.id, kind=ImportKind.CASES, file_sha256="0" * 64)
    make.save(session, run)
    for entity, row_id in (("case_file", case.id), ("reminder_snooze", snooze.id)):
        change = ImportChange(
            run_id=run.id,
            entity=entity,
            entity_id=row_id,
            before={"reference": case.reference},
            digest="0123456789abcdef",
        )
        make.save(session, change)
    return run


def around(session, placed, on):
    """Give a placement a purpose, a place in a walk-through and a step in a scenario."""
    make.save(session, PlacementPlan(placement_id=placed.id, noted_on=on, purpose="påhittat"))
    walk = make.save(session, WalkThrough(unit_id=placed.unit_id, held_on=on))
    item = WalkThroughItem(
        walk_through_id=walk.id,
        placement_id=placed.id,
        outcome=WalkThroughOutcome.CONTINUE,
        full_year_before=Decimal(1000),
        full_year_after=Decimal(1000),
    )
    make.save(session, item)
    scenario = Scenario(unit_id=placed.unit_id, year=on.year, name=placed.reference)
    make.save(session, scenario)
    step = ScenarioChange(
        scenario_id=scenario.id,
        position=1,
        step=ScenarioStep.END,
        placement_id=placed.id,
        from_on=on,
    )
    make.save(session, step)


def report_on(session, case, voided_at=None):
    """Save a report on a measure point about a case, with its answer."""
    on = case.opened_on
    point = make.save(
        session,
        MeasurePoint(
            unit_id=case.unit_id, slug=f"punkt-{case.id}-{bool(voided_at)}", kind=MeasureKind.CHOICE
        ),
    )
    definition = MeasureDefinition(
        measure_point_id=point.id, valid_from=on, name="Svar", frequency=MeasureFrequency.MONTH
    )
    make.save(session, definition)
    choice = MeasureChoice(definition_id=definition.id, position=1, label="ja")
    make.save(session, choice)
    entry = MeasureEntry(
        unit_id=case.unit_id,
        measure_point_id=point.id,
        definition_id=definition.id,
        period_start=on,
        period_end=on,
        measured_on=on,
        case_id=case.id,
        slot=f"case-{case.id}",
        voided_at=voided_at,
    )
    make.save(session, entry)
    make.save(session, MeasureAnswer(entry_id=entry.id, choice_id=choice.id))
    return entry


def close(world, on, case_id=None):
    """Close a case on a day."""
    with db.write() as session:
        session.get_one(Case, case_id or world.case_id).closed_on = on


def with_case(world, change):
    """Change a `World`'s case in a write: `change(session, case)`."""
    with db.write() as session:
        return change(session, session.get_one(Case, world.case_id))


def add_everything(session, case):
    """Give a case a row of every kind, one of each table that goes with a case."""
    everything_on(session, case)
    decision = AdverseDecision(
        unit_id=case.unit_id,
        case_id=case.id,
        decided_on=case.opened_on,
        kind=DecisionKind.REFUSAL,
    )
    make.save(session, decision)
    child = make.save(session, AffectedChild(decision_id=decision.id, child_number=1))
    make.save(session, ChildImpactAnalysis(affected_child_id=child.id, analysed_on=case.opened_on))
    adult_id = session.exec(select(CaseAdult.id).where(CaseAdult.case_id == case.id)).one()
    obstacle = AdultObstacle(
        adult_id=adult_id, valid_from=case.opened_on, obstacle=Obstacle.UNEMPLOYED
    )
    make.save(session, obstacle)
