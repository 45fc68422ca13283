"""The goal chain as a file: goals, indicators with targets, and activities."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import Scope
from core.clock import now
from core.config import DATA
from core.imports.goals import target_value
from core.imports.kinds import CellError, Effect
from core.imports.values import CellError as SameError
from core.models import (
    Activity,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    MeasureDefinition,
    Unit,
)
from core.queries.indicators import indicators
from core.services.base import RefusedError
from core.terms import (
    Accumulation,
    ActivityStatus,
    ComputedFigure,
    Direction,
    GoalLevel,
    ImportKind,
    IndicatorSource,
    IndicatorUnit,
    MeasureFeed,
    OwnerLevel,
    Periodicity,
)
from tests import factories_goals as make_goals
from tests import factories_measures as make_measures
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import rows, world
from tests.factories_imports import imported, look, read

KIND = ImportKind.GOALS
D = dt.date
TODAY = D(2024, 5, 27)
TOP = {
    "Slag": "mål",
    "År": "2024",
    "Beteckning": "3",
    "Nivå": "KF inriktningsmål",
    "Namn": "Hållbart",
}
UNIT_GOAL = {
    "Slag": "mål",
    "År": "2024",
    "Beteckning": "E1",
    "Överordnat mål": "3",
    "Nivå": "enhetsmål",
    "Namn": "Snabba planer",
    "Förväntat resultat": "Alla har en plan.",
}
SHARE = {
    "Slag": "indikator",
    "År": "2024",
    "Beteckning": "E1",
    "Namn": "Planer i tid",
    "Måttenhet": "%",
    "Riktning": "högre",
    "Periodicitet": "tertial",
    "Årsmål": "75",
    "KF:s årsmål": "fastställs 2024",
}
REVIEW = {
    "Slag": "aktivitet",
    "År": "2024",
    "Beteckning": "E1",
    "Namn": "Granskning",
    "Start": "2024-03-01",
    "Slut": "2024-11-30",
    "Ansvarig": "Metodutvecklare",
}
CHAIN = (TOP, UNIT_GOAL, SHARE, REVIEW)


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return world()


def test_a_whole_chain_is_made_in_one_file(unit):
    before = facts()
    run_id = save_twice(unit, KIND, *CHAIN)
    top, goal = rows(Goal)
    assert (top.level, top.parent_id, top.year) == (GoalLevel.CITY_DIRECTION, None, 2024)
    assert (goal.level, goal.parent_id, goal.expected_result) == (
        GoalLevel.UNIT_GOAL,
        top.id,
        "Alla har en plan.",
    )
    (indicator,) = rows(Indicator)
    assert (indicator.goal_id, indicator.unit_of_measure, indicator.direction) == (
        goal.id,
        IndicatorUnit.PERCENT,
        Direction.HIGHER,
    )
    assert (indicator.periodicity, indicator.accumulation, indicator.source) == (
        Periodicity.TERTIAL,
        Accumulation.LATEST,
        IndicatorSource.TYPED,
    )
    (target,) = rows(IndicatorTarget)
    assert (target.target, target.city_target, target.city_target_text, target.decided_on) == (
        75,
        None,
        "fastställs 2024",
        D(2024, 1, 1),
    )
    (activity,) = rows(Activity)
    assert (activity.goal_id, activity.status, activity.owner) == (
        goal.id,
        ActivityStatus.ONGOING,
        "Metodutvecklare",
    )
    with db.read() as session:
        shown = indicators(session, Scope(unit.unit_id), on=TODAY)
    assert list(shown["indicator"]) == ["Planer i tid"]
    take_back(unit, run_id)
    assert facts() == before


def test_the_files_that_the_demo_is_made_of_can_be_imported(unit):
    goals = (DATA / "goals.csv").read_bytes()
    plan = (DATA / "operational_plan_2024.csv").read_bytes()
    shown = look(unit, read(goals, KIND, "goals.csv"))
    assert {row.effect for row in shown.rows if not row.faults} == {Effect.NEW}
    imported(unit, goals, KIND, "goals.csv")
    imported(unit, plan, KIND, "operational_plan_2024.csv")
    assert imported(unit, plan, KIND, "operational_plan_2024.csv") is None
    co2 = rows(Indicator, name="Klimatpåverkan från upphandlade livsmedel och måltider")[0]
    assert (co2.unit_of_measure, co2.own_unit, co2.owner_level) == (
        IndicatorUnit.OWN,
        "kg CO2/kg",
        OwnerLevel.CITY,
    )
    assert rows(IndicatorTarget, indicator_id=co2.id)[0].city_target == Decimal("1.6")


def test_changes_are_shown_and_made_without_touching_the_rest(unit):
    save(unit, KIND, *CHAIN)
    before = facts()
    lines = (
        {
            "Slag": "mål",
            "År": "2024",
            "Beteckning": "e1",
            "Namn": "Snabba planer",
            "Utveckling": "Mer.",
        },
        {
            "Slag": "indikator",
            "År": "2024",
            "Beteckning": "3",
            "Namn": "planer i tid",
            "Årsmål": "80",
        },
        {
            "Slag": "aktivitet",
            "År": "2024",
            "Beteckning": "E1",
            "Namn": "Granskning",
            "Status": "klar",
        },
    )
    assert seen(unit, KIND, *lines) == [
        (Effect.CHANGED, {"development": ("", "Mer.")}),
        (Effect.CHANGED, {"code": ("E1", "3"), "target": (75, 80)}),
        (
            Effect.CHANGED,
            {"status": (ActivityStatus.ONGOING, ActivityStatus.DONE), "done_on": (None, TODAY)},
        ),
    ]
    run_id = save_twice(unit, KIND, *lines)
    top, goal = rows(Goal)
    assert (goal.expected_result, goal.development, goal.version) == (
        "Alla har en plan.",
        "Mer.",
        2,
    )
    assert rows(Indicator)[0].goal_id == top.id
    assert [
        (row.target, row.city_target_text, row.decided_on) for row in rows(IndicatorTarget)
    ] == [
        (75, "fastställs 2024", D(2024, 1, 1)),
        (80, "fastställs 2024", TODAY),
    ]
    take_back(unit, run_id)
    assert facts() == before


def test_a_computed_indicator_stays_computed(unit):
    with db.write() as session:
        of = session.get_one(Unit, unit.unit_id)
        goal = make_goals.goal(session, of, code="E9")
        make_goals.indicator(session, goal, "Täckning", computed=ComputedFigure.PLANS_COVERAGE)
    line = SHARE | {"Beteckning": "E9", "Namn": "Täckning", "Periodicitet": ""}
    save_twice(unit, KIND, line)
    (row,) = rows(Indicator)
    assert (row.source, row.computed) == (IndicatorSource.COMPUTED, ComputedFigure.PLANS_COVERAGE)


def test_a_row_without_a_kind_is_told_by_its_columns(unit):
    lines = tuple({k: v for k, v in line.items() if k != "Slag"} for line in CHAIN)
    save_twice(unit, KIND, *lines)
    assert [len(rows(table)) for table in (Goal, Indicator, Activity)] == [2, 1, 1]


def test_a_year_that_is_left_out_is_this_one(unit):
    save_twice(unit, KIND, {k: v for k, v in TOP.items() if k != "År"})
    assert rows(Goal)[0].year == 2024


def test_next_years_target_is_decided_today(unit):
    lines = tuple(line | {"År": "2025"} for line in (TOP, UNIT_GOAL, SHARE))
    save_twice(unit, KIND, *lines)
    assert rows(IndicatorTarget)[0].decided_on == TODAY


def test_what_is_wrong_is_told_by_row_and_column(unit):
    found = faults(
        unit,
        KIND,
        UNIT_GOAL,
        TOP,
        TOP | {"Beteckning": "4", "Nivå": ""},
        TOP | {"Beteckning": "5", "Överordnat mål": "9"},
        TOP | {"Beteckning": "6", "Överordnat mål": "3", "Nivå": "KF:s inriktningsmål"},
        TOP | {"Beteckning": "7", "År": "2027"},
        TOP | {"Namn": "En gång till"},
        SHARE | {"Beteckning": "E7"},
        SHARE | {"Beteckning": "3", "Namn": "Utan enhet", "Måttenhet": "", "Riktning": ""},
        SHARE | {"Beteckning": "3", "Namn": "För högt", "Årsmål": "101"},
        SHARE | {"Beteckning": "3", "Namn": "Framtid", "Beslutat": "2024-05-28"},
        REVIEW | {"Beteckning": "3", "Slut": "2024-02-28"},
        REVIEW
        | {"Beteckning": "3", "Namn": "Klar för tidigt", "Status": "klar", "Klar": "2024-02-01"},
        REVIEW | {"Beteckning": "3", "Namn": "Pågår klar", "Status": "pågår", "Klar": "2024-04-01"},
        REVIEW | {"Beteckning": "3", "Namn": "Utan dagar", "Start": "", "Slut": ""},
        {"År": "2024", "Beteckning": "3", "Namn": "Vad är det?"},
        TOP | {"Slag": "delmål"},
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "parent"): "Målet ”3” står längre ned i filen",
        (4, "level"): "Cellen är tom",
        (5, "parent"): "Målet ”9” finns inte 2024",
        (6, "parent"): "Det överordnade målet ska ligga på en högre nivå",
        (7, "year"): "Ange ett år från 2000 till 2025",
        (8, "code"): "Rad 3 handlar om samma sak",
        (9, "code"): "Målet ”E7” finns inte 2024",
        (10, "unit_of_measure"): "Cellen är tom",
        (10, "direction"): "Cellen är tom",
        (11, "target"): "Ange ett tal från 0 till 100",
        (12, "decided_on"): "Datumet får inte ligga efter i dag, 2024-05-27",
        (13, "ends_on"): "Slutet ligger före starten 2024-03-01",
        (14, "done_on"): "Aktiviteten började 2024-03-01",
        (15, "done_on"): "Ange datum bara för det som är klart eller avbrutet",
        (16, "starts_on"): "Cellen är tom",
        (16, "ends_on"): "Cellen är tom",
        (17, "what"): "Ange om raden är ett mål, en indikator eller en aktivitet",
        (18, "what"): "”delmål” finns inte att välja",
    }
    assert rows(Goal) == []


def test_what_a_stored_indicator_or_goal_means_is_not_changed_by_a_file(unit):
    save(unit, KIND, *CHAIN)
    found = faults(
        unit,
        KIND,
        SHARE | {"Måttenhet": "antal"},
        SHARE | {"Namn": "planer i TID", "Periodicitet": "år"},
        UNIT_GOAL | {"Beteckning": "3", "Överordnat mål": "", "Namn": "Under sig själv"},
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "unit_of_measure"): "Indikatorn mäts redan i %",
        (3, "name"): "Rad 2 handlar om samma sak",
        (3, "periodicity"): "Indikatorn mäts redan per tertial",
        (4, "level"): "Målen under det här ligger på samma nivå eller högre",
    }
    earlier = SHARE | {"Årsmål": "70", "Beslutat": "2023-12-01"}
    assert "ett senare beslut, 2024-01-01" in faults(unit, KIND, earlier)[2, "decided_on"]


def test_an_indicator_keeps_its_unit_when_the_file_says_the_same(unit):
    save(unit, KIND, *CHAIN)
    assert effects(unit, KIND, SHARE | {"Måttenhet": "procent"}) == [Effect.UNCHANGED]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("75", 75), (75.5, Decimal("75.5")), ("1,2", Decimal("1.2")), ("öka", "öka"), ("77 %", 77)],
)
def test_a_target_is_a_number_or_a_text(cell, value):
    assert target_value(cell) == value


@pytest.mark.parametrize("cell", ["75 procent", "x" * 81, "<5"])
def test_a_target_that_is_neither_is_refused(cell):
    assert CellError is SameError
    with pytest.raises(CellError):
        target_value(cell)


def test_a_chain_is_undone_after_the_values_imported_for_it(unit):
    before = facts()
    chain = save(unit, KIND, *CHAIN)
    value = {"Indikator": SHARE["Namn"], "Period": "2024-T1", "Värde": "70"}
    take_back(unit, save(unit, ImportKind.INDICATOR_VALUES, value))

    take_back(unit, chain)

    assert facts() == before
    assert rows(Indicator) == rows(IndicatorValue) == []


def test_a_chain_that_a_measure_point_has_fed_is_not_undone(unit):
    chain = save(unit, KIND, *CHAIN)
    (indicator,) = rows(Indicator)
    with db.write() as session:
        of = session.get_one(Unit, unit.unit_id)
        fed = make_measures.point(
            session, of, indicator_id=indicator.id, feed=MeasureFeed.SHARE_YES
        )
        (definition,) = session.exec(
            select(MeasureDefinition).where(MeasureDefinition.measure_point_id == fed.id)
        )
        definition.voided_at = now()

    with pytest.raises(RefusedError, match="indikatorn Planer i tid"):
        take_back(unit, chain)
