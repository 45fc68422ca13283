"""Numbers typed in Swedish: drawn as text, read when the form is saved, refused at their fields."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.services.base import Checks
from pages.common import forms, text


class NumberFields:
    """The number fields of one form. Draw them in the form; read them where it is saved."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.typed: dict[str, tuple[str, int]] = {}

    def draw(
        self, label: str, field: str, *, digits: int = 2, hint: str | None = None, value: str = ""
    ) -> str:
        """Draw a number with room for what is wrong with it, and return what is typed."""
        key = f"{forms.submit_key(self.form)}-{field}"
        typed = st.text_input(label, value, help=hint, key=key)
        forms.field_error(self.form, field)
        self.typed[field] = (typed or "", digits)
        return self.typed[field][0]

    def read(self) -> dict[str, Decimal | None]:
        """Return the typed numbers by field, None for an empty one.

        Raises `RefusedError` with a message at each field that doesn't hold a number.
        """
        checks = Checks()
        numbers: dict[str, Decimal | None] = {}
        for field, (typed, digits) in self.typed.items():
            numbers[field] = None
            if typed.strip():
                try:
                    numbers[field] = text.parse_number(typed, digits=digits)
                except ValueError as wrong:
                    checks.refuse_if(True, field, str(wrong))
        checks.done()
        return numbers

    def whole(self) -> dict[str, int | None]:
        """Return the typed whole numbers by field; the fields were drawn without decimals."""
        return {
            field: None if number is None else int(number) for field, number in self.read().items()
        }
