"""The placements of a year as a timeline: when each ran or will, its decisions and its reviews."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from core.auth import Scope
from core.queries import placement_facts
from core.queries.cache import cached
from core.queries.placement_choices import EVERYTHING, Choices, chosen_rows
from core.queries.placement_facts import AREAS, Placed
from core.queries.placements import PlacementRow
from core.rules import placements as rules
from core.rules.dates import ONE_DAY, year_of
from core.rules.placement_timeline import TimelineRow
from core.terms import PlacementState


@cached(*AREAS)
def timeline(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    choices: Choices = EVERYTHING,
    with_case: bool = False,
) -> tuple[TimelineRow, ...]:
    """Return the placements of a day's list: running ones, coming ones, ended ones, by first day.

    Decisions and reviews dated after the day do not exist.
    """
    rows = chosen_rows(session, scope, on=on, with_case=with_case, choices=choices)
    listed = {row.id: row for row in rows}
    found = [
        _row(placed, listed[placed.id], on)
        for placed in placement_facts.of_year(session, scope, on=on)
        if placed.id in listed
    ]
    order = list(PlacementState)
    states = {row.reference: order.index(row.state) for row in rows}
    return tuple(
        sorted(found, key=lambda row: (states[row.reference], row.starts_on, row.reference))
    )


def _row(placed: Placed, row: PlacementRow, on: dt.date) -> TimelineRow:
    facts, year = placed.facts, year_of(on)
    passed = row.planned_end_passed
    return TimelineRow(
        reference=row.reference,
        kind=row.kind,
        provider=row.provider,
        family_in_hotel=row.family_in_hotel,
        starts_on=row.starts_on,
        ends_on=row.ended_on or (None if passed else row.planned_end_on),
        paid=rules.paid_period(facts, year.start, on, on),
        committed=rules.paid_period(facts, on + ONE_DAY, year.end, on),
        decisions=tuple(d for d in facts.decisions if year.start <= d.decided_on <= on),
        reviews=tuple(r.reviewed_on for r in facts.reviews if year.start <= r.reviewed_on <= on),
        next_review_on=row.next_review_on,
    )
