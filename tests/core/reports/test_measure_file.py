"""A file of what was reported on a measure point tells no small number."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from core.queries.measure_entries import COLUMNS
from core.reports.columns import Column, Kind
from core.reports.excel import Sheet, workbook
from core.reports.measure_file import without_small_numbers


def hidden(*rows, of_people=True):
    made = [[key, "Punkten", *cells] for key, *cells in rows]
    frame = pd.DataFrame(made, columns=COLUMNS, dtype=object)
    found = without_small_numbers(frame, of_people=of_people)
    return [tuple(row[4:]) for row in found.itertuples(index=False)], frame


def test_large_counts_stand_as_they_are():
    found, _ = hidden(
        ("alla", "", "Ja", 20, None, Fraction(2, 3)), ("alla", "", "Nej", 10, None, Fraction(1, 3))
    )
    assert found == [(20, None, Fraction(2, 3)), (10, None, Fraction(1, 3))]


def test_a_small_answer_is_hidden_with_what_would_tell_it():
    found, before = hidden(
        ("alla", "", "Ja", 20, Decimal(30), Fraction(20, 23)),
        ("alla", "", "Nej", 3, Decimal(9), Fraction(3, 23)),
        ("alla", "", "Inte aktuellt", 0, Decimal(0), None),
    )
    assert found[1] == ("<5", "..", "..")
    assert found[0][1:] == ("..", "..")
    assert found[2][2] is None
    assert before["reports"].tolist() == [20, 3, 0]


def test_the_months_of_a_question_are_looked_at_together():
    found, _ = hidden(
        ("2024-04", "", "Ja", 12, None, Fraction(1)),
        ("2024-05", "", "Ja", 2, None, Fraction(1)),
        ("2024-06", "", "Ja", 14, None, Fraction(1)),
    )
    assert found[1] == ("<5", None, "..")


def test_each_question_stands_by_itself():
    found, _ = hidden(
        ("alla", "Ett?", "Ja", 2, None, Fraction(1)), ("alla", "Två?", "Ja", 9, None, Fraction(1))
    )
    assert found == [("<5", None, ".."), (9, None, Fraction(1))]


def test_the_numbers_of_caseworkers_are_told_but_not_small_sums():
    found, _ = hidden(
        ("alla", "", "", 2, Decimal(40), None),
        ("Ett", "", "", 2, Decimal(4), None),
        of_people=False,
    )
    assert found == [(2, 40, None), (2, "<5", None)]


def test_a_hidden_table_can_be_written_to_a_file():
    _, frame = hidden(("alla", "", "Nej", 3, Decimal(2), Fraction(1)))
    columns = (
        Column("reports", "Rapporter", Kind.COUNT),
        Column("number", "Tal", Kind.NUMBER),
        Column("share", "Andel", Kind.SHARE),
    )
    made = without_small_numbers(frame, of_people=True)

    assert workbook(Sheet("Blad", made, columns, "källa", dt.date(2024, 5, 27), False))
