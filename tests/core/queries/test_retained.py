"""Every figure of every day is the same before and after cases are removed."""

import datetime as dt
import random

import pytest
from sqlalchemy import event
from sqlmodel import func, select

from core import db
from core.auth import Scope
from core.models import Case, RetainedCost
from core.queries import (
    benefit_months,
    cache,
    cases,
    change_plans,
    deadlines,
    placement_sums,
    placements,
    retained,
)
from core.queries.keys import By
from core.rules.dates import ONE_DAY, month_end, months_between
from core.rules.retention import Kept
from tests import factories_retention as old
from tests.core.queries import random_store
from tests.core.queries.every_figure import behind_the_pages, on_a_day, scopes

day = random_store.day
SOONER = day("2026-04-30")
TODAY = day("2026-12-31")
FIRST, LAST = day("2023-08-01"), day("2025-04-30")
DAYS = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days)]
SEEDS = {"sqlite": 1, "postgresql": 4}


@pytest.fixture(autouse=True)
def _today(store, today):
    today(TODAY)


def a_unit(seed, cases=40):
    """Save a random unit with placements and benefit months, and return its id."""
    with db.write() as session:
        unit = random_store.fill(session, seed, cases=cases)
        old.fill_more(session, unit.id, seed)
        return unit.id


def left():
    """Return how many cases are left, voided ones included."""
    with db.read() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def costs_kept(unit_id):
    """Return how many changes of removed placements' costs a unit has."""
    with db.read() as session:
        of_unit = select(func.count()).where(RetainedCost.unit_id == unit_id)
        return session.exec(of_unit).one()


def figures(unit_id, days, each):
    """Return every figure of some days, in every scope, or in one of `each`."""
    cache.clear()
    with db.read() as session:
        return {
            (scope, on, name): value
            for scope in scopes(session, unit_id)[::each]
            for on in days
            for name, value in (
                on_a_day(session, scope, on, TODAY) | behind_the_pages(session, scope, on)
            ).items()
        }


def different(before, after):
    """Return what isn't the same; both must tell the same figures."""
    assert before.keys() == after.keys()
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def some_days(seed):
    """Return edges and random days around the unit's time, and long before and after it."""
    chosen = random.Random(seed)
    return [
        day("2022-01-01"),
        *chosen.sample(random_store.EDGES, 2),
        *chosen.sample(DAYS, 2),
        day("2024-12-31"),
    ]


def test_every_figure_is_the_same_in_every_scope_and_split(store):
    seed = SEEDS[store]
    unit_id = a_unit(seed)
    days = some_days(seed)[:4]
    there, before = left(), figures(unit_id, days, each=2)
    assert old.remove() is not None
    assert left() < there
    assert costs_kept(unit_id) > 0
    assert different(before, figures(unit_id, days, each=2)) == {}


def test_a_second_removal_adds_to_the_first(store, today):
    unit_id = a_unit(21, cases=40)
    days = some_days(5)[2:5]
    before = figures(unit_id, days, each=4)
    there = left()
    today(SOONER)
    old.remove()
    after_first = left()
    today(TODAY)
    old.remove()
    assert left() < after_first < there
    assert different(before, figures(unit_id, days, each=4)) == {}


def every_day(unit_id):
    """Return the finest counts of every day, and every day's cost as known on some days."""
    cache.clear()
    scope = Scope(unit_id)
    months = [month_end(month) for month in months_between(FIRST, LAST)]
    with db.read() as session:
        found = {
            "load": sums(session, scope, cases.load_groups, cases.Ongoing()),
            "plans": sums(session, scope, change_plans.status_groups, change_plans.StatusCounts()),
            "long term": sums(
                session, scope, benefit_months.long_term_groups, benefit_months.LongTermCounts()
            ),
            "overdue": [change_plans.overdue_since(session, scope, on=on) for on in DAYS],
            "deadlines": sorted(
                (row.deadline, row.hit, str(row.caseworker_id), str(row.group_id), row.gender)
                for rows in deadlines.of_months(session, scope, months).values()
                for row in rows
                for _ in range(row.number)
            ),
            "moves": sorted(
                str((move, on, holder))
                for year in (2023, 2024, 2025)
                for move, on, holder, number in cases.moves(
                    session, scope, year=year, end=dt.date(year, 12, 31)
                )
                for _ in range(number)
            ),
        }
        for known in (*random_store.EDGES[::3], LAST):
            found["cost", known] = [
                tuple(frame.itertuples(index=False, name=None))
                for by in (By.MONTH, By.PROVIDER, By.CONTRACT, By.KIND, By.GROUP)
                for frame in [
                    placements.placement_cost(
                        session, scope, start=FIRST, end=LAST, today=known, by=by
                    )
                ]
            ]
    return found


def sums(session, scope, query, zero):
    """Add up every day's groups that tell the same of a caseworker, group and gender."""
    found = {}
    parts = [DAYS[first : first + 100] for first in range(0, len(DAYS), 100)]
    by_day = {on: groups for part in parts for on, groups in query(session, scope, part).items()}
    for on, groups in by_day.items():
        for group in groups:
            gender = getattr(group, "gender", None) or "other"
            key = (on, group.caseworker_id, group.group_id, gender)
            found[key] = found.get(key, zero) + group.counts
    return {key: counts for key, counts in found.items() if counts != zero}


def test_every_single_day_counts_the_same(store):
    unit_id = a_unit(SEEDS[store] + 10, cases=60)
    before = every_day(unit_id)
    assert old.remove() is not None
    after = every_day(unit_id)
    for name, counted in before.items():
        assert after[name] == counted, name


def test_a_figure_in_memory_shows_the_same_after_a_removal(store):
    unit_id = a_unit(7, cases=80)
    scope, on = Scope(unit_id), day("2024-05-31")

    def read():
        with db.read() as session:
            return (
                change_plans.change_plans(session, scope, on=on, by=By.GROUP).to_dict("records"),
                placement_sums.placement_summary(session, scope, on=on).full_year,
                len(placements.placements(session, scope, on=on)),
            )

    before = read()
    old.remove()
    after = read()
    assert after[:2] == before[:2]
    assert after[2] < before[2]


def test_a_unit_that_has_removed_nothing_pays_no_statement(store):
    unit_id = a_unit(8, cases=5)
    cache.clear()
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    with db.read() as session:
        scope = Scope(unit_id)
        cases.load(session, scope, on=TODAY, by=By.NONE)
        before = len(sent)
        assert retained.counts(session, scope, [Kept.OPEN], [TODAY, TODAY - ONE_DAY]) == []
        assert retained.events(session, scope, [Kept.MOVE], FIRST, LAST) == []
        assert retained.costs(session, scope, on=TODAY, since=FIRST) == []
        assert len(sent) == before
    event.remove(db.engine(), "before_cursor_execute", note)


def test_what_is_written_in_the_same_transaction_sees_the_removed_part(store):
    unit_id = a_unit(9)
    on = day("2024-01-31")
    with db.read() as session:
        before = cases.households_at(session, Scope(unit_id), on=on)
    old.remove()
    with db.write() as session:
        assert cases.households_at(session, Scope(unit_id), on=on) == before
    assert before.households > 0
