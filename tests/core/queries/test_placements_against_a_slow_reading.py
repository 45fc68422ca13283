"""Random stores: the queries agree with a computation that goes a day at a time."""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.queries import (
    framework_agreement,
    placement_groups,
    placement_history,
    placement_sums,
    placements,
)
from core.queries.keys import By
from core.terms import Contract, sv
from tests import factories as make
from tests import factories_money as money
from tests.core.rules import slow_money as slow

day = make.day
ON = ("2023-12-31", "2024-01-01", "2024-02-29", "2024-05-27", "2024-05-31", "2024-12-31")
INTERVALS = (
    ("2023-11-16", "2024-02-10"),
    ("2024-05-01", "2024-06-30"),
    ("2024-06-15", "2025-01-31"),
)
FIRST = day("2023-06-01")


@pytest.fixture(params=[1, 2])
def unit(request, store):
    """A unit with forty placements of random dates, and the facts of each in plain objects."""
    dice = random.Random(request.param)
    with db.write() as session:
        row = make.unit(session)
        kinds = [money.kind(session, row, name) for name in ("HVB", "hotell")]
        groups = [make.group(session, row), make.group(session, row), None]
        facts = {}
        for n in range(40):
            group, later = dice.choice(groups), dice.choice(groups)
            case = make.case(session, row, FIRST - timedelta(60), group=group)
            moved = FIRST + timedelta(dice.randrange(500))
            make.assign(session, case, moved, group=later)
            fact = random_placement(dice)
            fact.kind = dice.choice(kinds)
            fact.group_on = lambda on, a=group, b=later, moved=moved: b if on >= moved else a
            fact.reference = f"PL-{n:04}"
            save(session, case, fact)
            facts[fact.reference] = fact
    return SimpleNamespace(id=row.id, facts=facts, groups=groups[:2])


def random_placement(dice):
    """Return made-up facts, with coinciding days and days out of order."""

    def soon(first, most):
        return first + timedelta(dice.randrange(most))

    starts_on = soon(FIRST, 420)
    rates = [SimpleNamespace(valid_from=starts_on, amount=random_amount(dice))]
    for _ in range(dice.randrange(3)):
        valid_from = soon(starts_on, 200) + timedelta(1)
        rates.append(SimpleNamespace(valid_from=valid_from, amount=random_amount(dice)))
    decisions = []
    for _ in range(1 + dice.randrange(3)):
        decided_on = soon(starts_on - timedelta(40), 160)
        planned = dice.choice([None, soon(starts_on, 250)])
        decisions.append(
            SimpleNamespace(
                decided_on=decided_on,
                planned_end_on=planned,
                provider=dice.choice(["Björken", "Eken"]),
                contract=dice.choice(list(Contract)),
            )
        )
    reviews = []
    for _ in range(dice.randrange(4)):
        reviewed_on = soon(starts_on, 300)
        following = dice.choice([None, soon(reviewed_on, 60) + timedelta(1)])
        reviews.append(SimpleNamespace(reviewed_on=reviewed_on, next_review_on=following))
    ended_on = dice.choice([None, soon(starts_on, 300)])
    return SimpleNamespace(
        starts_on=starts_on, ended_on=ended_on, rates=rates, decisions=decisions, reviews=reviews
    )


def random_amount(dice):
    return Decimal(dice.randrange(1, 500_000)) / 100


def save(session, case, fact):
    money.placement(
        session,
        case,
        fact.kind,
        fact.starts_on,
        reference=fact.reference,
        ended_on=fact.ended_on,
        rates=[(rate.valid_from, rate.amount) for rate in fact.rates],
        decisions=[vars(decision) for decision in fact.decisions],
        reviews=[(review.reviewed_on, review.next_review_on) for review in fact.reviews],
    )


def test_every_row_of_the_list_is_the_slow_one(unit):
    with db.read() as session:
        for on in map(day, ON):
            table = placements.placements(session, Scope(unit.id), on=on)
            found = table.set_index("reference").to_dict("index")
            assert sorted(found) == [r for r, fact in unit.facts.items() if slow.listed(fact, on)]
            for reference, row in found.items():
                fact = unit.facts[reference]
                known, valid = slow.decision_at(fact, on), slow.decision_for(fact, on)
                reviewed = [r.reviewed_on for r in fact.reviews if r.reviewed_on <= on]
                row.pop("case")
                assert row == {
                    "kind": fact.kind.name,
                    "contract": sv(valid.contract),
                    "starts_on": fact.starts_on,
                    "planned_end_on": known and known.planned_end_on,
                    "ended_on": fact.ended_on if slow.ended(fact, on) else None,
                    "day_rate": slow.listed_rate(fact, on),
                    "month_cost": slow.month_cost(fact, on),
                    "cost_to_date": slow.cost_to_date(fact, on),
                    "committed": slow.committed(fact, on),
                    "full_year": slow.cost_to_date(fact, on) + slow.committed(fact, on),
                    "last_review_on": max(reviewed, default=None),
                    "review_overdue": slow.review_overdue(fact, on),
                }, (reference, on)


def test_cost_by_every_key_is_the_slow_one(unit):
    with db.read() as session:
        for start, end in INTERVALS:
            for today in map(day, ON):
                for by in (By.MONTH, By.KIND, By.CONTRACT, By.PROVIDER, By.NONE):
                    period = {"start": day(start), "end": day(end), "today": today}
                    table = placements.placement_cost(session, Scope(unit.id), **period, by=by)
                    found = {row.key: (row.days, row.cost) for row in table.itertuples()}
                    expected = slow_cost(unit.facts.values(), by, **period)
                    shown = {key: sums for key, sums in found.items() if sums[0]}
                    assert shown == expected, (start, end, today, by)


def slow_cost(facts, by, start, end, today):
    sums = defaultdict(lambda: (0, Decimal(0)))
    for fact in facts:
        for (month, contract, provider), (days, cost) in slow.split(
            fact, start, end, today
        ).items():
            key = {
                By.MONTH: f"{month:%Y-%m}",
                By.KIND: fact.kind.name,
                By.CONTRACT: contract and sv(contract),
                By.PROVIDER: provider,
                By.NONE: "alla",
            }[by]
            sums[key] = (sums[key][0] + days, sums[key][1] + cost)
    return dict(sums)


def test_the_months_add_up_to_the_list_and_each_is_the_slow_one(unit):
    with db.read() as session:
        for on in map(day, ON):
            months = placement_sums.month_costs(session, Scope(unit.id), on=on)
            first, last = on.replace(month=1, day=1), on.replace(month=12, day=31)
            period = {"start": first, "end": last, "today": on}
            expected = slow_cost(unit.facts.values(), By.MONTH, **period)
            for month, paid, committed in months.itertuples(index=False):
                key = f"{month:%Y-%m}"
                assert paid + committed == expected.get(key, (0, 0))[1]
            summary = placement_sums.placement_summary(session, Scope(unit.id), on=on)
            assert sum(months["paid"]) == summary.cost_to_date
            assert sum(months["committed"]) == summary.committed


def test_a_group_reads_the_cases_it_held_on_the_day(unit):
    with db.read() as session:
        for on in map(day, ON):
            for group in unit.groups:
                table = placements.placements(session, Scope(unit.id, group_id=group.id), on=on)
                assert list(table["reference"]) == [
                    reference
                    for reference, fact in unit.facts.items()
                    if slow.listed(fact, on) and fact.group_on(on) is group
                ]


def test_groups_add_up_to_the_list_and_each_is_the_slow_one(unit):
    with db.read() as session:
        for on in map(day, ON):
            for by in (By.KIND, By.CONTRACT, By.PROVIDER):
                table = placement_groups.cost_groups(session, Scope(unit.id), on=on, by=by)
                found = {row.key: row for row in table.itertuples() if row.full_year}
                expected = slow_groups(unit.facts.values(), on, by)
                assert {key: tuple(row)[2:] for key, row in found.items()} == expected, (on, by)


def slow_groups(facts, on, by):
    """Return listed, running, month's cost, cost to date, committed and full year by key."""
    first, last = on.replace(month=1, day=1), on.replace(month=12, day=31)
    sums = {}
    for fact in facts:
        if not slow.listed(fact, on):
            continue

        def key(one, fact=fact):
            decision = slow.decision_for(fact, min(one, on))
            return {
                By.KIND: fact.kind.name,
                By.CONTRACT: sv(decision.contract),
                By.PROVIDER: decision.provider,
            }[by]

        own = sums.setdefault(key(on), [0, 0, 0, 0, 0, 0])
        own[0] += 1
        own[1] += fact.starts_on <= on and (fact.ended_on is None or on <= fact.ended_on)
        for one in slow.paid_days(fact, first, last, on):
            own = sums.setdefault(key(one), [0, 0, 0, 0, 0, 0])
            rate = slow.rate(fact, one)
            own[2] += rate if one.month == on.month else 0
            own[3 if one <= on else 4] += rate
            own[5] += rate
    return {key: tuple(own) for key, own in sums.items() if own[5]}


def test_what_is_outside_the_agreement_is_the_slow_ones(unit):
    with db.read() as session:
        for on in map(day, ON):
            for group in (None, *unit.groups):
                scope = Scope(unit.id, group_id=group and group.id)
                found = framework_agreement.outside_agreement(session, scope, on=on)
                own = [f for f in unit.facts.values() if group is None or f.group_on(on) is group]
                assert {
                    one.kind: (one.outside.days, one.extra) for one in found.kinds
                } == slow_outside(own, unit.facts.values(), on)


def slow_outside(own, everybody, on):
    """Return days outside and what they cost more, by kind, a day at a time."""
    outside, usual = defaultdict(list), defaultdict(list)
    for facts, contract, rates in (
        (own, Contract.INDIVIDUAL, outside),
        (everybody, Contract.FRAMEWORK, usual),
    ):
        for fact in facts:
            first, last = on.replace(month=1, day=1), on.replace(month=12, day=31)
            for one in slow.paid_days(fact, first, last, on):
                if slow.decision_for(fact, min(one, on)).contract is contract:
                    rates[fact.kind.name].append(Fraction(slow.rate(fact, one)))
    found = {}
    for kind, rates in outside.items():
        average = sum(usual[kind]) / len(usual[kind]) if usual[kind] else None
        extra = None if average is None else sum(rate - average for rate in rates)
        found[kind] = (len(rates), extra)
    return found


def test_a_reading_of_the_prognosis_is_the_slow_one(unit):
    with db.read() as session:
        for on in map(day, ON):
            found = placement_history.full_year_reading(session, Scope(unit.id), on=on)
            expected = defaultdict(Decimal)
            for fact in unit.facts.values():
                amount = slow.cost_to_date(fact, on) + slow.committed(fact, on)
                expected[fact.kind.name] += amount
                expected["alla"] += amount
            assert {kind: amount for kind, amount in found.by_kind.items() if amount} == {
                kind: amount for kind, amount in expected.items() if amount
            }
