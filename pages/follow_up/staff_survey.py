"""Medarbetarenkät: AMI and its parts over the years, by group, with target and answer rate."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import streamlit as st

from core import db
from core.auth import Permission
from core.charts.staff_survey import INDICES as CHART
from core.queries.staff_survey import latest_year, survey_results
from core.queries.units import choices
from core.terms import ALL, Direction
from pages.common import charts, filters, survey_parts, tables, text, tiles
from pages.common.gate import require

actor = require(Permission.VIEW_SUMS)
st.title("Medarbetarenkät", anchor=False)
chosen = filters.bar(actor, group=False)
on: dt.date = chosen.on
with db.read() as session:
    known = survey_results(session, survey_parts.scope_of(actor))
    groups = choices(session, chosen.scope).groups
may_edit = actor.may(Permission.EDIT_STAFF_SURVEY)
stated = survey_parts.until(known, on.year)
protected = stated.protected()
results = stated if may_edit else protected


def show_tiles() -> None:
    """Draw the whole unit's latest year, with the change since the result before it."""
    whole = [row for row in results.rows if row.group == ALL]
    last, before = whole[-1], whole[-2] if len(whole) > 1 else None
    source = f"Medarbetarenkäten {last.year}"
    with tiles.row():
        for label, field in survey_parts.INDICES.items():
            value = getattr(last, field)
            earlier = getattr(before, field) if before else None
            change = None
            if value is not None and earlier is not None and before is not None:
                moved = Fraction(value) - Fraction(earlier)
                change = tiles.Change(moved, "", f"sedan {before.year}", Direction.HIGHER)
            is_ami = field == "ami"
            tiles.tile(
                "AMI, Aktivt Medskapandeindex" if is_ami else label,
                text.number(value),
                sub=_made_of(last.respondents, last.invited, last.response_rate) if is_ami else "",
                fulfilment=last.fulfilment if is_ami and last.target is not None else None,
                change=change,
                series=[getattr(row, field) for row in whole],
                source=f"{source} · mål {text.number(last.target)}"
                if is_ami and last.target is not None
                else source,
            )


def _made_of(answered: int, invited: int, rate: Fraction | None) -> str:
    return f"{text.share_of(answered, invited)} svarade, {text.percent(rate)}"


if not results.rows:
    st.info(
        "Det finns inga resultat att visa än."
        + (" Skriv in årets resultat nedan." if may_edit else ""),
        icon=":material/inbox:",
    )
if latest_year((row for row in results.rows if row.group == ALL), on) is not None:
    show_tiles()
for words in survey_parts.mismatches(results.rows):
    st.warning(f"AMI stämmer inte med sina delar. {words}.", icon=":material/rule:")
if results.rows:
    label = st.segmented_control(
        "Vilket index?", list(survey_parts.INDICES), default="AMI", required=True
    )
    index = survey_parts.INDICES[label or "AMI"]
    rows = survey_parts.chart_rows(results, index)
    if rows.empty:
        st.info(f"Inget resultat anger {label}.", icon=":material/inbox:")
    else:
        last = rows.iloc[-1]
        charts.draw(
            rows,
            CHART,
            alt=f"{label} per år för enheten och dess grupper. "
            f"Senast {last['group']} {last['year']}: {last['shown']}.",
        )
    tables.table(
        survey_parts.table_rows(results),
        survey_parts.COLUMNS,
        name="Medarbetarenkät",
        actor=actor,
        look=tables.Table(
            source="medarbetarenkäten",
            on=on,
            adds_up=False,
            file=survey_parts.table_rows(protected),
        ),
    )
left_out = survey_parts.left_out(results)
if left_out:
    st.info(left_out, icon=":material/visibility_off:")
if may_edit:
    st.subheader("Skriv in ett resultat", anchor=False)
    st.caption("Ett nytt resultat för samma år och grupp ersätter det tidigare, som sparas.")
    survey_parts.form(actor, groups)
