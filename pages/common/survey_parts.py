"""Pieces of Medarbetarenkät: whose results are shown, the tables' and the chart's rows, the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Role, Scope, row_scope, unit_scope
from core.charts.theme import remembered
from core.clock import today
from core.queries.staff_survey import SurveyResult, SurveyResults
from core.queries.units import GroupChoice
from core.services.staff_survey import NewResult, record_result
from core.terms import ALL, Fulfilment, sv_title
from pages.common import forms, text
from pages.common.number_fields import NumberFields
from pages.common.tables import Column, Kind

WHOLE_UNIT = "Hela enheten"
INDICES = {
    "AMI": "ami",
    "Ledarskap": "leadership",
    "Motivation": "motivation",
    "Styrning": "steering",
}
COLUMNS = (
    Column("year", "År"),
    Column("group", "Grupp"),
    Column("invited", "Fick enkäten", Kind.COUNT),
    Column("respondents", "Svarade", Kind.COUNT),
    Column("response_rate", "Svarsfrekvens", Kind.SHARE),
    Column("ami", "AMI", Kind.NUMBER, digits=0),
    Column("target", "Mål", Kind.NUMBER, digits=0),
    Column("fulfilment", "Mot målet"),
    Column("leadership", "Ledarskap", Kind.NUMBER),
    Column("motivation", "Motivation", Kind.NUMBER),
    Column("steering", "Styrning", Kind.NUMBER),
    Column("check", "AMI mot delarna"),
)


def scope_of(actor: Actor) -> Scope:
    """Return whose results the actor sees: own group's and the unit's, or everybody's.

    A caseworker sees the unit's only.
    """
    narrow = actor.role in {Role.GROUP_MANAGER, Role.CASEWORKER}
    return row_scope(actor) if narrow else unit_scope(actor)


def until(results: SurveyResults, year: int) -> SurveyResults:
    """Return the results of the years through one."""
    return SurveyResults(
        tuple(row for row in results.rows if row.year <= year),
        tuple((of_year, count) for of_year, count in results.hidden if of_year <= year),
    )


@remembered
def table_rows(results: SurveyResults) -> pd.DataFrame:
    """Return the table's rows, the latest year first."""
    rows = [_row(result) for result in results.rows]
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS], dtype=object)
    return frame.sort_values("year", ascending=False, kind="stable")


@remembered
def chart_rows(results: SurveyResults, index: str) -> pd.DataFrame:
    """Return the chart's rows of one index: year, group, value, target, shown, answers, label."""
    known = [row for row in results.rows if getattr(row, index) is not None]
    chosen = sorted(known, key=lambda row: row.group != ALL)
    return pd.DataFrame(
        [
            {
                "year": str(row.year),
                "group": group_name(row),
                "value": getattr(row, index),
                "target": row.target if index == "ami" else None,
                "shown": text.plain_number(getattr(row, index), 1),
                "answers": text.share_of(row.respondents, row.invited),
                "label": text.plain_number(getattr(row, index), 1) if row.group == ALL else "",
            }
            for row in chosen
        ],
        columns=["year", "group", "value", "target", "shown", "answers", "label"],
    )


def left_out(results: SurveyResults) -> str:
    """Return in words which years' groups are not shown, and why; "" without any."""
    words = ""
    if results.hidden:
        years = ", ".join(str(year) for year, _ in results.hidden)
        words = f"Grupper med färre än fem svarande visas aldrig. Det gäller {years}."
    if results.covering:
        years = ", ".join(map(str, results.covering))
        words += (
            f" Ytterligare en grupp är dold {years}, för att deras svar annars går att räkna ut."
        )
    return words.strip()


def group_name(row: SurveyResult) -> str:
    """Return a group's name, the whole unit's in words."""
    return WHOLE_UNIT if row.group == ALL else row.group


def mismatches(rows: Sequence[SurveyResult]) -> list[str]:
    """Return in words each stated AMI that its parts contradict."""
    return [
        f"{text.safe(group_name(row))} {row.year}: AMI {text.plain_number(row.ami, 1)}, "
        f"medelvärdet av delarna är {text.number(row.mean, 1)}"
        for row in rows
        if row.mismatch
    ]


def form(actor: Actor, groups: Sequence[GroupChoice]) -> None:
    """Draw the form of a year's result."""
    name = "staff-survey"
    numbers, counts = NumberFields(name), NumberFields(name)
    names = {None: WHOLE_UNIT} | {group.id: group.name for group in groups}
    with st.form(forms.submit_key(name), border=False):
        left, middle, right = st.columns(3)
        with left:
            year = st.number_input(
                "År", 2000, today().year, today().year, step=1, key=f"{forms.submit_key(name)}-year"
            )
            forms.field_error(name, "year")
            group_id = st.selectbox(
                "Grupp",
                list(names),
                format_func=names.__getitem__,
                key=f"{forms.submit_key(name)}-group_id",
            )
        with middle:
            counts.draw("Fick enkäten (antal)", "invited", digits=0)
            counts.draw("Svarade (antal)", "respondents", digits=0)
        with right:
            numbers.draw("Mål för AMI", "target", digits=4)
        for column, (label, field) in zip(st.columns(4), INDICES.items(), strict=True):
            with column:
                numbers.draw(label, field, digits=4, hint="Index från 0 till 100.")
        sent = st.form_submit_button("Spara resultatet", type="primary")
    if sent:
        key = forms.submit_key(name)

        def save(session: Any) -> int:
            answered, index = counts.whole(), numbers.read()
            new = NewResult(
                year=int(year),
                group_id=group_id,
                invited=answered["invited"] or 0,
                respondents=answered["respondents"] or 0,
                ami=index["ami"],
                leadership=index["leadership"],
                motivation=index["motivation"],
                steering=index["steering"],
                target=index["target"],
            )
            return record_result(session, new, by=actor, key=key)

        forms.run(name, save, f"Resultatet för {text.safe(names[group_id])} {year} är sparat.")


def _row(result: SurveyResult) -> list[object]:
    return [
        str(result.year),
        group_name(result),
        result.invited,
        result.respondents,
        result.response_rate,
        result.ami,
        result.target,
        None if result.fulfilment is Fulfilment.NO_TARGET else sv_title(result.fulfilment),
        result.leadership,
        result.motivation,
        result.steering,
        _check(result),
    ]


def _check(result: SurveyResult) -> str | None:
    if result.mismatch is None:
        return None
    mean = text.number(result.mean, 1)
    return f"Stämmer inte: delarna ger {mean}" if result.mismatch else "Stämmer"
