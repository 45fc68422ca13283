"""What Placeringar is narrowed to, kept in its address so that a choice can be linked and saved.

`?slag=HVB&slag=stödboende&lage=pågående&utanfor=1&vy=grupper` shows the same to a colleague with
the same rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from core.auth import Actor, Permission, Role
from core.queries.placement_choices import NOBODY, Choices
from core.queries.placements import PlacementRow
from core.terms import WITHOUT_CASEWORKER, Contract, PlacementState, sv
from pages.common import filters

Code = TypeVar("Code", bound=StrEnum)

KIND, CONTRACT, PROVIDER, STATE = "slag", "avtal", "utforare", "lage"
CASEWORKER, OUTSIDE, OVERDUE, VIEW, BY = "handlaggare", "utanfor", "sen", "vy", "efter"
NARROWING = (KIND, CONTRACT, PROVIDER, CASEWORKER, STATE, OUTSIDE, OVERDUE)
SAVED = (*NARROWING, VIEW, BY, filters.GROUP)
YES = "1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and what of it can't be shown."""

    choices: Choices
    notices: tuple[str, ...]


def asked(actor: Actor) -> Asked:
    """Return what the address narrows the list to, as far as the actor may."""
    notices: list[str] = []
    return Asked(
        Choices(
            kinds=values(KIND),
            contracts=_codes(CONTRACT, Contract, notices),
            providers=values(PROVIDER),
            caseworkers=_caseworkers(actor, notices),
            states=_codes(STATE, PlacementState, notices),
            outside=bool(values(OUTSIDE)),
            overdue=bool(values(OVERDUE)),
        ),
        tuple(notices),
    )


def may_choose_caseworker(actor: Actor) -> bool:
    """Tell whether an actor may narrow to or group by caseworker: who sees whose cases are."""
    return actor.may(Permission.VIEW_CASES) and actor.role is not Role.CASEWORKER


def values(name: str) -> tuple[str, ...]:
    """Return what the address holds by a name, each value once and none of them empty."""
    return tuple(dict.fromkeys(value for value in st.query_params.get_all(name) if value))


def put(name: str, chosen: Iterable[str]) -> None:
    """Write what is chosen by a name in the address; nothing takes the name away."""
    found = list(chosen)
    if found:
        st.query_params[name] = found
    elif name in st.query_params:
        del st.query_params[name]


def clear() -> None:
    """Show the whole list again."""
    for name in NARROWING:
        put(name, ())


def current() -> dict[str, tuple[str, ...]]:
    """Return everything chosen on the page that a saved view keeps."""
    return {name: found for name in SAVED if (found := values(name))}


def show(choices: Mapping[str, Sequence[str]]) -> None:
    """Choose what a saved view holds, and nothing else."""
    for name in SAVED:
        if name == filters.GROUP:
            filters.choose_group(next(iter(choices.get(name, ())), ""))
        else:
            put(name, choices.get(name, ()))


def words(choices: Choices, rows: Iterable[PlacementRow]) -> str:
    """Return what the list is narrowed to in words, "HVB eller hotell · pågående"."""
    names = caseworker_names(rows)
    parts = (
        choices.kinds,
        [sv(one) for one in choices.contracts],
        choices.providers,
        [names.get(one, "annan handläggare") for one in choices.caseworkers],
        [sv(one) for one in choices.states],
        ["utanför ramavtal"] if choices.outside else [],
        ["försenad uppföljning"] if choices.overdue else [],
    )
    return " · ".join(" eller ".join(part) for part in parts if part)


def caseworker_names(rows: Iterable[PlacementRow]) -> dict[int, str]:
    """Return the names of the caseworkers of a list, by id and in order."""
    found = {row.caseworker_id or NOBODY: row.caseworker or WITHOUT_CASEWORKER for row in rows}
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == NOBODY, pair[1].lower())))


def _codes(name: str, kind: type[Code], notices: list[str]) -> tuple[Code, ...]:
    by_word = {sv(code).lower(): code for code in kind}
    found = {value: by_word.get(value.lower()) for value in values(name)}
    notices += [
        f"”{value}” finns inte att välja på. Välj bland {', '.join(by_word)}."
        for value, code in found.items()
        if code is None
    ]
    return tuple(code for code in found.values() if code is not None)


def _caseworkers(actor: Actor, notices: list[str]) -> tuple[int, ...]:
    found = values(CASEWORKER)
    if not found:
        return ()
    if not may_choose_caseworker(actor):
        notices.append("Listan går inte att visa per handläggare med din behörighet.")
        return ()
    unknown = [value for value in found if not value.isdecimal() or len(value) > len("2147483647")]
    notices += [f"Det finns ingen handläggare ”{value}” här." for value in unknown]
    return tuple(int(value) for value in found if value not in unknown)
