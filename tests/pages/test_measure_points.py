"""Mätpunkter: adding a ready-made or an own one, its preview, its indicator, changing and ending."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Role, Scope
from core.queries.indicators import indicator_statuses
from core.queries.measure_overview import overview
from core.terms import ChoiceCounts, IndicatorSource, MeasureFeed, MeasureFrequency, MeasureKind
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
    template.set_value(template.options[1] if False else template.options[1]).run()
    field(at.selectbox, "Indikator som mätpunkten räknas till").set_value(
        "Ny indikator på ett mål"
    ).run()
    press(at, "Lägg till mätpunkten")

    assert not at.exception
    (row,) = known(world)
    assert row.definition.name == "Klientens situation, fråga per telefon"
    assert row.definition.feed is MeasureFeed.SHARE_OF_CHOICE
    assert row.indicator == "Andel klienter som fått en bättre situation"
