"""Benefit months as a file: rules of the form, amounts, and långvarigt at once."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.imports.kinds import Effect
from core.models import Area, BenefitMonth, DataVersion
from core.queries.benefit_months import long_term
from core.queries.keys import By
from core.services.benefit_months import NewMonths, set_months
from core.terms import CaseKind, DataSource, ImportKind
from tests import factories as make
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import TODAY, rows, run, world

KIND = ImportKind.BENEFIT_MONTHS
MONTHS = [f"2023-{month:02}" for month in range(8, 13)] + [f"2024-0{n}" for n in range(1, 6)]


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return world()


def line(month, amount="", case="AR-0001"):
    return {"Ärende": case, "Månad": month, "Belopp": amount}


def test_ten_months_make_a_household_long_term(unit):
    save_twice(unit, KIND, *(line(month) for month in MONTHS))
    with db.read() as session:
        frame = long_term(session, Scope(unit.unit_id), on=TODAY, by=By.NONE)
    assert list(frame.iloc[0]) == ["alla", 1, 1, 1]
    assert {row.source for row in rows(BenefitMonth)} == {DataSource.IMPORTED}
    (moved,) = rows(DataVersion, area=Area.BENEFIT_MONTHS)
    assert moved.month == dt.date(2023, 8, 1)


def test_a_month_told_by_hand_stays_and_an_amount_is_added_to_it(unit):
    run(set_months, unit.case_id, NewMonths(frozenset({dt.date(2024, 5, 1)})), by=unit.manager)
    before = facts()
    assert effects(unit, KIND, line("2024-05")) == [Effect.UNCHANGED]
    told = line("maj 2024", "8 450,50")
    assert seen(unit, KIND, told) == [(Effect.CHANGED, {"amount": (None, Decimal("8450.50"))})]
    run_id = save_twice(unit, KIND, told)
    take_back(unit, run_id)
    assert facts() == before


def test_what_is_wrong_is_told_by_row_and_column(unit):
    with db.write() as session:
        of = session.get_one(make.Unit, unit.unit_id)
        opened = dt.date(2023, 1, 1)
        make.case(session, of, opened, reference="AR-0002", kind=CaseKind.ADDICTION)
        make.case(session, of, opened, reference="AR-0003", closed_on=dt.date(2024, 3, 31))
    found = faults(
        unit,
        KIND,
        line("2024-05", case="AR-0009"),
        line("2024-05", case="AR-0002"),
        line("2024-04", case="AR-0003"),
        line("2024-03", case="AR-0003"),
        line("2024-06"),
        line("1999-12"),
        line("2024-05", "1000000"),
        line("2024-04", "-1"),
        line("2024-03", "12,345"),
        line("2024-02", case="811228-9874"),
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "reference"): "Ärendet finns inte i enheten",
        (3, "reference"): "Uppgiften gäller bara ekonomiskt bistånd",
        (4, "month"): "Ärendet avslutades 2024-03-31",
        (6, "month"): "Månaden 2024-06 ligger efter i dag, 2024-05-27",
        (7, "month"): "Välj en månad från år 2000, inte 1999-12",
        (8, "amount"): "Ange ett belopp från 0 till 1000000 kr",
        (9, "amount"): "”-1” är för litet",
        (10, "amount"): "”12,345” har för många decimaler",
        (11, "reference"): "Cellen innehåller något som ser ut som ett personnummer",
    }


def test_other_units_cases_are_not_found(unit):
    with db.write() as session:
        of = session.get_one(make.Unit, unit.extra["other_unit_id"])
        make.case(session, of, dt.date(2023, 1, 1), reference="AR-0077")
    assert set(faults(unit, KIND, line("2024-05", case="AR-0077"))) == {(2, "reference")}


def test_a_file_leaves_other_months_as_they_are(unit):
    save(unit, KIND, line("2024-04"))
    save(unit, KIND, line("2024-05"))
    assert [row.month.month for row in rows(BenefitMonth)] == [4, 5]
