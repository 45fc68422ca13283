"""One indicator over time, and what Start's tiles show of AMI and sick leave."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from core import db
from core.auth import Scope
from core.queries.indicator_series import indicator_series, tile_indicators
from core.queries.indicators import indicators
from core.terms import ComputedFigure, Direction, Fulfilment, Gender, IndicatorUnit, Periodicity
from tests import factories as make
from tests import factories_goals as make_goals

MAY = dt.date(2024, 5, 27)


def view(unit, indicator, on=MAY):
    with db.read() as session:
        return indicator_series(session, Scope(unit.id), indicator.id, on=on)


def tiles(unit, on=MAY):
    with db.read() as session:
        return tile_indicators(session, Scope(unit.id), on=on)


def ami(session, goal, **fields):
    return make_goals.indicator(
        session,
        goal,
        "Aktivt Medskapandeindex",
        unit_of_measure=IndicatorUnit.INDEX,
        periodicity=Periodicity.YEAR,
        **fields,
    )


def test_a_series_has_each_periods_value_with_its_own_years_target(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(session, make_goals.goal(session, unit), target=75)
        make_goals.set_target(session, row, 2023, "tas fram")
        make_goals.set_target(session, row, 2022, 60)
        for label, number in (("2022-T3", 50), ("2023-T1", 55), ("2024-T1", 70), ("2024-T2", 1)):
            make_goals.value(session, row, label, number)
        make_goals.value(session, row, "2023-T1", 56, measured_on=MAY, source_name="rättad")
    found = view(unit, row)
    assert [(p.label, p.value, p.target) for p in found.points] == [
        ("2022-T3", 50, 60),
        ("2023-T1", 56, None),
        ("2024-T1", 70, 75),
    ]
    assert found.points[1].source_name == "rättad"
    assert [(t.year, t.target) for t in found.targets] == [
        (2022, 60),
        (2023, "tas fram"),
        (2024, 75),
    ]
    assert view(unit, row, dt.date(2024, 4, 29)).points[-1].label == "2023-T1"


def test_a_gender_split_is_of_the_latest_period_that_has_one(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(session, make_goals.goal(session, unit))
        for label, gender, number in (
            ("2023-T3", Gender.WOMAN, 1),
            ("2023-T3", Gender.MAN, 2),
            ("2024-T1", Gender.WOMAN, 3),
            ("2024-T2", Gender.MAN, 4),
        ):
            make_goals.value(session, row, label, number, gender=gender)
        make_goals.value(session, row, "2024-T1", 5)
    found = view(unit, row)
    assert [(g.gender, g.label, g.value) for g in found.genders] == [(Gender.WOMAN, "2024-T1", 3)]
    assert [p.value for p in found.points] == [5]


def test_an_indicator_of_another_unit_or_year_has_no_view(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.goal(session, unit)
        old = make_goals.indicator(session, make_goals.goal(session, unit, 2023))
        other = make_goals.indicator(session, make_goals.goal(session, make.unit(session)))
    assert view(unit, old) is None
    assert view(unit, other) is None


def test_a_computed_indicator_is_followed_by_month_with_its_genders(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.computed(
            session, make_goals.goal(session, unit), ComputedFigure.PLANS_COVERAGE, target=75
        )
        opened = dt.date(2024, 3, 1)
        case = make.case(session, unit, opened, referred_on=opened, gender=Gender.MAN)
        make.plan(session, case, dt.date(2024, 5, 1))
    found = view(unit, row)
    assert len(found.points) == 12
    assert [(p.label, p.value, p.target) for p in found.points[-4:]] == [
        ("2024-02", None, 75),
        ("2024-03", 0, 75),
        ("2024-04", 0, 75),
        ("2024-05", 100, 75),
    ]
    assert found.points[0].target is None
    assert [(g.gender, g.value) for g in found.genders] == [(Gender.MAN, 100)]


def test_a_computed_indicator_of_an_earlier_year_ends_with_that_year(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.computed(
            session, make_goals.goal(session, unit, 2022), ComputedFigure.PLANS_COVERAGE
        )
        make.case(session, unit, dt.date(2022, 3, 1), referred_on=dt.date(2022, 3, 1))
    found = view(unit, row)
    assert [p.label for p in found.points][:: len(found.points) - 1] == ["2022-01", "2022-12"]
    assert (found.status.period, found.status.value) == ("2022", 0)


def test_tiles_show_the_latest_value_with_its_change_and_this_years_fulfilment(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        index = ami(session, goal, target=80)
        for year, number in (("2022", 76), ("2023", 78)):
            make_goals.value(session, index, year, number)
        sick = make_goals.indicator(
            session, goal, "Sjukfrånvaro", direction=Direction.LOWER, target=Decimal("8.5")
        )
        make_goals.indicator(session, goal, "Sjukfrånvaro dag 1-14")
        for label, number in (("2023-T3", "8.9"), ("2024-T1", "8.7")):
            make_goals.value(session, sick, label, number)
    first, second = tiles(unit)
    assert (first.period, first.value, first.change) == ("2023", 78, 2)
    assert (first.target, first.fulfilment) == (80, Fulfilment.NO_OUTCOME_YET)
    assert (second.name, second.period) == ("Sjukfrånvaro", "2024-T1")
    assert (second.change, second.previous_period) == (Fraction(-1, 5), "2023-T3")
    assert second.fulfilment is Fulfilment.PARTLY_MET
    assert [p.value for p in second.points] == [Fraction(89, 10), Fraction(87, 10)]
    with db.read() as session:
        frame = indicators(session, Scope(unit.id), on=dt.date(2024, 5, 1))
    assert second.value in list(frame["value"])


def test_a_unit_that_follows_up_neither_has_no_tiles(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.goal(session, unit)
    assert tiles(unit) == (None, None)


def test_without_an_indicators_value_ami_is_the_staff_surveys(store):
    with db.write() as session:
        unit = make.unit(session)
        group = make.group(session, unit)
        make_goals.survey(session, unit, 2022, ami=70, target=82)
        make_goals.survey(session, unit, 2023, ami=84, target=82)
        make_goals.survey(session, unit, 2023, group, ami=1)
        make_goals.survey(session, unit, 2025, ami=2)
    found, _ = tiles(unit)
    assert (found.indicator_id, found.period, found.value, found.change) == (None, "2023", 84, 14)
    assert (found.target, found.fulfilment) == (82, Fulfilment.MET)
    assert [p.value for p in found.points] == [70, 84]
    assert tiles(unit, dt.date(2022, 6, 1))[0].change is None

    with db.write() as session:
        index = ami(session, make_goals.goal(session, unit), target=90)
    from core.queries import cache

    cache.clear()
    found, _ = tiles(unit)
    assert (found.indicator_id, found.value) == (index.id, 84)
    assert (found.target, found.fulfilment) == (90, Fulfilment.NO_OUTCOME_YET)
