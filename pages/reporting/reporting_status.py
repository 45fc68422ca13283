"""Rapporteringsläge: who has reported what, who is late, and what comes next."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, Role
from core.clock import today
from core.queries.measure_overview import overview
from core.queries.measure_points import reporting_status
from core.queries.reminders import snoozed
from core.queries.reporting import by_person, by_point, deadlines, in_short
from core.rules.dates import add_months
from pages.common import filters, gate, menu, reporting_forms
from pages.common import reporting_parts as parts
from pages.common.gate import require
from pages.common.measure_point_parts import tell_past
from pages.common.tables import Table, table

actor = require(Permission.VIEW_REPORTING)
own = actor.role is Role.CASEWORKER
st.title("Rapporteringsläge", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_REPORTING)
scope, on = chosen.scope, chosen.on
period = parts.chosen_period(on)
with db.read() as session:
    if period is None:
        rows = reporting_status(session, scope, on=on)
    else:
        rows = reporting_status(session, scope, on=on, start=period[0], end=period[1])
    put_off = snoozed(session, scope, on=on)
    points = overview(session, scope, on=today()) if actor.may(Permission.EDIT_MEASURES) else ()
    coming = deadlines(session, scope, on=on, until=add_months(on, parts.AHEAD_MONTHS))
gate.seen_rows(actor, "reporting", scope)
short = in_short(rows)
look = Table(on=on, permission=Permission.VIEW_REPORTING)


def remind() -> None:
    """Draw who is late as a text to copy into a mail."""
    with st.expander("Påminnelse att klistra in i ett mejl", icon=":material/mail:"):
        st.caption("Kopiera texten med knappen uppe till höger i rutan.")
        st.code(parts.reminder_text(short.late), language=None, wrap_lines=True, height=320)


def people() -> None:
    """Draw the rows by person, of one state at a time."""
    with st.container(border=True):
        st.subheader("Mina rapporter" if own else "Per person", anchor=False)
        first = "Försenade" if short.late else "Att rapportera"
        state = st.segmented_control(
            "Visa", list(parts.SHOWN), default=first, required=True, key="reporting-state"
        )
        shown = by_person(rows, parts.SHOWN[state or first])
        empty = "Inget att visa här för den valda perioden."
        name = f"Rapportering, {(state or first).lower()}"
        how = Table(on=on, permission=Permission.VIEW_REPORTING, empty=empty)
        columns = parts.OWN_COLUMNS if own else parts.ROW_COLUMNS
        table(parts.in_words(shown), columns, name=name, actor=actor, look=how)
        if short.late and not own:
            remind()


tell_past(points)
parts.short_tiles(short, len(put_off))
parts.calendar_button(coming, chosen.unit_name, scope.unit_id)
if rows:
    people()
    if not own:
        frame = parts.in_words(by_point(rows))
        table(frame, parts.POINT_COLUMNS, name="Per mätpunkt", actor=actor, look=look)
else:
    st.info(
        "Inget är att rapportera den här tiden. Metodutvecklaren bestämmer på sidan Mätpunkter vad "
        "som ska räknas, av vem och när.",
        icon=":material/inbox:",
    )
if own:
    week = menu.page_of("min-vecka")
    if week is not None:
        st.page_link(week, label="Rapportera i Min vecka", icon=":material/view_week:")
else:
    reporting_forms.draw(actor)
if put_off:
    name = "Uppskjutna påminnelser"
    table(parts.snooze_rows(put_off), parts.SNOOZE_COLUMNS, name=name, actor=actor, look=look)
