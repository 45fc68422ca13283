import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.budget import (
    LineFacts,
    LineFigures,
    OutcomeRow,
    PrognosisRow,
    accuracy,
    amount_at,
    booked_amounts,
    bottom_up,
    bottom_up_from,
    december_booked,
    deviation,
    deviation_share,
    last_year_pattern,
    latest_booked_month,
    line_figures,
    outcome_to,
    prognosis_at,
    run_rate,
)
from tests.core.rules import slow_money as slow
from tests.core.rules.strategies import lines, many

D = dt.date


def booked(year, month, amount, on=None):
    first = D(year, month, 1)
    return OutcomeRow(first, Decimal(amount), on or slow.add_months(first, 1))


def year_of_100(year):
    return tuple(booked(year, month, 100) for month in range(1, 13))


def test_the_row_latest_booked_by_a_day_is_the_months_amount():
    rows = [booked(2024, 1, 90, D(2024, 2, 5)), booked(2024, 1, 95, D(2024, 2, 9))]
    assert amount_at(rows, D(2024, 2, 4)) is None
    assert amount_at(rows, D(2024, 2, 8)) == 90
    assert amount_at(rows, D(2024, 2, 9)) == 95
    assert amount_at(rows[::-1], D(2024, 2, 9)) == 95


def test_of_two_rows_booked_the_same_day_the_later_holds():
    rows = [booked(2024, 1, 90, D(2024, 2, 5)), booked(2024, 1, 95, D(2024, 2, 5))]
    assert amount_at(rows, D(2024, 2, 5)) == 95


def test_amounts_are_kept_by_month_once_booked():
    rows = [booked(2024, 2, 20), booked(2024, 1, 10), booked(2024, 2, 25, D(2024, 3, 9))]
    assert booked_amounts(rows, D(2024, 3, 1)) == {D(2024, 1, 1): 10, D(2024, 2, 1): 20}
    assert booked_amounts(rows, D(2024, 2, 29)) == {D(2024, 1, 1): 10}
    assert booked_amounts([], D(2024, 2, 29)) == {}


def test_the_latest_booked_month_has_ended():
    rows = [booked(2024, 1, 10, D(2024, 2, 5)), booked(2024, 2, 10, D(2024, 2, 20))]
    assert latest_booked_month(rows, D(2024, 2, 4)) is None
    assert latest_booked_month(rows, D(2024, 2, 5)) == D(2024, 1, 1)
    assert latest_booked_month(rows, D(2024, 2, 28)) == D(2024, 1, 1)
    assert latest_booked_month(rows, D(2024, 2, 29)) == D(2024, 2, 1)


def test_last_years_months_are_not_this_years_latest():
    assert latest_booked_month(year_of_100(2023), D(2024, 3, 1)) is None
    assert latest_booked_month(year_of_100(2023), D(2023, 12, 31)) == D(2023, 11, 1)
    assert latest_booked_month([], D(2024, 3, 1)) is None


def test_last_years_december_is_booked_from_its_day():
    rows = [booked(2023, 12, 5, D(2024, 1, 12)), booked(2023, 11, 5)]
    assert not december_booked(rows, D(2024, 1, 11))
    assert december_booked(rows, D(2024, 1, 12))
    assert not december_booked(rows[1:], D(2024, 5, 1))
    assert not december_booked([booked(2024, 12, 5, D(2024, 12, 2))], D(2024, 12, 31))


def test_a_month_without_a_row_counts_nothing():
    amounts = {D(2024, 1, 1): Decimal(10), D(2024, 3, 1): Decimal(30), D(2023, 2, 1): Decimal(99)}
    assert outcome_to(amounts, D(2024, 2, 1)) == 10
    assert outcome_to(amounts, D(2024, 3, 1)) == 40
    assert outcome_to({}, D(2024, 3, 1)) == 0


def test_the_run_rate_spreads_the_outcome_over_the_year():
    assert run_rate(Decimal(100), D(2024, 4, 1)) == 300
    assert run_rate(Decimal(100), D(2024, 7, 1)) == Fraction(1200, 7)
    assert run_rate(None, None) is None
    assert run_rate(Decimal(100), None) is None


def test_last_years_pattern_divides_by_last_years_share():
    assert last_year_pattern(Decimal(50), Decimal(40), Decimal(120), True) == 150
    assert last_year_pattern(Decimal(50), Decimal(-40), Decimal(-120), True) == 150


@pytest.mark.parametrize(
    ("outcome", "to_m", "total", "december"),
    [
        (None, 40, 120, True),
        (Decimal(50), 40, 120, False),
        (Decimal(50), 0, 120, True),
        (Decimal(50), -1, 120, True),
        (Decimal(50), 40, 0, True),
        (Decimal(50), 0, 0, True),
    ],
)
def test_last_years_pattern_has_no_value_without_a_share_above_zero(outcome, to_m, total, december):
    assert last_year_pattern(outcome, Decimal(to_m), Decimal(total), december) is None


def test_bottom_up_adds_the_placement_cost_from_the_next_month():
    assert bottom_up_from(D(2024, 5, 27), D(2024, 4, 1)) == D(2024, 5, 1)
    assert bottom_up_from(D(2024, 12, 31), D(2024, 12, 1)) == D(2025, 1, 1)
    assert bottom_up(Decimal(100), Decimal(50)) == 150


def test_bottom_up_counts_from_new_year_with_no_booked_month():
    assert bottom_up_from(D(2024, 1, 20), None) == D(2024, 1, 1)
    assert bottom_up(None, Decimal(50)) == 50


def test_a_line_that_pays_no_placements_has_no_bottom_up():
    assert bottom_up(Decimal(100), None) is None


def test_a_deviation_below_zero_is_a_deficit():
    assert deviation(Decimal(100), Decimal(130)) == -30
    assert deviation_share(Decimal(100), Decimal(130)) == Fraction(-3, 10)
    assert deviation(Decimal(100), Decimal(90)) == 10


def test_the_deviation_of_an_income_keeps_its_sign():
    assert deviation(Decimal(-100), Decimal(-80)) == -20
    assert deviation_share(Decimal(-100), Decimal(-80)) == Fraction(-1, 5)


def test_a_deviation_without_prognosis_or_budget_has_no_value():
    assert deviation(Decimal(100), None) is None
    assert deviation_share(Decimal(100), None) is None
    assert deviation_share(Decimal(0), Decimal(5)) is None


def test_the_prognosis_at_a_day_is_the_latest_made_by_then():
    rows = [
        PrognosisRow(D(2024, 3, 1), Decimal(110)),
        PrognosisRow(D(2024, 2, 1), Decimal(120)),
        PrognosisRow(D(2024, 3, 1), Decimal(130)),
    ]
    assert prognosis_at(rows, D(2024, 1, 31)) is None
    assert prognosis_at(rows, D(2024, 2, 29)) == 120
    assert prognosis_at(rows, D(2024, 3, 1)) == 130


def test_accuracy_is_the_miss_as_a_share_of_the_final_amount():
    assert accuracy(Decimal(110), Decimal(100)) == Fraction(1, 10)
    assert accuracy(Fraction(290, 3), Decimal(-100)) == Fraction(590, 300)
    assert accuracy(Decimal(5), Decimal(0)) is None


def test_a_lines_figures_together():
    line = LineFacts(
        budget=Decimal(1000),
        outcomes=(booked(2024, 1, 90), booked(2024, 3, 120), booked(2024, 4, 999, D(2024, 4, 2))),
        last_year=year_of_100(2023),
        prognoses=(PrognosisRow(D(2024, 4, 10), Decimal(1100)),),
        placement_cost=Decimal(700),
    )
    on = D(2024, 4, 15)
    assert line_figures(line, on, D(2024, 3, 1), december_is_booked=True) == LineFigures(
        budget=Decimal(1000),
        outcome_to_date=Decimal(210),
        prognosis=Decimal(1100),
        deviation=Decimal(-100),
        run_rate=Fraction(840),
        last_year_pattern=Fraction(840),
        bottom_up=Decimal(910),
    )


def test_a_line_before_the_first_booked_month_has_only_its_placements():
    line = LineFacts(Decimal(1000), last_year=year_of_100(2023), placement_cost=Decimal(700))
    assert line_figures(line, D(2024, 1, 20), None, december_is_booked=True) == LineFigures(
        Decimal(1000), None, None, None, None, None, Decimal(700)
    )


def test_a_line_without_a_row_in_a_booked_month_counts_zero():
    figures = line_figures(
        LineFacts(Decimal(1000)), D(2024, 2, 20), D(2024, 1, 1), december_is_booked=False
    )
    assert figures.outcome_to_date == 0
    assert figures.run_rate == 0


@many
@given(st.lists(lines, min_size=1, max_size=3), st.dates(D(2024, 1, 1), D(2024, 12, 31)))
def test_a_lines_figures_agree_with_the_definition_read_slowly(all_lines, on):
    line = all_lines[0]
    now, before = [x.outcomes for x in all_lines], [x.last_year for x in all_lines]
    month = latest_booked_month([row for rows in now for row in rows], on)
    december = december_booked([row for rows in before for row in rows], on)
    figures = line_figures(line, on, month, december_is_booked=december)
    expected = slow.line_figures(line, on, now, before)
    assert expected == (
        figures.outcome_to_date,
        figures.run_rate,
        figures.last_year_pattern,
        figures.bottom_up,
    )
    assert (0 if month is None else month.month) == slow.latest_booked_month(now, on)
    assert figures.prognosis == slow.prognosis(line.prognoses, on)
