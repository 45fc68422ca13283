"""Computed indicators take their values from the figures' own queries, on every day the same."""

import datetime as dt
import random
from fractions import Fraction

import pytest

from core import db
from core.auth import Scope
from core.models import AdverseDecision, AffectedChild, BenefitMonth, ChildImpactAnalysis
from core.queries.computed import by_gender, by_month, year_to_date
from core.rules.dates import add_months, last_twelve, month_start, months_between
from core.services.indicators import COUNTED
from core.terms import ClosingReason, ComputedFigure, DataSource, DecisionKind, Gender
from tests import factories as make
from tests import factories_money as make_money

MAY = dt.date(2024, 5, 27)
FIRST = dt.date(2022, 11, 1)


def day(number):
    return FIRST + dt.timedelta(number)


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


def read(unit, figure, on=MAY):
    with db.read() as session:
        found = year_to_date(session, Scope(unit.id), figure=figure, on=on)
    return found.value, found.numerator, found.denominator


def decide(session, case, decided_on, analysed_on=None):
    """Save an adverse decision on one child, with its analysis if there is one."""
    fields = {"case_id": case.id, "unit_id": case.unit_id}
    decision = make.save(
        session, AdverseDecision(decided_on=decided_on, kind=DecisionKind.REFUSAL, **fields)
    )
    child = make.save(session, AffectedChild(decision_id=decision.id, child_number=1))
    if analysed_on:
        row = ChildImpactAnalysis(affected_child_id=child.id, analysed_on=analysed_on)
        make.save(session, row)


def add_benefit_months(session, case, chance):
    """Save benefit in most of the months from a random one on."""
    first = add_months(month_start(FIRST), chance.randrange(18))
    for month in months_between(first, MAY):
        if chance.random() < 0.85:
            row = BenefitMonth(
                unit_id=case.unit_id, case_id=case.id, month=month, source=DataSource.TYPED
            )
            make.save(session, row)


def random_store(session, unit, seed):
    """Fill a unit with cases, plans, decisions, closings and placements around the months read."""
    chance = random.Random(seed)
    hotel = make_money.kind(session, unit, "Hotell", is_hotel=True)
    other = make_money.kind(session, unit, "HVB")
    for _ in range(60):
        opened = chance.randrange(540)
        fields = {"referred_on": day(opened + chance.randrange(40))}
        if chance.random() < 0.5:
            fields["closed_on"] = day(opened + 60 + chance.randrange(300))
            fields["closing_reason"] = chance.choice([None, *ClosingReason])
        gender = chance.choice(list(Gender))
        case = make.case(session, unit, day(opened), gender=gender, **fields)
        add_benefit_months(session, case, chance)
        if chance.random() < 0.7:
            established = opened + chance.randrange(200)
            ended = chance.choice([None, established + chance.randrange(200)])
            make.plan(session, case, day(established), None if ended is None else day(ended))
        if chance.random() < 0.5:
            decided = opened + chance.randrange(100)
            decide(
                session,
                case,
                day(decided),
                chance.choice([None, day(decided - 1), day(decided + 9)]),
            )
        if chance.random() < 0.4:
            starts = opened + chance.randrange(100)
            ended = chance.choice([None, day(starts + chance.randrange(200))])
            make_money.placement(
                session,
                case,
                chance.choice([hotel, other]),
                day(starts),
                rates=900,
                ended_on=ended,
                children=chance.randrange(3),
            )


@pytest.mark.parametrize("figure", ComputedFigure)
def test_each_month_shows_what_was_shown_on_its_last_day(unit, figure):
    with db.write() as session:
        random_store(session, unit, 5)
        random_store(session, make.unit(session), 6)
    with db.read() as session:
        points = by_month(session, Scope(unit.id), figure=figure, on=MAY)
        alone = [
            (on, year_to_date(session, Scope(unit.id), figure=figure, on=on))
            for on in last_twelve(MAY)
        ]
    assert list(points) == alone
    assert len({found.value for _, found in points}) > 2


def test_plans_within_three_months_count_deadlines_of_the_year_so_far(unit):
    with db.write() as session:
        for referred_on, established_on in (
            (dt.date(2023, 9, 30), None),
            (dt.date(2023, 10, 1), dt.date(2024, 1, 1)),
            (dt.date(2024, 2, 27), None),
            (dt.date(2024, 2, 28), dt.date(2024, 3, 1)),
        ):
            case = make.case(session, unit, referred_on, referred_on=referred_on)
            if established_on:
                make.plan(session, case, established_on)
    figure = ComputedFigure.PLANS_WITHIN_THREE_MONTHS
    assert read(unit, figure) == (50, 1, 2)
    assert read(unit, figure, dt.date(2024, 5, 28)) == (Fraction(200, 3), 2, 3)
    assert read(unit, figure, dt.date(2023, 12, 30)) == (0, 0, 1)


def test_coverage_and_current_share_leave_out_the_exempt(unit):
    with db.write() as session:
        opened = dt.date(2023, 1, 1)
        cases = [make.case(session, unit, opened, referred_on=opened) for _ in range(4)]
        make.plan(session, cases[0], dt.date(2024, 5, 1))
        make.plan(session, cases[1], dt.date(2023, 1, 1))
        make.exemption(session, cases[2], dt.date(2024, 5, 1), MAY)
    assert read(unit, ComputedFigure.PLANS_COVERAGE) == (Fraction(200, 3), 2, 3)
    assert read(unit, ComputedFigure.PLANS_CURRENT_SHARE) == (Fraction(100, 3), 1, 3)


def test_bka_counts_children_of_the_years_decisions(unit):
    with db.write() as session:
        case = make.case(session, unit, dt.date(2023, 1, 1), children=2)
        decide(session, case, dt.date(2023, 12, 31))
        decide(session, case, dt.date(2024, 1, 1), dt.date(2024, 1, 1))
        decide(session, case, MAY, MAY)
        decide(session, case, dt.date(2024, 3, 1), dt.date(2024, 3, 2))
        decide(session, case, dt.date(2024, 5, 28))
    assert read(unit, ComputedFigure.BKA_COVERAGE) == (Fraction(200, 3), 2, 3)


def test_closed_as_unknown_counts_the_year_so_far(unit):
    with db.write() as session:
        for closed_on, reason in (
            (dt.date(2023, 12, 31), None),
            (dt.date(2024, 1, 1), None),
            (dt.date(2024, 2, 1), ClosingReason.UNKNOWN),
            (dt.date(2024, 3, 1), ClosingReason.WORK),
            (MAY, ClosingReason.MOVED),
            (dt.date(2024, 5, 28), None),
        ):
            opened = dt.date(2023, 1, 1)
            make.case(session, unit, opened, closed_on=closed_on, closing_reason=reason)
    assert read(unit, ComputedFigure.CLOSED_AS_UNKNOWN) == (50, 2, 4)


def test_a_family_in_hotel_is_counted_once_however_many_placements_it_has(unit):
    with db.write() as session:
        hotel = make_money.kind(session, unit, "Hotell", is_hotel=True)
        family, single = (make.case(session, unit, dt.date(2024, 1, 1)) for _ in range(2))
        for case, children in ((family, 1), (family, 2), (single, 0)):
            make_money.placement(
                session, case, hotel, dt.date(2024, 2, 1), rates=900, children=children
            )
        make_money.placement(
            session,
            make.case(session, unit, dt.date(2024, 1, 1)),
            hotel,
            dt.date(2024, 2, 1),
            rates=900,
            children=1,
            ended_on=dt.date(2024, 5, 26),
        )
    figure = ComputedFigure.FAMILIES_IN_HOTEL
    assert read(unit, figure) == (1, None, None)
    assert read(unit, figure, dt.date(2024, 5, 26)) == (2, None, None)
    assert read(unit, figure, dt.date(2024, 1, 31)) == (0, None, None)


def test_refusals_that_affect_children_are_counted_from_january_without_typing_anything(unit):
    with db.write() as session:
        case = make.case(session, unit, dt.date(2023, 1, 1))
        decide(session, case, dt.date(2023, 12, 31))
        decide(session, case, dt.date(2024, 1, 1), dt.date(2024, 1, 1))
        decide(session, case, MAY)
        decide(session, case, dt.date(2024, 5, 28))
        alone = AdverseDecision(
            decided_on=MAY, kind=DecisionKind.REFUSAL, case_id=case.id, unit_id=unit.id
        )
        make.save(session, alone)
    figure = ComputedFigure.REFUSALS_AFFECTING_CHILDREN
    assert read(unit, figure) == (2, None, None)
    assert read(unit, figure, dt.date(2024, 5, 26)) == (1, None, None)
    assert read(unit, figure, dt.date(2023, 12, 31)) == (1, None, None)


def test_a_share_of_nothing_has_no_value(unit):
    shares = set(ComputedFigure) - set(COUNTED)
    assert {read(unit, figure) for figure in shares} == {(None, 0, 0)}


def test_change_plans_are_split_by_the_applicants_gender(unit):
    with db.write() as session:
        for gender, established_on in (
            (Gender.WOMAN, dt.date(2024, 2, 1)),
            (Gender.WOMAN, None),
            (Gender.MAN, dt.date(2024, 2, 1)),
        ):
            opened = dt.date(2024, 2, 1)
            case = make.case(session, unit, opened, referred_on=opened, gender=gender)
            if established_on:
                make.plan(session, case, established_on)
    with db.read() as session:
        for figure in (
            ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
            ComputedFigure.PLANS_COVERAGE,
            ComputedFigure.PLANS_CURRENT_SHARE,
        ):
            split = by_gender(session, Scope(unit.id), figure=figure, on=MAY)
            assert {gender: found.value for gender, found in split.items()} == {
                Gender.WOMAN: 50,
                Gender.MAN: 100,
            }
        for figure in (ComputedFigure.BKA_COVERAGE, ComputedFigure.FAMILIES_IN_HOTEL):
            assert by_gender(session, Scope(unit.id), figure=figure, on=MAY) == {}
