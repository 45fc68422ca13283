"""What the forms of a prognosis round fill in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.terms import PrognosisMethod


@dataclass(frozen=True, slots=True)
class LineChoice:
    """What the controller says of a line: a computed prognosis, or an amount of the own.

    With a method the amount is the computed one, in whole kronor, and `amount` isn't read.
    `confirmed` answers yes to whether an unlikely amount is in the right unit.
    """

    method: PrognosisMethod | None
    amount: Decimal | None
    comment: str = ""
    confirmed: bool = False
