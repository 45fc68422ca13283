"""The red thread: what an entry counts towards, how the unit stands on it, and what the entry did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import streamlit as st

from core.queries.effects import Effect, Reading
from core.queries.indicators import Thread
from core.rules.shares import Number
from core.terms import IndicatorUnit, sv
from pages.common import text, tiles

MOST_DIGITS = 3


def stands(reading: Reading) -> None:
    """Draw what an entry counts towards and how it stands, one indicator after the other."""
    for standing in reading.standings:
        thread(standing.thread)


def thread(found: Thread | None) -> None:
    """Draw which indicator and goals something counts towards, and how the unit stands."""
    if found is not None:
        st.markdown(f"{line(found)}  \n{chain(found.goals)}")


def line(found: Thread) -> str:
    """Return an indicator with the unit's value, its annual target and the fulfilment."""
    percent = _percent(found)
    target = found.target
    aimed = text.safe(target) if isinstance(target, str) else _number(target, 1, percent=percent)
    return (
        f":small[:material/timeline: Räknas mot **{text.safe(found.indicator_name)}**: enheten "
        f"{_number(found.value, 1, percent=percent)}, mål {aimed}] {tiles.badge(found.fulfilment)}"
    )


def chain(goals: Sequence[str]) -> str:
    """Return the goals above an indicator, from the unit's up to the city's."""
    return f":small[{' → '.join(map(text.safe, goals))}]"


def said(effects: Iterable[Effect]) -> list[str]:
    """Return in a sentence for each indicator what an entry did to it."""
    return [_said(effect) for effect in effects]


def in_short(effects: Iterable[Effect]) -> list[str]:
    """Return the indicators that an entry moved, each as short as can be."""
    return [
        f"{text.safe(effect.thread.indicator_name)}: enheten "
        f"{_change(effect.before, effect.after, percent=_percent(effect.thread))}"
        for effect in effects
        if effect.moved
    ]


def _said(effect: Effect) -> str:
    name = f"**{text.safe(effect.thread.indicator_name)}**"
    unit = _change(effect.before, effect.after, percent=_percent(effect.thread))
    own = ""
    if effect.own_after is not None or effect.own_before is not None:
        mine = _change(effect.own_before, effect.own_after, percent=_percent(effect.thread))
        own = f", dina egna ärenden {mine}"
    shared = "" if effect.alone or not effect.moved else " Andra rapporterade samtidigt."
    return f"{name}: enheten {unit}{own}.{shared}"


def _change(before: Fraction | None, after: Fraction | None, *, percent: bool) -> str:
    """Return how a value moved, with as many decimals as it takes to see it."""
    if before == after:
        return f"står kvar på {_number(after, 1, percent=percent)}"
    for digits in range(1, MOST_DIGITS + 1):
        was, became = (_number(value, digits, percent=percent) for value in (before, after))
        if was != became:
            return f"gick från {was} till {became}"
    return f"rörde sig knappt, {_number(after, 1, percent=percent)}"


def _percent(found: Thread) -> bool:
    return found.unit == sv(IndicatorUnit.PERCENT)


def _number(value: Number | None, digits: int, *, percent: bool) -> str:
    shown = text.plain_number(value, digits)
    return f"{shown}{text.NBSP}%" if percent and value is not None else shown
