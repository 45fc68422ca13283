"""Min vecka one thing at a time, as a table, put off, undone, and with what each entry did."""

import datetime as dt
from decimal import Decimal

import pytest
import streamlit

from core import db
from core.auth import Scope
from core.models import (
    Case,
    Caseworker,
    ChangePlan,
    ChildImpactAnalysis,
    Group,
    MeasureChoice,
    MeasureEntry,
    PlanRevision,
    ReminderSnooze,
    Unit,
)
from core.queries import cache
from core.queries.todo import todo_list
from core.services import change_plans, child_impact, reminders
from core.services.child_impact import NewDecision
from core.services.reminders import NewSnooze
from core.terms import (
    CaseReference,
    ComputedFigure,
    DecisionKind,
    ExemptionReason,
    Gender,
    GoalLevel,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
    ReminderKind,
)
from pages.common import week_reports
from pages.common.week_table_parts import EXEMPTIONS
from tests import factories as make
from tests import factories_goals as goals
from tests import factories_measures as measures
from tests.factories_cases import OPENED, REFERRED, TODAY, rows, run, world
from tests.pages.test_my_week import (
    PAGE,
    add_case,
    choice,
    date_of,
    do,
    press,
    rows_of,
    said,
    select,
    tap,
)

MARCH = make.day("2024-03-01")
NBSP = "\u00a0"


@pytest.fixture
def w(store, today):
    """A unit with an overdue case of Ada's, with two children."""
    today(TODAY)
    return world()


@pytest.fixture
def open_week(open_page):
    """Min vecka as Ada sees it."""
    return lambda w: open_page(PAGE, w.caseworker)


def mode(at, name):
    return choice(at, "Arbetssätt").select(name).run()


def indicator(w, name="Andel aktuella planer", **fields):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        board = goals.goal(session, unit, level=GoalLevel.BOARD_GOAL, name="Fler i arbete")
        own = goals.goal(session, unit, above=board, name="Alla har en plan")
        return goals.indicator(session, own, name, Decimal(80), **fields).id


def decide(w, children):
    new = NewDecision(MARCH, DecisionKind.REFUSAL, dict.fromkeys(children))
    return run(child_impact.register_decision, w.case_id, new, by=w.manager)


def point(w, kind=MeasureKind.NUMBER, **fields):
    with db.write() as session:
        return measures.point(session, session.get_one(Unit, w.unit_id), kind, **fields).id


# One thing at a time


def test_one_thing_at_a_time_saves_with_one_button_and_goes_on_to_the_next(w, open_week):
    decide(w, [1, 2])
    add_case(w, "AR-0002")
    at = mode(open_week(w), "Snabbläge")
    assert [bar.proto.text for bar in at.get("progress")] == ["1 av 3"]
    assert [heading.value for heading in at.subheader] == ["AR-0001"]
    at = press(at, "Registrera 2 analyser")
    assert len(rows(ChildImpactAnalysis)) == 2

    assert [bar.proto.text for bar in at.get("progress")] == ["1 av 2"]
    at = press(at, "Upprätta plan")
    assert rows(ChangePlan)[0].established_on == TODAY
    at = press(at, "Remittera")
    assert at.success[0].value == "Klart. Inget mer de närmaste 14 dagarna."


def test_a_report_right_after_one_of_its_kind_needs_no_new_reading_before_it(
    w, open_week, monkeypatch
):
    readings, read = [], week_reports._read
    monkeypatch.setattr(week_reports, "_read", lambda *args: readings.append(args) or read(*args))
    for number in (2, 3):
        add_case(w, f"AR-000{number}", referred_on=REFERRED)
    at = press(mode(open_week(w), "Snabbläge"), "Upprätta plan")
    before = len(readings)
    press(at, "Upprätta plan")

    assert len(rows(ChangePlan)) == 2
    assert before > 0
    assert len(readings) == before


def test_next_and_previous_go_round_without_saving(w, open_week):
    add_case(w, "AR-0002")
    at = mode(open_week(w), "Snabbläge")
    for label, expected in (("Nästa", "AR-0002"), ("Nästa", "AR-0001"), ("Förra", "AR-0002")):
        at = press(at, label)
        assert [heading.value for heading in at.subheader] == [expected]
    assert rows(ChangePlan) == []


def test_more_about_one_thing_opens_all_that_can_be_done(w, open_week):
    at = press(mode(open_week(w), "Snabbläge"), "Mer om detta")
    assert not at.exception
    assert "Undanta" in choice(at, "Vad har hänt?").options
    press(at, "Upprätta plan")
    assert len(rows(ChangePlan)) == 1


# What was done


def test_what_was_just_done_is_told_with_its_effect_and_undone_by_one_tap(w, open_week):
    indicator(w, computed=ComputedFigure.PLANS_CURRENT_SHARE)
    at = press(tap(open_week(w), w.case_id), "Upprätta plan")

    moved = f"gick från 0{NBSP}% till 100{NBSP}%"
    assert "AR-0001: planen är upprättad" in said(at)
    assert f"**Andel aktuella planer**: enheten {moved}, dina egna ärenden {moved}." in said(at)
    assert at.success[0].value == "Inget att göra de närmaste 14 dagarna."

    at = press(at, "Ångra")

    assert rows(ChangePlan)[0].voided_by_id == w.caseworker.user_id
    assert len(rows_of(at).options) == 1
    assert "planen är upprättad" not in said(at)


def test_an_entry_that_moved_nothing_says_so(w, open_week):
    indicator(w, computed=ComputedFigure.PLANS_CURRENT_SHARE)
    run(change_plans.establish, w.case_id, TODAY, by=w.manager)
    at = open_week(w).toggle(key="week-all").set_value(True).run()
    at = tap(at, w.case_id, "case")
    date_of(at, "Reviderad").set_value(TODAY)
    at = press(at, "Revidera plan")
    assert f"enheten står kvar på 100{NBSP}%, dina egna ärenden står kvar på" in said(at)


def test_the_word_about_what_was_done_can_be_closed(w, open_week):
    at = press(tap(open_week(w), w.case_id), "Upprätta plan")
    at = press(at, "Stäng")
    assert "planen är upprättad" not in said(at)


# Put off


def test_a_reminder_is_put_off_with_a_reason_and_shows_apart_until_it_is_wanted_back(w, open_week):
    at = do(tap(open_week(w), w.case_id), w.case_id, "Skjut upp")
    at = press(at, "Skjut upp")
    assert "Skriv varför påminnelsen skjuts upp." in said(at)

    at = choice(at, "Varför?").select("Väntar på underlag").run()
    at = press(at, "Skjut upp")
    (row,) = rows(ReminderSnooze)
    assert (row.kind, row.reason) == (ReminderKind.PLAN, "Väntar på underlag")
    assert row.ends_on == TODAY + dt.timedelta(days=14)
    assert rows_of(at, "Uppskjutet").options == [
        "**AR-0001** förändringsplanen, till och med 10 juni: Väntar på underlag"
    ]
    assert "**1** uppskjuten" in said(at)
    assert {m.label: m.value for m in at.metric}["Täckning, förändringsplaner"] == f"0{NBSP}%"

    at = rows_of(at, "Uppskjutet").select(f"plan-{w.case_id}").run()
    at = press(at, "Visa igen")
    assert rows(ReminderSnooze)[0].voided_at is not None
    assert len(rows_of(at).options) == 1


def test_the_analyses_of_a_case_are_put_off_by_themselves(w, open_week):
    decision_id = decide(w, [1])
    at = tap(open_week(w), decision_id, "bka")
    at = choice(at, "Vad vill du göra?").select("Skjut upp").run()
    at.text_input[0].set_value("Väntar på vårdnadshavaren 811218-9876")
    at = press(at, "Skjut upp")
    assert "personnummer" in said(at)
    at.text_input[0].set_value("Väntar på samtal")
    at = press(at, "Skjut upp")
    assert rows(ReminderSnooze)[0].kind is ReminderKind.CHILD_IMPACT
    assert [words.split("**")[1] for words in rows_of(at).options] == ["AR-0001"]

    at = press(at, "Ångra")
    assert len(rows_of(at).options) == 2


def test_what_was_put_off_can_be_done_all_the_same(w, open_week):
    new = NewSnooze(ReminderKind.PLAN, "Väntar", TODAY)
    run(reminders.snooze, w.case_id, new, by=w.caseworker)
    at = rows_of(open_week(w), "Uppskjutet").select(f"plan-{w.case_id}").run()
    press(at, "Upprätta plan")
    assert len(rows(ChangePlan)) == 1


# The table


@pytest.fixture
def edit(monkeypatch):
    """Edit cells of the table by case and column: `edit({(case_id, "Remitterat"): day})`."""
    cells = {}

    def editor(frame, **options):
        edited = frame.copy()
        for (case_id, column), value in cells.items():
            edited.loc[case_id, column] = value
        assert list(options["disabled"]) == ["Ärende", "Status", "Senast"]
        return edited

    monkeypatch.setattr(streamlit, "data_editor", editor)

    def change(new):
        cells.clear()
        cells.update(new)

    return change


def test_the_table_tells_what_will_change_and_saves_all_of_it(w, open_week, edit):
    second = add_case(w, "AR-0002")
    at = mode(open_week(w), "Tabell")
    assert at.info[0].value == "Inget är ändrat än."
    reason = next(iter(EXEMPTIONS))
    edit(
        {
            (w.case_id, "Plan upprättad"): MARCH,
            (w.case_id, "Senast reviderad"): TODAY,
            (second, "Remitterat"): TODAY,
            (second, "Undanta en månad"): reason,
        }
    )
    at = at.run()
    assert "**4 ändringar i 2 ärenden**" in said(at)
    assert f"| AR-0001 | Plan upprättad | – | **{MARCH}** |" in said(at)
    assert f"| AR-0002 | Undanta en månad | – | **{reason}** |" in said(at)
    assert rows(ChangePlan) == []

    at = press(at, "Spara 4 ändringar")

    assert rows(ChangePlan)[0].established_on == MARCH
    assert rows(PlanRevision)[0].revised_on == TODAY
    assert rows(Case, id=second)[0].referred_on == TODAY
    assert EXEMPTIONS[reason] is ExemptionReason.MOVES_WITHIN_A_MONTH
    assert "Tabellen är sparad, 2 ärenden" in said(at)

    edit({})
    at = press(at, "Ångra")
    assert rows(ChangePlan)[0].voided_at is not None
    assert rows(Case, id=second)[0].referred_on is None


def test_a_refused_cell_is_told_at_its_row_and_nothing_is_lost(w, open_week, edit):
    second = add_case(w, "AR-0002")
    edit({(w.case_id, "Plan upprättad"): MARCH, (second, "Remitterat"): dt.date(2024, 1, 2)})
    at = press(mode(open_week(w), "Tabell"), "Spara 2 ändringar")
    assert rows(ChangePlan) == []
    assert "| AR-0002 | :red[:material/error: Ärendet öppnades 2024-01-10." in said(at)
    assert "Inget är sparat, och allt du har skrivit står kvar." in at.error[0].value

    edit({(w.case_id, "Plan upprättad"): MARCH, (second, "Remitterat"): TODAY})
    press(at.run(), "Spara 2 ändringar")
    assert rows(Case, id=second)[0].referred_on == TODAY


def test_a_row_that_somebody_else_changed_is_told_and_fetched_with_the_rest_kept(
    w, open_week, edit
):
    second = add_case(w, "AR-0002")
    at = mode(open_week(w), "Tabell")
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    edit({(w.case_id, "Senast reviderad"): TODAY, (second, "Remitterat"): TODAY})
    at = press(at.run(), "Spara 2 ändringar")
    assert "Någon annan har ändrat ärendet sedan tabellen öppnades. Ändrat: plan upprättad." in (
        said(at)
    )
    assert rows(Case, id=second)[0].referred_on is None

    at = press(at, "Hämta det senaste för de ärendena")
    press(at, "Spara 2 ändringar")
    assert rows(PlanRevision)[0].revised_on == TODAY
    assert rows(Case, id=second)[0].referred_on == TODAY


def test_edits_stay_on_their_case_when_the_order_changes_meanwhile(w, open_week, edit):
    second = add_case(w, "AR-0002", referred_on=make.day("2024-02-01"))
    at = mode(open_week(w), "Tabell")
    run(change_plans.establish, w.case_id, TODAY, by=w.manager)  # now the second case comes first
    edit({(second, "Plan upprättad"): MARCH})
    press(at.run(), "Spara 1 ändring")
    assert {(row.case_id, row.established_on) for row in rows(ChangePlan)} == {
        (w.case_id, TODAY),
        (second, MARCH),
    }


def test_the_table_can_be_begun_again_with_the_latest(w, open_week, edit):
    at = mode(open_week(w), "Tabell")
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    edit({(w.case_id, "Senast reviderad"): TODAY})
    at = press(at.run(), "Börja om med det senaste")
    press(at, "Spara 1 ändring")
    assert rows(PlanRevision)[0].revised_on == TODAY


# Measure points


def test_a_number_that_is_due_is_reported_and_leaves_the_list(w, open_week):
    fed = indicator(w, "Besök i väntrummet", unit_of_measure=IndicatorUnit.COUNT)
    point(w, name="Nybesök", indicator_id=fed, feed=MeasureFeed.SUM, number_label="Antal besök")
    at = open_week(w)
    assert any("Nybesök" in words for words in rows_of(at).options)
    key = next(key for key in _keys(w) if key.startswith("measure"))
    at = rows_of(at).select(key).run()
    assert "Räknas mot **Besök i väntrummet**" in said(at)
    at = press(at, "Rapportera")
    assert "Fyll i ett tal, 0 om det inte är något." in said(at)
    at.text_input[0].set_value("4")
    at = press(at, "Rapportera")
    (entry,) = rows(MeasureEntry)
    assert (entry.value, entry.caseworker_id) == (Decimal(4), w.caseworker_id)
    assert "**Besök i väntrummet**: enheten gick från – till 4." in said(at)
    assert key not in _keys(w)

    at = press(at, "Ångra")
    assert rows(MeasureEntry)[0].voided_at is not None


def _keys(w):
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=w.caseworker_id)
        return [item.key for item in todo_list(session, scope, on=TODAY).items]


def test_each_case_is_answered_by_one_tap_one_after_the_other(w, open_week):
    add_case(w, "AR-0002")
    point(
        w,
        MeasureKind.CASE_CHECK,
        name="Genomgång",
        frequency=MeasureFrequency.MONTH,
        subject=MeasureSubject.OPEN_CASES,
        case_reference=CaseReference.REQUIRED,
        choices=measures.YES_NO,
        valid_from="2024-05-01",
    )
    at = open_week(w)
    assert any("2 ärenden kvar" in words for words in rows_of(at).options)
    at = mode(at, "Snabbläge")
    answered = set()
    for _ in range(4):
        if any(button.label == "Ja" for button in at.button):
            answered.add(at.subheader[0].value)
            at = press(at, "Ja")
        else:
            at = press(at, "Nästa")
    assert answered == {"Genomgång, AR-0001", "Genomgång, AR-0002"}
    assert {entry.case_id for entry in rows(MeasureEntry)} >= {w.case_id}


def test_answers_with_gender_are_reported_and_nothing_to_report_too(w, open_week):
    fields = {
        "name": "Klientens situation",
        "frequency": MeasureFrequency.MONTH,
        "valid_from": "2024-04-01",
        "with_gender": True,
        "choices": measures.YES_NO,
    }
    point(w, MeasureKind.CHOICE, **fields)
    at = open_week(w)
    april, may = [key for key in _keys(w) if key.startswith("measure")]
    at = press(rows_of(at).select(april).run(), "Inget att rapportera")
    assert rows(MeasureEntry)[0].none_to_report

    at = rows_of(at).select(may).run()
    at = press(at, "Rapportera")
    assert "Välj ett svar." in said(at)
    assert "Välj kön." in said(at)
    choice(at, "Svar").select(choice_id(w))
    choice(at, "Kön").select(Gender.WOMAN)
    at = press(at, "Rapportera")
    assert len(rows(MeasureEntry)) == 2


def choice_id(w, label="Ja"):
    return next(row.id for row in rows(MeasureChoice) if row.label == label)


def test_an_event_is_reported_when_it_happens_and_put_right_afterwards(w, open_week):
    point(
        w,
        MeasureKind.EVENT,
        name="Felaktig utbetalning",
        frequency=MeasureFrequency.WHEN_IT_HAPPENS,
        number_label="Belopp",
        number_unit="kr",
        case_reference=CaseReference.OPTIONAL,
        choices=measures.YES_NO,
    )
    at = press(open_week(w), "Rapportera något annat")
    at.text_input[0].set_value("1 250,50")
    choice(at, "Svar").select(choice_id(w))
    at = press(at, "Rapportera")
    (entry,) = rows(MeasureEntry)
    assert (entry.value, entry.measured_on) == (Decimal("1250.5"), TODAY)

    at = press(at, "Rapportera något annat")
    at = choice(at, "Vad vill du göra?").select("Rätta eller ta bort").run()
    at = select(at, "Vilken rapport blev fel?").select_index(0).run()
    at.text_input[0].set_value("1 200")
    at = press(at, "Spara rättelsen")
    old, new = rows(MeasureEntry)
    assert (new.value, new.voided_at) == (Decimal(1200), None)
    assert old.voided_at is not None

    at = press(at, "Rapportera något annat")
    at = choice(at, "Vad vill du göra?").select("Rätta eller ta bort").run()
    at = select(at, "Vilken rapport blev fel?").select_index(0).run()
    press(at, "Ta bort rapporten")
    assert all(row.voided_at for row in rows(MeasureEntry))


# Own development


def test_own_development_stands_beside_the_groups_median_only_in_a_large_group(w, open_week):
    def colleagues(count):
        with db.write() as session:
            unit = session.get_one(Unit, w.unit_id)
            ada = session.get_one(Caseworker, w.caseworker_id)
            group = session.get_one(Group, ada.group_id)
            for _ in range(count):
                one = make.caseworker(session, unit, group_id=group.id)
                case = make.case(
                    session, unit, OPENED, caseworker=one, group=group, referred_on=OPENED
                )
                make.plan(session, case, OPENED)

    def opened():
        cache.clear()
        at = open_week(w)
        at.session_state["week-own"] = True
        return at.run()

    colleagues(3)
    captions = " ".join(caption.value for caption in opened().caption)
    assert "färre än 5 handläggare" in captions
    colleagues(1)
    at = opened()
    captions = " ".join(caption.value for caption in at.caption)
    assert "Gruppens median är den mittersta" in captions
    at = at.toggle(key="week-own-table").set_value(True).run()
    assert not at.exception
    assert not any("Handläggare" in value.value for value in at.markdown)
