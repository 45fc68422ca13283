"""Narrowed lists, what lies outside the agreement, the timeline and the prognosis' history."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import PlacementDecision
from core.queries import cache
from core.queries.framework_agreement import outside_agreement
from core.queries.keys import By
from core.queries.placement_choices import EVERYTHING, NOBODY, Choices, chosen_rows
from core.queries.placement_groups import cost_groups
from core.queries.placement_history import placement_history
from core.queries.placement_sums import month_costs, placement_summary
from core.queries.placement_timeline import timeline
from core.rules.dates import Period
from core.terms import Contract, PlacementState
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-05-27")
OUTSIDE = {"contract": Contract.INDIVIDUAL, "provider": "Eken"}


@pytest.fixture
def unit(store):
    """Five placements: HVB on and outside the agreement, a hotel family, one ended, one coming."""
    with db.write() as session:
        row = make.unit(session)
        group, other = make.group(session, row, name="Ett"), make.group(session, row, name="Två")
        ada = make.caseworker(session, row, name="Ada", group_id=group.id)
        mine = make.case(session, row, day("2023-01-01"), caseworker=ada, group=group)
        theirs = make.case(session, row, day("2023-01-01"), group=other)
        home = money.kind(session, row)
        hotel = money.kind(session, row, "hotell", is_hotel=True)

        def place(case, kind, starts_on, reference, decision=(), **fields):
            first = {"decided_on": day(starts_on)} | dict(decision)
            return money.placement(
                session,
                case,
                kind,
                day(starts_on),
                reference=reference,
                decisions=[first],
                **fields,
            )

        place(mine, home, "2024-05-01", "PL-1", rates=2000, ended_on=day("2024-05-20"))
        place(
            theirs, home, "2024-05-18", "PL-2", {"planned_end_on": day("2024-06-06")} | OUTSIDE,
            rates=2500, reviews=[(day("2024-05-20"), day("2024-06-20"))],
        )  # fmt: skip
        place(mine, hotel, "2024-03-01", "PL-3", OUTSIDE, rates=1000, children=1)
        place(
            theirs, home, "2024-06-01", "PL-4",
            {"decided_on": day("2024-05-10"), "planned_end_on": day("2024-06-10")}, rates=2200,
        )  # fmt: skip
        place(mine, home, "2023-01-15", "PL-5", rates=500, ended_on=day("2023-12-31"))
    return SimpleNamespace(
        id=row.id, row=row, ada=ada.id, mine=mine, theirs=theirs, home=home, group=group.id
    )


def ask(unit, query, scope=None, **given):
    cache.clear()
    with db.read() as session:
        return query(session, scope or Scope(unit.id), on=given.pop("on", ON), **given)


def references(unit, with_case=True, **chosen):
    rows = ask(unit, chosen_rows, with_case=with_case, choices=Choices(**chosen))
    return [row.reference for row in rows]


def test_each_choice_narrows_the_list_and_several_values_let_each_through(unit):
    assert references(unit) == ["PL-1", "PL-2", "PL-3", "PL-4"]
    assert references(unit, kinds=("HVB",)) == ["PL-1", "PL-2", "PL-4"]
    assert references(unit, kinds=("HVB", "hotell")) == references(unit)
    assert references(unit, contracts=(Contract.FRAMEWORK,)) == ["PL-1", "PL-4"]
    assert references(unit, providers=("Eken",)) == ["PL-2", "PL-3"]
    assert references(unit, caseworkers=(unit.ada,)) == ["PL-1", "PL-3"]
    assert references(unit, caseworkers=(NOBODY,)) == ["PL-2", "PL-4"]
    assert references(unit, states=(PlacementState.RUNNING,)) == ["PL-2", "PL-3"]
    assert references(unit, states=(PlacementState.ENDED, PlacementState.COMING)) == [
        "PL-1",
        "PL-4",
    ]
    assert references(unit, outside=True) == ["PL-2", "PL-3"]
    assert references(unit, overdue=True) == ["PL-3"]
    assert references(unit, outside=True, kinds=("HVB",)) == ["PL-2"]


def test_who_sees_no_cases_can_neither_choose_nor_group_by_caseworker(unit):
    chosen = Choices(caseworkers=(unit.ada,))
    for query, given in (
        (chosen_rows, {"with_case": False, "choices": chosen}),
        (placement_summary, {"choices": chosen}),
        (month_costs, {"choices": chosen}),
        (outside_agreement, {"choices": chosen}),
        (timeline, {"choices": chosen}),
        (cost_groups, {"choices": chosen, "by": By.KIND}),
        (cost_groups, {"by": By.CASEWORKER}),
    ):
        with pytest.raises(PermissionDeniedError):
            ask(unit, query, **given)
    (row,) = ask(unit, chosen_rows, with_case=False, choices=Choices(outside=True, kinds=("HVB",)))
    assert (row.case, row.caseworker, row.caseworker_id) == (None, None, None)


def test_a_narrowed_lists_sums_are_its_rows_and_every_grouping_adds_up_to_them(unit):
    for chosen in (EVERYTHING, Choices(kinds=("HVB",)), Choices(caseworkers=(unit.ada,))):
        given = {"choices": chosen, "with_case": True}
        rows = ask(unit, chosen_rows, **given)
        summary = ask(unit, placement_summary, **given)
        months = ask(unit, month_costs, **given)
        assert summary.running == sum(row.running for row in rows)
        assert sum(months["paid"]) == summary.cost_to_date
        assert sum(months["committed"]) == summary.committed
        for by in (By.KIND, By.CONTRACT, By.PROVIDER, By.GROUP, By.CASEWORKER, By.NONE):
            table = ask(unit, cost_groups, by=by, **given)
            assert sum(table["listed"]) == len(rows)
            for name in ("running", "month_cost", "cost_to_date", "committed", "full_year"):
                assert sum(table[name]) == getattr(summary, name), (chosen, by, name)


def test_days_outside_are_compared_with_the_units_average_ramavtal_day(unit):
    found = ask(unit, outside_agreement)

    # ramavtal of HVB: 20 days at 2 000 and 10 at 2 200; outside: 14 + 6 days at 2 500 in May, June
    (hotel, home) = found.kinds
    usual = Fraction(20 * 2000 + 10 * 2200, 30)
    assert (home.kind, home.outside, home.framework) == ("HVB", (20, 50_000), (30, 62_000))
    assert home.to_date == (10, 25_000)
    assert (home.rate, home.usual_rate) == (2500, usual)
    assert home.extra == 50_000 - 20 * usual
    # nothing to compare a hotel day with: 306 days from the first of March
    assert (hotel.outside.days, hotel.usual_rate, hotel.extra) == (306, None, None)
    assert found.days == 20 + 20 + 306 + 10
    assert found.total.outside == (326, 356_000)
    assert found.total.extra == home.extra
    assert found.total.not_compared == (306, 306_000)
    assert found.to_date.outside == (10 + 88, 25_000 + 88_000)
    assert found.to_date.extra == 25_000 - 10 * usual
    assert [(row.reference, row.provider, row.extra) for row in found.placements] == [
        ("PL-2", "Eken", home.extra),
        ("PL-3", "Eken", None),
    ]


def test_a_group_is_compared_with_the_whole_unit(unit):
    found = ask(unit, outside_agreement, Scope(unit.id, group_id=unit.group))
    assert [one.kind for one in found.kinds] == ["hotell"]

    others = ask(unit, outside_agreement, choices=Choices(providers=("Eken",), kinds=("HVB",)))
    (home,) = others.kinds
    assert home.framework == (30, 62_000)


def test_without_a_day_outside_there_is_no_extra_cost(unit):
    found = ask(unit, outside_agreement, on=day("2024-01-31"))
    assert (found.kinds, found.placements, found.total.extra) == ((), (), 0)


def test_the_timeline_has_paid_and_committed_days_decisions_and_reviews(unit):
    rows = ask(unit, timeline)

    assert [row.reference for row in rows] == ["PL-3", "PL-2", "PL-4", "PL-1"]
    hotel, outside, coming, ended = rows
    assert (hotel.paid, hotel.committed) == (
        Period(day("2024-03-01"), ON),
        Period(day("2024-05-28"), day("2024-12-31")),
    )
    assert hotel.open_ended
    assert hotel.family_in_hotel
    assert (ended.paid, ended.committed) == (Period(day("2024-05-01"), day("2024-05-20")), None)
    assert ended.ends_on == day("2024-05-20")
    assert outside.committed == Period(day("2024-05-28"), day("2024-06-06"))
    assert outside.reviews == (day("2024-05-20"),)
    assert outside.next_review_on == day("2024-06-20")
    assert (coming.paid, coming.committed) == (
        None,
        Period(day("2024-06-01"), day("2024-06-10")),
    )
    assert [decision.decided_on for decision in coming.decisions] == [day("2024-05-10")]


def test_the_timeline_of_a_past_day_knows_nothing_later(unit):
    (row,) = ask(unit, timeline, on=day("2024-05-04"), choices=Choices(kinds=("HVB",)))

    assert (row.reference, row.ends_on) == ("PL-1", None)
    assert row.committed == Period(day("2024-05-05"), day("2024-12-31"))


def test_what_passed_its_planned_end_is_open_ended_in_the_timeline(unit):
    (row,) = ask(unit, timeline, on=day("2024-06-07"), choices=Choices(providers=("Eken",), kinds=("HVB",)))  # fmt: skip
    assert row.open_ended


def test_the_prognosis_is_the_full_year_as_it_was_known_at_each_months_end(unit):
    found = ask(unit, placement_history)

    year = found.this_year
    assert [one.on for one in year.readings] == [
        date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)
    ]  # fmt: skip
    hotel = Decimal(306_000)
    assert [one.of("alla") for one in year.readings] == [0, 0, hotel, hotel]
    assert found.now.by_kind == {
        "alla": hotel + 40_000 + 50_000 + 22_000,
        "hotell": hotel,
        "HVB": 112_000,
    }
    assert year.final is None
    assert year.error(year.readings[0]) is None
    assert found.kinds == ("hotell", "HVB")


def test_earlier_years_tell_how_far_each_months_prognosis_was_from_the_cost(unit):
    (year,) = ask(unit, placement_history).earlier

    # from 15 January: 351 days at 500; the open-ended prognosis was right all along
    assert (year.year, year.final.of("HVB")) == (2023, 175_500)
    assert [year.error(one) for one in year.readings] == [0] * 12
    assert year.error(year.readings[0], "hotell") is None


def test_a_prognosis_is_too_high_until_a_placement_ends_early_and_too_low_until_one_is_known(unit):
    with db.write() as session:
        for starts_on, ended_on in (("2023-01-01", "2023-06-30"), ("2023-12-01", "2023-12-31")):
            days = {"rates": 500, "ended_on": day(ended_on)}
            money.placement(session, unit.mine, unit.home, day(starts_on), **days)
    (year,) = ask(unit, placement_history).earlier

    final = 175_500 + 181 * 500 + 31 * 500
    assert year.final.of("alla") == final
    assert year.error(year.readings[1]) == Fraction(184 * 500 - 31 * 500, final)
    assert year.error(year.readings[5]) == Fraction(-31 * 500, final)
    assert year.error(year.readings[11]) == 0


def test_a_year_in_which_the_list_came_into_use_is_not_judged(unit):
    with db.write() as session:
        days = {"rates": 500, "ended_on": day("2022-10-31")}
        money.placement(session, unit.mine, unit.home, day("2022-02-01"), **days)
    assert [year.year for year in ask(unit, placement_history).earlier] == [2023]

    with db.write() as session:
        days = {"rates": 500, "ended_on": day("2022-01-31")}
        money.placement(session, unit.mine, unit.home, day("2022-01-31"), **days)
    assert [year.year for year in ask(unit, placement_history).earlier] == [2022, 2023]


def test_a_group_has_the_history_of_its_own_cases(unit):
    found = ask(unit, placement_history, Scope(unit.id, group_id=unit.group))
    assert found.now.of("alla") == 306_000 + 40_000


def test_lov_is_not_outside(unit):
    with db.write() as session:
        for row in session.exec(
            select(PlacementDecision).where(PlacementDecision.provider == "Eken")
        ):
            row.contract = Contract.LOV
    found = ask(unit, outside_agreement)
    assert (found.kinds, found.total.outside, found.days) == ((), (0, 0), 356)
