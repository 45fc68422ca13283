"""Made-up benefit months of the households, from which långvarigt is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo.inputs import EXAMPLE
from core.demo.matters import Matter
from core.demo.people import Place
from core.demo.rows import Rows
from core.models import BenefitMonth
from core.rules.dates import month_end, months_between
from core.terms import CaseKind, DataSource

FIRST_MONTH = dt.date(2022, 6, 1)
"""Two years back: the first of the months shown looks at the year before it."""
STEADY, UNSTEADY = 0.97, 0.6
UNSTEADY_HOUSEHOLDS = 0.25


def add_benefit_months(
    rows: Rows, rng: Random, place: Place, matters: Sequence[Matter], today: dt.date
) -> None:
    """Add the months with benefit of each household, those that are over by today.

    Most households have benefit nearly every month while their case is open, some now and then.
    The amounts are unknown: what was paid in all is the household statistics' to tell.
    """
    for matter in matters:
        if matter.kind is not CaseKind.BENEFIT:
            continue
        often = UNSTEADY if rng.random() < UNSTEADY_HOUSEHOLDS else STEADY
        last = today if matter.closed_on is None else min(matter.closed_on, today)
        for month in months_between(max(matter.opened_on, FIRST_MONTH), last):
            if rng.random() < often and month_end(month) <= today:
                rows.add(
                    BenefitMonth,
                    unit_id=place.unit_id,
                    case_id=matter.case_id,
                    month=month,
                    source=DataSource.IMPORTED,
                    source_name=EXAMPLE,
                )
