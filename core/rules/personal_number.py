"""Finding personal identity numbers in text, so that it can be refused.

Source: domain, No personal identity numbers.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

COORDINATION_DAYS = 60
FEWEST_DIGITS = 9
"""A samordningsnummer whose serial begins with a letter has nine digits."""
CENTURIES = ("19", "20", "18")

_PATTERN = re.compile(
    r"(?<![0-9])(?=(((?:18|19|20)?[0-9]{2})[-./ ]?([0-9]{2})[-./ ]?([0-9]{2})"
    r"[ ]?[-+/.]?[ ]?([0-9]{4}|[A-Za-z][0-9]{3})(?![0-9])))"
)


class PersonalNumberError(ValueError):
    """A text that was about to be stored holds a personal identity number; nothing was stored.

    `column` says which text it was. The number itself is in no message.
    """

    def __init__(self, column: str) -> None:
        super().__init__(f"personal identity number in {column}")
        self.column = column


def find_personal_number(text: str) -> str | None:
    """Return the first personnummer or samordningsnummer in a text, None when there is none.

    Ten or twelve digits, with or without separators, with a valid date (the day plus 60 in a
    samordningsnummer), a serial other than 000 and a right check digit; also with a letter for the
    serial's first digit. The century of ten digits is not known, so any that gives a date will do.

    Returns:
        The number as written, in normalised characters (NFKC, zero-width out, dashes as "-").
    """
    if text.isascii() and sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return None
    for match in _PATTERN.finditer(_normalised(text)):
        written, year, month, day, last = match.groups()
        if _is_date(year, int(month), int(day)) and _is_number(year[-2:] + month + day, last):
            return str(written)
    return None


def _normalised(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        "-" if char == "−" or unicodedata.category(char) == "Pd" else char
        for char in plain
        if unicodedata.category(char) != "Cf"
    )


def _is_date(year: str, month: int, day: int) -> bool:
    years = [year] if len(year) == len("2024") else [century + year for century in CENTURIES]
    days = (day, day - COORDINATION_DAYS)
    return any(_exists(int(full), month, number) for full in years for number in days)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _is_number(birth: str, last: str) -> bool:
    """Check serial and check digit; a letter counts as the digit 1."""
    digits = birth + ("1" if last[0].isalpha() else last[0]) + last[1:]
    return not last.startswith("000") and _luhn_sum(digits) % 10 == 0


def _luhn_sum(digits: str) -> int:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(value // 10 + value % 10 for value in doubled)
