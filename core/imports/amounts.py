"""Kronor as people write them in lists: 1 850 kr/dygn, 1.850:-, 1850,50.

A full stop before three digits is a thousand's where something says that the number is kronor, or
where decimals follow: what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.imports.kinds import CellError
from core.imports.values import decimal, plain_text, quoted

A_DAY = {"dygn", "dag", "d", "natt", "dy"}
EXPECTED = "Skriv kronor per dygn, till exempel 1 850 eller 1 850,50."
_MARKED = re.compile(
    r"(?:(?P<before>kr|sek)\.?\s*)?(?P<number>-?\s?[0-9][0-9 .,]*?)\s*"
    r"(?P<after>:-|,-|;-|\.-|kronor|kr\b\.?|sek\b|:--)?\s*"
    r"(?:(?:/|per\b|pr\b)\s*(?P<per>[a-zåäö]+)\.?)?"
)
_EITHER = re.compile(r"-?[0-9]{1,3},[0-9]{3}")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?P<part>,[0-9]{1,2})?")
_read = decimal(digits=2)


def kronor_a_day(cell: Any) -> Decimal:
    """Read what a day costs. Raises `CellError` for an amount a month, a week or an hour."""
    amount, per = _parts(cell)
    if per and per not in A_DAY:
        msg = f"{quoted(cell)} är per {per}, inte per dygn. {EXPECTED}"
        raise CellError(msg)
    return amount


def amount_of(cell: Any) -> Decimal | None:
    """Return the number that a cell holds, whatever it is per; None if it holds no number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        return None
    return _amount_written(cell) if isinstance(cell, str) else _amount(cell)


@lru_cache(maxsize=50_000)
def _amount_written(text: str) -> Decimal | None:
    return _amount(text) if any(char.isdigit() for char in text) else None


def _amount(cell: Any) -> Decimal | None:
    try:
        return _parts(cell)[0]
    except CellError:
        return None


def _parts(cell: Any) -> tuple[Decimal, str]:
    """Return a cell's amount and what it is per."""
    if not isinstance(cell, str):
        return _read(cell), ""
    written = plain_text(cell).casefold().replace("\u2212", "-")
    found = _MARKED.fullmatch(written)
    if found is None:
        msg = f"{quoted(cell)} är inget belopp. {EXPECTED}"
        raise CellError(msg)
    number, per = found["number"].strip(), found["per"] or ""
    kronor = found["before"] or found["after"] or per
    if _EITHER.fullmatch(number):
        msg = f"Kommat i {quoted(cell)} kan betyda både decimaler och tusental. {EXPECTED}"
        raise CellError(msg)
    thousands = _THOUSANDS.fullmatch(number)
    if thousands and (kronor or thousands["part"] or number.count(".") > 1):
        number = number.replace(".", "")
    try:
        return _read(number), per
    except CellError as error:
        msg = str(error).replace(quoted(number), quoted(cell))
        raise CellError(msg) from None
