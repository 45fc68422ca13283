"""Att ta upp i dag: each thing with its number, in plain words, and a way to where it is handled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.auth import Actor, Role
from core.queries.attention import Item, Topic
from core.rules.hidden_counts import SMALLEST_SHOWN
from pages.common import text, tiles

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class _Look:
    """A topic's icon, its words for one and for several, and the page where it is handled."""

    icon: str
    one: str
    many: str
    page: str


LOOKS: dict[Topic, _Look] = {
    Topic.FAMILIES_IN_HOTEL: _Look(
        "hotel", "barnfamilj på hotell", "barnfamiljer på hotell", "placeringar"
    ),
    Topic.OVERDUE_PLANS: _Look(
        "cancel", "förändringsplan försenad", "förändringsplaner försenade", "forandringsplaner"
    ),
    Topic.OVER_BUDGET: _Look("trending_down", "över budget", "över budget", "budget"),
    Topic.WITHOUT_CASEWORKER: _Look(
        "person_off", "ärende utan handläggare", "ärenden utan handläggare", "arenden"
    ),
    Topic.ANALYSES_MISSING: _Look(
        "child_care", "barn utan analys vid avslag", "barn utan analys vid avslag", "bka"
    ),
    Topic.REVIEWS_OVERDUE: _Look(
        "event_busy", "placering utan uppföljning", "placeringar utan uppföljning", "placeringar"
    ),
    Topic.ACTIVITIES_PAST_END: _Look(
        "flag", "aktivitet förbi sitt slut", "aktiviteter förbi sitt slut", "mal"
    ),
}


def draw(items: Sequence[Item], actor: Actor, on: dt.date) -> None:
    """Draw the list, the worst first, or that there is nothing to take up."""
    if not items:
        st.markdown(":green[:material/check_circle:] Inget sticker ut i dag.")
    for item in ordered(items, actor):
        color = "red" if item.grave else "orange"
        number, named = words(item, actor)
        look = LOOKS[item.topic]
        more = "" if actor.role is Role.READER else _MORE[item.topic](item, on)
        tiles.heading_link(
            look.page,
            f":{color}-badge[:material/{look.icon}: {number}] **{named}**"
            + (f" :small[– {more}]" if more else ""),
        )


def words(item: Item, actor: Actor) -> tuple[str, str]:
    """Return how many an item is and of what: ("1", "barnfamilj på hotell")."""
    number = _number(item, actor)
    return number, LOOKS[item.topic].one if number == "1" else LOOKS[item.topic].many


def ordered(items: Sequence[Item], actor: Actor) -> Sequence[Item]:
    """Return the items as they stand; for a reader small numbers alike, as their order would tell."""
    if actor.role is not Role.READER:
        return items
    return sorted(
        items,
        key=lambda item: (
            not item.grave,
            -max(item.count, SMALLEST_SHOWN),
            list(Topic).index(item.topic),
        ),
    )


def _number(item: Item, actor: Actor) -> str:
    if _is_money(item):
        return text.mnkr(item.amount)
    if item.topic is Topic.ACTIVITIES_PAST_END:
        return text.number(item.count)
    return text.people(item.count, actor)


def _is_money(item: Item) -> bool:
    return item.topic is Topic.OVER_BUDGET


def _plans(item: Item, on: dt.date) -> str:
    late = f"äldst {(on - item.since).days} dagar" if item.since else ""
    whose = f"{item.whose} av dem hos {text.safe(item.who)}" if item.who else ""
    return _listed(whose, late)


def _families(item: Item, on: dt.date) -> str:
    since = f"längst sedan {text.date_sv(item.since, on)}"
    return _listed(_names(item), since, f"{text.kronor(item.amount)} i år")


def _reviews(item: Item, _on: dt.date) -> str:
    return _listed(_names(item), f"{text.kronor(item.amount)} i månaden")


def _budget(item: Item, _on: dt.date) -> str:
    if not item.moved:
        return "helårsprognos, oförändrad sedan förra månaden"
    way = "sämre" if item.moved < 0 else "bättre"
    return f"helårsprognos, {text.tkr(abs(item.moved))} {way} än vid förra månadens slut"


def _activities(item: Item, on: dt.date) -> str:
    return f"äldst {text.date_sv(item.since, on)}: {text.safe(item.names[0])}"


def _analyses(_item: Item, _on: dt.date) -> str:
    return "beslut de senaste tolv månaderna"


def _cases(_item: Item, _on: dt.date) -> str:
    return "fördela dem på en handläggare"


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _names(item: Item) -> str:
    shown = ", ".join(map(text.safe, item.names[:MOST_NAMES]))
    rest = len(item.names) - MOST_NAMES
    return f"{shown} och {rest} till" if rest > 0 else shown


_MORE: dict[Topic, Callable[[Item, dt.date], str]] = {
    Topic.FAMILIES_IN_HOTEL: _families,
    Topic.OVERDUE_PLANS: _plans,
    Topic.OVER_BUDGET: _budget,
    Topic.WITHOUT_CASEWORKER: _cases,
    Topic.ANALYSES_MISSING: _analyses,
    Topic.REVIEWS_OVERDUE: _reviews,
    Topic.ACTIVITIES_PAST_END: _activities,
}
