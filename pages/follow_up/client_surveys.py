"""Brukarundersökningar: what clients answered, question by question, over time."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import db
from core.auth import Permission, Role
from core.charts import client_surveys as specs
from core.queries.client_surveys import client_survey_results
from core.queries.units import choices
from core.rules.client_surveys import Scale
from core.terms import ClientSurveyKind, sv_title
from pages.common import charts, client_survey_forms, client_survey_parts, filters, tables
from pages.common.gate import require

actor = require(Permission.VIEW_SUMS)
st.title("Brukarundersökningar", anchor=False)
chosen = filters.bar(actor, group=False)
on = chosen.on
hide = actor.role is Role.READER
may_edit = actor.may(Permission.EDIT_CLIENT_SURVEYS)
with db.read() as session:
    known = client_survey_results(session, client_survey_parts.scope_of(actor), on=on)
    groups = choices(session, chosen.scope).groups
results = client_survey_parts.seen_by(known, actor)


def show(kind: ClientSurveyKind) -> None:
    """Draw a kind of survey: the latest in tiles, each question over time, and all the numbers."""
    of_kind = [result for result in results if result.kind is kind]
    client_survey_parts.draw_tiles(of_kind, actor)
    for scale in Scale:
        of_scale = tuple(result for result in of_kind if result.scale is scale)
        if of_scale:
            over_time(of_scale, scale)
            name = f"{sv_title(kind)}, {client_survey_forms.SCALE_WORDS[scale]}"
            tables.table(
                client_survey_parts.table_rows(of_scale, hide=hide),
                client_survey_parts.columns(of_scale),
                name=name,
                actor=actor,
                look=tables.Table(
                    source="brukarundersökningar",
                    on=on,
                    file=client_survey_parts.table_rows(of_scale, hide=True),
                ),
            )


def over_time(of_scale: client_survey_parts.Results, scale: Scale) -> None:
    """Draw how one question has been answered, survey by survey."""
    question = st.selectbox(
        "Fråga", client_survey_parts.questions(of_scale), key=f"question-{scale}"
    )
    rows = client_survey_parts.chart_rows(of_scale, question, hide=hide)
    if rows.empty:
        st.info("För få har svarat för att visa svaren.", icon=":material/visibility_off:")
        return
    charts.key(partial(specs.key, scale))
    charts.draw(
        rows,
        specs.ANSWERS_BY_SURVEY,
        alt=f"Andel av varje svar på frågan ”{question}”, en stapel för varje undersökning.",
    )
    if rows["survey"].nunique() < sum(result.question == question for result in of_scale):
        st.caption("Undersökningar där få har gett något av svaren är inte med i diagrammet.")


if results:
    kinds = [kind for kind in ClientSurveyKind if any(r.kind is kind for r in results)]
    kind = st.segmented_control(
        "Vilken undersökning?", kinds, default=kinds[0], format_func=sv_title, required=True
    )
    show(kind or kinds[0])
    if hide:
        st.caption("Uppdelning på kön visas bara när minst fem har gett varje svar.")
else:
    st.info(
        "Det finns inga brukarundersökningar än."
        + (" Skriv in svaren nedan, eller läs in en fil." if may_edit else ""),
        icon=":material/inbox:",
    )
if may_edit:
    client_survey_forms.draw(actor, known, groups)
