"""The outlook read from the store: whose stays, what is paid, the budget, and earlier years."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.models import Area, Case, DayRate, PlacementKind, RetainedCost
from core.queries import cache
from core.queries.cost_outlook import outlook, trial_years
from core.rules.length_of_stay import MIN_ENDED
from core.services.base import Event, record
from core.terms import ALL
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-09-30")
AREAS = [Area.PLACEMENTS, Area.BUDGET, Area.RETENTION]


@pytest.fixture
def unit(store):
    """A unit with a group, a case in it, and a kind that a budget line pays."""
    with db.write() as session:
        row = make.unit(session)
        group = make.group(session, row, name="Ett")
        other = make.group(session, row, name="Två")
        case = make.case(session, row, day("2020-01-01"), group=group)
        kind = money.kind(session, row, budget_section="Bistånd", budget_line="Placeringar")
        money.line(session, row, 500_000)
        money.line(session, row, 900_000, name="Personal")
    return SimpleNamespace(id=row.id, row=row, case=case, group=group, other=other, kind=kind)


def place(unit, starts, *, days=None, kind=None, **fields):
    starts = day(starts)
    if days:
        fields["ended_on"] = starts + dt.timedelta(days=days - 1)
    with db.write() as session:
        return money.placement(
            session,
            session.get_one(Case, unit.case.id),
            session.get_one(PlacementKind, (kind or unit.kind).id),
            starts,
            **{"rates": 1000} | fields,
        )


def history(unit, starts="2022-01-01", lengths=range(30, 30 + 10 * MIN_ENDED, 10), **fields):
    for length in lengths:
        place(unit, starts, days=length, **fields)


def ask(unit, on=ON, today=None, **scope):
    cache.clear()
    with db.read() as session:
        return outlook(session, Scope(unit.id, **scope), on=on, today=today or on)


def years(unit, on=ON):
    cache.clear()
    with db.read() as session:
        return trial_years(session, Scope(unit.id), on=on)


def test_an_empty_unit_has_cost_nothing_and_says_nothing(unit):
    found = ask(unit)

    assert (found.fan, found.ended, found.paid[-1]) == (None, 0, (ON, 0))
    assert years(unit) == ()


def test_what_is_paid_grows_month_by_month_to_the_day(unit):
    place(unit, "2024-02-20")

    paid = ask(unit, on=day("2024-04-15")).paid

    assert paid == (
        (day("2024-01-31"), 0),
        (day("2024-02-29"), 10_000),
        (day("2024-03-31"), 41_000),
        (day("2024-04-15"), 56_000),
    )


def test_the_fan_begins_at_what_is_paid(unit):
    history(unit)
    place(unit, "2024-06-01")

    found = ask(unit)

    assert found.ended == MIN_ENDED
    assert found.fan.total.to_date == found.paid[-1][1] == 122_000
    assert found.fan.total.decided == 122_000 + 92_000
    assert found.fan.total.running == 1
    assert found.fan.lines[0].own


def test_the_budget_is_that_of_the_lines_that_pay_placements(unit):
    history(unit)

    assert ask(unit).budget == 500_000
    assert ask(unit, group_id=unit.group.id).budget is None
    assert ask(unit, on=day("2023-09-30")).budget is None


def test_a_group_sees_what_runs_in_it_and_lengths_of_the_whole_unit(unit):
    history(unit)
    place(unit, "2024-06-01")

    own, other = (ask(unit, group_id=group.id).fan for group in (unit.group, unit.other))

    assert (own.total.running, own.total.ended) == (1, MIN_ENDED)
    assert own.total == ask(unit).fan.total
    assert (other.lines, other.total.expected) == ((), 0)


def test_stays_of_last_year_that_are_over_count_in_the_pace_of_new_ones(unit):
    history(unit)
    place(unit, "2023-11-01", days=20)

    assert ask(unit).fan.total.newcomers > 0
    assert ask(unit, on=day("2024-11-01")).fan.total.newcomers == 0


def test_a_rate_registered_later_is_not_known_on_an_earlier_day(unit):
    history(unit)
    placement = place(unit, "2022-06-01")
    with db.write() as session:
        late = dt.datetime(2024, 11, 1, tzinfo=dt.UTC)
        make.save(
            session,
            DayRate(
                placement_id=placement.id,
                valid_from=day("2024-12-01"),
                amount=Decimal(5000),
                created_at=late,
            ),
        )

    then, now = ask(unit, today=day("2024-12-31")), ask(unit)

    assert now.fan.total.decided - then.fan.total.decided == 31 * 4000
    assert now.fan.total.expected > then.fan.total.expected


def test_removed_placements_count_in_the_cost_and_not_in_the_lengths(unit):
    history(unit)
    with db.write() as session:
        for paid, number in (("2024-09-21", 1), ("2024-10-11", -1)):
            make.save(
                session,
                RetainedCost(
                    unit_id=unit.id,
                    kind_id=unit.kind.id,
                    known_on=day("2024-09-21"),
                    paid_on=day(paid),
                    number=number,
                    amount=Decimal(1000 * number),
                ),
            )
        moved = [(area, day("2024-09-01")) for area in AREAS]
        record(session, Event("x", "placement", 1, unit.id, moved), by=None)

    found = ask(unit)

    assert (found.ended, found.paid[-1][1]) == (MIN_ENDED, 10_000)
    (line,) = found.fan.lines
    assert (line.to_date, line.decided, line.low, line.high) == (10_000, 20_000, 20_000, 20_000)


def test_each_month_end_of_the_years_before_is_tried(unit):
    history(unit, "2021-01-01", lengths=[60, 70, 80, 90, 100, 110, 120, 130])
    for month in range(1, 13):
        place(unit, f"2023-{month:02}-01", days=60)

    (last,) = years(unit)

    assert (last.year, last.without) == (2023, 0)
    hvb, total = last.records
    assert (total.kind, total.made, hvb.made) == (ALL, 11, 11)
    assert (hvb.inside, hvb.expected_miss) == (total.inside, total.expected_miss)
    assert 0 <= total.inside <= 11


def test_a_year_with_too_little_history_says_at_how_many_month_ends(unit):
    history(unit, "2023-02-01", lengths=[20] * MIN_ENDED)

    (last,) = years(unit)

    # Nothing had ended in January; all had by February's end.
    assert (last.without, last.records[-1].made) == (1, 10)


def test_a_year_is_not_tried_with_what_was_registered_afterwards(unit):
    history(unit, "2021-01-01")
    placement = place(unit, "2023-01-01")
    before = years(unit)[0].records[-1]
    with db.write() as session:
        make.save(
            session,
            DayRate(placement_id=placement.id, valid_from=day("2023-12-01"), amount=Decimal(9000)),
        )
    after = years(unit)[0].records[-1]

    # The estimates are the same; the outcome has become dearer by 31 days.
    assert after.expected_miss > before.expected_miss


def test_a_voided_placement_has_no_length(unit):
    history(unit, voided_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))

    assert ask(unit).ended == 0
