"""What is due, who has reported it and what it says, from the queries, by hand and by slow code."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import event

from core import db
from core.auth import Role, Scope
from core.models import MeasurePoint
from core.queries import cache
from core.queries.indicator_series import indicator_series
from core.queries.indicators import indicator_statuses, indicators
from core.queries.keys import By
from core.queries.measure_entries import COLUMNS, entries, measure_points
from core.queries.measure_overview import PointState, feedable, overview
from core.queries.measure_points import definitions, due_items, reporting_status
from core.queries.measured import reports_by_indicator
from core.rules.measure_points import ReportStatus
from core.terms import (
    Accumulation,
    CaseReference,
    ChoiceCounts,
    ClosingReason,
    ComputedFigure,
    Fulfilment,
    Gender,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
    Periodicity,
)
from tests import factories as make
from tests import factories_goals as make_goals
from tests.factories_measures import YES_NO, day, define, entry, point

MAY = dt.date(2024, 5, 27)
WEEK, MONTH, QUARTER = MeasureFrequency.WEEK, MeasureFrequency.MONTH, MeasureFrequency.QUARTER
WHEN = MeasureFrequency.WHEN_IT_HAPPENS


@pytest.fixture
def world(store):
    with db.write() as session:
        unit = make.unit(session)
        one, two = (make.group(session, unit, name=name) for name in ("Ett", "Två"))
        anna = make.caseworker(session, unit, name="Anna", group_id=one.id)
        bo = make.caseworker(session, unit, name="Bo", group_id=two.id)
        make.caseworker(session, unit, name="Slutat", group_id=two.id, active=False)
    return {"unit": unit, "one": one, "two": two, "anna": anna, "bo": bo}


@pytest.fixture
def scope(world):
    return Scope(world["unit"].id)


def due(scope, on=MAY):
    with db.read() as session:
        return due_items(session, scope, on=on)


def status(scope, on=MAY, **period):
    with db.read() as session:
        return reporting_status(session, scope, on=on, **period)


def short(items):
    return [(i.who, str(i.period.start), i.status.value) for i in items]


def test_what_is_due_is_each_caseworkers_latest_periods_without_a_report(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], valid_from="2024-05-13", frequency=WEEK, due_days=3)
        entry(session, row, "2024-05-19", caseworker=world["anna"], value=Decimal(1))
        entry(session, row, "2024-05-26", caseworker=world["bo"], value=Decimal(0))

    assert short(due(scope)) == [
        ("Bo", "2024-05-13", "overdue"),
        ("Anna", "2024-05-20", "due"),
        ("Anna", "2024-05-27", "coming"),
        ("Bo", "2024-05-27", "coming"),
    ]


def test_a_scope_sees_its_own_and_no_others(world, scope):
    with db.write() as session:
        point(session, world["unit"], valid_from="2024-05-20", frequency=WEEK, name="Egna")
        point(
            session,
            world["unit"],
            valid_from="2024-05-20",
            frequency=WEEK,
            name="Gruppens",
            reporter=Role.GROUP_MANAGER,
        )
        point(
            session,
            world["unit"],
            valid_from="2024-05-20",
            frequency=WEEK,
            name="Enhetens",
            reporter=Role.UNIT_MANAGER,
        )

    def seen(**narrowed):
        found = due(Scope(world["unit"].id, **narrowed))
        return {(i.definition.name, i.who) for i in found}

    assert seen(caseworker_id=world["anna"].id) == {("Egna", "Anna")}
    assert seen(group_id=world["one"].id) == {("Egna", "Anna"), ("Gruppens", "Ett")}
    assert ("Enhetens", "enheten") in seen()
    assert len(seen()) == 5


def test_a_point_for_one_group_is_asked_of_that_group_alone(world, scope):
    with db.write() as session:
        point(
            session,
            world["unit"],
            valid_from="2024-05-20",
            frequency=WEEK,
            group_id=world["two"].id,
        )

    assert {i.who for i in due(scope)} == {"Bo"}


def test_what_comes_up_later_or_never_has_no_item(world, scope):
    with db.write() as session:
        point(session, world["unit"], MeasureKind.EVENT, frequency=WHEN)
        point(session, world["unit"], frequency=MONTH, valid_from="2024-06-01")
        point(
            session,
            world["unit"],
            frequency=WEEK,
            ended_on=day("2024-01-01"),
            valid_from="2024-01-01",
        )

    found = due(scope)
    assert {i.period.end for i in found} == {day("2024-01-01")}


def test_each_open_case_of_a_period_is_asked_about(world, scope):
    with db.write() as session:
        row = point(
            session,
            world["unit"],
            MeasureKind.CASE_CHECK,
            valid_from="2024-01-01",
            frequency=QUARTER,
            subject=MeasureSubject.OPEN_CASES,
            case_reference=CaseReference.REQUIRED,
            choices=YES_NO,
        )
        unit, anna, one = world["unit"], world["anna"], world["one"]
        answered, open_then, moved = (
            make.case(
                session, unit, day("2024-01-10"), reference=f"AR-000{n}", caseworker=anna, group=one
            )
            for n in (1, 2, 3)
        )
        make.case(session, unit, day("2024-01-10"), closed_on=day("2024-03-31"), caseworker=anna)
        make.case(session, unit, day("2024-04-01"), caseworker=anna)
        nobodys = make.case(session, unit, day("2024-03-31"), reference="AR-0009")
        make.assign(session, moved, day("2024-04-02"), caseworker=world["bo"], group=world["two"])
        entry(session, row, "2024-02-01", caseworker=anna, case=answered, answers="Nej")

    found = [i for i in due(scope) if i.period.end == day("2024-03-31")]
    assert [(i.reference, i.who, i.status) for i in found] == [
        (open_then.reference, "Anna", ReportStatus.OVERDUE),
        (moved.reference, "Anna", ReportStatus.OVERDUE),
        (nobodys.reference, "utan handläggare", ReportStatus.OVERDUE),
    ]
    assert {i.case_id for i in due(Scope(world["unit"].id, caseworker_id=world["anna"].id))} == {
        open_then.id,
        moved.id,
    }


def method(session, world, frequency=WHEN, due_days=14):
    return point(
        session,
        world["unit"],
        MeasureKind.CHOICE,
        valid_from="2024-01-01",
        frequency=frequency,
        due_days=due_days,
        subject=MeasureSubject.SELF_SUPPORT_CLOSINGS,
        case_reference=CaseReference.REQUIRED,
        choices=YES_NO,
    )


def test_each_case_that_ended_in_self_support_is_asked_about(world, scope):
    with db.write() as session:
        row = method(session, world)
        for number, (reason, closed_on) in enumerate(
            [
                (ClosingReason.WORK, "2024-05-20"),
                (ClosingReason.STUDIES, "2024-05-10"),
                (ClosingReason.HIGHER_INCOME, "2024-02-25"),
                (ClosingReason.HIGHER_INCOME, "2024-02-24"),
                (ClosingReason.PENSION, "2024-05-20"),
                (ClosingReason.WORK, "2024-05-28"),
                (None, "2024-05-20"),
            ],
            1,
        ):
            case = make.case(
                session,
                world["unit"],
                day("2024-01-01"),
                reference=f"AR-{number}",
                closed_on=day(closed_on),
                closing_reason=reason,
                caseworker=world["anna"],
                group=world["one"],
            )
            if number == 2:
                entry(session, row, closed_on, caseworker=world["anna"], case=case, answers="Ja")

    assert [(i.reference, i.status, str(i.due_on)) for i in due(scope)] == [
        ("AR-3", ReportStatus.OVERDUE, "2024-03-10"),
        ("AR-1", ReportStatus.DUE, "2024-06-03"),
    ]


def test_closings_can_be_asked_about_by_month(world, scope):
    with db.write() as session:
        method(session, world, MONTH, 5)
        make.case(
            session,
            world["unit"],
            day("2024-01-01"),
            closed_on=day("2024-05-02"),
            closing_reason=ClosingReason.WORK,
            caseworker=world["anna"],
        )

    (item,) = due(scope)
    assert (str(item.period.start), str(item.due_on)) == ("2024-05-01", "2024-06-05")


def test_a_manager_is_asked_about_each_caseworker(world, scope):
    with db.write() as session:
        row = point(
            session,
            world["unit"],
            MeasureKind.CHOICE,
            valid_from="2024-01-01",
            frequency=QUARTER,
            reporter=Role.GROUP_MANAGER,
            subject=MeasureSubject.CASEWORKERS,
            choices=YES_NO,
        )
        entry(
            session, row, "2024-03-01", caseworker=world["anna"], group=world["one"], answers="Ja"
        )

    assert short(due(scope)) == [("Bo", "2024-01-01", "overdue")]
    assert due(Scope(world["unit"].id, group_id=world["one"].id)) == ()
    assert due(Scope(world["unit"].id, caseworker_id=world["bo"].id)) == ()


def test_rapporteringslaget_tells_how_much_of_what_was_asked_is_reported(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], valid_from="2024-05-13", frequency=WEEK, due_days=3)
        entry(session, row, "2024-05-19", caseworker=world["anna"], value=Decimal(1))

    found = status(scope)
    assert [
        (r.who, str(r.period.start), r.reported, r.expected, r.status.value) for r in found
    ] == [
        ("Anna", "2024-05-13", 1, 1, "reported"),
        ("Bo", "2024-05-13", 0, 1, "overdue"),
        ("Anna", "2024-05-20", 0, 1, "due"),
        ("Bo", "2024-05-20", 0, 1, "due"),
        ("Anna", "2024-05-27", 0, 1, "coming"),
        ("Bo", "2024-05-27", 0, 1, "coming"),
    ]
    assert found[0].reported_at is not None
    assert {r.who for r in status(Scope(world["unit"].id, caseworker_id=world["bo"].id))} == {"Bo"}


def test_a_number_by_gender_is_reported_when_both_women_and_men_are(world, scope):
    with db.write() as session:
        row = point(
            session, world["unit"], valid_from="2024-05-20", frequency=WEEK, with_gender=True
        )
    mine = Scope(world["unit"].id, caseworker_id=world["anna"].id)
    seen = []
    for gender in (Gender.WOMAN, Gender.OTHER, Gender.MAN):
        with db.write() as session:
            about = {"caseworker": world["anna"], "gender": gender, "value": Decimal(1)}
            entry(session, row, "2024-05-26", **about)
        cache.clear()
        (first,) = [r for r in status(mine) if str(r.period.start) == "2024-05-20"]
        waiting = [i for i in due(mine) if str(i.period.start) == "2024-05-20"]
        left = waiting[0].genders_left if waiting else None
        seen.append((left, first.reported, first.status.value, first.reported_at is not None))
    assert seen == [
        ((Gender.MAN,), 0, "due", False),
        ((Gender.MAN,), 0, "due", False),
        (None, 1, "reported", True),
    ]


def test_a_report_counts_from_its_own_day_when_an_earlier_one_is_asked_about(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], valid_from="2024-05-20", frequency=WEEK)
        entry(session, row, "2024-05-26", caseworker=world["anna"], value=Decimal(1))

    def reported(on):
        return [r.reported for r in status(scope, on=day(on)) if r.who == "Anna"]

    assert reported("2024-05-25") == [0]
    assert reported("2024-05-26") == [1]


def test_rapporteringslaget_can_be_read_for_any_period(world, scope):
    with db.write() as session:
        point(session, world["unit"], valid_from="2023-01-01", frequency=MONTH)

    found = status(scope, start=day("2023-02-15"), end=day("2023-03-01"))
    assert {str(r.period.start) for r in found} == {"2023-02-01", "2023-03-01"}
    assert status(scope, start=day("2024-06-01"), end=day("2024-07-01")) == ()


def test_somebody_who_has_left_is_asked_only_about_what_they_have_reported(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], valid_from="2024-05-13", frequency=WEEK)
        left = make.caseworker(session, world["unit"], name="Cia", active=False)
        entry(session, row, "2024-05-19", caseworker=left, value=Decimal(1))

    assert [(r.who, str(r.period.start)) for r in status(scope) if r.who == "Cia"] == [
        ("Cia", "2024-05-13")
    ]


def test_cases_are_counted_together_for_who_is_asked_about_them(world, scope):
    with db.write() as session:
        row = point(
            session,
            world["unit"],
            MeasureKind.CASE_CHECK,
            frequency=QUARTER,
            subject=MeasureSubject.OPEN_CASES,
            case_reference=CaseReference.REQUIRED,
            choices=YES_NO,
        )
        for n in range(3):
            case = make.case(
                session,
                world["unit"],
                day("2024-01-01"),
                caseworker=world["anna"],
                group=world["one"],
            )
            if n:
                entry(session, row, "2024-05-02", caseworker=world["anna"], case=case, answers="Ja")

    (now,) = [r for r in status(scope) if r.period.start == day("2024-04-01")]
    assert (now.who, now.reported, now.expected, now.status) == ("Anna", 2, 3, ReportStatus.LATER)


def test_the_forms_of_a_day_are_those_that_are_asked_then(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], name="Före", frequency=WEEK)
        define(session, row, valid_from="2024-05-20", name="Efter", frequency=WEEK)
        point(session, world["unit"], name="Avslutad", ended_on=day("2024-05-19"))

    def names(on):
        with db.read() as session:
            return [d.name for d in definitions(session, scope, on=day(on))]

    assert names("2024-05-19") == ["Avslutad", "Före"]
    assert names("2024-05-20") == ["Efter"]


def count_statements(read):
    """Return how many statements a read sends, with nothing cached."""
    cache.clear()
    sent = []
    listen = ("before_cursor_execute", lambda *args: sent.append(args[2]))
    event.listen(db.engine(), *listen)
    try:
        read()
    finally:
        event.remove(db.engine(), *listen)
    return len([statement for statement in sent if statement.lstrip()[:6] == "SELECT"])


def test_the_number_of_statements_is_the_same_for_a_larger_unit(world, scope):
    def fill(session, points, cases):
        for _ in range(points):
            method(session, world)
            point(session, world["unit"], valid_from="2024-01-01", frequency=WEEK)
            row = point(
                session,
                world["unit"],
                MeasureKind.CASE_CHECK,
                frequency=QUARTER,
                subject=MeasureSubject.OPEN_CASES,
                case_reference=CaseReference.REQUIRED,
                choices=YES_NO,
            )
        for _ in range(cases):
            case = make.case(session, world["unit"], day("2024-01-01"), caseworker=world["anna"])
            entry(session, row, "2024-05-02", caseworker=world["anna"], case=case, answers="Ja")

    with db.write() as session:
        fill(session, 1, 1)
    reads = (
        lambda: due(scope),
        lambda: status(scope),
        lambda: figure(scope),
        lambda: listed(scope),
    )
    before = [count_statements(read) for read in reads]
    with db.write() as session:
        fill(session, 3, 20)
        make.caseworker(session, world["unit"], group_id=world["one"].id)

    assert [count_statements(read) for read in reads] == before
    assert max(before) <= 14


def figure(scope, by=By.NONE, start="2024-01-01", end="2024-05-31", **fields):
    with db.read() as session:
        frame = measure_points(session, scope, start=day(start), end=day(end), by=by, **fields)
    assert list(frame.columns) == COLUMNS
    return [tuple(row) for row in frame.itertuples(index=False)]


def listed(scope, start="2024-01-01", end="2024-05-31", **fields):
    with db.read() as session:
        return entries(session, scope, start=day(start), end=day(end), **fields)


@pytest.fixture
def answered(world):
    with db.write() as session:
        number = point(session, world["unit"], name="Besök", frequency=WEEK, number_unit="kr")
        choice = point(
            session,
            world["unit"],
            MeasureKind.CHOICE,
            name="Nöjd",
            frequency=MONTH,
            with_gender=True,
            choices=YES_NO,
        )
        anna = {"caseworker": world["anna"], "group": world["one"]}
        bo = {"caseworker": world["bo"], "group": world["two"]}
        entry(session, number, "2024-04-07", value=Decimal("2.50"), **anna)
        entry(session, number, "2024-05-05", value=Decimal(3), **bo)
        entry(session, choice, "2024-04-02", answers="Ja", gender=Gender.WOMAN, **anna)
        entry(session, choice, "2024-04-03", answers="Nej", gender=Gender.MAN, **anna)
        entry(session, choice, "2024-05-03", answers="Ja", gender=Gender.WOMAN, **bo)
        entry(session, choice, "2024-05-04", answers="Inte aktuellt", gender=Gender.MAN, **bo)
        entry(session, choice, "2024-05-31", none_to_report=True, **anna)
        entry(session, choice, "2024-06-01", answers="Nej", gender=Gender.MAN, **anna)
    return {"number": number, "choice": choice}


def test_the_figure_adds_numbers_and_counts_answers(answered, scope):
    assert figure(scope) == [
        ("alla", "Besök", "", "", 2, Decimal("5.50"), None),
        ("alla", "Nöjd", "", "Ja", 2, None, Fraction(2, 3)),
        ("alla", "Nöjd", "", "Nej", 1, None, Fraction(1, 3)),
        ("alla", "Nöjd", "", "Inte aktuellt", 1, None, None),
    ]


def test_the_figure_is_split_by_caseworker_group_gender_and_month(answered, scope, world):
    assert [row[0] for row in figure(scope, By.CASEWORKER)] == ["Anna"] * 4 + ["Bo"] * 4
    assert {row[0] for row in figure(scope, By.GROUP)} == {"Ett", "Två"}
    assert ("kvinna", "Nöjd", "", "Ja", 2, None, Fraction(1)) in figure(scope, By.GENDER)
    by_month = figure(scope, By.MONTH, start="2024-03-01")
    assert [row[0] for row in by_month if row[1] == "Besök"] == ["2024-03", "2024-04", "2024-05"]
    assert ("2024-04", "Nöjd", "", "Ja", 1, None, Fraction(1, 2)) in by_month
    assert ("2024-03", "Besök", "", "", 0, Decimal(0), None) in by_month
    own = Scope(world["unit"].id, caseworker_id=world["anna"].id)
    assert figure(own, point_id=answered["number"].id) == [
        ("alla", "Besök", "", "", 1, Decimal("2.50"), None)
    ]


def test_reports_are_listed_in_words_the_latest_first(answered, scope, world):
    found = listed(scope)
    assert [str(e.measured_on) for e in found][:2] == ["2024-05-31", "2024-05-05"]
    assert found[0].nothing
    assert [e.answers for e in found if e.point_id == answered["choice"].id][1:] == [
        (("", "Inte aktuellt"),),
        (("", "Ja"),),
        (("", "Nej"),),
        (("", "Ja"),),
    ]
    assert {e.caseworker for e in found} == {"Anna", "Bo"}
    assert {e.group for e in listed(Scope(world["unit"].id, group_id=world["one"].id))} == {"Ett"}
    assert {e.point_id for e in listed(scope, point_id=answered["number"].id)} == {
        answered["number"].id
    }


def test_an_answer_counts_by_the_definition_it_was_given_under(world, scope):
    with db.write() as session:
        row = point(session, world["unit"], MeasureKind.CHOICE, frequency=MONTH, choices=YES_NO)
        entry(session, row, "2024-04-30", caseworker=world["anna"], answers="Inte aktuellt")
        entry(session, row, "2024-04-30", caseworker=world["anna"], answers="Ja")
        counted = [(label, ChoiceCounts.NO if label != "Ja" else kind) for label, kind in YES_NO]
        define(session, row, valid_from="2024-05-01", frequency=MONTH, choices=counted)
        entry(session, row, "2024-05-02", caseworker=world["anna"], answers="Inte aktuellt")

    shares = {row[3]: (row[4], row[6]) for row in figure(scope)}
    assert shares == {
        "Ja": (1, Fraction(1, 2)),
        "Nej": (0, Fraction(0)),
        "Inte aktuellt": (2, Fraction(1, 2)),
    }


@pytest.fixture
def fed(world, today):
    """A share in % by tertial, fed by a monthly question with gender."""
    today(MAY)
    with db.write() as session:
        goal = make_goals.goal(session, world["unit"])
        row = make_goals.indicator(session, goal, "Bättre", target=50)
        asked = point(
            session,
            world["unit"],
            MeasureKind.CHOICE,
            name="Frågan",
            valid_from="2024-01-01",
            frequency=MONTH,
            with_gender=True,
            choices=YES_NO,
            indicator_id=row.id,
            feed=MeasureFeed.SHARE_YES,
        )
        for on, answer, gender in (
            ("2024-04-30", "Ja", Gender.WOMAN),
            ("2024-05-01", "Ja", Gender.WOMAN),
            ("2024-05-02", "Nej", Gender.MAN),
            ("2024-05-03", "Nej", Gender.MAN),
            ("2024-05-04", "Inte aktuellt", Gender.MAN),
            ("2024-05-28", "Ja", Gender.MAN),
        ):
            entry(session, asked, on, caseworker=world["anna"], answers=answer, gender=gender)
    return {"row": row, "point": asked, "goal": goal}


def test_a_fed_indicator_stands_as_its_reports_do_on_the_day(fed, scope):
    def read(on):
        with db.read() as session:
            (found,) = indicator_statuses(session, scope, on=day(on))
        return found.period, found.value, found.numerator, found.denominator, found.fulfilment

    assert read("2024-04-29") == ("2024", None, None, None, Fulfilment.NO_OUTCOME_YET)
    assert read("2024-04-30") == ("2024-T1", 100, 1, 1, Fulfilment.MET)
    assert read("2024-05-27") == ("2024-T2", Fraction(100, 3), 1, 3, Fulfilment.NOT_MET)
    assert read("2024-05-28") == ("2024-T2", 50, 2, 4, Fulfilment.MET)


def test_a_fed_indicator_has_a_series_with_gender_and_says_where_it_comes_from(fed, scope):
    with db.read() as session:
        view = indicator_series(session, scope, fed["row"].id, on=MAY)
        frame = indicators(session, scope, on=MAY)

    assert [(p.label, p.value, p.value_id) for p in view.points] == [
        ("2024-T1", 100, None),
        ("2024-T2", Fraction(100, 3), None),
    ]
    assert view.points[1].source_name == "Mätpunkten Frågan"
    assert view.points[1].measured_on == day("2024-05-04")
    assert {g.gender: g.value for g in view.genders} == {Gender.WOMAN: 100, Gender.MAN: 0}
    assert view.status.indicator.measured
    assert frame["value"].tolist() == [Fraction(100, 3)]


def test_typed_values_of_other_periods_stay_beside_the_reported(fed, scope):
    with db.write() as session:
        make_goals.value(session, fed["row"], "2023-T3", 40)

    with db.read() as session:
        view = indicator_series(session, scope, fed["row"].id, on=MAY)
    assert (view.points[0].label, view.points[0].value) == ("2023-T3", 40)


def test_a_new_definition_leaves_the_indicators_earlier_values_as_they_were(fed, scope, world):
    with db.write() as session:
        define(
            session,
            fed["point"],
            valid_from="2024-06-01",
            frequency=MONTH,
            choices=[(label, ChoiceCounts.LEFT_OUT) for label, _ in YES_NO],
        )
        entry(session, fed["point"], "2024-06-02", caseworker=world["anna"], answers="Ja")

    with db.read() as session:
        (found,) = indicator_statuses(session, scope, on=day("2024-06-30"))
    assert (found.value, found.numerator, found.denominator) == (50, 2, 4)


def test_one_question_of_several_feeds_an_indicator(world, scope):
    with db.write() as session:
        row = make_goals.indicator(session, make_goals.goal(session, world["unit"]))
        asked = point(
            session,
            world["unit"],
            MeasureKind.CHOICE,
            frequency=MONTH,
            questions=("Ett?", "Två?"),
            choices=YES_NO,
            indicator_id=row.id,
            feed=MeasureFeed.SHARE_YES,
            feed_question=2,
        )
        entry(session, asked, "2024-05-02", caseworker=world["anna"], answers={1: "Nej", 2: "Ja"})
        entry(session, asked, "2024-05-02", caseworker=world["bo"], answers={1: "Nej", 2: "Nej"})

    with db.read() as session:
        (found,) = indicator_statuses(session, scope, on=MAY)
    assert (found.numerator, found.denominator) == (1, 2)


def test_a_sum_over_the_year_adds_amounts_of_its_periods(world, scope):
    with db.write() as session:
        row = make_goals.indicator(
            session,
            make_goals.goal(session, world["unit"]),
            unit_of_measure=IndicatorUnit.KRONOR,
            periodicity=Periodicity.MONTH,
            accumulation=Accumulation.SUM,
        )
        asked = point(
            session,
            world["unit"],
            MeasureKind.EVENT,
            frequency=WHEN,
            number_label="Belopp",
            number_unit="kr",
            choices=[("Vårt fel", ChoiceCounts.YES), ("Annans fel", ChoiceCounts.LEFT_OUT)],
            indicator_id=row.id,
            feed=MeasureFeed.SUM,
        )
        for on, amount, whose in (
            ("2024-01-31", "100.50", "Vårt fel"),
            ("2024-02-01", "50", "Vårt fel"),
            ("2024-02-02", "900", "Annans fel"),
        ):
            entry(session, asked, on, caseworker=world["bo"], value=Decimal(amount), answers=whose)

    with db.read() as session:
        (found,) = indicator_statuses(session, scope, on=MAY)
    assert found.value == Fraction(301, 2)


def test_an_indicators_reports_are_the_same_counted_one_at_a_time(world, scope):
    chance = random.Random(20240527)
    labels = dict(YES_NO)
    expected = {}
    with db.write() as session:
        goal = make_goals.goal(session, world["unit"])
        rows = [make_goals.indicator(session, goal) for _ in range(2)]
        asked = [
            point(
                session,
                world["unit"],
                MeasureKind.CHOICE,
                frequency=MONTH,
                choices=YES_NO,
                indicator_id=row.id,
                feed=MeasureFeed.SHARE_YES,
            )
            for row in (*rows, rows[0])
        ]
        for _ in range(60):
            of, on = chance.choice(asked), day("2024-01-01") + dt.timedelta(chance.randrange(148))
            label = chance.choice(list(labels))
            voided = {"voided_at": dt.datetime.now(dt.UTC)} if chance.random() < 0.2 else {}
            entry(session, of, on, caseworker=world["anna"], answers=label, **voided)
            if not voided:
                fed_one = rows[asked.index(of) % 2].id
                expected.setdefault(fed_one, []).append((on, labels[label]))

    with db.read() as session:
        found = reports_by_indicator(session, scope)
        statuses = indicator_statuses(session, scope, on=MAY)
    for indicator_id, answers in expected.items():
        counted = sorted(
            (r.measured_on, r.answer) for r in found[indicator_id] for _ in range(r.reports)
        )
        assert counted == sorted(answers)
    for one in statuses:
        last = [a for on, a in expected[one.indicator.indicator_id] if on >= day("2024-05-01")]
        yes, no = last.count(ChoiceCounts.YES), last.count(ChoiceCounts.NO)
        assert (one.period, one.numerator, one.denominator) == ("2024-T2", yes, yes + no)


def test_the_overview_tells_what_is_asked_now_coming_and_ended(world, scope, fed):
    with db.write() as session:
        point(session, world["unit"], name="Sedan", valid_from="2024-06-01")
        point(session, world["unit"], name="Förr", ended_on=day("2024-05-26"))
        define(session, fed["point"], valid_from="2024-05-28", name="Frågan igen", frequency=MONTH)

    with db.read() as session:
        found = overview(session, scope, on=MAY)
    assert [(r.definition.name, r.state) for r in found] == [
        ("Frågan", PointState.ASKED),
        ("Sedan", PointState.COMING),
        ("Förr", PointState.ENDED),
    ]
    assert (found[0].reports, found[0].latest_on) == (6, day("2024-05-28"))
    assert found[0].indicator == "Bättre"
    assert (found[0].coming.name, found[0].coming_from) == ("Frågan igen", day("2024-06-01"))


def test_the_overview_tells_of_points_left_on_a_past_years_indicator(world, scope, fed):
    def past(on):
        with db.read() as session:
            return {r.definition.name: r.past_year for r in overview(session, scope, on=day(on))}

    with db.write() as session:
        point(session, world["unit"], name="Utan indikator")
    assert past("2024-12-31") == {"Frågan": None, "Utan indikator": None}
    assert past("2025-01-01") == {"Frågan": 2024, "Utan indikator": None}

    with db.write() as session:
        this_years = make_goals.indicator(session, make_goals.goal(session, world["unit"], 2025))
        define(
            session,
            fed["point"],
            valid_from="2025-02-01",
            name="Frågan",
            frequency=MONTH,
            choices=YES_NO,
            indicator_id=this_years.id,
            feed=MeasureFeed.SHARE_YES,
        )
    cache.clear()
    assert past("2025-01-01")["Frågan"] is None
    assert past("2025-02-01")["Frågan"] is None


def test_a_point_that_has_ended_is_not_told_to_feed_another_indicator(world, scope, fed):
    with db.write() as session:
        session.get(MeasurePoint, fed["point"].id).ended_on = day("2024-12-31")

    with db.read() as session:
        (row,) = overview(session, scope, on=day("2025-01-01"))
    assert row.past_year is None


def test_indicators_that_can_be_fed_are_those_of_the_goals_that_hold_and_not_computed(world, scope):
    with db.write() as session:
        old, now = (make_goals.goal(session, world["unit"], year=year) for year in (2023, 2024))
        make_goals.indicator(session, old, "Förra årets")
        make_goals.indicator(session, now, "Årets")
        make_goals.computed(session, now, ComputedFigure.PLANS_COVERAGE)
        make_goals.indicator(session, make_goals.goal(session, make.unit(session)), "Annan enhets")

    with db.read() as session:
        assert [c.name for c in feedable(session, scope, year=2024)] == ["Årets"]
        assert [c.name for c in feedable(session, scope, year=2023)] == ["Förra årets", "Årets"]
