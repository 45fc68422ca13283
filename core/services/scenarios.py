"""Scenarios: made, renamed, copied and removed, and their steps. No placement is ever touched.

A scenario is the unit's. Somebody who reaches one group's placements reaches the scenarios that
touch no other group's.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, func, select

from core.auth import Actor, Permission, PermissionDeniedError, row_scope
from core.clock import today
from core.models import Case, Placement, PlacementKind, Scenario, ScenarioChange
from core.queries import placement_facts
from core.queries.placement_facts import Placed
from core.queries.scenarios import step_of
from core.rules.scenarios import Step, Support, imagine
from core.services.base import Checks, Event, FieldError, RefusedError, already_done, record
from core.services.case_checks import void
from core.services.conflicts import same_version
from core.services.questions import Questions
from core.services.scenario_checks import check_step, check_within
from core.services.scenario_inputs import NewScenario, NewStep
from core.terms import ScenarioStep

MOST_STEPS = 40
EDIT = Permission.EDIT_SCENARIOS
CHANGED = "Någon annan har ändrat eller tagit bort steget. Välj det på nytt."


def create(session: Session, new: NewScenario, *, by: Actor, key: str | None = None) -> int:
    """Make an empty scenario of this year. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = row_scope(by, EDIT).unit_id
    _check(session, unit_id, new)
    return _record(session, "add", _made(session, unit_id, new, by), by, key)


def rename(
    session: Session,
    scenario_id: int,
    new: NewScenario,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Change a scenario's name and what it is about."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _reachable(session, scenario_id, by=by)
    same_version(row, version)
    _check(session, row.unit_id, new, besides=scenario_id)
    row.name, row.note = new.name.strip(), new.note.strip()
    return _record(session, "change", row, by, key)


def copy(
    session: Session, scenario_id: int, name: str, *, by: Actor, key: str | None = None
) -> int:
    """Make a scenario with the same steps under another name. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    source = _reachable(session, scenario_id, by=by)
    new = NewScenario(name, source.note)
    _check(session, source.unit_id, new)
    row = _made(session, source.unit_id, new, by)
    for step in _steps(session, scenario_id):
        values = step.model_dump(exclude={"id"}) | {"scenario_id": row.id}
        session.add(ScenarioChange(**values))
    return _record(session, "copy", row, by, key)


def remove(
    session: Session, scenario_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Take a scenario away; it stays in the store, voided."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = _reachable(session, scenario_id, by=by)
    same_version(row, version)
    void(row, by)
    return _record(session, "void", row, by, key)


def add_step(
    session: Session, scenario_id: int, new: NewStep, *, by: Actor, key: str | None = None
) -> int:
    """Add a change last in a scenario. Returns the step's id.

    It is taken from how the steps before it leave the placement.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    scenario = _reachable(session, scenario_id, by=by)
    steps = _steps(session, scenario_id)
    checks = Questions(confirmed=new.confirmed)
    checks.refuse_if(
        len(steps) >= MOST_STEPS, "step", f"Ett scenario får ha högst {MOST_STEPS} steg."
    )
    placed = _checked(session, checks, scenario, new, steps, by)
    position = max((step.position for step in steps), default=0) + 1
    row = _step(scenario_id, position, new, placed)
    return _record_step(session, "add", scenario, row, by, key)


def change_step(
    session: Session, step_id: int, new: NewStep, *, was: Step, by: Actor, key: str | None = None
) -> int:
    """Change a step, which keeps its place. Returns its id.

    `was` is the step as the form opened it: one that somebody has changed since is refused.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row, scenario = _reachable_step(session, step_id, was, by)
    before = [one for one in _steps(session, row.scenario_id) if one.position < row.position]
    checks = Questions(confirmed=new.confirmed)
    placed = _checked(session, checks, scenario, new, before, by)
    changed = _step(row.scenario_id, row.position, new, placed)
    for name, value in changed.model_dump(exclude={"id"}).items():
        setattr(row, name, value)
    return _record_step(session, "change", scenario, row, by, key)


def remove_step(
    session: Session, step_id: int, *, was: Step, by: Actor, key: str | None = None
) -> int:
    """Take a change out of a scenario. Returns the scenario's id.

    `was` is the step as the form opened it: one that somebody has changed since is refused.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row, scenario = _reachable_step(session, step_id, was, by)
    details = {"step_id": step_id, "placement_id": row.placement_id, "step": row.step}
    session.delete(row)
    event = Event("remove_step", "scenario", scenario.id, scenario.unit_id, details=details)
    flag_modified(scenario, "name")
    record(session, event, by=by, key=key)
    return row.scenario_id


def _reachable(session: Session, scenario_id: int, *, by: Actor) -> Scenario:
    """Return a scenario that the user may change, locked until the end.

    Raises `PermissionDeniedError` alike for one that doesn't exist, is voided, another unit's or
    touches placements outside the user's scope.
    """
    scope = row_scope(by, EDIT)
    row = session.exec(
        select(Scenario)
        .where(col(Scenario.id) == scenario_id)
        .where(col(Scenario.unit_id) == scope.unit_id)
        .where(col(Scenario.voided_at).is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise PermissionDeniedError(EDIT)
    ids = {step.placement_id for step in _steps(session, scenario_id)} - {None}
    if scope.group_id is not None and ids:
        placed = placement_facts.load(session, col(Placement.id).in_(ids))
        inside = placement_facts.in_scope(placed, scope, today())
        if {one.id for one in inside} != ids:
            raise PermissionDeniedError(EDIT)
    return row


def _reachable_step(
    session: Session, step_id: int, was: Step, by: Actor
) -> tuple[ScenarioChange, Scenario]:
    """Return a step that the user may change, with its scenario locked until the end.

    What it was tells it from another one: a store may give the id of a step taken out to the next.
    """
    by.require(EDIT)
    row = session.get(ScenarioChange, step_id)
    if row is not None:
        scenario = _reachable(session, row.scenario_id, by=by)
        still = {one.id: step_of(one) for one in _steps(session, row.scenario_id)}
        if still.get(step_id) == was:
            return row, scenario
    raise RefusedError(FieldError("step", CHANGED))


def _checked(
    session: Session,
    checks: Questions,
    scenario: Scenario,
    new: NewStep,
    before: Sequence[ScenarioChange],
    by: Actor,
) -> Placed | None:
    """Refuse a step that can't be taken after others; return the placement that it is about."""
    placed = _placement(session, new, by)
    check_step(checks, new, scenario.year)
    _check_kind(session, new, scenario.unit_id)
    if placed is not None and new.from_on is not None:
        present = {placed.id: Support(placed.kind_id, placed.facts)}
        own = [step_of(step) for step in before if step.placement_id == placed.id]
        check_within(checks, new, imagine(present, own, today()).placements[placed.id])
    checks.done()
    return placed


def _placement(session: Session, new: NewStep, by: Actor) -> Placed | None:
    """Return the placement that a step is about, within the user's scope."""
    if new.step is ScenarioStep.ADD or new.placement_id is None:
        return None
    scope = row_scope(by, EDIT)
    chosen = (
        (col(Placement.id) == new.placement_id)
        & (col(Placement.unit_id) == scope.unit_id)
        & col(Placement.voided_at).is_(None)
        & col(Case.voided_at).is_(None)
    )
    found = placement_facts.in_scope(placement_facts.load(session, chosen), scope, today())
    if not found:
        raise PermissionDeniedError(EDIT)
    return found[0]


def _check(session: Session, unit_id: int, new: NewScenario, *, besides: int | None = None) -> None:
    checks, name = Checks(), new.name.strip()
    checks.refuse_if(not name, "name", "Ge scenariot ett namn.")
    checks.guard_text("name", name, longest=80)
    checks.guard_text("note", new.note.strip(), longest=500)
    taken = session.exec(
        select(col(Scenario.id))
        .where(col(Scenario.unit_id) == unit_id)
        .where(col(Scenario.year) == today().year)
        .where(func.lower(col(Scenario.name)) == name.lower())
        .where(col(Scenario.voided_at).is_(None))
        .where(col(Scenario.id) != (besides or 0))
    ).first()
    checks.refuse_if(
        taken is not None, "name", f"Enheten har redan ett scenario som heter {name} i år."
    )
    checks.done()


def _check_kind(session: Session, new: NewStep, unit_id: int) -> None:
    kind = None if new.kind_id is None else session.get(PlacementKind, new.kind_id)
    if new.kind_id is not None and (kind is None or kind.unit_id != unit_id):
        raise PermissionDeniedError("placement_kind")


def _step(scenario_id: int, position: int, new: NewStep, placed: Placed | None) -> ScenarioChange:
    """Return a step with what its kind has use for."""
    assert new.step is not None  # noqa: S101  (refused before)
    assert new.from_on is not None  # noqa: S101  (refused before)
    supports = new.step in {ScenarioStep.REPLACE, ScenarioStep.ADD}
    priced = supports or new.step is ScenarioStep.SET_RATE
    return ScenarioChange(
        scenario_id=scenario_id,
        position=position,
        step=new.step,
        placement_id=placed.id if placed else None,
        placement_version=placed.version if placed else None,
        from_on=new.from_on,
        to_on=new.to_on if supports else None,
        amount=new.amount if priced else None,
        kind_id=new.kind_id if supports else None,
        contract=new.contract if supports else None,
        label="" if placed else new.label.strip(),
    )


def _steps(session: Session, scenario_id: int) -> Sequence[ScenarioChange]:
    return session.exec(
        select(ScenarioChange)
        .where(col(ScenarioChange.scenario_id) == scenario_id)
        .order_by(col(ScenarioChange.position))
        .execution_options(populate_existing=True)
    ).all()


def _made(session: Session, unit_id: int, new: NewScenario, by: Actor) -> Scenario:
    row = Scenario(
        unit_id=unit_id,
        year=today().year,
        name=new.name.strip(),
        note=new.note.strip(),
        created_by_id=by.user_id,
    )
    _saved(session, row)
    return row


def _saved(session: Session, row: Scenario | ScenarioChange) -> None:
    session.add(row)
    session.flush()


def _record_step(
    session: Session,
    action: str,
    scenario: Scenario,
    row: ScenarioChange,
    by: Actor,
    key: str | None,
) -> int:
    """Save a step, write its audit event and raise the scenario's version. Returns its id."""
    _saved(session, row)
    details = {
        "scenario_id": scenario.id,
        "placement_id": row.placement_id,
        "step": row.step,
        "from_on": row.from_on,
        "to_on": row.to_on,
        "amount": row.amount,
    }
    event = Event(action, "scenario_change", row.id, scenario.unit_id, details=details)
    flag_modified(scenario, "name")
    record(session, event, by=by, key=key)
    assert row.id is not None  # noqa: S101  (saved above)
    return row.id


def _record(session: Session, action: str, row: Scenario, by: Actor, key: str | None) -> int:
    assert row.id is not None  # noqa: S101  (saved before)
    event = Event(action, "scenario", row.id, row.unit_id, details={"year": row.year})
    record(session, event, by=by, key=key)
    return row.id
