"""Random stores: the one list is what going through every case day by day gives."""

import datetime as dt

import pytest

from core import db
from core.queries import cache
from core.queries.todo import todo_list
from core.terms import AnalysisStatus, CaseKind
from tests.core.queries import random_store
from tests.core.queries.random_store import EDGES, day
from tests.core.rules import slow

DAYS = [*EDGES[2:], day("2024-05-27")]
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def units(store):
    """Units filled at random in one store."""
    with db.write() as session:
        return [random_store.fill(session, seed) for seed in range(2)]


def expected(unit, name, on):
    """Return what a caseworker has to do: plans with their last day, awaiting cases, decisions."""
    plans, waiting, missing = {}, set(), []
    for case in unit.cases:
        if case.holder(on)[0] != name:
            continue
        facts = case.plan_case
        is_open = slow.is_open(facts, on)
        if is_open and case.kind is CaseKind.BENEFIT:
            if facts.referred_on is None:
                waiting.add(case.reference)
            elif facts.referred_on <= on:
                due = slow.turns_worse_after(facts, on)
                if due <= on + 14 * ONE_DAY:
                    plans[case.reference] = due
        for decision in case.decisions:
            lacking = [
                number
                for number, days in sorted(decision.children.items())
                if decision.decided_on <= on
                and slow.analysis_status(decision.decided_on, days, on) == AnalysisStatus.MISSING
            ]
            if lacking:
                missing.append((case.reference, decision.decided_on, tuple(lacking)))
    return plans, waiting, sorted(missing)


def told(unit, scope, on):
    with db.read() as session:
        items = todo_list(session, scope, on=on).items
    plans = [item for item in items if item.case is not None]
    return (
        {item.case.reference: item.due_on for item in plans if item.due_on is not None},
        {item.case.reference for item in plans if item.due_on is None},
        sorted(
            (item.decision.reference, item.decision.decided_on, item.decision.children)
            for item in items
            if item.decision is not None
        ),
    )


@pytest.mark.parametrize("on", DAYS)
def test_the_list_holds_plans_due_in_14_days_cases_to_refer_and_missing_analyses(units, on):
    cache.clear()
    for unit in units:
        for scope, _ in unit.scopes:
            if scope.caseworker_id is not None:
                name = next(n for n, i in unit.caseworker_ids.items() if i == scope.caseworker_id)
                assert told(unit, scope, on) == expected(unit, name, on)
