"""Accuracy of closed years: by hand, and against the budget as it was read on each day."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.models import Area, RetainedCost
from core.queries import accuracy, budget, cache
from core.rules.accuracy import OWN, Miss
from core.rules.budget import accuracy as miss_of
from core.rules.dates import month_end
from core.services.base import Event, record
from core.terms import PrognosisMethod
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-05-27")
JUNE = 6
RATE = PrognosisMethod.RUN_RATE


@pytest.fixture
def unit(store):
    """A unit with two lines in each of 2022, 2023 and 2024; the placements are one's."""
    with db.write() as session:
        row = make.unit(session)
        kind = money.kind(session, row, budget_section="Bistånd", budget_line="Placeringar")
        made = SimpleNamespace(id=row.id, row=row, kind=kind, lines={})
        for year in (2022, 2023, 2024):
            made.lines[year] = (
                money.line(session, row, 1200, year=year),
                money.line(session, row, -600, year=year, name="Bidrag"),
            )
    return made


def book(line, year, amounts, late=9):
    """Book a year's amounts from January on, each some days after its month."""
    with db.write() as session:
        for number, amount in enumerate(amounts, start=1):
            month = date(year, number, 1)
            booked_on = month_end(month) + timedelta(late)
            money.outcome(session, line, month, amount, booked_on)


def read(unit, on=ON):
    cache.clear()
    with db.read() as session:
        return accuracy.accuracy(session, Scope(unit.id), on=on)


def test_a_line_by_hand(unit):
    line, income = unit.lines[2023]
    book(line, 2023, [100] * 6 + [120] * 6)  # 1320 in all
    book(income, 2023, [-50] * 12)
    with db.write() as session:
        money.prognosis(session, line, 1254, day("2023-06-30"))
        money.prognosis(session, line, 1320, day("2023-07-01"))
    found = read(unit)

    assert found.years == (2023,)
    placed = found.of("Bistånd", "Placeringar")
    # By the end of June, May is booked: 100 a month, 1200 in all, against 1320.
    assert placed.average(RATE, JUNE).share == Fraction(120, 1320)
    assert placed.average(OWN, JUNE).share == Fraction(66, 1320)
    assert placed.average(OWN, 7).share == 0
    assert placed.average(OWN, 5) is None
    assert placed.average(PrognosisMethod.LAST_YEAR_PATTERN, JUNE) is None
    # Nothing is placed: May's outcome alone.
    assert placed.average(PrognosisMethod.BOTTOM_UP, JUNE).share == Fraction(820, 1320)
    assert placed.best(JUNE) is RATE
    assert found.total.average(RATE, JUNE).share == Fraction(120, 720)
    assert found.total.average(OWN, JUNE) is None
    assert found.of("Bistånd", "Annat") is None


def test_a_year_counts_from_the_day_its_december_is_booked(unit):
    book(unit.lines[2023][0], 2023, [100] * 12)
    assert read(unit, day("2024-01-08")).years == ()
    assert read(unit, day("2024-01-09")).years == (2023,)
    book(unit.lines[2022][0], 2022, [100] * 11)
    assert read(unit).years == (2023,)


def test_without_a_closed_year_there_is_nothing(unit):
    found = read(unit)
    assert (found.years, found.lines, found.total.misses) == ((), (), ())


def test_the_average_is_over_all_closed_years(unit):
    book(unit.lines[2022][0], 2022, [100] * 11 + [150])
    book(unit.lines[2023][0], 2023, [100] * 12)
    placed = read(unit).of("Bistånd", "Placeringar")
    average = placed.average(RATE, JUNE)
    assert (average.share, average.years) == (Fraction(50, 1250) / 2, 2)


@pytest.fixture(params=[1, 2, 3])
def some_years(request, unit):
    """Years with random outcome, prognoses and placements; 2021 was never closed."""
    dice = random.Random(request.param)
    with db.write() as session:
        unit.lines[2021] = (money.line(session, unit.row, 100, year=2021),)
        case = make.case(session, unit.row, day("2021-01-01"))
        for _ in range(10):
            starts_on = day("2021-11-01") + timedelta(dice.randrange(800))
            length = dice.choice([None, dice.randrange(500)])
            ended_on = None if length is None else starts_on + timedelta(length)
            decided = [{"decided_on": starts_on - timedelta(dice.randrange(40))}]
            if dice.random() < 0.7:
                decided[0]["planned_end_on"] = starts_on + timedelta(dice.randrange(300))
            rates = [(starts_on, 100), (starts_on + timedelta(60), 150)]
            money.placement(
                session,
                case,
                unit.kind,
                starts_on,
                rates=rates,
                decisions=decided,
                ended_on=ended_on,
            )
    for year, last in ((2021, 11), (2022, 12), (2023, 12), (2024, 4)):
        for line in unit.lines[year]:
            book(line, year, [dice.randrange(-50, 900) for _ in range(last)], dice.randrange(40))
            with db.write() as session:
                for _ in range(3):
                    made_on = date(year, 1, 1) + timedelta(dice.randrange(365))
                    money.prognosis(session, line, dice.randrange(5000), made_on)
    return unit


def finals(unit, year):
    """Return the final amounts of a year's lines, by name, as the budget of its last day."""
    with db.read() as session:
        table = budget.budget_table(session, Scope(unit.id), on=date(year, 12, 31))
        ids = {row.line: row.id for row in table.lines}
        booked = budget.outcomes_of(session, unit.id, year, year)
    return {name: sum(row.amount for row in booked[line]) for name, line in ids.items()}


def slow(unit, year):
    """Return a closed year's misses by line, from the budget as read on each month's last day."""
    final = finals(unit, year)
    found = {name: [] for name in [*final, ""]}
    for number in range(1, 13):
        with db.read() as session:
            on = month_end(date(year, number, 1))
            table = budget.budget_table(session, Scope(unit.id), on=on)
        rows = [(row.line, row.figures, final[row.line]) for row in table.lines]
        rows.append(("", table.total.figures, sum(final.values())))
        for name, figures, amount in rows:
            for method in (OWN, *list(PrognosisMethod)[:3]):
                guess = getattr(figures, method.value if method else "prognosis")
                share = None if guess is None else miss_of(guess, amount)
                if share is not None:
                    found[name].append(Miss(year, number, method, share))
    return found


def as_slow(unit, found):
    expected = {year: slow(unit, year) for year in found.years}
    for line in (*found.lines, found.total):
        assert list(line.misses) == [
            miss for year in found.years for miss in expected[year].get(line.line, [])
        ]


def test_each_day_is_judged_as_the_budget_was_read_then(some_years):
    found = read(some_years)
    assert found.years == (2022, 2023)
    as_slow(some_years, found)


def test_removed_placements_count_as_they_did(some_years):
    with db.write() as session:
        for known, paid, number in (
            ("2022-03-10", "2022-03-15", 1),
            ("2023-02-01", "2023-05-01", -1),
        ):
            session.add(
                RetainedCost(
                    unit_id=some_years.id,
                    known_on=day(known),
                    paid_on=day(paid),
                    kind_id=some_years.kind.id,
                    number=number,
                    amount=Decimal(700 * number),
                )
            )
        moved = [(Area.RETENTION, day("2022-03-10"))]
        record(session, Event("remove_closed", "retention_run", 1, some_years.id, moved), by=None)
    as_slow(some_years, read(some_years))


def sent(unit):
    """Return how many statements a reading with an empty cache sends."""
    seen = []
    cache.clear()

    def note(*arguments):
        seen.append(arguments[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with db.read() as session:
            accuracy.accuracy(session, Scope(unit.id), on=ON)
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    return len(seen)


def test_more_years_lines_and_placements_take_no_more_statements(unit):
    book(unit.lines[2023][0], 2023, [100] * 12)
    few = sent(unit)
    book(unit.lines[2022][0], 2022, [100] * 12)
    with db.write() as session:
        case = make.case(session, unit.row, day("2022-01-01"))
        for _ in range(5):
            money.placement(session, case, unit.kind, day("2022-05-01"), rates=10)
            money.line(session, unit.row, 5, year=2023, name=f"Ny {_}")
    assert sent(unit) == few <= 14


def test_this_years_placements_leave_what_is_known_of_closed_years(unit):
    book(unit.lines[2023][0], 2023, [100] * 12)
    read(unit)
    with db.write() as session:
        moved = [(Area.PLACEMENTS, ON)]
        record(session, Event("register", "placement", 1, unit.id, moved), by=None)
    seen = []

    def note(*arguments):
        seen.append(arguments[2])

    event.listen(db.engine(), "before_cursor_execute", note)
    with db.read() as session:
        accuracy.accuracy(session, Scope(unit.id), on=ON)
    event.remove(db.engine(), "before_cursor_execute", note)
    assert not any("day_rate" in statement for statement in seen)
