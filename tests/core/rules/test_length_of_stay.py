"""How long stays last: worked out by hand, and against SciPy's estimate."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from core.rules.length_of_stay import (
    MIN_AT_RISK,
    MIN_ENDED,
    Lasting,
    Stay,
    Step,
    kaplan_meier,
    lasting,
)
from tests.core.rules.strategies import many

stays = st.lists(st.builds(Stay, st.integers(1, 60), st.booleans()), min_size=1, max_size=40)


def after(curve, *days):
    return [round(float(share), 9) for share in curve.left_after(np.array(days))]


def test_each_ended_stay_takes_its_part_of_those_that_lasted_so_long():
    # Five stays: ended after 10 and 30 days, one after 30 more; two still run after 20 and 40.
    steps = kaplan_meier(
        [Stay(10, True), Stay(20, False), Stay(30, True), Stay(30, True), Stay(40, False)]
    )

    assert [(s.days, s.at_risk, s.ended) for s in steps] == [(10, 5, 1), (30, 3, 2)]
    assert [round(s.left, 6) for s in steps] == [0.8, round(0.8 / 3, 6)]


def test_a_stay_that_runs_as_long_as_another_lasted_is_among_those_that_could_have_ended():
    (step,) = kaplan_meier([Stay(10, True), Stay(10, False)])

    assert (step.at_risk, step.left) == (2, 0.5)


def test_without_an_ended_stay_there_is_nothing_to_go_by():
    assert kaplan_meier([]) == ()
    assert kaplan_meier([Stay(10, False)]) == ()


@many
@given(stays)
def test_the_estimate_is_scipys(found):
    ended = [stay.days for stay in found if stay.ended]
    running = [stay.days for stay in found if not stay.ended]
    steps = kaplan_meier(found)
    if not ended:
        assert steps == ()
        return

    oracle = ecdf(CensoredData(uncensored=ended, right=running)).sf

    at = np.array([step.days for step in steps])
    assert [step.left for step in steps] == pytest.approx(list(oracle.evaluate(at)))


def test_too_few_ended_stays_give_no_estimate():
    few = [Stay(n, True) for n in range(1, MIN_ENDED)]

    assert lasting([*few, *[Stay(50, False)] * 30]) is None
    assert lasting([*few, Stay(50, True)]) is not None


def test_where_few_stays_have_lasted_so_long_the_average_rate_of_ending_is_used():
    curve = lasting([Stay(n * 10, True) for n in range(1, 11)])

    # The steps with four left or more: after 10 to 70 days, three tenths are then left.
    assert [step.days for step in curve.steps][-1] == 70
    assert curve.steps[-1].at_risk == MIN_AT_RISK
    assert curve.hazard == pytest.approx(10 / 550)
    assert after(curve, 70) == [0.3]
    assert after(curve, 80) == [round(0.3 * math.exp(-10 * 10 / 550), 9)]


def test_running_stays_that_have_lasted_longer_are_judged_by():
    curve = lasting([*[Stay(10, True)] * MIN_ENDED, *[Stay(50, False)] * 8, Stay(60, False)])

    assert (curve.reach, after(curve, 10, 50)) == (50, [0.529411765] * 2)
    assert after(curve, 51)[0] < after(curve, 50)[0]


def test_a_step_that_leaves_nobody_is_not_taken_for_certain():
    curve = lasting([Stay(10, True)] * MIN_ENDED)

    assert (curve.steps, curve.reach) == ((), 9)
    assert after(curve, 9, 10) == [1, round(math.exp(-0.1), 9)]


def test_the_chance_of_the_next_days_is_given_that_the_stay_has_lasted_this_long():
    curve = Lasting((Step(2, 4, 1, 0.75), Step(5, 3, 1, 0.5)), 5, 0.1, 8)
    last = round(2 / 3 * math.exp(-0.1), 9)

    assert list(curve.stays_on(0, 4)) == [1, 1, 0.75, 0.75]
    assert [round(float(q), 9) for q in curve.stays_on(3, 4)] == [1, 1, 0.666666667, last]
    assert list(curve.stays_on(3, 0)) == []


@many
@given(stays, st.integers(0, 90))
def test_the_chance_never_rises_and_begins_at_certain(found, age):
    curve = lasting(found)
    if curve is None:
        return
    chance = curve.stays_on(age, 100)

    assert chance[0] == 1
    assert (np.diff(chance) <= 0).all()
    assert (chance > 0).all()


def test_half_of_the_stays_have_ended_by_the_median():
    assert lasting([Stay(n, True) for n in range(1, 11)]).median == 5
    assert lasting([*[Stay(9, True)] * MIN_ENDED, *[Stay(9, False)] * 30]).median is None
