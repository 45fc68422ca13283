"""The forms of Placeringsval: add, change and close kinds and own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.placement_terms import CODES, KindRow, TermRow
from core.services import placement_terms
from core.services.placement_terms import NewKind, NewTerm
from core.terms import PlacementDimension, sv, sv_title
from pages.common import forms, text
from pages.common.conflicts import Compared
from pages.common.placement_terms_parts import HOTEL, NOT_TEMPORARY, TEMPORARY, housing

HOUSING = (NOT_TEMPORARY, HOTEL, TEMPORARY)
OFFERED = "Kan väljas när en placering registreras"
ABOUT_HOUSING = (
    "Tillfälligt boende räknas på sidan Tillfälligt boende. Barnfamiljer på hotell eller "
    "vandrarhem flaggas dessutom alltid i placeringslistan."
)
FIXED = (
    "Det finns placeringar av slaget. Därför kan namnet inte ändras, och inte heller om det är "
    "hotell eller vandrarhem. Lägg till ett nytt slag och stäng det här om det ska heta något annat."
)


def kind(rows: Sequence[KindRow], actor: Actor) -> None:
    """Draw the forms that add a kind, and that change or close one."""
    with st.expander("Lägg till ett slag", icon=":material/add:"):
        _add_kind(actor)
    if not rows:
        return
    with st.expander("Ändra eller stäng ett slag", icon=":material/edit:"):
        by_id = {row.id: row for row in rows}
        chosen = st.selectbox(
            "Slag",
            list(by_id),
            index=None,
            format_func=lambda found: by_id[found].name,
            placeholder="Välj slag",
            key="kind-chosen",
        )
        if chosen is not None:
            _change_kind(by_id[chosen], actor)


def word(dimension: PlacementDimension, rows: Sequence[TermRow], actor: Actor) -> None:
    """Draw the forms that add an own word of a dimension, and that close or open one."""
    with st.expander(f"Lägg till ett eget ord för {sv(dimension)}", icon=":material/add:"):
        _add_word(dimension, actor)
    if not rows:
        return
    with st.expander(f"Stäng eller öppna ett eget ord för {sv(dimension)}", icon=":material/edit:"):
        by_id = {row.id: row for row in rows}
        chosen = st.selectbox(
            "Ord",
            list(by_id),
            index=None,
            format_func=lambda found: by_id[found].name,
            placeholder="Välj ord",
            key=f"term-chosen-{dimension}",
        )
        if chosen is not None:
            _close_word(by_id[chosen], actor)


def _add_kind(actor: Actor) -> None:
    name = "kind-new"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        typed = st.text_input(
            "Slagets namn",
            max_chars=placement_terms.LONGEST_KIND,
            key=f"{forms.submit_key(name)}-name",
        )
        forms.field_error(name, "name")
        chosen = st.radio(
            "Är det tillfälligt boende?",
            HOUSING,
            help=ABOUT_HOUSING,
            key=f"{forms.submit_key(name)}-chosen",
        )
        sent = st.form_submit_button("Lägg till slaget", type="primary")
    if sent:
        new = NewKind(typed or "", chosen == HOTEL, chosen == TEMPORARY)
        save = partial(placement_terms.add_kind, new=new, by=actor, key=key)
        said = "Slaget kan väljas nu. Controllern väljer vilken budgetpost som betalar det."
        forms.run(name, save, said)


def _change_kind(row: KindRow, actor: Actor) -> None:
    name = f"kind-{row.id}"
    key, shown = forms.submit_key(name), forms.opened(name, row)
    with st.form(key, border=False):
        if shown.fixed:
            st.markdown(f":small[{FIXED}]")
        typed = st.text_input(
            "Slagets namn",
            shown.name,
            max_chars=placement_terms.LONGEST_KIND,
            disabled=shown.fixed,
            key=f"{forms.submit_key(name)}-name",
        )
        forms.field_error(name, "name")
        possible = _possible(shown)
        chosen = st.radio(
            "Är det tillfälligt boende?",
            possible,
            index=possible.index(housing(shown)),
            help=ABOUT_HOUSING,
            key=f"{forms.submit_key(name)}-is_hotel",
        )
        forms.field_error(name, "is_hotel")
        active = st.checkbox(OFFERED, shown.active, key=f"{forms.submit_key(name)}-active")
        sent = forms.submit(name, "Spara slaget")
    if sent:
        values = (
            Compared("name", "Namn", shown.name, typed or ""),
            Compared(
                "is_hotel", "Hotell eller vandrarhem", shown.is_hotel, chosen == HOTEL, text.yes_no
            ),
            Compared(
                "is_temporary",
                "Annat tillfälligt boende",
                shown.is_temporary,
                chosen == TEMPORARY,
                text.yes_no,
            ),
            Compared("active", "Kan väljas", shown.active, active, text.yes_no),
        )

        def save(session: Any) -> int:
            new = NewKind(**forms.on_top(name, values))
            version = forms.version(name, shown.version)
            return placement_terms.change_kind(
                session, row.id, new, version=version, by=actor, key=key
            )

        forms.run(name, save, "Slaget är ändrat.", values=lambda: values)


def _possible(row: KindRow) -> list[str]:
    """Return what a kind can be as temporary housing; being a hotel is fixed by its placements."""
    if not row.fixed:
        return list(HOUSING)
    return [HOTEL] if row.is_hotel else [NOT_TEMPORARY, TEMPORARY]


def _add_word(dimension: PlacementDimension, actor: Actor) -> None:
    name = f"term-new-{dimension}"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        typed = st.text_input(
            "Enhetens ord",
            max_chars=placement_terms.LONGEST_WORD,
            key=f"{forms.submit_key(name)}-name",
        )
        forms.field_error(name, "name")
        code = st.selectbox(
            "Räknas som",
            list(CODES[dimension]),
            index=None,
            format_func=sv_title,
            placeholder="Välj",
            key=f"{forms.submit_key(name)}-counts_as",
        )
        forms.field_error(name, "counts_as")
        sent = st.form_submit_button("Lägg till ordet", type="primary")
    if sent:
        new = NewTerm(dimension, typed or "", code)
        save = partial(placement_terms.add_term, new=new, by=actor, key=key)
        forms.run(name, save, "Ordet kan väljas nu.")


def _close_word(row: TermRow, actor: Actor) -> None:
    name = f"term-{row.id}"
    key, shown = forms.submit_key(name), forms.opened(name, row)
    with st.form(key, border=False):
        st.markdown(
            f"{text.safe(shown.name)} räknas som {sv(shown.counts_as)} och finns på "
            f"{shown.used} {text.plural(shown.used, 'placering', 'placeringar')}."
        )
        active = st.checkbox(OFFERED, shown.active, key=f"{forms.submit_key(name)}-active")
        sent = forms.submit(name, "Spara ordet")
    if sent:
        values = (Compared("active", "Kan väljas", shown.active, active, text.yes_no),)

        def save(session: Any) -> int:
            chosen = forms.on_top(name, values)["active"]
            version = forms.version(name, shown.version)
            return placement_terms.set_term_active(
                session, row.id, chosen, version=version, by=actor, key=key
            )

        forms.run(name, save, "Ordet är ändrat.", values=lambda: values)
