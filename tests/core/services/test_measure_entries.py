"""Reports on measure points: who may report what, what is refused, putting right and taking back."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role
from core.models import AuditEvent, DataVersion, MeasureEntry
from core.models.store import Area
from core.queries.measure_rows import entries_in
from core.services.base import ConflictError, RefusedError
from core.services.measure_entries import change_entry, nothing_to_report, report, void_entry
from core.services.measure_inputs import EntryChange, NewEntry, NothingToReport
from core.services.measure_points import change_definition
from core.terms import (
    CaseReference,
    ClosingReason,
    Gender,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)
from tests import factories as make
from tests.factories_measures import YES_NO, day, db_scope, known, new_definition, point

MAY = dt.date(2024, 5, 27)


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        group, other = make.group(session, unit), make.group(session, unit)
        mine = make.caseworker(session, unit, group_id=group.id)
        theirs = make.caseworker(session, unit, group_id=other.id)
        return {
            "unit": unit,
            "group": group,
            "other": other,
            "mine": mine,
            "theirs": theirs,
            "me": make.actor(session, Role.CASEWORKER, unit, caseworker=mine),
            "manager": make.actor(session, Role.GROUP_MANAGER, unit, group=group),
            "boss": make.actor(session, Role.UNIT_MANAGER, unit),
            "case": make.case(session, unit, day("2024-01-15"), caseworker=mine, group=group),
            "their_case": make.case(
                session, unit, day("2024-01-15"), caseworker=theirs, group=other
            ),
        }


def made(world, kind=MeasureKind.NUMBER, ended_on=None, **fields):
    with db.write() as session:
        row = point(session, world["unit"], kind, ended_on=ended_on, **fields)
        return row, known(session, row).latest


def send(world, row, measured_on="2024-05-27", by="me", key=None, **fields):
    with db.write() as session:
        new = NewEntry(row.id, day(measured_on), **fields)
        return report(session, new, by=world[by], key=key)


def refused(world, row, measured_on="2024-05-27", by="me", **fields):
    with pytest.raises(RefusedError) as caught:
        send(world, row, measured_on, by, **fields)
    return caught.value.by_field()


def entries(world):
    with db.read() as session:
        scope = db_scope(world["case"])
        return entries_in(session, scope, start=dt.date.min, end=dt.date.max)


def test_a_weeks_number_counts_on_its_last_day_with_who_reported_it(world):
    row, _ = made(world)
    entry_id = send(world, row, "2024-05-21", value=Decimal(5))

    (found,) = entries(world)
    assert (found.entry_id, found.value, found.measured_on) == (entry_id, 5, day("2024-05-26"))
    assert (found.period.start, found.period.end) == (day("2024-05-20"), day("2024-05-26"))
    assert found.caseworker_id == world["mine"].id
    assert found.group_id == world["group"].id
    assert found.reported_by_id == world["me"].user_id


def test_a_number_of_the_week_under_way_counts_today(world):
    row, _ = made(world)
    send(world, row, value=Decimal(5))

    assert entries(world)[0].measured_on == MAY


def test_the_same_form_sent_twice_is_one_report(world):
    row, _ = made(world)
    first = send(world, row, value=Decimal(5), key="k")

    assert send(world, row, value=Decimal(5), key="k") == first
    assert len(entries(world)) == 1


def test_a_second_number_of_a_week_is_refused_and_told_what_is_there(world):
    row, _ = made(world)
    send(world, row, "2024-05-20", value=Decimal(5))

    message = refused(world, row, "2024-05-26", value=Decimal(6))["measured_on"]
    assert "2024-05-20–2024-05-26: 5." in message
    send(world, row, "2024-05-27", value=Decimal(6))


def test_two_caseworkers_report_their_own_numbers_of_one_week(world):
    row, _ = made(world)
    send(world, row, value=Decimal(5))
    send(world, row, by="boss", value=Decimal(6), caseworker_id=world["theirs"].id)

    assert {e.caseworker_id for e in entries(world)} == {world["mine"].id, world["theirs"].id}


@pytest.mark.parametrize(
    ("definition", "fields", "field"),
    [
        ({}, {}, "value"),
        ({}, {"value": Decimal(-1)}, "value"),
        ({}, {"value": Decimal("1.5")}, "value"),
        ({}, {"value": Decimal("NaN")}, "value"),
        ({}, {"value": Decimal(10) ** 13}, "value"),
        ({"number_unit": "kr"}, {"value": Decimal("1.555")}, "value"),
        ({}, {"value": Decimal(1), "gender": Gender.WOMAN}, "gender"),
        ({"with_gender": True}, {"value": Decimal(1)}, "gender"),
        ({}, {"value": Decimal(1), "answers": {0: 1}}, "answers_0"),
    ],
)
def test_a_number_that_is_missing_or_unfit_is_refused_at_its_field(
    world, definition, fields, field
):
    row, _ = made(world, **definition)

    assert field in refused(world, row, **fields)
    assert entries(world) == ()


@pytest.mark.parametrize("unit", ["kr", "Timmar"])
def test_amounts_and_hours_may_have_decimals(world, unit):
    row, _ = made(world, number_unit=unit)
    send(world, row, value=Decimal("12.50"))

    assert entries(world)[0].value == Decimal("12.50")


def test_a_report_of_the_future_is_refused(world):
    row, _ = made(world)

    assert "efter i dag" in refused(world, row, "2024-05-28", value=Decimal(1))["measured_on"]


def test_nothing_is_reported_before_a_point_begins_or_after_it_has_ended(world):
    row, _ = made(world, valid_from="2024-05-13", ended_on=day("2024-05-19"))

    for on in ("2024-05-12", "2024-05-20"):
        assert (
            "från 2024-05-13 till 2024-05-19"
            in refused(world, row, on, value=Decimal(1))["measured_on"]
        )
    send(world, row, "2024-05-13", value=Decimal(1))


def test_nothing_is_reported_between_measuring_periods(world):
    row, _ = made(
        world,
        frequency=MeasureFrequency.OWN_PERIODS,
        windows=(("2024-05-06", "2024-05-19", "2024-05-26"),),
    )

    assert "measured_on" in refused(world, row, "2024-05-20", value=Decimal(1))
    assert "measured_on" in refused(world, row, "2024-05-05", value=Decimal(1))
    send(world, row, "2024-05-06", value=Decimal(1))


def survey(world, **fields):
    return made(
        world,
        MeasureKind.CHOICE,
        frequency=MeasureFrequency.MONTH,
        choices=YES_NO,
        **fields,
    )


def choice(definition, label="Ja"):
    return next(c.choice_id for c in definition.choices if c.label == label)


def test_any_number_of_answers_is_reported_in_a_period(world):
    row, definition = survey(world, with_gender=True)
    for gender in (Gender.WOMAN, Gender.WOMAN, Gender.MAN):
        send(world, row, answers={0: choice(definition)}, gender=gender)

    assert [e.answers for e in entries(world)] == [((0, choice(definition)),)] * 3


def test_every_question_is_answered_with_one_of_its_own_choices(world):
    row, definition = survey(world, questions=("Respekt?", "Lyssnade?"))
    _, other = survey(world)
    yes = choice(definition)

    assert set(refused(world, row)) == {"answers_1", "answers_2"}
    assert set(refused(world, row, answers={1: yes})) == {"answers_2"}
    assert set(refused(world, row, answers={1: yes, 2: choice(other)})) == {"answers_2"}
    assert set(refused(world, row, answers={1: yes, 2: yes, 3: yes})) == {"answers_3"}
    send(world, row, answers={1: yes, 2: choice(definition, "Nej")})


def test_a_case_is_refused_where_none_is_asked_and_required_where_one_is(world):
    without, d = survey(world)
    needed, n = survey(world, case_reference=CaseReference.REQUIRED)
    optional, o = survey(world, case_reference=CaseReference.OPTIONAL)

    found = refused(world, without, answers={0: choice(d)}, case_id=world["case"].id)
    assert "case_id" in found
    assert "case_id" in refused(world, needed, answers={0: choice(n)})
    send(world, needed, answers={0: choice(n)}, case_id=world["case"].id)
    send(world, optional, answers={0: choice(o)}, case_id=world["case"].id)
    send(world, optional, answers={0: choice(o)})


def test_a_case_opened_after_the_period_is_refused(world):
    row, d = survey(world, valid_from="2023-12-01", case_reference=CaseReference.OPTIONAL)

    found = refused(world, row, "2023-12-31", answers={0: choice(d)}, case_id=world["case"].id)
    assert "öppnades 2024-01-15" in found["case_id"]


@pytest.mark.parametrize("by", ["me", "manager"])
def test_somebody_elses_case_and_numbers_are_out_of_reach(world, by):
    row, d = survey(world, case_reference=CaseReference.OPTIONAL)
    weekly, _ = made(world)

    with pytest.raises(PermissionDeniedError):
        send(world, row, by=by, answers={0: choice(d)}, case_id=world["their_case"].id)
    with pytest.raises(PermissionDeniedError):
        send(world, weekly, by=by, value=Decimal(1), caseworker_id=world["theirs"].id)


def test_a_group_manager_reports_for_the_groups_own(world):
    weekly, _ = made(world)
    send(world, weekly, by="manager", value=Decimal(1), caseworker_id=world["mine"].id)

    assert entries(world)[0].caseworker_id == world["mine"].id


def test_a_manager_says_whom_a_report_is_about(world):
    weekly, _ = made(world)

    assert "caseworker_id" in refused(world, weekly, by="manager", value=Decimal(1))


def test_a_report_on_a_case_by_a_manager_is_its_caseworkers(world):
    row, d = survey(world, case_reference=CaseReference.REQUIRED)
    send(world, row, by="boss", answers={0: choice(d)}, case_id=world["case"].id)

    assert entries(world)[0].caseworker_id == world["mine"].id


def test_another_units_point_and_a_role_that_reports_nothing_are_out_of_reach(world):
    with db.write() as session:
        foreign = point(session, make.unit(session))
        world["reader"] = make.actor(session, Role.READER, world["unit"])
    row, _ = made(world)

    with pytest.raises(PermissionDeniedError):
        send(world, foreign, value=Decimal(1))
    with pytest.raises(PermissionDeniedError):
        send(world, row, by="reader", value=Decimal(1))


def test_a_point_for_one_group_is_out_of_anothers_reach(world):
    row, _ = made(world, group_id=world["other"].id)

    with pytest.raises(PermissionDeniedError):
        send(world, row, value=Decimal(1))


def test_a_case_of_another_group_is_refused_on_a_point_for_one_group(world):
    row, d = survey(world, case_reference=CaseReference.REQUIRED, group_id=world["other"].id)
    answer = {"answers": {0: choice(d)}}

    found = refused(world, row, by="boss", case_id=world["case"].id, **answer)
    assert "grupp" in found["case_id"]
    send(world, row, by="boss", case_id=world["their_case"].id, **answer)


def talks(world):
    return made(
        world,
        MeasureKind.CHOICE,
        frequency=MeasureFrequency.QUARTER,
        reporter=Role.GROUP_MANAGER,
        subject=MeasureSubject.CASEWORKERS,
        choices=YES_NO,
    )


def test_a_talk_is_reported_by_the_manager_once_a_quarter_and_employee(world):
    row, d = talks(world)
    about = {"answers": {0: choice(d)}, "caseworker_id": world["mine"].id}
    send(world, row, "2024-05-02", by="manager", **about)

    assert "Ja" in refused(world, row, "2024-05-03", by="manager", **about)["measured_on"]
    with pytest.raises(PermissionDeniedError):
        send(world, row, "2024-05-03", **about)
    send(world, row, "2024-03-31", by="manager", **about)


def group_number(world, **fields):
    return made(world, reporter=Role.GROUP_MANAGER, frequency=MeasureFrequency.MONTH, **fields)


def test_a_groups_number_is_its_managers_or_is_told_which_group_by_the_unit(world):
    row, _ = group_number(world)
    send(world, row, by="manager", value=Decimal(3))

    assert "group_id" in refused(world, row, by="boss", value=Decimal(1))
    send(world, row, by="boss", value=Decimal(1), group_id=world["other"].id)
    found = [(e.caseworker_id, e.group_id, e.value) for e in entries(world)]
    assert found == [(None, world["group"].id, 3), (None, world["other"].id, 1)]
    with pytest.raises(PermissionDeniedError):
        send(world, row, "2024-04-30", by="manager", value=Decimal(1), group_id=world["other"].id)


def test_the_units_number_is_reported_by_its_managers_alone(world):
    row, _ = made(world, reporter=Role.UNIT_MANAGER)
    send(world, row, by="boss", value=Decimal(3))

    with pytest.raises(PermissionDeniedError):
        send(world, row, by="manager", value=Decimal(3))
    assert "redan" in refused(world, row, by="boss", value=Decimal(3))["measured_on"]


def review(world, **fields):
    return made(
        world,
        MeasureKind.CASE_CHECK,
        frequency=MeasureFrequency.QUARTER,
        case_reference=CaseReference.REQUIRED,
        choices=YES_NO,
        **{"subject": MeasureSubject.OPEN_CASES} | fields,
    )


def test_a_case_is_reviewed_once_a_period(world):
    row, d = review(world)
    about = {"answers": {0: choice(d)}, "case_id": world["case"].id}
    send(world, row, "2024-05-02", **about)

    assert "redan" in refused(world, row, "2024-05-27", **about)["case_id"]
    send(world, row, "2024-03-31", **about)


def test_a_case_closed_before_the_period_is_not_reviewed(world):
    row, d = review(world)
    with db.write() as session:
        session.get(type(world["case"]), world["case"].id).closed_on = day("2024-04-01")

    found = refused(world, row, answers={0: choice(d)}, case_id=world["case"].id)
    assert "avslutades 2024-04-01" in found["case_id"]
    send(world, row, "2024-03-31", answers={0: choice(d)}, case_id=world["case"].id)


def closed(world, reason, closed_on="2024-04-15"):
    with db.write() as session:
        case = session.get(type(world["case"]), world["case"].id)
        case.closed_on, case.closing_reason = day(closed_on), reason


def method(world, frequency=MeasureFrequency.WHEN_IT_HAPPENS):
    return made(
        world,
        MeasureKind.CHOICE,
        frequency=frequency,
        case_reference=CaseReference.REQUIRED,
        subject=MeasureSubject.SELF_SUPPORT_CLOSINGS,
        choices=YES_NO,
    )


@pytest.mark.parametrize(
    ("frequency", "start"),
    [(MeasureFrequency.WHEN_IT_HAPPENS, "2024-04-15"), (MeasureFrequency.MONTH, "2024-04-01")],
)
def test_what_worked_counts_on_the_day_the_case_was_closed(world, frequency, start):
    row, d = method(world, frequency)
    closed(world, ClosingReason.WORK)
    send(world, row, answers={0: choice(d)}, case_id=world["case"].id)

    (found,) = entries(world)
    assert found.measured_on == day("2024-04-15")
    assert found.period.start == day(start)
    about = {"answers": {0: choice(d)}, "case_id": world["case"].id}
    assert "redan" in refused(world, row, "2024-05-20", **about)["case_id"]


def test_a_case_that_did_not_end_in_self_support_is_refused(world):
    row, d = method(world)
    about = {"answers": {0: choice(d)}, "case_id": world["case"].id}

    assert "egen försörjning" in refused(world, row, **about)["case_id"]
    closed(world, ClosingReason.PENSION)
    assert "egen försörjning" in refused(world, row, **about)["case_id"]


def nothing(world, row, on="2024-05-27", by="me", **fields):
    with db.write() as session:
        return nothing_to_report(session, NothingToReport(row.id, day(on), **fields), by=world[by])


def test_that_there_was_nothing_is_a_report_until_there_is_something(world):
    row, d = survey(world)
    nothing(world, row, "2024-04-10")
    assert [(e.nothing, e.measured_on) for e in entries(world)] == [(True, day("2024-04-30"))]

    send(world, row, "2024-04-20", answers={0: choice(d)})
    assert [e.nothing for e in entries(world)] == [False]
    with pytest.raises(RefusedError, match="redan rapporterat"):
        nothing(world, row, "2024-04-10")


def test_nothing_to_report_is_said_once_and_not_where_each_is_asked_for(world):
    row, _ = survey(world)
    weekly, _ = made(world)
    when, _ = made(world, MeasureKind.EVENT, frequency=MeasureFrequency.WHEN_IT_HAPPENS)
    reviewed, _ = review(world)
    held, _ = talks(world)
    nothing(world, row)

    with pytest.raises(RefusedError, match="redan rapporterat"):
        nothing(world, row)
    with pytest.raises(RefusedError, match="Skriv 0"):
        nothing(world, weekly)
    with pytest.raises(RefusedError, match="bara när något har hänt"):
        nothing(world, when)
    with pytest.raises(RefusedError, match="en i taget"):
        nothing(world, reviewed)
    with pytest.raises(RefusedError, match="en i taget"):
        nothing(world, held, by="manager", caseworker_id=world["mine"].id)
    with pytest.raises(RefusedError, match="inte börjat"):
        nothing(world, row, "2024-06-01")


def put_right(world, entry_id, by="me", version=1, measured_on="2024-05-27", **fields):
    with db.write() as session:
        new = EntryChange(version, day(measured_on), **fields)
        return change_entry(session, entry_id, new, by=world[by])


def test_a_report_that_was_wrong_is_replaced_and_both_are_kept(world):
    row, _ = made(world)
    first = send(world, row, "2024-05-21", value=Decimal(5))
    second = put_right(world, first, value=Decimal(7), measured_on="2024-05-21")

    (found,) = entries(world)
    assert (found.entry_id, found.value, found.measured_on) == (second, 7, day("2024-05-26"))
    with db.read() as session:
        kept = session.get(MeasureEntry, first)
        assert (kept.value, kept.voided_by_id) == (5, world["me"].user_id)
        actions = session.exec(
            select(AuditEvent.action).where(AuditEvent.entity == "measure_entry")
        ).all()
    assert actions == ["report", "change"]


def test_of_two_who_put_a_report_right_the_second_is_told_what_it_says_now(world):
    row, _ = made(world)
    entry_id = send(world, row, value=Decimal(5))
    put_right(world, entry_id, value=Decimal(7))

    with pytest.raises(ConflictError) as caught:
        put_right(world, entry_id, by="manager", value=Decimal(8))
    assert caught.value.newest.by == world["me"].name
    assert [e.value for e in entries(world)] == [7]


def test_a_report_put_right_follows_its_own_definition_and_period(world):
    row, definition = survey(world, with_gender=True)
    entry_id = send(world, row, "2024-05-20", answers={0: choice(definition)}, gender=Gender.WOMAN)
    answer = {"answers": {0: choice(definition, "Nej")}, "gender": Gender.MAN}

    with pytest.raises(RefusedError, match="Ange en dag från 2024-05-01"):
        put_right(world, entry_id, measured_on="2024-04-30", **answer)
    with pytest.raises(RefusedError):
        put_right(world, entry_id)
    put_right(world, entry_id, measured_on="2024-05-02", **answer)
    (found,) = entries(world)
    assert (found.measured_on, found.gender) == (day("2024-05-02"), Gender.MAN)


def test_a_number_by_gender_put_right_to_another_gender_is_refused_when_that_one_is_there(world):
    row, _ = made(world, with_gender=True)
    send(world, row, value=Decimal(1), gender=Gender.WOMAN)
    second = send(world, row, value=Decimal(2), gender=Gender.MAN)

    with pytest.raises(RefusedError, match="redan rapporterat"):
        put_right(world, second, value=Decimal(2), gender=Gender.WOMAN)
    put_right(world, second, value=Decimal(2), gender=Gender.OTHER)
    assert {e.gender for e in entries(world)} == {Gender.WOMAN, Gender.OTHER}


def test_a_case_put_right_to_another_gender_is_still_reported_once_only(world):
    row, definition = made(
        world,
        MeasureKind.CASE_CHECK,
        frequency=MeasureFrequency.MONTH,
        subject=MeasureSubject.OPEN_CASES,
        case_reference=CaseReference.REQUIRED,
        with_gender=True,
        choices=YES_NO,
    )
    said = {"answers": {0: choice(definition)}, "gender": Gender.WOMAN}
    entry_id = send(world, row, case_id=world["case"].id, **said)
    put_right(world, entry_id, **(said | {"gender": Gender.MAN}))

    assert "redan rapporterat" in refused(world, row, case_id=world["case"].id, **said)["case_id"]
    assert [entry.gender for entry in entries(world)] == [Gender.MAN]


def test_an_event_moves_to_the_day_that_it_happened(world):
    row, _ = made(world, MeasureKind.EVENT, frequency=MeasureFrequency.WHEN_IT_HAPPENS)
    entry_id = send(world, row, "2024-05-20")
    put_right(world, entry_id, measured_on="2024-05-17")

    (found,) = entries(world)
    assert found.measured_on == found.period.start == found.period.end == day("2024-05-17")
    with pytest.raises(RefusedError, match="på ett annat sätt"):
        put_right(world, found.entry_id, measured_on="2023-12-31")


def test_that_there_was_nothing_is_taken_back_rather_than_put_right(world):
    row, d = survey(world)
    entry_id = nothing(world, row)

    with pytest.raises(RefusedError, match="Ta bort rapporten"):
        put_right(world, entry_id, answers={0: choice(d)})


def take_back(world, entry_id, by="me", version=None):
    with db.write() as session:
        return void_entry(session, entry_id, by=world[by], version=version)


def test_a_report_taken_back_counts_nowhere_and_can_be_made_again(world):
    row, _ = made(world)
    entry_id = send(world, row, value=Decimal(5))
    take_back(world, entry_id, version=1)

    assert entries(world) == ()
    assert take_back(world, entry_id) == entry_id
    send(world, row, value=Decimal(6))


def test_a_report_changed_meanwhile_is_not_taken_back_unseen(world):
    row, _ = made(world)
    entry_id = send(world, row, value=Decimal(5))

    with pytest.raises(ConflictError):
        take_back(world, entry_id, version=2)


def test_others_reports_are_out_of_reach(world):
    row, _ = made(world)
    entry_id = send(world, row, by="boss", value=Decimal(5), caseworker_id=world["theirs"].id)

    for by in ("me", "manager"):
        with pytest.raises(PermissionDeniedError):
            take_back(world, entry_id, by=by)
        with pytest.raises(PermissionDeniedError):
            put_right(world, entry_id, by=by, value=Decimal(6))
    take_back(world, entry_id, by="boss")


def test_a_caseworker_does_not_take_back_what_the_manager_has_said(world):
    row, d = talks(world)
    about = {"answers": {0: choice(d)}, "caseworker_id": world["mine"].id}
    entry_id = send(world, row, by="manager", **about)

    with pytest.raises(PermissionDeniedError):
        take_back(world, entry_id)


def test_each_form_sent_twice_is_done_once(world):
    row, _ = made(world)
    asked, _ = survey(world)
    entry_id = send(world, row, value=Decimal(5))
    with db.write() as session:
        new = EntryChange(1, MAY, Decimal(6))
        changed = change_entry(session, entry_id, new, by=world["me"], key="change")
    with db.write() as session:
        again = change_entry(session, entry_id, new, by=world["me"], key="change")
    assert again == changed
    for _ in range(2):
        with db.write() as session:
            void_entry(session, changed, by=world["me"], key="void")
        with db.write() as session:
            none = NothingToReport(asked.id, MAY)
            nothing_to_report(session, none, by=world["me"], key="none")
    assert [e.nothing for e in entries(world)] == [True]


def test_a_report_moves_the_figures_of_its_month_on(world):
    row, _ = made(world)
    send(world, row, "2024-04-28", value=Decimal(5))

    with db.read() as session:
        moved = session.exec(
            select(DataVersion.month).where(DataVersion.area == Area.MEASURES)
        ).all()
    assert moved == [day("2024-04-01")]


def test_a_report_taken_back_whose_definition_was_replaced_is_told_as_changed(world):
    row, _ = made(world)
    entry_id = send(world, row, value=Decimal(5))
    take_back(world, entry_id)
    with db.write() as session:
        developer = make.actor(session, Role.DEVELOPER, world["unit"])
        change_definition(session, row.id, new_definition(), version=row.version, by=developer)

    with pytest.raises(ConflictError):
        take_back(world, entry_id)
    with pytest.raises(ConflictError):
        put_right(world, entry_id, value=Decimal(6))
