"""Cases that come and go so that exactly the wanted number is open on given days."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from core.demo import inputs
from core.demo.matters import Matter
from core.rules.dates import ONE_DAY, month_end, months_between
from core.terms import CaseKind, ClosingReason

LONGEST_DAYS = 2400
USUAL_DAYS = 750
FEWEST_CLOSED = 3
SHORT_KINDS = (CaseKind.ONE_OFF_APPLICATION, CaseKind.STATEMENT)
REASONS = {
    ClosingReason.WORK: 24,
    ClosingReason.HIGHER_INCOME: 13,
    ClosingReason.STUDIES: 6,
    ClosingReason.SOCIAL_INSURANCE: 12,
    ClosingReason.PENSION: 4,
    ClosingReason.MOVED: 15,
    ClosingReason.COHABITATION: 3,
    ClosingReason.NO_LONGER_APPLIES: 8,
    ClosingReason.DECEASED: 1,
    ClosingReason.OTHER: 3,
    ClosingReason.UNKNOWN: 6,
    None: 14,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A day, how many cases are open and children live in them then, and how many opened since."""

    on: dt.date
    open: int
    opened: int
    children: int


def steps(slug: str, kind: CaseKind) -> list[Step]:
    """Return the wanted course of a unit's cases month by month, straight between known days."""
    known = [row for row in inputs.of_unit("demo_flow", slug) if row["kind"] == kind]
    days = [inputs.day(row["date"]) for row in known]
    ends = [month_end(month) for month in months_between(days[0], days[-1])]
    ends[-1] = days[-1]
    opened = {day: int(row["opened"]) for day, row in zip(days, known, strict=True)}
    published = kind is CaseKind.BENEFIT and slug == "arbete-forsorjning"
    openings = _known(known, "open", published=published)
    children = _known(known, "children", published=published)
    return [
        Step(
            day,
            _between(openings, day),
            opened[max(known_day for known_day in days if known_day <= day)],
            _between(children, day),
        )
        for day in ends
    ]


def _known(records: Sequence[inputs.Record], column: str, *, published: bool) -> dict[dt.date, int]:
    values = {inputs.day(row["date"]): int(row[column]) for row in records if row[column]}
    if published:
        measure = {"open": "households", "children": "children"}[column]
        for row in inputs.published(measure):
            if not row["group"]:
                values[month_end(inputs.day(f"{row['period']}-01"))] = int(row["value"])
    return values


def _between(known: dict[dt.date, int], day: dt.date) -> int:
    if not known:
        return 0
    before = max((d for d in known if d <= day), default=min(known))
    after = min((d for d in known if d >= day), default=max(known))
    if before == after:
        return known[before]
    part = (day - before).days / (after - before).days
    return round(known[before] + (known[after] - known[before]) * part)


def run(rng: Random, kind: CaseKind, course: Sequence[Step]) -> list[Matter]:
    """Return matters of which exactly as many are open on each day as the course says."""
    matters = [_older(rng, kind, course[0].on) for _ in range(course[0].open)]
    current = list(matters)
    before = course[0].on
    for step in course[1:]:
        opened = max(step.opened + rng.randint(-2, 2), step.open - len(current) + FEWEST_CLOSED)
        leaving = _leaving(rng, current, len(current) + opened - step.open, before)
        for matter in leaving:
            matter.closed_on = workday(rng, before + ONE_DAY, step.on)
            if kind not in SHORT_KINDS:
                matter.reason = rng.choices(list(REASONS), list(REASONS.values()))[0]
        gone = {id(matter) for matter in leaving}
        fresh = [Matter(kind, workday(rng, before + ONE_DAY, step.on)) for _ in range(opened)]
        current = [matter for matter in current if id(matter) not in gone] + fresh
        matters += fresh
        before = step.on
    return matters


def _older(rng: Random, kind: CaseKind, on: dt.date) -> Matter:
    if kind in SHORT_KINDS:
        return Matter(kind, workday(rng, on - dt.timedelta(days=20), on))
    age = min(int(rng.expovariate(1 / USUAL_DAYS)), LONGEST_DAYS)
    return Matter(kind, workday(rng, on - dt.timedelta(days=age + 6), on - dt.timedelta(days=age)))


def _leaving(rng: Random, current: list[Matter], count: int, on: dt.date) -> list[Matter]:
    """Choose who leaves, those who came lately more often; short matters end in turn."""
    if current and current[0].kind in SHORT_KINDS:
        return sorted(current, key=lambda matter: matter.opened_on)[:count]

    def order(matter: Matter) -> float:
        age = (on - matter.opened_on).days
        weight = 3.0 if age < 200 else 1.6 if age < 400 else 1.0
        return math.pow(rng.random(), 1 / weight)

    return sorted(current, key=order, reverse=True)[:count]


def workday(rng: Random, start: dt.date, end: dt.date) -> dt.date:
    """Return a day of start..end, Monday to Friday if there is one."""
    days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    return rng.choice([day for day in days if day.weekday() < 5] or days)
