"""The forms of Brukarundersökningar: a question's answers typed in, and a survey taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.client_surveys import QuestionResult
from core.queries.units import GroupChoice
from core.rules.client_surveys import ANSWERS, USUAL_SCALE, Scale
from core.rules.dates import add_months, month_end, month_start
from core.services.base import Checks
from core.services.client_surveys import NewAnswers, Survey, record_answers, void_survey
from core.terms import ClientAnswer, ClientSurveyKind, Gender, sv, sv_title
from pages.common import forms, text
from pages.common.client_survey_parts import WHOLE_UNIT, survey_name
from pages.common.number_fields import NumberFields

RECORD = "Skriv in svaren på en fråga"
VOID = "Ta bort en undersökning"
EARLIEST = dt.date(2000, 1, 1)
SCALE_WORDS = {Scale.SATISFACTION: "ja, delvis, nej", Scale.CHANGE: "bättre, oförändrat, sämre"}
Groups = Sequence[GroupChoice]


def draw(actor: Actor, results: Sequence[QuestionResult], groups: Groups) -> None:
    """Draw both forms, folded until somebody opens them."""
    box = st.expander(RECORD, icon=":material/edit:", key=RECORD, on_change="rerun")
    if box.open:
        with box:
            _record(actor, results, groups)
    typed = [result for result in results if result.survey_id is not None]
    if typed:
        box = st.expander(VOID, icon=":material/delete:", key=VOID, on_change="rerun")
        if box.open:
            with box:
                _void(actor, typed)


def _record(actor: Actor, results: Sequence[QuestionResult], groups: Groups) -> None:
    name = "client-survey"
    key = forms.submit_key(name)
    kinds, scales = list(ClientSurveyKind), list(Scale)
    left, right = st.columns(2)
    with left:
        kind = kinds[0]
        kind = st.selectbox("Undersökning", kinds, format_func=sv_title, key=f"{key}-kind") or kind
    with right:
        usual = USUAL_SCALE[kind]
        scale = st.selectbox(
            "Svaren är",
            scales,
            index=scales.index(usual),
            format_func=SCALE_WORDS.__getitem__,
            key=f"{key}-scale-{kind}",
        )
    by_gender = st.toggle("Svaren är uppdelade på kön", value=True, key=f"{key}-gender")
    with st.form(key, border=False):
        survey = _survey(name, kind, groups)
        known = list(dict.fromkeys(one.question for one in results if one.kind is kind))
        question = st.selectbox(
            "Fråga",
            known,
            index=None,
            accept_new_options=True,
            placeholder="Välj en fråga eller skriv en ny",
            key=f"{key}-question",
        )
        forms.field_error(name, "question")
        amounts = _Amounts(name, ANSWERS[scale or usual], by_gender=by_gender)
        forms.field_error(name, "amounts")
        st.caption("Samma fråga i samma undersökning en gång till ersätter svaren.")
        sent = st.form_submit_button("Spara svaren", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewAnswers(survey, question or "", amounts.read())
            return record_answers(session, new, by=actor, key=key)

        forms.run(name, save, f"Svaren på ”{text.safe(question or '')}” är sparade.")


def _survey(name: str, kind: ClientSurveyKind, groups: Groups) -> Survey:
    last_month = add_months(month_start(today()), -1)
    names = {None: WHOLE_UNIT} | {group.id: group.name for group in groups}
    left, middle, right = st.columns(3)
    with left:
        starts_on = st.date_input(
            "Första dagen",
            last_month,
            EARLIEST,
            format="YYYY-MM-DD",
            key=f"{forms.submit_key(name)}-starts_on",
        )
        forms.field_error(name, "starts_on")
    with middle:
        ends_on = st.date_input(
            "Sista dagen",
            month_end(last_month),
            EARLIEST,
            format="YYYY-MM-DD",
            key=f"{forms.submit_key(name)}-ends_on",
        )
        forms.field_error(name, "ends_on")
    with right:
        group_id = st.selectbox(
            "Gäller",
            list(names),
            format_func=names.__getitem__,
            key=f"{forms.submit_key(name)}-group_id",
        )
    return Survey(kind, starts_on, ends_on, group_id)


class _Amounts:
    """The fields of how many gave each answer, a row for each gender or one for everybody."""

    def __init__(self, form: str, answers: Sequence[ClientAnswer], *, by_gender: bool) -> None:
        self.fields = NumberFields(form)
        self.places: dict[str, tuple[ClientAnswer, Gender | None]] = {}
        genders: list[Gender | None] = [*Gender] if by_gender else [None]
        for gender in genders:
            whose = sv_title(gender) if gender else "Antal"
            for column, answer in zip(st.columns(len(answers)), answers, strict=True):
                field = f"{answer.value}-{gender.value if gender else 'all'}"
                self.places[field] = (answer, gender)
                with column:
                    self.fields.draw(f"{whose}, {sv(answer)}", field, digits=0)

    def read(self) -> dict[tuple[ClientAnswer, Gender | None], int]:
        """Return the numbers that were filled in. Raises `RefusedError` at a field without one."""
        typed = self.fields.whole()
        return {self.places[f]: number for f, number in typed.items() if number is not None}


def _void(actor: Actor, results: Sequence[QuestionResult]) -> None:
    name = "void-client-survey"
    key = forms.submit_key(name)
    surveys = {one.survey_id: f"{sv_title(one.kind)}, {survey_name(one)}" for one in results}
    with st.form(key, border=False):
        survey_id = st.selectbox(
            "Vilken?",
            list(surveys),
            index=None,
            format_func=surveys.__getitem__,
            placeholder="Välj undersökning",
            key=f"{key}-survey_id",
        )
        forms.field_error(name, "survey_id")
        st.caption("Alla frågor i undersökningen tas bort. De räknas inte längre men finns kvar.")
        sent = st.form_submit_button("Ta bort", type="primary")
    if sent:

        def save(session: Any) -> int:
            checks = Checks()
            checks.refuse_if(survey_id is None, "survey_id", "Välj vilken som ska tas bort.")
            checks.done()
            assert survey_id is not None  # noqa: S101  (just checked)
            return void_survey(session, survey_id, by=actor, key=key)

        forms.run(name, save, "Undersökningen är borttagen.")
