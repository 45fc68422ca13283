"""Händelselogg: who did, saw, took out or was refused what, and whether the log is whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from core import db
from core.audit_words import KINDS
from core.auth import Permission
from core.clock import STOCKHOLM, now
from core.queries import audit
from core.queries.audit import Wanted
from pages.common import log_parts
from pages.common.gate import require

PAGE_SIZE = 50
DAYS = 7
EVERYBODY, ALL = "alla", "alla"
actor = require(Permission.VIEW_AUDIT)
st.title("Händelselogg", anchor=False)
with db.read() as session:
    people = audit.people(session, by=actor)
    units = audit.units(session, by=actor)
real_today = now().astimezone(STOCKHOLM).date()
log_parts.chain_status()


def choice(label: str, options: dict[Any, str], none: str = ALL) -> Any:
    """Draw a choice among some codes by their words, with one that takes all."""
    return st.selectbox(
        label, [None, *options], format_func=lambda one: none if one is None else options[one]
    )


with st.container(horizontal=True, vertical_alignment="bottom"):
    start = st.date_input(
        "Från", real_today - dt.timedelta(days=DAYS - 1), max_value=real_today, format="YYYY-MM-DD"
    )
    end = st.date_input("Till", real_today, max_value=real_today, format="YYYY-MM-DD")
    kind = choice("Slag", KINDS)
    actions = choice("Händelse", log_parts.actions_of(kind))
    user_id = choice("Person", people, EVERYBODY)
    unit_id = choice("Enhet", units) if len(units) > 1 else None
wanted = Wanted(start, end, user_id, kind, actions or (), unit_id)
if start > end:
    st.warning("Från ligger efter Till.", icon=":material/event_busy:")
    st.stop()

before = log_parts.cursor(wanted)
with db.read() as session:
    shown = audit.events(session, wanted, by=actor, size=PAGE_SIZE, before=before)
log_parts.draw(shown, wanted, actor)
