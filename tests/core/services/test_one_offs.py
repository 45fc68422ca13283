"""Grants and one-off items as the controller writes them, and what is left without them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import OneOffItem
from core.queries.underlying import underlying_table
from core.services import one_offs
from core.services.one_offs import NewItem
from core.terms import OneOffKind
from tests import factories as make
from tests.factories_cases import TODAY, audit_count, refusals, rows, run
from tests.factories_plans_of_action import benefit_world

GRANT = NewItem(make.day("2024-03-31"), OneOffKind.STATE_GRANT, " Etablering ", Decimal(-90_000))
COST = NewItem(make.day("2024-05-02"), OneOffKind.ONE_OFF, "Dom", Decimal(40_000))


@pytest.fixture
def w(store, today):
    today(TODAY)
    return benefit_world()


def add(w, new, name="controller", **fields):
    return run(one_offs.add_item, w.extra["line"], new, by=w.actors[name], **fields)


def found(w, on=TODAY):
    with db.read() as session:
        return underlying_table(session, Scope(w.unit_id), on=on)


def test_what_comes_once_is_taken_out_of_outcome_and_prognosis(w):
    add(w, GRANT)
    add(w, COST)

    table = found(w)

    line = next(one for one in table.lines if one.line_id == w.extra["line"]).figures
    assert (line.grants, line.one_offs) == (-90_000, 0)
    assert line.underlying_to_date == 4_090_000
    assert line.underlying_prognosis == 12_350_000
    assert line.underlying_run_rate == 4_090_000 * 3 - 50_000
    assert table.total.figures.underlying_to_date == 4_090_000
    assert [item.name for item in table.items] == ["Etablering", "Dom"]


def test_on_an_earlier_day_a_later_month_is_not_known(w):
    add(w, COST)

    assert found(w, make.day("2024-04-30")).items == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "811218-9876"}, "name"),
        ({"amount": None}, "amount"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal(90_000)}, "amount"),
        ({"amount": Decimal("-0.001")}, "amount"),
        ({"month": make.day("2023-12-01")}, "month"),
        ({"month": make.day("2024-06-01")}, "month"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(w, changes, field):
    new = replace(GRANT, **changes)
    told = refusals(one_offs.add_item, w.extra["line"], new, by=w.actors["controller"])

    assert list(told) == [field]
    assert rows(OneOffItem) == []


def test_an_item_needs_a_line(w):
    assert list(refusals(one_offs.add_item, None, GRANT, by=w.actors["controller"])) == ["line_id"]


def test_a_voided_item_counts_nowhere_and_is_voided_once(w):
    item = add(w, GRANT)
    run(one_offs.void_item, item, by=w.actors["controller"])

    assert found(w).items == ()
    with pytest.raises(PermissionDeniedError):
        run(one_offs.void_item, item, by=w.actors["controller"])


def test_only_the_controller_of_the_unit_writes(w):
    item = add(w, GRANT)
    for name in ("unit_manager", "group_manager", "developer", "caseworker"):
        with pytest.raises(PermissionDeniedError):
            add(w, GRANT, name=name)
    stranger = replace(w.actors["controller"], unit_id=w.unit_id + 1)
    for unknown in (item, item + 1):
        with pytest.raises(PermissionDeniedError):
            run(one_offs.void_item, unknown, by=stranger)


def test_the_same_submit_twice_is_one_row(w):
    before = audit_count()
    item = add(w, GRANT, key="a")
    assert add(w, GRANT, key="a") == item
    for _ in range(2):
        run(one_offs.void_item, item, by=w.actors["controller"], key="b")

    assert len(rows(OneOffItem)) == 1
    assert audit_count() == before + 2
