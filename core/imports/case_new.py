"""A case that the unit doesn't have yet: the checks of a registration, and all its first rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.imports.case_store import Staff
from core.imports.case_words import Life, Wanted, check_closing
from core.imports.kinds import Insert, Planned, Row, Target
from core.models import (
    AdultObstacle,
    Area,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    ChangePlan,
    PlanRevision,
)
from core.rules.cases import APPLICANT
from core.services.base import Checks
from core.services.case_checks import not_in_future, open_that_day
from core.services.case_details import SECOND_ADULT
from core.services.cases import NewCase, check_dates, check_household, check_reference_form
from core.terms import CaseKind

GONE = "{} tar inte längre emot ärenden. Välj en annan."


def plan_new(planned: Planned, wanted: Wanted, staff: Staff, target: Target) -> None:
    """Plan a case that is new to the unit."""
    row = planned.row
    for name, what in (("kind", "ärendetyp"), ("opened_on", "dagen då det öppnades")):
        if row[name] is None:
            planned.fault(name, f"Ärendet är nytt. Ange {what}.")
    if row["kind"] is None or row["opened_on"] is None:
        return
    checks = Checks()
    _check(checks, row, staff)
    if row["closed_on"] is None and not staff.active.get(wanted.caseworker_id or 0, True):
        planned.fault("caseworker", GONE.format(staff.names[wanted.caseworker_id]))
    planned.faults_of(checks)
    if planned.faults:
        return
    planned.all_new()
    _write(planned, wanted, target)


def _check(checks: Checks, row: Row, staff: Staff) -> None:
    new = NewCase(
        reference=row["reference"],
        kind=row["kind"],
        opened_on=row["opened_on"],
        referred_on=row["referred_on"],
        household_type=row["household_type"],
        children=row.get("children", 0),
        applicant_gender=row["applicant_gender"],
        second_adult_gender=row["second_adult_gender"],
        obstacle=row["obstacle"] or row["second_obstacle"],
    )
    check_reference_form(checks, staff.reference_format, new.reference)
    check_dates(checks, new)
    check_household(checks, new)
    life = Life(new.opened_on, row["referred_on"], row["closed_on"])
    check_plan_days(checks, row, new.kind)
    check_closing(checks, life, plan_days(row))
    checks.refuse_if(
        row["closing_reason"] is not None and row["closed_on"] is None,
        "closed_on",
        "Avslutsorsak är ifylld. Ange dagen då ärendet avslutades, eller lämna orsaken tom.",
    )
    checks.refuse_if(
        row["second_obstacle"] is not None and row["second_adult_gender"] is None,
        "second_adult_gender",
        "Medsökandens försörjningshinder är ifyllt. Ange medsökandens kön.",
    )
    if row["assigned_from"] not in (None, new.opened_on):
        open_that_day(checks, "assigned_from", row["assigned_from"], life)


def plan_days(row: Row) -> list[tuple[dt.date, str]]:
    """Return the days of a row's plan, each with what it is."""
    days = [
        (row["plan_established_on"], "Förändringsplanen upprättades"),
        (row["plan_revised_on"], "Förändringsplanen reviderades"),
    ]
    return [(day, what) for day, what in days if day is not None]


def check_plan_days(checks: Checks, row: Row, kind: CaseKind) -> None:
    """Refuse a plan of another kind of case, in the future, or revised before it was established.

    One from before the case is accepted.
    """
    established, revised = row["plan_established_on"], row["plan_revised_on"]
    not_in_future(checks, "plan_established_on", established)
    not_in_future(checks, "plan_revised_on", revised)
    checks.refuse_if(
        bool(established or revised) and kind is not CaseKind.BENEFIT,
        "plan_established_on",
        "Uppgiften gäller bara ekonomiskt bistånd.",
    )
    checks.refuse_if(
        revised is not None and established is None,
        "plan_established_on",
        "Planen är reviderad. Ange också dagen då den upprättades.",
    )
    checks.refuse_if(
        established is not None and revised is not None and revised < established,
        "plan_revised_on",
        f"Planen upprättades {established}. Ange den dagen eller en senare.",
    )


def _write(planned: Planned, wanted: Wanted, target: Target) -> None:
    row = planned.row
    opened: dt.date = row["opened_on"]
    case = Insert(
        Case,
        {
            "unit_id": target.unit_id,
            "reference": row["reference"],
            "kind": row["kind"],
            "opened_on": opened,
            "referred_on": row["referred_on"],
            "closed_on": row["closed_on"],
            "closing_reason": row["closing_reason"],
        },
    )
    planned.writes.append(case)
    planned.moved.append((Area.CASES, opened))
    _assign(planned, case, wanted)
    if row["household_type"] is not None:
        composition: dict[str, Any] = {"case_id": case, "valid_from": opened}
        composition |= {"household_type": row["household_type"], "children": row.get("children", 0)}
        planned.writes.append(Insert(CaseComposition, composition))
    genders = {APPLICANT: row["applicant_gender"], SECOND_ADULT: row["second_adult_gender"]}
    obstacles = {APPLICANT: row["obstacle"], SECOND_ADULT: row["second_obstacle"]}
    for number, gender in genders.items():
        if gender is not None:
            add_adult(planned, case, (number, gender, opened), obstacles[number])
    if row["plan_established_on"] is not None:
        add_plan(planned, case)


def _assign(planned: Planned, case: Insert, wanted: Wanted) -> None:
    """Give the case to its caseworker; before that day, if it is later, it was nobody's."""
    opened, since = planned.row["opened_on"], planned.row["assigned_from"]
    group_id = wanted.group_id if wanted.says_group else wanted.own_group_id
    held = {"caseworker_id": wanted.caseworker_id, "group_id": group_id}
    if since is not None and since > opened:
        nobody = {"case_id": case, "valid_from": opened, "caseworker_id": None, "group_id": None}
        planned.writes.append(Insert(CaseAssignment, nobody))
        opened = since
    planned.writes.append(Insert(CaseAssignment, {"case_id": case, "valid_from": opened} | held))


def add_adult(
    planned: Planned, case: Insert | int, adult: tuple[int, Any, dt.date], obstacle: Any
) -> None:
    """Plan an adult (number, gender, first day), and an obstacle from the same day."""
    number, gender, since = adult
    values = {"case_id": case, "number": number, "gender": gender, "valid_from": since}
    made = Insert(CaseAdult, values)
    planned.writes.append(made)
    if obstacle is not None:
        of_adult = {"adult_id": made, "valid_from": since, "obstacle": obstacle}
        planned.writes.append(Insert(AdultObstacle, of_adult))


def add_plan(planned: Planned, case: Insert | int) -> None:
    """Plan a change plan and its latest revision."""
    established, revised = planned.row["plan_established_on"], planned.row["plan_revised_on"]
    made = Insert(ChangePlan, {"case_id": case, "established_on": established})
    planned.writes.append(made)
    planned.moved.append((Area.PLANS, established))
    if revised is not None and revised != established:
        planned.writes.append(Insert(PlanRevision, {"plan_id": made, "revised_on": revised}))
