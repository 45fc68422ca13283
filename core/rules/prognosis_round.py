"""The monthly round of prognoses: what must be explained, and amounts in the wrong unit.

Amounts are net cost in kronor, income negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.rules.budget import deviation
from core.rules.shares import Number, rounded

THOUSAND = 1000
POWERS = (1, -1, 2, -2)
"""The powers of a thousand that an amount can be off by, the likeliest first."""


class Passed(StrEnum):
    """Which limit a line's prognosis has passed."""

    DEVIATION = "deviation"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a line may deviate, and move since last month, without a comment. In kronor."""

    deviation: Decimal
    change: Decimal


DEFAULT_LIMITS = Limits(Decimal(100_000), Decimal(50_000))
"""The limits of a unit that has set none."""


def change(amount: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return how a prognosis has moved since the one before; above 0 it has become dearer.

    None when either is missing.
    """
    return None if amount is None or before is None else amount - before


def must_comment(
    amount: Decimal | None, *, budget: Decimal, before: Decimal | None, limits: Limits
) -> tuple[Passed, ...]:
    """Return the limits that a prognosis passes, each of which must be explained.

    A limit is passed by more than it: exactly at it nothing is asked. `before` is last month's
    prognosis, None when there is none, as in January: then no change is counted.
    """
    sizes = (
        (Passed.DEVIATION, deviation(budget, amount), limits.deviation),
        (Passed.CHANGE, change(amount, before), limits.change),
    )
    return tuple(which for which, size, limit in sizes if size is not None and abs(size) > limit)


def whole_kronor(computed: Number | None) -> Decimal | None:
    """Return a computed prognosis as it is chosen: in whole kronor, None for no value."""
    return None if computed is None else rounded(computed)


def meant_amount(amount: Decimal, known: Iterable[Number | None]) -> Decimal | None:
    """Return the amount that was probably meant by one in the wrong unit, None for a likely one.

    An amount is questioned when it lies closer to a thousand times too large or too small than to
    every amount that is known of the line (budget, earlier and computed prognoses): kr typed for
    tkr, tkr for kr, or millions. Closer is counted in times, so that the border is the square root
    of 1000. A line of which nothing but 0 is known, and the amount 0, are never questioned.
    """
    sizes = [abs(Fraction(one)) for one in known if one]
    if not amount or not sizes or _near(Fraction(abs(amount)), sizes):
        return None
    for power in POWERS:
        meant = Fraction(amount) * Fraction(THOUSAND) ** power
        if _near(abs(meant), sizes):
            return rounded(meant, 2)
    return None


def _near(size: Fraction, sizes: Iterable[Fraction]) -> bool:
    """Tell whether a size is within the square root of 1000 times of any of some sizes."""
    return any(size**2 <= THOUSAND * known**2 and known**2 <= THOUSAND * size**2 for known in sizes)
