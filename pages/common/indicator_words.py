"""An indicator's values and targets in words, as whoever looks may see them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.queries.indicator_rows import IndicatorRow, Target
from core.queries.indicator_series import GenderValue
from core.queries.indicators import IndicatorStatus
from core.rules.linked_counts import NOT_TOLD, SO_FAR_SHARES, parts_seen, share_seen
from core.rules.shares import Number, rounded
from core.rules.suppression import Shown, is_small
from core.terms import HIDDEN, HIDDEN_COUNT, Fulfilment, IndicatorUnit, Periodicity
from pages.common import text


def value_words(
    row: IndicatorRow,
    value: Fraction | None,
    parts: tuple[Number | None, Number | None],
    *,
    hide: bool,
) -> str:
    """Return a value with its unit and what it is made of, "77,8 % (161 av 207)".

    With `hide`, as a reader and a file may have it: a count of 1-4 is `<5`, and so is a part of a
    share, which is then hidden itself.
    """
    if value is None:
        return text.DASH
    if hide and _not_told(row):
        return HIDDEN
    if hide and row.unit_of_measure is IndicatorUnit.COUNT and _small(value):
        return HIDDEN_COUNT
    part, whole = parts
    if part is None or whole is None:
        return _with_unit(row, value)
    shown = seen(row, value, parts, hide=hide)
    said = HIDDEN if shown is None else _with_unit(row, shown)
    if hide and _so_far(row):
        return said
    of_it = HIDDEN if shown is None and not _small(part) else _part(part, hide=hide)
    return f"{said} ({of_it} av {_part(whole, hide=hide)})"


def seen(
    row: IndicatorRow,
    value: Fraction | None,
    parts: tuple[Number | None, Number | None],
    *,
    hide: bool,
) -> Fraction | None:
    """Return a value as a chart may show it: None, with `hide`, where `value_words` hides it."""
    if value is None or not hide:
        return value
    if _not_told(row):
        return None
    if row.unit_of_measure is IndicatorUnit.COUNT and _small(value):
        return None
    part, whole = parts
    if row.computed is not None and part is not None and whole is not None:
        return share_seen(row.computed, int(part), int(whole))
    if any(_small(count) for count in parts if count is not None):
        return None
    return Fraction(rounded(value)) if _so_far(row) else value


def fulfilment_seen(status: IndicatorStatus, *, hide: bool) -> Fulfilment | None:
    """Return how an indicator stands; None, with `hide`, where that would tell of a hidden value."""
    if hide and status.sums_small:
        return None
    parts = (status.numerator, status.denominator)
    shown = seen(status.indicator, status.value, parts, hide=hide)
    return None if shown is None and status.value is not None else status.fulfilment


def target_words(row: IndicatorRow, target: Target) -> str:
    """Return a target with its unit, its own text, or a dash."""
    if isinstance(target, Decimal):
        return _with_unit(row, Fraction(target))
    return target or text.DASH


def latest_words(status: IndicatorStatus, *, hide: bool) -> str:
    """Return the year's value with its period, or else the latest known one.

    With `hide`, a sum is not told beside a small part of it.
    """
    row, last = status.indicator, status.latest
    if hide and status.sums_small:
        return f"{HIDDEN}, {status.period}"
    if status.value is not None:
        made_of = (status.numerator, status.denominator)
        return f"{value_words(row, status.value, made_of, hide=hide)}, {status.period}"
    if last is None:
        return text.DASH
    made_of = (last.numerator, last.denominator)
    return f"{value_words(row, last.value, made_of, hide=hide)}, {last.period}"


def gender_words(row: IndicatorRow, splits: Sequence[GenderValue], *, hide: bool) -> list[str]:
    """Return each gender's value in words; with `hide`, none can be worked out from the whole."""
    parts = [(split.numerator, split.denominator) for split in splits]
    known = [(int(n), int(d)) for n, d in parts if n is not None and d is not None]
    if not hide or len(known) < len(parts):
        return [
            value_words(row, split.value, part, hide=hide)
            for split, part in zip(splits, parts, strict=True)
        ]
    counts = parts_seen(known)
    return [
        _split_words(row, split.value, *pair) for split, pair in zip(splits, counts, strict=True)
    ]


def _split_words(row: IndicatorRow, value: Fraction | None, part: Shown, whole: Shown) -> str:
    hidden = part.hidden or whole.hidden or value is None or _not_told(row)
    if _so_far(row) or _not_told(row):
        return HIDDEN if hidden or value is None else _with_unit(row, Fraction(rounded(value)))
    said = HIDDEN if hidden or value is None else _with_unit(row, value)
    return f"{said} ({part.text} av {whole.text})"


def _grows(row: IndicatorRow) -> bool:
    """Tell whether reports move a value month by month while its period goes on.

    The counts of two months would tell of the one between.
    """
    return row.measured and row.periodicity is not Periodicity.MONTH


def _so_far(row: IndicatorRow) -> bool:
    """Tell whether a share is told alone, in whole percent."""
    return row.computed in SO_FAR_SHARES or (
        _grows(row) and row.unit_of_measure is IndicatorUnit.PERCENT
    )


def _not_told(row: IndicatorRow) -> bool:
    """Tell whether a count is not told at all."""
    return row.computed in NOT_TOLD or (_grows(row) and row.unit_of_measure is IndicatorUnit.COUNT)


def _with_unit(row: IndicatorRow, value: Fraction) -> str:
    digits = 2 if abs(value) < 10 else 1
    shown = text.plain_number(value, digits)
    if row.unit_of_measure in {IndicatorUnit.COUNT, IndicatorUnit.INDEX}:
        return shown
    return f"{shown}\u00a0{row.unit}"


def _part(count: Number, *, hide: bool) -> str:
    return HIDDEN_COUNT if hide and _small(count) else text.plain_number(count)


def _small(count: Number) -> bool:
    return count == int(count) and is_small(int(count))
