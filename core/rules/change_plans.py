"""Change plans: status, coverage, and plans made within three months (domain: Change plan)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.rules.cases import is_open
from core.rules.dates import add_months, latest_by
from core.rules.shares import share
from core.terms import ExemptionReason, PlanStatus

CURRENT_MONTHS = 4
DEADLINE_MONTHS = 3
SHORT_EXEMPTION_MONTHS = 1


class MissingEndError(ValueError):
    """An exemption for another reason than the two short ones lacks its end date."""


class EndBeforeStartError(ValueError):
    """An exemption would end before it begins."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A change plan with the days it was revised. It exists from its first day until it ended."""

    established_on: dt.date
    ended_on: dt.date | None = None
    revised_on: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Exemption:
    """A time during which a case needs no change plan; both days are exempt."""

    reason: ExemptionReason
    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class PlanCase:
    """What the rules need to know of a case. That its kind is benefit is the caller's filter."""

    opened_on: dt.date
    referred_on: dt.date | None = None
    closed_on: dt.date | None = None
    plans: tuple[Plan, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


def in_population(case: PlanCase, on: dt.date) -> bool:
    """Tell whether a case is asked for a plan on a day: open, and referred by then."""
    return (
        is_open(case.opened_on, case.closed_on, on)
        and case.referred_on is not None
        and case.referred_on <= on
    )


def plan_exists(plan: Plan, on: dt.date) -> bool:
    """Tell whether a plan exists on a day: established by then, and not ended by then."""
    return plan.established_on <= on and (plan.ended_on is None or plan.ended_on > on)


def latest_plan(case: PlanCase, on: dt.date) -> Plan | None:
    """Return the latest established of the plans that exist on a day; of equals, the last given."""
    existing = [plan for plan in case.plans if plan_exists(plan, on)]
    return latest_by(existing, lambda plan: plan.established_on, on)


def current_from(case: PlanCase, on: dt.date) -> dt.date | None:
    """Return the latest day <= `on` that the case's plan was established or revised.

    None when no plan exists on the day. Of several plans the latest counts.
    """
    plan = latest_plan(case, on)
    if plan is None:
        return None
    return max([plan.established_on, *(day for day in plan.revised_on if day <= on)])


def current_until(plan_current_from: dt.date) -> dt.date:
    """Return the last day that a plan is current without a further revision."""
    return add_months(plan_current_from, CURRENT_MONTHS)


def deadline(referred_on: dt.date) -> dt.date:
    """Return the last day by which a referred case is to have its first plan."""
    return add_months(referred_on, DEADLINE_MONTHS)


def exempt_until(case: PlanCase, on: dt.date) -> dt.date | None:
    """Return the last day of the exemptions that apply on a day, None when none applies."""
    ends = [e.valid_to for e in case.exemptions if e.valid_from <= on <= e.valid_to]
    return max(ends, default=None)


def status(case: PlanCase, on: dt.date) -> PlanStatus | None:
    """Return a case's plan status on a day, the first that fits; None outside the population."""
    due = _due_without_exemption(case, on)
    if due is None:
        return None
    if exempt_until(case, on) is not None:
        return PlanStatus.EXEMPT
    if latest_plan(case, on) is not None:
        return PlanStatus.CURRENT if on <= due else PlanStatus.OUTDATED
    return PlanStatus.DUE if on <= due else PlanStatus.OVERDUE


def next_due(case: PlanCase, on: dt.date) -> dt.date | None:
    """Return the day after which a case is outdated or overdue, as known on `on`.

    The plan's last current day, or without a plan the deadline; never before the end of an
    exemption that applies. Lies before `on` when it is so already. None outside the population.
    """
    due = _due_without_exemption(case, on)
    exempt = exempt_until(case, on)
    if due is None or exempt is None:
        return due
    return max(due, exempt)


def _due_without_exemption(case: PlanCase, on: dt.date) -> dt.date | None:
    if case.referred_on is None or not in_population(case, on):
        return None
    since = current_from(case, on)
    return deadline(case.referred_on) if since is None else current_until(since)


def within_three_months(
    case: PlanCase, start: dt.date, end: dt.date, today: dt.date
) -> bool | None:
    """Tell whether a case whose deadline falls in start..end had a plan by its deadline.

    Deadlines after `today` are not counted yet. A plan since ended and one older than the referral
    are hits too.

    Returns:
        True for a hit, False for a miss, None when the case is left out: no deadline in the time,
        exempt on the deadline, or closed by then without a plan.
    """
    if case.referred_on is None:
        return None
    by = deadline(case.referred_on)
    if not start <= by <= min(end, today) or exempt_until(case, by) is not None:
        return None
    if any(plan.established_on <= by for plan in case.plans):
        return True
    closed = case.closed_on is not None and case.closed_on <= by
    return None if closed else False


def exemption_end(
    reason: ExemptionReason, valid_from: dt.date, chosen: dt.date | None = None
) -> dt.date:
    """Return an exemption's last day.

    The two short reasons end one month after `valid_from`, whatever was chosen; the other one ends
    on the chosen day.

    Raises:
        MissingEndError: The other reason without a chosen day.
        EndBeforeStartError: The chosen day lies before `valid_from`.
    """
    if reason is not ExemptionReason.OTHER:
        return add_months(valid_from, SHORT_EXEMPTION_MONTHS)
    if chosen is None:
        raise MissingEndError
    if chosen < valid_from:
        raise EndBeforeStartError
    return chosen


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Cases by plan status, and the shares they give."""

    exempt: int = 0
    current: int = 0
    outdated: int = 0
    due: int = 0
    overdue: int = 0

    @property
    def open(self) -> int:
        """Return all cases of the population."""
        return self.exempt + self.base

    @property
    def base(self) -> int:
        """Return the shares' denominator: open cases that are not exempt."""
        return self.planned + self.due + self.overdue

    @property
    def planned(self) -> int:
        """Return the cases with a plan, current or not."""
        return self.current + self.outdated

    @property
    def coverage(self) -> Fraction | None:
        """Return (current + outdated) / (open - exempt), None for no case."""
        return share(self.planned, self.base)

    @property
    def current_share(self) -> Fraction | None:
        """Return current / (open - exempt), None for no case."""
        return share(self.current, self.base)

    def __add__(self, other: StatusCounts) -> StatusCounts:
        """Return the sums of two counts."""
        return StatusCounts(
            self.exempt + other.exempt,
            self.current + other.current,
            self.outdated + other.outdated,
            self.due + other.due,
            self.overdue + other.overdue,
        )

    @classmethod
    def count(cls, statuses: Iterable[PlanStatus | None]) -> StatusCounts:
        """Count statuses; None (outside the population) counts nowhere."""
        found = Counter(statuses)
        return cls(
            found[PlanStatus.EXEMPT],
            found[PlanStatus.CURRENT],
            found[PlanStatus.OUTDATED],
            found[PlanStatus.DUE],
            found[PlanStatus.OVERDUE],
        )
