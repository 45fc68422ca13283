"""What a write asks about before it goes through: unusual, but possible, so it takes a yes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.services.base import Checks, FieldError, RefusedError

THOUSANDS = "\u202f"


class AskedError(RefusedError):
    """A write waits for a yes. Nothing was changed.

    `questions` say what is unusual, field by field. `errors` holds them too, after what is wrong.
    """

    def __init__(self, faults: list[FieldError], questions: list[FieldError]) -> None:
        super().__init__(*faults, *questions)
        self.faults = tuple(faults)
        self.questions = tuple(questions)


@dataclass
class Questions(Checks):
    """Checks that also ask. With `confirmed`, the answer to every question is yes."""

    confirmed: bool = False
    asked: list[FieldError] = field(default_factory=list)

    def ask_if(self, unusual: bool | None, field_name: str, message: str) -> None:
        """Ask about a field, unless it has been confirmed."""
        if unusual and not self.confirmed:
            self.asked.append(FieldError(field_name, message))

    def done(self) -> None:
        """Raise `AskedError` if anything is asked, else `RefusedError` if anything was wrong."""
        if self.asked:
            raise AskedError(self.errors, self.asked)
        super().done()


def kronor(amount: Decimal) -> str:
    """Return an amount as a message writes it: "1 850,50 kr"."""
    whole, _, ore = f"{amount:,.2f}".replace(",", THOUSANDS).partition(".")
    return f"{whole} kr" if ore == "00" else f"{whole},{ore} kr"
