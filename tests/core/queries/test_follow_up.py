"""What the pages of change plans and BKA show is what the figures say."""

import pytest

from core import db
from core.auth import Scope
from core.models import Unit
from core.queries.change_plans import change_plans, within_three_months
from core.queries.child_impact import bka
from core.queries.follow_up import bka_figures, plan_figures
from core.queries.keys import By
from core.rules.dates import last_twelve
from core.terms import AnalysisStatus, ComputedFigure, Fulfilment
from tests import factories as make
from tests import factories_goals as goals
from tests.core.queries import random_store

ON = make.day("2024-05-27")
YEAR = {"start": make.day("2024-01-01"), "end": ON, "today": ON}
TWELVE = {"start": make.day("2023-06-01"), "end": ON, "today": ON}


@pytest.fixture
def unit(store):
    """A random unit with an indicator of two figures, whose target nobody can reach."""
    with db.write() as session:
        filled = random_store.fill(session, 7)
        goal = goals.goal(session, session.get_one(Unit, filled.id))
        for figure in (ComputedFigure.PLANS_CURRENT_SHARE, ComputedFigure.BKA_COVERAGE):
            goals.computed(session, goal, figure, target=101, tolerance=0)
        return filled


def test_shares_by_day_are_those_of_the_last_twelve_days(unit):
    with db.read() as session:
        for scope, _ in unit.scopes:
            shown = plan_figures(session, scope, on=ON)
            for place, on in enumerate(last_twelve(ON)):
                row = change_plans(session, scope, on=on, by=By.NONE).iloc[0]
                assert shown.coverage.trend.days[place] == on
                assert shown.coverage.trend.values[place].value == row["coverage"]
                assert shown.current.trend.values[place].value == row["current_share"]
                assert shown.overdue.values[place] == row["overdue"]


def test_plans_within_three_months_count_from_new_year(unit):
    with db.read() as session:
        for scope, _ in unit.scopes:
            shown = plan_figures(session, scope, on=ON)
            row = within_three_months(session, scope, **YEAR, by=By.NONE).iloc[0]
            assert shown.within.trend.now.part == row["within"]
            assert shown.within.trend.now.whole == row["deadlines"]
            assert sum(shown.within_by_group["deadlines"]) == row["deadlines"]
            assert sum(shown.within_by_gender["within"]) == row["within"]


def test_no_deadline_of_a_time_to_come_counts_wherever_it_is_read(unit):
    coming = {"start": make.day("2024-07-01"), "end": make.day("2024-12-31"), "today": ON}
    for opened in (db.read, db.write):
        with opened() as session:
            found = within_three_months(session, Scope(unit.id), **coming, by=By.NONE)
            assert list(found["deadlines"]) == [0]


def test_every_split_of_the_plans_adds_up_to_the_same_households(unit):
    with db.read() as session:
        shown = plan_figures(session, Scope(unit.id), on=ON)

    for table in (shown.by_caseworker, shown.by_group, shown.by_gender):
        assert sum(table["open"]) == shown.by_month["open"].iloc[-1] > 0


def test_analyses_count_from_new_year_in_the_share_and_from_twelve_months_back_below_it(unit):
    with db.read() as session:
        for scope, _ in unit.scopes:
            shown = bka_figures(session, scope, on=ON)
            row = bka(session, scope, **YEAR, by=By.NONE).iloc[0]
            assert (shown.coverage.trend.now.part, shown.coverage.trend.now.whole) == (
                row["done"],
                row["children"],
            )
            total = bka(session, scope, **TWELVE, by=By.NONE).iloc[0]
            assert shown.since == TWELVE["start"]
            assert list(shown.total.iloc[0]) == list(total)
            assert sum(shown.by_month["children"]) == total["children"]
            assert sum(shown.by_caseworker["children"]) == total["children"]
            statuses = [child.status for child in shown.not_in_time]
            assert statuses.count(AnalysisStatus.MISSING) == total["missing"]
            assert statuses.count(AnalysisStatus.LATE) == total["late"]


def test_a_share_stands_against_its_indicators_target_and_one_without_stands_alone(unit):
    with db.read() as session:
        plans = plan_figures(session, Scope(unit.id), on=ON)
        analyses = bka_figures(session, Scope(unit.id), on=ON)

    assert plans.current.standing.target == 101
    assert plans.current.standing.fulfilment is Fulfilment.NOT_MET
    assert analyses.coverage.standing.fulfilment is Fulfilment.NOT_MET
    assert plans.coverage.standing is None
    assert plans.within.standing is None
