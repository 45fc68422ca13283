"""The staff survey's index and what may be shown of it (domain: Staff survey)."""

from __future__ import annotations

from fractions import Fraction

from core.rules.shares import Number, share

FEWEST_RESPONDENTS = 5
LARGEST_DIFFERENCE = 1


def ami(
    leadership: Number | None, motivation: Number | None, steering: Number | None
) -> Fraction | None:
    """Return the unrounded mean of the three sub-indices (0-100), None when one is missing."""
    if leadership is None or motivation is None or steering is None:
        return None
    return (Fraction(leadership) + Fraction(motivation) + Fraction(steering)) / 3


def mismatch(
    stated: Number | None, subindices: tuple[Number | None, Number | None, Number | None]
) -> bool | None:
    """Tell whether a stated AMI differs by more than 1 from the unrounded mean of its parts.

    `subindices` are leadership, motivation and steering. None when an index is missing.
    """
    mean = ami(*subindices)
    if stated is None or mean is None:
        return None
    return abs(Fraction(stated) - mean) > LARGEST_DIFFERENCE


def shown(respondents: int) -> bool:
    """Tell whether a group's result may be shown: fewer than five respondents never are."""
    return respondents >= FEWEST_RESPONDENTS


def response_rate(respondents: int, invited: int) -> Fraction | None:
    """Return respondents / invited, None when nobody was invited."""
    return share(respondents, invited)
