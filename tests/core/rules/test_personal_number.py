import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from core.rules.personal_number import find_personal_number
from tests.core.rules.strategies import many


def with_check_digit(nine):
    """Return nine digits with the right tenth, found by asking the public library."""
    return next(f"{nine}{last}" for last in range(10) if personnummer.valid(f"{nine}{last}"))


TEN = with_check_digit("850709980")
COORDINATED = with_check_digit("701063239")


@pytest.mark.parametrize(
    "written",
    [
        TEN,
        f"19{TEN}",
        f"{TEN[:6]}-{TEN[6:]}",
        f"{TEN[:6]}+{TEN[6:]}",
        f"19{TEN[:6]}-{TEN[6:]}",
        f"1985-07-09-{TEN[6:]}",
        f"1985-07-09 {TEN[6:]}",
        f"85.07.09 - {TEN[6:]}",
        f"85 07 09 {TEN[6:]}",
        COORDINATED,
    ],
)
def test_a_personal_number_is_found_however_it_is_written(written):
    assert find_personal_number(written) == written
    assert find_personal_number(f"Ringde ang. {written}, återkom") == written


@pytest.mark.parametrize("dash", ["–", "—", "−", "‑", "﹣"])
def test_every_dash_is_a_dash(dash):
    assert find_personal_number(f"{TEN[:6]}{dash}{TEN[6:]}") == f"{TEN[:6]}-{TEN[6:]}"


def test_full_width_digits_and_hidden_characters_do_not_hide_a_number():
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in TEN)
    assert find_personal_number(wide) == TEN
    assert find_personal_number(f"{TEN[:4]}\u200b{TEN[4:]}") == TEN
    assert find_personal_number(f"{TEN[:6]}\u00ad{TEN[6:]}") == TEN
    assert find_personal_number(f"{TEN[:6]}\u00a0{TEN[6:]}") == f"{TEN[:6]} {TEN[6:]}"


@pytest.mark.parametrize("letter", ["T", "r"])
def test_a_letter_may_stand_for_the_serials_first_digit(letter):
    ten = with_check_digit("850709112")
    written = f"{ten[:6]}-{letter}{ten[7:]}"
    assert find_personal_number(written) == written
    wrong = (int(ten[9]) + 1) % 10
    assert find_personal_number(f"{ten[:6]}-{letter}{ten[7:9]}{wrong}") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AF-0123",
        "Beslut 2024-05-27",
        "070-123 45 67",
        "2024-05-27 12:30",
        f"1{TEN}",
        f"{TEN}1",
        f"17{TEN}",
        "8507090000",
        "850709 000",
    ],
)
def test_other_digits_are_no_personal_number(text):
    assert find_personal_number(text) is None


def test_a_wrong_check_digit_is_no_personal_number():
    others = [f"{TEN[:9]}{last}" for last in range(10)]
    assert [text for text in others if find_personal_number(text)] == [TEN]


def test_a_serial_of_zeros_is_no_personal_number():
    numbers = [f"850709000{last}" for last in range(10)]
    assert [text for text in numbers if find_personal_number(text)] == []


def test_the_leap_day_needs_a_leap_year_where_the_century_is_known():
    ten = with_check_digit("000229123")
    assert find_personal_number(ten) == ten
    assert find_personal_number(f"20{ten}") == f"20{ten}"
    assert find_personal_number(f"19{ten}") is None
    assert find_personal_number(f"01{ten[2:]}") is None


def test_the_first_of_several_is_told():
    assert find_personal_number(f"tel 070-1234567, {TEN} och {COORDINATED}") == TEN


def test_a_number_after_other_digits_is_found():
    assert find_personal_number(f"12 {TEN[:2]} {TEN[2:4]} {TEN[4:6]} {TEN[6:]}") is not None
    assert find_personal_number(f"2024-05-27 {TEN}") == TEN


births = st.dates(dt.date(1930, 1, 1), dt.date(2019, 12, 31))


@many
@given(births, st.sampled_from([0, 60]), st.integers(0, 9999), st.booleans())
def test_numbers_are_refused_exactly_when_the_public_library_finds_them_valid(
    born, extra, last, long
):
    year = f"{born.year}" if long else f"{born.year % 100:02}"
    text = f"{year}{born.month:02}{born.day + extra:02}{last:04}"
    assert (find_personal_number(text) is not None) == personnummer.valid(text)


@many
@given(st.integers(0, 99), st.integers(0, 13), st.integers(0, 99), st.integers(1, 999))
def test_any_two_digits_for_a_day_agree_with_the_public_library(year, month, day, serial):
    if (month, day) in {(2, 29), (2, 89)}:
        day = 28
    for last in range(10):
        text = f"{year:02}{month:02}{day:02}{serial:03}{last}"
        assert (find_personal_number(text) is not None) == personnummer.valid(text)
