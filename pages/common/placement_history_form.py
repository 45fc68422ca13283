"""What has been registered on a placement, and the form that takes back a mistake."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.queries.placement_entries import PlacementEntry, Registered, placement_entries
from core.queries.placements import PlacementRow
from core.reports.columns import Column, Kind
from core.services import placement_corrections
from core.services.base import FieldError, RefusedError
from core.terms import sv
from pages.common import forms, text
from pages.common.tables import Table, table

WHOLE = "Hela placeringen"
SURE = "Ja, placeringen ska bort ur listan och ur alla siffror, också bakåt i tiden"
ABOUT = (
    "Det som makuleras räknas inte längre, inte heller bakåt i tiden. Det står kvar i databasen med "
    "vem som makulerade det och när. Registrera det rätta efteråt."
)
COLUMNS = (
    Column("day", "Dag", Kind.DATE),
    Column("what", "Vad"),
    Column("reason", "Skäl"),
    Column("decided_by", "Beslutat av"),
)
_VOID = {
    Registered.DECISION: placement_corrections.void_decision,
    Registered.RATE: placement_corrections.void_rate,
    Registered.REVIEW: placement_corrections.void_review,
}


def correct(name: str, row: PlacementRow, actor: Actor) -> None:
    """Draw what is registered on a placement, and the choice of what was a mistake."""
    scope = row_scope(actor, Permission.MANAGE_PLACEMENTS)
    with db.read() as session:
        found = placement_entries(session, scope, placement_id=row.id)
    shown, entries = forms.opened(name, (row, found))
    _draw(shown, entries, actor)
    labels = {str(place): _label(entry) for place, entry in enumerate(entries)}
    key = forms.submit_key(name)
    with st.form(key, border=False):
        st.markdown(f":small[{ABOUT}]")
        chosen = st.selectbox(
            "Vad är fel?",
            [*labels, WHOLE],
            index=None,
            format_func=lambda value: labels.get(value, value),
            placeholder="Välj",
            key=f"{forms.submit_key(name)}-chosen",
        )
        forms.field_error(name, "chosen")
        sure = st.checkbox(
            SURE,
            help="Behövs bara när hela placeringen makuleras.",
            key=f"{forms.submit_key(name)}-sure",
        )
        forms.field_error(name, "sure")
        sent = forms.submit(name, "Makulera")
    if sent:

        def save(session: Any) -> int:
            if chosen is None:
                raise RefusedError(FieldError("chosen", "Välj vad som är fel."))
            if chosen != WHOLE:
                entry = entries[int(chosen)]
                return _VOID[entry.of](session, entry.id, by=actor, key=key)
            if not sure:
                raise RefusedError(FieldError("sure", "Kryssa i rutan om hela placeringen är fel."))
            version = forms.version(name, shown.version)
            return placement_corrections.void_placement(
                session, row.id, version=version, by=actor, key=key
            )

        forms.run(name, save, f"{shown.reference} är rättad.")


def said(entry: PlacementEntry) -> str:
    """Say in words what a row holds."""
    if entry.of is Registered.RATE:
        assert entry.amount is not None  # noqa: S101  (a rate has one)
        digits = 0 if entry.amount == int(entry.amount) else 2
        return f"dygnskostnad {text.number(entry.amount, digits)} kr från den dagen"
    if entry.of is Registered.REVIEW:
        following = f", nästa {entry.next_review_on}" if entry.next_review_on else ""
        return f"uppföljning{following}"
    until = f"planerat slut {entry.planned_end_on}" if entry.planned_end_on else "tills vidare"
    contract = (entry.contract.name or sv(entry.contract.code)) if entry.contract else ""
    return f"beslut: {entry.provider}, {contract}, {until}"


def _label(entry: PlacementEntry) -> str:
    return f"{entry.day}, {said(entry)}"


def _draw(row: PlacementRow, entries: tuple[PlacementEntry, ...], actor: Actor) -> None:
    values = [
        (one.day, said(one), sv(one.reason) if one.reason else "", one.decided_by)
        for one in entries
    ]
    frame = pd.DataFrame(values, columns=[column.name for column in COLUMNS], dtype=object)
    look = Table(permission=Permission.MANAGE_PLACEMENTS, download=False)
    table(frame, COLUMNS, name=f"Registrerat på {row.reference}", actor=actor, look=look)
