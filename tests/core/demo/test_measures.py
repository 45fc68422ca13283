"""The demo's measure points: whole reports, and something late and missing to follow up."""

import datetime as dt
from collections import Counter

import pytest
from sqlmodel import select

from core import db
from core.auth import Scope
from core.models import MeasureEntry, Unit, User, UserRole
from core.queries.measure_points import due_items, reporting_status
from core.queries.measure_rows import entries_in, points
from core.rules.measure_points import ReportStatus, asked_on
from core.terms import MeasureKind
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT

TODAY = dt.date(2024, 5, 27)
UNITS = [BENEFIT_UNIT, WORK_UNIT]


def scope_of(session, slug):
    return Scope(session.exec(select(Unit.id).where(Unit.slug == slug)).one())


@pytest.mark.parametrize("slug", UNITS)
def test_every_report_answers_what_its_definition_asks_on_a_day_that_it_asks(demo, slug):
    with db.read() as session:
        scope = scope_of(session, slug)
        known = {point.point_id: point for point in points(session, scope)}
        reports = entries_in(session, scope, start=dt.date.min, end=dt.date.max)

    assert len(known) >= 8
    for report in reports:
        definition, asked = asked_on(known[report.point_id].spans, report.measured_on)
        assert report.definition_id == definition.definition_id
        assert report.period == asked.period
        assert report.measured_on <= TODAY
        numbers = () if report.nothing else definition.question_numbers
        assert tuple(number for number, _ in report.answers) == numbers
        assert (report.value is not None) == (definition.asks_number and not report.nothing)
        assert definition.kind is not MeasureKind.CASE_CHECK or report.case_id is not None


@pytest.mark.parametrize("slug", UNITS)
def test_some_have_reported_and_some_are_late(demo, slug):
    with db.read() as session:
        found = reporting_status(session, scope_of(session, slug), on=TODAY)

    statuses = Counter(row.status for row in found)
    assert statuses[ReportStatus.REPORTED] > statuses[ReportStatus.OVERDUE] > 0
    assert statuses[ReportStatus.DUE] > 0


def test_the_demos_caseworkers_have_something_to_report(demo):
    with db.read() as session:
        for username in ("handlaggare", "handlaggare-af"):
            role = session.exec(select(UserRole).join(User).where(User.username == username)).one()
            scope = Scope(role.unit_id, caseworker_id=role.caseworker_id)
            assert due_items(session, scope, on=TODAY)


def test_the_demos_measure_points_feed_no_indicator_and_nothing_is_reported_twice(demo):
    with db.read() as session:
        for slug in UNITS:
            for point in points(session, scope_of(session, slug)):
                assert [d.indicator_id for d in point.definitions] == [None]
        slots = session.exec(
            select(MeasureEntry.measure_point_id, MeasureEntry.slot).where(
                MeasureEntry.slot.is_not(None)
            )
        ).all()
    assert len(set(slots)) == len(slots) > 0
