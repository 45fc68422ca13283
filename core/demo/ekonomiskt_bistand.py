"""Cases of the second unit: benefit, addiction, wrong payments and short matters."""

from __future__ import annotations

import datetime as dt
from random import Random

from core.demo import assignments, flow, households, plans
from core.demo.matters import Matter
from core.demo.people import BENEFIT_UNIT, Place
from core.terms import CaseKind

CARE = (0.5, 0.92)
EXEMPT_FROM = dt.date(2022, 1, 1)
EXEMPT_A_MONTH = 8
ENDED_PLANS = 14


def matters(rng: Random, place: Place, today: dt.date) -> list[Matter]:
    """Return the unit's cases of every kind."""
    made = _benefit(rng, place, today)
    for kind in (CaseKind.ADDICTION, CaseKind.WRONG_PAYMENT):
        cases = flow.run(rng, kind, flow.steps(BENEFIT_UNIT, kind))
        assignments.assign_other(rng, cases, place, kind, today)
        made += cases
    addiction = place.workers_of(CaseKind.ADDICTION, receives=False)
    reception = place.workers_of(CaseKind.BENEFIT, receives=True)
    for kind, workers in (
        (CaseKind.ONE_OFF_APPLICATION, reception),
        (CaseKind.STATEMENT, addiction),
    ):
        cases = flow.run(rng, kind, flow.steps(BENEFIT_UNIT, kind))
        assignments.assign_freely(rng, cases, workers)
        made += cases
    return made


def _benefit(rng: Random, place: Place, today: dt.date) -> list[Matter]:
    course = flow.steps(BENEFIT_UNIT, CaseKind.BENEFIT)
    made = flow.run(rng, CaseKind.BENEFIT, course)
    households.settle_children(rng, made, course)
    households.settle_adults(rng, made)
    households.settle_obstacles(rng, made)
    plans.refer(rng, made, today)
    assignments.assign_benefit(rng, made, place, today)
    care = {worker.worker_id: rng.uniform(*CARE) for worker in place.workers}
    for matter in made:
        worker = matter.assignments[-1].worker
        plans.write_plans(rng, matter, today, care[worker.worker_id] if worker else CARE[0])
    plans.end_some(rng, made, today, ENDED_PLANS)
    plans.exempt_monthly(rng, made, EXEMPT_FROM, EXEMPT_A_MONTH)
    return made
