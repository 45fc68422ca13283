"""Rapporteringsläge: sums of who has reported, who is late, and the coming deadlines."""

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import db
from core.auth import Role, Scope
from core.queries.measure_points import ReportingRow, reporting_status
from core.queries.reporting import by_person, by_point, deadlines, in_short
from core.rules.dates import Period
from core.rules.measure_points import ReportStatus
from core.terms import MeasureFrequency
from tests import factories as make
from tests import factories_measures as measures
from tests.factories import day

MONDAY = day("2024-05-27")
WEEK_20 = Period(day("2024-05-13"), day("2024-05-19"))
WEEK_21 = Period(day("2024-05-20"), day("2024-05-26"))


@pytest.fixture
def unit(store):
    """A unit where Alva is in Öst, Bo in Väst and Cilla in no group."""
    with db.write() as session:
        unit = make.unit(session)
        east, west = make.group(session, unit, name="Öst"), make.group(session, unit, name="Väst")
        return SimpleNamespace(
            id=unit.id,
            east=east,
            west=west,
            alva=make.caseworker(session, unit, name="Alva", group_id=east.id),
            bo=make.caseworker(session, unit, name="Bo", group_id=west.id),
            cilla=make.caseworker(session, unit, name="Cilla"),
        )


def weekly(unit, **fields):
    """Save a weekly measure point asked from week 20, due three days after each Sunday."""
    with db.write() as session:
        fields = {"valid_from": "2024-05-13", "due_days": 3, "name": "Besök"} | fields
        return measures.point(session, unit, **fields)


def status(unit, on=MONDAY, **scope):
    with db.read() as session:
        return reporting_status(session, Scope(unit.id, **scope), on=on)


def coming(unit, until, on=MONDAY, **scope):
    with db.read() as session:
        found = deadlines(session, Scope(unit.id, **scope), on=on, until=day(until))
    return [(one.name, one.due_on.isoformat()) for one in found]


def test_reports_that_are_not_asked_for_yet_are_no_part_of_the_sum(unit):
    point = weekly(unit)
    with db.write() as session:
        measures.entry(session, point, WEEK_20.start, caseworker=unit.alva, value=4)
        measures.entry(session, point, WEEK_21.start, caseworker=unit.alva, value=2)
        measures.entry(session, point, WEEK_21.start, caseworker=unit.bo, value=1)
    short = in_short(status(unit))
    # Week 20: one of three, two late. Week 21, due on Wednesday: two of three. Week 22 has begun.
    assert (short.expected, short.reported) == (6, 3)
    assert [(row.who, row.period) for row in short.late] == [("Bo", WEEK_20), ("Cilla", WEEK_20)]
    assert short.late_people == 2


def test_a_person_who_is_late_with_two_things_is_one_person(unit):
    weekly(unit)
    weekly(unit, name="Samtal")
    short = in_short(status(unit, caseworker_id=unit.bo.id))
    assert [(row.who, row.name) for row in short.late] == [("Bo", "Besök"), ("Bo", "Samtal")]
    assert short.late_people == 1


def test_each_period_of_a_point_adds_up_its_people_with_the_worst_first(unit):
    point = weekly(unit)
    with db.write() as session:
        measures.entry(session, point, WEEK_21.start, caseworker=unit.alva, value=2)
    frame = by_point(status(unit))
    rows = frame[["period", "due_on", "expected", "reported", "late", "status"]].values.tolist()
    assert rows[:2] == [
        [WEEK_20, day("2024-05-22"), 3, 0, 3, ReportStatus.OVERDUE],
        [WEEK_21, day("2024-05-29"), 3, 1, 0, ReportStatus.DUE],
    ]


def test_a_single_day_that_is_done_takes_no_row():
    friday = Period(day("2024-05-24"), day("2024-05-24"))
    done, left = row(friday, reported=1), row(friday, reported=0, who="Bo")
    assert by_point([done]).empty
    assert by_point([done, left])[["expected", "reported"]].values.tolist() == [[2, 1]]


def row(period, *, reported, who="Alva"):
    """Return a row of one form, reported or overdue."""
    status = ReportStatus.REPORTED if reported else ReportStatus.OVERDUE
    return ReportingRow(
        point_id=1,
        name="Metod",
        reporter=Role.CASEWORKER,
        period=period,
        due_on=period.end,
        caseworker_id=None,
        group_id=None,
        group=None,
        who=who,
        expected=1,
        reported=reported,
        status=status,
        reported_at=None,
    )


def test_people_are_listed_by_the_state_asked_for(unit):
    point = weekly(unit)
    with db.write() as session:
        measures.entry(session, point, WEEK_20.start, caseworker=unit.alva, value=4)
    rows = status(unit)
    done = by_person(rows, [ReportStatus.REPORTED])
    assert done[["who", "period", "reported"]].values.tolist() == [["Alva", WEEK_20, 1]]
    late = by_person(rows, [ReportStatus.OVERDUE])
    assert late["who"].tolist() == ["Bo", "Cilla"]


def test_no_reporting_is_empty_tables_and_no_late_people(unit):
    assert in_short(()).expected == in_short(()).late_people == 0
    assert by_point(()).empty
    assert by_person((), ReportStatus).empty


ROWS = st.builds(
    lambda point, who, expected, reported, status, late_by: ReportingRow(
        point_id=point,
        name=f"Punkt {point}",
        reporter=Role.CASEWORKER,
        period=WEEK_20,
        due_on=MONDAY - dt.timedelta(days=late_by),
        caseworker_id=who,
        group_id=None,
        group=None,
        who=f"Person {who}",
        expected=expected,
        reported=min(expected, reported),
        status=status,
        reported_at=None,
    ),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(0, 4),
    st.sampled_from(ReportStatus),
    st.integers(0, 9),
)


@given(st.lists(ROWS))
def test_the_table_by_point_adds_up_to_all_rows(rows):
    frame = by_point(rows)
    for column, value in (("expected", "expected"), ("reported", "reported")):
        assert frame[column].sum() == sum(getattr(row, value) for row in rows)
    assert frame["late"].sum() == len(by_person(rows, [ReportStatus.OVERDUE]))
    assert sum(len(by_person(rows, [one])) for one in ReportStatus) == len(rows)


def test_deadlines_are_those_from_today_to_the_last_day_both_included(unit):
    weekly(unit)
    assert coming(unit, "2024-06-05") == [("Besök", "2024-05-29"), ("Besök", "2024-06-05")]
    assert coming(unit, "2024-06-04") == [("Besök", "2024-05-29")]
    assert coming(unit, "2024-05-29", on=day("2024-05-29")) == [("Besök", "2024-05-29")]
    assert coming(unit, "2024-05-31", on=day("2024-05-30")) == []


def test_a_period_long_ended_but_due_now_is_a_deadline(unit):
    weekly(unit, due_days=40)
    # Week 20 ended on 19 May and is due forty days later.
    assert coming(unit, "2024-07-01", on=day("2024-06-28"))[0] == ("Besök", "2024-06-28")


def test_a_measuring_period_of_its_own_is_due_on_its_own_day(unit):
    weekly(
        unit,
        frequency=MeasureFrequency.OWN_PERIODS,
        windows=[("2024-05-13", "2024-05-24", "2024-09-02")],
    )
    assert coming(unit, "2024-09-02", on=day("2024-08-30")) == [("Besök", "2024-09-02")]


def test_what_happens_now_and_then_has_no_deadline(unit):
    weekly(unit, frequency=MeasureFrequency.WHEN_IT_HAPPENS)
    assert coming(unit, "2024-12-31") == []


def test_everybody_sees_the_deadlines_that_concern_them(unit):
    weekly(unit, name="Alla")
    weekly(unit, name="Bara öst", group_id=unit.east.id)
    weekly(unit, name="Gruppledare", reporter=Role.GROUP_MANAGER)
    weekly(unit, name="Chef", reporter=Role.UNIT_MANAGER)

    def names(**scope):
        return {name for name, _ in coming(unit, "2024-05-31", **scope)}

    assert names(caseworker_id=unit.alva.id) == {"Alla", "Bara öst"}
    assert names(caseworker_id=unit.bo.id) == {"Alla"}
    assert names(caseworker_id=unit.cilla.id) == {"Alla"}
    assert names(group_id=unit.east.id) == {"Alla", "Bara öst", "Gruppledare"}
    assert names(group_id=unit.west.id) == {"Alla", "Gruppledare"}
    assert names() == {"Alla", "Bara öst", "Gruppledare", "Chef"}
