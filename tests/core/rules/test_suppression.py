from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.rules.suppression import (
    Shown,
    ShownShare,
    is_small,
    suppress_balance,
    suppress_count,
    suppress_series,
    suppress_table,
    suppressed_share,
)
from tests.core.rules import slow
from tests.core.rules.strategies import many


def texts(shown):
    return [count.text for count in shown]


def rows_of(table):
    """Return a shown table's texts with row totals last and column totals as the last row."""
    rows = [
        texts([*cells, total]) for cells, total in zip(table.cells, table.row_totals, strict=True)
    ]
    return [*rows, texts([*table.column_totals, table.total])]


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (12, "12")])
def test_counts_from_one_to_four_are_hidden(count, text):
    assert suppress_count(count).text == text


def test_a_hidden_count_carries_no_value():
    assert suppress_count(3) == Shown(None, "<5")
    assert suppress_count(3).hidden
    assert not suppress_count(0).hidden
    hidden = [c for c in suppress_series([3, 10, 20]).counts if c.hidden]
    assert {c.value for c in hidden} == {None}


def test_a_single_hidden_part_takes_the_smallest_other_with_it():
    series = suppress_series([3, 20, 0, 10])
    assert texts(series.counts) == ["<5", "20", "0", ".."]
    assert series.total.text == "33"


def test_two_hidden_parts_protect_each_other():
    series = suppress_series([3, 2, 20])
    assert texts(series.counts) == ["<5", "<5", "20"]
    assert series.total.text == "25"


def test_hidden_parts_that_their_sum_would_tell_take_another_with_them():
    assert texts(suppress_series([1, 1, 20]).counts) == ["<5", "<5", ".."]
    assert texts(suppress_series([4, 4, 20]).counts) == ["<5", "<5", ".."]


def test_only_the_total_is_shown_where_the_parts_cannot_be_protected():
    series = suppress_series([4, 4, 0])
    assert texts(series.counts) == ["..", "..", ".."]
    assert series.total.text == "8"


def test_a_small_total_of_several_is_all_that_is_told_of_them():
    series = suppress_series([1, 1, 0, 1])
    assert texts(series.counts) == [".."] * 4
    assert series.total.text == "<5"


def test_a_small_total_of_one_part_is_hidden_with_it():
    assert texts(suppress_series([0, 3]).counts) == ["0", "<5"]
    assert suppress_series([0, 3]).total.text == "<5"
    assert texts(suppress_series([2]).counts) == ["<5"]


def test_two_hidden_parts_that_add_up_to_five_can_each_be_one_to_four():
    assert texts(suppress_series([1, 4, 20]).counts) == ["<5", "<5", "20"]
    assert texts(suppress_series([1, 3, 20]).counts) == ["<5", "<5", ".."]


def test_nothing_is_hidden_without_a_small_count():
    assert texts(suppress_series([5, 0, 12]).counts) == ["5", "0", "12"]
    assert rows_of(suppress_table([[5, 0], [7, 9]])) == [
        ["5", "0", "5"],
        ["7", "9", "16"],
        ["12", "9", "21"],
    ]


def test_one_small_count_in_a_table_hides_a_rectangle():
    assert rows_of(suppress_table([[30, 3, 8], [7, 20, 9], [6, 0, 5]])) == [
        ["30", "<5", "..", "41"],
        ["7", "..", "..", "36"],
        ["6", "0", "5", "11"],
        ["43", "23", "22", "88"],
    ]


def test_a_table_with_one_row_hides_its_totals():
    assert rows_of(suppress_table([[3, 0, 12]])) == [
        ["<5", "0", "..", "15"],
        ["<5", "0", "..", "15"],
    ]


def test_an_empty_table_has_a_total_of_zero():
    assert suppress_table([]).total.text == "0"
    assert suppress_series([]).total.text == "0"


def test_a_small_row_shows_only_its_total():
    assert rows_of(suppress_table([[30, 20, 0], [2, 1, 0], [16, 12, 5]])) == [
        ["30", "20", "0", "50"],
        ["..", "..", "..", "<5"],
        ["..", "..", "5", ".."],
        ["48", "..", "..", "86"],
    ]


def test_a_table_of_ones_shows_only_its_totals():
    assert rows_of(suppress_table([[1] * 5, [1] * 5, [1] * 5, [1] * 5, [1] * 5])) == [
        *[[*[".."] * 5, "5"]] * 5,
        [*["5"] * 5, "25"],
    ]


def test_a_table_whose_totals_tell_too_much_shows_only_the_grand_total():
    assert rows_of(suppress_table([[3, 3], [0, 0]])) == [
        ["..", "..", ".."],
        ["..", "..", ".."],
        ["..", "..", "6"],
    ]


@pytest.mark.parametrize(
    ("inward", "outward", "shown"),
    [
        (12, 11, ["12", "11"]),
        (12, 0, ["12", "0"]),
        (12, 3, ["..", "<5"]),
        (3, 3, ["<5", "<5"]),
        (3, 1, ["..", ".."]),
        (0, 2, ["..", ".."]),
    ],
)
def test_the_one_count_does_not_tell_the_other_by_their_difference(inward, outward, shown):
    assert texts(suppress_balance(inward, outward)) == shown


@many
@given(st.lists(st.one_of(st.integers(0, 6), st.integers(0, 12)), min_size=1, max_size=3))
@example([1, 1, 1])
@example([5, 1, 4])
@example([4, 4])
def test_no_hidden_part_of_a_series_can_be_worked_out(parts):
    series = suppress_series(parts)
    shown = texts(series.counts)
    possible = slow.possible_parts(shown, series.total.text, sum(parts) + 5)
    for part, text, values in zip(parts, shown, possible, strict=True):
        assert part in values
        assert not is_small(part) or text in {"<5", ".."}
        if text == "<5":
            assert values == {1, 2, 3, 4}
        else:
            assert len(values) >= 4 or text == str(part)


def test_a_share_is_hidden_with_its_counts():
    ten, hidden = suppress_count(10), suppress_count(3)
    assert suppressed_share(ten, suppress_count(40)) == ShownShare(Fraction(1, 4), hidden=False)
    assert suppressed_share(hidden, ten) == ShownShare(None, hidden=True)
    assert suppressed_share(ten, hidden) == ShownShare(None, hidden=True)
    assert suppressed_share(suppress_count(0), ten) == ShownShare(Fraction(0), hidden=False)


def test_a_share_of_fewer_than_five_is_hidden_and_one_of_none_has_no_value():
    four = Shown(4, "4")
    assert suppressed_share(suppress_count(0), four) == ShownShare(None, hidden=True)
    assert suppressed_share(suppress_count(5), suppress_count(5)) == ShownShare(Fraction(1), False)
    assert suppressed_share(suppress_count(0), suppress_count(0)) == ShownShare(None, hidden=False)
