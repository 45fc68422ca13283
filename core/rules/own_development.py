"""How one's own share stands beside the group's middle one, without telling on any colleague."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

FEWEST = 5
"""With fewer caseworkers the middle value would be one that everybody in the group could name."""


def middle(shares: Iterable[Fraction | None]) -> Fraction | None:
    """Return the median of a group's shares, None when fewer than five caseworkers have one.

    Of an even number it is halfway between the two in the middle.
    """
    known = sorted(share for share in shares if share is not None)
    if len(known) < FEWEST:
        return None
    half = len(known) // 2
    if len(known) % 2:
        return known[half]
    return (known[half - 1] + known[half]) / 2
