"""The ledger's rules: which rows count, what decides a combination, and parts that add up."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.ledger import (
    LEFT_OUT,
    Booked,
    Combination,
    LineName,
    counting,
    line_of,
    looks_like_thousands,
    missing,
    outcomes,
    pattern_of,
    sums,
)

JAN, FEB, MAR = (dt.date(2024, month, 1) for month in (1, 2, 3))
CARE, RENT = LineName("Bistånd", "Vård"), LineName("Bistånd", "Lokaler")
A, B = Combination("4511", "12", "575"), Combination("4511", "13", "575")


def booked(combination, month, amount, on):
    return Booked(combination, month, Decimal(amount), dt.date.fromisoformat(on))


def test_the_latest_imported_row_of_a_month_counts_and_of_one_day_the_last():
    rows = [
        booked(A, JAN, 100, "2024-02-05"),
        booked(A, JAN, 110, "2024-03-05"),
        booked(A, JAN, 120, "2024-03-05"),
        booked(B, JAN, 7, "2024-02-05"),
    ]
    assert counting(rows, dt.date(2024, 2, 4)) == {}
    assert counting(rows, dt.date(2024, 2, 5)) == {(A, JAN): 100, (B, JAN): 7}
    assert counting(rows, dt.date(2024, 3, 4)) == {(A, JAN): 100, (B, JAN): 7}
    assert counting(rows, dt.date(2024, 3, 5)) == {(A, JAN): 120, (B, JAN): 7}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([], None),
        ([("4511", "", "")], ("4511", "", "")),
        ([("4511", "", ""), ("4511", "", "575")], ("4511", "", "575")),
        ([("4511", "", "575"), ("4511", "12", "")], ("4511", "12", "")),
        ([("4511", "12", ""), ("4511", "12", "575")], ("4511", "12", "575")),
        ([("4512", "", ""), ("4511", "13", ""), ("4511", "", "576")], None),
    ],
    ids=["none", "account", "activity", "cost centre", "itself", "others"],
)
def test_the_mapping_that_says_most_decides(patterns, expected):
    assert pattern_of(A, [Combination(*one) for one in patterns]) == expected


def test_a_combination_without_cost_centre_is_not_taken_by_one_that_has_it():
    bare = Combination("4511")
    assert line_of(bare, {A: CARE}) is None
    assert line_of(bare, {bare: CARE}) == CARE
    assert line_of(A, {bare: CARE}) == CARE


def test_the_parts_by_hand():
    """4511 kst 12 is care's, all else of 4511 rent's; 1910 is left out and 7777 nobody's."""
    amounts = {
        (A, JAN): Decimal("100.50"),
        (A, FEB): Decimal(200),
        (B, JAN): Decimal(-30),
        (Combination("1910"), JAN): Decimal(-270),
        (Combination("7777"), FEB): Decimal("4.25"),
    }
    to = {A: CARE, Combination("4511"): RENT, Combination("1910"): LEFT_OUT}
    found = sums(amounts, to, {CARE, RENT})
    assert found.by_line == {CARE: Decimal("300.50"), RENT: -30}
    assert (found.unmapped, found.left_out) == (Decimal("4.25"), -270)
    assert found.total == Decimal("4.75") == sum(amounts.values())
    assert outcomes(amounts, to) == {
        (CARE, JAN): Decimal("100.50"),
        (CARE, FEB): 200,
        (RENT, JAN): -30,
    }


def test_a_mapping_to_a_line_that_the_year_lacks_is_none():
    found = sums({(A, JAN): Decimal(5)}, {A: CARE}, {RENT})
    assert (found.by_line, found.unmapped) == ({}, 5)


def test_what_a_file_lacks_is_missing_only_for_the_months_and_cost_centres_that_it_holds():
    other = Combination("4512", "12", "575")
    stored = {
        (A, JAN): Decimal(1),
        (other, JAN): Decimal(2),
        (other, FEB): Decimal(3),
        (B, JAN): Decimal(4),
        (Combination("4513", "12"), JAN): Decimal(0),
    }
    assert missing(stored, {(A, JAN)}) == [(other, JAN)]
    assert missing(stored, {(A, JAN), (A, FEB)}) == [(other, JAN), (other, FEB)]
    assert missing(stored, {(B, MAR)}) == []


@pytest.mark.parametrize(
    ("amount", "expected", "asked"),
    [
        (100, 100_000, True),
        (-100, 100_000, True),
        (334, 100_000, False),
        (333, 100_000, True),
        (33, 100_000, False),
        (34, 100_000, True),
        (100_000, 100_000, False),
        (0, 100_000, False),
        (5, 0, False),
    ],
)
def test_a_thousandth_of_what_is_expected_looks_like_thousands(amount, expected, asked):
    assert looks_like_thousands(amount, expected) is asked


CODES = st.sampled_from(["", "1", "2"])
COMBINATIONS = st.builds(Combination, st.sampled_from(["40", "41"]), CODES, CODES)
TARGETS = st.sampled_from([CARE, RENT, LEFT_OUT, LineName("Annat", "Borta")])
AMOUNTS = st.decimals(-10_000, 10_000, places=2)
ROWS = st.lists(
    st.builds(
        Booked,
        COMBINATIONS,
        st.sampled_from([JAN, FEB, MAR]),
        AMOUNTS,
        st.dates(dt.date(2024, 3, 1), dt.date(2024, 3, 6)),
    )
)


@given(ROWS, st.dictionaries(COMBINATIONS, TARGETS), st.dates(JAN, dt.date(2024, 3, 9)))
def test_the_parts_are_the_total_whatever_is_imported_and_mapped(rows, to, on):
    amounts = counting(rows, on)
    slow = {}
    for row in sorted(rows, key=lambda row: row.booked_on):
        if row.booked_on <= on:
            slow[row.combination, row.month] = row.amount
    assert amounts == slow

    found = sums(amounts, to, {CARE, RENT})
    assert found.total == sum(slow.values())
    assert sum(found.by_line.values()) == sum(
        amount for (line, _month), amount in outcomes(amounts, to).items() if line in (CARE, RENT)
    )


@given(COMBINATIONS, st.dictionaries(COMBINATIONS, TARGETS))
def test_what_decides_fits_the_combination_and_nothing_fitting_says_more(one, to):
    found = pattern_of(one, to.keys())
    fitting = [
        pattern
        for pattern in to
        if pattern.account == one.account
        and pattern.cost_centre in ("", one.cost_centre)
        and pattern.activity in ("", one.activity)
    ]
    assert (found is None) == (not fitting)
    if fitting:
        says = {
            pattern: (pattern.cost_centre != "") + (pattern.activity != "") for pattern in fitting
        }
        assert found in fitting
        assert says[found] == max(says.values())
