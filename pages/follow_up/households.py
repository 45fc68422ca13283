"""Hushåll: households and people by month, obstacles, closing reasons and flow."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.charts.households import FLOW, MONTHS, OBSTACLES
from core.queries.benefit_months import long_term
from core.queries.cases import closing_reasons, flow, long_obstacles
from core.queries.households import district_months, household_months
from core.queries.keys import By
from core.rules.dates import add_months, month_start
from pages.common import (
    charts,
    district_parts,
    filters,
    flow_parts,
    household_forms,
    household_parts,
    long_term_parts,
    tables,
)
from pages.common.gate import require

MONTHS_SHOWN = 24
actor = require(Permission.VIEW_SUMS)
st.title("Hushåll", anchor=False)
chosen = filters.bar(actor, group=False)
scope, on = chosen.scope, chosen.on
may_edit = actor.may(Permission.EDIT_HOUSEHOLDS)
protected = household_parts.is_protected(actor)
first = add_months(month_start(on), 1 - MONTHS_SHOWN)
period = flow_parts.reason_period(actor, on)
when = flow_parts.period_words(period)
with db.read() as session:
    months = household_months(session, scope, start=first, end=on)
    districts = district_months(session, scope, on=on)
    adults = long_obstacles(session, scope, on=on)
    reasons = closing_reasons(session, scope, start=period.start, end=period.end)
    long_by_month = long_term(session, scope, on=on, by=By.MONTH)
    moves = flow(session, scope, start=add_months(month_start(on), -11), end=on, by=By.MONTH)
    of_period = flow(session, scope, start=period.start, end=period.end, by=By.MONTH)

if months:
    household_parts.month_tiles(months, actor)
    charts.draw(
        household_parts.month_chart(months, actor),
        MONTHS,
        alt=f"Hushåll, vuxna och barn per månad till och med {months[-1].label}.",
    )
    tables.table(
        household_parts.month_rows(months, protected=protected),
        household_parts.MONTH_COLUMNS,
        name="Hushåll per månad",
        actor=actor,
        look=tables.Table(
            source="hushållsstatistiken",
            on=on,
            file=household_parts.month_rows(months, protected=True),
        ),
    )
else:
    household_parts.nothing(may_edit=may_edit)

district_parts.draw(districts, months, actor, on)
long_term_parts.draw(long_by_month, actor, on)

st.subheader("Försörjningshinder", anchor=False)
obstacles = household_parts.obstacle_rows(adults, protected=protected)
if obstacles.empty:
    st.info("Det finns inga öppna hushåll den dagen.", icon=":material/inbox:")
else:
    charts.draw(
        household_parts.obstacle_chart(obstacles),
        OBSTACLES,
        alt=f"Vuxna efter försörjningshinder {on}, delade efter om hindret varat över ett år. "
        f"Överst: {obstacles.iloc[0]['obstacle']}.",
    )
    tables.table(
        obstacles,
        household_parts.OBSTACLE_COLUMNS,
        name="Vuxna efter försörjningshinder",
        actor=actor,
        look=tables.Table(on=on, file=household_parts.obstacle_rows(adults, protected=True)),
    )

st.subheader(f"Flöde och avslut {on.year}", anchor=False)
shown_reasons = flow_parts.reason_rows(reasons, of_period, protected=protected)
flow_parts.flow_tiles(moves, shown_reasons, actor, on.year, when)
by_month = flow_parts.flow_rows(moves, protected=protected)
charts.draw(
    flow_parts.flow_chart(by_month),
    FLOW,
    alt="Öppnade, remitterade och avslutade ärenden de senaste tolv månaderna.",
)
tables.table(
    by_month,
    flow_parts.FLOW_COLUMNS,
    name="Flöde per månad",
    actor=actor,
    look=tables.Table(on=on, file=flow_parts.flow_rows(moves, protected=True)),
)
tables.table(
    shown_reasons,
    flow_parts.REASON_COLUMNS,
    name=f"Avslutsorsaker {when}",
    actor=actor,
    look=tables.Table(
        on=on,
        empty=f"Inga ärenden har avslutats {when}.",
        file=flow_parts.reason_rows(reasons, of_period, protected=True),
    ),
)
if may_edit:
    st.subheader("Skriv in eller räkna fram", anchor=False)
    household_forms.draw(actor)
