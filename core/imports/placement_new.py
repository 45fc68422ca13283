"""A placement that the unit doesn't have yet: the checks of a registration, and its first rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from core.imports.kinds import Change, Insert, Planned, Row
from core.imports.placement_meant import (
    Meant,
    ask,
    ask_of_amount,
    ask_planned_end,
    planned_end_of,
)
from core.imports.placement_store import Stored, StoredCase, StoredPlacement
from core.models import Area, DayRate, Placement, PlacementDecision
from core.services.base import Checks
from core.services.placement_checks import check_days, check_rate
from core.services.placement_inputs import NewPlacement
from core.terms import DecisionReason

ASKED_FOR = {
    "kind": "slag",
    "legal_basis": "lagrum",
    "contract": "avtal",
    "provider": "utförare",
    "day_rate": "dygnskostnad",
    "starts_on": "första dag",
}
SHOWN = (
    "kind",
    "legal_basis",
    "contract",
    "provider",
    "children",
    "starts_on",
    "planned_end_on",
    "ended_on",
    "day_rate",
    "decided_on",
    "decided_by",
)


@dataclass(frozen=True, slots=True)
class _New:
    row: int
    starts_on: dt.date
    last: dt.date
    named: bool


@dataclass(slots=True)
class Made:
    """The placements that the file makes: rows by reference, and days by case and kind."""

    references: dict[str, int] = field(default_factory=dict)
    days: dict[tuple[int, int], list[_New]] = field(default_factory=lambda: defaultdict(list))
    named: set[int] = field(default_factory=set)


def plan_new(planned: Planned, said: Meant, known: Stored, made: Made) -> None:
    """Plan a placement that is new to the unit."""
    row = planned.row
    case = known.cases.get(row["case"]) if row["case"] else None
    if case is None and row["ended_on"] is not None and row["ended_on"] <= known.removed:
        return  # its case was removed when its time was out, and is kept as sums
    _check_case(planned, case, known)
    _check_there(planned, said)
    if planned.faults or case is None:
        return
    decided_on = _decided_on(planned, known.target.today)
    if planned.faults:
        return
    _check(planned, case, (said, decided_on), known.target.today)
    if planned.faults or said.kind is None:
        return
    _check_twins(planned, case, said.kind.code, (known, made))
    if planned.faults:
        return
    reference = row["reference"] or known.next_reference()
    made.references[reference] = row.number
    _show(planned, said, reference, decided_on)
    _write(planned, (case, reference, decided_on), said, known)


def _check_case(planned: Planned, case: StoredCase | None, known: Stored) -> None:
    if planned.row["case"] is None:
        planned.fault("case", "Placeringen är ny. Ange ärendet.")
    elif case is None or not known.reaches(case):
        where = "i enheten" if known.target.group_id is None else "bland gruppens ärenden"
        planned.fault("case", f"Ärendet finns inte {where}. Registrera eller importera det först.")


def _check_there(planned: Planned, said: Meant) -> None:
    faulty = {fault.column for fault in planned.faults}
    for name, what in ASKED_FOR.items():
        empty = said.kind is None if name == "kind" else planned.row[name] is None
        if empty and name not in faulty:
            planned.fault(name, f"Placeringen är ny. Ange {what}.")
    if planned.row["ended_on"] is not None:
        return
    for name, term in (
        ("kind", said.kind),
        ("legal_basis", said.basis),
        ("contract", said.contract),
    ):
        if term is not None and not term.active:
            planned.fault(name, f"Enheten använder inte {term.name} längre. Välj något annat.")


def _decided_on(planned: Planned, today: dt.date) -> dt.date:
    """Return the day of the first decision: as told, or else the first day, if it has come."""
    told: dt.date | None = planned.row["decided_on"]
    starts_on: dt.date = planned.row["starts_on"]
    if told is None and starts_on > today:
        planned.fault("decided_on", f"Placeringen börjar {starts_on}. Ange när den beslutades.")
    return told or starts_on


def _check(planned: Planned, case: StoredCase, what: tuple[Meant, dt.date], today: dt.date) -> None:
    row, checks = planned.row, Checks()
    said, decided_on = what
    new = NewPlacement(
        case_id=case.id,
        kind_id=said.kind.code if said.kind else None,
        legal_basis=said.basis.code if said.basis else None,
        starts_on=row["starts_on"],
        decided_on=decided_on,
        decided_by=row["decided_by"] or "",
        provider=row["provider"],
        contract=said.contract.code if said.contract else None,
        day_rate=row["day_rate"],
        planned_end_on=planned_end_of(row["planned_end_on"]),
    )
    check_days(checks, case, new)
    check_rate(checks, "day_rate", new.day_rate)
    check_ended(checks, row["ended_on"], new.starts_on, today)
    checks.refuse_if(
        row["rate_from"] not in (None, new.starts_on),
        "rate_from",
        "Placeringen är ny, och dygnskostnaden måste vara känd från första dagen, "
        f"{new.starts_on}. Skriv den som gällde då; ändra den sedan.",
    )
    planned.faults_of(checks)
    ask_of_amount(planned, new.day_rate)
    if row["ended_on"] is None:
        ask_planned_end(planned, new.starts_on, new.planned_end_on, today)


def check_ended(
    checks: Checks, ended_on: dt.date | None, starts_on: dt.date, today: dt.date
) -> None:
    """Refuse an end that hasn't come, or before the first day."""
    if ended_on is None:
        return
    checks.refuse_if(
        ended_on > today,
        "ended_on",
        f"Sista dagen får inte ligga efter i dag, {today}. Skriv ett kommande slut som planerat "
        "slut.",
    )
    checks.refuse_if(
        ended_on < starts_on,
        "ended_on",
        f"Placeringen kan inte sluta innan den börjar, {starts_on}.",
    )


def _check_twins(
    planned: Planned, case: StoredCase, kind_id: int, where: tuple[Stored, Made]
) -> None:
    """Refuse or ask about a placement beside another of the same case and kind on the same days."""
    (known, made), row = where, planned.row
    first: dt.date = row["starts_on"]
    last: dt.date = row["ended_on"] or planned_end_of(row["planned_end_on"]) or dt.date.max
    for other in known.of_case.get(case.id, ()):
        if other.kind_id == kind_id and other.id not in made.named and other.overlaps(first, last):
            _told_twin(planned, other)
            return
    here = _New(row.number, first, last, row["reference"] is not None)
    for one in made.days[case.id, kind_id]:
        if one.starts_on <= last and first <= one.last and not (here.named and one.named):
            ask(
                planned,
                "starts_on",
                f"Rad {one.row} har samma ärende och slag samma dagar. Är det två placeringar?",
            )
    made.days[case.id, kind_id].append(here)


def _told_twin(planned: Planned, other: StoredPlacement) -> None:
    ask(
        planned,
        "starts_on",
        f"Ärendet har redan {other.reference} av samma slag från {other.starts_on}, samma dagar. "
        f"Är det den, så skriv {other.reference} som placering och {other.starts_on} som första "
        "dag. Är det en till?",
    )


def _show(planned: Planned, said: Meant, reference: str, decided_on: dt.date) -> None:
    row = planned.row
    planned.is_new = True
    if row["reference"] is None:
        planned.about = f"{reference} {row['case']}"
        planned.note = f"Får nästa lediga referens, {reference}."
    if said.from_section and said.kind is not None:
        planned.changes.append(Change("kind", None, f"{said.kind.name} (avsnittets rubrik)"))
    for name in SHOWN:
        if row[name] is not None:
            planned.changes.append(Change(name, None, row[name]))
    if row["decided_on"] is None:
        planned.changes.append(Change("decided_on", None, f"{decided_on} (första dagen)"))


def _write(
    planned: Planned, made: tuple[StoredCase, str, dt.date], said: Meant, known: Stored
) -> None:
    row: Row = planned.row
    case, reference, decided_on = made
    assert said.kind and said.basis and said.contract  # noqa: S101, PT018  (refused before)
    placement = Insert(
        Placement,
        {
            "unit_id": known.target.unit_id,
            "case_id": case.id,
            "reference": reference,
            "kind_id": said.kind.code,
            "legal_basis": said.basis.code,
            "legal_name": said.basis.name,
            "starts_on": row["starts_on"],
            "ended_on": row["ended_on"],
            "children": row.get("children", 0),
        },
    )
    decision = {
        "placement_id": placement,
        "decided_on": decided_on,
        "decided_by": row["decided_by"] or "",
        "planned_end_on": planned_end_of(row["planned_end_on"]),
        "provider": row["provider"],
        "contract": said.contract.code,
        "contract_name": said.contract.name,
        "reason": DecisionReason.NEW,
    }
    rate = {"placement_id": placement, "valid_from": row["starts_on"], "amount": row["day_rate"]}
    planned.writes += [
        placement,
        Insert(PlacementDecision, decision),
        Insert(DayRate, rate),
    ]
    planned.moved.append((Area.PLACEMENTS, min(row["starts_on"], decided_on)))
