"""Load, flow, households, obstacles and closing reasons by hand (domain: Case)."""

from fractions import Fraction

import pytest
from sqlmodel import select

from core.models import AdultObstacle, Case, CaseAdult, CaseComposition
from core.queries.cases import (
    FLOW_COLUMNS,
    LOAD_COLUMNS,
    LONG_COLUMNS,
    OBSTACLE_COLUMNS,
    REASON_COLUMNS,
    closing_reasons,
    flow,
    households_at,
    load,
    long_obstacles,
    obstacles,
)
from core.queries.keys import By
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_follow_up import (
    add_case,
    day,
    read,
    reassign,
    rows_of,
    small_unit,
    void,
    written,
)

MARCH = {"start": day("2024-03-01"), "end": day("2024-03-31")}


@pytest.fixture
def unit(store):
    return small_unit()


def loads(unit, on, by=By.CASEWORKER, scope=None):
    return rows_of(read(load, scope or unit.scope, on=day(on), by=by))


def flows(unit, by=By.NONE, scope=None, **period):
    return rows_of(read(flow, scope or unit.scope, **(MARCH | period), by=by))


def reasons(unit, scope=None, **period):
    return rows_of(read(closing_reasons, scope or unit.scope, **(MARCH | period)))


# Load


def test_an_empty_unit_has_a_load_of_nothing_in_alla_and_no_other_row(unit):
    assert list(read(load, unit.scope, on=day("2024-05-27"), by=By.NONE).columns) == LOAD_COLUMNS
    assert loads(unit, "2024-05-27", By.NONE) == [("alla", 0, 0)]
    assert loads(unit, "2024-05-27") == []


def test_households_and_other_ongoing_kinds_are_counted_apart_and_one_off_matters_nowhere(unit):
    for kind in CaseKind:
        add_case(unit, "2024-01-10", kind=kind)
    assert loads(unit, "2024-05-27") == [("Ada", 1, 2)]
    assert loads(unit, "2024-05-27", By.GROUP) == [("Ett", 1, 2)]


def test_a_case_is_load_from_its_first_day_until_the_day_it_closes(unit):
    add_case(unit, "2024-03-01", closed_on="2024-05-01")
    assert loads(unit, "2024-02-29") == []
    assert loads(unit, "2024-03-01") == loads(unit, "2024-04-30") == [("Ada", 1, 0)]
    assert loads(unit, "2024-05-01") == []


def test_a_case_opened_and_closed_the_same_day_or_voided_is_never_load(unit):
    add_case(unit, "2024-03-01", closed_on="2024-03-01")
    void(Case, id=add_case(unit, "2024-03-01"))
    add_case(small_unit(), "2024-03-01")
    assert loads(unit, "2024-03-01") == []


def test_load_is_whose_the_case_is_on_the_day_and_cases_without_caseworker_stand_last(unit):
    case = add_case(unit, "2024-01-10")
    reassign(case, "2024-03-10")
    add_case(unit, "2024-01-10", caseworker=unit.bo, group=unit.two)
    assert loads(unit, "2024-03-09") == [("Ada", 1, 0), ("Bo", 1, 0)]
    assert loads(unit, "2024-03-10") == [("Bo", 1, 0), ("utan handläggare", 1, 0)]
    assert loads(unit, "2024-03-10", By.GROUP) == [("Två", 1, 0), ("utan grupp", 1, 0)]
    assert loads(unit, "2024-03-10", By.NONE, unit.adas) == [("alla", 0, 0)]
    assert loads(unit, "2024-03-09", By.NONE, unit.adas) == [("alla", 1, 0)]
    assert loads(unit, "2024-03-10", By.NONE, unit.twos) == [("alla", 1, 0)]


# Flow


def test_a_case_is_opened_referred_and_closed_each_in_its_own_month(unit):
    add_case(unit, "2024-01-31", "2024-02-29", closed_on="2024-03-01")
    by_month = read(flow, unit.scope, start=day("2024-01-01"), end=MARCH["end"], by=By.MONTH)
    assert list(by_month.columns) == FLOW_COLUMNS
    assert rows_of(by_month) == [("2024-01", 1, 0, 0), ("2024-02", 0, 1, 0), ("2024-03", 0, 0, 1)]


def test_moves_on_the_periods_first_and_last_day_are_in_it(unit):
    add_case(unit, "2024-03-01", "2024-03-31", closed_on="2024-04-01")
    add_case(unit, "2024-02-29", "2024-02-29", closed_on="2024-03-31")
    assert flows(unit) == [("alla", 1, 1, 1)]


def test_a_period_over_new_year_counts_both_years(unit):
    add_case(unit, "2023-12-31", "2024-01-01", closed_on="2024-01-02")
    found = flows(unit, By.MONTH, start=day("2023-12-31"), end=day("2024-01-01"))
    assert found == [("2023-12", 1, 0, 0), ("2024-01", 0, 1, 0)]


def test_a_case_opened_and_closed_the_same_day_is_in_the_flow_and_its_reason_counts(unit):
    add_case(unit, "2024-03-05", closed_on="2024-03-05", closing_reason=ClosingReason.WORK)
    assert flows(unit) == [("alla", 1, 0, 1)]
    assert reasons(unit) == [("arbete", 1, Fraction(1))]


def test_flow_and_reasons_concern_ekonomiskt_bistand_in_the_unit_only(unit):
    for kind in set(CaseKind) - {CaseKind.BENEFIT}:
        add_case(unit, "2024-03-05", "2024-03-06", closed_on="2024-03-07", kind=kind)
    add_case(small_unit(), "2024-03-05", closed_on="2024-03-07")
    void(Case, id=add_case(unit, "2024-03-05", closed_on="2024-03-07"))
    assert flows(unit) == [("alla", 0, 0, 0)]
    assert reasons(unit) == []


def test_a_move_belongs_to_who_had_the_case_that_day(unit):
    case = add_case(unit, "2024-03-01", "2024-03-10", closed_on="2024-03-20")
    reassign(case, "2024-03-10", unit.bo, unit.two)
    assert flows(unit, scope=unit.adas) == flows(unit, scope=unit.ones) == [("alla", 1, 0, 0)]
    assert flows(unit, scope=unit.bos) == flows(unit, scope=unit.twos) == [("alla", 0, 1, 1)]
    assert reasons(unit, unit.adas) == []
    assert reasons(unit, unit.bos) == [("okänt", 1, Fraction(1))]


# Closing reasons


def test_a_case_closed_without_reason_and_one_with_the_reason_unknown_are_both_unknown(unit):
    for reason in (None, ClosingReason.UNKNOWN, ClosingReason.STUDIES):
        add_case(unit, "2024-01-10", closed_on="2024-03-31", closing_reason=reason)
    found = read(closing_reasons, unit.scope, **MARCH)
    assert list(found.columns) == REASON_COLUMNS
    assert rows_of(found) == [("okänt", 2, Fraction(2, 3)), ("studier", 1, Fraction(1, 3))]


# Households and obstacles


def test_households_are_counted_by_applicant_with_their_adults_and_children(unit):
    add_case(unit, "2024-01-10", gender=Gender.MAN, children=2)
    case = add_case(unit, "2024-01-10", gender=Gender.WOMAN, children=1)
    without = add_case(unit, "2024-01-10")
    void(CaseAdult, case_id=without)
    void(CaseComposition, case_id=without)
    with written() as session:
        make.save(
            session,
            CaseAdult(case_id=case, number=2, gender=Gender.MAN, valid_from=day("2024-03-01")),
        )
        make.save(
            session,
            CaseComposition(
                case_id=case,
                valid_from=day("2024-04-01"),
                household_type=HouseholdType.COUPLE_WITH_CHILDREN,
                children=3,
            ),
        )
    before = read(households_at, unit.scope, on=day("2024-02-29"))
    after = read(households_at, unit.scope, on=day("2024-04-01"))
    assert (before.households, before.women, before.men, before.other) == (3, 1, 1, 1)
    assert (before.adults, before.children, before.recipients) == (2, 3, 5)
    assert (after.households, after.adults, after.children, after.recipients) == (3, 3, 5, 8)


def test_a_household_and_its_applicant_count_from_the_first_day(unit):
    add_case(unit, "2024-01-10", gender=Gender.MAN)
    before = read(households_at, unit.scope, on=day("2024-01-09"))
    first = read(households_at, unit.scope, on=day("2024-01-10"))
    assert (before.households, before.adults) == (0, 0)
    assert (first.households, first.adults, first.men) == (1, 1, 1)


def test_adults_are_counted_by_the_obstacle_of_the_day_unknown_where_there_is_none(unit):
    case = add_case(unit, "2024-01-10", obstacle=Obstacle.UNEMPLOYED)
    add_case(unit, "2024-01-10")
    with written() as session:
        adult = session.exec(select(CaseAdult).where(CaseAdult.case_id == case)).one()
        sick = Obstacle.SICK_WITH_SGI
        make.save(
            session,
            AdultObstacle(adult_id=adult.id, obstacle=sick, valid_from=day("2024-03-01")),
        )
    before = read(obstacles, unit.scope, on=day("2024-02-29"))
    assert list(before.columns) == OBSTACLE_COLUMNS
    assert rows_of(before) == [("arbetslös", 1), ("uppgift saknas", 1)]
    after = read(obstacles, unit.scope, on=day("2024-03-01"))
    assert rows_of(after) == [("sjukskriven_med_sgi", 1), ("uppgift saknas", 1)]


def test_an_obstacle_is_long_from_the_day_after_a_whole_year_and_an_unknown_one_never(unit):
    add_case(unit, "2023-02-28", obstacle=Obstacle.UNEMPLOYED)
    add_case(unit, "2020-01-01")
    whole_year = read(long_obstacles, unit.scope, on=day("2024-02-28"))
    assert list(whole_year.columns) == LONG_COLUMNS
    assert rows_of(whole_year) == [("arbetslös", 1, 0), ("uppgift saknas", 1, 0)]
    over = read(long_obstacles, unit.scope, on=day("2024-02-29"))
    assert rows_of(over) == [("arbetslös", 1, 1), ("uppgift saknas", 1, 0)]


def test_a_scopes_households_and_obstacles_are_of_the_cases_it_holds_on_the_day(unit):
    case = add_case(unit, "2024-01-10", obstacle=Obstacle.UNEMPLOYED)
    reassign(case, "2024-03-10", unit.bo, unit.two)
    for scope, held in ((unit.adas, 0), (unit.ones, 0), (unit.bos, 1), (unit.twos, 1)):
        assert read(households_at, scope, on=day("2024-03-10")).households == held
        assert len(read(obstacles, scope, on=day("2024-03-10"))) == held
        assert read(households_at, scope, on=day("2024-03-09")).households == 1 - held
