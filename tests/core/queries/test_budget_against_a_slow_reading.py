"""Random stores: budget lines agree with a computation written from the domain's text."""

import datetime as dt
import random
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.queries import budget
from core.rules.shares import rounded
from tests import factories as make
from tests import factories_money as money
from tests.core.queries.test_placements_against_a_slow_reading import random_placement
from tests.core.queries.test_placements_against_a_slow_reading import save as save_placement
from tests.core.rules import slow_money as slow

NAMES = ("Boende", "HVB", "Personal", "Bidrag")
ON = [dt.date(2024, n, d) for n, d in ((1, 15), (1, 31), (2, 29), (5, 27), (9, 30), (12, 31))]


@pytest.fixture(params=[1, 2, 3])
def unit(request, store):
    """A unit with lines of two years, each month booked never, once or several times."""
    dice = random.Random(request.param)
    made = SimpleNamespace(lines={}, last_year={}, placed=[])
    with db.write() as session:
        row = make.unit(session)
        made.id = row.id
        for year, into in ((2023, made.last_year), (2024, made.lines)):
            for name in NAMES:
                if year == 2024 or dice.random() < 0.8:
                    into[name] = random_line(session, row, dice, year, name)
        kinds = {
            name: money.kind(session, row, f"slag {name}", budget_section="A", budget_line=name)
            for name in NAMES[:2]
        }
        case = make.case(session, row, dt.date(2023, 1, 1))
        for n in range(12):
            fact = random_placement(dice)
            fact.reference, fact.line = f"PL-{n}", dice.choice(NAMES[:2])
            fact.kind = kinds[fact.line]
            save_placement(session, case, fact)
            made.placed.append(fact)
    return made


def random_line(session, unit, dice, year, name):
    """Save a line with random rows, and return them as plain objects."""
    amount = Decimal(dice.randrange(-(10**8), 10**9)) / 100
    line = money.line(session, unit, amount, year=year, section="A", name=name)
    outcomes, prognoses = [], []
    last = 12 if year == 2023 else dice.randrange(13)
    for number in range(1, last + 1):
        for _ in range(dice.choice([0, 1, 1, 1, 2])):
            month = dt.date(year, number, 1)
            booked_on = month + timedelta(dice.randrange(90))
            booked = Decimal(dice.randrange(-(10**6), 10**7)) / 100
            outcomes.append(SimpleNamespace(month=month, amount=booked, booked_on=booked_on))
            money.outcome(session, line, month, booked, booked_on)
    for _ in range(dice.randrange(4)):
        made_on = dt.date(year, 1, 1) + timedelta(dice.randrange(300))
        expected = Decimal(dice.randrange(10**9)) / 100
        prognoses.append(SimpleNamespace(made_on=made_on, amount=expected))
        money.prognosis(session, line, expected, made_on)
    return SimpleNamespace(budget=amount, outcomes=outcomes, prognoses=prognoses)


def slow_row(unit, name, on):
    """Return a line's figures as the domain's text says them."""
    line = unit.lines[name]
    lines = [one.outcomes for one in unit.lines.values()]
    last_year = [one.outcomes for one in unit.last_year.values()]
    m = slow.latest_booked_month(lines, on)
    line.last_year = unit.last_year[name].outcomes if name in unit.last_year else []
    line.placement_cost = None
    if name in NAMES[:2]:
        days = slow_days(on, m)
        paid_here = (fact for fact in unit.placed if fact.line == name)
        line.placement_cost = sum(
            (slow.cost(f, [day for day in days if slow.is_paid(f, day, on)]) for f in paid_here),
            Decimal(0),
        )
    outcome, run_rate, pattern, bottom_up = slow.line_figures(line, on, lines, last_year)
    prognosis = slow.prognosis(line.prognoses, on)
    deviation = None if prognosis is None else line.budget - prognosis
    return [line.budget, outcome, prognosis, deviation, run_rate, pattern, bottom_up]


def slow_days(on, m):
    """Return the days from the month after number m to the year's last."""
    year = [dt.date(on.year, 1, 1) + timedelta(n) for n in range(366)]
    return [day for day in year if day.year == on.year and day.month > m]


def test_every_figure_of_every_line_is_the_slow_one(unit):
    with db.read() as session:
        for on in ON:
            table = budget.budget(session, Scope(unit.id), on=on)
            assert list(table["line"]) == sorted(NAMES)
            for _, name, *figures in table.itertuples(index=False):
                expected = slow_row(unit, name, on)
                shown = [None if one is None else rounded(Fraction(one), 2) for one in expected]
                assert figures == shown, (name, on)
