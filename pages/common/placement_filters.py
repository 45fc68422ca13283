"""The controls that narrow Placeringar, and the user's own saved views of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Scope
from core.queries.placement_choices import Choices
from core.queries.placements import PlacementRow
from core.queries.saved_views import View, saved_views
from core.services import saved_views as service
from core.services.saved_views import LONGEST_NAME, NewView
from core.terms import Contract, PlacementState, sv
from pages.common import forms, placement_address, text
from pages.common.placement_address import Asked

PAGE = "placeringar"
TITLE = "Filter och sparade vyer"
_VIEW = "placement-saved-view"


def draw(asked: Asked, every: Sequence[PlacementRow], scope: Scope, actor: Actor) -> None:
    """Draw the folded controls, which cost nothing while they are folded.

    Args:
        asked: What is chosen.
        every: The whole list, whose values there are to choose among.
        scope: The unit whose views are one's own.
        actor: Who chooses.
    """
    for notice in asked.notices:
        st.warning(notice, icon=":material/info:")
    box = st.expander(
        TITLE, icon=":material/filter_alt:", key="placement-filter", on_change="rerun"
    )
    if box.open:
        with box:
            _controls(asked.choices, every, actor)
            _views(scope, actor)


def draw_chosen(choices: Choices, shown: int, every: Sequence[PlacementRow]) -> None:
    """Say what the list is narrowed to, how many are left, and give the way back."""
    said = text.safe(placement_address.words(choices, every))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":material/filter_alt: **Visar {text.number(shown)} av {text.number(len(every))} "
            f"{text.plural(len(every), 'placering', 'placeringar')}:** {said}",
            width="content",
        )
        st.button("Visa alla", on_click=placement_address.clear, type="tertiary", key="show-all")


def _controls(choices: Choices, every: Sequence[PlacementRow], actor: Actor) -> None:
    kinds = _present((row.kind for row in every), choices.kinds)
    providers = _present((row.provider for row in every), choices.providers)
    with st.grid(columns=3, gap="small"):
        _several("Slag", placement_address.KIND, kinds)
        _several("Avtal", placement_address.CONTRACT, _by_word(Contract))
        _several("Utförare", placement_address.PROVIDER, providers)
        _several("Läge", placement_address.STATE, _by_word(PlacementState))
        if placement_address.may_choose_caseworker(actor):
            names = placement_address.caseworker_names(every)
            _several(
                "Handläggare",
                placement_address.CASEWORKER,
                {str(key): name for key, name in names.items()},
            )
        with st.container(gap="small"):
            _yes("Bara utanför ramavtal", placement_address.OUTSIDE)
            _yes("Bara försenad uppföljning", placement_address.OVERDUE)


def _present(found: Iterable[str | None], chosen: Iterable[str]) -> dict[str, str]:
    names = {name for name in found if name} | set(chosen)
    return {name: name for name in sorted(names, key=str.lower)}


def _by_word(kind: type[Contract] | type[PlacementState]) -> dict[str, str]:
    return {sv(code): sv(code) for code in kind}


def _several(label: str, name: str, options: Mapping[str, str]) -> None:
    key = f"placement-{name}"
    st.session_state[key] = [one for one in placement_address.values(name) if one in options]
    st.multiselect(
        label,
        list(options),
        key=key,
        format_func=options.__getitem__,
        placeholder="Alla",
        select_all=False,
        on_change=_changed,
        args=(name,),
    )


def _yes(label: str, name: str) -> None:
    key = f"placement-{name}"
    st.session_state[key] = bool(placement_address.values(name))
    st.toggle(label, key=key, on_change=_changed, args=(name,))


def _changed(name: str) -> None:
    chosen = st.session_state[f"placement-{name}"]
    if isinstance(chosen, bool):
        chosen = [placement_address.YES] if chosen else []
    placement_address.put(name, chosen)


def _views(scope: Scope, actor: Actor) -> None:
    with db.read() as session:
        views = saved_views(session, scope, user_id=actor.user_id, page=PAGE)
    now = placement_address.current()
    shown = next((view for view in views if dict(view.choices) == now), None)
    if views:
        by_id = {view.id: view for view in views}
        st.session_state[_VIEW] = shown.id if shown else None
        st.selectbox(
            "Dina sparade vyer",
            list(by_id),
            key=_VIEW,
            format_func=lambda view_id: by_id[view_id].name,
            placeholder="Välj en vy",
            width=340,
            on_change=_open,
            args=(by_id,),
        )
    if shown is not None:
        _change(shown, actor)
    elif now:
        _save(now, actor)
    else:
        st.markdown(
            ":small[Välj något ovan, så kan urvalet sparas som en vy. Adressen i webbläsaren går "
            "att skicka till en kollega, som ser samma urval efter sin behörighet.]"
        )


def _open(views: Mapping[int, View]) -> None:
    chosen = st.session_state[_VIEW]
    if chosen is not None:
        placement_address.show(views[chosen].choices)


def _save(now: Mapping[str, tuple[str, ...]], actor: Actor) -> None:
    def save(name: str, key: str) -> Callable[[Any], int]:
        return lambda session: service.save(session, NewView(PAGE, name, now), by=actor, key=key)

    _name_form("save-view", "Spara urvalet som vy", "Spara vyn", "", save)


def _change(view: View, actor: Actor) -> None:
    def save(name: str, key: str) -> Callable[[Any], int]:
        return lambda session: service.rename(session, view.id, name, by=actor, key=key)

    form = f"rename-view-{view.id}"
    _name_form(form, "Vyns namn", "Byt namn", forms.opened(form, view.name), save)
    form = f"remove-view-{view.id}"
    key = forms.submit_key(form)
    if st.button("Ta bort vyn", icon=":material/delete:", type="tertiary", key=f"{key}-send"):
        forms.run(
            form,
            lambda session: service.remove(session, view.id, by=actor, key=key),
            f"Vyn {view.name} är borttagen. Urvalet står kvar.",
        )


def _name_form(
    form: str,
    label: str,
    button: str,
    name: str,
    save: Callable[[str, str], Callable[[Any], int]],
) -> None:
    key = forms.submit_key(form)
    with st.form(key, border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            typed = st.text_input(
                label,
                value=name,
                max_chars=LONGEST_NAME,
                width=340,
                key=f"{key}-name",
            )
            sent = st.form_submit_button(button)
        forms.field_error(form, "name")
    if sent:
        forms.run(form, save(typed, key), f"Vyn {typed.strip()} är sparad.")
