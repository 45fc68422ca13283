import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.child_impact import BkaCounts, analysis_status, count_decision
from core.terms import AnalysisStatus
from tests.core.rules import slow
from tests.core.rules.strategies import day, many

D = dt.date
DECIDED, TODAY = D(2024, 3, 1), D(2024, 5, 27)


def test_an_analysis_on_the_decisions_day_is_in_time():
    assert analysis_status(DECIDED, [D(2024, 3, 1)], TODAY) is AnalysisStatus.DONE
    assert analysis_status(DECIDED, [D(2024, 2, 29)], TODAY) is AnalysisStatus.DONE
    assert analysis_status(DECIDED, [D(2024, 3, 2)], TODAY) is AnalysisStatus.LATE
    assert analysis_status(DECIDED, [], TODAY) is AnalysisStatus.MISSING


def test_of_several_analyses_the_earliest_counts():
    assert analysis_status(DECIDED, [D(2024, 4, 1), D(2024, 2, 1)], TODAY) is AnalysisStatus.DONE
    assert analysis_status(DECIDED, [D(2024, 4, 1), D(2024, 3, 2)], TODAY) is AnalysisStatus.LATE


def test_an_analysis_dated_later_does_not_exist_yet():
    assert analysis_status(DECIDED, [D(2024, 5, 28)], TODAY) is AnalysisStatus.MISSING
    assert analysis_status(DECIDED, [D(2024, 5, 27)], TODAY) is AnalysisStatus.LATE


@many
@given(day, st.lists(day, max_size=3), day)
def test_an_analysis_status_agrees_with_the_definition_read_slowly(decided, analysed, on):
    assert analysis_status(decided, analysed, on) == slow.analysis_status(decided, analysed, on)


def test_a_decision_counts_its_children_by_status():
    children = [[D(2024, 3, 1)], [D(2024, 3, 5)], [], [D(2024, 2, 1), D(2024, 4, 1)]]
    counts = count_decision(DECIDED, children, TODAY)
    assert counts == BkaCounts(decisions=1, children=4, done=2, late=1, missing=1)
    assert counts.coverage == Fraction(1, 2)


def test_a_decision_without_affected_children_is_no_decision():
    assert count_decision(DECIDED, [], TODAY) == BkaCounts()
    assert BkaCounts().coverage is None


def test_counts_add_up():
    total = BkaCounts(1, 4, 2, 1, 1) + BkaCounts(10, 100, 60, 30, 10)
    assert total == BkaCounts(11, 104, 62, 31, 11)


@many
@given(day, st.lists(st.lists(day, max_size=2), max_size=4), day)
def test_done_late_and_missing_add_up_to_the_children(decided, children, on):
    counts = count_decision(decided, children, on)
    assert counts.done + counts.late + counts.missing == counts.children == len(children)
