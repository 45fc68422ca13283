"""The words of Kostnadsprognos: what moved most, whether the budget holds, how earlier years did."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.queries.cost_bridge import Bridge, BridgeRow, CauseSum
from core.queries.cost_outlook import TrialYear
from core.rules.cost_bridge import Span
from core.rules.cost_fan import Fan, FanLine
from core.rules.dates import year_of
from core.rules.fan_trials import Record
from core.terms import ALL, BridgeCause
from pages.common import bridge_parts, fan_parts
from tests.factories import day

SPAN = Span(day("2024-09-30"), day("2024-10-31"), year_of(day("2024-10-31")))


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def moved(*causes):
    """A bridge of causes, placements and kronor, from a million kronor."""
    sums = tuple(CauseSum(cause, count, Decimal(amount)) for cause, count, amount in causes)
    start = Decimal(1_000_000)
    end = start + sum(one.amount for one in sums)
    return Bridge(SPAN, start, end, start, end, sums, (), Decimal(0))


def told(*causes):
    return plain(bridge_parts.sentence(moved(*causes), SPAN.after))


def total(low, expected, high):
    amounts = [Decimal(amount) for amount in (low, expected, high)]
    return FanLine(ALL, 1, Decimal(0), Decimal(0), Decimal(0), *amounts, 9, None, True)


@pytest.mark.parametrize(
    ("cause", "count", "words"),
    [
        (BridgeCause.NEW, 3, "3 nya placeringar"),
        (BridgeCause.EXTENDED, 1, "1 förlängd placering"),
        (BridgeCause.OVERRUN, 2, "2 placeringar som fortsätter efter planerat slut"),
        (BridgeCause.RATE, 2, "ändrat dygnspris i 2 placeringar"),
        (BridgeCause.CONTRACT, 1, "ändrat avtal eller utförare i 1 placering"),
        (BridgeCause.OTHER, 1, "ärenden som har bytt grupp eller gallrats"),
    ],
)
def test_each_cause_has_its_words(cause, count, words):
    assert told((cause, count, 340_000)) == (
        f"**Prognosen har ökat med 340 tkr sedan 30 sep, mest på grund av {words}.**"
    )


def test_the_cause_that_weighs_most_is_named():
    assert told((BridgeCause.ENDED, 2, -90_000), (BridgeCause.SHORTENED, 1, -10_000)) == (
        "**Prognosen har minskat med 100 tkr sedan 30 sep, mest på grund av 2 placeringar som slutade "
        "tidigare än beslutat.**"
    )


def test_what_works_the_other_way_is_told_after():
    words = told((BridgeCause.NEW, 1, 10_000), (BridgeCause.SHORTENED, 1, -90_000))

    assert words.endswith("Samtidigt ökade den med 10 tkr, mest på grund av 1 ny placering.")


def test_less_than_a_thousand_is_told_in_kronor():
    assert "ökat med 400 kr sedan" in told((BridgeCause.RATE, 1, 400))


def test_every_cause_has_words_or_is_other():
    assert set(BridgeCause) - set(bridge_parts.PHRASES) == {BridgeCause.OTHER}


def test_the_table_adds_up_and_names_what_has_no_row():
    row = BridgeRow(1, "PL-1", "HVB", BridgeCause.RATE, Decimal(700), True, None, day("2024-12-01"))

    table = bridge_parts.bridge_table((row,), Decimal(300))

    assert table.to_dict("split")["data"] == [
        ["Ändrat dygnspris", "PL-1", "HVB", "tills vidare", day("2024-12-01"), 700],
        ["Övrigt", "gallrade ärenden", "", "", "", 300],
        ["Summa", "", "", "", "", 1000],
    ]


@pytest.mark.parametrize(
    ("budget", "word"),
    [
        (110, "Håller även högt räknat"),
        (109, "Kan gå åt båda hållen"),
        (90, "Kan gå åt båda hållen"),
        (89, "Håller inte ens lågt räknat"),
    ],
)
def test_the_budget_is_judged_by_both_ends_of_the_span(budget, word):
    assert fan_parts.verdict(total(90, 100, 110), Decimal(budget)).word == word


def test_a_year_that_is_over_is_told_as_it_ended():
    over = Fan(day("2024-12-31"), (), total(1_000_000, 1_000_000, 1_000_000), ())

    assert plain(fan_parts.said(over)) == "**Året är slut och kostade 1 000 tkr.**"


def test_how_a_year_did_is_told_with_what_could_not_be_tried():
    record = Record(ALL, 10, 9, Fraction(3, 100), None)
    one = Record(ALL, 1, 1, Fraction(3, 100), Fraction(1, 4))

    assert plain(fan_parts.trial_words(TrialYear(2023, (record,), 1))) == (
        "**2023 hamnade utfallet inom spannet vid 9 av 10 månadsskiften.** Det förväntade missade "
        "utfallet med i snitt 3 %, beslutat med –. Vid 1 månadsskifte fanns för lite historik."
    )
    assert "1 av 1 månadsskifte.**" in plain(fan_parts.trial_words(TrialYear(2023, (one,), 0)))
    assert "går inte att pröva" in fan_parts.trial_words(TrialYear(2022, (), 11))


def test_the_years_stand_beside_each_other_by_kind():
    def record(kind, inside):
        return Record(kind, 11, inside, Fraction(1, 10), Fraction(1, 5))

    table = fan_parts.trials_table(
        (record("HVB", 9), record(ALL, 10)), (record("Boende", 3), record(ALL, 4))
    )

    shown = table[["kind", "inside0", "inside1"]].to_dict("split")["data"]
    assert shown == [
        ["Boende", None, "3 av 11"],
        ["HVB", "9 av 11", None],
        ["Summa", "10 av 11", "4 av 11"],
    ]
    years = (TrialYear(2023, (), 0), TrialYear(2022, (), 0))
    columns = [column.name for column in fan_parts.trial_columns(years)]
    assert set(columns) == set(table.columns)
