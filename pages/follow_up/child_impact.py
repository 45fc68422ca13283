"""BKA: impact analyses of adverse decisions, those that are missing, and registering them."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.charts import child_impact as specs
from core.queries.follow_up import BkaFigures, bka_figures
from core.queries.retained import lists_lack
from core.terms import AnalysisStatus
from pages.common import bka_forms, charts, filters, gate, retained_note
from pages.common import follow_up_parts as parts
from pages.common.gate import require
from pages.common.tables import Table, table

actor = require(Permission.VIEW_CASES)
st.title("BKA", help="Barnkonsekvensanalyser vid negativa beslut", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_CASES)
on = chosen.on
with db.read() as session:
    shown = bka_figures(session, chosen.scope, on=on)
    lacks = lists_lack(session, chosen.scope, since=shown.since)
gate.seen_rows(actor, "child_impact", chosen.scope)


def by_month(shown: BkaFigures) -> None:
    """Draw the children by analysis and the coverage for each of twelve months."""
    with st.container(border=True):
        st.subheader("Barn per månad, med täckning i procent", anchor=False)
        charts.key(specs.status_key)
        charts.draw(
            specs.month_rows(shown.months, shown.by_month),
            specs.MONTHS,
            alt="Staplar med barn per månad efter om analysen fanns, med täckning i procent ovanför.",
        )
        columns = parts.keyed("Månad", parts.BKA_COLUMNS)
        look = Table(on=on, permission=Permission.VIEW_CASES, adds_up=False)
        parts.as_table(shown.by_month, columns, name="BKA per månad", actor=actor, look=look)


def by_caseworker(shown: BkaFigures) -> None:
    """Draw the children by analysis and the coverage for each caseworker."""
    with st.container(border=True):
        st.subheader("Per handläggare, tolv månader", anchor=False)
        charts.key(specs.status_key)
        charts.draw(
            specs.caseworker_rows(shown.by_caseworker),
            specs.CASEWORKERS,
            alt="Staplar med barn per handläggare efter om analysen fanns, flest saknade överst.",
        )
        columns = parts.keyed("Handläggare", parts.BKA_COLUMNS)
        look = Table(on=on, permission=Permission.VIEW_CASES)
        name = "BKA per handläggare"
        parts.as_table(shown.by_caseworker, columns, name=name, actor=actor, look=look)


def report() -> None:
    """Draw how an analysis is added to a child that lacks one, and how a decision is registered."""
    missing = [child for child in shown.not_in_time if child.status is AnalysisStatus.MISSING]
    if missing:
        with st.expander("Lägg till en analys", icon=":material/edit_note:"):
            bka_forms.add_analyses(missing, actor)
    with st.expander("Registrera ett negativt beslut", icon=":material/add:"):
        bka_forms.register(actor)


parts.bka_tiles(shown)
if shown.total["decisions"].iloc[0]:
    left, right = st.columns(2, gap="medium")
    with left:
        by_month(shown)
        report()
    with right:
        by_caseworker(shown)
else:
    st.info(
        "Inga negativa beslut som berör barn de senaste tolv månaderna. Registrera ett beslut "
        "nedanför.",
        icon=":material/inbox:",
    )
    report()
look = Table(on=on, permission=Permission.VIEW_CASES, empty="Alla analyser är gjorda i tid.")
rows = parts.child_rows(shown.not_in_time)
name = f"Saknade och sena analyser sedan {shown.since}"
retained_note.draw(lists_lack=lacks)
table(rows, parts.CHILD_COLUMNS, name=name, actor=actor, look=look)
