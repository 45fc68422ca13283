"""Checks of fields that the unit's own statistics share: required, length, decimals and dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.clock import today
from core.services.base import Checks

DIGITS = 4
"""Decimals that a measured number is stored with."""
LARGEST = Decimal(10**12)


def check_required(checks: Checks, **texts: str) -> None:
    """Refuse each text that is empty, by field."""
    for field, value in texts.items():
        checks.refuse_if(not value.strip(), field, "Fyll i fältet.")


def check_texts(checks: Checks, **texts: tuple[str, int]) -> None:
    """Refuse each text longer than its limit or with a personal identity number, by field."""
    for field, (value, longest) in texts.items():
        checks.guard_text(field, value, longest=longest)


def check_digits(checks: Checks, field: str, value: Decimal, digits: int = DIGITS) -> None:
    """Refuse a number that is out of all proportion or has more decimals than are kept."""
    if not value.is_finite() or abs(value) >= LARGEST:
        checks.refuse_if(True, field, "Talet är för stort.")
        return
    checks.refuse_if(
        value != round(value, digits), field, f"Ange talet med högst {digits} decimaler."
    )


def not_in_future(checks: Checks, field: str, day: dt.date | None) -> None:
    """Refuse a day after today; what has not happened is not reported."""
    checks.refuse_if(
        day is not None and day > today(),
        field,
        f"Datumet får inte ligga efter i dag, {today()}.",
    )
