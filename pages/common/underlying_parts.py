"""Pieces of Underliggande resultat: tiles, lines, the items kept apart, and their forms."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.clock import today
from core.queries.underlying import UnderlyingLine, UnderlyingTable
from core.reports.columns import Column, Kind
from core.rules.dates import months_between
from core.services import one_offs
from core.services.one_offs import NewItem
from core.terms import OneOffKind, sv, sv_title
from pages.common import forms, text, tiles
from pages.common.budget_parts import TOTAL, booked
from pages.common.filters import Filters
from pages.common.number_fields import NumberFields
from pages.common.tables import Table, table

LINES = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("outcome_to_date", "Utfall", Kind.KRONOR),
    Column("grants", "Schabloner", Kind.KRONOR),
    Column("one_offs", "Engångsposter", Kind.KRONOR),
    Column("underlying_to_date", "Underliggande utfall", Kind.KRONOR),
    Column("prognosis", "Prognos", Kind.KRONOR),
    Column("underlying_prognosis", "Underliggande prognos", Kind.KRONOR),
    Column("underlying_run_rate", "Underliggande rak framskrivning", Kind.KRONOR),
)
ITEMS = (
    Column("name", "Vad"),
    Column("kind", "Slag"),
    Column("month", "Månad"),
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("amount", "Belopp", Kind.KRONOR),
)
SOURCE = "ekonomisystemets utfall och controllerns poster"


def draw_tiles(found: UnderlyingTable, chosen: Filters) -> None:
    """Draw the unit's outcome, what of it comes once, and what is left."""
    figures = found.total.figures
    apart = figures.grants + figures.one_offs
    with tiles.row():
        tiles.tile("Utfall", text.tkr(figures.outcome_to_date), sub=booked(found.booked_through))
        tiles.tile(
            "Generalschabloner och engångsposter",
            text.tkr(apart),
            sub=f"{text.tkr(figures.grants)} schabloner, {text.tkr(figures.one_offs)} engångs",
        )
        tiles.tile(
            "Underliggande utfall",
            text.tkr(figures.underlying_to_date),
            sub="utfallet utan det som bara kommer en gång",
        )
        tiles.tile(
            f"Underliggande prognos {chosen.on.year}",
            text.tkr(figures.underlying_prognosis),
            sub=f"prognosen är {text.tkr(figures.prognosis)}",
        )


def draw_lines(found: UnderlyingTable, chosen: Filters, actor: Actor) -> None:
    """Draw the lines and the whole unit."""
    rows = [_values(line, line.section) for line in found.lines]
    frame = pd.DataFrame([*rows, _values(found.total, TOTAL)], dtype=object)
    table(frame, LINES, name="Underliggande resultat", actor=actor, look=_look(chosen))
    st.markdown(
        ":small[Kronor, intäkter med minus. Utfallet är generalschabloner + engångsposter + "
        "underliggande. Den underliggande prognosen är prognosen utan årets kända poster. Den "
        "underliggande raka framskrivningen räknar upp det underliggande utfallet till helår och lägger "
        "till posterna en gång.]"
    )


def draw_items(found: UnderlyingTable, chosen: Filters, actor: Actor) -> None:
    """Draw the items that are kept apart."""
    rows = [
        [one.name, sv(one.kind), f"{one.month:%Y-%m}", one.section, one.line, one.amount]
        for one in found.items
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in ITEMS], dtype=object)
    look = _look(chosen)
    st.subheader("Det som hålls isär", anchor=False)
    if frame.empty:
        st.info(
            "Inga generalschabloner eller engångsposter hålls isär i år.", icon=":material/inbox:"
        )
    else:
        table(frame, ITEMS, name="Generalschabloner och engångsposter", actor=actor, look=look)


def add(found: UnderlyingTable, actor: Actor) -> None:
    """Draw the form that keeps an amount apart."""
    name = "one-off-new"
    key, numbers = forms.submit_key(name), NumberFields(name)
    months = months_between(today().replace(month=1, day=1), today())
    labels = {line.line_id: f"{line.section}: {line.line}" for line in found.lines}
    with st.form(key, border=False):
        line_id = st.selectbox(
            "Budgetpost",
            list(labels),
            index=None,
            format_func=lambda one: labels[one],
            placeholder="Vilken post ligger beloppet på?",
            key=f"{key}-line",
        )
        forms.field_error(name, "line_id")
        kinds = list(OneOffKind)
        kind = st.radio("Slag", kinds, format_func=sv_title, horizontal=True, key=f"{key}-kind")
        month = st.selectbox(
            "Månad", months, index=len(months) - 1, format_func=text.month_sv, key=f"{key}-month"
        )
        forms.field_error(name, "month")
        what = st.text_input("Vad", max_chars=120, key=f"{key}-name")
        forms.field_error(name, "name")
        numbers.draw(
            "Belopp i månadens utfall, kronor", "amount", hint="Intäkter skrivs med minus."
        )
        sent = st.form_submit_button("Spara", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewItem(month, kind or kinds[0], what or "", numbers.read()["amount"])
            return one_offs.add_item(session, line_id, new, by=actor, key=key)

        forms.run(name, save, f"{what} hålls isär.")


def void(found: UnderlyingTable, actor: Actor) -> None:
    """Draw the choice of an item and its removal."""
    labels = {
        one.id: f"{one.name}, {text.month_sv(one.month)}, {text.kronor(one.amount)}"
        for one in found.items
    }
    chosen = st.selectbox(
        "Post",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Välj post",
        key="one-off-void",
    )
    if chosen is None:
        return
    name = f"one-off-{chosen}"
    key = forms.submit_key(name)
    if st.button("Makulera", key=f"{name}-button", type="primary"):
        forms.run(
            name,
            lambda session: one_offs.void_item(session, chosen, by=actor, key=key),
            "Posten är makulerad.",
        )


def _look(chosen: Filters) -> Table:
    return Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_BUDGET)


def _values(line: UnderlyingLine, title: str) -> dict[str, object]:
    figures: dict[str, Any] = {
        column.name: getattr(line.figures, column.name)
        for column in LINES
        if column.name not in {"section", "line"}
    }
    return {"section": title, "line": line.line} | figures
