"""A placement that the unit has: what a file says anew is a new decision, a new rate, or an end.

What was decided and paid before stands: nothing of it is written over.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from core.imports.kinds import Change, Insert, Planned, Update
from core.imports.placement_meant import Meant, ask_planned_end, planned_end_of
from core.imports.placement_new import check_ended
from core.imports.placement_rates import set_rate
from core.imports.placement_store import Stored, StoredDecision, StoredPlacement
from core.imports.placement_words import OPEN_ENDED, Term
from core.imports.values import shown
from core.models import Area, Placement, PlacementDecision
from core.services.base import Checks
from core.services.case_checks import not_in_future
from core.services.placement_checks import check_planned_end
from core.terms import Contract, DecisionReason, sv


class Agreement(NamedTuple):
    """What a decision says: until when (None: tills vidare), with whom and on what contract."""

    planned_end_on: dt.date | None
    provider: str
    contract: Contract
    contract_name: str


def plan_stored(planned: Planned, placement: StoredPlacement, said: Meant, known: Stored) -> None:
    """Plan what a row changes of a placement that exists."""
    _check_same(planned, placement, said, known)
    if planned.faults:
        return
    ended = _end(planned, placement, known.target.today)
    _decide(planned, placement, said, known)
    set_rate(planned, placement, known.target.today)
    if planned.faults or not planned.writes:
        return
    before: dict[str, Any] = {"ended_on": placement.ended_on} if ended else {}
    after: dict[str, Any] = {"ended_on": planned.row["ended_on"]} if ended else {}
    # with nothing to change the version is raised all the same, so that open forms notice
    planned.writes = [
        *(write for write in planned.writes if not isinstance(write, Update)),
        Update(Placement, placement.id, before, after),
    ]


def _check_same(planned: Planned, placement: StoredPlacement, said: Meant, known: Stored) -> None:
    row = planned.row
    case = known.case_names.get(placement.case_id)
    kind = known.kind_names.get(placement.kind_id, "")
    basis = (placement.legal_basis, placement.legal_name)
    given_basis = None if said.basis is None else (said.basis.code, said.basis.name)
    if given_basis == (placement.legal_basis, ""):
        given_basis = basis  # the usual word for an own word's code says nothing new
    given_kind = None if said.from_section or said.kind is None else said.kind.code
    for name, stored, given, written in (
        ("case", case, row["case"], case),
        ("kind", placement.kind_id, given_kind, kind),
        ("legal_basis", basis, given_basis, placement.legal_name or sv(basis[0])),
        ("starts_on", placement.starts_on, row["starts_on"], placement.starts_on),
        ("children", placement.children, row["children"], placement.children),
    ):
        if given not in (None, stored):
            planned.fault(
                name,
                f"{placement.reference} finns redan med {shown(written)}, och en import ändrar "
                f"inte det. Skriv {shown(written)} eller lämna cellen tom.",
            )


def _contract(term: Term[Contract] | None, held: Agreement | None) -> tuple[Contract, str] | None:
    """Return the contract that a row says; the usual word for an own word's code says nothing new."""
    if held is not None and (term is None or (term.code is held.contract and not term.name)):
        return held.contract, held.contract_name
    return None if term is None else (term.code, term.name)


def _end(planned: Planned, placement: StoredPlacement, today: dt.date) -> bool:
    """Plan the end of a placement; tell whether it ends."""
    ended_on: dt.date | None = planned.row["ended_on"]
    if ended_on in (None, placement.ended_on):
        return False
    if placement.ended_on is not None:
        planned.fault(
            "ended_on",
            f"Placeringen avslutades {placement.ended_on}. Skriv den dagen, eller öppna den igen "
            "på sidan Placeringar.",
        )
        return False
    checks = Checks()
    check_ended(checks, ended_on, placement.starts_on, today)
    planned.faults_of(checks)
    assert ended_on is not None  # noqa: S101  (returned above)
    planned.changes.append(Change("ended_on", None, ended_on))
    planned.writes.append(Update(Placement, placement.id, {}, {}))
    planned.moved.append((Area.PLACEMENTS, ended_on))
    return True


def _decide(planned: Planned, placement: StoredPlacement, said: Meant, known: Stored) -> None:
    """Plan a decision where the row says something else than the latest one does."""
    row, decided_on = planned.row, planned.row["decided_on"]
    latest = placement.decisions[-1] if placement.decisions else None
    wanted = _wanted(planned, latest, said)
    if wanted is None or _is_known(placement, wanted, decided_on, latest):
        return
    day: dt.date = decided_on or known.target.today
    checks = Checks()
    _check_day(checks, planned, (placement, latest, day), known)
    check_planned_end(checks, placement.starts_on, wanted.planned_end_on)
    planned.faults_of(checks)
    held = None if latest is None else _agreement(latest)
    _check_active(planned, said, held, wanted)
    if held is None or wanted.planned_end_on != held.planned_end_on:
        ask_planned_end(planned, placement.starts_on, wanted.planned_end_on, known.target.today)
    if planned.faults:
        return
    _show_decision(planned, (held, wanted), (latest, day), row["decided_by"])
    values = {
        "placement_id": placement.id,
        "decided_on": day,
        "decided_by": row["decided_by"] or "",
        "reason": _reason(held, wanted),
    }
    planned.writes.append(Insert(PlacementDecision, values | wanted._asdict()))
    planned.moved.append((Area.PLACEMENTS, day))


def _wanted(planned: Planned, latest: StoredDecision | None, said: Meant) -> Agreement | None:
    """Return what the row says, filled in with what holds; None if that isn't enough."""
    row = planned.row
    held = None if latest is None else _agreement(latest)
    end = row["planned_end_on"]
    planned_end_on = planned_end_of(end) if end is not None else held and held.planned_end_on
    provider = row["provider"] or (held and held.provider)
    contract = _contract(said.contract, held)
    if not provider or not contract:
        return None
    return Agreement(planned_end_on, provider, *contract)


def _agreement(decision: StoredDecision) -> Agreement:
    return Agreement(
        decision.planned_end_on, decision.provider, decision.contract, decision.contract_name
    )


def _is_known(
    placement: StoredPlacement,
    wanted: Agreement,
    decided_on: dt.date | None,
    latest: StoredDecision | None,
) -> bool:
    """Tell whether a decision is there: the latest says it, or one from that very day does."""
    if latest is not None and wanted == _agreement(latest):
        return decided_on is None or decided_on <= latest.decided_on
    return any(
        one.decided_on == decided_on and _agreement(one) == wanted for one in placement.decisions
    )


def _check_day(
    checks: Checks,
    planned: Planned,
    what: tuple[StoredPlacement, StoredDecision | None, dt.date],
    known: Stored,
) -> None:
    placement, latest, day = what
    not_in_future(checks, "decided_on", day)
    case = known.cases[known.case_names[placement.case_id]]
    checks.refuse_if(
        day < case.opened_on,
        "decided_on",
        f"Ärendet öppnades {case.opened_on}. Ange den dagen eller en senare.",
    )
    ended_on = placement.ended_on or planned.row["ended_on"]
    checks.refuse_if(
        ended_on is not None and day > ended_on,
        "decided_on",
        f"Raden säger något annat än det senaste beslutet, men placeringen avslutades {ended_on}. "
        f"Ange när det beslutades, senast {ended_on}.",
    )
    if latest is not None and planned.row["decided_on"] is not None:
        checks.refuse_if(
            day <= latest.decided_on,
            "decided_on",
            f"Det senaste beslutet är från {latest.decided_on} och säger {_in_words(latest)}. "
            "Raden säger något annat: skriv dagen för det nya beslutet, eller lämna beslutsdagen "
            "tom så gäller det från i dag.",
        )


def _in_words(decision: StoredDecision) -> str:
    contract = decision.contract_name or sv(decision.contract)
    return f"{decision.planned_end_on or OPEN_ENDED}, {decision.provider}, {contract}"


def _check_active(planned: Planned, said: Meant, held: Agreement | None, wanted: Agreement) -> None:
    """Refuse a contract's word that the unit has closed, unless the placement has it already."""
    term = said.contract
    changed = held is None or wanted[2:] != held[2:]
    if term is not None and changed and not term.active:
        planned.fault("contract", f"Enheten använder inte {term.name} längre. Välj något annat.")


def _show_decision(
    planned: Planned,
    agreements: tuple[Agreement | None, Agreement],
    days: tuple[StoredDecision | None, dt.date],
    decided_by: str | None,
) -> None:
    (held, wanted), (latest, day) = agreements, days
    before = held or Agreement(None, "", wanted.contract, "")
    for name, old, new in (
        (
            "planned_end_on",
            before.planned_end_on or OPEN_ENDED,
            wanted.planned_end_on or OPEN_ENDED,
        ),
        ("provider", before.provider or None, wanted.provider),
        ("contract", *(one.contract_name or sv(one.contract) for one in (before, wanted))),
    ):
        if old != new:
            planned.changes.append(Change(name, old, new))
    planned.changes.append(Change("decided_on", latest and latest.decided_on, day))
    if decided_by:
        planned.changes.append(Change("decided_by", latest and latest.decided_by, decided_by))


def _reason(held: Agreement | None, wanted: Agreement) -> DecisionReason:
    """Return why a decision was made, by what it changes."""
    if held is None:
        return DecisionReason.NEW
    if wanted.provider != held.provider:
        return DecisionReason.NEW_PROVIDER
    if wanted[2:] != held[2:]:
        return DecisionReason.NEW_CONTRACT
    if wanted.planned_end_on == held.planned_end_on:
        return DecisionReason.OTHER
    ends = (one.planned_end_on or dt.date.max for one in (held, wanted))
    before, after = ends
    return DecisionReason.EXTENSION if after > before else DecisionReason.SHORTENING
