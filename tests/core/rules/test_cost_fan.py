"""The fan: its parts by hand, against every outcome counted out, and against many made-up years."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.cost_fan import SPREAD, FanFacts, Fixed, KindFacts, StayDates, ended_by, fan
from core.rules.length_of_stay import MIN_ENDED
from core.rules.placements import Decision, PlacementFacts, Rate, full_year
from core.terms import ALL, Contract
from tests.core.rules.strategies import few, placements
from tests.factories import day

ON = day("2024-09-30")
AHEAD = 92


def stay(kind, starts, days):
    """A stay that has ended after some days, first and last included."""
    starts = day(starts)
    return StayDates(kind, starts, starts + dt.timedelta(days=days - 1))


def ended(kind="HVB", lengths=range(20, 220, 20), starts="2023-01-01"):
    return [stay(kind, starts, length) for length in lengths]


def placed(starts, rate=1000, *, until=None, known=True, rates=()):
    decided = Decision(
        day(starts) if known else day("2024-12-31"),
        until and day(until),
        "Björken",
        Contract.FRAMEWORK,
    )
    return PlacementFacts(day(starts), None, (Rate(day(starts), Decimal(rate)), *rates), (decided,))


def of(*facts, kind="HVB", history=None, **fields):
    history = ended() if history is None else history
    running = [StayDates(kind, p.starts_on, None) for p in facts]
    kinds = tuple(KindFacts(kind, p) for p in facts)
    return FanFacts(**{"on": ON, "history": [*history, *running], "placements": kinds} | fields)


def long_ago(starts="2024-02-01", **fields):
    """A running placement that started outside the pace when the fan looks from late in 2024."""
    return placed(starts, **fields)


def test_without_enough_ended_stays_nothing_is_said():
    assert fan(of(placed("2024-02-01"), history=ended(lengths=range(1, MIN_ENDED)))) is None


def test_stays_that_end_later_have_not_ended_yet():
    history = [*ended(lengths=[30] * (MIN_ENDED - 1)), stay("HVB", "2024-09-01", 31)]

    assert ended_by(history, ON) == MIN_ENDED - 1
    assert fan(of(placed("2024-02-01"), history=history)) is None


def counted_out(p, history, on=ON, days=AHEAD):
    """Return the mean and the variance of a running stay's cost ahead, outcome by outcome.

    The chance of each length is worked out from the stays by hand, where none still runs: how many
    lasted longer, of those that lasted longer than this one so far.
    """
    lengths = sorted((s.ended_on - s.starts_on).days + 1 for s in history)
    age = (on - p.starts_on).days + 1
    longer = [length for length in lengths if length > age]
    costs = []
    for length in longer:
        paid = min(length - age, days)
        costs.append(sum(rate(p, on + dt.timedelta(days=n + 1)) for n in range(paid)))
    mean = sum(costs) / len(costs)
    return mean, sum((cost - mean) ** 2 for cost in costs) / len(costs)


def rate(p, on):
    return float([r.amount for r in p.rates if r.valid_from <= on][-1])


def test_a_running_stay_lasts_as_those_that_have_lasted_longer():
    # Lengths far beyond the year's end, so that nothing rests on few stays.
    history = ended(lengths=range(300, 1000, 4), starts="2020-01-01")
    p = placed("2023-03-01", rates=[Rate(day("2024-11-01"), Decimal(1200))])
    # The running stay itself is left out of the estimate, so that it can be counted out.
    given = replace(of(p, history=history), history=history, on=day("2024-04-30"))
    mean, variance = counted_out(p, history, given.on, 245)

    line = fan(given).lines[0]

    assert (line.to_date, line.newcomers) == (121_000, 0)
    assert float(line.expected - line.to_date) == pytest.approx(mean, abs=1)
    spread = float(line.high - line.expected) / SPREAD
    assert sqrt(variance) < spread < sqrt(variance) * 1.2


def test_a_stay_without_chance_of_ending_costs_its_rate_each_day():
    # All ended stays were of one day, a hundred others have run for years: hardly any ending.
    history = [*ended(lengths=[1] * MIN_ENDED), *[StayDates("HVB", day("2020-01-01"), None)] * 100]
    p = long_ago("2022-01-01", rates=[Rate(day("2024-12-01"), Decimal(1500))])

    found = fan(of(p, history=history))

    year = 335 * 1000 + 31 * 1500
    assert found.total.expected == year == found.total.decided
    assert (found.total.low, found.total.high) == (year, year)
    assert [str(one.day) for one in found.months] == ["2024-10-31", "2024-11-30", "2024-12-31"]
    assert [int(one.expected) for one in found.months] == [305_000, 335_000, year]


def test_a_coming_placement_starts_as_decided():
    history = [*ended(lengths=[1] * MIN_ENDED), *[StayDates("HVB", day("2020-01-01"), None)] * 100]
    coming = replace(
        placed("2024-12-01"),
        decisions=(Decision(ON, day("2024-12-10"), "Eken", Contract.LOV),),
    )

    found = fan(of(coming, history=history)).total

    # At once 100 of 108 are left after a day, and then they stay: the planned end does not count.
    assert (found.to_date, found.decided, found.running) == (0, 10_000, 0)
    assert int(found.expected) == pytest.approx(1000 + 30_000 * 100 / 108, abs=60)


def test_one_that_is_neither_started_nor_decided_does_not_exist():
    assert fan(of(placed("2024-12-01", known=False))).lines == ()


def many_years(a_day, rates, lengths, days, years=4000):
    """Return what newcomers cost in many made-up years: who comes each day, and how long."""
    rng = np.random.default_rng(7)
    costs = []
    for _ in range(years):
        total = 0.0
        for left in range(days, 0, -1):
            for _ in range(rng.poisson(a_day)):
                total += rng.choice(rates) * min(rng.choice(lengths), left)
        costs.append(total)
    return np.mean(costs), np.var(costs)


def test_newcomers_come_at_the_pace_of_the_last_year_and_stay_as_long_as_others():
    lengths = list(range(10, 110, 2))
    history = ended(lengths=lengths, starts="2023-01-01")
    # Ten started in the year before, five at each rate; all have ended long ago.
    come = [
        replace(placed("2024-02-01", rate=rate), ended_on=day("2024-02-10"))
        for rate in [800, 1200] * 5
    ]
    given = replace(of(*come, history=history), history=history)
    mean, variance = many_years(10 / 365, [800, 1200], lengths, AHEAD)

    found = fan(given).total

    assert float(found.newcomers) == pytest.approx(mean, rel=0.03)
    assert found.expected == found.to_date + found.newcomers
    spread = float(found.high - found.expected) / SPREAD
    # That the pace is known from ten only, and the lengths from fifty, comes on top.
    known_pace = sqrt(variance + mean**2 / 10)
    assert known_pace <= spread <= known_pace * 1.06


def test_a_young_unit_takes_the_pace_from_the_days_that_it_has():
    history = ended(lengths=[10] * MIN_ENDED, starts="2024-09-01")
    come = replace(placed("2024-09-01"), ended_on=day("2024-09-10"))
    one = fan(replace(of(come, history=history), history=history)).total.newcomers
    older = [*history, stay("HVB", "2023-01-01", 10)]

    # Thirty days of history instead of a year: so much quicker a pace.
    twelve_times = fan(replace(of(come, history=older), history=older)).total.newcomers
    assert float(one / twelve_times) == pytest.approx(365 / 30, rel=0.05)


def test_coming_placements_are_taken_off_those_that_are_expected():
    come = [replace(placed("2024-05-01"), ended_on=day("2024-05-10"))] * 8
    coming = replace(placed("2024-10-02"), decisions=(Decision(ON, None, "Eken", Contract.LOV),))

    def newcomers(*more):
        given = of(*come, *more)
        return float(fan(replace(given, history=ended())).total.newcomers)

    expected = 8 / 365 * AHEAD
    assert newcomers(coming) / newcomers() == pytest.approx((expected - 1) / expected, rel=0.3)
    assert newcomers(*[coming] * 3) == 0


def test_a_kind_with_too_few_ended_stays_borrows_from_all_kinds():
    given = of(long_ago("2023-02-01"), kind="Familjehem", history=ended())
    own = of(long_ago("2023-02-01"), kind="HVB", history=ended())

    (borrowed,), (line,) = fan(given).lines, fan(own).lines

    assert (borrowed.own, borrowed.ended, line.own, line.ended) == (False, 0, True, 10)
    assert (borrowed.expected, borrowed.high) == (line.expected, line.high)


def test_fewer_ended_stays_give_a_wider_span():
    p, lengths = long_ago("2023-02-01"), range(400, 1400, 80)
    few_known, many_known = (
        fan(of(p, history=ended(lengths=lengths, starts="2020-01-01") * times)).total
        for times in (1, 10)
    )

    assert few_known.high - few_known.low > many_known.high - many_known.low


def test_kinds_add_up_but_their_spans_do_not():
    history = [*ended("HVB"), *ended("Hotell", lengths=range(5, 105, 10))]
    hotel, home = placed("2024-03-01", 900), placed("2024-04-01", 2500)
    given = FanFacts(
        ON,
        history,
        (KindFacts("HVB", home), KindFacts("HVB", home), KindFacts("Hotell", hotel)),
    )

    found = fan(given)

    assert [line.kind for line in found.lines] == ["HVB", "Hotell"]
    for name in ("to_date", "decided", "newcomers", "expected", "running", "ended"):
        assert getattr(found.total, name) == sum(getattr(line, name) for line in found.lines)
    width = found.total.high - found.total.low
    assert width < sum(line.high - line.low for line in found.lines)
    assert found.total.kind == ALL


def test_removed_placements_count_as_they_are():
    fixed = {"Hotell": Fixed(Decimal(7000), Decimal(500))}
    with_removed, without = (fan(of(placed("2024-03-01"), fixed=f)).total for f in (fixed, {}))

    assert with_removed.to_date - without.to_date == 7000
    assert with_removed.decided - without.decided == 7500
    assert with_removed.low - without.low == with_removed.high - without.high == 7500


def test_at_the_years_end_the_outcome_is_known():
    found = fan(of(placed("2024-12-22"), on=day("2024-12-31")))

    assert (found.total.low, found.total.expected, found.total.high) == (10_000,) * 3
    assert found.months == ()


def test_a_unit_whose_placements_are_all_over_costs_nothing():
    found = fan(FanFacts(ON, ended(), ()))

    assert (found.lines, found.total.expected, found.months[0].high) == ((), 0, 0)


@few
@given(
    st.lists(placements(), min_size=1, max_size=6), st.dates(day("2023-01-01"), day("2024-12-31"))
)
def test_a_fan_opens_from_what_is_paid_and_never_closes(facts, on):
    history = [*ended(lengths=range(5, 300, 20), starts="2022-01-01")]
    history += [StayDates("HVB", p.starts_on, p.ended_on) for p in facts]
    kinds = tuple(KindFacts("HVB", p) for p in facts)
    found = fan(FanFacts(on, history, kinds))

    total = found.total
    assert total.decided == sum(full_year(p, on) for p in facts)
    assert total.to_date <= total.low + 1
    assert total.low <= total.expected <= total.high
    for last in found.months[-1:]:
        assert (last.low, last.expected, last.high) == (total.low, total.expected, total.high)
    expected = [one.expected for one in found.months]
    assert expected == sorted(expected)
    highs = [one.high for one in found.months]
    assert highs == sorted(highs)
