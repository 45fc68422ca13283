"""What caseworkers ask clients stands beside the client surveys, a survey for each period."""

import datetime as dt

import pytest

from core import db
from core.auth import Scope
from core.queries.client_answers import ASKED
from core.queries.client_surveys import client_survey_results
from core.services.measure_templates import BY_SLUG
from core.terms import ChoiceCounts, ClientAnswer, ClientSurveyKind, Gender, MeasureFrequency
from tests import factories as make
from tests import factories_measures as make_measures

D = dt.date
ON = D(2024, 5, 27)
PHONE, RECEPTION = "klientens-situation", "bemotandekollen"
CHANGE = tuple((label, ChoiceCounts.NO) for label in ("Bättre", "Oförändrat", "Sämre", "Vill ej"))
YES_NO = tuple((label, ChoiceCounts.NO) for label in ("Ja", "Delvis", "Nej"))
BETTER, SAME, WORSE = ClientAnswer.IMPROVED, ClientAnswer.UNCHANGED, ClientAnswer.WORSE


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


def point(session, unit, slug, choices, **fields):
    """Save a measure point with a slug, asked every month."""
    row = make_measures.point(
        session, unit, choices=choices, frequency=MeasureFrequency.MONTH, **fields
    )
    row.slug = slug
    return make.save(session, row)


def answer(session, point, day, label, *, gender=None, question=0, **fields):
    """Save a report with an answer."""
    return make_measures.entry(
        session, point, day, answers={question: label}, gender=gender, **fields
    )


def results(unit, on=ON):
    with db.read() as session:
        return client_survey_results(session, Scope(unit.id), on=on)


def test_the_measure_points_are_among_the_ready_made_ones():
    assert set(ASKED) <= set(BY_SLUG)
    labels = [choice.label.lower() for choice in BY_SLUG[PHONE].definition(ON).choices]
    assert labels == ["bättre", "oförändrat", "sämre"]
    labels = [choice.label.lower() for choice in BY_SLUG[RECEPTION].definition(ON).choices]
    assert labels == ["ja", "delvis", "nej"]


def test_answers_by_phone_are_a_survey_for_each_month_that_is_over(unit):
    with db.write() as session:
        asked = point(session, unit, PHONE, CHANGE, name="Klientens situation")
        for day, label, gender in (
            ("2024-03-04", "Bättre", Gender.WOMAN),
            ("2024-03-05", "Bättre", Gender.MAN),
            ("2024-03-06", "Sämre", Gender.MAN),
            ("2024-04-30", "Oförändrat", Gender.WOMAN),
            ("2024-05-02", "Bättre", Gender.WOMAN),
        ):
            answer(session, asked, day, label, gender=gender)
    march, april = results(unit)
    assert (march.kind, march.survey_id, march.question) == (
        ClientSurveyKind.PHONE,
        None,
        "Klientens situation",
    )
    assert (march.starts_on, march.ends_on) == (D(2024, 3, 1), D(2024, 3, 31))
    assert march.everybody == {BETTER: 2, SAME: 0, WORSE: 1}
    assert march.by_gender[Gender.MAN] == {BETTER: 1, SAME: 0, WORSE: 1}
    assert march.source_name == "Mätpunkten Klientens situation"
    assert april.everybody == {BETTER: 0, SAME: 1, WORSE: 0}
    assert len(results(unit, on=D(2024, 4, 29))) == 1
    assert len(results(unit, on=D(2024, 5, 31))) == 3


def test_each_question_of_an_interview_is_told_by_itself_in_its_order(unit):
    with db.write() as session:
        asked = point(session, unit, RECEPTION, YES_NO, questions=("Respekt?", "Lyssnad på?"))
        for first, second in (("Ja", "Nej"), ("Ja", "Delvis")):
            make_measures.entry(session, asked, "2024-04-10", answers={1: first, 2: second})
    respect, heard = results(unit)
    assert (respect.question, respect.everybody[ClientAnswer.YES]) == ("Respekt?", 2)
    assert (heard.question, heard.answered, heard.everybody[ClientAnswer.YES]) == (
        "Lyssnad på?",
        2,
        0,
    )
    assert respect.by_gender == {}


def test_a_ready_made_point_that_was_made_again_is_found_too(unit):
    with db.write() as session:
        for number, slug in enumerate((f"{PHONE}-2", f"{PHONE}-10", f"{PHONE}-x"), 1):
            asked = point(session, unit, slug, CHANGE, name=f"Punkt {number}")
            answer(session, asked, "2024-04-10", "Bättre")
    found = sorted(row.source_name for row in results(unit))
    assert found == ["Mätpunkten Punkt 1", "Mätpunkten Punkt 2"]


def test_choices_of_the_units_own_other_points_and_voided_reports_are_not_counted(unit):
    with db.write() as session:
        asked = point(session, unit, PHONE, CHANGE)
        answer(session, asked, "2024-04-10", "Vill ej")
        answer(session, asked, "2024-04-10", "Bättre", voided_at=dt.datetime.now(dt.UTC))
        other = make_measures.point(session, unit, choices=CHANGE, frequency=MeasureFrequency.MONTH)
        answer(session, other, "2024-04-10", "Bättre")
        elsewhere = point(session, make.unit(session), PHONE, CHANGE)
        answer(session, elsewhere, "2024-04-10", "Bättre")
    assert results(unit) == ()
