"""An indicator's values and targets in words, as whoever looks may see them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.queries.indicator_rows import IndicatorRow, Target
from core.queries.indicator_series import GenderValue
from core.queries.indicators import IndicatorStatus
from core.rules.shares import Number
from core.rules.suppression import is_small, suppress_series
from core.terms import HIDDEN, HIDDEN_COUNT, Fulfilment, IndicatorUnit
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
    part, whole = parts
    if hide and row.unit_of_measure is IndicatorUnit.COUNT and _small(value):
        return HIDDEN_COUNT
    if part is None or whole is None:
        return _with_unit(row, value)
    made_of = f"{_part(part, hide=hide)} av {_part(whole, hide=hide)}"
    hidden = hide and (_small(part) or _small(whole))
    return f"{HIDDEN if hidden else _with_unit(row, value)} ({made_of})"


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
    counts = [part for part in parts if part is not None]
    if row.unit_of_measure is IndicatorUnit.COUNT:
        counts.append(value)
    return None if any(_small(count) for count in counts) else value


def fulfilment_seen(status: IndicatorStatus, *, hide: bool) -> Fulfilment | None:
    """Return how an indicator stands; None, with `hide`, where that would tell of a hidden value."""
    parts = (status.numerator, status.denominator)
    shown = seen(status.indicator, status.value, parts, hide=hide)
    return None if shown is None and status.value is not None else status.fulfilment


def target_words(row: IndicatorRow, target: Target) -> str:
    """Return a target with its unit, its own text, or a dash."""
    if isinstance(target, Decimal):
        return _with_unit(row, Fraction(target))
    return target or text.DASH


def latest_words(status: IndicatorStatus, *, hide: bool) -> str:
    """Return the year's value with its period, or else the latest known one."""
    row, last = status.indicator, status.latest
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
    numerators = suppress_series([n for n, _ in known]).counts
    denominators = suppress_series([d for _, d in known]).counts
    return [
        f"{HIDDEN if n.hidden or d.hidden or split.value is None else _with_unit(row, split.value)}"
        f" ({n.text} av {d.text})"
        for split, n, d in zip(splits, numerators, denominators, strict=True)
    ]


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
