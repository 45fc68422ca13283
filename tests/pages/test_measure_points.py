"""Mätpunkter: adding a ready-made or an own one, its preview, its indicator, changing and ending."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Role, Scope
from core.queries.indicators import indicator_statuses
from core.queries.measure_overview import PointState, overview
from core.services.measure_points import change_definition
from core.terms import (
    CaseReference,
    ChoiceCounts,
    ComputedFigure,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)
from tests import factories as make
from tests import factories_goals as make_goals
from tests import factories_measures as make_measures
from tests.pages.own_statistics import field, press, shown

PAGE = "admin/measure_points.py"
MAY = dt.date(2024, 5, 27)


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        group = make.group(session, unit)
        goal = make_goals.goal(session, unit, code="E1", name="Fler i arbete")
        worker = make.caseworker(session, unit, group_id=group.id)
        actor = make.actor(session, Role.DEVELOPER, unit)
    return {"unit": unit, "goal": goal, "worker": worker, "actor": actor, "group": group}


def known(world):
    with db.read() as session:
        return overview(session, Scope(world["unit"].id), on=MAY)


def test_an_empty_unit_is_told_what_to_do(world, open_page):
    at = open_page(PAGE, world["actor"])

    assert "Enheten räknar ingenting än" in at.info[0].value


def test_an_own_measure_point_is_added_with_its_preview_beside_it(world, open_page):
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En egen mätpunkt").run()
    field(at.text_input, "Namn").set_value("Hembesök")
    at.run()
    assert "**Hembesök**" in [m.value for m in at.markdown]
    press(at, "Lägg till mätpunkten")

    assert not at.exception
    (row,) = known(world)
    assert row.definition.name == "Hembesök"
    assert row.point.kind is MeasureKind.NUMBER
    assert row.definition.frequency is MeasureFrequency.WEEK


def test_a_measure_point_without_a_name_is_refused_at_its_field(world, open_page):
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En egen mätpunkt").run()
    press(at, "Lägg till mätpunkten")

    assert known(world) == ()
    assert any("Fyll i fältet." in m.value for m in at.markdown)


def test_a_ready_made_one_feeds_a_new_indicator_of_a_goal_at_once(world, open_page):
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En färdig mätpunkt").run()
    template = field(at.selectbox, "Välj bland det som enheter brukar räkna")
    template.set_value(template.options[1]).run()
    field(at.selectbox, "Indikator som mätpunkten räknas till").set_value(
        "Ny indikator på ett mål"
    ).run()
    press(at, "Lägg till mätpunkten")

    assert not at.exception
    (row,) = known(world)
    assert row.definition.name == "Klientens situation, fråga per telefon"
    assert row.definition.feed is MeasureFeed.SHARE_OF_CHOICE
    assert row.indicator == "Andel klienter som fått en bättre situation"


def choose(at, label, words):
    """Choose an option by what it says."""
    return field(at.selectbox, label).set_value(words).run()


def open_ready_made(at, name):
    at.segmented_control(key="measure-add").set_value("En färdig mätpunkt").run()
    return choose(at, "Välj bland det som enheter brukar räkna", name)


def test_a_ready_made_one_with_measuring_periods_is_added_as_it_stands(world, open_page):
    at = open_ready_made(open_page(PAGE, world["actor"]), "Bemötandekollen")
    press(at, "Lägg till mätpunkten")

    assert not at.exception
    (row,) = known(world)
    assert len(row.definition.questions) == 5
    assert str(row.definition.windows[0].period.start) == "2024-11-01"
    assert {c.label: c.counts for c in row.definition.choices} == {
        "Ja": ChoiceCounts.YES,
        "Delvis": ChoiceCounts.NO,
        "Nej": ChoiceCounts.NO,
    }


def test_what_is_worked_out_becomes_an_indicator_and_asks_nobody(world, open_page):
    at = open_ready_made(open_page(PAGE, world["actor"]), "Negativa beslut som berör barn")
    assert "Ingen behöver rapportera något" in shown(at)
    press(at, "Lägg till indikatorn")

    assert known(world) == ()
    with db.read() as session:
        (status,) = indicator_statuses(session, Scope(world["unit"].id), on=MAY)
    assert status.indicator.computed is ComputedFigure.REFUSALS_AFFECTING_CHILDREN


def test_an_own_question_about_every_case_is_made_step_by_step(world, open_page):
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En egen mätpunkt").run()
    field(at.text_input, "Namn").set_value("SIP").run()
    field(at.radio, "Vad ska räknas?").set_value("Ja eller nej om varje ärende").run()
    choose(at, "Vem rapporterar?", "Biträdande enhetschef")
    choose(at, "Hur ofta?", "Varje tertial")
    assert "Rapporteras av biträdande enhetschef varje tertial, om varje öppet ärende" in shown(at)
    press(at, "Lägg till mätpunkten")

    (row,) = known(world)
    definition = row.definition
    assert row.point.kind is MeasureKind.CASE_CHECK
    assert definition.subject is MeasureSubject.OPEN_CASES
    assert definition.case_reference is CaseReference.REQUIRED
    assert definition.reporter is Role.GROUP_MANAGER
    assert definition.frequency is MeasureFrequency.TERTIAL
    assert [c.counts for c in definition.choices] == list(ChoiceCounts)


def test_answers_keep_how_they_count_while_more_are_typed(world, open_page):
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En egen mätpunkt").run()
    field(at.text_input, "Namn").set_value("Utfall").run()
    field(at.radio, "Vad ska räknas?").set_value("Något som händer en viss dag").run()
    choose(at, "Hur ofta?", "När det händer")
    answers = "Svar att välja på, ett på varje rad"
    field(at.text_area, answers).set_value("Avvärjd\nVerkställd").run()
    field(at.multiselect, "Räknas som ja").set_value(["Avvärjd"]).run()
    field(at.text_area, answers).set_value("Avvärjd\nVerkställd\nAviserad").run()
    field(at.multiselect, "Räknas inte med").set_value(["Aviserad"]).run()
    press(at, "Lägg till mätpunkten")

    (row,) = known(world)
    assert {c.label: c.counts for c in row.definition.choices} == {
        "Avvärjd": ChoiceCounts.YES,
        "Verkställd": ChoiceCounts.NO,
        "Aviserad": ChoiceCounts.LEFT_OUT,
    }


def test_an_indicator_with_a_taken_name_is_refused_at_its_own_field(world, open_page):
    with db.write() as session:
        make_goals.indicator(session, world["goal"], "Besök")
    at = open_page(PAGE, world["actor"])
    at.segmented_control(key="measure-add").set_value("En egen mätpunkt").run()
    field(at.text_input, "Namn").set_value("Besök").run()
    choose(at, "Indikator som mätpunkten räknas till", "Ny indikator på ett mål")
    press(at, "Lägg till mätpunkten")

    assert "Indikatorn finns redan bland målen för 2024." in shown(at)
    assert known(world) == ()


@pytest.fixture
def weekly(world):
    with db.write() as session:
        row = make_goals.indicator(
            session, world["goal"], "Besök i år", unit_of_measure=IndicatorUnit.COUNT
        )
        point = make_measures.point(
            session,
            world["unit"],
            name="Besök",
            frequency=MeasureFrequency.WEEK,
            indicator_id=row.id,
            feed=MeasureFeed.SUM,
        )
        make_measures.entry(
            session,
            point,
            "2024-05-26",
            caseworker=world["worker"],
            group=world["group"],
            value=Decimal(7),
        )
    return point


def test_a_measure_point_is_read_with_what_has_been_reported(world, weekly, open_page):
    at = open_page(PAGE, world["actor"], punkt=weekly.slug)
    text = shown(at)

    assert "Frågas nu." in text
    assert "Räknas till indikatorn Besök i år." in text
    assert "7" in text
    at.segmented_control(key=f"measure-split-{weekly.id}").set_value("Per grupp").run()
    assert world["group"].name in shown(at)
    at.segmented_control(key=f"measure-split-{weekly.id}").set_value("Per månad").run()
    assert "2024-05" in shown(at)


PAST = "Besök: Indikatorn hör till 2024. Koppla mätpunkten till årets indikator."


def test_a_point_left_on_last_years_indicator_is_told_of(world, weekly, open_page, today):
    assert not open_page(PAGE, world["actor"]).warning
    today(dt.date(2025, 1, 1))

    assert [w.value for w in open_page(PAGE, world["actor"]).warning] == [PAST]
    one = open_page(PAGE, world["actor"], punkt=weekly.slug)
    assert [w.value for w in one.warning] == [PAST]


def test_an_address_of_a_point_that_isnt_there_is_answered(world, weekly, open_page):
    assert "Mätpunkten finns inte på enheten." in shown(
        open_page(PAGE, world["actor"], punkt="okänd")
    )


def test_a_point_is_changed_from_its_next_period_and_keeps_its_indicator(world, weekly, open_page):
    at = open_page(PAGE, world["actor"], punkt=weekly.slug)
    at.segmented_control(key=f"measure-change-{weekly.id}").set_value("Ändra från en dag").run()
    assert field(at.date_input, "Frågas från och med").value == dt.date(2024, 6, 3)
    field(at.text_input, "Vad talet är").set_value("Möten").run()
    press(at, "Spara ändringen")

    assert not at.exception
    (row,) = known(world)
    assert row.coming.number_label == "Möten"
    assert row.coming_from == dt.date(2024, 6, 3)
    assert row.coming.indicator_id == row.definition.indicator_id
    assert "ändras 2024-06-03" in shown(at)


def test_of_two_who_change_one_point_the_second_is_told(world, weekly, open_page):
    at = open_page(PAGE, world["actor"], punkt=weekly.slug)
    at.segmented_control(key=f"measure-change-{weekly.id}").set_value("Ändra från en dag").run()
    with db.write() as session:
        new = make_measures.new_definition("2024-06-10", name="Någon annans")
        change_definition(session, weekly.id, new, version=1, by=world["actor"])
    press(at, "Spara ändringen")

    assert "har ändrat" in shown(at)
    (row,) = known(world)
    assert row.point.latest.name == "Någon annans"


def test_an_ended_point_can_be_read_but_not_changed(world, weekly, open_page):
    at = open_page(PAGE, world["actor"], punkt=weekly.slug)
    at.segmented_control(key=f"measure-change-{weekly.id}").set_value("Avsluta").run()
    field(at.date_input, "Sista dagen som den frågas").set_value(dt.date(2024, 5, 26))
    press(at, "Avsluta mätpunkten")

    (row,) = known(world)
    assert row.state is PointState.ENDED
    text = shown(at)
    assert "Avslutad 2024-05-26." in text
    assert "Ändra eller avsluta" not in text


def test_a_measuring_period_to_come_is_told_of_in_the_list(world, open_page):
    with db.write() as session:
        make_measures.point(
            session,
            world["unit"],
            frequency=MeasureFrequency.OWN_PERIODS,
            windows=(("2024-10-07", "2024-10-20", "2024-10-27"),),
        )
        make_measures.point(
            session,
            world["unit"],
            frequency=MeasureFrequency.OWN_PERIODS,
            windows=(("2024-03-11", "2024-03-24", "2024-03-27"),),
        )
        make_measures.point(session, world["unit"], valid_from="2024-06-03")
    text = shown(open_page(PAGE, world["actor"]))

    assert "nästa mätperiod 2024-10-07" in text
    assert "inga fler mätperioder" in text
    assert "börjar 2024-06-03" in text


def test_the_unit_manager_may_decide_what_is_counted_too(world, open_page):
    with db.write() as session:
        boss = make.actor(session, Role.UNIT_MANAGER, world["unit"])

    assert "Lägg till en mätpunkt" in shown(open_page(PAGE, boss))
