"""The driver model of a line: what is assumed, by whom, and what the prognosis becomes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import DriverAssumption
from core.queries.drivers import driver_facts, driver_lines, driver_prognoses
from core.rules.driver_model import Assumptions
from core.services import drivers
from tests import factories as make
from tests.factories_cases import TODAY, audit_count, refusals, rows, run
from tests.factories_plans_of_action import benefit_world

NONE = Assumptions()


@pytest.fixture
def w(store, today):
    today(TODAY)
    return benefit_world()


def assume(w, assumed=NONE, name="controller", line="line", **fields):
    return run(drivers.assume, w.extra[line], assumed, by=w.actors[name], **fields)


def refused(w, assumed):
    return list(refusals(drivers.assume, w.extra["line"], assumed, by=w.actors["controller"]))


def prognoses(w, on=TODAY):
    with db.read() as session:
        return driver_prognoses(session, Scope(w.unit_id), on=on)


def test_a_line_has_a_model_once_something_is_assumed(w):
    assert prognoses(w) == {}

    assume(w)

    assert prognoses(w) == {w.extra["line"]: Decimal("12000000.00")}


def test_the_latest_assumptions_hold_from_their_day_and_the_earlier_ones_stay(w, today):
    assume(w)
    today(make.day("2024-05-29"))
    assume(w, Assumptions(change=Decimal(-1)))

    fewer = sum(10_000 * (100 - n) for n in range(1, 9))
    assert prognoses(w, make.day("2024-05-29")) == {w.extra["line"]: 4_000_000 + fewer}
    assert prognoses(w) == {w.extra["line"]: 12_000_000}
    assert len(rows(DriverAssumption)) == 2


def test_of_two_the_same_day_the_last_one_holds(w):
    assume(w, Assumptions(per_household=Decimal(20_000)))
    assume(w)

    assert prognoses(w) == {w.extra["line"]: 12_000_000}


def test_a_line_without_a_booked_month_or_households_has_a_model_without_value(w):
    assume(w, line="other")

    with db.read() as session:
        (line,) = driver_lines(session, Scope(w.unit_id), on=TODAY)
    assert line.result is not None
    assert line.result.full_year == 0
    with db.read() as session:
        known = driver_facts(
            session, Scope(w.unit_id), section="Bistånd", line="Boende", on=make.day("2024-01-15")
        )
    assert (known.booked, known.households) == ({}, {})


def test_a_month_that_is_booked_later_is_not_known_earlier(w):
    assume(w)

    with db.read() as session:
        known = driver_facts(
            session,
            Scope(w.unit_id),
            section="Bistånd",
            line="Utbetalt bistånd",
            on=make.day("2024-05-07"),
        )
    assert [month.month for month in known.booked] == [1, 2, 3]
    assert [month.month for month in known.households] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"households": -1}, "households"),
        ({"households": 100_000}, "households"),
        ({"change": Decimal(5_000)}, "change"),
        ({"per_household": Decimal(0)}, "per_household"),
        ({"per_household": Decimal(120_000)}, "per_household"),
        ({"per_household": Decimal("8000.001")}, "per_household"),
        ({"norm_change": Decimal(3), "norm_from": make.day("2024-06-01")}, "norm_change"),
        ({"norm_change": Decimal("0.03")}, "norm_from"),
        ({"rent_change": Decimal(100)}, "rent_from"),
        ({"rent_change": Decimal(99_000), "rent_from": make.day("2024-06-01")}, "rent_change"),
        ({"norm_change": Decimal("0.03"), "norm_from": make.day("2025-01-01")}, "norm_from"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(w, changed, field):
    assert refused(w, replace(NONE, **changed)) == [field]
    assert rows(DriverAssumption) == []


def test_a_removed_model_counts_nowhere(w):
    assume(w)
    run(drivers.remove, w.extra["line"], by=w.actors["controller"])

    assert prognoses(w) == {}
    again = refusals(drivers.remove, w.extra["line"], by=w.actors["controller"])
    assert list(again) == ["line_id"]


def test_only_the_controller_of_the_unit_assumes(w):
    for name in ("unit_manager", "group_manager", "developer", "caseworker"):
        with pytest.raises(PermissionDeniedError):
            assume(w, name=name)
    stranger = replace(w.actors["controller"], unit_id=w.unit_id + 1)
    with pytest.raises(PermissionDeniedError):
        run(drivers.assume, w.extra["line"], NONE, by=stranger)


def test_the_same_submit_twice_is_one_row(w):
    before = audit_count()
    assert assume(w, key="once") == assume(w, key="once")

    assert len(rows(DriverAssumption)) == 1
    assert audit_count() == before + 1


def test_the_same_removal_twice_is_one_event(w):
    assume(w)
    before = audit_count()
    for _ in range(2):
        run(drivers.remove, w.extra["line"], by=w.actors["controller"], key="away")

    assert audit_count() == before + 1


def test_a_line_of_another_year_takes_no_assumptions(w, today):
    today(make.day("2025-01-10"))

    assert refused(w, NONE) == ["line_id"]
