"""The personal identity number guard for files: every cell, heading and name, at a file's pace.

The definition is `core.rules.personal_number`. Here only what can't hold one is passed over first.
"""

from __future__ import annotations

import re
from typing import Any

from core.rules.personal_number import find_personal_number

SHORTEST = 10
"""Characters of the shortest number: a letter may stand for one digit, so nine are digits."""
FOUND = (
    "Cellen innehåller något som ser ut som ett personnummer. "
    "Ta bort det och använd ärendets referens."
)
_DIGIT = re.compile(r"[0-9]")


def holds_personal_number(cell: Any) -> bool:
    """Tell whether a cell holds a personal identity number."""
    if isinstance(cell, str):
        return _could(cell) and find_personal_number(cell) is not None
    if isinstance(cell, int) and not isinstance(cell, bool):
        return find_personal_number(str(cell)) is not None
    if isinstance(cell, float) and cell.is_integer():
        return find_personal_number(str(int(cell))) is not None
    return False


def _could(text: str) -> bool:
    """Tell whether a text can hold one. Signs outside ASCII may stand for digits or for nothing."""
    if not text.isascii():
        return True
    return len(text) >= SHORTEST and len(_DIGIT.findall(text)) >= SHORTEST - 1
