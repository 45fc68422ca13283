"""The periods of measure points: cut to a definition's life, due on their day, and how they stand."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules.dates import Period
from core.rules.measure_points import (
    Asked,
    Definition,
    ReportStatus,
    asked_lately,
    asked_on,
    period_label,
    periods,
    spans,
    status_of,
    week_of,
)
from core.terms import MeasureFrequency as Every
from core.terms import MeasureKind


def day(text):
    return dt.date.fromisoformat(text)


def period(start, end):
    return Period(day(start), day(end))


def definition(valid_from="2024-01-01", frequency=Every.WEEK, number=1, **fields):
    return Definition(
        definition_id=number,
        point_id=1,
        kind=MeasureKind.NUMBER,
        valid_from=day(valid_from),
        name=f"Definition {number}",
        frequency=frequency,
        **fields,
    )


def asked(known, start, end):
    return [found.period for _, found in periods(known, day(start), day(end))]


@pytest.mark.parametrize(
    ("frequency", "on", "expected"),
    [
        (Every.WEEK, "2021-01-01", period("2020-12-28", "2021-01-03")),
        (Every.WEEK, "2024-12-31", period("2024-12-30", "2025-01-05")),
        (Every.MONTH, "2024-02-29", period("2024-02-01", "2024-02-29")),
        (Every.QUARTER, "2024-03-31", period("2024-01-01", "2024-03-31")),
        (Every.QUARTER, "2024-10-01", period("2024-10-01", "2024-12-31")),
        (Every.TERTIAL, "2024-09-01", period("2024-09-01", "2024-12-31")),
        (Every.HALF_YEAR, "2024-06-30", period("2024-01-01", "2024-06-30")),
        (Every.HALF_YEAR, "2024-07-01", period("2024-07-01", "2024-12-31")),
        (Every.YEAR, "2024-12-31", period("2024-01-01", "2024-12-31")),
        (Every.WHEN_IT_HAPPENS, "2024-05-27", period("2024-05-27", "2024-05-27")),
    ],
)
def test_a_day_lies_in_the_calendar_period_of_its_frequency(frequency, on, expected):
    known = spans([definition("2020-01-01", frequency)], None)

    assert asked_on(known, day(on))[1].period == expected


def test_week_53_runs_over_the_new_year_and_is_one_period():
    known = spans([definition("2020-12-01")], None)

    assert asked(known, "2020-12-28", "2021-01-04") == [
        period("2020-12-28", "2021-01-03"),
        period("2021-01-04", "2021-01-10"),
    ]
    assert period_label(week_of(day("2021-01-01"))) == "v. 53 2020"


def test_the_first_period_begins_with_the_definition_and_the_last_ends_with_the_point():
    known = spans([definition("2024-05-15", Every.MONTH)], day("2024-07-10"))

    assert asked(known, "2024-01-01", "2024-12-31") == [
        period("2024-05-15", "2024-05-31"),
        period("2024-06-01", "2024-06-30"),
        period("2024-07-01", "2024-07-10"),
    ]
    assert asked_on(known, day("2024-05-14")) is None
    assert asked_on(known, day("2024-07-11")) is None


def test_a_cut_period_is_due_when_the_whole_one_would_have_been():
    known = spans([definition("2024-05-15", Every.MONTH, due_days=5)], day("2024-07-10"))

    assert asked_on(known, day("2024-05-15"))[1].due_on == day("2024-06-05")
    assert asked_on(known, day("2024-07-10"))[1].due_on == day("2024-08-05")


def test_a_change_in_the_middle_of_a_period_begins_with_the_next_one():
    old = definition("2024-01-01", Every.MONTH, 1)
    new = definition("2024-05-15", Every.MONTH, 2)
    known = spans([old, new], None)

    assert asked_on(known, day("2024-05-31")) == (
        old,
        Asked(period("2024-05-01", "2024-05-31"), day("2024-06-07")),
    )
    assert asked_on(known, day("2024-06-01"))[0] == new


def test_a_change_on_a_periods_first_day_begins_that_day():
    new = definition("2024-05-01", Every.MONTH, 2)
    known = spans([definition("2024-01-01", Every.MONTH, 1), new], None)

    assert asked_on(known, day("2024-05-01"))[0] == new


def test_a_change_of_how_often_begins_at_once_and_cuts_the_period_under_way():
    known = spans(
        [definition("2024-01-01", Every.MONTH, 1), definition("2024-05-15", Every.WEEK, 2)], None
    )

    assert asked(known, "2024-05-01", "2024-05-26") == [
        period("2024-05-01", "2024-05-14"),
        period("2024-05-15", "2024-05-19"),
        period("2024-05-20", "2024-05-26"),
    ]


def test_of_two_changes_within_a_period_only_the_last_is_ever_asked():
    first, second, third = (
        definition(start, Every.MONTH, n)
        for n, start in enumerate(("2024-01-01", "2024-05-10", "2024-05-20"), 1)
    )
    known = spans([first, second, third], None)

    assert [span.definition for span in known] == [first, third]
    assert known[1].start == day("2024-06-01")


def test_a_change_after_the_points_end_is_never_asked():
    first = definition("2024-01-01", Every.MONTH, 1)
    late = definition("2024-06-01", Every.MONTH, 2)

    assert [s.definition for s in spans([first, late], day("2024-05-31"))] == [first]


def windows(*days):
    return tuple(Asked(period(start, end), day(due)) for start, end, due in days)


def test_own_measuring_periods_are_asked_between_their_days_and_nothing_is_asked_outside():
    own = definition(
        "2024-01-01",
        Every.OWN_PERIODS,
        windows=windows(
            ("2024-10-07", "2024-10-20", "2024-10-27"), ("2024-03-11", "2024-03-24", "2024-03-31")
        ),
    )
    known = spans([own], None)

    assert asked_on(known, day("2024-03-10")) is None
    assert asked_on(known, day("2024-03-11"))[1].period == period("2024-03-11", "2024-03-24")
    assert asked_on(known, day("2024-03-24"))[1].due_on == day("2024-03-31")
    assert asked_on(known, day("2024-03-25")) is None
    assert asked(known, "2024-01-01", "2024-12-31") == [
        period("2024-03-11", "2024-03-24"),
        period("2024-10-07", "2024-10-20"),
    ]


def test_a_measuring_period_under_way_is_finished_before_new_ones_take_over():
    old = definition(
        "2024-01-01",
        Every.OWN_PERIODS,
        1,
        windows=windows(("2024-03-11", "2024-03-24", "2024-03-31")),
    )
    new = definition(
        "2024-03-15",
        Every.OWN_PERIODS,
        2,
        windows=windows(("2024-03-18", "2024-04-05", "2024-04-08")),
    )
    known = spans([old, new], None)

    assert asked(known, "2024-01-01", "2024-12-31") == [
        period("2024-03-11", "2024-03-24"),
        period("2024-03-25", "2024-04-05"),
    ]


def test_what_happens_now_and_then_has_no_periods_to_report():
    known = spans([definition("2024-01-01", Every.WHEN_IT_HAPPENS)], None)

    assert asked(known, "2024-01-01", "2024-12-31") == []


WEEK = Asked(period("2024-05-20", "2024-05-26"), day("2024-06-02"))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-05-19", ReportStatus.LATER),
        ("2024-05-20", ReportStatus.COMING),
        ("2024-05-25", ReportStatus.COMING),
        ("2024-05-26", ReportStatus.DUE),
        ("2024-06-02", ReportStatus.DUE),
        ("2024-06-03", ReportStatus.OVERDUE),
    ],
)
def test_a_period_is_coming_then_due_then_overdue(on, expected):
    assert status_of(WEEK, False, day(on)) is expected
    assert status_of(WEEK, True, day(on)) is ReportStatus.REPORTED


def test_a_period_is_told_of_fourteen_days_before_it_is_due():
    month = Asked(period("2024-05-01", "2024-05-31"), day("2024-06-07"))

    assert status_of(month, False, day("2024-05-23")) is ReportStatus.LATER
    assert status_of(month, False, day("2024-05-24")) is ReportStatus.COMING


def test_a_period_that_is_due_before_it_ends_is_due_that_day():
    early = Asked(period("2024-04-01", "2024-04-30"), day("2024-04-20"))

    assert status_of(early, False, day("2024-04-19")) is ReportStatus.COMING
    assert status_of(early, False, day("2024-04-20")) is ReportStatus.DUE
    assert status_of(early, False, day("2024-04-21")) is ReportStatus.OVERDUE


def test_the_latest_four_ended_periods_and_the_one_under_way_are_asked_for():
    known = spans([definition("2024-01-01", Every.MONTH)], None)

    lately = [found.period.start.month for _, found in asked_lately(known, day("2024-08-15"))]
    assert lately == [4, 5, 6, 7, 8]
    assert asked_lately(known, day("2023-12-31")) == []


def test_what_ended_more_than_a_year_ago_is_no_longer_asked_for():
    known = spans([definition("2020-01-01", Every.YEAR)], None)

    def years(on):
        return [found.period.start.year for _, found in asked_lately(known, day(on))]

    assert years("2024-12-31") == [2023, 2024]
    assert years("2025-01-01") == [2024, 2025]


@pytest.mark.parametrize(
    ("shown", "label"),
    [
        (period("2024-05-20", "2024-05-26"), "v. 21 2024"),
        (period("2024-05-01", "2024-05-31"), "2024-05"),
        (period("2024-04-01", "2024-06-30"), "kvartal 2 2024"),
        (period("2024-05-01", "2024-08-31"), "2024-T2"),
        (period("2024-07-01", "2024-12-31"), "andra halvåret 2024"),
        (period("2024-01-01", "2024-12-31"), "2024"),
        (period("2024-05-27", "2024-05-27"), "2024-05-27"),
        (period("2024-03-11", "2024-03-24"), "2024-03-11–2024-03-24"),
    ],
)
def test_a_period_is_shown_by_its_name(shown, label):
    assert period_label(shown) == label


REGULAR = [f for f in Every if f not in {Every.OWN_PERIODS, Every.WHEN_IT_HAPPENS}]
DAYS = st.dates(dt.date(2023, 11, 1), dt.date(2025, 2, 28))


def slow_period(frequency, on):
    """Return a calendar period, found a day at a time."""
    keys = {
        Every.WEEK: lambda d: d.isocalendar()[:2],
        Every.MONTH: lambda d: (d.year, d.month),
        Every.QUARTER: lambda d: (d.year, (d.month - 1) // 3),
        Every.TERTIAL: lambda d: (d.year, (d.month - 1) // 4),
        Every.HALF_YEAR: lambda d: (d.year, d.month > 6),
        Every.YEAR: lambda d: d.year,
    }
    key, one = keys[frequency], dt.timedelta(days=1)
    start = end = on
    while key(start - one) == key(on):
        start -= one
    while key(end + one) == key(on):
        end += one
    return start, end


def slow_owners(definitions, first, last):
    """Return by day the number of the definition that asks, walking through the days."""
    owners, current, until = {}, None, None
    on = first
    while on <= last:
        for candidate in sorted(definitions, key=lambda d: (d.valid_from, d.definition_id)):
            if candidate.valid_from > on or (current and candidate is current):
                continue
            if current is None or (candidate.valid_from, candidate.definition_id) > (
                current.valid_from,
                current.definition_id,
            ):
                same = current is not None and current.frequency is candidate.frequency
                if (
                    same
                    and until is not None
                    and candidate.valid_from
                    > slow_period(current.frequency, candidate.valid_from)[0]
                    and on <= until
                    and slow_period(current.frequency, on)[0] < candidate.valid_from
                ):
                    continue
                current = candidate
        if current is not None:
            until = slow_period(current.frequency, on)[1]
            owners[on] = current.definition_id
        on += dt.timedelta(days=1)
    return owners


@settings(deadline=None)
@given(
    st.lists(st.tuples(DAYS, st.sampled_from(REGULAR)), min_size=1, max_size=4),
    st.none() | DAYS,
)
def test_every_day_from_the_first_belongs_to_exactly_one_period(changes, ended_on):
    made = [definition(str(start), every, n) for n, (start, every) in enumerate(changes, 1)]
    first, last = min(start for start, _ in changes), dt.date(2025, 12, 31)
    known = spans(made, ended_on)
    found = periods(known, dt.date(2023, 1, 1), last)

    for (_, before), (_, after) in pairwise(found):
        assert after.period.start == before.period.end + dt.timedelta(days=1)
    if ended_on is not None and ended_on < first:
        assert found == []
        return
    assert found[0][1].period.start == first
    assert found[-1][1].period.end >= min(last, ended_on or last)
    for asking, one in found:
        whole = slow_period(asking.frequency, one.period.start)
        assert whole[0] <= one.period.start <= one.period.end <= whole[1]
        assert one.due_on == whole[1] + dt.timedelta(days=7)
        assert asked_on(known, one.period.start) == (asking, one)
        assert asked_on(known, one.period.end) == (asking, one)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(DAYS, st.sampled_from(REGULAR)), min_size=1, max_size=3, unique_by=lambda c: c[0]
    )
)
def test_who_asks_for_a_day_is_the_same_as_walking_through_the_days(changes):
    made = [definition(str(start), every, n) for n, (start, every) in enumerate(changes, 1)]
    first = min(start for start, _ in changes)
    last = dt.date(2025, 12, 31)
    owners = slow_owners(made, first, last)
    known = spans(made, None)

    asking = {on: asked_on(known, on)[0].definition_id for on in owners}
    assert asking == owners
