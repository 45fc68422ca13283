"""What reports on measure points give an indicator, by hand and against slow code."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.dates import month_of, tertial_of
from core.rules.measure_values import Reports, value_of, values_by_period
from core.terms import ChoiceCounts, Gender, MeasureFeed, Periodicity

YES, NO, LEFT_OUT = ChoiceCounts.YES, ChoiceCounts.NO, ChoiceCounts.LEFT_OUT
MAY = dt.date(2024, 5, 27)


def reports(feed, *answers, on=MAY, **fields):
    return [Reports(on, feed, answer=answer, **fields) for answer in answers]


def numbers(feed, *values, on=MAY, **fields):
    return [Reports(on, feed, number=Decimal(value), **fields) for value in values]


def parts(rows):
    found = value_of(rows)
    return found and (found.value, found.numerator, found.denominator)


def test_a_share_is_yes_over_yes_and_no_with_what_is_left_out_in_neither():
    rows = reports(MeasureFeed.SHARE_YES, YES, YES, NO, LEFT_OUT, LEFT_OUT)

    assert parts(rows) == (Fraction(200, 3), 2, 3)


def test_the_share_of_a_choice_is_counted_by_what_is_marked_as_yes():
    assert parts(reports(MeasureFeed.SHARE_OF_CHOICE, YES, NO, NO, NO)) == (25, 1, 4)


def test_a_share_of_nothing_but_left_out_answers_has_no_value():
    assert value_of(reports(MeasureFeed.SHARE_YES, LEFT_OUT)) is None
    assert value_of([]) is None


def test_a_sum_adds_the_numbers():
    assert parts(numbers(MeasureFeed.SUM, "3", "0", "12.50")) == (Fraction(31, 2), None, None)


def test_a_sum_counts_reports_where_no_number_is_asked_for():
    assert parts(reports(MeasureFeed.SUM, None, None)) == (2, None, None)


def test_a_sum_adds_only_what_its_answer_counts():
    rows = numbers(MeasureFeed.SUM, "100", answer=YES) + numbers(MeasureFeed.SUM, "900", answer=NO)

    assert parts(rows) == (100, None, None)


def test_a_sum_of_reports_that_there_was_nothing_is_zero():
    assert parts([Reports(MAY, MeasureFeed.SUM, nothing=True)]) == (0, None, None)


def test_a_mean_is_of_the_numbers_that_were_given():
    assert parts(numbers(MeasureFeed.MEAN, "1", "2", "4")) == (Fraction(7, 3), 7, 3)
    assert value_of([Reports(MAY, MeasureFeed.MEAN, nothing=True)]) is None


def test_rows_that_stand_for_several_reports_weigh_as_many():
    rows = [
        Reports(MAY, MeasureFeed.SHARE_YES, reports=3, answer=YES),
        Reports(MAY, MeasureFeed.SHARE_YES, reports=1, answer=NO),
    ]
    assert parts(rows) == (75, 3, 4)
    assert parts([Reports(MAY, MeasureFeed.MEAN, reports=4, number=Decimal(10))]) == (
        Fraction(5, 2),
        10,
        4,
    )


def test_the_latest_way_of_counting_holds_where_reports_are_counted_in_two_ways():
    before = reports(MeasureFeed.SHARE_YES, YES, on=dt.date(2024, 5, 1))

    assert parts(before + numbers(MeasureFeed.SUM, "7")) == (7, None, None)
    assert parts(before + reports(MeasureFeed.SHARE_OF_CHOICE, NO)) == (50, 1, 2)


def test_a_report_counts_in_the_period_of_its_day_and_not_before_it_exists():
    rows = [
        *numbers(MeasureFeed.SUM, "1", on=dt.date(2024, 4, 30)),
        *numbers(MeasureFeed.SUM, "2", on=dt.date(2024, 5, 1)),
        *numbers(MeasureFeed.SUM, "4", on=dt.date(2024, 5, 28)),
    ]

    known = values_by_period(rows, Periodicity.TERTIAL, MAY)

    assert {p: v.value for p, v in known.items()} == {
        tertial_of(dt.date(2024, 4, 30)): 1,
        tertial_of(MAY): 2,
    }
    assert known[tertial_of(MAY)].measured_on == dt.date(2024, 5, 1)
    assert values_by_period(rows, Periodicity.YEAR, dt.date(2024, 4, 29)) == {}


ROWS = st.lists(
    st.builds(
        Reports,
        measured_on=st.dates(dt.date(2023, 12, 1), dt.date(2024, 3, 10)),
        feed=st.just(MeasureFeed.SHARE_YES),
        reports=st.integers(1, 4),
        answer=st.sampled_from([YES, NO, LEFT_OUT, None]),
        gender=st.sampled_from([None, *Gender]),
        nothing=st.booleans(),
    ),
    max_size=20,
)


@given(ROWS, st.dates(dt.date(2023, 12, 1), dt.date(2024, 3, 10)))
def test_shares_by_month_are_the_same_as_counting_one_answer_at_a_time(rows, on):
    slow = {}
    for row in rows:
        if row.measured_on <= on:
            answers = slow.setdefault(row.measured_on.replace(day=1), [])
            answers += [row.answer] * row.reports
    expected = {
        month_of(month): Fraction(100 * sum(a is YES for a in answers), counted)
        for month, answers in slow.items()
        if (counted := sum(a is YES or a is NO for a in answers))
    }

    found = values_by_period(rows, Periodicity.MONTH, on)
    assert {period: value.value for period, value in found.items()} == expected
