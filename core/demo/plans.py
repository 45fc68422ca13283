"""Change plans of the made-up cases: by chance, and by the published figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo.flow import workday
from core.demo.inputs import DEMO_TODAY
from core.demo.matters import Matter, Plan
from core.rules.change_plans import Exemption, exempt_until, exemption_end, in_population
from core.rules.dates import ONE_DAY, add_months, month_end, months_between
from core.terms import ExemptionReason, Gender

REASONS = (
    ExemptionReason.MOVES_WITHIN_A_MONTH,
    ExemptionReason.MOVES_WITHIN_A_MONTH,
    ExemptionReason.OTHER_INCOME_WITHIN_A_MONTH,
    ExemptionReason.OTHER_INCOME_WITHIN_A_MONTH,
    ExemptionReason.OTHER,
)
LONG_MONTHS = 2
LATER_PLAN = 0.6
USUAL_CARE = 0.8
LONGEST_INTERVAL = 160
INTERVAL_RANGE = 65
KEPT_UP = 0.85


def refer(rng: Random, matters: Sequence[Matter], today: dt.date, longest: int = 42) -> None:
    """Refer matters within some weeks of their opening, unless they are closed before."""
    for matter in matters:
        referred = matter.opened_on + dt.timedelta(days=rng.randint(3, longest))
        if referred < (matter.closed_on or today + ONE_DAY):
            matter.referred_on = referred


def due_in(matters: Sequence[Matter], start: dt.date, end: dt.date) -> list[Matter]:
    """Return the matters whose deadline for the first plan lies in a period."""
    return [m for m in matters if m.deadline is not None and start <= m.deadline <= end]


def choose_counted(rng: Random, due: Sequence[Matter], wanted: int) -> list[Matter]:
    """Let exactly so many of the matters due in a period count for plans within three months.

    Those too many that are open on their deadline get an exemption then; if there are too few, some
    of those closed before had a plan.
    """
    counted = [m for m in due if m.closed_on is None or m.closed_on > _deadline(m)]
    closed = [m for m in due if m not in counted]
    for matter in closed:
        matter.hit = False
    while len(counted) > wanted:
        spared = counted.pop(rng.randrange(len(counted)))
        spared.exemptions.append(_exemption(rng, _deadline(spared) - dt.timedelta(days=9)))
    early = rng.sample(closed, wanted - len(counted))
    for matter in early:
        matter.hit = True
    return counted + early


def choose_hits(rng: Random, counted: Sequence[Matter], hits: int) -> None:
    """Let exactly so many of the counted matters have had a plan by their deadline."""
    sure = [m for m in counted if m.hit]
    others = [m for m in counted if not m.hit]
    lucky = rng.sample(others, hits - len(sure))
    for matter in others:
        matter.hit = matter in lucky


def choose_covered(
    rng: Random, matters: Sequence[Matter], gender: Gender, on: dt.date, percent: int
) -> None:
    """Let the coverage of households by gender be a whole percentage on a day."""
    base = [
        m
        for m in matters
        if in_population(m.plan_case(), on)
        and exempt_until(m.plan_case(), on) is None
        and m.gender is gender
    ]
    order = sorted(base, key=lambda m: (_reluctance(m, on), rng.random()))
    planned = round(percent * len(base) / 100)
    for place, matter in enumerate(order):
        matter.covered = place < planned


def _reluctance(matter: Matter, on: dt.date) -> int:
    """Rank the matters for having a plan on a day; those that cannot come last."""
    pending = _deadline(matter) > on
    if matter.hit is False and pending:
        return 9
    if matter.hit is None:
        return 1 if not pending else 3
    return 0 if matter.hit and not pending else 2


def write_plans(rng: Random, matter: Matter, today: dt.date, hit_rate: float) -> None:
    """Give a matter a plan by chance, in time or later, unless it is known whether it was in time."""
    if matter.referred_on is None:
        return
    by, last = _deadline(matter), matter.closed_on or today
    if matter.hit is None:
        matter.hit = rng.random() < hit_rate
    if matter.hit:
        end = by if matter.closed_on is None or matter.closed_on > by else last - ONE_DAY
        first = workday(rng, min(matter.referred_on + dt.timedelta(days=10), end), end)
        if first <= today:
            add_plan(rng, matter, first, last, hit_rate)
    else:
        soon, at_last = rng.randint(2, 150), rng.randint(150, 400)
        late = by + dt.timedelta(days=soon if rng.random() < LATER_PLAN else at_last)
        if late < last:
            add_plan(rng, matter, late, last, hit_rate)


def write_plans_around(
    rng: Random, matter: Matter, on: dt.date, today: dt.date, hit_rate: float
) -> None:
    """Give a matter plans so that it has one, or has none, on a day as chosen before."""
    last = min(matter.closed_on or today, today)
    if matter.covered is None:
        write_plans(rng, matter, today, hit_rate)
    elif matter.covered:
        _plan_before(rng, matter, on, last)
    else:
        _plan_not_before(rng, matter, on, last)


def _plan_before(rng: Random, matter: Matter, on: dt.date, last: dt.date) -> None:
    referred, by = _referred(matter), _deadline(matter)
    if matter.hit is False:
        first = workday(rng, by + ONE_DAY, on)
    else:
        first = workday(rng, min(referred, on), min(by, on))
    add_plan(rng, matter, first, last)


def _plan_not_before(rng: Random, matter: Matter, on: dt.date, last: dt.date) -> None:
    by = _deadline(matter)
    soon, at_last = rng.randint(1, 200), rng.randint(200, 400)
    first = on + dt.timedelta(days=soon if rng.random() < LATER_PLAN else at_last)
    if matter.hit and by > on:
        first = workday(rng, on + ONE_DAY, by)
    elif matter.hit is False:
        first = max(first, by + ONE_DAY)
    if first < last:
        add_plan(rng, matter, first, last)


def add_plan(
    rng: Random, matter: Matter, first: dt.date, last: dt.date, care: float = USUAL_CARE
) -> None:
    """Add a plan from a day, revised until the matter is closed: the more care, the more often."""
    plan = Plan(first)
    matter.plans.append(plan)
    usual = round(LONGEST_INTERVAL - INTERVAL_RANGE * care)
    day = first
    while (day := day + dt.timedelta(days=usual + rng.randint(-20, 15))) <= last:
        if rng.random() > KEPT_UP:
            day += dt.timedelta(days=rng.randint(50, 200))
        if day <= last:
            plan.revised_on.append(day)


def end_some(rng: Random, matters: Sequence[Matter], today: dt.date, count: int) -> None:
    """End some plans of open matters after their last revision; half of them get a new one."""
    planned = [m for m in matters if m.plans and m.closed_on is None]
    for place, matter in enumerate(rng.sample(planned, count)):
        plan = matter.plans[-1]
        last = max([plan.established_on, *plan.revised_on])
        plan.ended_on = workday(rng, last, min(last + dt.timedelta(days=60), today))
        again = plan.ended_on + dt.timedelta(days=rng.randint(0, 40))
        if place % 2 and again <= today:
            add_plan(rng, matter, again, today)


def exempt_monthly(rng: Random, matters: Sequence[Matter], first: dt.date, count: int) -> None:
    """Exempt some matters around each month's end from a month on, and around the demo's today."""
    ends = [month_end(month) for month in months_between(first, DEMO_TODAY)]
    for on in (*ends[:-1], DEMO_TODAY):
        asked = [m for m in matters if in_population(m.plan_case(), on) and not m.exemptions]
        for matter in rng.sample(asked, count):
            start = max(on - dt.timedelta(days=rng.randint(0, 20)), _referred(matter))
            matter.exemptions.append(_exemption(rng, start))


def _exemption(rng: Random, start: dt.date) -> Exemption:
    reason = rng.choice(REASONS)
    return Exemption(reason, start, exemption_end(reason, start, add_months(start, LONG_MONTHS)))


def _deadline(matter: Matter) -> dt.date:
    if matter.deadline is None:
        raise ValueError(matter.opened_on)
    return matter.deadline


def _referred(matter: Matter) -> dt.date:
    if matter.referred_on is None:
        raise ValueError(matter.opened_on)
    return matter.referred_on
