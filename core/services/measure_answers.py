"""What is refused in a report on a measure point: what is missing, doesn't fit or isn't asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.models import Case
from core.rules.cases import is_open
from core.rules.measure_points import SELF_SUPPORT, Asked, Definition
from core.services.base import Checks
from core.services.field_checks import check_digits
from core.terms import CaseReference, Gender, MeasureSubject


@dataclass(frozen=True, slots=True)
class Given:
    """What a report says: a number, the choice's id by question number, and a gender."""

    value: Decimal | None = None
    answers: Mapping[int, int] = field(default_factory=dict)
    gender: Gender | None = None


def answer_field(question: int) -> str:
    """Return the field of the answer to a question, as messages about it name it."""
    return f"answers_{question}"


def check_given(checks: Checks, definition: Definition, given: Given) -> None:
    """Refuse a number, an answer or a gender that is missing, isn't asked for or doesn't fit."""
    _check_number(checks, definition, given.value)
    _check_answers(checks, definition, given.answers)
    checks.refuse_if(definition.with_gender and given.gender is None, "gender", "Välj kön.")
    checks.refuse_if(
        not definition.with_gender and given.gender is not None,
        "gender",
        "Kön ska inte anges här.",
    )


def check_case(checks: Checks, definition: Definition, asked: Asked, case: Case | None) -> None:
    """Refuse a case that is missing, isn't asked for or doesn't belong to the period."""
    reference = definition.case_reference
    if case is None:
        checks.refuse_if(reference is CaseReference.REQUIRED, "case_id", "Ange ärendet.")
        return
    checks.refuse_if(
        reference is CaseReference.NONE, "case_id", "Ärende ska inte anges på den här mätpunkten."
    )
    checks.refuse_if(
        case.opened_on > asked.period.end,
        "case_id",
        f"{case.reference} öppnades {case.opened_on}, efter perioden.",
    )
    if definition.subject is MeasureSubject.OPEN_CASES:
        checks.refuse_if(
            not is_open(case.opened_on, case.closed_on, max(asked.period.start, case.opened_on)),
            "case_id",
            f"{case.reference} avslutades {case.closed_on}, före perioden.",
        )
    if definition.subject is MeasureSubject.SELF_SUPPORT_CLOSINGS:
        checks.refuse_if(
            case.closed_on is None or case.closing_reason not in SELF_SUPPORT,
            "case_id",
            f"{case.reference} är inte avslutat till egen försörjning.",
        )


def check_day_in(checks: Checks, asked: Asked, day: dt.date) -> None:
    """Refuse a day outside the period that a report belongs to."""
    checks.refuse_if(
        day not in asked.period,
        "measured_on",
        f"Ange en dag från {asked.period.start} till {asked.period.end}.",
    )


def _check_number(checks: Checks, definition: Definition, value: Decimal | None) -> None:
    if value is None:
        checks.refuse_if(definition.asks_number, "value", "Fyll i ett tal, 0 om det inte är något.")
        return
    checks.refuse_if(not definition.asks_number, "value", "Inget tal ska anges här.")
    if definition.decimals == 0:
        whole = value.is_finite() and value == value.to_integral_value()
        checks.refuse_if(not whole, "value", "Ange ett helt tal.")
    check_digits(checks, "value", value, max(definition.decimals, 0))
    checks.refuse_if(value.is_finite() and value < 0, "value", "Talet får inte vara negativt.")


def _check_answers(checks: Checks, definition: Definition, answers: Mapping[int, int]) -> None:
    choices = {choice.choice_id for choice in definition.choices}
    for number in definition.question_numbers:
        chosen = answers.get(number)
        checks.refuse_if(chosen is None, answer_field(number), "Välj ett svar.")
        checks.refuse_if(
            chosen is not None and chosen not in choices,
            answer_field(number),
            "Svaret finns inte bland alternativen. Välj ett av dem.",
        )
    for number in set(answers) - set(definition.question_numbers):
        checks.refuse_if(True, answer_field(number), "Frågan finns inte på den här mätpunkten.")
