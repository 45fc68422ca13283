"""What a page shows: unit, group and "läget per" day, kept in the address and from page to page.

`?enhet=`, `?grupp=` and `?per=` stand in the address, so that a link shows the same to a colleague
with the same rights. A menu click empties the address; what was chosen is then put back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape

import streamlit as st

from core import db
from core.auth import Actor, Permission, Role, Scope, row_scope, unit_scope
from core.clock import today
from core.queries.units import UnitChoices, choices
from core.reports.excel import SMALL_NUMBERS
from core.rules.dates import last_months_ended
from pages.common import gate, text

UNIT, GROUP, DAY = "enhet", "grupp", "per"
WHOLE_UNIT = "Hela enheten"
EARLIEST = dt.date(2000, 1, 1)
READERS_MONTHS = 24
_MEMORY = "_filters"


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen. `scope` never reaches further than the user does.

    `group_name` is None for the whole unit, `on` is today unless an earlier day was chosen; for a
    reader it is the last day of a month that has ended.
    """

    scope: Scope
    on: dt.date
    group_name: str | None
    unit_name: str

    @property
    def described(self) -> str:
        """Return what is shown, in words: "Enheten, Gruppen, läget per 2024-05-27"."""
        return f"{self.unit_name}, {self.group_name or 'hela enheten'}, läget per {self.on}"


def bar(
    actor: Actor,
    *,
    group: bool = True,
    day: bool = True,
    permission: Permission = Permission.VIEW_SUMS,
) -> Filters:
    """Draw the controls that the user has a choice in, and return what is chosen.

    Args:
        actor: Who looks.
        group: Whether the page can be narrowed to a group. A group manager's is fixed where rows
            are read; a caseworker and a reader have no choice.
        day: Whether the page can be read as of an earlier day; a reader chooses among whole months.
        permission: What the scope is for: VIEW_SUMS gives the unit's sums, any other one the rows
            that the actor reaches (own cases, own group's, the unit's).

    An address with something unknown, out of reach or in the future shows a notice and what is
    shown instead.
    """
    scope = _reach(actor, permission)
    with db.read() as session:
        unit = choices(session, scope)
    notices: list[str] = []
    may_choose = group and bool(unit.groups) and _may_choose(actor, scope)
    drawn = st.container(width="content", gap="small")
    with drawn:
        with st.container(
            horizontal=True, vertical_alignment="bottom", width="content", key="filters"
        ):
            _unit_choice(unit, gate.visit().units, notices)
            slug = _group_choice(unit, notices) if may_choose else ""
            on = _on(actor, notices) if day else today()
        for notice in notices:
            st.warning(notice, icon=":material/info:")
    chosen = next((found for found in unit.groups if found.slug == slug), None)
    if chosen is not None:
        scope = scope.narrowed_to(chosen.id)
    elif scope.group_id is not None:
        chosen = next(iter(unit.groups), None)
    filters = Filters(scope, on, chosen.name if chosen else None, unit.name)
    drawn.html(f"<p class='rt-print'>{escape(filters.described)}</p>")
    return filters


def choose_group(slug: str) -> None:
    """Choose a group by its name in the address, or the whole unit by none, for the next run."""
    _keep(GROUP, slug)


def _reach(actor: Actor, permission: Permission) -> Scope:
    if permission is Permission.VIEW_SUMS:
        return unit_scope(actor)
    return row_scope(actor, permission)


def _may_choose(actor: Actor, scope: Scope) -> bool:
    """Tell whether the actor may narrow to a group: a reader could take groups from the unit."""
    return scope.group_id is None and actor.role not in {Role.CASEWORKER, Role.READER}


def _unit_choice(unit: UnitChoices, units: dict[str, str], notices: list[str]) -> None:
    asked = _asked(UNIT)
    if asked not in {"", unit.slug}:
        notices.append(f"Enheten ”{asked}” finns inte bland dina. Du ser {unit.name}.")
        _keep(UNIT, "")
    if len(units) > 1:
        _select("Enhet", UNIT, units, unit.slug)


def _group_choice(unit: UnitChoices, notices: list[str]) -> str:
    names = {"": WHOLE_UNIT} | {group.slug: group.name for group in unit.groups}
    asked = _asked(GROUP)
    if asked not in names:
        notices.append(f"Gruppen ”{asked}” finns inte på enheten. Du ser hela enheten.")
        asked = ""
    _keep(GROUP, asked)
    return _select("Grupp", GROUP, names, asked)


def _on(actor: Actor, notices: list[str]) -> dt.date:
    return _month_choice(notices) if actor.role is Role.READER else _day_choice(notices)


def _month_choice(notices: list[str]) -> dt.date:
    """Draw a reader's choice of day: what differs between two days could be one person."""
    months = last_months_ended(today(), READERS_MONTHS)
    on = _asked_day(notices, months[0])
    if on not in months:
        on = next((day for day in months if day <= on), months[-1])
        notices.append(f"Du ser hela månader, här läget {on}.")
    _keep(DAY, "" if on == months[0] else on.isoformat())
    names = {day.isoformat(): text.month_sv(day).capitalize() for day in months}
    _select("Till och med", DAY, names, on.isoformat(), said=SMALL_NUMBERS)
    return on


def _asked_day(notices: list[str], default: dt.date) -> dt.date:
    """Return the day that the address asks for; today's stands for a later one, with a notice."""
    asked, latest = _asked(DAY), today()
    if not asked:
        return default
    try:
        on = dt.date.fromisoformat(asked)
    except ValueError:
        notices.append(f"”{asked}” är inget datum. Skriv till exempel ?per={default}.")
        return default
    if not EARLIEST <= on <= latest:
        when = "i framtiden" if on > latest else "för långt tillbaka"
        now = f"läget i dag, {latest}" if default == latest else f"läget {default}"
        notices.append(f"{on} ligger {when}. Du ser {now}.")
        return default
    return on


def _day_choice(notices: list[str]) -> dt.date:
    latest = today()
    on = _asked_day(notices, latest)
    _keep(DAY, "" if on == latest else on.isoformat())
    st.session_state[_widget(DAY)] = on
    st.date_input(
        "Läget per",
        min_value=EARLIEST,
        max_value=latest,
        key=_widget(DAY),
        format="YYYY-MM-DD",
        width=150,
        on_change=_day_changed,
    )
    return on


def _select(
    label: str, name: str, options: dict[str, str], chosen: str, *, said: str | None = None
) -> str:
    st.session_state[_widget(name)] = chosen
    st.selectbox(
        label,
        list(options),
        key=_widget(name),
        format_func=options.__getitem__,
        help=said,
        width=220,
        on_change=_select_changed,
        args=(name,),
    )
    return chosen


def _select_changed(name: str) -> None:
    _keep(name, st.session_state[_widget(name)] or "")
    if name == UNIT:
        _keep(GROUP, "")


def _day_changed() -> None:
    on = st.session_state[_widget(DAY)]
    _keep(DAY, "" if on in {None, today()} else on.isoformat())


def _asked(name: str) -> str:
    """Return what the address asks for, or else what was last chosen on another page."""
    memory: dict[str, str] = st.session_state.setdefault(_MEMORY, {})
    return st.query_params.get(name) or memory.get(name, "")


def _keep(name: str, value: str) -> None:
    memory: dict[str, str] = st.session_state.setdefault(_MEMORY, {})
    memory[name] = value
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]


def _widget(name: str) -> str:
    return f"filter-{name}"
