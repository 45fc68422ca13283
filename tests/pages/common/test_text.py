"""Swedish text: what a screen shows of a value, and what a typed number means."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from core.auth import Actor, Role
from core.rules.dates import Period
from core.terms import ComputedFigure
from pages.common import text

READER = Actor(1, "Läsare", Role.READER, unit_id=1)
MANAGER = Actor(2, "Chef", Role.UNIT_MANAGER, unit_id=1)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567, 0, "1\u202f234\u202f567"),
        (Decimal("-1234.5"), 1, "\u22121\u202f234,5"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.5"), 0, "\u22121"),
        (Decimal("-0.4"), 0, "0"),
        (Fraction(2, 3), 2, "0,67"),
        (None, 0, "–"),
    ],
)
def test_numbers_are_rounded_once_half_away_from_zero(value, digits, shown):
    assert text.number(value, digits) == shown


def test_a_plain_number_has_no_needless_decimals():
    assert [text.plain_number(Decimal(n)) for n in ("75.0000", "8.2500", "100", "1200")] == [
        "75",
        "8,25",
        "100",
        "1\u202f200",
    ]


def test_money_is_shown_in_kronor_thousands_and_millions():
    amount = Decimal("-1949999.50")
    assert text.kronor(amount) == "\u22121\u202f950\u202f000\u00a0kr"
    assert text.tkr(amount) == "\u22121\u202f950\u00a0tkr"
    assert text.mnkr(amount) == "\u22121,9\u00a0mnkr"
    assert {text.kronor(None), text.tkr(None), text.mnkr(None)} == {"–"}


def test_a_share_is_shown_in_percent_and_no_value_as_a_dash():
    assert text.percent(Fraction(126, 162)) == "78\u00a0%"
    assert text.percent(Fraction(161, 207), 2) == "77,78\u00a0%"
    assert text.percent(None) == "–"
    assert text.share_of(1260, 1620) == "1\u202f260 av 1\u202f620"


def test_a_reader_sees_no_small_number_of_people():
    assert [text.people(n, READER) for n in (0, 1, 4, 5)] == ["0", "<5", "<5", "5"]
    assert text.people(4, MANAGER) == "4"


def test_a_reader_sees_no_share_that_gives_a_small_number_away():
    assert text.people_share(3, 10, READER) == ("..", "<5 av 10")
    assert text.people_share(2, 4, READER) == ("..", "<5 av <5")
    assert text.people_share(5, 10, READER) == ("50\u00a0%", "5 av 10")
    assert text.people_share(0, 0, READER) == ("–", "0 av 0")
    assert text.people_share(3, 10, MANAGER) == ("30\u00a0%", "3 av 10")


def test_a_reader_is_told_a_share_of_the_year_so_far_but_not_its_counts():
    so_far = ComputedFigure.BKA_COVERAGE
    assert text.people_share(9, 12, READER, so_far) == ("75\u00a0%", "")
    assert text.people_share(9, 11, READER, so_far) == ("82\u00a0%", "")
    assert text.people_share(3, 11, READER, so_far) == ("..", "")
    assert text.people_share(9, 12, MANAGER, so_far) == ("75\u00a0%", "9 av 12")


def test_a_share_of_plans_is_hidden_from_a_reader_when_few_are_outside_it():
    plans = ComputedFigure.PLANS_CURRENT_SHARE
    assert text.people_share(96, 100, READER, plans) == ("..", ".. av 100")
    assert text.people_share(95, 100, READER, plans) == ("95\u00a0%", "95 av 100")
    assert text.people_share(100, 100, READER, plans) == ("100\u00a0%", "100 av 100")
    assert text.people_share(2, 4, READER, plans) == ("..", "<5 av <5")


def test_a_date_has_its_year_unless_it_is_the_year_of_the_day_shown():
    day = dt.date(2024, 5, 2)
    assert text.date_sv(day, dt.date(2024, 12, 31)) == "2 maj"
    assert text.date_sv(day, dt.date(2025, 1, 1)) == "2 maj 2024"
    assert text.date_sv(dt.date(2024, 1, 31)) == "31 jan 2024"
    assert text.date_sv(None) == "–"


def test_the_heading_of_a_day_tells_weekday_and_week():
    assert text.heading(dt.date(2024, 5, 27)) == "Måndag 27 maj, vecka 22"
    assert text.heading(dt.date(2021, 1, 3)) == "Söndag 3 januari, vecka 53"


def test_names_from_the_store_are_no_markdown():
    assert text.safe("Åsa Öberg-Ek (1)") == "Åsa Öberg-Ek (1)"
    assert text.safe("[a](b) *c* :red[d] $e$") == r"\[a\](b) \*c\* \:red\[d\] \$e\$"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234,50", "1234.50"),
        ("1\u202f234\u00a0567 kr", "1234567"),
        ("  99,75KR", "99.75"),
        ("−12", "-12"),
        ("-12,5", "-12.5"),
        ("1234", "1234"),
        ("0", "0"),
    ],
)
def test_a_typed_number_may_have_spaces_kronor_and_a_decimal_comma(typed, meant):
    assert text.parse_number(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["", " kr", "tolv", "1,2,3", "12 34", "1 2345", "--1", "1,", "٣"])
def test_what_is_no_number_is_refused_with_what_is_expected(typed):
    with pytest.raises(ValueError, match="decimalkomma"):
        text.parse_number(typed)


@pytest.mark.parametrize("typed", ["1.234", "99.75", "1.234,50"])
def test_a_full_stop_is_refused_since_it_could_mean_two_things(typed):
    with pytest.raises(ValueError, match="Punkt kan betyda"):
        text.parse_number(typed)


def test_more_decimals_than_a_field_takes_are_refused():
    with pytest.raises(ValueError, match="Högst 2 decimaler"):
        text.parse_number("1,234")
    with pytest.raises(ValueError, match="heltal"):
        text.parse_number("1,5", digits=0)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-05-27", "2024-05-27", "27 maj 2024"),
        ("2024-05-27", "2024-06-02", "vecka 22 2024"),
        ("2024-12-30", "2025-01-05", "vecka 1 2025"),
        ("2024-05-28", "2024-06-03", "28 maj–3 juni 2024"),
        ("2024-02-01", "2024-02-29", "februari 2024"),
        ("2024-01-01", "2024-04-30", "T1 2024"),
        ("2024-09-01", "2024-12-31", "T3 2024"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2024-01-01", "2024-03-31", "kvartal 1 2024"),
        ("2024-10-01", "2024-12-31", "kvartal 4 2024"),
        ("2024-01-01", "2024-06-30", "första halvåret 2024"),
        ("2024-07-01", "2024-12-31", "andra halvåret 2024"),
        ("2024-01-01", "2024-06-29", "1 jan–29 juni 2024"),
        ("2023-12-18", "2024-01-10", "18 dec 2023–10 jan 2024"),
    ],
)
def test_a_period_is_told_by_its_usual_name(start, end, words):
    assert text.period_sv(Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))) == words
