"""Registering adverse decisions and child impact analyses, and what is refused where."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import AdverseDecision, AffectedChild, Area, ChildImpactAnalysis, DataVersion
from core.queries.my_week import my_week
from core.services import case_details, cases, child_impact
from core.services.child_impact import NewAnalysis, NewDecision
from core.terms import CaseKind, DecisionKind, HouseholdType
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, audit_count, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
APRIL = make.day("2024-04-15")


@pytest.fixture
def w(store, today):
    """A unit with a case with two children, on a fixed day."""
    today(TODAY)
    return world()


def decide(w, children, decided_on=APRIL, **options):
    new = NewDecision(decided_on, DecisionKind.REFUSAL, children)
    return run(child_impact.register_decision, w.case_id, new, by=w.caseworker, **options)


def refused(w, children, decided_on=APRIL):
    new = NewDecision(decided_on, DecisionKind.TERMINATION, children)
    return refusals(child_impact.register_decision, w.case_id, new, by=w.caseworker)


def analysed(*numbers, on=TODAY, by=None):
    return {number: NewAnalysis(on, by) for number in numbers}


def missing(w):
    with db.read() as session:
        week = my_week(session, Scope(w.unit_id, caseworker_id=w.caseworker_id), on=TODAY)
        return [(child.decision_id, child.child_number) for child in week.missing]


def test_a_decision_is_registered_with_its_children_and_the_analyses_made(w):
    decision_id = decide(w, {1: APRIL - ONE_DAY, 2: None})

    (decision,) = rows(AdverseDecision)
    assert (decision.id, decision.unit_id, decision.case_id) == (decision_id, w.unit_id, w.case_id)
    assert (decision.decided_on, decision.kind) == (APRIL, DecisionKind.REFUSAL)
    assert [child.child_number for child in rows(AffectedChild)] == [1, 2]
    (analysis,) = rows(ChildImpactAnalysis)
    assert analysis.analysed_on == APRIL - ONE_DAY
    assert missing(w) == [(decision_id, 2)]


def test_a_decision_may_affect_no_child_and_a_closed_case(w):
    run(cases.close, w.case_id, cases.Closing(APRIL), version=1, by=w.manager)
    decide(w, {}, TODAY)
    assert rows(AffectedChild) == []


def test_a_decision_before_the_case_or_in_the_future_is_refused(w):
    assert refused(w, {}, OPENED - ONE_DAY).keys() == {"decided_on"}
    assert refused(w, {}, TODAY + ONE_DAY).keys() == {"decided_on"}
    decide(w, {}, OPENED)
    decide(w, {}, TODAY)


def test_an_analysis_before_the_case_or_in_the_future_is_refused(w):
    assert refused(w, {1: OPENED - ONE_DAY}).keys() == {"analysed_on_1"}
    assert refused(w, {1: OPENED, 2: TODAY + ONE_DAY}).keys() == {"analysed_on_2"}
    decision_id = decide(w, {1: OPENED, 2: TODAY})
    for day in (OPENED - ONE_DAY, TODAY + ONE_DAY):
        add = (child_impact.add_analyses, decision_id, analysed(1, on=day))
        assert refusals(*add, by=w.caseworker).keys() == {"analysed_on_1"}


def test_a_child_beyond_the_known_household_is_refused_saying_how_many_are_known(w):
    assert refused(w, {3: None})["children"].startswith(f"Hushållet har 2 kända barn den {APRIL}.")
    three = case_details.NewComposition(TODAY, HouseholdType.SINGLE_WITH_CHILDREN, 3)
    run(case_details.change_composition, w.case_id, three, by=w.caseworker)
    assert refused(w, {3: None}).keys() == {"children"}
    decide(w, {3: None}, TODAY)


@pytest.mark.parametrize("number", [0, -1, 21])
def test_child_numbers_go_from_one_to_twenty(store, today, number):
    today(TODAY)
    w = world(kind=CaseKind.ADDICTION)
    expected = "Ange barnens nummer i ärendet, från 1 till 20."
    assert refused(w, {number: None})["children"] == expected
    decide(w, {20: None})


def test_an_analysis_is_added_and_moves_the_figures_of_the_decisions_period(w):
    decision_id = decide(w, {1: None, 2: None})

    run(child_impact.add_analyses, decision_id, analysed(2), by=w.caseworker)

    assert missing(w) == [(decision_id, 1)]
    (moved,) = rows(DataVersion)
    assert (moved.area, moved.month, moved.writes) == (
        Area.CHILD_IMPACT,
        APRIL.replace(day=1),
        2,
    )


def test_a_child_may_have_several_analyses_but_one_a_day(w):
    decision_id = decide(w, {1: TODAY})
    again = refusals(child_impact.add_analyses, decision_id, analysed(1), by=w.caseworker)
    assert again["analysed_on_1"] == f"Analysen den {TODAY} är redan registrerad."
    run(child_impact.add_analyses, decision_id, analysed(1, on=APRIL), by=w.caseworker)
    assert len(rows(ChildImpactAnalysis)) == 2


def test_an_analysis_of_a_child_that_the_decision_leaves_out_is_refused(w):
    decision_id = decide(w, {1: None})
    outside = refusals(child_impact.add_analyses, decision_id, analysed(2), by=w.caseworker)
    assert outside["analysed_on_2"] == "Beslutet gäller inte barn 2."


def test_a_voided_analysis_or_decision_counts_nowhere(w):
    decision_id = decide(w, {1: APRIL, 2: None})
    (analysis,) = rows(ChildImpactAnalysis)

    run(child_impact.void_analysis, analysis.id, by=w.manager)
    assert missing(w) == [(decision_id, 1), (decision_id, 2)]
    run(child_impact.add_analyses, decision_id, analysed(1, on=APRIL), by=w.caseworker)
    run(child_impact.void_decision, decision_id, by=w.manager)

    assert missing(w) == []
    assert {row.voided_by_id for row in rows(ChildImpactAnalysis)} == {w.manager.user_id}
    assert rows(AdverseDecision)[0].voided_by_id == w.manager.user_id


def test_what_is_not_there_or_voided_already_is_denied(w):
    decision_id = decide(w, {1: APRIL})
    (analysis,) = rows(ChildImpactAnalysis)
    run(child_impact.void_analysis, analysis.id, by=w.manager)
    run(child_impact.void_decision, decision_id, by=w.manager)
    before = audit_count()
    for write, args in (
        (child_impact.void_analysis, (analysis.id,)),
        (child_impact.void_analysis, (10_000,)),
        (child_impact.void_decision, (decision_id,)),
        (child_impact.void_decision, (10_000,)),
        (child_impact.add_analyses, (decision_id, analysed(1))),
        (child_impact.add_analyses, (10_000, analysed(1))),
    ):
        with pytest.raises(PermissionDeniedError):
            run(write, *args, by=w.manager)
    assert audit_count() == before


def test_forms_sent_twice_are_one_row_each(w):
    def twice(write, *args):
        ids = {run(write, *args, by=w.caseworker, key=write.__name__) for _ in range(2)}
        assert len(ids) == 1
        return ids.pop()

    new = NewDecision(APRIL, DecisionKind.PARTIAL_REFUSAL, {1: None})
    decision_id = twice(child_impact.register_decision, w.case_id, new)
    (analysis_id,) = twice(child_impact.add_analyses, decision_id, analysed(1))
    twice(child_impact.void_analysis, analysis_id)
    twice(child_impact.void_decision, decision_id)
    assert (len(rows(AdverseDecision)), len(rows(ChildImpactAnalysis))) == (1, 1)
    assert audit_count() == 4


def test_a_voided_analysis_is_not_voided_again(w):
    decide(w, {1: APRIL})
    (analysis,) = rows(ChildImpactAnalysis)
    run(child_impact.void_analysis, analysis.id, by=w.manager)
    with pytest.raises(PermissionDeniedError):
        run(child_impact.void_analysis, analysis.id, by=w.manager)


def test_all_children_of_a_decision_are_analysed_in_one_form_each_with_a_day_and_an_author(w):
    decision_id = decide(w, {1: None, 2: None})
    made = {1: NewAnalysis(APRIL, w.colleague_id), 2: NewAnalysis(TODAY)}

    ids = run(child_impact.add_analyses, decision_id, made, by=w.caseworker)

    found = rows(ChildImpactAnalysis)
    assert ids == tuple(row.id for row in found)
    assert [(row.analysed_on, row.author_id, row.created_by_id) for row in found] == [
        (APRIL, w.colleague_id, w.caseworker.user_id),
        (TODAY, None, w.caseworker.user_id),
    ]
    assert missing(w) == []


def test_one_child_that_is_refused_stops_the_others_too(w):
    decision_id = decide(w, {1: None, 2: None})
    made = analysed(1) | analysed(2, on=TODAY + ONE_DAY)
    wrong = refusals(child_impact.add_analyses, decision_id, made, by=w.caseworker)
    assert wrong == {"analysed_on_2": f"Datumet får inte ligga efter i dag, {TODAY}."}
    assert rows(ChildImpactAnalysis) == []


def test_analyses_without_a_child_are_refused(w):
    decision_id = decide(w, {1: None})
    assert refusals(child_impact.add_analyses, decision_id, {}, by=w.caseworker) == {
        "analyses": "Ange minst en analys, med den dag den gjordes."
    }


def test_an_author_is_a_caseworker_of_the_unit(w):
    decision_id = decide(w, {1: None})
    expected = {"author_1": "Välj en av enhetens handläggare."}
    for stranger in (w.extra["stranger_id"], 10_000):
        made = analysed(1, by=stranger)
        assert refusals(child_impact.add_analyses, decision_id, made, by=w.manager) == expected


def test_a_decision_is_registered_with_who_made_each_analysis(w):
    new = NewDecision(APRIL, DecisionKind.REFUSAL, {1: APRIL, 2: TODAY}, {2: w.colleague_id})
    run(child_impact.register_decision, w.case_id, new, by=w.caseworker)
    assert [(row.analysed_on, row.author_id) for row in rows(ChildImpactAnalysis)] == [
        (APRIL, None),
        (TODAY, w.colleague_id),
    ]
