"""The red thread in words: how an indicator stands, and what an entry did to it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.queries.effects import Effect
from core.queries.indicators import Thread
from core.terms import Fulfilment, IndicatorUnit, sv
from pages.common import threads

NBSP = "\u00a0"


def thread(unit=IndicatorUnit.PERCENT, target=Decimal(80), value=Fraction(786, 10)):
    return Thread(
        indicator_id=1,
        indicator_name="Aktuella planer",
        period="2024",
        value=value,
        numerator=None,
        denominator=None,
        unit=sv(unit),
        target=target,
        fulfilment=Fulfilment.PARTLY_MET,
        goals=("Alla har en plan", "Fler i arbete"),
    )


def effect(before, after, own=(None, None), alone=True, **fields):
    return Effect(thread(**fields), before, after, *own, alone)


def percent(value):
    return Fraction(value) if value is not None else None


def test_an_indicator_stands_with_its_target_and_goals():
    assert threads.line(thread()) == (
        f":small[:material/timeline: Räknas mot **Aktuella planer**: enheten 78,6{NBSP}%, "
        f"mål 80{NBSP}%] :orange-badge[:material/error: Uppfylls delvis]"
    )
    assert "mål fastställs 2024" in threads.line(thread(target="fastställs 2024"))
    assert "enheten 4, mål 10" in threads.line(
        thread(IndicatorUnit.COUNT, Decimal(10), Fraction(4))
    )
    assert threads.chain(thread().goals) == ":small[Alla har en plan → Fler i arbete]"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("81.3", "81.7", f"gick från 81,3{NBSP}% till 81,7{NBSP}%"),
        ("81.31", "81.34", f"gick från 81,31{NBSP}% till 81,34{NBSP}%"),
        ("81.311", "81.314", f"gick från 81,311{NBSP}% till 81,314{NBSP}%"),
        ("81.3111", "81.3112", f"rörde sig knappt, 81,3{NBSP}%"),
        ("81.3", "81.3", f"står kvar på 81,3{NBSP}%"),
        (None, "50", f"gick från – till 50{NBSP}%"),
        ("50", None, f"gick från 50{NBSP}% till –"),
        (None, None, "står kvar på –"),
    ],
)
def test_a_move_is_told_with_as_many_decimals_as_it_takes(before, after, words):
    (said,) = threads.said([effect(percent(before), percent(after))])
    assert said == f"**Aktuella planer**: enheten {words}."


def test_ones_own_part_and_others_reports_are_told():
    (said,) = threads.said(
        [effect(Fraction(50), Fraction(51), (Fraction(0), Fraction(100)), alone=False)]
    )
    assert said == (
        f"**Aktuella planer**: enheten gick från 50{NBSP}% till 51{NBSP}%, "
        f"dina egna ärenden gick från 0{NBSP}% till 100{NBSP}%. Andra rapporterade samtidigt."
    )
    (still,) = threads.said([effect(Fraction(50), Fraction(50), alone=False)])
    assert "Andra" not in still


def test_in_short_only_what_moved_is_told():
    moved, still = effect(Fraction(50), Fraction(51)), effect(Fraction(50), Fraction(50))
    assert threads.in_short([moved, still]) == [
        f"Aktuella planer: enheten gick från 50{NBSP}% till 51{NBSP}%"
    ]
