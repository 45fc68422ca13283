"""One's own shares by month beside the group's median: whose counts, when, and in few statements."""

import datetime as dt
import statistics
from fractions import Fraction

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.models import Caseworker, Group, Unit
from core.queries import cache
from core.queries.change_plans import change_plans
from core.queries.keys import By
from core.queries.own_development import own_development
from core.rules.dates import last_twelve
from core.services import change_plans as plans
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, run, world

MARCH = make.day("2024-03-01")
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def w(store, today):
    """A unit where Ada of group Ett has one referred case without a plan."""
    today(TODAY)
    return world()


def colleague(w, planned, unplanned=0, group_id=None):
    """Save a colleague with cases, some of them with a plan since they were opened."""
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        group = session.get_one(Group, group_id or w.group_id)
        one = make.caseworker(session, unit, group_id=group.id)
        for n in range(planned + unplanned):
            case = make.case(session, unit, OPENED, caseworker=one, group=group, referred_on=OPENED)
            if n < planned:
                make.plan(session, case, OPENED)
        return one.id


def read(w, on=TODAY, caseworker_id=None):
    cache.clear()
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=caseworker_id or w.caseworker_id)
        return own_development(session, scope, on=on)


def test_there_are_twelve_months_of_ones_own_and_the_median_of_five(w):
    for planned, unplanned in ((1, 0), (1, 1), (1, 2), (3, 1)):
        colleague(w, planned, unplanned)
    found = read(w)
    assert found.group == "Ett"
    assert [month.day for month in found.months] == last_twelve(TODAY)
    last = found.months[-1]
    # Ada 0/1; the others 1/1, 1/2, 1/3 and 3/4: the middle one is 1/2.
    assert (last.coverage, last.group_coverage) == (Fraction(0), Fraction(1, 2))
    # Plans of 10 January are current through 10 May: none is at the end of May, all are in April.
    assert (last.current, last.group_current) == (Fraction(0), Fraction(0))
    april = found.months[-2]
    assert (april.current, april.group_current) == (Fraction(0), Fraction(1, 2))
    december = found.months[-6]
    assert (december.coverage, december.group_coverage) == (None, None)
    assert found.has_median


def test_of_fewer_than_five_with_cases_there_is_no_median(w):
    for _ in range(3):
        colleague(w, 1)
    colleague(w, 0)  # nobody's case: the group has five caseworkers but four with cases
    assert not read(w).has_median


def test_another_groups_caseworkers_and_cases_do_not_count(w):
    for _ in range(3):
        colleague(w, 1)
    colleague(w, 1, group_id=w.other_group_id)
    assert not read(w).has_median


def test_somebody_without_a_group_has_no_median(w):
    with db.write() as session:
        session.get_one(Caseworker, w.caseworker_id).group_id = None
    for _ in range(5):
        colleague(w, 1)
    found = read(w)
    assert (found.group, found.has_median) == (None, False)
    assert found.months[-1].coverage == Fraction(0)


def test_ones_own_is_the_same_figure_as_on_every_other_page(w):
    run(plans.establish, w.case_id, MARCH, by=w.manager)
    found = read(w)
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=w.caseworker_id)
        frame = change_plans(session, scope, on=TODAY, by=By.MONTH)
    assert [month.coverage for month in found.months] == list(frame["coverage"])
    assert [month.current for month in found.months] == list(frame["current_share"])


def test_the_median_is_that_of_the_figure_by_caseworker(w):
    for planned, unplanned in ((1, 0), (2, 1), (0, 2), (3, 3), (5, 1)):
        colleague(w, planned, unplanned)
    found = read(w)
    with db.read() as session:
        frame = change_plans(session, Scope(w.unit_id), on=TODAY, by=By.CASEWORKER)
    assert found.months[-1].group_coverage == statistics.median(frame["coverage"])


def test_it_takes_the_same_few_statements_however_many_colleagues(w):
    def statements():
        counted = []

        def count(*_):
            counted.append(1)

        event.listen(db.engine(), "before_cursor_execute", count)
        read(w)
        event.remove(db.engine(), "before_cursor_execute", count)
        return len(counted)

    few = statements()
    for _ in range(6):
        colleague(w, 2, 1)
    assert statements() == few


def test_a_case_without_caseworker_counts_in_nobodys_share(w):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        group = session.get_one(Group, w.group_id)
        make.case(session, unit, OPENED, group=group, referred_on=OPENED)
    for _ in range(3):
        colleague(w, 1)
    assert not read(w).has_median
