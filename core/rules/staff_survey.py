"""The staff survey's index and what may be shown of it (domain: Staff survey)."""

from __future__ import annotations

from collections.abc import Mapping
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


def covering(groups: Mapping[str, int], whole: int | None) -> frozenset[str]:
    """Return the groups that must be hidden too, for a hidden group's result not to be worked out.

    What the whole unit's result leaves beside the shown groups is a group's own result where fewer
    than five answered there. The smallest shown groups are hidden until it isn't.

    Args:
        groups: How many answered in each shown group.
        whole: How many answered in the whole unit, None where that isn't shown.
    """
    hidden: set[str] = set()
    rest = 0 if whole is None else whole - sum(groups.values())
    for answered, name in sorted((answered, name) for name, answered in groups.items()):
        if not 0 < rest < FEWEST_RESPONDENTS:
            break
        hidden.add(name)
        rest += answered
    return frozenset(hidden)


def response_rate(respondents: int, invited: int) -> Fraction | None:
    """Return respondents / invited, None when nobody was invited."""
    return share(respondents, invited)
