"""What running, coming and not yet known placements may cost day by day ahead (an estimate).

Each is a mean with its variance, as `core.rules.cost_fan` describes; floats, in kronor.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.rules.dates import ONE_DAY, year_of
from core.rules.length_of_stay import Floats, Lasting
from core.rules.placements import PlacementFacts, is_known, listed_rate, rate_on

AT_ONCE = 1000
"""So many placements are worked out together, day by day: what memory it takes stays small."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The cost of the days ahead, added up day by day. Each has the shape (days,).

    `slope` is how the mean moves when every stay ends sooner, by the share that it does.
    """

    mean: Floats
    variance: Floats
    slope: Floats

    def __add__(self, other: Ahead) -> Ahead:
        return Ahead(
            self.mean + other.mean, self.variance + other.variance, self.slope + other.slope
        )


class Pace(NamedTuple):
    """The day that is looked ahead from, and how many days before it the pace is taken from."""

    on: dt.date
    days: int

    @property
    def ahead(self) -> int:
        """Return how many days are left of the year."""
        return (year_of(self.on).end - self.on).days


def running_ahead(placed: Sequence[PlacementFacts], curve: Lasting, pace: Pace) -> Ahead:
    """Return what placements that run or are coming as decided cost ahead, added up."""
    parts = (placed[at : at + AT_ONCE] for at in range(0, len(placed), AT_ONCE))
    return sum((_stays(part, curve, pace) for part in parts), nothing(pace.ahead))


def _stays(placed: Sequence[PlacementFacts], curve: Lasting, pace: Pace) -> Ahead:
    """Return what running and coming placements cost ahead, each by itself and added up."""
    tomorrow, days = pace.on + ONE_DAY, pace.ahead
    ages = np.array([[(tomorrow - p.starts_on).days] for p in placed])
    chance = curve.left_after(np.maximum(ages + np.arange(days), 0))
    chance = chance / curve.left_after(np.maximum(ages, 0))
    rates = np.array([_rates(p, tomorrow, days) for p in placed])
    squares = np.diff(np.cumsum(rates, axis=1) ** 2, axis=1, prepend=0.0)
    means = np.cumsum(rates * chance, axis=1)
    return Ahead(
        mean=means.sum(axis=0),
        variance=(np.cumsum(squares * chance, axis=1) - means**2).sum(axis=0),
        slope=np.cumsum((rates * chance * np.log(chance)).sum(axis=0)),
    )


def _rates(p: PlacementFacts, tomorrow: dt.date, days: int) -> Floats:
    """Return what each day ahead costs if it is paid, nothing before the placement starts."""
    first = max(tomorrow, p.starts_on)
    rates = np.zeros(days)
    rates[(first - tomorrow).days :] = float(rate_on(p, first))
    for rate in sorted(p.rates, key=lambda rate: rate.valid_from):
        if rate.valid_from > first:
            rates[(rate.valid_from - tomorrow).days :] = float(rate.amount)
    return rates


def newcomers_ahead(placed: Sequence[PlacementFacts], curve: Lasting, pace: Pace) -> Ahead:
    """Return what placements that are not known yet cost ahead: they come by a Poisson process."""
    on, days = pace.on, pace.ahead
    since = on - dt.timedelta(days=pace.days)
    come = [p for p in placed if since < p.starts_on <= on]
    if not come or not days:
        return nothing(days)
    coming = sum(p.starts_on > on and is_known(p, on) for p in placed)
    a_day = max(len(come) / pace.days - coming / days, 0.0)
    rates = np.array([float(listed_rate(p, on)) for p in come])
    chance = curve.stays_on(0, days)
    mean = a_day * rates.mean() * np.cumsum(np.cumsum(chance))
    squares = np.cumsum((2 * np.arange(1, days + 1) - 1) * chance)
    lengths = a_day * np.mean(rates**2) * np.cumsum(squares)
    return Ahead(
        mean=mean,
        variance=lengths + mean**2 / len(come),
        slope=a_day * rates.mean() * np.cumsum(np.cumsum(chance * np.log(chance))),
    )


def nothing(days: int) -> Ahead:
    """Return no cost on any of the days ahead."""
    return Ahead(np.zeros(days), np.zeros(days), np.zeros(days))
