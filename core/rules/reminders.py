"""Reminders: how far ahead they look, and for how long one can be put off.

A reminder that is put off leaves its owner's list for a while. It touches no figure.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum, auto

AHEAD = dt.timedelta(days=14)
LONGEST_SNOOZE = dt.timedelta(days=60)


class Urgency(StrEnum):
    """How something with a last day in time stands on a day."""

    LATE = auto()
    SOON = auto()
    LATER = auto()


def urgency(due_on: dt.date, on: dt.date) -> Urgency:
    """Tell how something that is due stands on a day.

    It is late from the day after its last day, and soon from 14 days before it.
    """
    if due_on < on:
        return Urgency.LATE
    return Urgency.SOON if due_on <= on + AHEAD else Urgency.LATER


def latest_snooze_end(on: dt.date) -> dt.date:
    """Return the last day to which a reminder can be put off on a day."""
    return on + LONGEST_SNOOZE
