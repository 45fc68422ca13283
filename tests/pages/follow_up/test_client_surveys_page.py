"""Brukarundersökningar, as each role may see it, and its forms."""

import datetime as dt

import pytest

from core import db
from core.auth import Role
from core.models import ClientSurvey
from core.queries.client_surveys import client_survey_results
from core.services.client_surveys import NewAnswers, Survey, record_answers
from core.terms import ClientAnswer, ClientSurveyKind, Gender
from pages.common import client_survey_parts as parts
from pages.common.client_survey_forms import RECORD, VOID
from tests import factories as make
from tests.factories_cases import rows
from tests.pages.own_statistics import field, press, shown

D = dt.date
PAGE = "follow_up/client_surveys.py"
TODAY = D(2024, 5, 27)
VIEWERS = [role for role in Role if role is not Role.ADMIN]
YES, PARTLY, NO = ClientAnswer.YES, ClientAnswer.PARTLY, ClientAnswer.NO
QUESTION = "Fick du ett gott bemötande?"
BOTH = (Gender.WOMAN, Gender.MAN)


@pytest.fixture
def world(store, today):
    """A unit whose Bemötandekollen has been asked twice, the second time with a small answer."""
    today(TODAY)
    with db.write() as session:
        unit = make.unit(session)
        worker, group = make.caseworker(session, unit), make.group(session, unit, name="Ett")
        editor = make.actor(session, Role.DEVELOPER, unit)
        for month, yes, no in ((D(2023, 11, 1), 10, 8), (D(2024, 4, 1), 15, 2)):
            survey = Survey(ClientSurveyKind.RECEPTION, month, month.replace(day=30))
            amounts = {(YES, g): yes for g in BOTH} | {(NO, g): no for g in BOTH}
            amounts |= {(PARTLY, g): 6 for g in BOTH}
            record_answers(session, NewAnswers(survey, QUESTION, amounts), by=editor)
    return unit, worker, group


def actor_of(world, role):
    unit, worker, group = world
    with db.write() as session:
        return make.actor(
            session,
            role,
            unit,
            group=group if role is Role.GROUP_MANAGER else None,
            caseworker=worker if role is Role.CASEWORKER else None,
        )


def table_of(page, words):
    """Return the table rows below a caption that holds some words."""
    (table,) = [part for part in page.split("<table")[1:] if words in part.split("</caption>")[0]]
    return table.split("</table>")[0].split("<tr>")[2:]


@pytest.mark.parametrize("role", VIEWERS)
def test_every_role_sees_the_latest_survey_with_denominator_and_change(world, open_page, role):
    page = shown(open_page(PAGE, actor_of(world, role)))
    assert f"{QUESTION}: 65\u00a0% ja" in page
    assert "30 av 46 svarade ja" in page
    assert "Bemötandekollen, april 2024" in page


def test_the_change_is_against_the_survey_before(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.CONTROLLER))
    assert at.metric[0].delta == "24 %-enheter"


def test_the_table_has_a_row_for_everybody_and_each_gender(world, open_page):
    found = table_of(shown(open_page(PAGE, actor_of(world, Role.CASEWORKER))), "Bemötandekollen")
    assert [("april 2024" in row, "Alla" in row, "Kvinna" in row) for row in found] == [
        (True, True, False),
        (True, False, True),
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (False, False, False),
    ]


def test_a_reader_sees_no_small_number_and_no_gender_that_would_tell_it(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.READER)))
    april, november, *genders = table_of(page, "Bemötandekollen")
    assert "&lt;5" in april
    assert ">4<" not in april
    assert ">12<" not in april
    assert ">48<" in november
    assert "Kvinna" not in april
    assert ["Kvinna" in row for row in genders] == [True, False]
    assert "Uppdelning på kön visas bara" in page
    assert "är inte med i diagrammet" in page


def test_an_earlier_day_shows_only_what_had_been_asked(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.READER), per="2024-04-29"))
    assert "Bemötandekollen, november 2023" in page
    assert "april 2024" not in page


def test_an_empty_unit_says_what_to_do_to_those_who_can(store, today, open_page):
    today(TODAY)
    with db.write() as session:
        unit = make.unit(session)
        manager = make.actor(session, Role.UNIT_MANAGER, unit)
        reader = make.actor(session, Role.READER, unit)
    assert "Skriv in svaren nedan" in shown(open_page(PAGE, manager))
    assert "Skriv in svaren nedan" not in shown(open_page(PAGE, reader))


def unfold(at, title):
    """Open a form that is folded."""
    at.session_state[title] = True
    return at.run()


@pytest.mark.parametrize("role", VIEWERS)
def test_only_those_who_may_are_given_the_forms(world, open_page, role):
    at = unfold(open_page(PAGE, actor_of(world, role)), RECORD)
    drawn = any(button.label == "Spara svaren" for button in at.button)
    assert drawn == (role in {Role.UNIT_MANAGER, Role.DEVELOPER})


def typed(at, question, **amounts):
    """Fill in the form of a question: amounts by the end of the field's key."""
    [asked] = [one for one in at.selectbox if (one.key or "").endswith("-question")]
    asked.set_value(question)
    for name, amount in amounts.items():
        [box] = [one for one in at.text_input if one.key.endswith(name.replace("_", "-"))]
        box.set_value(amount)
    return press(at, "Spara svaren")


def test_answers_typed_in_are_saved_and_shown(world, open_page):
    actor = actor_of(world, Role.UNIT_MANAGER)
    at = unfold(open_page(PAGE, actor), RECORD)
    field(at.selectbox, "Undersökning").set_value(ClientSurveyKind.RECEPTION)
    at = at.run()
    at = typed(at, QUESTION, yes_woman="20", yes_man="20", no_man="10")
    assert at.toast[0].value == f"Svaren på ”{QUESTION}” är sparade."
    assert "40 av 50 svarade ja" in shown(at)
    assert len([row for row in rows(ClientSurvey) if row.voided_at]) == 1


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(world, open_page):
    at = unfold(open_page(PAGE, actor_of(world, Role.DEVELOPER)), RECORD)
    at = typed(at, QUESTION, improved_woman="tolv")
    assert "Skriv ett tal" in shown(at)
    at = typed(at, QUESTION, improved_woman="")
    assert "minst ett svar" in shown(at)
    assert len(rows(ClientSurvey)) == 2


def test_a_survey_is_taken_away(world, open_page):
    at = unfold(open_page(PAGE, actor_of(world, Role.DEVELOPER)), VOID)
    at = press(at, "Ta bort")
    assert "Välj vilken som ska tas bort." in shown(at)
    chosen = field(at.selectbox, "Vilken?")
    chosen.set_value(next(o for o in [r.id for r in rows(ClientSurvey)]))
    at = press(at, "Ta bort")
    assert "november 2023" not in shown(at)
    assert at.toast[0].value == "Undersökningen är borttagen."


def results(world):
    with db.read() as session:
        return client_survey_results(session, parts.Scope(world[0].id), on=TODAY)


def test_what_is_taken_out_hides_what_a_reader_may_not_see(world):
    rows_out = parts.table_rows(results(world), hide=True)
    assert list(rows_out["gender"]) == ["Alla", "Alla", "Kvinna", "Man"]
    assert list(rows_out["no"]) == ["<5", 16, 8, 8]
    assert rows_out["no_share"].iloc[0] == ".."


def test_a_groups_survey_beside_the_whole_units_is_not_taken_out(world):
    with db.write() as session:
        unit, _, group = world
        editor = make.actor(session, Role.DEVELOPER, unit)
        for month in (D(2024, 4, 1), D(2024, 1, 1)):
            survey = Survey(ClientSurveyKind.RECEPTION, month, month.replace(day=20), group.id)
            record_answers(session, NewAnswers(survey, QUESTION, {(YES, None): 9}), by=editor)
    assert len(parts.table_rows(results(world), hide=False)) == 8
    taken_out = parts.table_rows(results(world), hide=True)
    assert list(taken_out["group"]).count("Ett") == 1
    assert [r.ends_on for r in parts.without_parts(results(world)) if r.group == "Ett"] == [
        D(2024, 1, 20)
    ]


def test_a_chart_leaves_out_a_survey_with_a_hidden_count(world):
    whole = parts.chart_rows(results(world), QUESTION, hide=False)
    assert list(dict.fromkeys(whole["survey"])) == ["april 2024", "november 2023"]
    assert whole.groupby("survey")["share"].sum().round(9).tolist() == [1, 1]
    assert set(parts.chart_rows(results(world), QUESTION, hide=True)["survey"]) == {"november 2023"}


def test_the_questions_stand_as_in_the_latest_survey(world):
    with db.write() as session:
        editor = make.actor(session, Role.DEVELOPER, world[0])
        for month, names in ((D(2024, 5, 1), ("Två?", "Ett?")), (D(2023, 5, 1), ("Noll?", "Ett?"))):
            survey = Survey(ClientSurveyKind.RECEPTION, month, month)
            for question in names:
                record_answers(session, NewAnswers(survey, question, {(YES, None): 9}), by=editor)
    assert parts.questions(results(world)) == ["Två?", "Ett?", QUESTION, "Noll?"]


def test_a_table_has_the_columns_that_tell_its_rows_apart(world):
    titles = [column.title for column in parts.columns(results(world))]
    shares = ["Andel ja", "Andel delvis", "Andel nej"]
    assert titles == ["Undersökning", "Kön", "Svarade", "Ja", "Delvis", "Nej", *shares]
    with db.write() as session:
        unit, _, group = world
        editor = make.actor(session, Role.DEVELOPER, unit)
        survey = Survey(ClientSurveyKind.RECEPTION, D(2024, 3, 1), D(2024, 3, 31), group.id)
        amounts = {(YES, None): 9, (ClientAnswer.DONT_KNOW, None): 6}
        record_answers(session, NewAnswers(survey, "Fick du svar?", amounts), by=editor)
    titles = [column.title for column in parts.columns(results(world))]
    assert titles[:4] == ["Undersökning", "Gäller", "Fråga", "Kön"]
    assert titles[5:] == ["Ja", "Delvis", "Nej", "Vet inte", *shares]
    table = parts.table_rows(results(world), hide=False)
    assert sorted(table["dont_know"]) == [0, 0, 0, 0, 0, 0, 6]
