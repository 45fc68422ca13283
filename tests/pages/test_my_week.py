"""Min vecka: own cases by what is due, reporting on them, and own figures."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.models import (
    AdverseDecision,
    Case,
    Caseworker,
    ChangePlan,
    ChildImpactAnalysis,
    PlanExemption,
    PlanRevision,
    Unit,
)
from core.services import cases, change_plans, child_impact
from core.services.assignments import Handover, reassign
from core.services.child_impact import NewDecision
from core.terms import (
    CaseKind,
    ClosingReason,
    ComputedFigure,
    DecisionKind,
    ExemptionReason,
    GoalLevel,
)
from tests import factories as make
from tests import factories_goals as goals
from tests.factories_cases import OPENED, REFERRED, TODAY, rows, run, world

PAGE = "reporting/my_week.py"
MARCH = make.day("2024-03-01")
YESTERDAY = TODAY - dt.timedelta(days=1)


@pytest.fixture
def w(store, today):
    """A unit with an overdue case of Ada's, with two children."""
    today(TODAY)
    return world()


@pytest.fixture
def open_week(open_page):
    """Min vecka as Ada sees it."""
    return lambda w: open_page(PAGE, w.caseworker)


def add_case(w, reference, **fields):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        return make.case(session, unit, OPENED, reference=reference, caseworker=ada, **fields).id


def rows_of(at, name="Att göra"):
    """Return the widget of the rows to tap."""
    (group,) = [g for g in at.button_group if g.label == name]
    return group


def tap(at, case_id, kind="plan"):
    """Open what there is to do on a case, or else the case itself."""
    if kind == "case":
        return rows_of(at, "Mina ärenden").select(f"case-{case_id}").run()
    return rows_of(at).select(f"{kind}-{case_id}").run()


def do(at, case_id, action):
    """Choose what has happened in the open case."""
    return at.button_group(key=f"do-{case_id}").select(action).run()


def choice(at, label):
    (group,) = [g for g in at.button_group if g.label == label]
    return group


def date_of(at, label):
    (field,) = [f for f in at.date_input if f.label == label]
    return field


def select(at, label):
    (box,) = [b for b in at.selectbox if b.label == label]
    return box


def press(at, label):
    (button,) = [b for b in at.button if b.label == label]
    return button.click().run()


def said(at):
    return " ".join(m.value for m in at.markdown)


def test_own_cases_stand_by_what_is_due_with_the_next_step_in_words(w, open_week):
    add_case(w, "AR-0002", referred_on=make.day("2024-03-10"))
    add_case(w, "AR-0003")

    at = open_week(w)

    assert not at.exception
    assert rows_of(at).options == [
        (
            "**AR-0001** :red-badge[:material/error: Saknas, försenad] "
            "Upprätta plan, skulle ha gjorts senast 20 apr"
        ),
        (
            "**AR-0002** :blue-badge[:material/schedule: Saknas, inom tid] "
            "Upprätta plan senast 10 juni"
        ),
        (
            "**AR-0003** :gray-badge[:material/folder: I mottagning] "
            "Remittera när utredningen tar över"
        ),
    ]
    assert "**1** försenad · **2** inom 14 dagar" in said(at)


def test_what_can_wait_is_shown_when_asked_for(w, open_week):
    planned = add_case(w, "AR-0002", referred_on=OPENED)
    run(change_plans.establish, planned, YESTERDAY, by=w.manager)
    add_case(w, "AR-0003", kind=CaseKind.ADDICTION)
    at = open_week(w)
    assert len(rows_of(at).options) == 1

    at.toggle(key="week-all").set_value(True).run()

    shown = rows_of(at, "Mina ärenden").options
    assert [words.split("**")[1] for words in shown] == [
        "AR-0001",
        "AR-0002",
        "AR-0003",
    ]
    assert shown[2].endswith("Behöver ingen förändringsplan")


def test_somebody_with_nothing_due_and_without_cases_is_told_so(w, open_page):
    run(change_plans.establish, w.case_id, TODAY, by=w.manager)
    at = open_page(PAGE, w.caseworker)
    assert at.success[0].value == "Inget att göra de närmaste 14 dagarna."
    at = open_page(PAGE, w.actors["colleague"])
    assert at.info[0].value == "Du har inga öppna ärenden. Din chef fördelar dem till dig."


def test_many_cases_are_one_widget(w, open_week):
    for n in range(2, 69):
        add_case(w, f"AR-{n:04}", referred_on=OPENED)
    at = open_week(w)
    assert [group.label for group in at.button_group] == ["Arbetssätt", "Att göra"]
    assert len(rows_of(at).options) == 68


def test_a_plan_is_established_in_two_taps(w, open_week):
    at = tap(open_week(w), w.case_id)

    at = press(at, "Upprätta plan")

    assert rows(ChangePlan)[0].established_on == TODAY
    assert at.toast[0].value == "AR-0001: förändringsplanen är upprättad."
    assert not at.date_input
    assert "**0** försenade · **0** inom 14 dagar" in said(at)


def test_a_plan_in_the_future_is_refused_at_its_field_and_keeps_the_date(w, open_week):
    at = tap(open_week(w), w.case_id)
    at.date_input[0].set_value(TODAY + dt.timedelta(days=1))

    at = press(at, "Upprätta plan")

    assert f"Datumet får inte ligga efter i dag, {TODAY}." in said(at)
    assert at.date_input[0].value == TODAY + dt.timedelta(days=1)
    assert rows(ChangePlan) == []

    at.date_input[0].set_value(YESTERDAY)
    press(at, "Upprätta plan")
    assert rows(ChangePlan)[0].established_on == YESTERDAY


def test_an_outdated_plan_is_revised_and_may_be_ended(w, open_week):
    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    at = tap(open_week(w), w.case_id)
    at.date_input[0].set_value(MARCH)
    at = press(at, "Revidera plan")
    assert rows(PlanRevision)[0].revised_on == MARCH

    at.toggle(key="week-all").set_value(True).run()
    at = do(tap(at, w.case_id, "case"), w.case_id, "Avsluta plan")
    press(at, "Avsluta plan")
    assert rows(ChangePlan)[0].ended_on == TODAY


def test_an_exemption_needs_a_reason_and_keeps_what_was_typed(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Undanta")
    at = press(at, "Undanta")
    assert "Ange varför ärendet inte behöver en plan." in said(at)

    reason = next(g for g in at.button_group if (g.key or "").endswith("-reason"))
    at = reason.select(ExemptionReason.OTHER).run()
    at.text_input[0].set_value("Gäller 811218-9876")
    at.date_input[1].set_value(TODAY)
    at = press(at, "Undanta")
    assert "ser ut som ett personnummer" in said(at)
    assert at.text_input[0].value == "Gäller 811218-9876"

    at.text_input[0].set_value("Väntar på besked")
    press(at, "Undanta")
    (row,) = rows(PlanExemption)
    assert (row.reason, row.valid_from, row.valid_to) == (ExemptionReason.OTHER, TODAY, TODAY)


def test_a_short_exemption_is_told_to_last_a_month(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Undanta")
    reason = next(g for g in at.button_group if (g.key or "").endswith("-reason"))
    at = reason.select(ExemptionReason.MOVES_WITHIN_A_MONTH).run()
    assert any("gäller en månad" in caption.value for caption in at.caption)
    press(at, "Undanta")
    assert rows(PlanExemption)[0].valid_to == make.day("2024-06-27")


def test_a_case_in_mottagning_is_referred_first(w, open_week):
    case_id = add_case(w, "AR-0002")
    at = tap(open_week(w), case_id)
    press(at, "Remittera")
    assert rows(Case, id=case_id)[0].referred_on == TODAY


def test_a_case_is_closed_with_a_reason(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Avsluta ärende")
    at.selectbox[0].set_value(ClosingReason.WORK)
    press(at, "Avsluta ärendet")
    case = rows(Case, id=w.case_id)[0]
    assert (case.closed_on, case.closing_reason) == (TODAY, ClosingReason.WORK)


def test_a_case_that_somebody_else_has_changed_meanwhile_is_not_overwritten(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Avsluta ärende")
    other_group = Handover(w.caseworker_id, w.other_group_id, TODAY)
    run(reassign, w.case_id, other_group, version=1, by=w.manager)

    at = press(at, "Avsluta ärendet")

    assert "sparade samma uppgift" in at.warning[0].value
    assert "| Grupp | Ett | **Två** | ändras inte |" in said(at)
    assert f"| Avslutat | – | – | **{TODAY}** |" in said(at)
    assert rows(Case, id=w.case_id)[0].closed_on is None

    press(at, "Spara mina ändringar")
    assert rows(Case, id=w.case_id)[0].closed_on == TODAY


def test_a_negative_decision_is_registered_with_its_children(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Negativt beslut")
    at = choice(at, "Vilka barn berörs? Nummer i ärendet").select(1).select(2).run()
    assert said(at).count("Analys saknas") == 2
    at = date_of(at, "Barn 1: analysen gjordes").set_value(TODAY).run()
    assert "**Barn 1** :green-badge[:material/check_circle: I tid]" in said(at)
    press(at, "Registrera beslut")
    assert rows(AdverseDecision)[0].decided_on == TODAY
    (analysis,) = rows(ChildImpactAnalysis)
    assert (analysis.analysed_on, analysis.author_id) == (TODAY, w.caseworker_id)
    at = open_week(w)
    assert "Barn 2, avslag 27 maj" in rows_of(at).options[1]


def decide(w, children, decided_on=MARCH):
    new = NewDecision(decided_on, DecisionKind.REFUSAL, children)
    return run(child_impact.register_decision, w.case_id, new, by=w.manager)


def test_a_missing_analysis_is_reported_in_two_taps(w, open_week):
    decision_id = decide(w, {2: None})
    at = open_week(w)
    assert rows_of(at).options[0] == (
        "**AR-0001** :red-badge[:material/error: Analys saknas] Barn 2, avslag 1 mars"
    )
    at = press(tap(at, decision_id, "bka"), "Registrera 1 analys")

    (analysis,) = rows(ChildImpactAnalysis)
    assert (analysis.analysed_on, analysis.author_id) == (TODAY, w.caseworker_id)
    assert at.toast[0].value == "AR-0001: konsekvensanalys för barn 2 är registrerad."


def test_children_of_a_decision_are_analysed_in_one_form_each_by_their_own(w, open_week):
    decision_id = decide(w, {1: None, 2: None})
    at = tap(open_week(w), decision_id, "bka")
    at = date_of(at, "Barn 1: analysen gjordes").set_value(MARCH).run()
    assert "**Barn 1** :green-badge[:material/check_circle: I tid]" in said(at)
    assert "**Barn 2** :orange-badge[:material/update: För sent]" in said(at)
    select(at, "Barn 2: gjord av").set_value(w.colleague_id)
    press(at, "Registrera 2 analyser")
    assert [(row.analysed_on, row.author_id) for row in rows(ChildImpactAnalysis)] == [
        (MARCH, w.caseworker_id),
        (TODAY, w.colleague_id),
    ]


def test_a_child_without_a_day_is_left_for_later_and_what_is_done_shows(w, open_week):
    decision_id = decide(w, {1: None, 2: None})
    at = tap(open_week(w), decision_id, "bka")
    at = date_of(at, "Barn 2: analysen gjordes").set_value(None).run()
    press(at, "Registrera 1 analys")
    at = tap(open_week(w), decision_id, "bka")
    assert "Barn 1 :orange-badge[:material/update: För sent] 27 maj av Ada, 87 dagar" in said(at)
    assert [field.label for field in at.date_input] == ["Barn 2: analysen gjordes"]


def test_a_wrong_day_is_told_at_the_child_and_nothing_is_saved(w, open_week):
    decision_id = decide(w, {1: None, 2: None})
    at = tap(open_week(w), decision_id, "bka")
    date_of(at, "Barn 2: analysen gjordes").set_value(OPENED - dt.timedelta(days=1))
    at = press(at.run(), "Registrera 2 analyser")
    assert "Analysen kan inte vara äldre än ärendet" in said(at)
    assert rows(ChildImpactAnalysis) == []


def test_a_case_that_is_no_longer_ones_own_shows_nothing_to_do(w, open_week):
    add_case(w, "AR-0002")
    at = tap(open_week(w), w.case_id)
    with db.write() as session:
        bo = session.get_one(Caseworker, w.colleague_id)
        make.assign(session, session.get_one(Case, w.case_id), TODAY, caseworker=bo)
    at = press(at, "Upprätta plan")
    assert rows(ChangePlan) == []


def test_own_figures_stand_beside_with_what_they_are_made_of(w, open_week):
    planned = add_case(w, "AR-0002", referred_on=REFERRED)
    run(change_plans.establish, planned, OPENED, by=w.manager)
    add_case(w, "AR-0003", kind=CaseKind.ADDICTION)

    at = open_week(w)

    shown = {metric.label: metric.value for metric in at.metric}
    assert shown == {
        "Täckning, förändringsplaner": "50\u00a0%",
        "Andel aktuella planer": "0\u00a0%",
        "BKA 2024": "–",
    }
    assert "**2** hushåll" in said(at)
    assert "1 av 2 hushåll har en plan" in said(at)
    assert "0 av 2 hushåll" in said(at)
    assert "och 1 andra pågående ärenden" in said(at)


def test_each_figure_shows_the_indicator_and_the_goals_it_counts_towards(w, open_week):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        board = goals.goal(session, unit, level=GoalLevel.BOARD_GOAL, name="Fler i arbete")
        own = goals.goal(session, unit, above=board, name="Alla har en plan")
        goals.indicator(
            session,
            own,
            "Andel aktuella planer i enheten",
            Decimal(80),
            computed=ComputedFigure.PLANS_CURRENT_SHARE,
        )

    at = open_week(w)

    assert (
        "Räknas mot **Andel aktuella planer i enheten**: enheten 0\u00a0%, mål 80\u00a0%"
        in said(at)
    )
    assert "Uppfylls ej" in said(at)
    assert said(at).count("Alla har en plan → Fler i arbete") == 1

    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    at = tap(open_week(w), w.case_id)
    assert said(at).count("Räknas mot **Andel aktuella planer i enheten**") == 2


def test_what_was_reported_by_mistake_is_taken_back_and_kept(w, open_week):
    run(change_plans.establish, w.case_id, MARCH, by=w.caseworker)
    run(change_plans.revise, w.case_id, YESTERDAY, by=w.caseworker)
    at = open_week(w)
    at = at.toggle(key="week-all").set_value(True).run()
    at = do(tap(at, w.case_id, "case"), w.case_id, "Rätta fel")
    assert at.radio[0].options == ["Plan reviderad 26 maj 2024", "Plan upprättad 1 mars 2024"]

    press(at, "Ta bort")

    assert rows(PlanRevision)[0].voided_by_id == w.caseworker.user_id
    assert rows(ChangePlan)[0].voided_at is None


def test_there_is_nothing_to_take_back_on_a_case_without_reports(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Rätta fel")
    assert "Inget är rapporterat på ärendet." in [info.value for info in at.info]


def test_what_was_done_today_can_be_undone(w, open_week):
    add_case(w, "AR-0002")
    run(cases.close, w.case_id, cases.Closing(TODAY), version=1, by=w.caseworker)
    press(open_week(w), "Ångra avslutet av AR-0001")
    assert rows(Case, id=w.case_id)[0].closed_on is None
