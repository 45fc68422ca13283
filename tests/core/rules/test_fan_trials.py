"""How earlier fans did, worked out by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.rules.cost_fan import Fan, FanLine
from core.rules.fan_trials import Trial, records, trials
from core.terms import ALL
from tests.factories import day


def line(kind, low, expected, high, decided=0):
    amounts = [Decimal(amount) for amount in (low, expected, high)]
    return FanLine(kind, 1, Decimal(0), Decimal(decided), Decimal(0), *amounts, 9, None, True)


def trial(kind, inside, month=1, outcome=100):
    low = 90 if inside else 110
    values = (Decimal(n) for n in (low, low + 10, low + 20, 140, outcome))
    return Trial(day(f"2023-{month:02}-28"), kind, *values)


@pytest.mark.parametrize(
    ("outcome", "inside"),
    [("90", True), ("89.50", True), ("89.49", False), ("110", True), ("110.51", False)],
)
def test_the_span_holds_both_its_ends_in_whole_kronor(outcome, inside):
    made = Trial(day("2023-01-31"), ALL, *map(Decimal, (90, 100, 110, 0)), Decimal(outcome))

    assert made.inside is inside


def test_each_kind_and_the_sum_meet_their_outcome():
    fan = Fan(
        day("2023-03-31"),
        (line("HVB", 1, 2, 3, 4), line("Hotell", 5, 6, 7)),
        line(ALL, 6, 8, 10, 12),
        (),
    )
    # A kind that came later is in the sum; one that came to nothing cost 0.
    made = trials(fan, {"HVB": Decimal(3), "Familjehem": Decimal(4)})

    assert [(t.kind, t.outcome, t.inside) for t in made] == [
        ("HVB", 3, True),
        ("Hotell", 0, False),
        (ALL, 7, True),
    ]
    assert (made[2].low, made[2].expected, made[2].high, made[2].decided) == (6, 8, 10, 12)
    assert {t.made_on for t in made} == {fan.on}


def test_fans_are_counted_by_kind_with_the_sum_last():
    made = [trial(ALL, True), trial("HVB", True), trial(ALL, False, 2), trial("Boende", False, 2)]

    found = records(made)

    assert [(r.kind, r.inside, r.made) for r in found] == [
        ("Boende", 0, 1),
        ("HVB", 1, 1),
        (ALL, 1, 2),
    ]
    # Expected 100 and 120 of an outcome of 100 each time; decided 140.
    assert (found[2].expected_miss, found[2].decided_miss) == (Fraction(1, 10), Fraction(2, 5))


def test_nothing_to_miss_is_no_value():
    (record,) = records([trial("HVB", False, outcome=0)])

    assert (record.expected_miss, record.decided_miss) == (None, None)
