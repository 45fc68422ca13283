"""Temporary housing month by month, worked out by hand: by form, by group and after removal."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.models import Case, CaseAdult, PlacementPlan
from core.queries import cache
from core.queries.temporary_housing import COLUMNS, housed_now, housed_rows, housing_months
from core.terms import ALL, Contract, Gender
from tests import factories as make
from tests import factories_money as money
from tests import factories_retention as old

day = make.day
ON = day("2024-05-27")


@pytest.fixture
def unit(store):
    """A unit with hotel, another temporary housing and HVB, and a household of two in group Ett."""
    with db.write() as session:
        row = make.unit(session)
        group = make.group(session, row, name="Ett")
        worker = make.caseworker(session, row, name="Ada", group_id=group.id)
        case = make.case(
            session,
            row,
            day("2023-01-01"),
            reference="AR-1234",
            caseworker=worker,
            group=group,
        )
        second = {"case_id": case.id, "number": 2, "gender": Gender.MAN}
        make.save(session, CaseAdult(**second, valid_from=day("2024-01-01")))
        kinds = SimpleNamespace(
            hotel=money.kind(session, row, "Hotell", is_hotel=True),
            flat=money.kind(session, row, "Akutlägenhet", is_temporary=True),
            home=money.kind(session, row, "HVB"),
        )
    cache.clear()
    return SimpleNamespace(row=row, id=row.id, group=group, case=case, kinds=kinds)


def place(unit, kind, starts_on, ended_on=None, **fields):
    """Save a placement of the unit's case, at 1 000 kr a day."""
    with db.write() as session:
        case = session.get_one(Case, fields.pop("case_id", unit.case.id))
        row = money.placement(
            session,
            case,
            kind,
            day(starts_on),
            **{"rates": 1000, "ended_on": ended_on and day(ended_on)} | fields,
        )
    cache.clear()
    return row.id


def ask(query, unit, *, on=ON, **fields):
    scope = {name: fields.pop(name) for name in ("group_id", "caseworker_id") if name in fields}
    with db.read() as session:
        return query(session, Scope(unit.id, **scope), on=on, **fields)


def months(unit, **fields):
    """Return the rows with a paid day: by month and form, the rest of the row."""
    found = ask(housing_months, unit, **fields)
    assert tuple(found.columns) == COLUMNS
    assert len(found[found["form"] == ALL]) == 12
    return {
        (f"{month:%m}", form): (*counts, int(cost))
        for month, form, *counts, cost in found.itertuples(index=False)
        if counts[-1]
    }


def test_months_by_form_count_households_once_and_only_temporary_housing(unit):
    place(unit, unit.kinds.hotel, "2024-04-29", "2024-05-02", children=2)
    place(unit, unit.kinds.flat, "2024-05-03", children=2)
    place(unit, unit.kinds.home, "2024-05-01")

    assert months(unit) == {
        ("04", "Hotell"): (1, 4, 2, 2, 2000),
        ("04", ALL): (1, 4, 2, 2, 2000),
        ("05", "Akutlägenhet"): (1, 4, 2, 25, 25000),
        ("05", "Hotell"): (1, 4, 2, 2, 2000),
        ("05", ALL): (1, 4, 2, 27, 27000),
    }


def test_a_past_day_knows_nothing_of_what_came_later(unit):
    place(unit, unit.kinds.hotel, "2024-04-29", "2024-05-02")

    assert ("05", ALL) not in months(unit, on=day("2024-04-30"))
    assert months(unit, on=day("2024-05-01"))["05", ALL][-2:] == (1, 1000)


def test_a_group_has_the_months_in_which_the_case_was_its_own(unit):
    place(unit, unit.kinds.hotel, "2024-04-01")
    with db.write() as session:
        other = make.group(session, unit.row, name="Två")
        make.assign(session, session.get_one(Case, unit.case.id), day("2024-05-15"), group=other)
    cache.clear()

    assert set(months(unit, group_id=unit.group.id)) == {("04", "Hotell"), ("04", ALL)}
    assert set(months(unit, group_id=other.id)) == {("05", "Hotell"), ("05", ALL)}


def note(placement_id, noted_on, housing_plan):
    with db.write() as session:
        make.save(
            session,
            PlacementPlan(
                placement_id=placement_id, noted_on=day(noted_on), housing_plan=housing_plan
            ),
        )
    cache.clear()


def test_households_are_counted_by_their_latest_noted_housing_plan(unit):
    first = place(unit, unit.kinds.hotel, "2024-04-01", children=1, reference="PL-1")
    place(unit, unit.kinds.hotel, "2024-05-01", reference="PL-2")
    with db.write() as session:
        other = make.case(session, unit.row, day("2023-01-01"), reference="AR-2")
    place(unit, unit.kinds.flat, "2024-05-20", case_id=other.id, reference="PL-3")
    note(first, "2024-05-02", False)
    note(first, "2024-05-10", True)

    now = ask(housed_now, unit)
    assert (now.with_plan, now.without_plan, now.plan_unknown) == (1, 0, 1)
    assert (now.lodged.households, now.lodged.children, now.families_in_hotel) == (2, 1, 1)
    earlier = ask(housed_now, unit, on=day("2024-05-05"))
    assert (earlier.with_plan, earlier.without_plan, earlier.plan_unknown) == (0, 1, 0)


def test_the_list_has_who_lives_there_the_longest_first(unit):
    place(unit, unit.kinds.flat, "2024-05-20", reference="PL-2")
    first = place(unit, unit.kinds.hotel, "2024-01-01", children=1, reference="PL-1")
    place(unit, unit.kinds.hotel, "2024-01-01", "2024-05-26", reference="PL-3")
    note(first, "2024-05-02", False)

    shown, other = ask(housed_rows, unit, with_case=True)
    assert (shown.reference, shown.case, shown.caseworker) == ("PL-1", "AR-1234", "Ada")
    assert (shown.children, shown.housing_plan) == (1, False)
    assert (shown.cost_to_date, shown.day_rate) == (Decimal(148_000), Decimal(1000))
    assert (other.reference, other.housing_plan) == ("PL-2", None)


def test_somebody_who_sees_no_cases_sees_references_and_costs_only(unit):
    place(unit, unit.kinds.hotel, "2024-01-01", children=1, reference="PL-1")

    (row,) = ask(housed_rows, unit, with_case=False)

    assert (row.case, row.caseworker, row.adults, row.children, row.housing_plan) == (None,) * 5
    assert (row.reference, row.cost_to_date) == ("PL-1", Decimal(148_000))


def test_removed_placements_count_in_days_and_cost(unit, today):
    place(unit, unit.kinds.hotel, "2023-09-01", "2023-09-10", children=2)
    place(unit, unit.kinds.home, "2023-09-01", "2023-09-10")
    with db.write() as session:
        session.get_one(Case, unit.case.id).closed_on = day("2023-09-11")
    old.set_term(6)
    cache.clear()
    before = months(unit)
    today(ON)
    old.remove()
    cache.clear()

    with db.read() as session:
        assert session.get(Case, unit.case.id) is None
    assert before["09", "Hotell"][-2:] == (10, 10_000)
    assert months(unit)["09", "Hotell"] == (0, 0, 0, 10, 10_000)
    assert months(unit)["09", ALL] == (0, 0, 0, 10, 10_000)


def test_the_contract_makes_no_difference(unit):
    decided = [{"decided_on": day("2024-05-01"), "contract": Contract.LOV}]
    place(unit, unit.kinds.hotel, "2024-05-01", decisions=decided)

    assert months(unit)["05", ALL][-1] == 27_000
