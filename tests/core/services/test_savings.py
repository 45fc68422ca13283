"""The action plan: measures and their follow-up as written, and the prognosis with and without."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import SavingsFollowUp, SavingsMeasure
from core.queries.savings import action_plan
from core.services import savings
from core.services.base import ConflictError
from core.services.savings import NewFollowUp, NewMeasure
from core.terms import ActivityStatus
from tests import factories as make
from tests.factories_cases import TODAY, audit_count, refusals, rows, run
from tests.factories_plans_of_action import APRIL, benefit_world

MEASURE = NewMeasure(
    name=" Jobbtorg före sommaren ",
    owner="Enhetschefen",
    starts_on=make.day("2024-03-15"),
    monthly_effect=Decimal(50_000),
    status=ActivityStatus.ONGOING,
)


@pytest.fixture
def w(store, today):
    today(TODAY)
    return benefit_world()


def add(w, name="controller", **changes):
    given = replace(MEASURE, **changes)
    return run(savings.add_measure, w.extra["line"], given, by=w.actors[name])


def follow(w, measure_id, month, effect, name="controller", **fields):
    new = NewFollowUp(month, effect if effect is None else Decimal(effect))
    return run(savings.follow_up, measure_id, new, by=w.actors[name], **fields)


def plan(w, on=TODAY):
    with db.read() as session:
        return action_plan(session, Scope(w.unit_id), on=on)


def test_a_followed_up_measure_lowers_the_prognosis_by_what_it_still_lacks(w):
    """Booked to April: 50,000 a month from March, 30,000 reached in April, eight months to come."""
    measure = add(w)
    follow(w, measure, make.day("2024-03-20"), 10_000)
    follow(w, measure, APRIL, 30_000)

    found = plan(w)

    (line,) = found.lines
    assert (line.expected, line.achieved, line.remaining) == (500_000, 40_000, 160_000)
    assert line.prognosis == 12_300_000
    assert line.with_plan == 12_140_000
    assert (line.deviation, line.deviation_with_plan) == (-300_000, -140_000)
    assert found.measures[0].name == "Jobbtorg före sommaren"
    assert found.booked_through == APRIL


def test_the_whole_unit_has_no_prognosis_with_the_plan_until_every_line_has_one(w):
    add(w)

    total = plan(w).total

    assert total.prognosis is None
    assert total.with_plan is None
    assert total.expected == 500_000


def test_a_month_followed_up_again_replaces_what_was_said(w):
    measure = add(w)
    follow(w, measure, APRIL, 30_000)
    follow(w, measure, APRIL, 45_000)

    assert plan(w).lines[0].achieved == 45_000
    voided = [row.voided_at is not None for row in rows(SavingsFollowUp)]
    assert voided == [True, False]


def test_a_follow_up_of_a_later_month_is_not_known_earlier(w):
    measure = add(w)
    follow(w, measure, make.day("2024-05-20"), 30_000)

    assert plan(w).measures[0].followed_up[0].effect == 30_000
    assert plan(w, make.day("2024-04-30")).measures[0].followed_up == ()


def test_a_cancelled_measure_promises_nothing(w):
    add(w, starts_on=make.day("2024-09-01"), status=ActivityStatus.CANCELLED)

    assert plan(w).lines[0].remaining == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"owner": ""}, "owner"),
        ({"name": "19811218-9876"}, "name"),
        ({"monthly_effect": None}, "monthly_effect"),
        ({"monthly_effect": Decimal(0)}, "monthly_effect"),
        ({"monthly_effect": Decimal(-5)}, "monthly_effect"),
        ({"monthly_effect": Decimal("0.001")}, "monthly_effect"),
        ({"monthly_effect": Decimal(50_000_000)}, "monthly_effect"),
        ({"starts_on": make.day("2025-01-01")}, "starts_on"),
        ({"ends_on": make.day("2024-03-14")}, "ends_on"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(w, changes, field):
    new = replace(MEASURE, **changes)
    found = refusals(savings.add_measure, w.extra["line"], new, by=w.actors["controller"])

    assert list(found) == [field]
    assert rows(SavingsMeasure) == []


def test_a_measure_needs_a_line(w):
    found = refusals(savings.add_measure, None, MEASURE, by=w.actors["controller"])

    assert list(found) == ["line_id"]


@pytest.mark.parametrize(
    ("month", "effect", "field"),
    [("2024-06-01", 1, "month"), ("2024-02-29", 1, "month"), ("2024-04-01", None, "effect")],
)
def test_a_follow_up_of_a_month_outside_the_measure_is_refused(w, month, effect, field):
    measure = add(w)
    new = NewFollowUp(make.day(month), None if effect is None else Decimal(effect))

    found = refusals(savings.follow_up, measure, new, by=w.actors["controller"])

    assert list(found) == [field]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "month"),
    [("2024-03-15", "2024-03-31", "2024-04-01"), ("2023-11-01", None, "2023-12-01")],
)
def test_a_follow_up_that_would_count_nowhere_is_refused(w, starts_on, ends_on, month):
    measure = add(w, starts_on=make.day(starts_on), ends_on=ends_on and make.day(ends_on))
    new = NewFollowUp(make.day(month), Decimal(1))

    found = refusals(savings.follow_up, measure, new, by=w.actors["controller"])

    assert list(found) == ["month"]
    assert rows(SavingsFollowUp) == []


def test_a_changed_measure_counts_as_changed(w):
    measure = add(w)
    new = replace(MEASURE, monthly_effect=Decimal(10), ends_on=make.day("2024-04-30"))
    run(savings.change_measure, measure, new, version=1, by=w.actors["unit_manager"])

    assert plan(w).lines[0].expected == 20


def test_who_changes_a_measure_that_another_has_changed_is_told_how_it_stands(w):
    measure = add(w)
    new = replace(MEASURE, monthly_effect=Decimal(10))
    run(savings.change_measure, measure, new, version=1, by=w.actors["unit_manager"])

    with pytest.raises(ConflictError) as told:
        run(savings.change_measure, measure, MEASURE, version=1, by=w.actors["controller"])
    assert told.value.newest.values["monthly_effect"] == 10


def test_a_voided_measure_counts_nowhere_and_can_not_be_followed_up(w):
    measure = add(w)
    follow(w, measure, APRIL, 30_000)
    run(savings.void_measure, measure, version=1, by=w.actors["controller"])

    assert plan(w).measures == ()
    assert rows(SavingsFollowUp)[0].voided_at is not None
    with pytest.raises(PermissionDeniedError):
        follow(w, measure, APRIL, 30_000)


def test_only_the_unit_manager_and_the_controller_of_the_unit_write(w):
    measure = add(w, name="unit_manager")
    for name in ("group_manager", "developer", "caseworker"):
        with pytest.raises(PermissionDeniedError):
            add(w, name=name)
        with pytest.raises(PermissionDeniedError):
            follow(w, measure, APRIL, 1, name=name)
    stranger = replace(w.actors["controller"], unit_id=w.unit_id + 1)
    with pytest.raises(PermissionDeniedError):
        run(savings.void_measure, measure, version=1, by=stranger)
    with pytest.raises(PermissionDeniedError):
        follow(w, measure + 1, APRIL, 1)


def test_the_same_submit_twice_is_one_row(w):
    by = w.actors["controller"]
    before = audit_count()
    for _ in range(2):
        measure = run(savings.add_measure, w.extra["line"], MEASURE, by=by, key="a")
        run(savings.change_measure, measure, MEASURE, version=1, by=by, key="b")
        follow(w, measure, APRIL, 1, key="c")
    for _ in range(2):
        run(savings.void_measure, measure, version=1, by=by, key="d")

    assert (len(rows(SavingsMeasure)), len(rows(SavingsFollowUp))) == (1, 1)
    assert audit_count() == before + 4
