"""What removed placements leave behind gives every day's cost, as known on any day."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.rules import placements as rules
from core.rules import retained_costs as kept
from core.rules.cases import as_of
from core.rules.placements import Decision, PlacementFacts, Rate
from core.rules.retention import Holding
from core.terms import Contract
from tests.core.rules import strategies as made

KIND = 7
holdings = st.lists(
    st.builds(Holding, made.day, st.sampled_from([None, 1]), st.sampled_from([None, 5])),
    max_size=3,
).map(lambda rows: tuple(sorted(rows, key=lambda row: row.valid_from)))


@st.composite
def ended_placements(draw):
    facts = draw(made.placements())
    return replace(
        facts,
        ended_on=facts.ended_on or draw(made.later(facts.starts_on, most=150)),
        hotel=draw(st.booleans()),
        children=draw(st.integers(0, 1)),
    )


def from_changes(changes, known, start, end):
    """Return days and cost of start..end by key, from the changes known by a day."""
    sums = defaultdict(lambda: (0, Decimal(0)))
    for (key, known_on, paid_on), change in changes.items():
        if known_on <= known:
            days, cost = kept.days_cost(change, paid_on, start, end)
            sums[key] = (sums[key][0] + days, sums[key][1] + cost)
    return {key: value for key, value in sums.items() if value[0] or value[1]}


def from_rules(facts, held, known, start, end):
    """Return the same from the rules themselves."""
    holder = as_of(held, known) or Holding(known)
    sums = defaultdict(lambda: (0, Decimal(0)))
    for part in rules.interval_parts(facts, start, end, known):
        key = kept.CostKey(
            KIND,
            holder.caseworker_id,
            holder.group_id,
            part.decision.contract if part.decision else None,
            part.decision.provider if part.decision else None,
        )
        sums[key] = (sums[key][0] + part.days, sums[key][1] + part.cost)
    return dict(sums)


@made.many
@given(ended_placements(), holdings, made.day, made.day, st.integers(0, 400))
def test_the_cost_of_an_interval_is_the_same_as_known_on_any_day(facts, held, known, start, most):
    end = start + dt.timedelta(days=most)
    changes = kept.cost_changes(facts, KIND, held)
    assert from_changes(changes, known, start, end) == from_rules(facts, held, known, start, end)


@made.few
@given(st.lists(ended_placements(), min_size=2, max_size=4), made.day, made.day)
def test_placements_together_cost_the_sum_of_each(several, known, start):
    end = start + dt.timedelta(days=60)
    together = kept.added(kept.cost_changes(facts, KIND, ()) for facts in several)
    alone = [from_rules(facts, (), known, start, end) for facts in several]
    sums = defaultdict(lambda: (0, Decimal(0)))
    for one in alone:
        for key, (days, cost) in one.items():
            sums[key] = (sums[key][0] + days, sums[key][1] + cost)
    assert from_changes(together, known, start, end) == dict(sums)


def test_a_plain_placement_is_known_and_paid_from_its_first_day_to_its_last():
    day = dt.date.fromisoformat
    facts = PlacementFacts(
        starts_on=day("2024-01-30"),
        ended_on=day("2024-02-02"),
        rates=(Rate(day("2024-01-30"), Decimal("1200.50")),),
        decisions=(Decision(day("2024-01-25"), day("2024-01-31"), "Björken", Contract.FRAMEWORK),),
    )
    key = kept.CostKey(KIND, None, None, Contract.FRAMEWORK, "Björken")
    one, amount = 1, Decimal("1200.50")
    assert kept.cost_changes(facts, KIND, ()) == {
        (key, day("2024-01-25"), day("2024-01-30")): (one, amount),
        (key, day("2024-01-25"), day("2024-02-01")): (-one, -amount),
        (key, day("2024-02-01"), day("2024-02-01")): (one, amount),
        (key, day("2024-02-02"), day("2024-02-03")): (-one, -amount),
    }


def test_what_cancels_out_leaves_nothing():
    key = kept.CostKey(KIND, 1, 2, None, None)
    day = dt.date(2024, 1, 1)
    there = {(key, day, day): kept.Rates(1, Decimal(900))}
    back = {(key, day, day): kept.Rates(-1, Decimal(-900))}
    assert kept.added([there, back]) == {}
    assert kept.added([there, there]) == {(key, day, day): (2, Decimal(1800))}
