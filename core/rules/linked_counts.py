"""What a reader sees of counts that stand on several pages or in several months.

Each count is decided once, from its own month alone: what is shown in one place can't be what hides
something in another, and no later month changes what has been shown. The number of households and
the adults are never hidden for another's sake, since other counts are known by them. A sum over
months is told only with every month of it, as the months' sums would tell one month by subtraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from core.rules.hidden_counts import Count, Mark, Place, protect
from core.rules.indicators import percent_value
from core.rules.shares import rounded
from core.rules.suppression import (
    Shown,
    ShownSeries,
    hide_small,
    is_small,
    shown,
    suppress_count,
    suppress_series,
    suppress_table,
)
from core.terms import HIDDEN, ComputedFigure

GENDERS = ("women", "men", "other")
PEOPLE = ("adults", "children", "recipients")
SO_FAR_SHARES = frozenset({ComputedFigure.PLANS_WITHIN_THREE_MONTHS, ComputedFigure.BKA_COVERAGE})
"""Shares of what has happened in the year so far. The counts of two months would tell of the one
between, so the share alone is told, in whole percent."""
SHARES_WITH_REST = frozenset(
    {
        ComputedFigure.PLANS_CURRENT_SHARE,
        ComputedFigure.PLANS_COVERAGE,
        ComputedFigure.LONG_TERM_SHARE,
    }
)
"""Shares whose remainder, or a part of it, stands on a page as a count."""
NOT_TOLD = frozenset({ComputedFigure.CLOSED_AS_UNKNOWN, ComputedFigure.REFUSALS_AFFECTING_CHILDREN})
"""Counts of the year so far whose months, or parts, stand on another page."""


def household_counts(stated: Mapping[str, int | None]) -> dict[str, Shown]:
    """Return a month's counts as a reader may see them, by name; those that nobody states left out.

    Args:
        stated: `households` with `women`, `men` and `other`, `recipients` with `adults` and
            `children`.
    """
    known = {name: count for name, count in stated.items() if count is not None}
    seen = {name: suppress_count(count) for name, count in known.items()}
    genders = [known[name] for name in GENDERS if name in known]
    if known.get("households") == sum(genders):
        series = suppress_series(genders)
        names = (name for name in GENDERS if name in known)
        seen |= dict(zip(names, series.counts, strict=True))
    if set(PEOPLE) <= set(known) and known["recipients"] == known["adults"] + known["children"]:
        seen |= _people(known)
    return seen


def closed_by_reason(cases: Sequence[int], closed: Sequence[Shown]) -> ShownSeries:
    """Return closed cases by reason, `closed` being how each month's closed are shown.

    With a month hidden, the sum of the reasons would tell it: then all of them are hidden.
    """
    if any(month.hidden for month in closed):
        hidden = Shown(None, HIDDEN)
        return ShownSeries(tuple(hidden for _ in cases), hidden)
    return suppress_series(cases)


def share_is_hidden(figure: ComputedFigure | None, part: int, whole: int) -> bool:
    """Tell whether a share of people is hidden from a reader.

    With a small part or whole, and with a small rest where that is counted beside it.
    """
    if figure in NOT_TOLD or is_small(part) or is_small(whole):
        return True
    return figure in SHARES_WITH_REST and is_small(whole - part)


def share_seen(figure: ComputedFigure | None, part: int, whole: int) -> Fraction | None:
    """Return a share in percent (0-100) as a reader may see it, None for a hidden one or none.

    In whole percent where its counts aren't told, since they could be worked out from a finer one.
    """
    value = None if share_is_hidden(figure, part, whole) else percent_value(part, whole)
    if value is None or figure not in SO_FAR_SHARES:
        return value
    return Fraction(rounded(value, 0))


def parts_seen(splits: Sequence[tuple[int, int]]) -> list[tuple[Shown, Shown]]:
    """Return (part, whole) of each group that a share is split by, as a reader may see them.

    Part and whole of all of them together stand beside them, so a total that is small, or that
    leaves a small rest, hides every group.
    """
    table = suppress_table([(part, whole - part) for part, whole in splits])
    if any(total.hidden for total in (*table.column_totals, table.total)):
        hidden = Shown(None, HIDDEN)
        return [(hidden, hidden) for _ in splits]
    return [(row[0], whole) for row, whole in zip(table.cells, table.row_totals, strict=True)]


def _people(known: Mapping[str, int]) -> dict[str, Shown]:
    """Return adults, children and recipients, the adults hidden only when few themselves."""
    counts = [
        Count(0, 1, known["adults"], Place.FIXED),
        Count(0, 1, known["children"]),
        Count(1, 0, known["recipients"]),
    ]
    for count in counts:
        hide_small(count)
    if not protect(counts):
        for count in counts[1:]:
            count.mark = Mark.ANY
    return dict(zip(PEOPLE, map(shown, counts), strict=True))
