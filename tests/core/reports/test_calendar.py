"""The iCalendar file of deadlines, read back by a parser."""

import datetime as dt

from icalendar import Calendar

from core.reports.calendar import Deadline, calendar

NOW = dt.datetime(2024, 5, 27, 8, 30, tzinfo=dt.UTC)
WEEK = Deadline("matpunkt-3-2024-05-20", "Rapportera: Hembesök", "Vecka 21", dt.date(2024, 6, 2))
MONTH = Deadline("matpunkt-1-2024-05-01", "Rapportera: Orosanmälningar", "maj", dt.date(2024, 6, 1))


def read(*deadlines):
    written = calendar(deadlines, name="Rapportering, Exempelenheten", written_at=NOW)
    return Calendar.from_ical(written)


def test_every_deadline_is_an_all_day_entry_in_order_of_day():
    events = read(WEEK, MONTH).walk("VEVENT")
    assert [(str(e["summary"]), e.decoded("dtstart"), e.decoded("dtend")) for e in events] == [
        ("Rapportera: Orosanmälningar", dt.date(2024, 6, 1), dt.date(2024, 6, 2)),
        ("Rapportera: Hembesök", dt.date(2024, 6, 2), dt.date(2024, 6, 3)),
    ]


def test_an_entry_keeps_its_identity_so_that_a_second_file_adds_none():
    (first,), (second,) = read(WEEK).walk("VEVENT"), read(WEEK).walk("VEVENT")
    assert first["uid"] == second["uid"] == "matpunkt-3-2024-05-20@roda-traden"


def test_a_reminder_comes_the_morning_before():
    (alarm,) = read(WEEK).walk("VALARM")
    due = dt.datetime.combine(WEEK.due_on, dt.time())
    assert due + alarm.decoded("trigger") == dt.datetime(2024, 6, 1, 8, 0)


def test_the_file_says_whose_it_is_and_keeps_letters_and_commas():
    book = read(WEEK)
    assert str(book["x-wr-calname"]) == "Rapportering, Exempelenheten"
    assert str(book.walk("VEVENT")[0]["description"]) == "Vecka 21"


def test_no_deadlines_is_an_empty_calendar():
    assert read().walk("VEVENT") == []
