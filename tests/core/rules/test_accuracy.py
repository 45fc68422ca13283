"""How near prognoses came to the final amount, worked out by hand and against slow code."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.accuracy import (
    COMPUTED,
    OWN,
    Average,
    Miss,
    average,
    best_method,
    is_closed,
    misses,
    month_ends,
)
from core.rules.budget import LineFigures, OutcomeRow
from core.terms import PrognosisMethod
from tests import factories as make

day = make.day
RATE, PATTERN, BOTTOM = COMPUTED
JUNE = 6


def figures(own=None, rate=None, pattern=None, bottom=None):
    return LineFigures(
        budget=Decimal(100),
        outcome_to_date=None,
        prognosis=own,
        deviation=None,
        run_rate=rate,
        last_year_pattern=pattern,
        bottom_up=bottom,
    )


def miss(year, method, percent, month=JUNE):
    return Miss(year, month, method, Fraction(percent, 100))


def test_each_method_with_a_value_has_its_miss_of_the_day():
    day_figures = figures(Decimal(103), Fraction(95), None, Decimal(100))
    found = list(misses(day("2023-06-30"), day_figures, Decimal(100)))

    assert found == [miss(2023, OWN, 3), miss(2023, RATE, 5), miss(2023, BOTTOM, 0)]


def test_a_final_amount_of_0_has_no_miss():
    assert list(misses(day("2023-06-30"), figures(Decimal(5)), Decimal(0))) == []


def test_an_income_is_missed_as_a_cost_is():
    found = list(misses(day("2023-06-30"), figures(Decimal(-90)), Decimal(-100)))
    assert found == [miss(2023, OWN, 10)]


def test_a_year_is_closed_when_its_december_is_booked():
    rows = [
        OutcomeRow(day("2023-11-01"), Decimal(1), day("2023-12-07")),
        OutcomeRow(day("2023-12-01"), Decimal(1), day("2024-01-10")),
    ]
    assert not is_closed(rows, 2023, day("2024-01-09"))
    assert is_closed(rows, 2023, day("2024-01-10"))
    assert not is_closed(rows, 2022, day("2024-01-10"))


def test_the_days_judged_are_the_months_last():
    ends = month_ends(2024)
    assert (ends[0], ends[1], ends[11]) == (day("2024-01-31"), day("2024-02-29"), day("2024-12-31"))
    assert len(ends) == 12


def test_the_average_is_over_the_years_that_have_a_miss_that_month():
    found = [miss(2022, RATE, 4), miss(2023, RATE, 1), miss(2023, RATE, 50, month=7)]
    assert average(found, RATE, JUNE) == Average(Fraction(5, 200), 2)
    assert average(found, OWN, JUNE) is None


def test_best_is_the_method_that_missed_least():
    found = [miss(2022, RATE, 4), miss(2023, RATE, 2), miss(2022, BOTTOM, 1), miss(2023, BOTTOM, 4)]
    assert best_method(found, JUNE) is BOTTOM


def test_a_method_that_lacks_a_year_is_not_compared():
    found = [miss(2022, RATE, 9), miss(2023, RATE, 3), miss(2023, PATTERN, 1)]
    assert best_method(found, JUNE) is RATE


def test_methods_of_different_years_alone_leave_no_best_one():
    assert best_method([miss(2022, RATE, 9), miss(2023, PATTERN, 1)], JUNE) is None


def test_of_equals_the_first_is_best_and_the_controllers_own_is_never_a_method():
    found = [miss(2023, OWN, 0), miss(2023, PATTERN, 2), miss(2023, RATE, 2)]
    assert best_method(found, JUNE) is RATE
    assert best_method([miss(2023, OWN, 0)], JUNE) is None


some = st.lists(
    st.builds(
        Miss,
        st.integers(2020, 2023),
        st.just(JUNE),
        st.sampled_from([None, *COMPUTED]),
        st.fractions(0, 2, max_denominator=20),
    ),
    max_size=12,
    unique_by=lambda one: (one.year, one.method),
)


@given(some)
def test_best_agrees_with_a_slow_ranking(found):
    by_method = {
        method: {one.year: one.share for one in found if one.method is method}
        for method in PrognosisMethod
    }
    years = set().union(*by_method.values())
    ranked = sorted(
        (sum(shares.values()) / len(shares), list(PrognosisMethod).index(method))
        for method, shares in by_method.items()
        if shares and set(shares) == years
    )
    expected = list(PrognosisMethod)[ranked[0][1]] if ranked else None
    assert best_method(found, JUNE) is expected
