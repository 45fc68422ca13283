"""The demo's cases give the published figures, counted anew from the rows."""

import csv
import datetime as dt

import pytest

from core.config import DATA
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT, percent

TODAY = dt.date(2024, 5, 27)
BEGINNING_OF_2022 = dt.date(2022, 1, 31)
END_OF_2021 = dt.date(2021, 12, 31)


@pytest.fixture
def work(facts):
    return facts[WORK_UNIT]


@pytest.fixture
def benefit(facts):
    return facts[BENEFIT_UNIT]


def test_households_at_the_end_of_january_2022_are_the_published_ones(work):
    assert work.household_counts(BEGINNING_OF_2022) == {
        "households": 317,
        "adults": 343,
        "children": 186,
        "women": 165,
        "men": 152,
        "other": 0,
    }


def test_obstacles_at_the_end_of_january_2022_are_the_published_ones(work):
    counts = work.obstacle_counts(BEGINNING_OF_2022)

    assert counts["unemployed"] == 140
    assert counts["sick_without_sgi"] == 110
    assert counts["sick_with_sgi"] == 4
    assert counts["activity_compensation"] == 13
    assert counts["unknown"] > 0
    assert sum(counts.values()) == 343


@pytest.mark.parametrize(
    ("on", "households"),
    [
        ("2020-09-30", 378),
        ("2021-01-31", 357),
        ("2021-10-31", 314),
        ("2021-11-30", 317),
        ("2021-12-31", 330),
        ("2022-01-31", 317),
    ],
)
def test_households_at_a_months_end_are_the_published_ones(work, on, households):
    assert len(work.open(dt.date.fromisoformat(on))) == households


@pytest.mark.parametrize(
    ("on", "children"),
    [("2021-01-31", 154), ("2021-11-30", 128), ("2021-12-31", 182), ("2022-01-31", 186)],
)
def test_children_at_a_months_end_are_the_published_ones(work, on, children):
    assert work.household_counts(dt.date.fromisoformat(on))["children"] == children


def test_plans_within_three_months_are_161_of_207_in_2021(work):
    year = dt.date(2021, 1, 1), END_OF_2021

    assert work.within_three_months(*year, TODAY) == (161, 207)


@pytest.mark.parametrize(
    ("gender", "part"),
    [("man", (15, 17)), ("woman", (14, 18)), ("other", (0, 0)), (None, (29, 35))],
)
def test_plans_within_three_months_in_early_2022_are_the_published_ones(work, gender, part):
    tertial = dt.date(2022, 1, 1), dt.date(2022, 4, 30)

    assert work.within_three_months(*tertial, TODAY, gender) == part


@pytest.mark.parametrize(("gender", "whole_percent"), [("man", 71), ("woman", 45)])
def test_coverage_at_the_end_of_2021_is_the_published_one(work, gender, whole_percent):
    assert percent(work.coverage(END_OF_2021, gender)) == whole_percent


def test_child_impact_analyses_of_2021_cover_77_percent(work):
    counts = work.bka(dt.date(2021, 1, 1), END_OF_2021, TODAY)

    assert percent((counts["done"], counts["children"])) == 77


def test_32_of_33_decisions_in_early_2022_have_all_their_analyses(work):
    period = dt.date(2022, 1, 1), dt.date(2022, 5, 31)
    counts = work.bka(*period, TODAY)

    assert (counts["decisions"], counts["children"], counts["done"]) == (33, 66, 64)
    assert work.decisions_without_all_analyses(*period) == 1


@pytest.mark.parametrize(
    ("kind", "cases", "group"),
    [
        ("benefit", 850, "ekonomiskt-bistand"),
        ("addiction", 230, "beroende"),
        ("wrong_payment", 75, "resurssektionen"),
    ],
)
def test_each_section_has_its_cases_on_the_demos_today(benefit, kind, cases, group):
    present = benefit.open(TODAY, kind)

    assert len(present) == cases
    assert {benefit.group(case, TODAY) for case in present} == {group}


def test_short_matters_come_on_top(benefit):
    assert benefit.open(TODAY, "one_off_application")
    assert benefit.open(TODAY, "statement")


def test_the_demos_inputs_agree_with_what_is_published():
    with (DATA / "demo_targets.csv").open(encoding="utf-8") as file:
        row = next(r for r in csv.DictReader(file) if r["start"] == "2021-01-01")

    published = round(int(row["numerator"]) / int(row["denominator"]) * 100, 2)
    assert published == 77.78
