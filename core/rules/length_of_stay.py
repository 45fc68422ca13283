"""How long stays last: the share of them left after each number of days (Kaplan-Meier).

A stay that still runs says that it lasts longer than it has so far, not how long (it is censored).
These are estimates, so floats are used; no amount is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MIN_ENDED = 8
"""So many ended stays are needed to estimate how long stays of a kind last."""
MIN_AT_RISK = 4
"""With fewer stays that lasted so long, the average rate of ending is used instead."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Stay(NamedTuple):
    """How many days a stay has lasted, first and last included, and whether it has ended."""

    days: int
    ended: bool


class Step(NamedTuple):
    """What happens after a number of days: `at_risk` stays lasted so long, `ended` of them ended.

    `left` is the share of stays that last longer.
    """

    days: int
    at_risk: int
    ended: int
    left: float


def kaplan_meier(stays: Iterable[Stay]) -> tuple[Step, ...]:
    """Return the share of stays left after each number of days on which one ended, ascending.

    A stay that still runs counts among those that lasted as many days as it has run.
    """
    given = list(stays)
    days = np.array([stay.days for stay in given], dtype=np.int64)
    at, counts = np.unique([stay.days for stay in given if stay.ended], return_counts=True)
    at_risk = len(days) - np.searchsorted(np.sort(days), at, side="left")
    left = np.cumprod(1 - counts / at_risk)
    return tuple(
        Step(int(day), int(risk), int(ended), float(share))
        for day, risk, ended, share in zip(at, at_risk, counts, left, strict=True)
    )


@dataclass(frozen=True)
class Lasting:
    """How long stays last, estimated from some that ended and some that still run.

    Attributes:
        steps: The Kaplan-Meier steps, as far as there are `MIN_AT_RISK` stays to judge by.
        reach: After how many days there are too few left to judge by.
        hazard: The average chance that a stay ends on a day, used beyond `reach`.
        ended: How many ended stays the estimate rests on.
    """

    steps: tuple[Step, ...]
    reach: int
    hazard: float
    ended: int

    @cached_property
    def _days(self) -> Ints:
        return np.array([0, *(step.days for step in self.steps)], dtype=np.int64)

    @cached_property
    def _left(self) -> Floats:
        return np.array([1.0, *(step.left for step in self.steps)])

    def left_after(self, days: Ints) -> Floats:
        """Return the share of stays that last longer than each number of days (0 or more)."""
        step = np.searchsorted(self._days, days, side="right") - 1
        beyond = np.maximum(days - self.reach, 0)
        return np.asarray(self._left[step] * np.exp(-self.hazard * beyond))

    def stays_on(self, age: int, days: int) -> Floats:
        """Return the chance that each of the next days is paid, for a stay that has run `age` days.

        The stay has not ended, so the first of them is paid for certain. Shape: (days,).
        """
        left = self.left_after(age + np.arange(days, dtype=np.int64))
        return np.asarray(left / left[0]) if days else left

    @property
    def median(self) -> int | None:
        """Return after how many days half of the stays have ended, None if fewer have."""
        return next((step.days for step in self.steps if step.left <= 0.5), None)


def lasting(stays: Sequence[Stay]) -> Lasting | None:
    """Return how long stays last, None when fewer than `MIN_ENDED` of them have ended.

    Steps that too few stays lasted to are left out, also one that would leave nobody.
    """
    ended = sum(stay.ended for stay in stays)
    if ended < MIN_ENDED:
        return None
    judged = [step for step in kaplan_meier(stays) if step.at_risk >= MIN_AT_RISK]
    reach = sorted(stay.days for stay in stays)[-MIN_AT_RISK]
    if judged and judged[-1].left == 0:
        reach = judged.pop().days - 1
    hazard = ended / sum(stay.days for stay in stays)
    return Lasting(tuple(judged), reach, hazard, ended)
