"""Values of indicators as a file."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.imports.indicator_values import period
from core.imports.kinds import CellError, Effect
from core.models import Area, DataVersion, Goal, Indicator, IndicatorValue
from core.terms import (
    ComputedFigure,
    Direction,
    Gender,
    GoalLevel,
    ImportKind,
    IndicatorSource,
    IndicatorUnit,
    Periodicity,
)
from tests import factories as make
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import rows, world

KIND = ImportKind.INDICATOR_VALUES
D = dt.date
TODAY = D(2024, 5, 27)
LINE = {"Indikator": "Nöjda", "Period": "2024-T1", "Värde": "77,7"}


@pytest.fixture
def unit(store, today):
    """A unit with a % by tertial, a number by month, and one that is computed."""
    today(TODAY)
    found = world()
    with db.write() as session:
        goal = Goal(
            unit_id=found.unit_id, year=2024, code="1", level=GoalLevel.UNIT_GOAL, name="Ett"
        )
        make.save(session, goal)

        def indicator(name, unit_of_measure, periodicity, **fields):
            row = Indicator(
                unit_id=found.unit_id,
                goal_id=goal.id,
                name=name,
                unit_of_measure=unit_of_measure,
                direction=Direction.HIGHER,
                periodicity=periodicity,
                **fields,
            )
            return make.save(session, row).id

        percent = IndicatorUnit.PERCENT
        found.extra["percent"] = indicator("Nöjda", percent, Periodicity.TERTIAL)
        indicator("Besök", IndicatorUnit.COUNT, Periodicity.MONTH)
        indicator(
            "Täckning",
            percent,
            Periodicity.YEAR,
            source=IndicatorSource.COMPUTED,
            computed=ComputedFigure.PLANS_COVERAGE,
        )
    return found


def test_a_new_value_counts_from_its_periods_last_day(unit):
    save_twice(unit, KIND, LINE, LINE | {"Kön": "kvinnor", "Värde": "80"})
    everybody, women = rows(IndicatorValue)
    assert (everybody.indicator_id, everybody.value) == (unit.extra["percent"], Decimal("77.7"))
    assert (everybody.period_start, everybody.period_end, everybody.measured_on) == (
        D(2024, 1, 1),
        D(2024, 4, 30),
        D(2024, 4, 30),
    )
    assert (everybody.gender, women.gender) == (None, Gender.WOMAN)
    assert everybody.source_name == "fil.csv"
    (moved,) = rows(DataVersion, area=Area.GOALS)
    assert moved.month == D(2024, 4, 1)


def test_a_share_is_kept_exact_from_its_parts(unit):
    save_twice(unit, KIND, LINE | {"Värde": "", "Täljare": "94", "Nämnare": "121"})
    (row,) = rows(IndicatorValue)
    assert (row.value, row.numerator, row.denominator) == (Decimal("77.6860"), 94, 121)
    assert effects(unit, KIND, LINE) == [Effect.UNCHANGED]


def test_a_value_that_contradicts_its_old_parts_lets_them_go(unit):
    save(unit, KIND, LINE | {"Värde": "", "Täljare": "94", "Nämnare": "121"})
    assert seen(unit, KIND, LINE | {"Värde": "80"}) == [
        (
            Effect.CHANGED,
            {
                "value": (Decimal("77.6860"), 80),
                "numerator": (94, None),
                "denominator": (121, None),
            },
        )
    ]


def test_a_changed_value_replaces_the_earlier_one_which_is_kept(unit):
    save(unit, KIND, LINE)
    before = facts()
    run_id = save_twice(unit, KIND, LINE | {"Värde": "78"})
    assert [row.voided_at is None for row in rows(IndicatorValue)] == [False, True]
    take_back(unit, run_id)
    assert facts() == before


def test_a_value_measured_later_stands_beside_the_earlier_one(unit):
    save(unit, KIND, LINE)
    save_twice(unit, KIND, LINE | {"Värde": "79", "Mätt": "2024-05-20"})
    assert [(row.measured_on, row.voided_at) for row in rows(IndicatorValue)] == [
        (D(2024, 4, 30), None),
        (D(2024, 5, 20), None),
    ]


def test_what_is_wrong_is_told_by_row_and_column(unit):
    besok = {"Indikator": "besök", "Period": "2024-03", "Värde": "12"}
    found = faults(
        unit,
        KIND,
        LINE | {"Indikator": "Missnöjda"},
        LINE | {"Period": "2023-T1"},
        LINE | {"Period": "2024"},
        LINE | {"Period": "2024-T3"},
        LINE | {"Period": "våren"},
        LINE | {"Värde": "101", "Kön": "man"},
        LINE | {"Värde": "50", "Täljare": "94", "Nämnare": "121", "Kön": "okänt"},
        LINE | {"Värde": "", "Kön": "kvinna"},
        besok | {"Värde": "-3"},
        besok | {"Period": "2024-04", "Mätt": "2024-03-31"},
        {"Indikator": "Täckning", "Period": "2024", "Värde": "50", "Mätt": "2024-05-01"},
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "indicator"): "”Missnöjda” är ingen indikator 2024",
        (3, "indicator"): "Enheten har inga indikatorer för 2023",
        (4, "period"): "Indikatorn mäts per tertial",
        (4, "measured_on"): "Perioden slutar 2024-12-31",
        (5, "measured_on"): "Perioden slutar 2024-12-31",
        (6, "period"): "”våren” är ingen period",
        (7, "value"): "Ange ett tal från 0 till 100",
        (8, "gender"): "”okänt” finns inte att välja",
        (9, "value"): "Ange ett värde",
        (10, "value"): "Ett antal får inte vara negativt",
        (11, "measured_on"): "Perioden börjar 2024-04-01",
        (12, "value"): "Indikatorn räknas ut ur egna uppgifter och skrivs inte in",
    }
    assert rows(IndicatorValue) == []


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("2024", "2024"),
        (2023, "2023"),
        ("VB 2023", "2023"),
        ("2024-T2", "2024-T2"),
        ("t3 2023", "2023-T3"),
        ("2024T1", "2024-T1"),
        ("2024-05", "2024-05"),
        (D(2024, 5, 1), "2024-05"),
    ],
)
def test_a_period_is_read_as_people_write_it(cell, label):
    assert period(cell).label == label


@pytest.mark.parametrize("cell", ["2024-T4", "2024-13", "24", "1899", "T1", "vår 2024"])
def test_what_could_be_anything_is_no_period(cell):
    with pytest.raises(CellError):
        period(cell)
