"""When something is late or soon, and for how long a reminder can be put off."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.reminders import Urgency, latest_snooze_end, urgency

DAY = dt.date(2024, 5, 27)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        ("2024-05-26", Urgency.LATE),
        ("2024-05-27", Urgency.SOON),
        ("2024-06-10", Urgency.SOON),
        ("2024-06-11", Urgency.LATER),
    ],
)
def test_the_last_day_is_in_time_and_fourteen_days_ahead_is_soon(due_on, expected):
    assert urgency(dt.date.fromisoformat(due_on), DAY) is expected


@given(due_on=DAYS, on=DAYS)
def test_urgency_is_what_counting_days_one_by_one_gives(due_on, on):
    soon = [on + dt.timedelta(days=n) for n in range(15)]
    expected = Urgency.SOON if due_on in soon else Urgency.LATE if due_on < on else Urgency.LATER
    assert urgency(due_on, on) is expected


def test_a_reminder_can_be_put_off_for_sixty_days():
    assert latest_snooze_end(DAY) == dt.date(2024, 7, 26)
    assert latest_snooze_end(dt.date(2023, 12, 31)) == dt.date(2024, 2, 29)
