"""Every write on placements and budget, by every role, called directly."""

import contextlib
from decimal import Decimal

import pytest
from sqlmodel import func, select

from core import db
from core.auth import PermissionDeniedError, Role
from core.models import AuditEvent, Case, DayRate, PlacementDecision, Unit
from core.services import budget, placement_corrections, placements
from core.services.placement_inputs import NewDecision, NewPlacement, NewRate, NewReview
from core.terms import Contract, LegalBasis
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, world

MANAGERS = {"group_manager", "unit_manager", "developer"}
CONTROLLERS = {"controller"}
EARLIER = make.day("2024-04-30")
COUNT = select(func.count()).select_from(AuditEvent)


def start(w):
    new = NewPlacement(
        case_id=w.case_id,
        kind_id=w.extra["kind"],
        legal_basis=LegalBasis.SOL,
        starts_on=TODAY,
        decided_on=TODAY,
        decided_by="Chefen",
        provider="Björken",
        contract=Contract.LOV,
        day_rate=Decimal(100),
        confirmed=True,
    )
    return call(placements.start, new)


def decide(w):
    new = NewDecision(TODAY, "Chefen", "Björken", Contract.LOV)
    return call(placements.decide, w.extra["placement"], new, version=1)


def set_rate(w):
    again = NewRate(TODAY, Decimal(100), confirmed=True)
    return call(placements.set_rate, w.extra["placement"], again, version=1)


def review(w):
    return call(placements.review, w.extra["placement"], NewReview(TODAY))


def end(w):
    return call(placements.end, w.extra["placement"], TODAY, version=1)


def reopen(w):
    return call(placements.reopen, w.extra["ended"], version=1)


def void_placement(w):
    return call(placement_corrections.void_placement, w.extra["placement"], version=1)


def void_decision(w):
    return call(placement_corrections.void_decision, w.extra["decision"])


def void_rate(w):
    return call(placement_corrections.void_rate, w.extra["rate"])


def void_review(w):
    return call(placement_corrections.void_review, w.extra["review"])


def add_line(w):
    return call(budget.add_line, budget.NewLine(2024, "Bistånd", "Ny", Decimal(1)))


def change_line_amount(w):
    return call(budget.change_line_amount, w.extra["line"], Decimal(5), version=1)


def set_outcome(w):
    new = budget.NewOutcome(make.day("2024-04-01"), Decimal(5), TODAY)
    return call(budget.set_outcome, w.extra["line"], new)


def set_prognosis(w):
    return call(budget.set_prognosis, w.extra["line"], budget.NewPrognosis(Decimal(5), TODAY))


def void_outcome(w):
    return call(budget.void_outcome, w.extra["outcome"])


def void_prognosis(w):
    return call(budget.void_prognosis, w.extra["prognosis"])


def pay_kind_from(w):
    return call(budget.pay_kind_from, w.extra["kind"], w.extra["line"])


WRITES = [
    *(
        (write, MANAGERS)
        for write in (
            start,
            decide,
            set_rate,
            review,
            end,
            reopen,
            void_placement,
            void_decision,
            void_rate,
            void_review,
        )
    ),
    *(
        (write, CONTROLLERS)
        for write in (
            change_line_amount,
            set_outcome,
            set_prognosis,
            void_outcome,
            void_prognosis,
            pay_kind_from,
        )
    ),
]
IN_THE_OWN_UNIT = (add_line, {"controller", "other_controller"})


def call(service, *args, **kwargs):
    """Return a write to be made by somebody."""
    return lambda session, by: service(session, *args, by=by, **kwargs)


def money_world():
    """Return a world with a placement that has two of everything, an ended one, and a budget."""
    w = world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        other = session.get_one(Unit, w.extra["other_unit_id"])
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, unit)
        placement = money.placement(
            session,
            case,
            kind,
            EARLIER,
            rates=[(EARLIER, 100), (TODAY, 200)],
            decisions=[{"decided_on": EARLIER}, {"decided_on": TODAY}],
        )
        ended = money.placement(session, case, kind, EARLIER, rates=1, ended_on=TODAY)
        line = money.line(session, unit, 100)
        w.extra |= {
            "kind": kind.id,
            "placement": placement.id,
            "ended": ended.id,
            "decision": first(session, PlacementDecision, placement.id),
            "rate": session.exec(
                select(func.max(DayRate.id)).where(DayRate.placement_id == placement.id)
            ).one(),
            "review": money.review(session, placement, TODAY).id,
            "line": line.id,
            "outcome": money.outcome(session, line, make.day("2024-04-01"), 1, TODAY).id,
            "prognosis": money.prognosis(session, line, 1, TODAY).id,
        }
        w.actors["other_controller"] = make.actor(session, Role.CONTROLLER, other)
    return w


def first(session, table, placement_id):
    """Return the id of a placement's first row in a table."""
    return session.exec(select(func.min(table.id)).where(table.placement_id == placement_id)).one()


class RollBackError(Exception):
    """Ends a write so that the next role meets the same store."""


def events_of(write, by):
    """Return how many audit events a write makes; nothing of it is kept."""
    events = []
    with contextlib.suppress(RollBackError), db.write() as session:
        before = session.exec(COUNT).one()
        write(session, by)
        events.append(session.exec(COUNT).one() - before)
        raise RollBackError
    return events[0]


@pytest.mark.parametrize(
    ("write", "allowed"),
    [*WRITES, IN_THE_OWN_UNIT],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_only_managers_write_placements_and_only_the_controller_the_budget(
    store, today, write, allowed
):
    today(TODAY)
    w = money_world()
    for name, actor in w.actors.items():
        if name in allowed:
            assert events_of(write(w), actor) == 1, name
        else:
            with pytest.raises(PermissionDeniedError):
                events_of(write(w), actor)
                pytest.fail(name)


@pytest.mark.parametrize(("write", "allowed"), WRITES, ids=[w.__name__ for w, _ in WRITES])
def test_a_row_that_does_not_exist_is_denied_as_one_out_of_reach(store, today, write, allowed):
    today(TODAY)
    w = money_world()
    w.case_id = 10**6
    w.extra = dict.fromkeys(w.extra, 10**6)
    for name in allowed:
        with pytest.raises(PermissionDeniedError):
            events_of(write(w), w.actors[name])
