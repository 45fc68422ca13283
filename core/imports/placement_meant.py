"""What a row of a placement list means in the unit: its words resolved, its questions answered."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.imports.kinds import CellError, Planned
from core.imports.loose import SECTION, Section
from core.imports.placement_store import Stored
from core.imports.placement_words import OPEN_ENDED, Term, Terms
from core.rules.dates import add_months
from core.services.placement_questions import FAR_AHEAD_MONTHS, JUMP, ask_amount
from core.services.questions import Questions, kronor
from core.terms import Contract, LegalBasis

ANSWER = "Är det rätt, så skriv ja i kolumnen ”Bekräftat”."
_COUNT = re.compile(
    r"\s*(?:\(.*\)|[,:–-]?\s*[0-9]+\s*(?:st|placeringar|ärenden)\.?)\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Meant:
    """A row's words as the unit means them. None: the row says nothing, or something unknown.

    `from_section` tells that the kind is the heading of the row's section.
    """

    kind: Term[int] | None
    basis: Term[LegalBasis] | None
    contract: Term[Contract] | None
    from_section: bool = False


def meant(planned: Planned, known: Stored) -> Meant:
    """Return what a row's words mean; an unknown word is a fault."""
    kind = _found(planned, "kind", known.kinds)
    from_section = False
    if planned.row["kind"] is None:
        kind = _of_section(planned, known.kinds)
        from_section = kind is not None
    return Meant(
        kind=kind,
        basis=_found(planned, "legal_basis", known.bases),
        contract=_found(planned, "contract", known.contracts),
        from_section=from_section,
    )


def planned_end_of(value: Any) -> Any:
    """Return a planned end as the store has it: None for tills vidare."""
    return None if value == OPEN_ENDED else value


def ask_of_amount(planned: Planned, amount: Decimal | None, former: Decimal | None = None) -> None:
    """Ask, as a fault to be answered in the row, about a day rate that is unusual or leaps."""
    questions = Questions(confirmed=planned.row["confirmed"] is True)
    ask_amount(questions, "day_rate", amount)
    if former is not None and amount is not None and amount > 0:
        near = former <= amount * JUMP and amount <= former * JUMP
        questions.ask_if(
            not near,
            "day_rate",
            f"Dygnskostnaden går från {kronor(former)} till {kronor(amount)}. Stämmer det?",
        )
    for asked in questions.asked:
        planned.fault("day_rate", f"{asked.message} {ANSWER}")


def ask_planned_end(
    planned: Planned, starts_on: dt.date, planned_end_on: dt.date | None, today: dt.date
) -> None:
    """Ask, as the forms do, about a planned end years ahead: it is easily a slip of the year."""
    if planned_end_on is not None and planned_end_on > add_months(
        max(starts_on, today), FAR_AHEAD_MONTHS
    ):
        ask(planned, "planned_end_on", f"{planned_end_on} är mer än två år framåt. Stämmer det?")


def ask(planned: Planned, column: str, question: str) -> None:
    """Ask about a column, as a fault to be answered in the row."""
    if planned.row["confirmed"] is not True:
        planned.fault(column, f"{question} {ANSWER}")


def _found(planned: Planned, column: str, terms: Terms[Any]) -> Term[Any] | None:
    word = planned.row[column]
    if word is None:
        return None
    try:
        return terms.find(word)
    except CellError as error:
        planned.fault(column, str(error))
        return None


def _of_section(planned: Planned, kinds: Terms[int]) -> Term[int] | None:
    """Return the kind that the section's heading names, if it names one."""
    section = planned.row[SECTION]
    if not isinstance(section, Section):
        return None
    try:
        return kinds.find(_COUNT.sub("", section.title))
    except CellError:
        return None
