"""Deadlines as an iCalendar file, which any calendar can read (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event

MIME = "text/calendar"
REMIND_BEFORE = dt.timedelta(hours=-16)
"""The day before at eight in the morning, seen from the deadline's midnight."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something is to be reported.

    `key` is the same each time the same deadline is written, so that a calendar that has it already
    changes its entry and gets no second one.
    """

    key: str
    title: str
    description: str
    due_on: dt.date


def calendar(deadlines: Iterable[Deadline], *, name: str, written_at: dt.datetime) -> bytes:
    """Return a calendar file with an all-day entry, and a reminder, for each deadline.

    Args:
        deadlines: What is due; the file is in order of day.
        name: The calendar's Swedish name.
        written_at: When the file is made, aware of its zone.
    """
    book = Calendar()
    book.add("prodid", "-//Röda tråden//SV")
    book.add("version", "2.0")
    book.add("name", name)
    book.add("x-wr-calname", name)
    for deadline in sorted(deadlines, key=lambda each: (each.due_on, each.title)):
        book.add_component(_event(deadline, written_at))
    written: bytes = book.to_ical()
    return written


def _event(deadline: Deadline, written_at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{deadline.key}@roda-traden")
    event.add("dtstamp", written_at.astimezone(dt.UTC))
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + dt.timedelta(days=1))
    event.add("summary", deadline.title)
    event.add("description", deadline.description)
    event.add("transp", "TRANSPARENT")  # the day stays free in the calendar
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.title)
    alarm.add("trigger", REMIND_BEFORE)
    event.add_component(alarm)
    return event
