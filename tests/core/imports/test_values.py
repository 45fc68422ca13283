"""Cells into values: what can be read in one way is read, the rest is told."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.imports import values
from core.imports.kinds import CellError
from core.terms import CaseKind, Obstacle

DAY = dt.date(2024, 3, 5)
DATES = some.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05",
        "20240305",
        "2024/03/05",
        "2024.03.05",
        " 2024-03-05 ",
        "2024-03-05 00:00:00",
        "2024-03-05T13:45:00",
        "5 mars 2024",
        "5 mar 2024",
        "5 mar. 2024",
        "5:e mars 2024",
        "5\u00a0MARS 2024",
        20240305,
        20240305.0,
        DAY,
        dt.datetime(2024, 3, 5, 13, 45),
    ],
    ids=repr,
)
def test_a_date_that_can_be_read_in_one_way_is_read(cell):
    assert values.date(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "5/3 2024",
        "05/03/2024",
        "05.03.2024",
        "5 marsch 2024",
        "24-03-05",
        "i dag",
        45356,
        True,
        1.5,
    ],
)
def test_a_date_that_could_be_another_is_told_with_what_is_expected(cell):
    with pytest.raises(CellError, match="Skriv datum som 2024-03-05"):
        values.date(cell)


@pytest.mark.parametrize("cell", ["2023-02-29", "2024-13-01", "31 april 2024"])
def test_a_day_that_is_not_in_the_calendar_is_told(cell):
    with pytest.raises(CellError, match="finns inte i kalendern"):
        values.date(cell)


@pytest.mark.parametrize("cell", ["1024-03-05", "2924-03-05", dt.date(1899, 12, 30)])
def test_a_year_out_of_reason_is_told(cell):
    with pytest.raises(CellError, match="Årtalet i "):
        values.date(cell)


@given(DATES)
def test_every_spelling_of_a_day_gives_that_day(day):
    in_words = f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"
    for cell in (f"{day}", f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", in_words, day):
        assert values.date(cell) == day


@given(DATES)
def test_every_spelling_of_a_month_gives_its_first_day(day):
    first = day.replace(day=1)
    in_words = f"{MONTHS.split()[day.month - 1]} {day.year}"
    for cell in (f"{day:%Y-%m}", f"{day:%Y%m}", in_words, first, f"{first}"):
        assert values.month(cell) == first
    assert values.month(values.month_shown(first)) == first


@pytest.mark.parametrize("cell", ["2024-03-15", dt.date(2024, 3, 15), "3/2024", "mars", "vår 2024"])
def test_what_is_no_month_is_told(cell):
    with pytest.raises(CellError, match="Skriv månaden som 2024-03"):
        values.month(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234\u2009567", "1234567"),
        ("1234.5", "1234.5"),
        ("0.88", "0.88"),
        ("\u22125,25", "-5.25"),
        ("-5", "-5"),
        ("1 234 kr", "1234"),
        ("88 %", "88"),
        (0.1, "0.1"),
        (8450.0, "8450"),
        (7, "7"),
        (Decimal("2.50"), "2.50"),
    ],
)
def test_a_number_is_read_as_swedes_write_it(cell, value):
    assert values.decimal(digits=4)(cell) == Decimal(value)


@pytest.mark.parametrize(
    "cell", ["1.234", "1.234,50", "1,234.50", "12 34", "tolv", "", "1e5", True, DAY]
)
def test_a_number_that_could_be_another_is_told(cell):
    with pytest.raises(CellError, match="Skriv ett tal med decimalkomma"):
        values.decimal(digits=4)(cell)


@given(some.decimals(-(10**9), 10**9, places=2))
def test_a_number_as_shown_is_read_back(number):
    assert values.decimal(digits=2)(values.shown(number)) == number


def test_numbers_out_of_bounds_are_told():
    with pytest.raises(CellError, match="är för stort"):
        values.decimal(digits=0)("1" + "0" * 13)
    with pytest.raises(CellError, match="är inget heltal"):
        values.decimal(digits=0)("1,5")
    with pytest.raises(CellError, match="Skriv ett heltal från 0 till 20"):
        values.whole(highest=20)("21")
    with pytest.raises(CellError, match="Skriv ett heltal från 0 till"):
        values.whole()("1,5")


@pytest.mark.parametrize("code", list(Obstacle))
def test_a_code_is_read_by_its_word_and_its_english_code(code):
    read = values.choice(Obstacle)
    assert read(values.shown(code).upper()) is code
    assert read(code.value.replace("_", " ")) is code


def test_an_unknown_word_is_told_with_the_known_ones():
    read = values.choice(CaseKind, {"EB": CaseKind.BENEFIT}, leave_out=(CaseKind.STATEMENT,))
    assert read("eb") is CaseKind.BENEFIT
    with pytest.raises(CellError) as told:
        read("yttrande")
    assert str(told.value) == (
        "”yttrande” finns inte att välja. "
        "Skriv något av: ekonomiskt bistånd, beroende, FUT, engångsansökan."
    )


def test_long_texts_are_told_and_quoted_in_short():
    with pytest.raises(CellError, match="Texten har 21 tecken"):
        values.text(20)("x" * 21)
    assert values.quoted("x" * 60) == f"”{'x' * 39}…”"
    assert values.text(20)("  två   ord ") == "två ord"
    assert values.text(20)(7.0) == "7"
    assert values.text(20)(7.25) == "7,25"
    assert values.text(20)(True) == "ja"
    assert values.text(20)(dt.datetime(2024, 3, 5)) == "2024-03-05"


@pytest.mark.parametrize(("cell", "value"), [("Ja", True), ("x", True), ("NEJ", False), (0, False)])
def test_yes_and_no_are_read(cell, value):
    assert values.yes_no(cell) is value


def test_neither_yes_nor_no_is_told():
    with pytest.raises(CellError, match="är varken ja eller nej"):
        values.yes_no("kanske")


def test_values_are_shown_as_people_write_them():
    assert [values.shown(v) for v in (None, True, False, CaseKind.BENEFIT, Decimal("1.50"), 3)] == [
        "–",
        "ja",
        "nej",
        "ekonomiskt bistånd",
        "1,50",
        "3",
    ]
