"""Asking back: what is unusual is told above the form's button, beside a box that says yes.

The yes holds for exactly what was typed when it was asked: a form changed since is asked about anew.
Call `room` in the form, right above its button, and save by `asking`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from core.services.questions import AskedError
from pages.common import forms

T = TypeVar("T")
YES = "Ja, det stämmer"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a save asked about, and what was typed then."""

    typed: Any
    messages: tuple[str, ...]
    box: str


def room(name: str) -> None:
    """Leave room for what is asked about a form, and draw what has been."""
    place = st.empty()
    st.session_state[_slot(name, "place")] = place
    asked: Asked | None = st.session_state.get(_slot(name, "asked"))
    if asked is not None:
        _draw(place, asked)


def asking(name: str, typed: T, write: Callable[[T], int]) -> int:
    """Save what is typed (a service's input with `confirmed`), as confirmed if the box is ticked.

    Raises `AskedError` after having drawn what is asked.
    """
    before: Asked | None = st.session_state.get(_slot(name, "asked"))
    same = before is not None and before.typed == typed
    if same and before is not None and st.session_state.get(before.box):
        typed = replace(typed, confirmed=True)  # type: ignore[type-var]
    try:
        return write(typed)
    except AskedError as error:
        messages = tuple(question.message for question in error.questions)
        number = 1 if before is None else int(before.box.rpartition("-")[2]) + 1
        box = before.box if same and before else f"{_slot(name, 'yes')}-{number}"
        asked = Asked(typed, messages, box)
        st.session_state[_slot(name, "asked")] = asked
        _draw(st.session_state[_slot(name, "place")], asked)
        raise


def _draw(place: Any, asked: Asked) -> None:
    with place.container(border=True):
        st.markdown("\n".join(["**Kontrollera innan du sparar:**", "", *_lines(asked)]))
        st.checkbox(YES, key=asked.box)


def _lines(asked: Asked) -> list[str]:
    return [f"- {message}" for message in asked.messages]


def _slot(name: str, part: str) -> str:
    return f"{forms.submit_key(name)}-{part}"
