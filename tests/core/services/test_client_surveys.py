"""Answers of client surveys are recorded a question at a time, replaced and taken back."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, ClientSurvey, ClientSurveyCount
from core.queries.client_surveys import client_survey_results
from core.services.base import RefusedError
from core.services.client_surveys import NewAnswers, Survey, record_answers, void_survey
from core.terms import ALL, ClientAnswer, ClientSurveyKind, DataSource, Gender
from tests import factories as make

D = dt.date
TODAY = D(2024, 5, 27)
YES, PARTLY, NO = ClientAnswer.YES, ClientAnswer.PARTLY, ClientAnswer.NO
WOMAN, MAN = Gender.WOMAN, Gender.MAN
APRIL = Survey(ClientSurveyKind.RECEPTION, D(2024, 4, 1), D(2024, 4, 30))
ASKED = NewAnswers(APRIL, "Blev du lyssnad på?", {(YES, WOMAN): 12, (NO, WOMAN): 3, (YES, MAN): 9})


@pytest.fixture(autouse=True)
def _on(store, today):
    today(TODAY)


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


@pytest.fixture
def manager(unit):
    with db.write() as session:
        return make.actor(session, Role.DEVELOPER, unit)


def save(by, new=ASKED, **options):
    with db.write() as session:
        return record_answers(session, new, by=by, **options)


def results(unit, on=TODAY, **scope):
    with db.read() as session:
        return client_survey_results(session, Scope(unit.id, **scope), on=on)


def all_of(table):
    with db.read() as session:
        return [row.model_dump() for row in session.exec(select(table).order_by(table.id))]


@pytest.mark.parametrize("role", Role)
def test_answers_are_recorded_by_editors_and_nobody_else(unit, role):
    with db.write() as session:
        group, worker = make.group(session, unit), make.caseworker(session, unit)
        by = make.actor(session, role, unit, group=group, caseworker=worker)
    if role in {Role.UNIT_MANAGER, Role.DEVELOPER}:
        survey_id = save(by)
        with db.write() as session:
            void_survey(session, survey_id, by=by)
        return
    with db.write() as session:
        survey_id = record_answers(session, ASKED, by=make.actor(session, Role.UNIT_MANAGER, unit))
    with pytest.raises(PermissionDeniedError):
        save(by)
    with pytest.raises(PermissionDeniedError), db.write() as session:
        void_survey(session, survey_id, by=by)
    assert [row["voided_at"] for row in all_of(ClientSurvey)] == [None]


def test_what_was_recorded_is_read_with_author_source_and_sums(unit, manager):
    save(manager)
    (found,) = results(unit)
    assert (found.kind, found.group, found.question) == (APRIL.kind, ALL, ASKED.question)
    assert found.everybody == {YES: 21, PARTLY: 0, NO: 3}
    assert found.by_gender == {
        WOMAN: {YES: 12, PARTLY: 0, NO: 3},
        MAN: {YES: 9, PARTLY: 0, NO: 0},
    }
    (row,) = all_of(ClientSurvey)
    assert (row["created_by_id"], row["source"]) == (manager.user_id, DataSource.TYPED)
    (event,) = all_of(AuditEvent)
    assert event["details"] == {"kind": "reception", "ends_on": "2024-04-30", "voided": 0}


def test_a_second_question_joins_the_survey_and_the_first_one_stays(unit, manager):
    save(manager)
    save(manager, replace(ASKED, question="Fick du  svar?", amounts={(YES, None): 20}))
    first, second = results(unit)
    assert (first.question, second.question) == ("Blev du lyssnad på?", "Fick du svar?")
    assert first.survey_id == second.survey_id
    assert second.by_gender == {}
    surveys = all_of(ClientSurvey)
    assert [row["voided_by_id"] for row in surveys] == [manager.user_id, None]


def test_the_same_question_again_replaces_its_answers_in_its_place(unit, manager):
    save(manager)
    save(manager, replace(ASKED, question="Fick du svar?"))
    save(manager, replace(ASKED, amounts={(YES, WOMAN): 5}))
    assert [(r.question, r.answered) for r in results(unit)] == [
        ("Blev du lyssnad på?", 5),
        ("Fick du svar?", 24),
    ]
    assert len(all_of(ClientSurveyCount)) == 3 + 6 + 4


def test_another_period_kind_or_group_is_another_survey(unit, manager):
    with db.write() as session:
        group, other = make.group(session, unit, name="Ett"), make.group(session, unit, name="Två")
    for survey in (
        APRIL,
        replace(APRIL, kind=ClientSurveyKind.OWN),
        replace(APRIL, starts_on=D(2024, 3, 31)),
        replace(APRIL, group_id=group.id),
        replace(APRIL, group_id=other.id),
    ):
        save(manager, replace(ASKED, survey=survey))
    assert len(results(unit)) == 5
    assert [r.group for r in results(unit, group_id=group.id)] == [ALL, ALL, "Ett", ALL]
    assert all(row["voided_at"] is None for row in all_of(ClientSurvey))


def test_a_survey_is_read_from_its_last_day_on(unit, manager):
    save(manager)
    assert results(unit, on=D(2024, 4, 29)) == ()
    assert len(results(unit, on=D(2024, 4, 30))) == 1


def test_a_survey_taken_back_counts_nowhere_and_is_kept(unit, manager):
    survey_id = save(manager)
    assert len(results(unit)) == 1
    for _ in range(2):
        with db.write() as session:
            assert void_survey(session, survey_id, by=manager) == survey_id
    assert results(unit) == ()
    assert len(all_of(ClientSurvey)) == 1
    assert [event["action"] for event in all_of(AuditEvent)] == ["record", "void"]


def test_a_form_sent_twice_is_recorded_once(unit, manager):
    first = save(manager, key="one form")
    assert save(manager, key="one form") == first
    assert len(all_of(ClientSurvey)) == 1


def test_two_questions_recorded_at_the_same_time_are_both_kept(unit, manager):
    questions = [f"Fråga {number}?" for number in range(4)]
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda q: save(manager, replace(ASKED, question=q)), questions))
    assert sorted(result.question for result in results(unit)) == questions


def test_another_units_group_and_survey_are_out_of_reach(unit, manager):
    with db.write() as session:
        elsewhere = make.unit(session)
        group = make.group(session, elsewhere)
        stranger = make.actor(session, Role.UNIT_MANAGER, elsewhere)
    survey_id = save(manager)
    for group_id in (group.id, 999):
        with pytest.raises(PermissionDeniedError):
            save(manager, replace(ASKED, survey=replace(APRIL, group_id=group_id)))
    for one in (survey_id, 999):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            void_survey(session, one, by=stranger)


@pytest.mark.parametrize(
    ("survey", "changed", "field"),
    [
        ({"ends_on": D(2024, 5, 28)}, {}, "ends_on"),
        ({"ends_on": D(2024, 3, 31)}, {}, "ends_on"),
        ({"starts_on": D(2023, 4, 30)}, {}, "ends_on"),
        ({"starts_on": D(1999, 12, 31), "ends_on": D(2000, 1, 31)}, {}, "starts_on"),
        ({"source_name": "811228-9874"}, {}, "source_name"),
        ({}, {"question": "  "}, "question"),
        ({}, {"question": "Vad tyckte 811228-9874?"}, "question"),
        ({}, {"question": "x" * 301}, "question"),
        ({}, {"amounts": {}}, "amounts"),
        ({}, {"amounts": {(YES, None): 0}}, "amounts"),
        ({}, {"amounts": {(YES, None): -1, (NO, None): 3}}, "amounts"),
        ({}, {"amounts": {(YES, None): 100_001}}, "amounts"),
        ({}, {"amounts": {(YES, None): 1, (ClientAnswer.WORSE, None): 1}}, "amounts"),
        ({}, {"amounts": {(YES, None): 1, (NO, WOMAN): 1}}, "amounts"),
    ],
)
def test_answers_with_a_fault_are_refused_at_their_field(manager, survey, changed, field):
    new = replace(ASKED, survey=replace(APRIL, **survey), **changed)
    with pytest.raises(RefusedError) as error:
        save(manager, new)
    assert set(error.value.by_field()) == {field}
    assert all_of(ClientSurvey) == []


def test_a_survey_of_a_whole_leap_year_is_accepted(manager):
    save(manager, replace(ASKED, survey=replace(APRIL, starts_on=D(2023, 5, 1))))
    assert len(all_of(ClientSurvey)) == 1
