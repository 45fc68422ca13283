"""Shares and rounding (domain: Shares). Unrounded until shown, then once, half away from zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 2)

Number = int | Decimal | Fraction


def share(numerator: Number, denominator: Number) -> Fraction | None:
    """Return numerator / denominator exactly, or None ("no value") when the denominator is 0."""
    if denominator == 0:
        return None
    return Fraction(numerator) / Fraction(denominator)


def rounded(value: Number, digits: int = 0) -> Decimal:
    """Return a value with `digits` >= 0 decimals, rounded half away from zero; never minus zero."""
    scaled = Fraction(value) * 10**digits
    units = max(floor(scaled + HALF), ceil(scaled - HALF), key=abs)
    sign, figures, _ = Decimal(units).as_tuple()
    return Decimal((sign, figures, -digits))


def percent(value: Number, digits: int = 0) -> Decimal:
    """Return a share (0-1) in percent with `digits` decimals, rounded half away from zero."""
    return rounded(Fraction(value) * 100, digits)
