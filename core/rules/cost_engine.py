"""What very many placements cost, counted on arrays: the same öre as `core.rules.placements`.

The definition stays there (domain: Placement); this mirrors `paid_period`, `rate_on`, `decision_on`
and `interval_parts` for all placements at once. `tests/core/rules/test_cost_engine.py` holds the two
equal on random placements. Days are proleptic ordinals (`date.toordinal`) and amounts whole öre,
both int64, so that every sum is exact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from core.rules.dates import month_end, months_between
from core.rules.placements import Decision, MissingRateError, PlacementFacts

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = dt.date.max.toordinal() + 1
"""The day of an end that is not set."""
NO_DECISION = -1
ORE = 2


@dataclass(frozen=True, slots=True)
class PlacementArrays:
    """Placements as columns. A rate or decision points to its placement by place in `starts_on`.

    Rates and decisions are ordered by placement, then day, then as they were given. `rate_ore` is
    the day rate in öre. An end that is not set is `NEVER`.
    """

    starts_on: Ints
    ended_on: Ints
    rate_of: Ints
    rate_from: Ints
    rate_ore: Ints
    decision_of: Ints
    decided_on: Ints
    planned_end_on: Ints

    def __len__(self) -> int:
        """Return how many placements there are."""
        return len(self.starts_on)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Paid and committed days with one rate and one decision each, all at least a day long.

    `placement` and `decision` are places in the arrays; `decision` is `NO_DECISION` for a placement
    without any. `first` and `last` are both paid; `ore` is what each day costs.
    """

    placement: Ints
    first: Ints
    last: Ints
    ore: Ints
    decision: Ints


@dataclass(frozen=True, slots=True)
class Paid:
    """Paid days and their cost in öre, side by side for each key, month or day."""

    days: Ints
    ore: Ints


def kronor(ore: int | np.int64) -> Decimal:
    """Return an amount in kronor with two decimals."""
    return Decimal(int(ore)).scaleb(-ORE)


def in_order(of: Ints, day: Ints) -> Ints:
    """Return the order that `PlacementArrays` has its rates and decisions in."""
    return np.lexsort((day, of)).astype(np.int64)  # stable: of a day, as they were given


def arrays_of(facts: Sequence[PlacementFacts]) -> tuple[PlacementArrays, tuple[Decision, ...]]:
    """Return placements as columns, and the decisions that `Pieces.decision` points to."""
    rates = [(n, rate.valid_from, rate.amount) for n, p in enumerate(facts) for rate in p.rates]
    rates.sort(key=lambda row: row[:2])
    decisions = [(n, decision) for n, p in enumerate(facts) for decision in p.decisions]
    decisions.sort(key=lambda row: (row[0], row[1].decided_on))
    arrays = PlacementArrays(
        starts_on=_days(p.starts_on for p in facts),
        ended_on=_days(p.ended_on for p in facts),
        rate_of=_ints(row[0] for row in rates),
        rate_from=_days(row[1] for row in rates),
        rate_ore=_ints(int(row[2].scaleb(ORE)) for row in rates),
        decision_of=_ints(row[0] for row in decisions),
        decided_on=_days(row[1].decided_on for row in decisions),
        planned_end_on=_days(row[1].planned_end_on for row in decisions),
    )
    return arrays, tuple(row[1] for row in decisions)


def pieces(p: PlacementArrays, start: dt.date, end: dt.date, today: dt.date) -> Pieces:
    """Split the days of start..end that are paid or committed as known on `today`.

    As `placements.interval_parts`, but by rate instead of by month.

    Raises:
        MissingRateError: A paid day lacks a rate.
    """
    on = today.toordinal()
    latest = _latest_known(p, on)
    first = np.maximum(p.starts_on, start.toordinal())
    last = np.minimum(_last_committed(p, latest, on), end.toordinal())
    known = (p.starts_on <= on) | (latest != NO_DECISION)
    last = np.where(known, last, first - 1)
    placement, begins, rate, decision = _breaks(p, on)
    ends = np.full(len(placement), NEVER, np.int64)
    follows = placement[1:] == placement[:-1]
    ends[:-1] = np.where(follows, begins[1:] - 1, NEVER)
    begins = np.maximum(begins, first[placement])
    ends = np.minimum(ends, last[placement])
    paid = begins <= ends
    if (rate[paid] < 0).any():
        missing = int(begins[paid][rate[paid] < 0].min())
        raise MissingRateError(dt.date.fromordinal(missing))
    return Pieces(placement[paid], begins[paid], ends[paid], p.rate_ore[rate[paid]], decision[paid])


def by_placement(found: Pieces, count: int) -> Paid:
    """Return what each of `count` placements costs, as `placements.interval_cost`."""
    return by_key(found, found.placement, count)


def by_key(found: Pieces, keys: Ints, count: int) -> Paid:
    """Return the days and cost of each key 0..count - 1.

    `keys` has a key for each piece, such as `kinds[found.placement]`.
    """
    days = found.last - found.first + 1
    return Paid(_sums(keys, days, count), _sums(keys, days * found.ore, count))


def by_month(
    found: Pieces, start: dt.date, end: dt.date, keys: Ints | None = None, count: int = 1
) -> Paid:
    """Return the days and cost of each month that start..end touches: a row a key, a column a month.

    Without `keys` there is one row, for all.
    """
    keys = np.zeros(len(found.first), np.int64) if keys is None else keys
    months = months_between(start, end)
    days, ore = (np.zeros((count, len(months)), np.int64) for _ in range(2))
    for n, month in enumerate(months):
        part = _within(found, month, month_end(month))
        inside = part.first <= part.last
        paid = by_key(_chosen(part, inside), keys[inside], count)
        days[:, n], ore[:, n] = paid.days, paid.ore
    return Paid(days, ore)


def by_day(found: Pieces, start: dt.date, end: dt.date) -> Paid:
    """Return how many placements are paid on each day of start..end, and what the day costs."""
    first, count = start.toordinal(), (end - start).days + 1
    part = _within(found, start, end)
    part = _chosen(part, part.first <= part.last)
    changes = [
        _sums(part.first - first, amount, count + 1)
        - _sums(part.last - first + 1, amount, count + 1)
        for amount in (np.ones(len(part.ore), np.int64), part.ore)
    ]
    days, ore = (np.cumsum(change)[:count] for change in changes)
    return Paid(days, ore)


def _within(found: Pieces, start: dt.date, end: dt.date) -> Pieces:
    """Return pieces cut to start..end; those outside get a last day before their first."""
    return Pieces(
        found.placement,
        np.maximum(found.first, start.toordinal()),
        np.minimum(found.last, end.toordinal()),
        found.ore,
        found.decision,
    )


def _chosen(found: Pieces, chosen: Flags) -> Pieces:
    return Pieces(
        found.placement[chosen],
        found.first[chosen],
        found.last[chosen],
        found.ore[chosen],
        found.decision[chosen],
    )


def _latest_known(p: PlacementArrays, on: int) -> Ints:
    """Return the place of each placement's latest decision made by a day."""
    latest = np.full(len(p), NO_DECISION, np.int64)
    (known,) = np.nonzero(p.decided_on <= on)
    latest[p.decision_of[known]] = known  # of several, the last given stays
    return latest


def _last_committed(p: PlacementArrays, latest: Ints, on: int) -> Ints:
    """Return the last day that is paid or committed, as `placements.last_committed_day`."""
    planned = np.full(len(p), NEVER, np.int64)
    decided = latest != NO_DECISION
    planned[decided] = p.planned_end_on[latest[decided]]
    planned = np.where(planned < on, NEVER, planned)  # a passed one counts as open-ended
    return np.where(p.ended_on <= on, p.ended_on, planned)


def _breaks(p: PlacementArrays, on: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return where rate or decision changes: placement, from which day, rate and decision then.

    Rate and decision are places in the arrays. A placement with decisions has its first one before
    it was made, also where none is made by the day asked for.
    """
    (known,) = np.nonzero(p.decided_on <= on)
    is_first = np.ones(len(p.decision_of), np.bool_)
    is_first[1:] = p.decision_of[1:] != p.decision_of[:-1]
    (earliest,) = np.nonzero(is_first)
    everyone = np.arange(len(p))
    first_decision = np.full(len(p), NO_DECISION, np.int64)
    first_decision[p.decision_of[earliest]] = earliest
    placement = np.concatenate((everyone, p.rate_of, p.decision_of[known]))
    begins = np.concatenate((np.zeros(len(p), np.int64), p.rate_from, p.decided_on[known]))
    order = in_order(placement, begins)
    placement, begins = placement[order], begins[order]
    of_rates, of_decisions = len(p), len(p) + len(p.rate_of)
    is_rate = (order >= of_rates) & (order < of_decisions)
    is_decision = order >= of_decisions
    rate = _carried(np.where(is_rate, order - of_rates, -1), placement, len(p))
    made = np.where(is_decision, _placed(known, order - of_decisions), -1)
    decision = _carried(made, placement, len(p))
    decision = np.where(decision < 0, first_decision[placement], decision)
    return placement, begins, rate, decision


def _placed(values: Ints, at: Ints) -> Ints:
    """Return values by place, any value where the place is none."""
    return values[np.clip(at, 0, len(values) - 1)] if len(values) else np.zeros_like(at)


def _carried(places: Ints, placement: Ints, count: int) -> Ints:
    """Return for each row the latest place given so far in its placement, -1 before the first.

    Rates and decisions are ordered as the rows are, so the latest is the highest.
    """
    highest = np.maximum.accumulate(places) if len(places) else places
    before = np.full(count, -1, np.int64)
    starts = np.ones(len(placement), np.bool_)
    starts[1:] = placement[1:] != placement[:-1]
    (begins,) = np.nonzero(starts)
    before[placement[begins[1:]]] = highest[begins[1:] - 1]
    return np.where(highest > before[placement], highest, -1)


def _sums(keys: Ints, amounts: Ints, count: int) -> Ints:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, keys, amounts)
    return sums


def _days(days: Iterable[dt.date | None]) -> Ints:
    return _ints(NEVER if day is None else day.toordinal() for day in days)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
