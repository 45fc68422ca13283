"""Client surveys as a file: a line for each answer, whole surveys kept."""

import datetime as dt

import pytest

from core import db
from core.auth import Scope
from core.imports.kinds import Effect
from core.models import ClientSurvey, ClientSurveyCount
from core.queries.client_surveys import client_survey_results
from core.services.client_surveys import NewAnswers, Survey, record_answers
from core.terms import ALL, ClientAnswer, ClientSurveyKind, DataSource, Gender, ImportKind
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import rows, world

KIND = ImportKind.CLIENT_SURVEYS
TODAY = dt.date(2024, 5, 27)
YES, PARTLY, NO = ClientAnswer.YES, ClientAnswer.PARTLY, ClientAnswer.NO
APRIL = {
    "Undersökning": "Bemötandekollen",
    "Första dagen": "2024-04-01",
    "Sista dagen": "2024-04-30",
    "Fråga": "Blev du lyssnad på?",
}


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return world()


def line(answer, amount, gender="", **more):
    return APRIL | {"Svar": answer, "Antal": str(amount), "Kön": gender} | more


FOUR = (
    line("ja", 12, "kvinna"),
    line("nej", 3, "kvinna"),
    line("Ja", 9, "MÄN"),
    line("delvis", 4, "man"),
)


def results(unit):
    with db.read() as session:
        return client_survey_results(session, Scope(unit.unit_id), on=TODAY)


def test_the_lines_of_a_survey_are_one_survey(unit):
    save_twice(unit, KIND, *FOUR)
    (found,) = results(unit)
    assert (found.kind, found.group, found.question) == (
        ClientSurveyKind.RECEPTION,
        ALL,
        "Blev du lyssnad på?",
    )
    assert found.by_gender == {
        Gender.WOMAN: {YES: 12, PARTLY: 0, NO: 3},
        Gender.MAN: {YES: 9, PARTLY: 4, NO: 0},
    }
    (row,) = rows(ClientSurvey)
    assert (row.source, row.source_name) == (DataSource.IMPORTED, "fil.csv")


def test_surveys_groups_and_questions_are_told_apart(unit):
    save_twice(
        unit,
        KIND,
        *FOUR,
        line("ja", 5, Fråga="Fick du svar?"),
        line("ja", 6, Grupp="Ett"),
        line("bättre", 7, Undersökning="telefonenkät", Fråga="Hur är det?"),
        line("ja", 8, **{"Första dagen": "2024-03-31"}),
    )
    assert sorted((r.kind, r.group, r.question, r.answered) for r in results(unit)) == [
        (ClientSurveyKind.PHONE, ALL, "Hur är det?", 7),
        (ClientSurveyKind.RECEPTION, "Ett", "Blev du lyssnad på?", 6),
        (ClientSurveyKind.RECEPTION, ALL, "Blev du lyssnad på?", 8),
        (ClientSurveyKind.RECEPTION, ALL, "Blev du lyssnad på?", 28),
        (ClientSurveyKind.RECEPTION, ALL, "Fick du svar?", 5),
    ]


def test_a_changed_number_tells_the_survey_anew_with_what_the_file_leaves_out(unit):
    save(unit, KIND, *FOUR, line("ja", 5, Fråga="Fick du svar?"))
    before = facts()
    changed = (line("ja", 14, "kvinna"), line("nej", 3, "kvinna"), line("vet inte", 2, "man"))
    assert seen(unit, KIND, *changed)[0] == (Effect.CHANGED, {"amount": (12, 14)})
    assert effects(unit, KIND, *changed) == [Effect.CHANGED, Effect.UNCHANGED, Effect.NEW]

    run_id = save_twice(unit, KIND, *changed)

    first, second = results(unit)
    assert (first.question, first.everybody) == (
        "Blev du lyssnad på?",
        {YES: 23, PARTLY: 4, NO: 3, ClientAnswer.DONT_KNOW: 2},
    )
    assert (second.question, second.answered) == ("Fick du svar?", 5)
    assert [row.voided_at is None for row in rows(ClientSurvey)] == [False, True]
    take_back(unit, run_id)
    assert facts() == before


def test_what_was_typed_in_is_compared_with(unit):
    survey = Survey(ClientSurveyKind.RECEPTION, dt.date(2024, 4, 1), dt.date(2024, 4, 30))
    answers = NewAnswers(survey, "Blev du lyssnad på?", {(YES, None): 5})
    with db.write() as session:
        record_answers(session, answers, by=unit.manager)
    assert effects(unit, KIND, line("ja", 5)) == [Effect.UNCHANGED]
    assert effects(unit, KIND, line("nej", 5)) == [Effect.NEW]
    assert "antingen per kön" in faults(unit, KIND, line("nej", 5, "man"))[2, "amount"]


def test_what_is_wrong_is_told_by_row_and_column(unit):
    found = faults(
        unit,
        KIND,
        line("ja", 3, **{"Sista dagen": "2024-05-28"}),
        line("ja", 3, **{"Första dagen": "2024-05-01"}),
        line("kanske", 3),
        line("ja", -1),
        line("ja", 3, Grupp="Tre"),
        line("ja", 2, Fråga="Två svar?"),
        line("ja", 2, Fråga=" Två  svar? "),
        line("ja", 2, Fråga="Två skalor?"),
        line("sämre", 2, Fråga="Två skalor?"),
        line("ja", 0, Fråga="Ingen?"),
        line("ja", 3, Undersökning="Enkät"),
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "ends_on"): "Datumet får inte ligga efter i dag, 2024-05-27",
        (3, "ends_on"): "Sista dagen ligger före den första, 2024-05-01",
        (4, "answer"): "”kanske” finns inte att välja",
        (5, "amount"): "”-1” går inte",
        (6, "group"): "”Tre” är ingen grupp i enheten",
        (8, "survey"): "”Bemötandekollen 2024-04-01 2024-04-30 T…” står också på rad 7",
        (9, "amount"): "En fråga besvaras antingen med ja, delvis, nej eller med bättre, "
        "oförändrat, sämre",
        (11, "amount"): "Ange hur många som svarade, minst ett svar",
        (12, "survey"): "”Enkät” finns inte att välja",
    }
    assert rows(ClientSurveyCount) == []


def test_a_group_spelt_in_two_ways_is_the_same_group(unit):
    found = faults(unit, KIND, line("ja", 3, Grupp="Ett"), line("ja", 4, Grupp="ETT"))
    assert found == {(3, "answer"): "Rad 2 handlar om samma sak. Ta bort en av raderna."}
