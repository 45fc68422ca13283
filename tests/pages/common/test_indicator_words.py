"""An indicator's values as a reader and a file may have them."""

from dataclasses import replace
from fractions import Fraction

from core.queries.indicator_rows import IndicatorRow
from core.queries.indicator_series import GenderValue
from core.terms import Accumulation, ComputedFigure, Direction, Gender, IndicatorUnit, Periodicity
from pages.common.indicator_words import gender_words, seen, value_words


def row_of(figure):
    return IndicatorRow(
        indicator_id=1,
        goal_id=1,
        year=2024,
        name="Indikatorn",
        unit_of_measure=IndicatorUnit.PERCENT,
        unit="%",
        direction=Direction.HIGHER,
        periodicity=Periodicity.MONTH,
        accumulation=Accumulation.LATEST,
        tolerance=None,
        computed=figure,
        is_example=False,
        source_name="",
    )


def test_a_share_of_the_year_so_far_is_told_a_reader_without_its_counts():
    row = row_of(ComputedFigure.BKA_COVERAGE)
    value, parts = Fraction(700, 9), (7, 9)
    assert value_words(row, value, parts, hide=False) == "77,8\u00a0% (7 av 9)"
    assert value_words(row, value, parts, hide=True) == "78\u00a0%"
    assert seen(row, value, parts, hide=True) == 78
    assert value_words(row, Fraction(100, 3), (3, 9), hide=True) == ".."


def test_a_share_of_plans_with_few_outside_it_is_hidden_with_its_part():
    row = row_of(ComputedFigure.PLANS_COVERAGE)
    assert value_words(row, Fraction(98), (98, 100), hide=True) == ".. (.. av 100)"
    assert value_words(row, Fraction(95), (95, 100), hide=True) == "95\u00a0% (95 av 100)"
    assert value_words(row, Fraction(75), (3, 4), hide=True) == ".. (<5 av <5)"


def test_the_share_closed_as_unknown_stands_on_another_page_for_a_reader():
    row = row_of(ComputedFigure.CLOSED_AS_UNKNOWN)
    assert value_words(row, Fraction(25), (10, 40), hide=True) == ".."
    assert seen(row, Fraction(25), (10, 40), hide=True) is None
    splits = [GenderValue(Gender.WOMAN, "2024-05", Fraction(25), 10, 40)]
    assert gender_words(row, splits, hide=True) == [".."]


def test_the_genders_share_of_the_year_so_far_is_told_in_whole_percent():
    row = row_of(ComputedFigure.PLANS_WITHIN_THREE_MONTHS)
    splits = [
        GenderValue(Gender.WOMAN, "2024-05", Fraction(700, 9), 70, 90),
        GenderValue(Gender.MAN, "2024-05", Fraction(200, 3), 40, 60),
    ]
    assert gender_words(row, splits, hide=True) == ["78\u00a0%", "67\u00a0%"]


def measured(periodicity, unit=IndicatorUnit.PERCENT):
    row = replace(row_of(None), measured=True, periodicity=periodicity)
    return replace(row, unit_of_measure=unit, unit="" if unit is IndicatorUnit.COUNT else "%")


def test_a_share_that_reports_move_within_its_period_is_told_without_its_counts():
    row = measured(Periodicity.TERTIAL)
    value, parts = Fraction(700, 9), (70, 90)
    assert value_words(row, value, parts, hide=False) == "77,8\u00a0% (70 av 90)"
    assert value_words(row, value, parts, hide=True) == "78\u00a0%"
    assert seen(row, value, parts, hide=True) == 78
    assert value_words(row, Fraction(100, 3), (3, 9), hide=True) == ".."
    splits = [GenderValue(Gender.WOMAN, "2024-T2", value, 70, 90)]
    assert gender_words(row, splits, hide=True) == ["78\u00a0%"]


def test_a_count_that_reports_move_within_its_period_is_not_told_a_reader():
    row = measured(Periodicity.YEAR, IndicatorUnit.COUNT)
    assert value_words(row, Fraction(40), (None, None), hide=False) == "40"
    assert value_words(row, Fraction(40), (None, None), hide=True) == ".."
    assert seen(row, Fraction(40), (None, None), hide=True) is None


def test_a_months_values_from_reports_are_told_as_others_are():
    share = measured(Periodicity.MONTH)
    count = measured(Periodicity.MONTH, IndicatorUnit.COUNT)
    assert value_words(share, Fraction(75), (75, 100), hide=True) == "75\u00a0% (75 av 100)"
    assert value_words(count, Fraction(40), (None, None), hide=True) == "40"
    assert value_words(count, Fraction(4), (None, None), hide=True) == "<5"
