"""Cells of a ledger: codes, periods and amounts as exports write them."""

import datetime as dt
from decimal import Decimal

import pytest

from core.imports.kinds import CellError
from core.imports.ledger_values import amount, code, is_sum, kronor, period


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1 234,50", "1234.50"),
        ("1 234,50-", "-1234.50"),
        ("(1 234,50)", "-1234.50"),
        ("-1 234,50 kr", "-1234.50"),
        ("\u22125", "-5"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234.50", "1234.50"),
        ("+7", "7"),
        (12.5, "12.5"),
        (-3, "-3"),
    ],
)
def test_an_amount_is_read_with_its_sign_wherever_it_stands(cell, expected):
    assert amount(cell) == Decimal(expected)


@pytest.mark.parametrize("cell", ["1.234", "-5-", "(-5)", "fem", "1,234", "1,2,3", "12,345"])
def test_an_amount_that_can_be_read_in_two_ways_is_refused(cell):
    with pytest.raises(CellError):
        amount(cell)


@pytest.mark.parametrize(
    "cell",
    ["2024-05", "202405", 202405.0, "2024-05-31", "maj 2024", "MAJ 2024", dt.datetime(2024, 5, 17)],
)
def test_a_period_is_its_months_first_day(cell):
    assert period(cell) == dt.date(2024, 5, 1)


@pytest.mark.parametrize("cell", ["202413", "2024-13", "202415"])
def test_a_period_that_closes_the_books_is_december(cell):
    assert period(cell) == dt.date(2024, 12, 1)


@pytest.mark.parametrize("cell", ["05", "2024", "202416", "maj", "24-05"])
def test_a_period_that_is_no_month_is_refused(cell):
    with pytest.raises(CellError):
        period(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("4011", "4011"), (4012, "4012"), (4013.0, "4013"), ("0450", "0450"), ("A12", "A12")],
)
def test_a_code_keeps_its_form(cell, expected):
    assert code(cell) == expected


def test_a_codes_name_is_left_out():
    assert code("4011 Försörjningsstöd, hushåll med barn") == "4011"
    assert code("12 - Enheten") == "12"


def test_a_row_is_a_sum_only_when_it_has_no_account_of_its_own():
    assert is_sum(["Summa 4011", 5], {"account": "Summa 4011"})
    assert is_sum(["Totalt", 5], {"account": None})
    assert is_sum([1910, 5], {"account": 1910, "month": 202400})
    assert not is_sum([4011, "Summa av mars fakturor", 5], {"account": 4011})
    assert not is_sum([5], {"account": None})


def test_kronor_are_written_with_thin_spaces():
    assert kronor(Decimal("-1234567.5")) == "\u22121\u202f234\u202f567,50"
