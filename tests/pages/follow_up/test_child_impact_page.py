"""BKA: coverage, the children that lack an analysis, and registering both."""

import datetime as dt

import pytest

from core.models import AdverseDecision, AffectedChild, ChildImpactAnalysis
from core.services.child_impact import NewDecision, register_decision
from core.terms import DecisionKind
from tests import factories as make
from tests.factories_cases import TODAY, rows, run, world

PAGE = "follow_up/child_impact.py"
APRIL = make.day("2024-04-02")
NBSP = "\u00a0"


@pytest.fixture
def w(store, today):
    """A decision of April in Ada's case: child 1 has an analysis in time, child 2 has none."""
    today(TODAY)
    w = world()
    new = NewDecision(APRIL, DecisionKind.REFUSAL, {1: APRIL, 2: None})
    run(register_decision, w.case_id, new, by=w.manager)
    return w


def tiles_of(at):
    return {metric.label: metric.value for metric in at.metric}


def table_of(at, name):
    return next(html.proto.body for html in at.get("html") if f"<caption>{name}" in html.proto.body)


def choice(at, label):
    return next(box for box in at.selectbox if box.label == label)


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def seek(at, words):
    return next(field for field in at.text_input if field.label == "Ärende").input(words).run()


def test_the_tiles_show_coverage_of_the_year_and_what_is_not_in_time(w, open_page):
    at = open_page(PAGE, w.manager)

    assert not at.exception
    assert tiles_of(at) == {
        "Täckning": f"50{NBSP}%",
        "Beslut som berör barn": "1",
        "Analys saknas": "1",
        "Gjord för sent": "0",
    }
    assert len(at.get("vega_lite_chart")) == 2


def test_a_missing_analysis_is_listed_with_its_decision_and_child(w, open_page):
    body = table_of(open_page(PAGE, w.manager), "Saknade och sena analyser")

    for part in ("AR-0001", "barn 2", "2024-04-02", "avslag", "saknas", "Ada"):
        assert part in body
    assert "barn 1" not in body


def test_an_analysis_that_is_added_makes_the_child_late_instead_of_missing(w, open_page):
    at = open_page(PAGE, w.manager)
    decision = choice(at, "Beslut där analys saknas")
    assert decision.options == ["AR-0001, avslag 2024-04-02"]

    at = press(decision.select_index(0).run(), "Registrera 1 analys")

    assert not at.exception
    assert [row.analysed_on for row in rows(ChildImpactAnalysis)] == [APRIL, TODAY]
    assert tiles_of(at)["Analys saknas"] == "0"
    assert tiles_of(at)["Gjord för sent"] == "1"
    assert "gjord för sent" in table_of(at, "Saknade och sena analyser")
    assert not [box for box in at.selectbox if box.label == "Beslut där analys saknas"]


def test_a_decision_is_registered_with_its_children_and_analyses(w, open_page):
    at = seek(open_page(PAGE, w.manager), "0001")
    at = at.button_group[-1].select(1).select(2).run()
    day = next(field for field in at.date_input if field.label == "Barn 2: analysen gjordes")
    at = press(day.set_value(TODAY).run(), "Registrera beslut")

    assert not at.exception
    (_, decision) = rows(AdverseDecision)
    assert (decision.decided_on, decision.case_id) == (TODAY, w.case_id)
    children = rows(AffectedChild, decision_id=decision.id)
    assert [child.child_number for child in children] == [1, 2]
    assert [row.affected_child_id for row in rows(ChildImpactAnalysis)][1:] == [children[1].id]
    assert tiles_of(at)["Beslut som berör barn"] == "2"


def test_a_refused_decision_says_why_at_its_field_and_keeps_what_was_typed(w, open_page):
    at = seek(open_page(PAGE, w.manager), "0001")
    field = next(field for field in at.date_input if field.label == "Beslutsdatum")
    field.set_value(TODAY + dt.timedelta(days=1))
    at = press(at, "Registrera beslut")

    assert len(rows(AdverseDecision)) == 1
    assert any("ligga efter i dag" in said.value for said in at.markdown)
    kept = next(field for field in at.date_input if field.label == "Beslutsdatum")
    assert kept.value == TODAY + dt.timedelta(days=1)


def test_a_reference_that_is_not_among_ones_cases_says_so(w, open_page):
    at = seek(open_page(PAGE, w.actors["colleague"]), "0001")

    assert "Inget av dina ärenden har den referensen." in [info.value for info in at.info]


def test_a_caseworker_sees_only_decisions_in_own_cases(w, open_page):
    assert tiles_of(open_page(PAGE, w.caseworker))["Analys saknas"] == "1"

    at = open_page(PAGE, w.actors["colleague"])
    assert tiles_of(at)["Analys saknas"] == "0"
    assert tiles_of(at)["Täckning"] == "–"
    assert any("Inga negativa beslut" in info.value for info in at.info)
    assert "Alla analyser är gjorda i tid." in [info.value for info in at.info]


def test_the_page_can_be_read_as_of_an_earlier_day(w, open_page):
    at = open_page(PAGE, w.manager, per="2024-04-01")

    assert tiles_of(at)["Beslut som berör barn"] == "0"
