"""What each write on a placement refuses and asks about, told all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from core.clock import today
from core.models import Case, Placement, PlacementDecision
from core.services.base import Checks
from core.services.case_checks import not_in_future
from core.services.placement_checks import (
    check_agreement,
    check_days,
    check_decider,
    check_decision_day,
    check_inside,
    check_kind,
    check_planned_end,
    check_rate,
    check_word,
    decisions_of,
    rates_of,
)
from core.services.placement_inputs import Decided, NewDecision, NewPlacement, NewRate
from core.services.placement_questions import (
    ask_amount,
    ask_long_ago,
    ask_planned_end,
    ask_rate,
    ask_start,
    ask_twin,
)
from core.services.questions import Questions
from core.terms import PlacementDimension


def check_start(session: Session, questions: Questions, case: Case, new: NewPlacement) -> None:
    """Refuse and ask about a new placement."""
    check_kind(session, questions, case, new)
    check_days(questions, case, new)
    check_agreement(questions, new.decided_by, new.provider, new.contract)
    for word in (
        (PlacementDimension.LEGAL_BASIS, new.legal_basis, new.legal_name),
        (PlacementDimension.CONTRACT, new.contract, new.contract_name),
    ):
        check_word(session, questions, case.unit_id, word)
    check_rate(questions, "day_rate", new.day_rate)
    ask_amount(questions, "day_rate", new.day_rate)
    ask_start(questions, new)
    ask_planned_end(questions, new.starts_on, new.decided_on, new.planned_end_on)
    ask_twin(session, questions, case, new)


def check_decision(
    session: Session, questions: Questions, placement: Placement, new: NewDecision
) -> None:
    """Refuse and ask about a decision, its rate left out."""
    check_decision_day(session, questions, placement, new.decided_on)
    ask_long_ago(questions, "decided_on", new.decided_on)
    check_planned_end(questions, placement.starts_on, new.planned_end_on)
    ask_planned_end(questions, placement.starts_on, new.decided_on, new.planned_end_on)
    check_agreement(questions, new.decided_by, new.provider, new.contract)
    held = _held(decisions_of(session, placement))
    word = (PlacementDimension.CONTRACT, new.contract, new.contract_name)
    check_word(session, questions, placement.unit_id, word, kept=held)


def _held(decisions: Sequence[PlacementDecision]) -> str:
    return decisions[-1].contract_name if decisions else ""


def check_new_rate(
    session: Session, questions: Questions, placement: Placement, new: NewRate
) -> None:
    """Refuse and ask about a day rate."""
    check_inside(questions, "valid_from", placement, new.valid_from)
    check_rate(questions, "amount", new.amount)
    ask_rate(questions, rates_of(session, placement), new)


def check_decided(
    session: Session, questions: Questions, placement: Placement, decided: Decided | None
) -> None:
    """Refuse a decision that nobody made, in the future or before the case; ask about an old one."""
    if decided is None:
        return
    check_decider(questions, decided.decided_by)
    not_in_future(questions, "decided_on", decided.decided_on)
    opened_on = session.get_one(Case, placement.case_id).opened_on
    questions.refuse_if(
        decided.decided_on < opened_on,
        "decided_on",
        f"Ärendet öppnades {opened_on}. Ange den dagen eller en senare.",
    )
    ask_long_ago(questions, "decided_on", decided.decided_on)


def check_last_day(checks: Checks, placement: Placement, on: dt.date) -> None:
    """Refuse a last day in the future or before the first, and an end of what has ended."""
    checks.refuse_if(
        placement.ended_on is not None,
        "on",
        f"Placeringen avslutades redan {placement.ended_on}. Öppna den igen först.",
    )
    checks.refuse_if(
        on > today(),
        "on",
        f"Sista dagen får inte ligga efter i dag, {today()}. "
        "Registrera ett kommande slut som ett beslut: välj Korta.",
    )
    checks.refuse_if(
        on < placement.starts_on,
        "on",
        f"Placeringen började {placement.starts_on}. Ange den dagen eller en senare.",
    )
