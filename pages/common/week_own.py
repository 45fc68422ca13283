"""Own figures in Min vecka, with what they count towards, and how they have developed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from core import db
from core.auth import Actor, Permission, row_scope
from core.charts import own_development as specs
from core.charts.theme import remembered
from core.queries.cases import load
from core.queries.change_plans import change_plans
from core.queries.child_impact import bka
from core.queries.indicators import Thread, thread_for
from core.queries.keys import By
from core.queries.own_development import Development, Month, own_development
from core.reports.columns import Column, Kind
from core.rules.dates import year_of
from core.rules.own_development import FEWEST
from core.terms import ComputedFigure
from pages.common import charts, text, threads
from pages.common.tables import Table, table

FIGURES = (
    ComputedFigure.PLANS_COVERAGE,
    ComputedFigure.PLANS_CURRENT_SHARE,
    ComputedFigure.BKA_COVERAGE,
)
COLUMNS = (
    Column("day", "Dag", Kind.DATE),
    Column("coverage", "Min täckning", Kind.SHARE),
    Column("group_coverage", "Gruppens median", Kind.SHARE),
    Column("current", "Mina aktuella", Kind.SHARE),
    Column("group_current", "Gruppens median, aktuella", Kind.SHARE),
)


@dataclass(frozen=True, slots=True)
class Own:
    """The rows of the own figures, and the indicators that three of them count towards."""

    plans: dict[str, Any]
    load: dict[str, Any]
    children: dict[str, Any]
    threads: tuple[Thread | None, ...]


def read(session: Any, actor: Actor, on: dt.date) -> Own:
    """Return the own figures on a day."""
    scope, start = row_scope(actor), year_of(on).start
    return Own(
        _row(change_plans(session, scope, on=on, by=By.NONE)),
        _row(load(session, scope, on=on, by=By.NONE)),
        _row(bka(session, scope, start=start, end=on, today=on, by=By.NONE)),
        tuple(thread_for(session, scope, figure, on=on) for figure in FIGURES),
    )


def draw(own: Own, actor: Actor, on: dt.date) -> None:
    """Draw the own figures, and their development when it is asked for."""
    plans, held, children = own.plans, own.load, own.children
    covered, current, analysed = own.threads
    base = plans["open"] - plans["exempt"]
    planned = plans["current"] + plans["outdated"]
    st.subheader("Mina siffror", anchor=False)
    _figure("Täckning, förändringsplaner", planned, base, "hushåll har en plan", covered)
    _figure("Andel aktuella planer", plans["current"], base, "hushåll", current)
    _figure(f"BKA {on.year}", children["done"], children["children"], "barn i tid", analysed)
    for goals in dict.fromkeys(found.goals for found in (covered, current, analysed) if found):
        st.markdown(threads.chain(goals))
    other = f"och {text.number(held['other_cases'])} andra pågående ärenden"
    st.markdown(f"**{text.number(held['households'])}** hushåll :small[{other}]")
    box = st.expander("Min utveckling, tolv månader", key="week-own", on_change="rerun")
    if box.open:
        with box:
            development(actor, on)


def development(actor: Actor, on: dt.date) -> None:
    """Draw the own shares over twelve months beside the group's median."""
    with db.read() as session:
        found = own_development(session, row_scope(actor), on=on)
    for name, own, group in (
        ("Täckning", "coverage", "group_coverage"),
        ("Andel aktuella planer", "current", "group_current"),
    ):
        st.markdown(f"**{name}**")
        alt = f"{name} vid varje månads slut i ett år, din linje och gruppens median."
        charts.draw(chart_rows(found.months, own, group), specs.LINES, alt=alt)
    st.caption(_about(found))
    if st.toggle("Visa som tabell", key="week-own-table"):
        look = Table(on=on, permission=Permission.VIEW_OWN_WEEK, adds_up=False)
        table(own_rows(found.months), list(COLUMNS), name="Min utveckling", actor=actor, look=look)


@remembered
def chart_rows(months: tuple[Month, ...], own: str, group: str) -> pd.DataFrame:
    """Return a chart's rows of two of the months' shares."""
    days = [month.day for month in months]
    mine, median = ([getattr(month, name) for month in months] for name in (own, group))
    return specs.rows(days, mine, median)


@remembered
def own_rows(months: tuple[Month, ...]) -> pd.DataFrame:
    """Return months as the rows of a table with `COLUMNS`."""
    names = [column.name for column in COLUMNS]
    rows = [[getattr(month, name) for name in names] for month in months]
    return pd.DataFrame(rows, columns=pd.Index(names), dtype=object)


def _about(found: Development) -> str:
    """Return whose the median is, or why there is none."""
    if found.group is None:
        return "Du hör inte till någon grupp, så det finns ingen median att jämföra med."
    if found.has_median:
        return (
            f"Gruppens median är den mittersta av handläggarna i {text.safe(found.group)}. "
            f"Den visas de månader då minst {FEWEST} av dem hade ärenden, och ingens siffra visas."
        )
    return (
        f"I {text.safe(found.group)} har färre än {FEWEST} handläggare ärenden. Medianen visas inte, "
        "för den skulle röja enskilda kollegor."
    )


def _figure(label: str, part: int, whole: int, noun: str, found: Thread | None) -> None:
    share = Fraction(part, whole) if whole else None
    with st.container(border=True, gap="small"):
        st.metric(label, text.percent(share))
        lines = [f":small[{text.share_of(part, whole)} {noun}]"]
        if found is not None:
            lines.append(threads.line(found))
        st.markdown("  \n".join(lines))


def _row(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): frame[name].iloc[0] for name in frame.columns}
