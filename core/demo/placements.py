"""Made-up placements: one after the other in a few places of each kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from core.demo import inputs
from core.demo.flow import workday
from core.demo.matters import Matter
from core.demo.people import Place
from core.demo.rows import Rows
from core.models import DayRate, Placement, PlacementDecision, PlacementKind, PlacementReview
from core.rules import placements as rules
from core.rules.dates import ONE_DAY, add_months, month_start, months_between
from core.terms import CaseKind, Contract, DecisionReason, LegalBasis, PlacementForm, sv_title

YEARLY_RAISE = Decimal("1.04")
FAMILIES_IN_HOTEL = 2
LONG_STAY_DAYS = 120
DECIDED_BY = "Biträdande enhetschef"
KIND_OF_CASE = {
    PlacementForm.HOTEL: CaseKind.BENEFIT,
    PlacementForm.PROTECTED_HOUSING: CaseKind.BENEFIT,
}


@dataclass
class Stay:
    """A made-up placement before it becomes rows."""

    form: PlacementForm
    record: inputs.Record
    starts_on: dt.date
    planned_end_on: dt.date
    ended_on: dt.date | None
    matter: Matter
    children: int = 0
    rates: list[tuple[dt.date, Decimal]] = field(default_factory=list)
    decisions: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    reviews: list[tuple[dt.date, dt.date | None]] = field(default_factory=list)

    def facts(self) -> rules.PlacementFacts:
        """Return the stay as the rules of placements know it."""
        contract = Contract(self.record["contract"])
        return rules.PlacementFacts(
            self.starts_on,
            self.ended_on,
            tuple(rules.Rate(day, amount) for day, amount in self.rates),
            tuple(
                rules.Decision(on, until, self.record["provider"], contract)
                for on, until in self.decisions
            ),
        )


def stays(rng: Random, place: Place, matters: Sequence[Matter], today: dt.date) -> list[Stay]:
    """Return the unit's placements, in the order they began."""
    found: list[Stay] = []
    taken: set[int] = set()
    for record in inputs.of_unit("demo_placements", place.slug):
        form = PlacementForm(record["form"])
        kind = CaseKind.BENEFIT
        if any(matter.kind is CaseKind.ADDICTION for matter in matters):
            kind = KIND_OF_CASE.get(form, CaseKind.ADDICTION)
        able = [matter for matter in matters if matter.kind is kind]
        for _ in range(int(record["slots"])):
            found += stays_in_a_place(rng, record, able, taken, today)
    found.sort(key=lambda stay: stay.starts_on)
    families = [m for m in matters if m.kind is CaseKind.BENEFIT and m.case_id not in taken]
    _house_families(rng, found, families, today)
    _leave_odd(found, today)
    for stay in found:
        review_monthly(rng, stay, today)
    return found


def stays_in_a_place(
    rng: Random, record: inputs.Record, able: list[Matter], taken: set[int], today: dt.date
) -> list[Stay]:
    """Return the stays that follow each other in one place until today."""
    chain: list[Stay] = []
    low, high = int(record["days_low"]), int(record["days_high"])
    start = inputs.day(record["first"]) + dt.timedelta(days=rng.randint(0, 120))
    while start < today:
        end = start + dt.timedelta(days=rng.randint(low, high))
        matter = _free(rng, able, taken, start, min(end, today))
        if matter is not None:
            ended = end if end < today else None
            stay = Stay(PlacementForm(record["form"]), record, start, end, ended, matter)
            _decide(rng, stay, today)
            _price(rng, stay, today)
            chain.append(stay)
        start = end + dt.timedelta(days=rng.randint(4, 40))
    return chain


def _free(
    rng: Random, able: list[Matter], taken: set[int], start: dt.date, end: dt.date
) -> Matter | None:
    free = [m for m in able if m.case_id not in taken and m.open_on(start) and m.open_on(end)]
    childless = [m for m in free if not m.children_on(end)]
    if not childless:
        return None
    chosen = rng.choice(childless)
    taken.add(chosen.case_id)
    return chosen


def _decide(rng: Random, stay: Stay, today: dt.date) -> None:
    """Decide before the start, and prolong long stays on the way."""
    decided = stay.starts_on - dt.timedelta(days=rng.randint(1, 9))
    stay.decisions = [(decided, stay.planned_end_on)]
    if (stay.planned_end_on - stay.starts_on).days > LONG_STAY_DAYS:
        halfway = stay.starts_on + (stay.planned_end_on - stay.starts_on) / 2
        stay.decisions = [(decided, halfway)]
        prolonged = halfway - dt.timedelta(days=5)
        if prolonged <= today:
            stay.decisions.append((prolonged, stay.planned_end_on))


def _price(rng: Random, stay: Stay, today: dt.date) -> None:
    """Set the first day's rate, and raise it each New Year."""
    low, high = int(stay.record["rate_low"]), int(stay.record["rate_high"])
    amount = Decimal(rng.randrange(low, high + 1, 10))
    stay.rates = [(stay.starts_on, amount)]
    for year in range(stay.starts_on.year + 1, today.year + 1):
        raised = dt.date(year, 1, 1)
        if raised <= (stay.ended_on or today):
            amount = round(amount * YEARLY_RAISE) * Decimal(1)
            stay.rates.append((raised, amount))


def _house_families(rng: Random, found: list[Stay], families: list[Matter], today: dt.date) -> None:
    """Let a few running hotel stays be families', and some of those that ended."""
    hotels = [stay for stay in found if stay.form is PlacementForm.HOTEL]
    running = [stay for stay in hotels if stay.ended_on is None]
    ended = [stay for stay in hotels if stay.ended_on is not None]
    for stay in running[: min(FAMILIES_IN_HOTEL, len(running) - 1)] + ended[::4]:
        last = stay.ended_on or today
        able = [m for m in families if m.open_on(stay.starts_on) and m.open_on(last)]
        able = [m for m in able if m.children_on(stay.starts_on) and m.children_on(last)]
        stay.matter = rng.choice(able)
        stay.children = stay.matter.children_on(last)
        families.remove(stay.matter)


def _leave_odd(found: list[Stay], today: dt.date) -> None:
    """Let one running stay be past its planned end, and one start in the weeks to come."""
    running = [
        stay
        for stay in found
        if stay.ended_on is None and stay.form is PlacementForm.SUPPORTED_HOUSING
    ]
    if len(running) < 2:
        return
    passed, coming = running[0], running[-1]
    passed.planned_end_on = today - dt.timedelta(days=17)
    passed.decisions = [
        *[step for step in passed.decisions if step[0] < passed.planned_end_on][:-1],
        (passed.planned_end_on - dt.timedelta(days=90), passed.planned_end_on),
    ]
    coming.starts_on = today + dt.timedelta(days=8)
    coming.planned_end_on = add_months(coming.starts_on, 4)
    coming.decisions = [(today - dt.timedelta(days=4), coming.planned_end_on)]
    coming.rates = [(coming.starts_on, coming.rates[-1][1])]


def review_monthly(rng: Random, stay: Stay, today: dt.date) -> None:
    """Review the stay once a month; some of those that run have not been for a while."""
    last = stay.ended_on or today
    forgotten = stay.ended_on is None and rng.random() < 0.14
    until = add_months(month_start(today), -1) - ONE_DAY if forgotten else last
    for month in months_between(stay.starts_on, until)[1:]:
        day = workday(rng, month, min(month + dt.timedelta(days=24), until))
        if stay.starts_on < day <= until:
            following = add_months(day, 2) if rng.random() < 0.2 else None
            stay.reviews.append((day, following))


def add_stays(rows: Rows, place: Place, found: Sequence[Stay]) -> None:
    """Add placement kinds and the placements with decisions, rates and reviews."""
    kinds = _add_kinds(rows, place)
    for number, stay in enumerate(found, start=1):
        placement_id = rows.add(
            Placement,
            unit_id=place.unit_id,
            case_id=stay.matter.case_id,
            reference=f"PL-{number:04}",
            kind_id=kinds[stay.form],
            legal_basis=LegalBasis(stay.record["legal_basis"]),
            starts_on=stay.starts_on,
            ended_on=stay.ended_on,
            children=stay.children,
        )
        add_steps(rows, placement_id, stay)


def add_steps(rows: Rows, placement_id: int, stay: Stay) -> None:
    """Add a placement's decisions, day rates and reviews."""
    for number, (decided_on, until) in enumerate(stay.decisions):
        rows.add(
            PlacementDecision,
            placement_id=placement_id,
            decided_on=decided_on,
            decided_by=DECIDED_BY,
            reason=DecisionReason.EXTENSION if number else DecisionReason.NEW,
            planned_end_on=until,
            provider=stay.record["provider"],
            contract=Contract(stay.record["contract"]),
        )
    for valid_from, amount in stay.rates:
        rows.add(DayRate, placement_id=placement_id, valid_from=valid_from, amount=amount)
    for reviewed_on, following in stay.reviews:
        rows.add(
            PlacementReview,
            placement_id=placement_id,
            reviewed_on=reviewed_on,
            next_review_on=following,
        )


def _add_kinds(rows: Rows, place: Place) -> dict[PlacementForm, int]:
    """Add every usual kind; those with placements point to the line that pays them."""
    paid_by = {row["form"]: row for row in inputs.of_unit("demo_placements", place.slug)}
    ids: dict[PlacementForm, int] = {}
    for form in PlacementForm:
        line = paid_by.get(form)
        ids[form] = rows.add(
            PlacementKind,
            unit_id=place.unit_id,
            name=sv_title(form),
            is_hotel=form is PlacementForm.HOTEL,
            budget_section=line["section"] if line else None,
            budget_line=line["line"] if line else None,
        )
    return ids
