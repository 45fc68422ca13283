"""Indicators as of a day: hand-computed, and against a slow reading of random values."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

from core import db
from core.auth import Scope
from core.models.base import now
from core.queries.indicators import COLUMNS, indicator_statuses, indicators, thread_for
from core.terms import (
    Accumulation,
    ComputedFigure,
    Direction,
    Fulfilment,
    Gender,
    GoalLevel,
    IndicatorUnit,
    Periodicity,
)
from tests import factories as make
from tests import factories_goals as make_goals

MAY = dt.date(2024, 5, 27)


def read(unit, on=MAY):
    """Return the indicators' rows as lists by their name."""
    with db.read() as session:
        frame = indicators(session, Scope(unit.id), on=on)
    assert list(frame.columns) == COLUMNS
    return {row[0]: list(row[1:]) for row in frame.itertuples(index=False)}


def status(unit, on=MAY):
    """Return the only indicator's status."""
    with db.read() as session:
        (found,) = indicator_statuses(session, Scope(unit.id), on=on)
    return found


def test_a_unit_without_goals_has_no_indicators(store):
    with db.write() as session:
        unit = make.unit(session)
        other = make_goals.goal(session, make.unit(session))
        make_goals.indicator(session, other)
    assert read(unit) == {}


def test_the_latest_measured_period_stands_for_the_year(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(
            session, make_goals.goal(session, unit), "Sjukfrånvaro", direction=Direction.LOWER
        )
        make_goals.set_target(session, row, 2024, Decimal("8.5"), "tas fram av nämnd")
        make_goals.value(session, row, "2023-T3", "8.9")
        make_goals.value(session, row, "2024-T1", "8.7")
        make_goals.value(session, row, "2024-T2", "1", measured_on=dt.date(2024, 8, 31))
    expected = ["2024-T1", Fraction(87, 10), Decimal("8.5"), "tas fram av nämnd", "uppfylls delvis"]
    assert read(unit) == {"Sjukfrånvaro": expected}
    assert read(unit, dt.date(2024, 4, 30)) == {"Sjukfrånvaro": expected}


def test_a_value_counts_from_the_day_it_was_measured(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(session, make_goals.goal(session, unit), "Nöjda", target=75)
        make_goals.value(session, row, "2024-T1", 80, measured_on=dt.date(2024, 5, 10))
    assert read(unit, dt.date(2024, 5, 9))["Nöjda"][:2] == ["2024", None]
    assert read(unit, dt.date(2024, 5, 9))["Nöjda"][4] == "ej utfall än"
    assert read(unit, dt.date(2024, 5, 10))["Nöjda"][:2] == ["2024-T1", 80]


def test_a_later_measured_value_of_the_same_period_replaces_the_earlier_from_its_day(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(session, make_goals.goal(session, unit), "Nöjda")
        make_goals.value(session, row, "2024-T1", 80)
        make_goals.value(session, row, "2024-T1", 70, measured_on=dt.date(2024, 5, 2))
        make_goals.value(session, row, "2024-T1", 71, measured_on=dt.date(2024, 5, 2))
        wrong = make_goals.value(session, row, "2024-T1", 1, measured_on=MAY)
        wrong.voided_at = now()
        make_goals.value(session, row, "2024-T1", 2, measured_on=MAY, gender=Gender.MAN)
    assert [read(unit, dt.date(2024, 5, day))["Nöjda"][1] for day in (1, 2, 27)] == [80, 71, 71]


def test_without_a_value_this_year_the_latest_known_is_kept_aside(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(
            session,
            make_goals.goal(session, unit),
            "Aktivt Medskapandeindex",
            periodicity=Periodicity.YEAR,
            unit_of_measure=IndicatorUnit.INDEX,
            target=80,
        )
        make_goals.value(session, row, "2023", 78)
    found = status(unit)
    assert (found.value, found.period, found.fulfilment) == (
        None,
        "2024",
        Fulfilment.NO_OUTCOME_YET,
    )
    assert (found.latest.period, found.latest.value) == ("2023", 78)


def test_a_sum_is_the_years_and_has_no_outcome_before_its_end(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(
            session,
            make_goals.goal(session, unit),
            "Antal genomförda UBÅT",
            target=90,
            accumulation=Accumulation.SUM,
            periodicity=Periodicity.MONTH,
            unit_of_measure=IndicatorUnit.COUNT,
        )
        for label, number in (("2023-12", 50), ("2024-01", 40), ("2024-02", 45), ("2024-12", 7)):
            make_goals.value(session, row, label, number)
    name = "Antal genomförda UBÅT"
    assert read(unit)[name] == ["2024", 85, 90, None, "ej utfall än"]
    assert read(unit, dt.date(2024, 12, 31))[name] == ["2024", 92, 90, None, "uppfylls helt"]
    assert read(unit, dt.date(2025, 3, 1))[name][1] == 92


def test_targets_hold_from_the_day_they_were_decided(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(session, make_goals.goal(session, unit), "Nöjda")
        make_goals.set_target(session, row, 2024, 60, 70, decided_on=dt.date(2024, 1, 15))
        make_goals.set_target(session, row, 2024, "tas fram", decided_on=dt.date(2024, 3, 1))
        make_goals.set_target(session, row, 2025, 99, decided_on=dt.date(2024, 1, 1))
        make_goals.value(session, row, "2024-T1", 65, measured_on=dt.date(2024, 1, 1))
    days = [dt.date(2024, 1, 14), dt.date(2024, 1, 15), dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    assert [read(unit, day)["Nöjda"][2:] for day in days] == [
        [None, None, "saknar årsmål"],
        [60, 70, "uppfylls helt"],
        [60, 70, "uppfylls helt"],
        ["tas fram", None, "saknar årsmål"],
    ]


def test_an_own_tolerance_decides_over_a_tenth_of_the_target(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        for name, tolerance in (("tiondel", None), ("egen", Decimal(5)), ("ingen", Decimal(0))):
            row = make_goals.indicator(session, goal, name, target=80, tolerance=tolerance)
            make_goals.value(session, row, "2024-T1", 73)
    assert {name: row[4] for name, row in read(unit).items()} == {
        "tiondel": "uppfylls delvis",
        "egen": "uppfylls ej",
        "ingen": "uppfylls ej",
    }


def test_a_share_is_compared_unrounded_where_its_parts_are_known(store):
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        third = make_goals.indicator(session, goal, "två tredjedelar", target=Decimal("66.6667"))
        parts = {"numerator": Decimal(2), "denominator": Decimal(3)}
        make_goals.value(session, third, "2024-T1", "66.6667", **parts)
        stated = make_goals.indicator(session, goal, "uppgivet värde", target=66)
        make_goals.value(session, stated, "2024-T1", 66, **parts)
    rows = read(unit)
    assert rows["två tredjedelar"][1] == Fraction(200, 3)
    assert rows["två tredjedelar"][4] == "uppfylls delvis"
    assert rows["uppgivet värde"][1] == 66


def test_goals_of_an_earlier_year_are_followed_up_on_their_own_years_figures(store):
    with db.write() as session:
        unit = make.unit(session)
        row = make_goals.indicator(
            session, make_goals.goal(session, unit, 2022), "Nöjda", target=75
        )
        make_goals.set_target(session, row, 2024, 99)
        make_goals.value(session, row, "2022-T3", 74)
        make_goals.value(session, row, "2024-T1", 100)
        make_goals.indicator(session, make_goals.goal(session, unit, 2025), "Senare")
    assert read(unit)["Nöjda"] == ["2022-T3", 74, 75, None, "uppfylls delvis"]
    assert read(unit, dt.date(2021, 12, 31)) == {}
    assert list(read(unit, dt.date(2025, 1, 1))) == ["Senare"]


def test_a_narrower_scope_reads_the_units_indicators(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.computed(session, make_goals.goal(session, unit))
        make.case(session, unit, dt.date(2024, 1, 1), referred_on=dt.date(2024, 1, 1))
    with db.read() as session:
        (found,) = indicator_statuses(session, Scope(unit.id, caseworker_id=99), on=MAY)
    assert (found.numerator, found.denominator) == (0, 1)


def test_a_thread_goes_from_the_figure_to_the_citys_direction(store):
    with db.write() as session:
        unit = make.unit(session)
        city = make_goals.goal(session, unit, level=GoalLevel.CITY_DIRECTION, name="Sammanhållning")
        board = make_goals.goal(session, unit, level=GoalLevel.BOARD_GOAL, above=city, name="Jobb")
        own = make_goals.goal(session, unit, above=board, name="Egen försörjning")
        make_goals.computed(session, own, ComputedFigure.PLANS_COVERAGE, name="Täckning", target=75)
        case = make.case(session, unit, dt.date(2024, 1, 1), referred_on=dt.date(2024, 1, 1))
        make.plan(session, case, dt.date(2024, 5, 1))
    with db.read() as session:
        thread = thread_for(
            session, Scope(unit.id, caseworker_id=1), ComputedFigure.PLANS_COVERAGE, on=MAY
        )
        other = thread_for(session, Scope(unit.id), ComputedFigure.BKA_COVERAGE, on=MAY)
    assert thread.goals == ("Egen försörjning", "Jobb", "Sammanhållning")
    assert (thread.indicator_name, thread.period, thread.unit) == ("Täckning", "2024", "%")
    assert (thread.value, thread.numerator, thread.denominator) == (100, 1, 1)
    assert (thread.target, thread.fulfilment) == (75, Fulfilment.MET)
    assert other is None


def test_random_values_give_what_a_slow_reading_gives(store):
    chance = random.Random(11)
    labels = ["2023-T3", "2024-T1", "2024-T2", "2024-T3", "2025-T1"]
    with db.write() as session:
        unit = make.unit(session)
        goal = make_goals.goal(session, unit)
        stated = {}
        for number in range(12):
            sums = chance.random() < 0.5
            row = make_goals.indicator(
                session,
                goal,
                f"Indikator {number:02}",
                accumulation=Accumulation.SUM if sums else Accumulation.LATEST,
            )
            values = []
            for _ in range(chance.randrange(7)):
                label = chance.choice(labels)
                measured_on = dt.date(2024, chance.randint(1, 12), 1)
                amount = chance.randrange(100)
                make_goals.value(session, row, label, amount, measured_on=measured_on)
                values.append((label, measured_on, amount))
            stated[row.name] = (sums, values)
    for on in (dt.date(2024, 1, 1), MAY, dt.date(2024, 12, 31)):
        expected = {name: slow(sums, values, on) for name, (sums, values) in stated.items()}
        assert {name: tuple(row[:2]) for name, row in read(unit, on).items()} == expected


def slow(sums, values, on):
    """Return the period and the value that stand for 2024, one value at a time."""
    by_label = {}
    for label, measured_on, amount in values:
        if measured_on > on or not label.startswith("2024"):
            continue
        if label not in by_label or by_label[label][0] <= measured_on:
            by_label[label] = (measured_on, amount)
    if not by_label:
        return ("2024", None)
    if sums:
        return ("2024", sum(amount for _, amount in by_label.values()))
    last = max(by_label)
    return (last, by_label[last][1])
