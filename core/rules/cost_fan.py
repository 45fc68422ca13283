"""What placements may cost for the rest of a year: low, expected and high (an estimate).

It rests on the unit's own history, not on planned ends:

- A placement that runs is paid on a coming day with the chance that a stay of its kind lasts so
  long, given how long it has lasted (`core.rules.length_of_stay`). A coming one starts as decided.
- New placements come at the pace of the last twelve months, kind by kind, cost a day what those
  cost and stay as long as others. Coming ones that are decided already are taken off.
- A kind with too few ended stays borrows the history of all kinds together.

The span holds four kinds of chance: how long each stay lasts, how many come, how well the pace is
known, and how well the lengths are known (fewer ended stays give a wider span). It is where the
outcome should end up 8 times of 10, by normal approximation. Day rates are those known on the day.
Floats are used inside; amounts come out as whole kronor.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from core.rules.cost_ahead import Ahead, Pace, newcomers_ahead, nothing, running_ahead
from core.rules.dates import month_end, months_between, year_of
from core.rules.length_of_stay import Floats, Lasting, Stay, lasting
from core.rules.placements import (
    PlacementFacts,
    committed,
    cost_to_date,
    is_known,
    known_end,
    runs_on,
)
from core.terms import ALL

LEVEL = 0.8
SPREAD = NormalDist().inv_cdf(0.5 + LEVEL / 2)
PACE_DAYS = 365
ZERO = Decimal(0)


class StayDates(NamedTuple):
    """A placement's kind, first day and last day, None for one that has not ended."""

    kind: str
    starts_on: dt.date
    ended_on: dt.date | None


class KindFacts(NamedTuple):
    """A placement of a kind, with the rates that are known on the day."""

    kind: str
    facts: PlacementFacts


class Fixed(NamedTuple):
    """What is known for certain to be paid through the day, and after it in the year."""

    to_date: Decimal = ZERO
    ahead: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class FanFacts:
    """What a fan is made of.

    Attributes:
        on: The day that it is made.
        history: The unit's stays, from which lengths are estimated.
        placements: Those that cost something in the year, or started in the `PACE_DAYS` before.
        fixed: Removed placements' cost by kind.
    """

    on: dt.date
    history: Sequence[StayDates]
    placements: Sequence[KindFacts]
    fixed: Mapping[str, Fixed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FanLine:
    """The year's cost of a kind, or of all together, in whole kronor but for what is known.

    `decided` is the full-year cost by decisions, `newcomers` the part of `expected` that
    placements not known yet cost. The estimate rests on `ended` stays with `median` days; they are
    all kinds' unless `own`.
    """

    kind: str
    running: int
    to_date: Decimal
    decided: Decimal
    newcomers: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal
    ended: int
    median: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class FanDay:
    """What the year has cost by the end of a day to come, in whole kronor."""

    day: dt.date
    low: Decimal
    expected: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Fan:
    """Low, expected and high cost of a year: by kind, of all, and by the coming month ends."""

    on: dt.date
    lines: tuple[FanLine, ...]
    total: FanLine
    months: tuple[FanDay, ...]


class _Curve(NamedTuple):
    lasting: Lasting
    own: bool
    ended: int


class _Kind(NamedTuple):
    """A kind's estimate, with what it rests on and what is known for certain."""

    name: str
    curve: _Curve
    running: int
    fixed: Fixed
    decided: Decimal
    stays: Ahead
    newcomers: Ahead


def stays_on(history: Iterable[StayDates], on: dt.date) -> dict[str, list[Stay]]:
    """Return how long each kind's stays that had begun by a day had lasted on it."""
    found: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in history:
        if stay.starts_on <= on:
            ended = stay.ended_on is not None and stay.ended_on <= on
            last = stay.ended_on if ended and stay.ended_on else on
            found[stay.kind].append(Stay((last - stay.starts_on).days + 1, ended))
    return dict(found)


def ended_by(history: Iterable[StayDates], on: dt.date) -> int:
    """Return how many stays had ended by a day."""
    return sum(stay.ended_on is not None and stay.ended_on <= on for stay in history)


def fan(given: FanFacts) -> Fan | None:
    """Return the fan of a day's year, None when too few stays have ended to say anything."""
    found = stays_on(given.history, given.on)
    pooled = lasting([stay for stays in found.values() for stay in stays])
    if pooled is None:
        return None
    placed: defaultdict[str, list[PlacementFacts]] = defaultdict(list)
    for kind, facts in given.placements:
        placed[kind].append(facts)
    pace_days = _pace_days(given)
    kinds = []
    for name in sorted({*placed, *given.fixed}):
        stays = found.get(name, [])
        own = lasting(stays)
        curve = _Curve(own or pooled, own is not None, sum(stay.ended for stay in stays))
        fixed = given.fixed.get(name, Fixed())
        kinds.append(_kind(name, curve, placed[name], fixed, Pace(given.on, pace_days)))
    return _fan(given.on, [kind for kind in kinds if _counts(kind)])


def _pace_days(given: FanFacts) -> int:
    """Return how many days the pace of new placements is taken from, less for a young unit."""
    first = min(stay.starts_on for stay in given.history)
    return min(PACE_DAYS, (given.on - first).days + 1)


def _kind(
    name: str, curve: _Curve, placed: Sequence[PlacementFacts], fixed: Fixed, pace: Pace
) -> _Kind:
    on = pace.on
    ahead = [p for p in placed if is_known(p, on) and known_end(p, on) is None]
    paid = [p for p in placed if p.ended_on is None or p.ended_on >= year_of(on).start]
    to_date = sum((cost_to_date(p, on) for p in paid), ZERO)
    still = sum((committed(p, on) for p in ahead), ZERO)
    return _Kind(
        name=name,
        curve=curve,
        running=sum(runs_on(p, on) for p in ahead),
        fixed=Fixed(fixed.to_date + to_date, fixed.ahead),
        decided=fixed.to_date + fixed.ahead + to_date + still,
        stays=running_ahead(ahead, curve.lasting, pace),
        newcomers=newcomers_ahead(placed, curve.lasting, pace),
    )


def _counts(kind: _Kind) -> bool:
    """Tell whether a kind costs anything in the year, so far or as estimated."""
    return bool(kind.decided or kind.running or kind.stays.mean.any() or kind.newcomers.mean.any())


def _fan(on: dt.date, kinds: Sequence[_Kind]) -> Fan:
    lines = tuple(_line(kind) for kind in kinds)
    ends = [month_end(month) for month in months_between(on, year_of(on).end)]
    fixed = Fixed(
        sum((kind.fixed.to_date for kind in kinds), ZERO),
        sum((kind.fixed.ahead for kind in kinds), ZERO),
    )
    ahead = sum((kind.stays + kind.newcomers for kind in kinds), nothing((ends[-1] - on).days))
    sums = Counter[str]()
    for line in lines:
        sums.update(running=line.running, ended=line.ended)
    deviation = _deviations(kinds, len(ahead.mean))
    newcomers = sum((line.newcomers for line in lines), ZERO)
    expected = sum((line.expected for line in lines), ZERO)
    low, _, high = _around(fixed, ahead.mean, deviation, -1)
    total = FanLine(
        kind=ALL,
        running=sums["running"],
        to_date=fixed.to_date,
        decided=sum((kind.decided for kind in kinds), ZERO),
        newcomers=newcomers,
        low=low,
        expected=expected,
        high=high,
        ended=sums["ended"],
        median=None,
        own=True,
    )
    months = [
        FanDay(day, *_around(fixed, ahead.mean, deviation, (day - on).days - 1))
        for day in ends
        if day > on
    ]
    if months:  # the year's end is the sum of the kinds, also to the last krona
        months[-1] = replace(months[-1], expected=expected)
    return Fan(on, lines, total, tuple(months))


def _line(kind: _Kind) -> FanLine:
    ahead = kind.stays + kind.newcomers
    low, expected, high = _around(kind.fixed, ahead.mean, _deviations([kind], len(ahead.mean)), -1)
    return FanLine(
        kind=kind.name,
        running=kind.running,
        to_date=kind.fixed.to_date,
        decided=kind.decided,
        newcomers=_whole(kind.newcomers.mean[-1]) if len(ahead.mean) else ZERO,
        low=low,
        expected=expected,
        high=high,
        ended=kind.curve.ended,
        median=kind.curve.lasting.median,
        own=kind.curve.own,
    )


def _deviations(kinds: Sequence[_Kind], days: int) -> Floats:
    """Return the standard deviation of some kinds' cost ahead, day by day.

    What is not known of the lengths is the same for every stay that rests on the same estimate.
    """
    variance, slopes = np.zeros(days), defaultdict[str, Floats](lambda: np.zeros(days))
    rests_on: dict[str, int] = {}
    for kind in kinds:
        ahead = kind.stays + kind.newcomers
        variance = variance + ahead.variance
        estimate = kind.name if kind.curve.own else ALL
        slopes[estimate] = slopes[estimate] + ahead.slope
        rests_on[estimate] = kind.curve.lasting.ended
    for estimate, slope in slopes.items():
        variance = variance + slope**2 / rests_on[estimate]
    return np.asarray(np.sqrt(variance.clip(min=0)))


def _around(
    fixed: Fixed, mean: Floats, deviation: Floats, at: int
) -> tuple[Decimal, Decimal, Decimal]:
    """Return low, expected and high on a day ahead; low is never under what is certain."""
    certain = fixed.to_date + fixed.ahead
    if not len(mean):
        return (_whole(float(certain)),) * 3
    expected, spread = float(certain) + float(mean[at]), SPREAD * float(deviation[at])
    low = max(expected - spread, float(certain))
    return _whole(low), _whole(expected), _whole(expected + spread)


def _whole(amount: float) -> Decimal:
    return Decimal(round(amount))
