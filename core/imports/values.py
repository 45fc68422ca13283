"""Cells into values: each function returns a reader for `Column.read`.

A cell comes as a text (CSV, or text in Excel), a number, a truth value or a date (Excel). A reader
gets no empty cells. Only what can be read in one way is read; the rest is told.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from core.imports.kinds import CellError
from core.terms import sv

Code = TypeVar("Code", bound=StrEnum)
LONGEST_QUOTE = 40
FIRST_YEAR, LAST_YEAR = 1900, 2199
DATE = "Skriv datum som 2024-03-05 (år-månad-dag)."
MONTH = "Skriv månaden som 2024-03 (år-månad)."
NUMBER = "Skriv ett tal med decimalkomma, till exempel 1 234,50."
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_DAY = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?:[t ][0-9:.]+)?")
_DAY_IN_WORDS = re.compile(r"([0-9]{1,2}):?e? ([a-zé]+)\.? ([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})[-/.]?([0-9]{2})(?:[-/.]?01)?(?:[t ][0-9:.]+)?")
_MONTH_IN_WORDS = re.compile(r"([a-zé]+)\.? ([0-9]{4})")
_NUMBER = re.compile(
    r"(?P<sign>-?)(?P<whole>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:(?P<mark>[,.])(?P<part>[0-9]+))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_FULL = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_MONTH_NUMBERS = {name: n for names in (_MONTHS, _FULL) for n, name in enumerate(names, 1)} | {
    "sept": 9
}
_YES = {"ja", "j", "yes", "y", "sant", "true", "1", "x"}
_NO = {"nej", "n", "no", "falskt", "false", "0"}


def quoted(cell: Any) -> str:
    """Return a cell as it is told of in a message, shortened."""
    written = plain_text(cell)
    if len(written) > LONGEST_QUOTE:
        written = written[: LONGEST_QUOTE - 1] + "…"
    return f"”{written}”"


def plain_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without decimals, dates as 2024-03-05, spaces single."""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(_exact(cell)).replace(".", ",")
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return _SPACES.sub(" ", str(cell)).strip()


def folded(words: str) -> str:
    """Return words as they are compared: small letters, one kind of space, no `_` or final `.:*`."""
    return _SPACES.sub(" ", words.replace("_", " ")).strip().rstrip(".:*").strip().casefold()


def text(longest: int) -> Callable[[Any], str]:
    """Read a text of at most so many characters."""

    def read(cell: Any) -> str:
        written = plain_text(cell)
        if len(written) > longest:
            msg = f"Texten har {len(written)} tecken. Skriv högst {longest}."
            raise CellError(msg)
        return written

    return read


def date(cell: Any) -> dt.date:
    """Read a date: Excel's own, or a text that can be read in one way only.

    2024-03-05, 2024/03/05, 20240305 and 5 mars 2024 can; 5/3 2024 and 05.03.2024 can't.
    """
    if isinstance(cell, dt.date):
        return _possible(cell.year, cell.month, cell.day, cell, DATE)
    written = plain_text(cell).casefold()
    found = _DAY.fullmatch(written)
    if found:
        year, _mark, month, day = found.groups()
        return _possible(int(year), int(month), int(day), cell, DATE)
    named = _DAY_IN_WORDS.fullmatch(written)
    if named and named[2] in _MONTH_NUMBERS:
        return _possible(int(named[3]), _MONTH_NUMBERS[named[2]], int(named[1]), cell, DATE)
    msg = f"{quoted(cell)} är inget datum som bara kan läsas på ett sätt. {DATE}"
    raise CellError(msg)


def month(cell: Any) -> dt.date:
    """Read a month as its first day: 2024-03, mars 2024, 202403, or the date of its first day."""
    if isinstance(cell, dt.date):
        if cell.day == 1:
            return _possible(cell.year, cell.month, 1, cell, MONTH)
        msg = f"{quoted(cell)} är en dag, inte en månad. {MONTH}"
        raise CellError(msg)
    written = plain_text(cell).casefold()
    found = _MONTH.fullmatch(written)
    if found:
        return _possible(int(found[1]), int(found[2]), 1, cell, MONTH)
    named = _MONTH_IN_WORDS.fullmatch(written)
    if named and named[1] in _MONTH_NUMBERS:
        return _possible(int(named[2]), _MONTH_NUMBERS[named[1]], 1, cell, MONTH)
    msg = f"{quoted(cell)} är ingen månad. {MONTH}"
    raise CellError(msg)


def decimal(*, digits: int, lowest: Decimal | int | None = None) -> Callable[[Any], Decimal]:
    """Read a number with at most so many decimals, at least `lowest`.

    Spaces between thousands (also thin ones), kr and % after, and a real minus sign are understood.
    A full stop before exactly three digits could be either mark, and is refused.
    """

    def read(cell: Any) -> Decimal:
        value = _number(cell)
        if value != round(value, digits):
            msg = f"{quoted(cell)} har för många decimaler. Skriv högst {digits}."
            raise CellError(msg if digits else f"{quoted(cell)} är inget heltal. Skriv ett heltal.")
        if abs(value) >= 10**12:
            msg = f"{quoted(cell)} är för stort."
            raise CellError(msg)
        if lowest is not None and value < lowest:
            msg = f"{quoted(cell)} är för litet. Skriv {lowest} eller mer."
            raise CellError(msg)
        return value

    return read


def whole(*, lowest: int = 0, highest: int = 10**9) -> Callable[[Any], int]:
    """Read a whole number within bounds."""

    def read(cell: Any) -> int:
        value = _number(cell)
        if value != int(value) or not lowest <= value <= highest:
            msg = f"{quoted(cell)} går inte. Skriv ett heltal från {lowest} till {highest}."
            raise CellError(msg)
        return int(value)

    return read


def choice(
    codes: type[Code], also: Mapping[str, Code] | None = None, leave_out: tuple[Code, ...] = ()
) -> Callable[[Any], Code]:
    """Read a code by its Swedish word or its English code; `also` holds other spellings.

    Capital letters, spaces and underscores make no difference.
    """
    known = [code for code in codes if code not in leave_out]
    words = {folded(word): code for word, code in (also or {}).items()}
    words |= {folded(code.value): code for code in known}
    words |= {folded(sv(code)): code for code in known}
    expected = ", ".join(sv(code) for code in known)

    def read(cell: Any) -> Code:
        found = words.get(folded(plain_text(cell)))
        if found is None:
            msg = f"{quoted(cell)} finns inte att välja. Skriv något av: {expected}."
            raise CellError(msg)
        return found

    return read


def yes_no(cell: Any) -> bool:
    """Read ja or nej."""
    written = plain_text(cell).casefold()
    if written in _YES or written in _NO:
        return written in _YES
    msg = f"{quoted(cell)} är varken ja eller nej. Skriv ja eller nej."
    raise CellError(msg)


def shown(value: Any) -> str:
    """Return a value as a person reads it, and as a template holds it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, StrEnum):
        return sv(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value)


def month_shown(value: dt.date) -> str:
    """Return a month as a person reads it, 2024-03; for `Column.show`."""
    return f"{value:%Y-%m}"


def _possible(year: int, number: int, day: int, cell: Any, expected: str) -> dt.date:
    try:
        found = dt.date(year, number, day)
    except ValueError:
        msg = f"{quoted(cell)} finns inte i kalendern. {expected}"
        raise CellError(msg) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"Årtalet i {quoted(cell)} är orimligt. {expected}"
        raise CellError(msg)
    return found


def _number(cell: Any) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        msg = f"{quoted(cell)} är inget tal. {NUMBER}"
        raise CellError(msg)
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, float):
        return _exact(cell)
    written = plain_text(cell).casefold().replace("\u2212", "-").replace("–", "-")
    found = _NUMBER.fullmatch(written.removesuffix("kr").removesuffix("%").strip())
    if found is None:
        msg = f"{quoted(cell)} är inget tal. {NUMBER}"
        raise CellError(msg)
    part = found["part"] or ""
    if found["mark"] == "." and len(part) == 3:
        msg = f"Punkten i {quoted(cell)} kan betyda både decimaler och tusental. {NUMBER}"
        raise CellError(msg)
    whole = found["whole"].replace(" ", "")
    return Decimal(f"{found['sign']}{whole}.{part}" if part else f"{found['sign']}{whole}")


def _exact(number: float) -> Decimal:
    """Return the decimal number that a spreadsheet shows: it keeps fifteen digits."""
    return Decimal(f"{number:.15g}") if number == number else Decimal(0)  # noqa: PLR0124
