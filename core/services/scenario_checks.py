"""What a step of a scenario is refused for, in words, and what is asked about it."""

from __future__ import annotations

import datetime as dt

from core.clock import today
from core.rules.dates import add_months
from core.rules.placements import last_committed_day
from core.rules.scenarios import Step, StepFault, Supports, earliest_day, step_fault
from core.services.placement_checks import check_rate
from core.services.placement_questions import FAR_AHEAD_MONTHS, ask_amount
from core.services.questions import Questions
from core.services.scenario_inputs import NewStep
from core.terms import ScenarioStep

NEW_SUPPORT = frozenset({ScenarioStep.REPLACE, ScenarioStep.ADD})


def check_step(checks: Questions, new: NewStep, year: int) -> None:
    """Refuse a step that lacks something, or whose days can't be; ask about an unusual rate."""
    if new.step is None:
        checks.refuse_if(True, "step", "Välj vad som ska ändras.")
        return
    _check_days(checks, new, new.step, year)
    if new.step is ScenarioStep.ADD:
        checks.refuse_if(not new.label.strip(), "label", "Skriv vad placeringen kallas.")
        checks.guard_text("label", new.label.strip(), longest=80)
    else:
        checks.refuse_if(new.placement_id is None, "placement_id", "Välj placering.")
    if new.step in NEW_SUPPORT:
        checks.refuse_if(new.kind_id is None, "kind_id", "Välj slag av placering.")
    if new.step in NEW_SUPPORT | {ScenarioStep.SET_RATE}:
        check_rate(checks, "amount", new.amount)
        ask_amount(checks, "amount", new.amount)


def check_within(checks: Questions, new: NewStep, parts: Supports) -> None:
    """Refuse a step that can't be taken on a placement as the steps before it leave it."""
    if new.step is None or new.from_on is None:
        return
    step = Step(new.step, new.from_on, new.placement_id)
    fault = step_fault(step, parts, today())
    if fault is StepFault.GONE:
        checks.refuse_if(True, "placement_id", "Placeringen är inte känd i dag.")
    elif fault is StepFault.ENDED:
        ended_on = parts[0].facts.ended_on
        message = f"Placeringen avslutades {ended_on}. Välj en som löper."
        checks.refuse_if(True, "placement_id", message)
    elif fault is StepFault.BEFORE_START:
        starts_on = parts[0].facts.starts_on
        message = f"Placeringen börjar {starts_on}. Ange den dagen eller en senare."
        checks.refuse_if(True, "from_on", message)
    elif fault is StepFault.AFTER_END:
        last = last_committed_day(parts[-1].facts, today(), dt.date.max)
        what = "" if new.step is ScenarioStep.END else " eller flytta slutet i ett steg före"
        message = f"Placeringen slutar redan {last}. Ange en tidigare dag{what}."
        checks.refuse_if(True, "from_on", message)


def _check_days(checks: Questions, new: NewStep, step: ScenarioStep, year: int) -> None:
    """Refuse a day that has passed or lies in another year, and an end before the start."""
    if new.from_on is None:
        checks.refuse_if(True, "from_on", "Ange dag.")
        return
    first, last = earliest_day(step, today()), dt.date(year, 12, 31)
    checks.refuse_if(
        new.from_on < first,
        "from_on",
        f"Det som har hänt kan inte ändras. Ange {first} eller en senare dag.",
    )
    checks.refuse_if(
        new.from_on > last and step is not ScenarioStep.MOVE_END,
        "from_on",
        f"Scenariot gäller {year}. Ange en dag till och med {last}.",
    )
    checks.refuse_if(
        step in NEW_SUPPORT and new.to_on is not None and new.to_on < new.from_on,
        "to_on",
        f"Sista dagen kan inte ligga före den första, {new.from_on}.",
    )
    for field, day in (("from_on", new.from_on), ("to_on", new.to_on)):
        checks.ask_if(
            day is not None and day > add_months(today(), FAR_AHEAD_MONTHS),
            field,
            f"{day} är mer än två år framåt. Är det rätt datum?",
        )
