"""Temporary housing month by month and by form, and who lives there on a day.

Temporary housing is the kinds of placement that are hotel or hostel, and those that the unit has
marked as other temporary housing. In a scope narrowed to a group or a caseworker a month counts the
cases held on its last day, the running month those held on the day asked for. Removed placements
count in days and cost; their households are not known any longer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, Case, CaseAdult, Placement, PlacementKind
from core.queries import names, placement_facts, retained
from core.queries.cache import cached
from core.queries.frames import frame
from core.queries.placement_facts import Placed
from core.queries.placement_plans import latest_plans
from core.rules import placements as rules
from core.rules.dates import last_twelve, month_start
from core.rules.temporary_housing import (
    AdultSpan,
    Lodged,
    Stay,
    adults_on,
    household_plan,
    lodged,
)
from core.terms import ALL

AREAS = (Area.PLACEMENTS, Area.CASES, Area.UNITS, Area.RETENTION)
COLUMNS = ("month", "form", "households", "people", "children", "days", "cost")


@dataclass(frozen=True, slots=True)
class HousedRow:
    """A placement in temporary housing that runs on a day; amounts are kronor.

    `cost_to_date` is the year's. Case, caseworker, people and plan are None for somebody who sees
    references and costs only; `housing_plan` also where nothing has been noted.
    """

    placement_id: int
    reference: str
    case: str | None
    caseworker: str | None
    form: str
    since: dt.date
    planned_end_on: dt.date | None
    adults: int | None
    children: int | None
    housing_plan: bool | None
    day_rate: Decimal
    cost_to_date: Decimal


@dataclass(frozen=True, slots=True)
class HousedNow:
    """Temporary housing on a day. Households by whether they have an individual housing plan."""

    lodged: Lodged
    with_plan: int
    without_plan: int
    plan_unknown: int
    families_in_hotel: int


@cached(*AREAS)
def housing_months(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the last twelve months, by form and for all together: columns `COLUMNS`.

    `month` is its first day. A form has a row in a month with a paid day there, `alla` in each. A
    household in two forms in a month counts in both and once in `alla`.
    """
    days = last_twelve(on)
    found = _unit(session, Scope(scope.unit_id), since=month_start(days[0]), on=on)
    rows: list[tuple[object, ...]] = []
    for last in days:
        rows += _month(session, scope, found, last)
    return frame(rows, COLUMNS)


@cached(*AREAS)
def housed_now(session: Session, scope: Scope, *, on: dt.date) -> HousedNow:
    """Return how many live in temporary housing on a day, and how many have a housing plan."""
    found = _unit(session, Scope(scope.unit_id), since=month_start(on), on=on)
    running = _running(found, scope, on)
    notes: defaultdict[int, list[bool | None]] = defaultdict(list)
    plans = latest_plans(session, scope, on=on)
    for placed in running:
        plan = plans.get(placed.id)
        notes[placed.case_id].append(plan.housing_plan if plan else None)
    known = [household_plan(noted) for noted in notes.values()]
    families = {p.case_id for p in running if rules.family_in_hotel(p.facts, on)}
    return HousedNow(
        lodged=lodged(map(_stay, running), found.adults, on, on, on),
        with_plan=known.count(True),
        without_plan=known.count(False),
        plan_unknown=known.count(None),
        families_in_hotel=len(families),
    )


@cached(*AREAS)
def housed_rows(
    session: Session, scope: Scope, *, on: dt.date, with_case: bool
) -> tuple[HousedRow, ...]:
    """Return the placements in temporary housing that run on a day, the longest first.

    `with_case` is False for somebody who sees references and costs only.
    """
    found = _unit(session, Scope(scope.unit_id), since=month_start(on), on=on)
    plans = latest_plans(session, scope, on=on) if with_case else {}
    rows = []
    for placed in _running(found, scope, on):
        facts, plan = placed.facts, plans.get(placed.id)
        adults = adults_on(found.adults.get(placed.case_id, ()), on)
        row = HousedRow(
            placement_id=placed.id,
            reference=placed.reference,
            case=placed.case if with_case else None,
            caseworker=placed.held_by(on).caseworker if with_case else None,
            form=placed.kind,
            since=facts.starts_on,
            planned_end_on=rules.planned_end(facts, on),
            adults=adults if with_case else None,
            children=facts.children if with_case else None,
            housing_plan=plan.housing_plan if plan else None,
            day_rate=rules.listed_rate(facts, on),
            cost_to_date=rules.cost_to_date(facts, on),
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.since, row.reference)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A unit's forms of temporary housing, its placements there, and the adults of their cases."""

    forms: frozenset[str]
    placed: tuple[Placed, ...]
    adults: dict[int, list[AdultSpan]]


@cached(*AREAS)
def _unit(session: Session, scope: Scope, *, since: dt.date, on: dt.date) -> _Found:
    """Return what can have a paid day in temporary housing in since..on."""
    kinds = session.execute(
        select(col(PlacementKind.id), col(PlacementKind.name))
        .where(col(PlacementKind.unit_id) == scope.unit_id)
        .where(or_(col(PlacementKind.is_hotel), col(PlacementKind.is_temporary)))
    ).all()
    chosen = and_(
        col(Placement.unit_id) == scope.unit_id,
        col(Placement.kind_id).in_([row.id for row in kinds]),
        col(Placement.voided_at).is_(None),
        col(Case.voided_at).is_(None),
        col(Placement.starts_on) <= on,
        or_(col(Placement.ended_on).is_(None), col(Placement.ended_on) >= since),
    )
    placed = placement_facts.load(session, chosen)
    return _Found(frozenset(row.name for row in kinds), placed, _adults(session, chosen))


def _adults(session: Session, chosen: ColumnElement[bool]) -> dict[int, list[AdultSpan]]:
    cases = select(col(Placement.case_id)).join(Case, col(Case.id) == col(Placement.case_id))
    rows = session.execute(
        select(col(CaseAdult.case_id), col(CaseAdult.valid_from), col(CaseAdult.valid_to))
        .where(col(CaseAdult.case_id).in_(cases.where(chosen)))
        .where(col(CaseAdult.voided_at).is_(None))
    )
    found: defaultdict[int, list[AdultSpan]] = defaultdict(list)
    for case_id, valid_from, valid_to in rows:
        found[case_id].append(AdultSpan(valid_from, valid_to))
    return dict(found)


def _month(
    session: Session, scope: Scope, found: _Found, last: dt.date
) -> Iterable[tuple[object, ...]]:
    """Yield a month's rows through a day of it: each form with a paid day, and all together."""
    start = month_start(last)
    stays = [_stay(p) for p in placement_facts.in_scope(found.placed, scope, last)]
    removed = _removed(session, scope, found.forms, start, last)
    for form in names.in_order(found.forms):
        counted = _with(
            lodged([s for s in stays if s.form == form], found.adults, start, last, last),
            removed.get(form),
        )
        if counted.days:
            yield (start, form, *counted)
    everything = lodged(stays, found.adults, start, last, last)
    for part in removed.values():
        everything = _with(everything, part)
    yield (start, ALL, *everything)


def _removed(
    session: Session, scope: Scope, forms: frozenset[str], start: dt.date, last: dt.date
) -> dict[str, rules.DaysCost]:
    """Return the paid days and cost of removed placements in a month, by form."""
    sums: dict[str, rules.DaysCost] = {}
    for row in retained.costs(session, scope, on=last, since=start):
        if row.kind in forms:
            before = sums.get(row.kind, rules.DaysCost(0, Decimal(0)))
            paid = row.cost(start, last)
            sums[row.kind] = rules.DaysCost(before.days + paid.days, before.cost + paid.cost)
    return sums


def _with(counted: Lodged, removed: rules.DaysCost | None) -> Lodged:
    if removed is None:
        return counted
    return counted._replace(days=counted.days + removed.days, cost=counted.cost + removed.cost)


def _running(found: _Found, scope: Scope, on: dt.date) -> Sequence[Placed]:
    here = placement_facts.in_scope(found.placed, scope, on)
    return [placed for placed in here if rules.runs_on(placed.facts, on)]


def _stay(placed: Placed) -> Stay:
    return Stay(placed.facts, placed.kind, placed.case_id)
