"""Made-up walk-throughs of last month, and what the placements are for.

The meetings decided what is there already: reviews in between others, prolongings and ends that were
planned. So no cost of today is other than without them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.demo.people import Place
from core.demo.placements import DECIDED_BY, Stay
from core.demo.rows import Rows
from core.models import (
    Placement,
    PlacementDecision,
    PlacementPlan,
    PlacementReview,
    WalkThrough,
    WalkThroughItem,
)
from core.rules import placements as rules
from core.rules import walk_through
from core.rules.dates import ONE_DAY, add_months
from core.terms import Contract, DecisionReason, PlacementForm, WalkThroughOutcome

MOST = 8
FEWEST = 3
SUNDAY = 6
CLOSED_AT = dt.time(13)
NEXT_STEPS: dict[WalkThroughOutcome, tuple[str, ...]] = {
    WalkThroughOutcome.CONTINUE: ("", "Uppföljning på plats", "Möte med boendet", ""),
    WalkThroughOutcome.CHANGE: ("Meddela utföraren det nya slutet",),
    WalkThroughOutcome.END: ("Boka avslutande möte",),
    WalkThroughOutcome.INVESTIGATE: ("Pröva om en träningslägenhet räcker",),
}
PURPOSES: dict[PlacementForm, tuple[str, str]] = {
    PlacementForm.CARE_HOME: ("Behandling av beroende", "Stödboende, sedan öppenvård"),
    PlacementForm.SUPPORTED_HOUSING: ("Drogfritt boende med stöd", "Träningslägenhet"),
    PlacementForm.TRAINING_FLAT: ("Träna på eget boende", "Försökslägenhet"),
    PlacementForm.TRIAL_FLAT: ("Visa att ett eget boende fungerar", "Eget kontrakt"),
    PlacementForm.FOSTER_HOME: ("Trygg miljö med stöd dygnet runt", "Stödboende"),
    PlacementForm.HOTEL: ("Akut hemlöshet", "Andrahandskontrakt via bostadsteamet"),
    PlacementForm.PROTECTED_HOUSING: ("Skydd mot våld i nära relation", "Eget boende på annan ort"),
    PlacementForm.SPECIAL_SERVICE_HOUSING: ("Stadigvarande stöd i boendet", "Fortsatt boende"),
}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A stay and its placement's id."""

    id: int
    stay: Stay

    def group_on(self, day: dt.date) -> int | None:
        """Return the group that the case belongs to on a day."""
        held = [one for one in self.stay.matter.assignments if one.valid_from <= day]
        return held[-1].group_id if held else None

    def responsible(self, day: dt.date) -> str:
        """Return who has the case on a day."""
        held = [one for one in self.stay.matter.assignments if one.valid_from <= day]
        worker = held[-1].worker if held else None
        return worker.name if worker else DECIDED_BY

    def comes_up(self, day: dt.date, group_id: int) -> bool:
        """Tell whether it runs on a day in a group, and was reviewed then or later."""
        stay = self.stay
        reviewed = any(on >= day for on, _ in stay.reviews)
        return rules.runs_on(stay.facts(), day) and reviewed and self.group_on(day) == group_id

    def planned_end(self, day: dt.date) -> dt.date:
        """Return the planned end on a day, the far future without one that is to come."""
        planned = rules.planned_end(self.stay.facts(), day)
        return planned if planned is not None and planned >= day else dt.date.max


def add_walk_throughs(rows: Rows, place: Place, found: Sequence[Stay], today: dt.date) -> None:
    """Add a closed walk-through for each group with placements, and purposes and plans."""
    ids = (row["id"] for row in rows.of(Placement) if row["unit_id"] == place.unit_id)
    placed = [_Placed(number, stay) for number, stay in zip(ids, found, strict=True)]
    _add_plans(rows, placed, today)
    for group_id in place.groups.values():
        held_on = _meeting_day(placed, group_id, today)
        up = [one for one in placed if one.comes_up(held_on, group_id)]
        if len(up) >= FEWEST:
            _add_meeting(rows, place.unit_id, group_id, held_on, up)


def _add_plans(rows: Rows, placed: Sequence[_Placed], today: dt.date) -> None:
    """Note what two of three running placements are for; in hotels most have a housing plan."""
    for one in placed:
        stay = one.stay
        if not rules.runs_on(stay.facts(), today) or one.id % 3 == 0:
            continue
        purpose, plan_after = PURPOSES[stay.form]
        rows.add(
            PlacementPlan,
            placement_id=one.id,
            noted_on=stay.starts_on,
            purpose=purpose,
            plan_after=plan_after,
            housing_plan=one.id % 2 == 0 if stay.form is PlacementForm.HOTEL else None,
        )


def _meeting_day(placed: Sequence[_Placed], group_id: int, today: dt.date) -> dt.date:
    """Return the latest day, about a month ago, on which a placement of the group was prolonged.

    A working day a month ago where none was.
    """
    month_ago = add_months(today, -1)
    days = [
        decided_on
        for one in placed
        for decided_on, _ in one.stay.decisions[1:]
        if month_ago - dt.timedelta(days=21) <= decided_on <= month_ago + dt.timedelta(days=10)
        if decided_on.weekday() < SUNDAY - 1 and one.comes_up(decided_on, group_id)
    ]
    day = max(days, default=month_ago)
    while day.weekday() >= SUNDAY - 1:
        day -= ONE_DAY
    return day


def _add_meeting(
    rows: Rows, unit_id: int, group_id: int, held_on: dt.date, up: Sequence[_Placed]
) -> None:
    """Add a meeting that prolonged, let end, looked for something else, or let go on."""
    first = sorted(up, key=lambda one: (not _prolonged(one, held_on), one.planned_end(held_on)))
    chosen = first[:MOST]
    meeting_id = rows.add(
        WalkThrough,
        unit_id=unit_id,
        group_id=group_id,
        held_on=held_on,
        closed_at=dt.datetime.combine(held_on, CLOSED_AT, dt.UTC),
        queue=[one.id for one in chosen],
    )
    others = [one for one in chosen if not _prolonged(one, held_on)]
    for number, one in enumerate(chosen):
        if _prolonged(one, held_on):
            outcome = WalkThroughOutcome.CHANGE
        elif one is others[0] and one.planned_end(held_on) != dt.date.max:
            outcome = WalkThroughOutcome.END
        elif one is others[1]:
            outcome = WalkThroughOutcome.INVESTIGATE
        else:
            outcome = WalkThroughOutcome.CONTINUE
        steps = NEXT_STEPS[outcome]
        _add_item(rows, (meeting_id, held_on), one, outcome, steps[number % len(steps)])


def _prolonged(one: _Placed, day: dt.date) -> bool:
    return any(decided_on == day for decided_on, _ in one.stay.decisions[1:])


def _add_item(
    rows: Rows,
    meeting: tuple[int, dt.date],
    one: _Placed,
    outcome: WalkThroughOutcome,
    next_step: str,
) -> None:
    """Add what was decided on a placement, with its review and its decision."""
    (meeting_id, held_on), after = meeting, one.stay.facts()
    next_on = add_months(held_on, 1)
    before = replace(
        after, decisions=tuple(one for one in after.decisions if one.decided_on != held_on)
    )
    if outcome is not WalkThroughOutcome.CHANGE:
        before = after
    review_id = rows.add(
        PlacementReview,
        placement_id=one.id,
        reviewed_on=held_on,
        next_review_on=next_on,
        note=next_step,
    )
    rows.add(
        WalkThroughItem,
        walk_through_id=meeting_id,
        placement_id=one.id,
        outcome=outcome,
        next_step=next_step,
        responsible=one.responsible(held_on),
        next_on=next_on,
        full_year_before=rules.full_year(before, held_on),
        full_year_after=rules.full_year(after, held_on),
        months=[str(amount) for amount in walk_through.month_effects(before, after, held_on)],
        decision_id=_decision(rows, one, held_on, outcome),
        review_id=review_id,
    )


def _decision(
    rows: Rows, one: _Placed, held_on: dt.date, outcome: WalkThroughOutcome
) -> int | None:
    """Return the decision of the day: the prolonging that is there, or the planned end confirmed."""
    if outcome is WalkThroughOutcome.CHANGE:
        made = rows.of(PlacementDecision)
        ids = (r["id"] for r in made if (r["placement_id"], r["decided_on"]) == (one.id, held_on))
        return int(next(ids))
    if outcome is not WalkThroughOutcome.END:
        return None
    return rows.add(
        PlacementDecision,
        placement_id=one.id,
        decided_on=held_on,
        decided_by=DECIDED_BY,
        planned_end_on=one.planned_end(held_on),
        provider=one.stay.record["provider"],
        contract=Contract(one.stay.record["contract"]),
        reason=DecisionReason.OTHER,
    )
