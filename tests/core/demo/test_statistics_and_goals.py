"""Household months, staff surveys and goals of the demo."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import col, select

from core import db, models
from core.terms import DataSource, Gender, GoalLevel, IndicatorSource
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT

BROMMA = "000_ba4b8a4078b77aa0.txt"
OPERATIONAL_PLAN = "004_da5f41dc6c73385d.txt"


def rows(model, slug):
    with db.read() as session:
        unit = session.exec(select(models.Unit).where(models.Unit.slug == slug)).one()
        found = session.exec(select(model).order_by(col(model.id)))
        return [row.model_dump() for row in found if row.unit_id == unit.id]


@pytest.mark.parametrize("slug", [WORK_UNIT, BENEFIT_UNIT])
def test_derived_months_are_what_the_cases_give_at_the_months_end(demo, facts, slug):
    derived = [
        row for row in rows(models.HouseholdMonth, slug) if row["source"] is DataSource.DERIVED
    ]

    assert derived[-1]["month"] == dt.date(2024, 4, 1)
    for row in derived:
        end = row["sourced_on"] - dt.timedelta(days=1)
        counts = facts[slug].household_counts(end)
        assert {name: row[name] for name in counts} == counts
        assert row["recipients"] == counts["adults"] + counts["children"]


def test_published_months_carry_only_what_the_document_says_and_agree_with_the_cases(demo):
    months = rows(models.HouseholdMonth, WORK_UNIT)
    numbers = ("households", "recipients", "adults", "children", "women", "men", "other")
    derived = {row["month"]: row for row in months if row["source"] is DataSource.DERIVED}
    published = [row for row in months if BROMMA in row["source_name"]]

    assert {row["month"].isoformat()[:7] for row in published} == {
        "2020-09",
        "2021-01",
        "2021-10",
        "2021-11",
        "2021-12",
        "2022-01",
    }
    for row in published:
        stated = {name: row[name] for name in numbers if row[name] is not None}
        assert stated
        assert stated == {name: derived[row["month"]][name] for name in stated}
    assert published[-1]["adults"] is None


def test_paid_benefit_is_marked_as_made_up_and_lags_two_months(demo):
    paid = [
        row for row in rows(models.HouseholdMonth, BENEFIT_UNIT) if row["paid_benefit"] is not None
    ]

    assert paid[-1]["month"] == dt.date(2024, 3, 1)
    assert all(row["source_name"].startswith("Exempeldata") for row in paid)


def test_the_parts_of_a_month_add_up_to_it(demo):
    with db.read() as session:
        months = {row.id: row.model_dump() for row in session.exec(select(models.HouseholdMonth))}
        parts = [row.model_dump() for row in session.exec(select(models.HouseholdMonthPart))]
    sums = {}
    for part in parts:
        key = part["household_month_id"], part["dimension"]
        sums[key] = sums.get(key, 0) + part["amount"]

    assert sums
    for (month_id, dimension), total in sums.items():
        name = "adults" if dimension == "obstacle" else "households"
        assert total == months[month_id][name]


def test_the_first_units_surveys_are_the_published_ones(demo):
    groups = {group["id"]: group["slug"] for group in rows(models.Group, WORK_UNIT)}
    groups[None] = "alla"
    surveys = {
        (row["year"], groups[row["group_id"]]): row for row in rows(models.StaffSurvey, WORK_UNIT)
    }

    assert {key: row["ami"] for key, row in surveys.items()} == {
        (2020, "utredning"): 57,
        (2020, "mottagning"): 65,
        (2021, "alla"): 70,
        (2022, "alla"): 84,
        (2022, "ledningsgrupp"): 96,
    }
    rates = {
        year: round(100 * surveys[year, "alla"]["respondents"] / surveys[year, "alla"]["invited"])
        for year in (2021, 2022)
    }
    assert rates == {2021: 75, 2022: 89}
    assert {row["target"] for row in surveys.values()} == {Decimal(82)}
    assert all(BROMMA in row["source_name"] for row in surveys.values())


def test_one_made_up_survey_is_hidden_and_another_contradicts_itself(demo):
    surveys = rows(models.StaffSurvey, BENEFIT_UNIT)

    assert [row for row in surveys if row["respondents"] < 5]
    parts = [
        (row["ami"], (row["leadership"] + row["motivation"] + row["steering"]) / 3)
        for row in surveys
    ]
    assert [ami for ami, mean in parts if abs(ami - mean) > 1]
    assert {row["invited"] for row in surveys if row["year"] == 2023 and not row["group_id"]} == {
        75
    }
    assert {row["source_name"] for row in surveys} == {"Exempeldata"}


def test_the_goal_chain_of_2024_is_whole(demo):
    goals = {goal["id"]: goal for goal in rows(models.Goal, BENEFIT_UNIT)}

    assert len(goals) == 25
    for goal in goals.values():
        above = goals.get(goal["parent_id"])
        if goal["level"] is GoalLevel.CITY_DIRECTION:
            assert above is None
        else:
            assert list(GoalLevel).index(above["level"]) < list(GoalLevel).index(goal["level"])
        assert OPERATIONAL_PLAN in goal["source_name"]


def test_the_first_unit_has_its_goals_of_2022(demo):
    goals = rows(models.Goal, WORK_UNIT)

    assert len(goals) == 13
    assert {goal["year"] for goal in goals} == {2022}


def test_the_operational_plans_indicators_and_activities_hang_on_their_owners_goals(demo):
    goals = {goal["id"]: goal["code"] for goal in rows(models.Goal, BENEFIT_UNIT)}
    indicators = rows(models.Indicator, BENEFIT_UNIT)
    activities = [
        row for row in rows(models.Activity, BENEFIT_UNIT) if OPERATIONAL_PLAN in row["source_name"]
    ]
    placed = {row["name"]: goals[row["goal_id"]] for row in [*indicators, *activities]}

    assert len([row for row in indicators if OPERATIONAL_PLAN in row["source_name"]]) == 17
    assert len(activities) == 12
    assert placed["Sjukfrånvaro"] == "3.4"
    assert placed["Antal genomförda UBÅT"] == "E3.1"
    assert placed["Stärka arbetet och kunskapen inom spelberoende"] == "E1.3"
    assert (
        placed["Öppna insatser utan biståndsbeslut för personer med beroendeproblematik"] == "N1.3"
    )


def test_change_plan_and_child_impact_indicators_of_2024_are_marked_as_examples(demo):
    goals = {goal["id"]: goal["code"] for goal in rows(models.Goal, BENEFIT_UNIT)}
    computed = [
        row
        for row in rows(models.Indicator, BENEFIT_UNIT)
        if row["source"] is IndicatorSource.COMPUTED
    ]

    assert len(computed) == 5
    assert all(row["is_example"] for row in computed)
    assert sorted(goals[row["goal_id"]] for row in computed) == ["3.3", "E1.3", *["E3.2"] * 3]


def test_a_target_is_a_number_or_a_text_as_in_the_plan(demo):
    names = {row["id"]: row["name"] for row in rows(models.Indicator, BENEFIT_UNIT)}
    with db.read() as session:
        targets = {
            names[row.indicator_id]: row.model_dump()
            for row in session.exec(select(models.IndicatorTarget))
            if row.indicator_id in names
        }

    ami = targets["Aktivt Medskapandeindex"]
    assert (ami["target"], ami["city_target"]) == (80, 83)
    sick = targets["Sjukfrånvaro"]
    assert (sick["target"], sick["city_target"], sick["city_target_text"]) == (
        Decimal("8.5"),
        None,
        "tas fram av nämnd",
    )
    assert targets["Antal vräkningar som berör barn"]["target"] == 0


def test_published_shares_of_the_population_are_typed_in_with_their_gender_split(demo):
    indicators = {row["name"]: row["id"] for row in rows(models.Indicator, WORK_UNIT)}
    wanted = indicators["Andel personer med ekonomiskt bistånd av befolkningen"]
    with db.read() as session:
        values = {
            (row.period_end.year, row.gender): row.value
            for row in session.exec(select(models.IndicatorValue))
            if row.indicator_id == wanted
        }

    assert values[2021, None] == Decimal("0.62")
    assert values[2021, Gender.MAN] == Decimal("0.73")
    assert values[2021, Gender.WOMAN] == Decimal("0.69")
    assert values[2019, Gender.MAN] == Decimal(1)


def test_made_up_indicator_values_say_so(demo):
    indicators = {row["id"]: row for row in rows(models.Indicator, BENEFIT_UNIT)}
    with db.read() as session:
        values = [row.model_dump() for row in session.exec(select(models.IndicatorValue))]
    own = [value for value in values if value["indicator_id"] in indicators]

    assert own
    for value in own:
        assert value["source_name"] == "Exempeldata"
        assert indicators[value["indicator_id"]]["is_example"]
