"""Measure points are defined, changed from a day and ended; what is reported never changes."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, Indicator, MeasureDefinition
from core.queries.measure_rows import points
from core.services.base import ConflictError, RefusedError
from core.services.indicator_values import NewValue, record_value
from core.services.measure_inputs import NewPoint
from core.services.measure_points import change_definition, define_point, end_point
from core.services.measure_templates import (
    TEMPLATES,
    from_template,
    measuring_weeks,
    reception_months,
)
from core.terms import (
    ChoiceCounts,
    ComputedFigure,
    IndicatorSource,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
    Periodicity,
)
from tests import factories as make
from tests import factories_goals as make_goals
from tests.factories_measures import YES_NO, day, entry, known, new_definition, point

MAY = dt.date(2024, 5, 27)
NUMBER, CHOICE = MeasureKind.NUMBER, MeasureKind.CHOICE
CASE_CHECK, EVENT = MeasureKind.CASE_CHECK, MeasureKind.EVENT
TWO = (("Ja", ChoiceCounts.YES), ("Nej", ChoiceCounts.NO))


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        return {
            "unit": unit,
            "boss": make.actor(session, Role.DEVELOPER, unit),
            "goal": make_goals.goal(session, unit),
        }


def define(world, kind=MeasureKind.NUMBER, by=None, key=None, **fields):
    with db.write() as session:
        new = NewPoint(kind, new_definition(**fields))
        return define_point(session, new, by=by or world["boss"], key=key)


def refused(world, kind=MeasureKind.NUMBER, **fields):
    with pytest.raises(RefusedError) as caught:
        define(world, kind, **fields)
    return caught.value.by_field()


def known_points(world):
    with db.read() as session:
        return points(session, Scope(world["unit"].id))


def test_a_point_is_defined_with_its_questions_answers_and_measuring_periods(world):
    point_id = define(
        world,
        MeasureKind.CHOICE,
        name="Nöjd?",
        frequency=MeasureFrequency.OWN_PERIODS,
        questions=("Respekt?", "Lyssnade?"),
        choices=YES_NO,
        windows=(("2024-04-01", "2024-04-30", "2024-05-14"),),
    )

    (made,) = known_points(world)
    assert made.point_id == point_id
    assert made.slug == "nojd"
    assert [q.text for q in made.latest.questions] == ["Respekt?", "Lyssnade?"]
    assert [c.label for c in made.latest.choices] == ["Ja", "Nej", "Inte aktuellt"]
    assert made.latest.windows[0].due_on == day("2024-05-14")
    with db.read() as session:
        defined = select(AuditEvent.entity_id).where(AuditEvent.action == "define")
        assert session.exec(defined).all() == [point_id]


def test_the_same_form_sent_twice_defines_one_point(world):
    assert define(world, key="k") == define(world, key="k")
    assert len(known_points(world)) == 1


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.GROUP_MANAGER, Role.READER])
def test_only_those_who_decide_what_to_count_define_points(world, role):
    with db.write() as session:
        actor = make.actor(session, role, world["unit"])
    with pytest.raises(PermissionDeniedError):
        define(world, by=actor)


def test_two_points_that_are_asked_have_different_names(world):
    define(world, name="Besök")

    assert "redan" in refused(world, name="besök ")["name"]


def test_an_ended_points_name_can_be_used_again_with_an_address_of_its_own(world):
    with db.write() as session:
        point(session, world["unit"], name="Besök", ended_on=day("2024-05-26"))
    define(world, name="Besök")
    define(world, name="Ännu ett")

    assert [p.slug for p in known_points(world)][1:] == ["besok", "annu-ett"]


@pytest.mark.parametrize(
    ("kind", "fields", "at"),
    [
        (NUMBER, {"name": "  "}, "name"),
        (NUMBER, {"name": "Ring 811228-9874"}, "name"),
        (NUMBER, {"help_text": "Fråga 19811228-9874"}, "help_text"),
        (NUMBER, {"number_label": "811228-9874"}, "number_label"),
        (NUMBER, {"valid_from": "1999-12-31"}, "valid_from"),
        (NUMBER, {"valid_from": "2025-05-29"}, "valid_from"),
        (NUMBER, {"due_days": -1}, "due_days"),
        (NUMBER, {"due_days": 93}, "due_days"),
        (NUMBER, {"choices": TWO}, "choices"),
        (NUMBER, {"frequency": MeasureFrequency.WHEN_IT_HAPPENS}, "frequency"),
        (NUMBER, {"subject": MeasureSubject.OPEN_CASES}, "subject"),
        (NUMBER, {"reporter": Role.READER}, "reporter"),
        (NUMBER, {"subject": MeasureSubject.CASEWORKERS}, "reporter"),
        (NUMBER, {"frequency": MeasureFrequency.OWN_PERIODS}, "windows"),
        (NUMBER, {"windows": (("2024-06-01", "2024-06-14", "2024-06-20"),)}, "windows"),
        (CHOICE, {"choices": TWO[:1]}, "choices"),
        (CHOICE, {"choices": (TWO[0], ("ja ", ChoiceCounts.NO))}, "choices"),
        (CHOICE, {"choices": (TWO[0], ("", ChoiceCounts.NO))}, "choices"),
        (CHOICE, {"choices": (TWO[0], ("811228-9874", ChoiceCounts.NO))}, "choices"),
        (CHOICE, {"choices": TWO, "questions": ("A?", "a?")}, "questions"),
        (CHOICE, {"choices": TWO, "questions": ("811228-9874",)}, "questions"),
        (CHOICE, {"choices": TWO, "questions": tuple(map(str, range(21)))}, "questions"),
        (CHOICE, {"choices": [(str(n), ChoiceCounts.NO) for n in range(13)]}, "choices"),
        (EVENT, {"questions": ("A?",)}, "choices"),
        (CASE_CHECK, {"choices": TWO}, "case_reference"),
        (CHOICE, {"choices": TWO, "subject": MeasureSubject.OPEN_CASES}, "case_reference"),
    ],
)
def test_what_cant_be_asked_is_refused_at_its_field(world, kind, fields, at):
    assert at in refused(world, kind, **fields)
    assert known_points(world) == ()


@pytest.mark.parametrize(
    "windows",
    [
        (("2024-06-14", "2024-06-01", "2024-06-20"),),
        (("2024-06-01", "2024-06-14", "2024-05-31"),),
        (("2024-06-01", "2024-06-14", "2024-06-20"), ("2024-06-14", "2024-06-20", "2024-06-25")),
    ],
)
def test_measuring_periods_run_forwards_and_apart(world, windows):
    found = refused(world, frequency=MeasureFrequency.OWN_PERIODS, windows=windows)

    assert "windows" in found


def test_measuring_periods_may_follow_on_each_other(world):
    define(
        world,
        frequency=MeasureFrequency.OWN_PERIODS,
        windows=(
            ("2024-06-01", "2024-06-14", "2024-06-20"),
            ("2024-06-15", "2024-06-20", "2024-06-25"),
        ),
    )
    assert len(known_points(world)[0].latest.windows) == 2


def test_another_units_group_is_out_of_reach(world):
    with db.write() as session:
        other = make.group(session, make.unit(session))
    with pytest.raises(PermissionDeniedError):
        define(world, group_id=other.id)


def indicator(world, **fields):
    with db.write() as session:
        return make_goals.indicator(session, world["goal"], **fields)


def source_of(row):
    with db.read() as session:
        return session.get(Indicator, row.id).source


def can_be_typed(world, row):
    """Try to type April's value, and tell whether it was taken."""
    april = make_goals.period("2024-04")
    try:
        with db.write() as session:
            new = NewValue(row.id, april, value=Decimal(5))
            record_value(session, new, by=world["boss"])
    except RefusedError as refused:
        return "från en mätpunkt" not in refused.by_field()["value"]
    return True


@pytest.fixture
def counted(world):
    return indicator(
        world,
        unit_of_measure=IndicatorUnit.COUNT,
        periodicity=Periodicity.MONTH,
        source=IndicatorSource.IMPORTED,
    )


def test_an_indicator_is_locked_until_the_day_that_a_definition_lets_it_go(world, counted, today):
    point_id = define(world, indicator_id=counted.id, feed=MeasureFeed.SUM)
    with db.write() as session:
        new = new_definition("2024-06-03")
        change_definition(session, point_id, new, version=1, by=world["boss"])

    assert not can_be_typed(world, counted)
    today(day("2024-06-02"))
    assert not can_be_typed(world, counted)
    today(day("2024-06-03"))
    assert can_be_typed(world, counted)


def test_an_indicator_is_locked_from_the_day_that_its_point_begins(world, counted, today):
    define(world, valid_from="2024-06-03", indicator_id=counted.id, feed=MeasureFeed.SUM)

    assert can_be_typed(world, counted)
    today(day("2024-06-03"))
    assert not can_be_typed(world, counted)


def test_an_indicator_is_locked_to_its_points_last_day(world, counted, today):
    point_id = define(world, indicator_id=counted.id, feed=MeasureFeed.SUM)
    with db.write() as session:
        end_point(session, point_id, MAY, version=1, by=world["boss"])

    assert not can_be_typed(world, counted)
    today(day("2024-05-28"))
    assert can_be_typed(world, counted)


def test_an_indicator_keeps_its_own_source_while_it_is_fed_and_after(world, counted):
    point_id = define(world, indicator_id=counted.id, feed=MeasureFeed.SUM)
    assert source_of(counted) is IndicatorSource.IMPORTED

    with db.write() as session:
        end_point(session, point_id, day("2024-05-26"), version=1, by=world["boss"])
    assert source_of(counted) is IndicatorSource.IMPORTED


@pytest.mark.parametrize(
    ("unit", "kind", "fields", "at"),
    [
        (IndicatorUnit.COUNT, CHOICE, {"choices": TWO, "feed": MeasureFeed.SHARE_YES}, "feed"),
        (IndicatorUnit.PERCENT, NUMBER, {"feed": MeasureFeed.SUM}, "feed"),
        (IndicatorUnit.PERCENT, NUMBER, {"feed": MeasureFeed.SHARE_YES}, "choices"),
        (IndicatorUnit.COUNT, CHOICE, {"choices": TWO, "feed": MeasureFeed.MEAN}, "feed"),
        (
            IndicatorUnit.COUNT,
            EVENT,
            {"choices": [("A", ChoiceCounts.NO), ("B", ChoiceCounts.NO)], "feed": MeasureFeed.SUM},
            "choices",
        ),
        (
            IndicatorUnit.COUNT,
            CHOICE,
            {"choices": TWO, "questions": ("A?", "B?"), "feed": MeasureFeed.SUM},
            "feed_question",
        ),
        (
            IndicatorUnit.PERCENT,
            CHOICE,
            {
                "choices": TWO,
                "questions": ("A?", "B?"),
                "feed": MeasureFeed.SHARE_YES,
                "feed_question": 3,
            },
            "feed_question",
        ),
        (IndicatorUnit.COUNT, NUMBER, {}, "feed"),
    ],
)
def test_a_connection_that_cant_be_counted_is_refused(world, unit, kind, fields, at):
    row = indicator(world, unit_of_measure=unit)

    assert at in refused(world, kind, indicator_id=row.id, **fields)
    assert source_of(row) is IndicatorSource.TYPED


def test_a_computed_indicator_and_another_units_are_not_fed(world):
    with db.write() as session:
        computed = make_goals.computed(session, world["goal"], ComputedFigure.FAMILIES_IN_HOTEL)
        other = make_goals.indicator(session, make_goals.goal(session, make.unit(session)))

    assert "indicator_id" in refused(world, indicator_id=computed.id, feed=MeasureFeed.SUM)
    with pytest.raises(PermissionDeniedError):
        define(world, indicator_id=other.id, feed=MeasureFeed.SUM)


def test_a_change_takes_over_from_its_day_and_leaves_what_is_reported(world):
    with db.write() as session:
        row = point(session, world["unit"], name="Besök")
        worker = make.caseworker(session, world["unit"])
        entry(session, row, "2024-05-26", caseworker=worker, value=3)
        new = new_definition("2024-05-27", name="Möten")
        change_definition(session, row.id, new, version=1, by=world["boss"])

    with db.read() as session:
        found = known(session, row)
    assert [(d.name, d.valid_from) for d in found.definitions] == [
        ("Besök", day("2024-01-01")),
        ("Möten", day("2024-05-27")),
    ]


def change(world, row, valid_from, version=1, **fields):
    with db.write() as session:
        new = new_definition(valid_from, **fields)
        change_definition(session, row.id, new, version=version, by=world["boss"])


def test_a_change_is_refused_from_a_day_that_is_reported_on(world):
    with db.write() as session:
        row = point(session, world["unit"])
        entry(session, row, "2024-05-26", caseworker=make.caseworker(session, world["unit"]))

    with pytest.raises(RefusedError, match="till och med 2024-05-26"):
        change(world, row, "2024-05-26")


def test_a_change_before_the_points_first_day_is_refused(world):
    with db.write() as session:
        row = point(session, world["unit"])
    with pytest.raises(RefusedError, match="började 2024-01-01"):
        change(world, row, "2023-12-31")


def test_a_change_replaces_a_later_one_that_nobody_has_reported_under(world):
    with db.write() as session:
        row = point(session, world["unit"])
    change(world, row, "2024-07-01", name="Senare")
    change(world, row, "2024-06-03", version=2, name="Tidigare")

    with db.read() as session:
        assert [d.name for d in known(session, row).definitions[1:]] == ["Tidigare"]
        kept = select(MeasureDefinition.name).where(MeasureDefinition.voided_at.is_not(None))
        assert session.exec(kept).all() == ["Senare"]


def test_of_two_who_change_one_point_the_second_is_told(world):
    with db.write() as session:
        row = point(session, world["unit"])
    change(world, row, "2024-06-03")

    with pytest.raises(ConflictError) as caught:
        change(world, row, "2024-06-10")
    assert caught.value.newest.version == 2


def end(world, row, ended_on, version=1):
    with db.write() as session:
        end_point(session, row.id, day(ended_on), version=version, by=world["boss"])


def test_an_ended_point_is_asked_to_its_last_day_and_can_still_be_read(world):
    with db.write() as session:
        row = point(session, world["unit"])
        entry(session, row, "2024-05-26", caseworker=make.caseworker(session, world["unit"]))
    end(world, row, "2024-05-26")

    with db.read() as session:
        found = known(session, row)
    assert found.on(day("2024-05-26")) is not None
    assert found.on(day("2024-05-27")) is None
    assert found.definitions


def test_a_point_is_not_ended_before_what_is_reported_or_before_it_began(world):
    with db.write() as session:
        row = point(session, world["unit"])
        entry(session, row, "2024-05-26", caseworker=make.caseworker(session, world["unit"]))

    with pytest.raises(RefusedError, match="rapporter till och med 2024-05-26"):
        end(world, row, "2024-05-25")
    with pytest.raises(RefusedError, match="började 2024-01-01"):
        end(world, row, "2023-12-31")


def test_an_ended_point_is_not_changed_any_more(world):
    with db.write() as session:
        row = point(session, world["unit"])
    end(world, row, "2024-05-26")

    with pytest.raises(RefusedError, match="avslutades"):
        change(world, row, "2024-06-03", version=2)


def test_a_change_or_an_end_sent_twice_is_done_once(world):
    with db.write() as session:
        row = point(session, world["unit"])
    for _ in range(2):
        with db.write() as session:
            new = new_definition("2024-06-03", name="Ny")
            change_definition(session, row.id, new, version=1, by=world["boss"], key="change")
    for _ in range(2):
        with db.write() as session:
            end_point(session, row.id, MAY, version=2, by=world["boss"], key="end")

    with db.read() as session:
        found = known(session, row)
    assert len(found.definitions) == 2
    assert (found.ended_on, found.version) == (MAY, 3)


def test_another_units_point_is_out_of_reach(world):
    with db.write() as session:
        row = point(session, make.unit(session))
    with pytest.raises(PermissionDeniedError):
        end(world, row, "2024-05-26")
    with pytest.raises(PermissionDeniedError):
        change(world, row, "2024-06-03")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda found: found.slug)
def test_every_ready_made_point_can_be_defined_and_feed_the_indicator_it_suits(world, template):
    suggested = template.suggested
    own_unit = "besök" if suggested.unit_of_measure is IndicatorUnit.OWN else ""
    row = indicator(world, unit_of_measure=suggested.unit_of_measure, own_unit=own_unit)
    with db.write() as session:
        if template.computed is not None:
            with pytest.raises(RefusedError, match="Räknas ut"):
                from_template(session, template.slug, MAY, by=world["boss"])
            return
        from_template(session, template.slug, MAY, by=world["boss"], indicator_id=row.id)

    (made,) = known_points(world)
    assert made.latest.name == template.name
    assert made.latest.indicator_id == row.id


def test_an_unknown_ready_made_point_is_out_of_reach(world):
    with db.write() as session, pytest.raises(PermissionDeniedError):
        from_template(session, "okänd", MAY, by=world["boss"])


def test_measuring_weeks_are_two_whole_weeks_of_each_half_year_still_to_come():
    found = measuring_weeks(day("2024-03-12"))

    assert [(w.starts_on, w.ends_on, w.due_on) for w in found] == [
        (day("2024-10-07"), day("2024-10-20"), day("2024-10-27")),
        (day("2025-03-10"), day("2025-03-23"), day("2025-03-30")),
        (day("2025-10-06"), day("2025-10-19"), day("2025-10-26")),
    ]


def test_reception_is_asked_about_in_april_and_november():
    found = reception_months(day("2024-04-01"))

    assert [(w.starts_on, w.ends_on) for w in found][:2] == [
        (day("2024-04-01"), day("2024-04-30")),
        (day("2024-11-01"), day("2024-11-30")),
    ]
    assert len(reception_months(day("2024-04-02"))) == 3
