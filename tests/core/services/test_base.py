"""The audit event and the data version are written with the write itself."""

import datetime as dt

from sqlmodel import select

from core import db
from core.auth import Role, Scope
from core.models import Area, AuditEvent
from core.queries.cache import cached, data_version
from core.services.base import Event, already_done, record
from tests import factories as make

DAY = dt.date(2024, 5, 27)


def test_a_form_sent_twice_is_one_event(store):
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        event = Event("register", "case", 7, unit.id, [(Area.CASES, DAY)])
        record(session, event, by=by, key="one form")

    with db.write() as session:
        assert already_done(session, "one form") == 7
        assert already_done(session, "another form") is None
        assert len(session.exec(select(AuditEvent)).all()) == 1


def test_a_write_moves_figures_from_its_month_on_and_none_before(store):
    with db.write() as session:
        unit = make.unit(session)
        record(session, Event("x", "case", 1, unit.id, [(Area.CASES, DAY)]), by=None)

    with db.read() as session:
        before, same_month = dt.date(2024, 4, 30), dt.date(2024, 5, 1)
        assert data_version(session, unit.id, (Area.CASES,), before) == 0
        assert data_version(session, unit.id, (Area.CASES,), same_month) == 1
        assert data_version(session, unit.id, (Area.PLANS,), None) == 0


def test_a_cached_figure_is_read_again_after_a_write_that_can_move_it(store):
    calls = []

    @cached(Area.CASES)
    def figure(session, scope, *, on):
        calls.append(on)
        return len(calls)

    with db.write() as session:
        unit = make.unit(session)
    april, may = dt.date(2024, 4, 30), DAY
    scope = Scope(unit.id)
    with db.read() as session:
        assert [figure(session, scope, on=day) for day in (april, may, april, may)] == [1, 2, 1, 2]
    with db.write() as session:
        record(session, Event("x", "case", 1, unit.id, [(Area.CASES, may)]), by=None)
    with db.read() as session:
        assert [figure(session, scope, on=day) for day in (april, may)] == [1, 3]
