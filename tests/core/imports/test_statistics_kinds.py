"""Every kind of file of the unit's own statistics: template, headings, twice, and undo."""

import pytest

from core import db
from core.imports import templates
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.imports.values import folded
from core.models import Goal, Indicator
from core.terms import (
    Direction,
    GoalLevel,
    ImportKind,
    IndicatorUnit,
    Periodicity,
)
from tests import factories as make
from tests.core.imports.statistics import facts, take_back
from tests.factories_cases import world
from tests.factories_imports import imported, look, read, xlsx_of

OWN = [
    ImportKind.BENEFIT_MONTHS,
    ImportKind.HOUSEHOLD_MONTHS,
    ImportKind.STAFF_SURVEY,
    ImportKind.GOALS,
    ImportKind.INDICATOR_VALUES,
    ImportKind.CLIENT_SURVEYS,
]


@pytest.fixture
def unit(store, today):
    """A unit in which every template's example fits."""
    today(make.day("2024-12-31"))
    found = world()
    with db.write() as session:
        goal = Goal(
            unit_id=found.unit_id, year=2024, code="1", level=GoalLevel.CITY_DIRECTION, name="Ett"
        )
        make.save(session, goal)
        indicator = Indicator(
            unit_id=found.unit_id,
            goal_id=goal.id,
            name="Andel klienter som upplever ett gott bemötande",
            unit_of_measure=IndicatorUnit.PERCENT,
            direction=Direction.HIGHER,
            periodicity=Periodicity.YEAR,
        )
        make.save(session, indicator)
    return found


def test_each_can_be_chosen():
    assert set(OWN) < set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_understand_the_same_heading(kind):
    owner = {}
    for column in KINDS[kind].columns:
        for word in {folded(one) for one in (column.name, column.heading, *column.also)}:
            assert owner.setdefault(word, column.name) == column.name


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_as_it_is_can_be_imported_twice_and_undone(unit, kind, form):
    found = KINDS[kind]
    data = templates.as_csv(found) if form == "csv" else templates.as_workbook(found)
    name = f"mall.{form}"
    before = facts()

    run_id = imported(unit, data, kind, name)

    assert facts() != before
    assert look(unit, read(data, kind, name)).counts == {
        Effect.NEW: 0,
        Effect.CHANGED: 0,
        Effect.UNCHANGED: 1,
        Effect.WRONG: 0,
    }
    take_back(unit, run_id)
    assert facts() == before


@pytest.mark.parametrize("kind", OWN)
def test_english_headings_and_codes_are_understood(unit, kind):
    columns = KINDS[kind].columns
    words = [getattr(c.example, "value", templates.example(c)) for c in columns]
    data = xlsx_of([c.name for c in columns], words)
    assert look(unit, read(data, kind, "file.xlsx")).counts[Effect.NEW] == 1


@pytest.mark.parametrize("kind", OWN)
def test_every_rule_and_description_is_a_whole_sentence(kind):
    found = KINDS[kind]
    for words in (found.lead, *found.rules, *(column.description for column in found.columns)):
        assert words[0].isupper(), words
        assert words.endswith("."), words
