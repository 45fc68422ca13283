import itertools
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.rules.suppression import (
    Shown,
    ShownShare,
    is_small,
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


def assert_protected(shown, counts):
    """Fail when a hidden count has only one possible value, or a small one is shown."""
    all_possible = slow.possible_values(shown, counts)
    cells = zip(slow.flat(shown), slow.flat(counts), all_possible, strict=True)
    for text, count, possible in cells:
        assert count in possible
        assert len(possible) > 1 or text == str(count)
        assert text in {str(count), "<5", ".."}
        assert not is_small(count) or text in {"<5", ".."}
        assert count != 0 or text == "0"


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


def test_the_total_is_hidden_where_no_part_can_be():
    series = suppress_series([4, 4, 0])
    assert texts(series.counts) == ["<5", "<5", "0"]
    assert series.total.text == ".."


def test_a_small_total_of_ones_does_not_tell_that_they_are_ones():
    series = suppress_series([1, 1, 1, 1])
    assert texts(series.counts) == ["<5"] * 4
    assert series.total.text == ".."


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


counts = st.one_of(st.integers(0, 6), st.integers(0, 30))


@many
@given(st.lists(counts, min_size=1, max_size=5))
@example([5, 1, 4])
@example([5, 4])
def test_no_hidden_part_of_a_series_can_be_worked_out(parts):
    series = suppress_series(parts)
    shown = [[*texts(series.counts), series.total.text]]
    possible = [set() for _ in range(len(parts) + 1)]
    for values in itertools.product(*([v - 1, v, v + 1] for v in parts)):
        cells = list(zip(shown[0], [*parts, sum(parts)], [*values, sum(values)], strict=True))
        if all(slow.may_be(*cell) for cell in cells):
            for found, (_, _, value) in zip(possible, cells, strict=True):
                found.add(value)
    for text, values in zip(shown[0], possible, strict=True):
        assert (len(values) == 1) == text.isdigit()


@many
@given(
    st.sampled_from([(1, 1), (1, 3), (2, 2), (2, 3), (3, 2), (4, 1), (2, 4)]).flatmap(
        lambda size: st.lists(
            st.lists(counts, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )
)
@example([[4, 0, 0, 0], [1, 1, 1, 1]])
@example([[4], [1]])
@example([[4, 1]])
@example([[1, 1], [1, 1]])
@example([[4, 4], [4, 4]])
@example([[5, 1], [1, 5]])
@example([[5, 4], [0, 5]])
def test_no_hidden_count_of_a_table_can_be_worked_out(cells):
    assert_protected(rows_of(suppress_table(cells)), slow.with_totals(cells))


def test_three_by_three_tables_are_protected_too():
    for cells in (
        [[1, 7, 9], [8, 6, 5], [3, 5, 12]],
        [[0, 2, 5], [5, 0, 5], [5, 5, 0]],
        [[4, 4, 4], [1, 1, 1], [6, 6, 6]],
    ):
        assert_protected(rows_of(suppress_table(cells)), slow.with_totals(cells))


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
