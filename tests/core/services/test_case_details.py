"""A case's household over time: composition, adults and obstacles."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import AdultObstacle, Area, CaseAdult, CaseComposition, DataVersion
from core.queries.case_register import case_in_full
from core.services import case_details, cases
from core.services.case_details import NewAdult, NewComposition
from core.terms import CaseKind, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, audit_count, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
APRIL = make.day("2024-04-15")
FAMILY = HouseholdType.SINGLE_WITH_CHILDREN


@pytest.fixture
def w(store, today):
    """A unit with a case of one adult and two children, on a fixed day."""
    today(TODAY)
    return world()


def household(w, on=TODAY):
    with db.read() as session:
        return case_in_full(session, Scope(w.unit_id), case_id=w.case_id, on=on)


def applicant(w):
    return rows(CaseAdult, case_id=w.case_id)[0].id


def test_a_household_changes_from_a_day_on(w):
    run(
        case_details.change_composition,
        w.case_id,
        NewComposition(APRIL, FAMILY, 3),
        by=w.caseworker,
    )

    assert (household(w).household_type, household(w).children) == (FAMILY, 3)
    assert household(w, APRIL - ONE_DAY).children == 2
    assert household(w, OPENED - ONE_DAY).children is None
    (moved,) = rows(DataVersion)
    assert (moved.area, moved.month) == (Area.CASES, APRIL.replace(day=1))


def test_of_two_changes_the_same_day_the_last_one_holds(w):
    for children in (3, 4):
        new = NewComposition(TODAY, FAMILY, children)
        run(case_details.change_composition, w.case_id, new, by=w.caseworker)
    assert household(w).children == 4


def test_a_household_that_cannot_be_is_refused_at_its_field(w):
    def refused(day, household_type, children):
        new = NewComposition(day, household_type, children)
        return refusals(case_details.change_composition, w.case_id, new, by=w.manager).keys()

    assert refused(TODAY + ONE_DAY, FAMILY, 1) == {"valid_from"}
    assert refused(OPENED - ONE_DAY, FAMILY, 1) == {"valid_from"}
    assert refused(TODAY, FAMILY, 0) == {"children"}
    assert refused(TODAY, HouseholdType.COUPLE, 1) == {"household_type"}
    assert refused(TODAY, HouseholdType.OTHER, 21) == {"children"}
    run(cases.close, w.case_id, cases.Closing(APRIL), version=1, by=w.manager)
    assert refused(APRIL, FAMILY, 1) == {"valid_from"}


def test_only_benefit_cases_have_a_household(store, today):
    today(TODAY)
    w = world(kind=CaseKind.WRONG_PAYMENT)
    new = NewComposition(TODAY, FAMILY, 1)
    refused = refusals(case_details.change_composition, w.case_id, new, by=w.manager)
    assert refused.keys() == {"household_type"}
    adult = NewAdult(1, Gender.MAN, TODAY)
    assert refusals(case_details.add_adult, w.case_id, adult, by=w.manager).keys() == {"number"}
    full = household(w)
    assert (full.household_type, full.adults) == (None, ())


def test_a_second_adult_comes_with_an_obstacle_and_leaves(w):
    new = NewAdult(2, Gender.MAN, APRIL, Obstacle.CARE_OF_CHILD)
    adult_id = run(case_details.add_adult, w.case_id, new, by=w.caseworker)

    assert [(a.number, a.gender, a.obstacle) for a in household(w).adults] == [
        (1, Gender.WOMAN, Obstacle.UNKNOWN),
        (2, Gender.MAN, Obstacle.CARE_OF_CHILD),
    ]
    early = refusals(case_details.end_adult, adult_id, APRIL - ONE_DAY, by=w.caseworker)
    assert early.keys() == {"on"}
    late = refusals(case_details.end_adult, adult_id, TODAY + ONE_DAY, by=w.caseworker)
    assert late.keys() == {"on"}

    run(case_details.end_adult, adult_id, TODAY - ONE_DAY, by=w.caseworker)

    assert [a.number for a in household(w).adults] == [1]
    assert [a.number for a in household(w, TODAY - ONE_DAY).adults] == [1, 2]
    ended = refusals(case_details.end_adult, adult_id, TODAY, by=w.caseworker)
    assert ended["on"] == f"Den vuxnas sista dag är redan {TODAY - ONE_DAY}."


def test_there_is_one_applicant_and_at_most_one_more_adult_at_a_time(w):
    def refused(number, day=TODAY):
        new = NewAdult(number, Gender.MAN, day)
        return refusals(case_details.add_adult, w.case_id, new, by=w.manager).keys()

    assert refused(3) == {"number"}
    assert refused(1) == {"number"}
    assert refused(2, TODAY + ONE_DAY) == {"valid_from"}
    run(case_details.end_adult, applicant(w), APRIL, by=w.manager)
    assert refused(1, APRIL) == {"number"}
    new = NewAdult(1, Gender.MAN, APRIL + ONE_DAY)
    run(case_details.add_adult, w.case_id, new, by=w.manager)
    assert [a.gender for a in household(w).adults] == [Gender.MAN]


def test_an_obstacle_holds_from_its_day_until_the_next(w):
    adult_id = applicant(w)
    run(case_details.set_obstacle, adult_id, Obstacle.UNEMPLOYED, OPENED, by=w.caseworker)
    run(case_details.set_obstacle, adult_id, Obstacle.FULL_TIME_WORK, APRIL, by=w.caseworker)

    assert household(w, APRIL - ONE_DAY).adults[0].obstacle is Obstacle.UNEMPLOYED
    assert household(w).adults[0].obstacle is Obstacle.FULL_TIME_WORK
    assert [row.created_by_id for row in rows(AdultObstacle)] == [w.caseworker.user_id] * 2


def test_an_obstacle_is_dated_while_the_adult_belongs_to_the_open_case(w):
    adult_id = applicant(w)
    run(case_details.end_adult, adult_id, APRIL, by=w.manager)
    for day in (OPENED - ONE_DAY, APRIL + ONE_DAY, TODAY + ONE_DAY):
        refused = refusals(
            case_details.set_obstacle, adult_id, Obstacle.UNEMPLOYED, day, by=w.manager
        )
        assert refused.keys() == {"valid_from"}
    run(case_details.set_obstacle, adult_id, Obstacle.UNEMPLOYED, APRIL, by=w.manager)


def test_an_adult_that_is_not_there_is_denied(w):
    with pytest.raises(PermissionDeniedError):
        run(case_details.end_adult, 10_000, TODAY, by=w.manager)


def test_forms_sent_twice_are_one_row_each(w):
    def twice(write, *args):
        ids = {run(write, *args, by=w.caseworker, key=write.__name__) for _ in range(2)}
        assert len(ids) == 1
        return ids.pop()

    twice(case_details.change_composition, w.case_id, NewComposition(TODAY, FAMILY, 3))
    adult_id = twice(case_details.add_adult, w.case_id, NewAdult(2, Gender.MAN, TODAY))
    twice(case_details.set_obstacle, adult_id, Obstacle.UNEMPLOYED, TODAY)
    twice(case_details.end_adult, adult_id, TODAY)
    assert [len(rows(t)) for t in (CaseComposition, CaseAdult, AdultObstacle)] == [2, 2, 1]
    assert audit_count() == 4
