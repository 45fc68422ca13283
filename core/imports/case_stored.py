"""A case that the unit has: what a row changes in it, from which day, and what it may not change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from core.imports.case_household import plan_household
from core.imports.case_new import GONE, add_plan, check_plan_days, plan_days
from core.imports.case_store import Plan, Staff, StoredCase
from core.imports.case_words import NO_GROUP, NOBODY, Life, Wanted, check_closing
from core.imports.kinds import Change, Insert, Planned, Target, Update
from core.imports.values import shown
from core.models import Area, Case, CaseAssignment, PlanRevision
from core.services.base import Checks
from core.services.case_checks import open_that_day
from core.services.cases import NewCase, check_dates

DATES = ("referred_on", "closed_on", "closing_reason")


def plan_stored(
    planned: Planned, case: StoredCase, wanted: Wanted, place: tuple[Staff, Target]
) -> None:
    """Plan what a row changes in a case; `place` is the unit's people and where the file goes."""
    row, (staff, target) = planned.row, place
    _keep(planned, "kind", case.kind)
    _keep(planned, "opened_on", case.opened_on)
    life = Life(
        case.opened_on,
        row.get("referred_on", case.referred_on),
        row.get("closed_on", case.closed_on),
    )
    _check(planned, case, life)
    if planned.faults:
        return
    _change_days(planned, case)
    _reassign(planned, case, wanted, (life, staff, target))
    plan_household(planned, case, life, target.today)
    _plan(planned, case)
    if planned.faults or not planned.writes:
        return
    if not any(isinstance(w, Update) and w.table is Case for w in planned.writes):
        planned.writes.append(Update(Case, case.id, {}, {}))


def _keep(planned: Planned, name: str, stored: object) -> None:
    value = planned.row[name]
    if value not in (None, stored):
        message = (
            f"Ärendet finns redan med {shown(stored)}, och en import ändrar inte det. "
            f"Skriv {shown(stored)} eller lämna cellen tom."
        )
        planned.fault(name, message)


def _check(planned: Planned, case: StoredCase, life: Life) -> None:
    row, checks = planned.row, Checks()
    if any(row[name] not in (None, getattr(case, name)) for name in DATES):
        new = NewCase(case.reference, case.kind, case.opened_on, referred_on=life.referred_on)
        check_dates(checks, new)
        check_closing(checks, life, [*_stored_days(case), *plan_days(row)])
    elif life.closed_on is not None:
        check_closing(checks, life, plan_days(row))
    check_plan_days(checks, row, case.kind)
    checks.refuse_if(
        row["closing_reason"] is not None and life.closed_on is None,
        "closed_on",
        "Avslutsorsak är ifylld. Ange dagen då ärendet avslutades, eller lämna orsaken tom.",
    )
    planned.faults_of(checks)


def _stored_days(case: StoredCase) -> list[tuple[dt.date, str]]:
    days = [(plan.established_on, "Förändringsplanen upprättades") for plan in case.plans]
    return days + [
        (day, "Förändringsplanen reviderades") for plan in case.plans for day in plan.revised_on
    ]


def _change_days(planned: Planned, case: StoredCase) -> None:
    before, after = {}, {}
    for name in DATES:
        old, new = getattr(case, name), planned.row[name]
        if new in (None, old):
            continue
        before[name], after[name] = old, new
        planned.changes.append(Change(name, old, new))
        days = (
            (old, new) if name != "closing_reason" else (case.closed_on, planned.row["closed_on"])
        )
        planned.moved += [(Area.CASES, day) for day in days if day is not None]
    if after:
        planned.writes.append(Update(Case, case.id, before, after))


def _reassign(
    planned: Planned, case: StoredCase, wanted: Wanted, place: tuple[Life, Staff, Target]
) -> None:
    life, staff, target = place
    held, since = case.assignment, planned.row["assigned_from"]
    caseworker_id = wanted.caseworker_id if wanted.says_caseworker else held.caseworker_id
    group_id = held.group_id
    if wanted.says_group:
        group_id = wanted.group_id
    elif caseworker_id != held.caseworker_id and wanted.own_group_id is not None:
        group_id = wanted.own_group_id
    unchanged = (caseworker_id, group_id) == (held.caseworker_id, held.group_id)
    if unchanged or (life.closed_on is not None and since is None):
        return
    day, checks = since or target.today, Checks()
    open_that_day(checks, "assigned_from", day, life)
    checks.refuse_if(
        life.opened_on <= day < held.valid_from,
        "assigned_from",
        f"Ärendet fördelades senast {held.valid_from}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        caseworker_id != held.caseworker_id and not staff.active.get(caseworker_id or 0, True),
        "caseworker",
        GONE.format(staff.names.get(caseworker_id)),
    )
    planned.faults_of(checks)
    if planned.faults:
        return
    _show_receiver(planned, case, (caseworker_id, group_id), staff)
    values = {"case_id": case.id, "valid_from": day}
    receiver = {"caseworker_id": caseworker_id, "group_id": group_id}
    planned.writes.append(Insert(CaseAssignment, values | receiver))
    planned.moved.append((Area.CASES, day))


def _show_receiver(
    planned: Planned, case: StoredCase, to: tuple[int | None, int | None], staff: Staff
) -> None:
    held = case.assignment
    named: tuple[tuple[str, int | None, int | None, Callable[[int | None], str]], ...] = (
        ("caseworker", held.caseworker_id, to[0], lambda i: staff.names.get(i, NOBODY)),
        ("group", held.group_id, to[1], lambda i: staff.group_names.get(i, NO_GROUP)),
    )
    for column, old, new, name in named:
        if old != new:
            planned.changes.append(Change(column, name(old), name(new)))


def _plan(planned: Planned, case: StoredCase) -> None:
    established, revised = (planned.row[f"plan_{what}_on"] for what in ("established", "revised"))
    if established is None:
        return
    stored = next((plan for plan in case.plans if plan.established_on == established), None)
    if stored is None:
        _new_plan(planned, case, established)
    elif revised is not None and revised != established and revised not in stored.revised_on:
        _revise(planned, stored, revised)


def _new_plan(planned: Planned, case: StoredCase, established: dt.date) -> None:
    for plan in case.plans:
        if plan.ended_on is None or plan.ended_on > established:
            planned.fault(
                "plan_established_on",
                f"Ärendet har redan en förändringsplan från {plan.established_on}. Skriv den dagen, "
                "och den nya dagen som reviderad. Eller avsluta planen först.",
            )
            return
    planned.changes.append(Change("plan_established_on", None, established))
    if planned.row["plan_revised_on"] is not None:
        planned.changes.append(Change("plan_revised_on", None, planned.row["plan_revised_on"]))
    add_plan(planned, case.id)


def _revise(planned: Planned, plan: Plan, revised: dt.date) -> None:
    if plan.ended_on is not None:
        planned.fault("plan_revised_on", f"Planen avslutades {plan.ended_on}.")
        return
    latest = max(plan.revised_on, default=None)
    planned.changes.append(Change("plan_revised_on", latest, revised))
    planned.writes.append(Insert(PlanRevision, {"plan_id": plan.id, "revised_on": revised}))
    planned.moved.append((Area.PLANS, revised))
