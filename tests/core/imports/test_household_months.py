"""Household months as files: sources beside each other, corrected, and other districts."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.imports.kinds import Effect
from core.models import Area, DataVersion, HouseholdMonth
from core.queries.households import household_months
from core.terms import DataSource, ImportKind
from tests import factories as make
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import rows, world
from tests.factories_goals import household_month

KIND = ImportKind.HOUSEHOLD_MONTHS
TODAY = dt.date(2024, 5, 27)
MARCH = {"Månad": "2024-03", "Hushåll": "317", "Vuxna": "350"}
REPORT = MARCH | {"Källa": "Månadsrapporten", "Källans datum": "2024-04-20"}


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return world()


def valid():
    return [row for row in rows(HouseholdMonth) if row.voided_at is None]


def shown(unit):
    with db.read() as session:
        return household_months(session, Scope(unit.unit_id), start=dt.date(2024, 1, 1), end=TODAY)


def test_a_new_month_is_kept_with_its_source(unit):
    line = REPORT | {"Utbetalt bistånd": "3 214 500,50"}
    save_twice(unit, KIND, line)
    (row,) = valid()
    assert (row.unit_id, row.district, row.month) == (unit.unit_id, "", dt.date(2024, 3, 1))
    assert (row.households, row.adults, row.recipients) == (317, 350, None)
    assert row.paid_benefit == Decimal("3214500.50")
    assert (row.source, row.source_name, row.sourced_on) == (
        DataSource.IMPORTED,
        "Månadsrapporten",
        dt.date(2024, 4, 20),
    )
    (moved,) = rows(DataVersion, area=Area.HOUSEHOLDS)
    assert moved.month == dt.date(2024, 3, 1)


def test_without_a_source_the_files_name_and_today_are(unit, today):
    save_twice(unit, KIND, MARCH)
    (row,) = valid()
    assert (row.source_name, row.sourced_on) == ("fil.csv", TODAY)
    today(TODAY + dt.timedelta(30))
    assert effects(unit, KIND, MARCH) == [Effect.UNCHANGED]
    assert effects(unit, KIND, MARCH, name="annan.csv") == [Effect.UNCHANGED]


def test_the_same_source_again_corrects_what_it_said(unit):
    save(unit, KIND, REPORT)
    corrected = REPORT | {"Hushåll": "318", "Vuxna": "", "Barn": "170"}
    assert seen(unit, KIND, corrected) == [
        (Effect.CHANGED, {"households": (317, 318), "children": (None, 170)})
    ]
    save_twice(unit, KIND, corrected)
    first, second = rows(HouseholdMonth)
    assert first.voided_at is not None
    assert (second.households, second.adults, second.children) == (318, 350, 170)
    assert second.source_name == "Månadsrapporten"


def test_another_source_stands_beside_and_the_later_one_holds(unit):
    save(unit, KIND, REPORT)
    later = {
        "Månad": "2024-03",
        "Hushåll": "320",
        "Källa": "Beslutsstöd",
        "Källans datum": "2024-05-02",
    }
    assert seen(unit, KIND, later) == [(Effect.CHANGED, {"households": (317, 320)})]
    save_twice(unit, KIND, later)
    assert len(valid()) == 2
    (month,) = shown(unit)
    assert (month.households, month.adults, month.sourced_on) == (320, 350, dt.date(2024, 5, 2))


def test_a_source_that_confirms_the_numbers_is_told_by_its_day(unit):
    save(unit, KIND, REPORT)
    again = REPORT | {"Källans datum": "2024-05-02"}
    assert seen(unit, KIND, again) == [
        (Effect.CHANGED, {"sourced_on": (dt.date(2024, 4, 20), dt.date(2024, 5, 2))})
    ]
    save_twice(unit, KIND, again)


def test_what_was_derived_or_typed_in_is_compared_with(unit):
    with db.write() as session:
        of = session.get_one(make.Unit, unit.unit_id)
        household_month(session, of, "2024-03", dt.date(2024, 4, 1), households=317, women=150)
    assert effects(unit, KIND, {"Månad": "2024-03", "Hushåll": "317"}) == [Effect.UNCHANGED]
    line = {"Månad": "2024-03", "Hushåll": "300"}
    save_twice(unit, KIND, line)
    (month,) = shown(unit)
    assert (month.households, month.women) == (300, 150)


def test_other_districts_are_kept_apart_and_found_again_however_spelt(unit):
    with db.read() as session:
        own = session.get_one(make.Unit, unit.unit_id).name
    lines = (
        MARCH,
        MARCH | {"Stadsdel": "Hägersten-Älvsjö", "Hushåll": "900"},
        MARCH | {"Stadsdel": own.upper(), "Månad": "2024-02"},
    )
    save_twice(unit, KIND, *lines)
    assert [row.district for row in valid()] == ["", "Hägersten-Älvsjö", ""]
    assert [month.households for month in shown(unit)] == [317, 317]
    change = MARCH | {"Stadsdel": "HÄGERSTEN-ÄLVSJÖ", "Hushåll": "901"}
    assert effects(unit, KIND, change) == [Effect.CHANGED]


def test_columns_as_the_published_figures_are_understood(unit):
    line = {"unit": "Bromma", "period": "2022-01", "households": "317", "recipients": "529"}
    save_twice(unit, KIND, line)
    (row,) = valid()
    assert (row.district, row.households, row.recipients) == ("Bromma", 317, 529)


def test_what_is_wrong_is_told_by_row_and_column(unit):
    found = faults(
        unit,
        KIND,
        {"Månad": "2024-06", "Hushåll": "3"},
        {"Månad": "2024-02"},
        MARCH | {"Barn": "100", "Mottagare": "500"},
        MARCH | {"Månad": "mars", "Hushåll": "många"},
        MARCH | {"Månad": "2024-01", "Källans datum": "2023-12-31"},
        MARCH | {"Månad": "2024-01", "Källans datum": "2024-05-28"},
        MARCH | {"Månad": "2023-01", "Kvinna söker": "200", "Man söker": "200"},
        MARCH | {"Stadsdel": "811228-9874"},
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "month"): "Månaden ligger efter i dag, 2024-05-27",
        (2, "sourced_on"): "Källan kan inte vara äldre än månaden",
        (3, "households"): "Ange minst en uppgift",
        (4, "recipients"): "Vuxna och barn är 450 tillsammans",
        (5, "month"): "”mars” är ingen månad",
        (5, "households"): "”många” är inget tal",
        (6, "sourced_on"): "Källan kan inte vara äldre än månaden",
        (7, "sourced_on"): "Datumet får inte ligga efter i dag, 2024-05-27",
        (8, "households"): "Hushållen efter sökandens kön är 400 tillsammans",
        (9, "district"): "Cellen innehåller något som ser ut som ett personnummer",
    }


def test_undo_brings_back_what_a_correction_replaced(unit):
    save(unit, KIND, REPORT)
    before = facts()
    take_back(unit, save(unit, KIND, REPORT | {"Hushåll": "318"}, MARCH | {"Månad": "2024-02"}))
    assert facts() == before
