"""Placements loaded as columns cost what they cost one by one, in three statements."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlmodel import select

from core import db
from core.auth import Scope
from core.clock import now
from core.models import PlacementDecision
from core.queries import placement_arrays, placement_facts
from core.queries.keys import By
from core.rules import placements as rules
from core.rules.dates import month_end
from core.rules.placements import MissingRateError
from core.terms import Contract
from tests import factories as make
from tests import factories_money as money

day = make.day
DAYS = [day(text) for text in ("2023-12-31", "2024-02-29", "2024-03-01", "2024-12-31")]
PERIODS = [("2024-01-01", "2024-12-31"), ("2024-02-01", "2024-02-29"), ("2024-03-01", "2024-03-01")]
SPLITS = [
    By.MONTH,
    By.KIND,
    By.GROUP,
    By.CASEWORKER,
    By.CONTRACT,
    By.PROVIDER,
    By.NONE,
]


@pytest.fixture
def unit(store):
    """A unit of two groups with forty random placements, and what must not count."""
    rng = Random(4)
    with db.write() as session:
        unit = make.unit(session)
        groups = [make.group(session, unit, name="Ett"), make.group(session, unit, name="Två")]
        kinds = [money.kind(session, unit, name) for name in ("HVB", "stödboende")]
        caseworker = make.caseworker(session, unit)
        for n in range(40):
            held = {
                "group": rng.choice([*groups, None]),
                "caseworker": caseworker if n % 3 else None,
            }
            case = make.case(session, unit, day("2022-01-01"), **held)
            if n % 5 == 0:
                make.assign(session, case, day("2024-03-01"), group=groups[0])
            _placement(session, case, rng, rng.choice(kinds))
        case = make.case(session, unit, day("2022-01-01"), voided_at=now())
        _placement(session, case, rng, kinds[0])
        stranger = make.unit(session)
        case = make.case(session, stranger, day("2022-01-01"))
        _placement(session, case, rng, money.kind(session, stranger))
        scopes = [
            Scope(unit.id),
            *(Scope(unit.id, group_id=group.id) for group in groups),
            Scope(unit.id, caseworker_id=caseworker.id),
        ]
        return SimpleNamespace(id=unit.id, scopes=scopes)


def _placement(session, case, rng, kind):
    """Save a placement with random rates and decisions, several on one day, one of them voided."""
    starts = day("2023-11-01") + dt.timedelta(days=rng.randint(0, 200))
    ended = rng.choice([None, starts, starts + dt.timedelta(days=rng.randint(0, 200))])
    later = [starts + dt.timedelta(days=rng.choice([0, 30, 30, 61])) for _ in range(2)]
    made = [
        {
            "decided_on": starts + dt.timedelta(days=rng.randint(-20, 60)),
            "planned_end_on": rng.choice([None, starts + dt.timedelta(days=rng.randint(0, 300))]),
            "provider": rng.choice(["Eken", "Björken"]),
            "contract": rng.choice(list(Contract)),
        }
        for _ in range(rng.randint(1, 3))
    ]
    rates = [(starts, rng.randint(1, 400_000)), *((on, rng.randint(1, 400_000)) for on in later)]
    rates = [(on, Decimal(ore) / 100) for on, ore in rates]
    row = money.placement(session, case, kind, starts, rates=rates, decisions=made, ended_on=ended)
    money.decide(session, row, starts, voided_at=now(), provider="Granen")


def slow(session, scope, start, end, today, by):
    """Return days and cost by key, placement by placement."""
    sums = defaultdict(lambda: (0, Decimal(0)))
    found = placement_facts.of_interval(session, scope, start=start, end=end, today=today)
    for placed in found:
        for part in rules.interval_parts(placed.facts, start, end, today):
            key = {
                By.MONTH: part.month,
                By.KIND: placed.kind,
                By.CASEWORKER: placed.held_by(min(end, today)).caseworker,
                By.GROUP: placed.held_by(min(end, today)).group,
                By.CONTRACT: rules.by_contract(part),
                By.PROVIDER: rules.by_provider(part),
                By.NONE: None,
            }[by]
            sums[key] = (sums[key][0] + part.days, sums[key][1] + part.cost)
    return dict(sums)


@pytest.mark.parametrize("by", SPLITS)
def test_every_split_is_the_rules_in_every_scope(unit, by):
    with db.read() as session:
        for scope in unit.scopes:
            for start, end in PERIODS:
                for today in DAYS:
                    asked = {"start": day(start), "end": day(end), "today": today, "by": by}
                    found = placement_arrays.paid_by(session, scope, **asked)
                    assert found == slow(session, scope, **asked)


def test_a_unit_without_placements_costs_nothing(unit):
    with db.write() as session:
        empty = make.unit(session).id
    year = {"start": day("2024-01-01"), "end": day("2024-12-31"), "today": DAYS[1]}
    with db.read() as session:
        for by in (By.MONTH, By.CONTRACT):
            assert placement_arrays.paid_by(session, Scope(empty), **year, by=by) == {}


def test_a_placement_without_a_decision_has_no_contract(unit):
    with db.write() as session:
        other = make.unit(session)
        case = make.case(session, other, day("2022-01-01"))
        row = money.placement(session, case, money.kind(session, other), DAYS[1], rates=100)
        money.decide(session, row, DAYS[1])
        for made in session.exec(_decisions(row)):
            made.voided_at = now()
        scope = Scope(other.id)
    with db.read() as session:
        found = placement_arrays.paid_by(
            session, scope, start=DAYS[1], end=DAYS[2], today=DAYS[2], by=By.CONTRACT
        )
        assert found == {None: (2, Decimal(200))}


def _decisions(row):
    return select(PlacementDecision).where(PlacementDecision.placement_id == row.id)


def test_a_paid_day_without_a_rate_is_an_error(unit):
    with db.write() as session:
        case = make.case(session, unit, day("2022-01-01"))
        kind = money.kind(session, unit, "utan pris")
        money.placement(session, case, kind, DAYS[1], rates=[(DAYS[2], 100)])
    asked = {"start": DAYS[1], "end": month_end(DAYS[2]), "today": DAYS[2], "by": By.KIND}
    with db.read() as session, pytest.raises(MissingRateError):
        placement_arrays.paid_by(session, Scope(unit.id), **asked)


def test_loading_takes_three_statements_whatever_the_number(unit):
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    with db.read() as session:
        session.connection()
        event.listen(db.engine(), "before_cursor_execute", note)
        try:
            placement_arrays.of_interval(
                session, Scope(unit.id), start=DAYS[1], end=DAYS[3], today=DAYS[2]
            )
        finally:
            event.remove(db.engine(), "before_cursor_execute", note)
    assert len(sent) == 3
