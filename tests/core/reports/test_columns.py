"""A table as somebody may see it who sees no small numbers of people."""

from fractions import Fraction

import pandas as pd

from core.reports.columns import Column, Kind, suppressed

STATUSES = ("exempt", "current", "overdue")
COLUMNS = [
    Column("key", "Handläggare"),
    Column("open", "Ärenden", Kind.PEOPLE, parts=STATUSES),
    *(Column(name, name, Kind.PEOPLE) for name in STATUSES),
    Column("share", "Andel", Kind.SHARE, share_of=(("current",), ("current", "overdue"))),
]


def frame(*rows):
    return pd.DataFrame(
        [
            (key, sum(counts), *counts, Fraction(counts[1], counts[1] + counts[2]))
            for key, *counts in rows
        ],
        columns=["key", "open", *STATUSES, "share"],
        dtype=object,
    )


def test_a_small_count_is_hidden_and_so_is_what_would_give_it_away():
    seen = suppressed(frame(("A", 0, 20, 3), ("B", 0, 30, 10)), COLUMNS)

    assert seen["overdue"].tolist()[0] == "<5"
    assert seen["exempt"].tolist() == [0, 0]
    first = seen.loc[0, ["open", "exempt", "current", "overdue"]].tolist()
    assert sum(isinstance(value, str) for value in first) >= 2


def test_a_share_is_hidden_with_any_count_that_it_is_made_of():
    seen = suppressed(frame(("A", 0, 20, 3), ("B", 0, 30, 10)), COLUMNS)

    assert seen["share"].tolist()[0] == ".."


def test_a_share_of_fewer_than_five_is_hidden():
    columns = [
        Column("n", "n", Kind.COUNT),
        Column("all", "alla", Kind.COUNT),
        Column("share", "Andel", Kind.SHARE, share_of=(("n",), ("all",))),
    ]
    rows = pd.DataFrame({"n": [2, 2], "all": [4, 5], "share": [Fraction(1, 2), Fraction(2, 5)]})

    assert suppressed(rows, columns)["share"].tolist() == ["..", Fraction(2, 5)]


def test_a_count_that_no_column_shows_is_not_told_by_subtraction_either():
    columns = [
        Column("key", "Grupp"),
        Column("all", "Tidsgränser", Kind.PEOPLE, parts=("within",), has_rest=True),
        Column("within", "I tid", Kind.PEOPLE),
        Column("share", "Andel", Kind.SHARE, share_of=(("within",), ("all",))),
    ]
    rows = pd.DataFrame(
        [("A", 40, 38, Fraction(38, 40)), ("B", 60, 50, Fraction(5, 6)), ("C", 0, 0, None)],
        columns=["key", "all", "within", "share"],
        dtype=object,
    )
    seen = suppressed(rows, columns)

    assert seen["within"].tolist() == ["..", "..", 0]
    assert seen["all"].tolist() == [40, 60, 0]
    assert seen["share"].tolist()[:2] == ["..", ".."]


def test_rows_that_stand_alone_hide_only_their_own_small_counts():
    rows = pd.DataFrame({"key": ["2024-01", "2024-02"], "n": [3, 40]}, dtype=object)
    columns = [Column("key", "Månad"), Column("n", "Antal", Kind.PEOPLE)]

    assert suppressed(rows, columns, adds_up=False)["n"].tolist() == ["<5", 40]
    assert suppressed(rows, columns)["n"].tolist() == ["<5", ".."]


def test_a_table_of_large_counts_is_shown_as_it_is():
    rows = frame(("A", 5, 20, 6), ("B", 7, 30, 10))

    assert suppressed(rows, COLUMNS).equals(rows)


def test_the_table_given_is_not_changed():
    rows = frame(("A", 0, 20, 3))
    before = rows.copy()

    suppressed(rows, COLUMNS)

    assert rows.equals(before)


def test_an_empty_table_stays_empty():
    assert suppressed(frame(), COLUMNS).empty
