"""The forms of Prognosrunda: open, hand over, approve or send back, a new version, the limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.auth import Actor
from core.queries.prognosis_rounds import RoundView, SetLimits
from core.services import prognosis_rounds as rounds
from core.services.base import FieldError, RefusedError
from core.services.round_limits import set_limits
from pages.common import forms, text
from pages.common import round_drafts as drafts
from pages.common.conflicts import Compared
from pages.common.number_fields import NumberFields
from pages.common.round_lines import hand_over_form

HINT = "Hela kronor, till exempel 100 000."
UNSAVED = "Det du skrev är inte sparat. Rätta eller bekräfta det innan rundan lämnas."


def open_round(month: dt.date, actor: Actor) -> None:
    """Draw the button that opens a month's round."""

    def save(session: Any, key: str) -> int:
        return rounds.open_round(session, month, by=actor, key=key)

    name = f"round-open-{month}"
    _one_button(name, f"Öppna rundan för {text.month_sv(month)}", save, "Rundan är öppnad.")


def new_version(view: RoundView, actor: Actor) -> None:
    """Draw the button that opens a new version of an approved round."""

    def save(session: Any, key: str) -> int:
        return rounds.open_version(session, view.head.id, by=actor, key=key)

    said = f"Version {view.head.number + 1} är öppnad."
    _one_button(f"round-version-{view.head.id}", "Öppna en ny version", save, said)


def refresh(view: RoundView, actor: Actor) -> None:
    """Draw the button that fetches outcome and computed prognoses anew."""
    name = _refresh_form(view)
    known = forms.opened(name, view.head.version)

    def save(session: Any, key: str) -> int:
        version = forms.version(name, known)
        return rounds.refresh(session, view.head.id, version=version, by=actor, key=key)

    said, handed_over = "Siffrorna är hämtade.", hand_over_form(view)
    _one_button(name, "Hämta nya siffror", save, said, main=False, moves=handed_over)


def hand_over(view: RoundView, actor: Actor) -> None:
    """Draw the button that hands the round over; what is missing is told at each line."""
    name = hand_over_form(view)
    known = forms.opened(name, view.head.version)

    def save(session: Any, key: str) -> int:
        unsaved = [line for line in view.lines if drafts.unsaved(line)]
        if unsaved:
            raise RefusedError(*(FieldError(f"line-{line.id}", UNSAVED) for line in unsaved))
        version = forms.version(name, known)
        return rounds.hand_over(session, view.head.id, version=version, by=actor, key=key)

    said = "Rundan är lämnad till enhetschefen."
    _one_button(name, "Lämna till enhetschefen", save, said, moves=_refresh_form(view))


def decide(view: RoundView, actor: Actor) -> None:
    """Draw the manager's comment to the whole round, and the choice to approve or send back."""
    name = f"round-decide-{view.head.id}"
    key, known = forms.submit_key(name), forms.opened(name, view.head.version)
    with st.form(key, border=False):
        comment = st.text_area("Kommentar till hela rundan", max_chars=1000, key=f"{key}-comment")
        forms.field_error(name, "comment")
        with st.container(horizontal=True):
            approved = st.form_submit_button("Godkänn och lås", type="primary")
            returned = st.form_submit_button("Skicka tillbaka")
    if not approved and not returned:
        return
    write = rounds.approve if approved else rounds.send_back

    def save(session: Any) -> int:
        version = forms.version(name, known)
        return write(session, view.head.id, comment or "", version=version, by=actor, key=key)

    said = "Rundan är godkänd och låst." if approved else "Rundan är skickad till controllern."
    forms.run(name, save, said)


def limits(found: SetLimits, actor: Actor) -> None:
    """Draw the form of what a line may deviate and move without a comment."""
    name = "round-limits"
    key, shown = forms.submit_key(name), forms.opened(name, found)
    numbers = NumberFields(name)
    with st.form(key, border=False):
        for label, field, now in (
            ("Avvikelse mot budget, kronor", "deviation", shown.limits.deviation),
            ("Ändring sedan förra månaden, kronor", "change", shown.limits.change),
        ):
            numbers.draw(label, field, hint=HINT, value=text.plain_number(now, 2))
        sent = forms.submit(name, "Spara gränserna")

    def values() -> Sequence[Compared]:
        typed, was = numbers.read(), shown.limits
        return [
            Compared("deviation", "Avvikelse", was.deviation, typed["deviation"], text.kronor),
            Compared("change", "Ändring", was.change, typed["change"], text.kronor),
        ]

    def save(session: Any) -> int:
        numbers.read()
        fields = forms.on_top(name, values())
        version = forms.version(name, shown.version)
        return set_limits(session, **fields, version=version, by=actor, key=key)

    if sent:
        forms.run(name, save, "Gränserna är sparade.", values=values)


def _refresh_form(view: RoundView) -> str:
    return f"round-refresh-{view.head.id}"


def _one_button(
    name: str,
    label: str,
    save: Callable[[Any, str], int],
    said: str,
    *,
    main: bool = True,
    moves: str = "",
) -> None:
    """Draw a form that is only a button.

    `moves` names the form of the same row beside it, which then opens anew: the own save is no
    change by somebody else.
    """
    key = forms.submit_key(name)
    with st.form(key, border=False, width="content"):
        sent = st.form_submit_button(label, type="primary" if main else "secondary")
    if sent:
        forms.run(
            name,
            lambda session: save(session, key),
            said,
            after=lambda _saved: forms.forget(moves),
        )
