"""Benefit months told by hand: by those whose case it is, once, and taken back when wrong."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Area, AuditEvent, BenefitMonth, DataVersion
from core.queries.benefit_months import long_term
from core.queries.keys import By
from core.services.base import Checks
from core.services.benefit_months import NewMonths, check_amount, set_months
from core.terms import CaseKind, DataSource
from tests.factories_cases import TODAY, refusals, rows, run, world

D = dt.date
MARCH, APRIL, MAY = D(2024, 3, 1), D(2024, 4, 1), D(2024, 5, 1)
ALLOWED = {"caseworker", "group_manager", "unit_manager", "developer"}


@pytest.fixture
def w(store, today):
    """A unit with a benefit case opened in January, on a fixed day."""
    today(TODAY)
    return world()


def tell(w, *with_benefit, without=(), by=None, key=None):
    new = NewMonths(frozenset(with_benefit), frozenset(without))
    return run(set_months, w.case_id, new, by=by or w.caseworker, key=key)


def valid(w):
    return [row.month for row in rows(BenefitMonth, case_id=w.case_id) if row.voided_at is None]


def test_months_are_kept_as_first_days_with_author_and_source(w):
    assert tell(w, D(2024, 4, 17), MAY) == w.case_id
    found = rows(BenefitMonth, case_id=w.case_id)
    assert [row.month for row in found] == [APRIL, MAY]
    assert {(r.unit_id, r.amount, r.source, r.created_by_id) for r in found} == {
        (w.unit_id, None, DataSource.TYPED, w.caseworker.user_id)
    }
    (event,) = rows(AuditEvent, action="set_months")
    assert event.details == {"added": ["2024-04-01", "2024-05-01"], "voided": []}


def test_only_months_that_differ_are_written_and_they_move_their_own_months(w):
    tell(w, MARCH, APRIL)
    tell(w, APRIL, MAY, without=[MARCH])
    found = rows(BenefitMonth, case_id=w.case_id)
    assert [(row.month, row.voided_by_id) for row in found] == [
        (MARCH, w.caseworker.user_id),
        (APRIL, None),
        (MAY, None),
    ]
    moved = {row.month: row.writes for row in rows(DataVersion, area=Area.BENEFIT_MONTHS)}
    assert moved == {MARCH: 2, APRIL: 1, MAY: 1}


def test_a_month_taken_back_can_be_told_again(w):
    tell(w, MAY)
    tell(w, without=[MAY])
    tell(w, MAY)
    assert valid(w) == [MAY]
    assert len(rows(BenefitMonth)) == 2


def test_a_month_that_never_was_there_is_not_taken_back(w):
    tell(w, without=[MAY])
    assert rows(BenefitMonth) == []
    assert rows(DataVersion, area=Area.BENEFIT_MONTHS) == []


def test_two_who_tell_of_different_months_lose_nothing(w):
    tell(w, APRIL)
    tell(w, MAY, by=w.manager)
    assert valid(w) == [APRIL, MAY]


def test_the_figure_shows_what_was_just_told(w):
    with db.read() as session:
        before = long_term(session, Scope(w.unit_id), on=TODAY, by=By.NONE)
    tell(w, MAY)
    with db.read() as session:
        after = long_term(session, Scope(w.unit_id), on=TODAY, by=By.NONE)
    assert (before["households"][0], after["households"][0]) == (0, 1)


def test_a_month_before_the_case_was_opened_came_along_from_another_unit(w):
    tell(w, D(2023, 6, 1))
    assert valid(w) == [D(2023, 6, 1)]


def test_a_month_to_come_and_one_too_far_back_are_refused(w):
    for month in (D(2024, 6, 1), D(1999, 12, 1)):
        found = refusals(set_months, w.case_id, NewMonths(frozenset({month})), by=w.manager)
        assert set(found) == {"months"}
    tell(w, D(2000, 1, 1))


def test_the_month_of_closing_is_the_last_one_accepted(store, today):
    today(TODAY)
    w = world(closed_on=D(2024, 3, 31))
    found = refusals(set_months, w.case_id, NewMonths(frozenset({APRIL})), by=w.manager)
    assert "avslutades 2024-03-31" in found["months"]
    tell(w, MARCH)


def test_another_kind_of_case_has_no_benefit_months(store, today):
    today(TODAY)
    w = world(kind=CaseKind.ADDICTION)
    found = refusals(set_months, w.case_id, NewMonths(frozenset({MAY})), by=w.manager)
    assert found == {"months": "Uppgiften gäller bara ekonomiskt bistånd."}


def test_a_month_told_both_ways_is_refused(w):
    both = NewMonths(frozenset({MAY}), frozenset({D(2024, 5, 9)}))
    assert set(refusals(set_months, w.case_id, both, by=w.manager)) == {"months"}


def test_those_whose_case_it_is_may_tell_and_nobody_else(w):
    for name, by in w.actors.items():
        if name in ALLOWED:
            assert tell(w, MAY, by=by) == w.case_id
        else:
            with pytest.raises(PermissionDeniedError):
                tell(w, APRIL, by=by)
    assert valid(w) == [MAY]


def test_a_form_sent_by_four_at_once_is_told_once(w):
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda _: tell(w, APRIL, MAY, key="one form"), range(4)))
    assert valid(w) == [APRIL, MAY]
    assert len(rows(AuditEvent, action="set_months")) == 1


def test_four_who_tell_the_same_month_at_once_make_one_row(w):
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda n: tell(w, MAY, key=f"form {n}"), range(4)))
    assert valid(w) == [MAY]


@pytest.mark.parametrize(
    ("amount", "fits"),
    [
        (None, True),
        ("0", True),
        ("999999.99", True),
        ("1000000", False),
        ("-1", False),
        ("1.005", False),
    ],
)
def test_an_amount_fits_a_household(amount, fits):
    checks = Checks()
    check_amount(checks, "amount", None if amount is None else Decimal(amount))
    assert (not checks.errors) is fits
