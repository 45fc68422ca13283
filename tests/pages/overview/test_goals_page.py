"""Mål: the tree, one indicator's view, and an empty unit set up from its first goal."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from core import db
from core.auth import Role, Scope
from core.queries.goals import goal_tree
from core.queries.indicator_rows import indicators_of_year
from core.queries.indicator_series import GenderValue
from core.queries.indicators import indicators
from core.rules.dates import month_of, tertial_of, year_of
from core.terms import (
    Accumulation,
    ActivityStatus,
    ComputedFigure,
    Gender,
    GoalLevel,
    IndicatorUnit,
    Periodicity,
)
from pages.common.indicator_forms import periods
from pages.common.indicator_words import gender_words, value_words
from tests import factories as make
from tests import factories_goals as make_goals
from tests import factories_money as make_money
from tests.pages.own_statistics import field, press, shown

PAGE = "overview/goals.py"
MAY = dt.date(2024, 5, 27)
JUNE = dt.date(2024, 6, 3)
VIEWERS = [role for role in Role if role is not Role.ADMIN]


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        city = make_goals.goal(
            session, unit, level=GoalLevel.CITY_DIRECTION, code="3", name="Hållbar ekonomi"
        )
        own = make_goals.goal(
            session,
            unit,
            above=city,
            code="E3",
            name="Vägen till <arbete> är kort",
            expected_result="Fler i arbete",
        )
        row = make_goals.indicator(session, own, "Nöjda", target=75)
        make_goals.set_target(session, row, 2024, 75, "tas fram av nämnd")
        parts = {"numerator": Decimal(3), "denominator": Decimal(4)}
        make_goals.value(session, row, "2024-T1", 75, **parts)
        make_goals.value(session, row, "2024-T1", 80, gender=Gender.WOMAN)
        activity = make_goals.activity(
            session, own, dt.date(2024, 1, 1), dt.date(2024, 4, 30), name="Kartlägga nuläget"
        )
        worker, group = make.caseworker(session, unit), make.group(session, unit)
    return {"unit": unit, "row": row, "activity": activity, "worker": worker, "group": group}


def actor_of(world, role):
    with db.write() as session:
        return make.actor(
            session,
            role,
            world["unit"],
            group=world["group"] if role is Role.GROUP_MANAGER else None,
            caseworker=world["worker"] if role is Role.CASEWORKER else None,
        )


def statuses(world):
    with db.read() as session:
        frame = indicators(session, Scope(world["unit"].id), on=MAY)
    return frame.set_index("indicator").to_dict("index")


@pytest.mark.parametrize("role", VIEWERS)
def test_every_role_sees_the_tree_with_indicators_and_activities(world, today, open_page, role):
    today(JUNE)
    page = shown(open_page(PAGE, actor_of(world, role)))
    for words in (
        "KF:s inriktningsmål 3",
        "Enhetsmål E3",
        "Vägen till &lt;arbete&gt; är kort",
        "Fler i arbete",
        "Nöjda",
        "tas fram av nämnd",
        "Kartlägga nuläget",
        "Slutet har passerat",
    ):
        assert words in page
    assert ("75\u00a0% (3 av 4), 2024-T1" in page) == (role is not Role.READER)
    assert (".. (&lt;5 av &lt;5), 2024-T1" in page) == (role is Role.READER)
    assert ("Uppfylls helt" in page) == (role is not Role.READER)


@pytest.mark.parametrize("role", VIEWERS)
def test_an_indicators_view_has_series_targets_and_gender(world, open_page, role):
    at = open_page(PAGE, actor_of(world, role), indikator=str(world["row"].id))
    page = shown(at)
    assert "E3 Vägen till \\<arbete\\> är kort → 3 Hållbar ekonomi" in page
    assert "Kvinna" in page
    assert "Årsmål 2024: 75\u00a0%" in page
    labels = {button.label for button in at.button}
    assert ("Spara värdet" in labels) == (role in {Role.UNIT_MANAGER, Role.DEVELOPER})
    assert len(at.get("vega_lite_chart")) == (0 if role is Role.READER else 1)


def test_a_computed_count_of_families_is_small_for_a_reader(world, today, open_page):
    today(JUNE)
    with db.write() as session:
        goal = make_goals.goal(session, world["unit"])
        row = make_goals.computed(
            session,
            goal,
            ComputedFigure.FAMILIES_IN_HOTEL,
            name="Barnfamiljer på hotell",
            unit_of_measure=IndicatorUnit.COUNT,
        )
        case = make.case(session, world["unit"], dt.date(2024, 1, 1))
        hotel = make_money.kind(session, world["unit"], "Hotell", is_hotel=True)
        make_money.placement(session, case, hotel, dt.date(2024, 5, 1), rates=900, children=1)
    seen = {
        role: shown(open_page(PAGE, actor_of(world, role), indikator=str(row.id)))
        for role in (Role.READER, Role.UNIT_MANAGER)
    }
    assert "Senaste värdet, 2024: <5" in seen[Role.READER]
    assert "Senaste värdet, 2024: 1" in seen[Role.UNIT_MANAGER]


@pytest.mark.parametrize("own_view", [False, True])
def test_a_hidden_value_is_not_told_by_how_it_stands_against_its_target(world, open_page, own_view):
    query = {"indikator": str(world["row"].id)} if own_view else {}
    manager = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER), **query))
    reader = shown(open_page(PAGE, actor_of(world, Role.READER), **query))
    assert "uppfylls helt" in manager.lower()
    assert "uppfylls" not in reader.lower()


def test_an_indicator_of_another_unit_is_not_opened(world, open_page):
    with db.write() as session:
        other = make_goals.indicator(session, make_goals.goal(session, make.unit(session)), "Annan")
    for asked in (str(other.id), "x", "9" * 5000):
        page = shown(open_page(PAGE, actor_of(world, Role.DEVELOPER), indikator=asked))
        assert "Indikatorn finns inte bland målen för 2024." in page
        assert "Annan" not in page


def test_an_indicator_is_chosen_and_the_choice_stands_in_the_address(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.READER))
    at = field(at.selectbox, "Visa").set_value(str(world["row"].id)).run()
    assert at.query_params["indikator"] in (str(world["row"].id), [str(world["row"].id)])
    assert "Senaste värdet, 2024-T1" in shown(at)
    at = field(at.selectbox, "Visa").set_value("").run()
    assert "indikator" not in at.query_params
    assert "Enhetsmål E3" in shown(at)


def test_the_goals_of_an_earlier_year_say_so(store, today, open_page):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        make_goals.goal(session, unit, 2022, name="Målet för 2022")
        by = make.actor(session, Role.READER, unit)
    page = shown(open_page(PAGE, by))
    assert "Det finns inga mål för 2024. Du ser målen för 2022" in page
    assert "Målet för 2022" in page


def test_an_empty_unit_is_set_up_from_its_first_goal(store, today, open_page):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
    at = open_page(PAGE, by)
    assert "Enheten har inga mål än. Börja med" in shown(at)
    at = field(at.button_group, "Vad vill du göra?").set_value("Indikator").run()
    assert "Lägg till ett mål först." in shown(at)
    at = field(at.button_group, "Vad vill du göra?").set_value("Mål").run()
    field(at.text_input, "Beteckning").set_value("E1")
    field(at.text_input, "Målet").set_value("Alla blir självförsörjande")
    at = press(at, "Lägg till målet")
    assert "Alla blir självförsörjande" in shown(at)
    at = field(at.button_group, "Vad vill du göra?").set_value("Indikator").run()
    field(at.text_input, "Indikator").set_value("Andel i arbete")
    field(at.text_input, "Tolerans").set_value("2,5")
    at = press(at, "Lägg till indikatorn")
    assert "Andel i arbete" in shown(at)
    at = field(at.button_group, "Vad vill du göra?").set_value("Aktivitet").run()
    field(at.text_input, "Aktivitet").set_value("Kartlägga")
    at = press(at, "Lägg till aktiviteten")
    assert "Kartlägga" in shown(at)
    with db.read() as session:
        (node,) = goal_tree(session, Scope(unit.id), on=MAY).roots
    assert [status.indicator.tolerance for status in node.indicators] == [Decimal("2.5")]
    assert [row.ends_on for row in node.activities] == [dt.date(2024, 12, 31)]


def test_a_goal_with_a_fault_is_refused_at_its_field_and_stays_typed(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER))
    at = field(at.button_group, "Vad vill du göra?").set_value("Mål").run()
    field(at.text_input, "Beteckning").set_value("E3")
    field(at.text_input, "Målet").set_value("Ring 811228-9874")
    at = press(at, "Lägg till målet")
    page = shown(at)
    assert "Beteckningen E3 finns redan 2024." in page
    assert "ser ut som ett personnummer" in page
    assert field(at.text_input, "Målet").value == "Ring 811228-9874"


def test_an_activity_is_marked_as_done(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.DEVELOPER))
    at = field(at.button_group, "Vad vill du göra?").set_value("Aktivitetens läge").run()
    field(at.selectbox, "Läge").set_value(ActivityStatus.DONE)
    at = press(at, "Spara läget")
    page = shown(at)
    assert "Slutet har passerat" not in page
    assert "Klar" in page


def test_a_value_is_entered_with_its_parts_and_a_target_as_a_text(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER), indikator=str(world["row"].id))
    field(at.text_input, "Täljare").set_value("1")
    field(at.text_input, "Nämnare").set_value("3")
    at = press(at, "Spara värdet")
    assert "33,3\u00a0% (1 av 3)" in shown(at)
    assert statuses(world)["Nöjda"]["fulfilment"] == "uppfylls ej"
    field(at.text_input, "Årsmål").set_value("fastställs senare")
    at = press(at, "Spara årsmålet")
    assert statuses(world)["Nöjda"]["target"] == "fastställs senare"
    at = press(at, "Ta bort värdet")
    assert statuses(world)["Nöjda"]["value"] == 75


def test_a_value_with_a_fault_is_told_at_its_field(world, open_page):
    at = open_page(PAGE, actor_of(world, Role.UNIT_MANAGER), indikator=str(world["row"].id))
    field(at.text_input, "Värde (%)").set_value("51")
    field(at.text_input, "Täljare").set_value("1")
    field(at.text_input, "Nämnare").set_value("2")
    at = press(at, "Spara värdet")
    assert "Täljare och nämnare ger 50,0 %" in shown(at)
    assert field(at.text_input, "Värde (%)").value == "51"
    assert statuses(world)["Nöjda"]["value"] == 75


def test_periods_to_enter_go_back_from_the_running_one():
    assert periods(Periodicity.MONTH, dt.date(2024, 3, 31))[:2] == [
        month_of(dt.date(2024, 3, 1)),
        month_of(dt.date(2024, 2, 1)),
    ]
    assert periods(Periodicity.TERTIAL, MAY)[:3] == [
        tertial_of(dt.date(2024, 5, 1)),
        tertial_of(dt.date(2024, 1, 1)),
        tertial_of(dt.date(2023, 9, 1)),
    ]
    assert periods(Periodicity.YEAR, MAY)[:2] == [year_of(MAY), year_of(dt.date(2023, 1, 1))]


def test_a_hidden_genders_part_cannot_be_worked_out_from_the_whole(world):
    with db.read() as session:
        (row,) = indicators_of_year(session, Scope(world["unit"].id), year=2024)
    splits = [
        GenderValue(gender, "2024-05", Fraction(100 * part, whole), part, whole)
        for gender, part, whole in (
            (Gender.WOMAN, 60, 78),
            (Gender.MAN, 53, 71),
            (Gender.OTHER, 1, 1),
        )
    ]
    assert gender_words(row, splits, hide=False)[2] == "100\u00a0% (1 av 1)"
    words = gender_words(row, splits, hide=True)
    assert words == ["76,9\u00a0% (60 av 78)", ".. (.. av ..)", ".. (<5 av <5)"]
    assert value_words(row, Fraction(8, 5), (None, None), hide=True) == "1,6\u00a0%"


def test_a_sum_is_not_told_a_reader_beside_a_small_part_of_it(world, today, open_page):
    today(JUNE)
    with db.write() as session:
        goal = make_goals.goal(session, world["unit"])
        row = make_goals.indicator(
            session,
            goal,
            "Avhysningar",
            target=20,
            unit_of_measure=IndicatorUnit.COUNT,
            accumulation=Accumulation.SUM,
            periodicity=Periodicity.MONTH,
        )
        for label, number in (("2024-03", 9), ("2024-04", 2)):
            make_goals.value(session, row, label, number)
    seen_by = {
        role: shown(open_page(PAGE, actor_of(world, role)))
        for role in (Role.READER, Role.UNIT_MANAGER)
    }
    assert "11, 2024" in seen_by[Role.UNIT_MANAGER]
    assert "11, 2024" not in seen_by[Role.READER]
    assert "20" in seen_by[Role.READER]
