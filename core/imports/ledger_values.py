"""Cells of a ledger's export: codes with or without their names, periods, and signed amounts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.imports.kinds import CellError
from core.imports.values import date, decimal, month, plain_text, quoted, text

LONGEST_CODE = 20
DECEMBER = 12
_CODE_AND_NAME = re.compile(r"([0-9]{1,10})\s*[-–:]?\s+[^\W\d].*")
_SUM = re.compile(
    r"(del|total|slut)?(summa|summor|totalt?|s:a|ack\b|ackumulerat|sum\b)", re.IGNORECASE
)
_CLOSING = re.compile(r"([0-9]{4})[-/.]?1[3-5]")
_OPENING = re.compile(r"[0-9]{4}[-/.]?00")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,2}")
_text = text(LONGEST_CODE)
_number = decimal(digits=2)


def code(cell: Any) -> str:
    """Read a code, also where its name follows: "4011 Försörjningsstöd" is 4011."""
    found = _CODE_AND_NAME.fullmatch(plain_text(cell))
    return found[1] if found else _text(cell)


def period(cell: Any) -> dt.date:
    """Read a month as its first day: 2024-05, 202405, maj 2024, or any day of it.

    The periods 13 to 15 close the year's books and belong to December.
    """
    written = plain_text(cell)
    closing = _CLOSING.fullmatch(written)
    if closing:
        return month(f"{closing[1]}-{DECEMBER}")
    try:
        return month(cell)
    except CellError as no_month:
        try:
            return date(cell).replace(day=1)
        except CellError:
            raise no_month from None


def amount(cell: Any) -> Decimal:
    """Read kronor with a minus before or after, in brackets, and with full stops as thousands."""
    if not isinstance(cell, str):
        return _number(cell)
    written = plain_text(cell).casefold().replace("\u2212", "-").replace("–", "-")
    written = written.removesuffix("kr").removesuffix("sek").strip()
    bare = written.strip("()- +")
    signs = written.count("-") + (written.startswith("(") and written.endswith(")"))
    if signs > 1:
        msg = f"{quoted(cell)} har två minus. Skriv beloppet som -1 234,50."
        raise CellError(msg)
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "")
    elif _ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        read = _number(bare)
    except CellError as error:
        raise CellError(str(error).replace(quoted(bare), quoted(cell))) from None
    return -read if signs else read


def is_sum(filled: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Tell whether a row is a sum or an opening balance: it has no account of its own."""
    if _OPENING.fullmatch(plain_text(named.get("month") or "")):
        return True
    account = plain_text(named.get("account") or "")
    if account and not _SUM.match(account):
        return False
    return any(isinstance(cell, str) and _SUM.match(cell.strip()) for cell in filled)


def kronor(value: Decimal) -> str:
    """Return an amount as a person reads it: 1 234,50, with a real minus."""
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",").replace("-", "\u2212")
