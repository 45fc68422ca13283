"""Household statistics as read: of each number, what the latest source says."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

from core import db
from core.auth import Scope
from core.models.base import now
from core.queries.households import COLUMNS, NUMBERS, household_months, households
from core.terms import DataSource
from tests import factories as make
from tests import factories_goals as make_goals

JANUARY, JUNE = dt.date(2024, 1, 1), dt.date(2024, 6, 30)


def read(unit, start=JANUARY, end=JUNE):
    with db.read() as session:
        return households(session, Scope(unit.id), start=start, end=end)


def test_months_stand_in_order_and_a_month_without_a_source_has_no_row(store):
    with db.write() as session:
        unit = make.unit(session)
        for month in ("2024-05", "2024-01", "2023-12", "2024-07"):
            make_goals.household_month(session, unit, month, JUNE, households=10)
        make_goals.household_month(session, unit, "2024-02", JUNE, district="Bromma", households=1)
        make_goals.household_month(session, make.unit(session), "2024-03", JUNE, households=1)
    frame = read(unit)
    assert list(frame.columns) == COLUMNS
    assert list(frame["month"]) == ["2024-01", "2024-05"]


def test_a_period_reads_every_month_that_it_touches(store):
    with db.write() as session:
        unit = make.unit(session)
        for month in ("2024-01", "2024-02", "2024-03"):
            make_goals.household_month(session, unit, month, JUNE, households=10)
    frame = read(unit, dt.date(2024, 1, 31), dt.date(2024, 2, 1))
    assert list(frame["month"]) == ["2024-01", "2024-02"]


def test_each_number_is_the_latest_sources_that_states_it(store):
    with db.write() as session:
        unit = make.unit(session)
        old, new = dt.date(2024, 2, 1), dt.date(2024, 3, 1)
        make_goals.household_month(session, unit, "2024-01", new, households=317)
        make_goals.household_month(
            session, unit, "2024-01", old, households=300, children=0, paid_benefit=Decimal("12.50")
        )
        wrong = make_goals.household_month(session, unit, "2024-01", JUNE, households=1)
        wrong.voided_at = now()
    frame = read(unit)
    assert list(frame.iloc[0]) == [
        "2024-01",
        317,
        None,
        None,
        0,
        None,
        None,
        None,
        Decimal("12.50"),
    ]
    with db.read() as session:
        month = household_months(session, Scope(unit.id), start=JANUARY, end=JUNE)[0]
    assert month.per_household == Fraction(25, 634)
    assert month.sourced_on == new
    assert month.stated["households"].sourced_on == new
    assert month.stated["paid_benefit"].sourced_on == old
    assert "men" not in month.stated


def test_of_two_sources_of_the_same_day_the_last_written_holds(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.household_month(session, unit, "2024-01", JUNE, households=1)
        make_goals.household_month(
            session, unit, "2024-01", JUNE, households=2, source=DataSource.DERIVED
        )
        make_goals.household_month(session, unit, "2024-01", JUNE, children=5, source_name="lista")
    with db.read() as session:
        month = household_months(session, Scope(unit.id), start=JANUARY, end=JUNE)[0]
    assert (month.households, month.children, month.source) == (2, 5, DataSource.DERIVED)


def test_random_sources_give_what_a_slow_reading_gives(store):
    chance = random.Random(7)
    with db.write() as session:
        unit = make.unit(session)
        stated = []
        for number in range(80):
            row = {name: chance.choice([None, None, chance.randrange(9)]) for name in NUMBERS}
            if row["paid_benefit"] is not None:
                row["paid_benefit"] = Decimal(row["paid_benefit"])
            month = f"2024-0{chance.randint(1, 6)}"
            sourced_on = dt.date(2024, 7, chance.randint(1, 9))
            make_goals.household_month(session, unit, month, sourced_on, **row)
            stated.append((month, sourced_on, number, row))
    expected = []
    for month in sorted({month for month, *_ in stated}):
        rows = sorted((s for s in stated if s[0] == month), key=lambda s: s[1:3], reverse=True)
        first = [
            next((row[3][name] for row in rows if row[3][name] is not None), None)
            for name in NUMBERS
        ]
        expected.append([month, *first])
    assert [list(row) for row in read(unit).itertuples(index=False)] == expected
