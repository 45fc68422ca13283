"""Förändringsplaner: who has a plan, who needs one, and the cases behind each bar."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, Role
from core.charts import change_plans as specs
from core.charts import theme
from core.queries.follow_up import PlanFigures, plan_figures
from core.queries.plan_cases import plan_cases
from core.queries.retained import lists_lack
from core.terms import ALL, PlanStatus
from pages.common import charts, filters, gate, retained_note, text
from pages.common import follow_up_parts as parts
from pages.common.gate import require
from pages.common.tables import Table, table

actor = require(Permission.VIEW_CASES)
st.title("Förändringsplaner", anchor=False)
chosen = filters.bar(actor, permission=Permission.VIEW_CASES)
on = chosen.on
WORST = theme.STATUS_ORDER.index(PlanStatus.OVERDUE)
with db.read() as session:
    plans = plan_figures(session, chosen.scope, on=on)
    lacks = lists_lack(session, chosen.scope, since=on)


def bars(plans: PlanFigures) -> None:
    """Draw a bar for each caseworker, with the same figures as a table."""
    with st.container(border=True):
        st.subheader("Per handläggare", anchor=False)
        charts.key(theme.status_key)
        charts.draw(
            specs.bar_rows(plans.by_caseworker),
            specs.BARS,
            alt="Staplar med hushåll per planstatus för varje handläggare, flest försenade överst. "
            "Samma siffror kan visas som tabell.",
        )
        st.caption(
            "n av N är hushåll med plan av dem som ska ha en. Täckning är andelen med plan, "
            "aktuella är andelen med en plan som är högst fyra månader gammal."
        )
        columns = parts.keyed("Handläggare", parts.PLAN_COLUMNS)
        name = "Förändringsplaner per handläggare"
        look = Table(on=on, permission=Permission.VIEW_CASES)
        parts.as_table(plans.by_caseworker, columns, name=name, actor=actor, look=look)


def trend(plans: PlanFigures) -> None:
    """Draw coverage and current share over twelve months, with the same figures as a table."""
    standing = plans.current.standing
    target = standing.target if standing else None
    with st.container(border=True):
        st.subheader("Tolv månader", anchor=False)
        charts.draw(
            specs.trend_rows(plans.coverage.trend.days, plans.by_month, target),
            specs.TREND,
            alt="Linjer med täckning och andel aktuella planer vid varje månads slut i ett år.",
        )
        columns = parts.keyed("Månad", parts.PLAN_COLUMNS)
        look = Table(on=on, permission=Permission.VIEW_CASES, adds_up=False)
        name = "Förändringsplaner per månad"
        parts.as_table(plans.by_month, columns, name=name, actor=actor, look=look)


checked = [actor]  # the page's own check holds for the fragment's first drawing


@st.fragment
def behind() -> None:
    """Draw the cases behind a bar: whose, and of which status."""
    who = checked.pop() if checked else require(Permission.VIEW_CASES)
    if who != actor:  # another reach since the page was drawn
        st.rerun()
    with st.container(border=True):
        st.subheader("Ärendena bakom staplarna", anchor=False)
        names = [ALL, *specs.worst_first(plans.by_caseworker)]
        name, first = ALL, 0 if who.role is Role.CASEWORKER else 1
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if first:
                name = st.selectbox("Handläggare", names, first, format_func=parts.capital)
            status = st.selectbox(
                "Status", [*theme.STATUS_ORDER, ALL], WORST, format_func=parts.status_word
            )
        with db.read() as session:
            cases = plan_cases(
                session,
                chosen.scope,
                on=on,
                status=None if status == ALL else PlanStatus(status),
                caseworker=None if name == ALL else name,
            )
        gate.seen_rows(who, "plan_cases", chosen.scope)
        st.markdown(f"**{text.number(len(cases))}** {text.plural(len(cases), 'ärende', 'ärenden')}")
        look = Table(on=on, permission=Permission.VIEW_CASES, empty="Inga ärenden i den stapeln.")
        retained_note.draw(lists_lack=lacks)
        rows = parts.case_rows(cases)
        columns = parts.case_columns(one_caseworker=not first or name != ALL, status=status)
        table(rows, columns, name="Förändringsplaner, ärenden", actor=who, look=look)


parts.plan_tiles(plans)
if plans.by_caseworker.empty:
    st.info(
        "Inga hushåll ska ha en förändringsplan den här dagen. Det ska den som har ett ärende med "
        "ekonomiskt bistånd som är remitterat från mottagningen.",
        icon=":material/inbox:",
    )
else:
    bars(plans)
    behind()
trend(plans)
parts.plan_tables(plans, actor, Table(on=on, permission=Permission.VIEW_CASES))
