"""Rapporteringsläge: what managers see of everybody, and a handläggare of the own."""

import pytest
from icalendar import Calendar

from core import db
from core.auth import Role, Scope
from core.models import Caseworker, ReminderSnooze, Unit
from core.queries.reporting import deadlines
from core.terms import MeasureFeed, MeasureKind, MeasureSubject, ReminderKind
from pages.common import reporting_parts as parts
from tests import factories as make
from tests import factories_goals as goals
from tests import factories_measures as measures
from tests.factories import day
from tests.factories_cases import TODAY, world

PAGE = "reporting/reporting_status.py"
NBSP = "\u00a0"


@pytest.fixture
def w(store, today):
    """Visits are counted each week, due on its Sunday: Ada has reported week 21, Bo has not."""
    today(TODAY)
    w = world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        point = measures.point(session, unit, valid_from="2024-05-20", due_days=0, name="Besök")
        measures.entry(session, point, "2024-05-20", caseworker=ada, value=4)
        make.save(
            session,
            ReminderSnooze(
                unit_id=w.unit_id,
                case_id=w.case_id,
                kind=ReminderKind.PLAN,
                reason="Väntar på läkarintyg",
                starts_on=day("2024-05-20"),
                ends_on=day("2024-06-10"),
            ),
        )
    return w


def tiles_of(at):
    return {metric.label: metric.value for metric in at.metric}


def table_of(at, name):
    return next(
        (html.proto.body for html in at.get("html") if f"<caption>{name}" in html.proto.body), ""
    )


def test_a_manager_sees_who_is_late_and_gets_words_for_a_mail(w, open_page):
    at = open_page(PAGE, w.manager)

    assert not at.exception
    assert tiles_of(at) == {
        "Rapporterat": f"50{NBSP}%",
        "Försenade": "1",
        "Uppskjutna påminnelser": "1",
    }
    late = table_of(at, "Rapportering, försenade")
    assert "Bo" in late
    assert "vecka 21 2024" in late
    assert "Ada" not in late
    assert at.code[0].value == (
        "Hej! Det här är inte rapporterat än i Röda tråden:\n\n"
        "Bo:\n- Besök, vecka 21 2024 (skulle ha varit klart 2024-05-26)"
    )


def test_each_measure_point_is_summed_for_each_period(w, open_page):
    body = table_of(open_page(PAGE, w.manager), "Per mätpunkt")

    assert "vecka 21 2024" in body
    assert "försenad" in body
    assert "vecka 22 2024" in body
    assert "inom 14 dagar" in body


def test_who_decides_on_points_is_told_of_one_left_on_a_past_years_indicator(w, open_page):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        row = goals.indicator(session, goals.goal(session, unit, 2023))
        feed = {"indicator_id": row.id, "feed": MeasureFeed.SUM}
        measures.point(session, unit, valid_from="2024-05-20", name="Samtal", **feed)

    told = "Samtal: Indikatorn hör till 2023. Koppla mätpunkten till årets indikator."
    assert [x.value for x in open_page(PAGE, w.actors["developer"]).warning] == [told]
    assert not open_page(PAGE, w.actors["group_manager"]).warning


def test_what_is_reported_can_be_looked_at(w, open_page):
    at = open_page(PAGE, w.manager)
    at.segmented_control(key="reporting-state").set_value("Rapporterade").run()

    assert "Ada" in table_of(at, "Rapportering, rapporterade")


def test_a_month_without_reporting_says_what_decides_it(w, open_page):
    at = open_page(PAGE, w.manager)
    at.selectbox(key="reporting-period").set_value("April 2024").run()

    assert any("Inget är att rapportera" in info.value for info in at.info)


def test_a_reminder_put_off_is_seen_with_its_reason_and_end(w, open_page):
    body = table_of(open_page(PAGE, w.manager), "Uppskjutna påminnelser")

    for part in ("AR-0001", "Väntar på läkarintyg", "2024-06-10"):
        assert part in body


def test_a_group_manager_sees_the_own_group_only(w, open_page):
    at = open_page(PAGE, w.actors["group_manager"])

    assert not at.exception
    assert tiles_of(at)["Rapporterat"] == f"100{NBSP}%"
    assert not any("Bo" in html.proto.body for html in at.get("html"))


def test_a_caseworker_sees_the_own_rows_only(w, open_page):
    at = open_page(PAGE, w.actors["colleague"])

    assert not at.exception
    assert "Mina rapporter" in [header.value for header in at.subheader]
    assert tiles_of(at)["Försenade"] == "1"
    assert not at.code
    assert not any("Ada" in html.proto.body for html in at.get("html"))


def test_the_calendar_file_holds_the_half_years_deadlines(w):
    with db.read() as session:
        coming = deadlines(session, Scope(w.unit_id), on=TODAY, until=day("2024-11-27"))
    book = Calendar.from_ical(parts.calendar_file(coming, "Enheten", w.unit_id)())
    events = book.walk("VEVENT")
    assert len(events) == 26  # the Sundays from 2 June to 24 November
    assert str(events[0]["summary"]) == "Rapportera: Besök"
    assert events[0].decoded("dtstart") == day("2024-06-02")
    assert "vecka 22 2024" in str(events[0]["description"])


@pytest.mark.parametrize("role", [Role.UNIT_MANAGER, Role.CASEWORKER])
def test_a_unit_that_counts_nothing_is_told_where_to_begin(store, today, open_page, role):
    today(TODAY)
    w = world()
    at = open_page(PAGE, w.actors[role.value])
    assert not at.exception
    assert any("Mätpunkter" in info.value for info in at.info)


def test_a_manager_reports_what_managers_are_asked(w, open_page):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        point = measures.point(
            session,
            unit,
            kind=MeasureKind.CHOICE,
            valid_from="2024-05-20",
            due_days=0,
            name="Medarbetarsamtal",
            reporter=Role.UNIT_MANAGER,
            subject=MeasureSubject.CASEWORKERS,
            choices=measures.YES_NO,
        )
        yes = measures.known(session, point).latest.choices[0].choice_id
    at = open_page(PAGE, w.manager)
    due = at.selectbox(key="status-due")
    assert not at.exception
    assert [option.split(", ")[:2] for option in due.options[:2]] == [
        ["Medarbetarsamtal", "Ada"],
        ["Medarbetarsamtal", "Bo"],
    ]
    before = len(due.options)
    answer = next(one for one in at.button_group if one.label == "Svar")
    answer.select(yes)
    next(button for button in at.button if button.label == "Rapportera").click().run()
    assert not at.exception
    assert len(at.selectbox(key="status-due").options) == before - 1


def test_a_caseworker_is_sent_to_the_own_week_to_report(w, open_page):
    at = open_page(PAGE, w.actors["colleague"])
    assert not [header for header in at.subheader if header.value == "Rapportera"]
