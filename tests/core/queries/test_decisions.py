"""A decision with its children: who has an analysis, from when and by whom."""

import datetime as dt

import pytest

from core import db
from core.auth import Scope
from core.models import ChildImpactAnalysis
from core.queries.decisions import decision_in_full
from core.services import child_impact
from core.services.child_impact import NewAnalysis, NewDecision
from core.terms import AnalysisStatus, DecisionKind
from tests import factories as make
from tests.factories_cases import TODAY, rows, run, world

APRIL = make.day("2024-04-15")
ONE_DAY = dt.timedelta(days=1)
DONE, LATE, MISSING = AnalysisStatus.DONE, AnalysisStatus.LATE, AnalysisStatus.MISSING


@pytest.fixture
def w(store, today):
    """A unit with a case of Ada's with two children, on a fixed day."""
    today(TODAY)
    return world()


def decide(w, children, authors=None, decided_on=APRIL):
    new = NewDecision(decided_on, DecisionKind.REFUSAL, children, authors or {})
    return run(child_impact.register_decision, w.case_id, new, by=w.caseworker)


def read(w, decision_id, on=TODAY, **scope):
    with db.read() as session:
        narrowed = Scope(w.unit_id, **scope)
        return decision_in_full(session, narrowed, decision_id=decision_id, on=on)


def children(w, decision_id, on=TODAY):
    found = read(w, decision_id, on).children
    return [(child.number, child.status, child.analysed_on, child.author) for child in found]


def test_each_child_has_its_own_day_and_author_and_what_is_missing_shows(w):
    decision_id = decide(w, {2: TODAY, 1: None}, {2: w.colleague_id})
    found = read(w, decision_id)
    assert (found.reference, found.decided_on, found.kind) == (
        "AR-0001",
        APRIL,
        DecisionKind.REFUSAL,
    )
    assert children(w, decision_id) == [(1, MISSING, None, None), (2, LATE, TODAY, "Bo")]
    assert found.missing == (1,)


def test_without_a_named_author_it_is_whoever_registered_it(w):
    decision_id = decide(w, {1: APRIL})
    assert children(w, decision_id) == [(1, DONE, APRIL, w.caseworker.name)]


def test_of_a_childs_analyses_the_earliest_counts_with_its_author(w):
    decision_id = decide(w, {1: TODAY}, {1: w.colleague_id})
    earlier = {1: NewAnalysis(APRIL, w.caseworker_id)}
    run(child_impact.add_analyses, decision_id, earlier, by=w.manager)
    assert children(w, decision_id) == [(1, DONE, APRIL, "Ada")]
    run(child_impact.void_analysis, rows(ChildImpactAnalysis)[1].id, by=w.manager)
    assert children(w, decision_id) == [(1, LATE, TODAY, "Bo")]


def test_an_analysis_or_a_decision_after_the_day_does_not_exist_yet(w):
    decision_id = decide(w, {1: TODAY})
    assert children(w, decision_id, TODAY - ONE_DAY) == [(1, MISSING, None, None)]
    assert read(w, decision_id, APRIL - ONE_DAY) is None


def test_a_decision_that_is_voided_unknown_or_out_of_reach_is_not_told(w):
    decision_id = decide(w, {1: None})
    assert read(w, decision_id, caseworker_id=w.caseworker_id).missing == (1,)
    assert read(w, decision_id, caseworker_id=w.colleague_id) is None
    assert read(w, decision_id, group_id=w.other_group_id) is None
    assert read(w, 10_000) is None
    run(child_impact.void_decision, decision_id, by=w.manager)
    assert read(w, decision_id) is None
