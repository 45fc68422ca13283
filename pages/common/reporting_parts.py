"""Pieces of Rapporteringsläge: states in words, the reminder list and the calendar file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import pandas as pd
import streamlit as st

from core.clock import now
from core.queries.measure_points import ReportingRow
from core.queries.reminders import Snoozed
from core.queries.reporting import Coming, Reporting
from core.reports.calendar import MIME, Deadline, calendar
from core.reports.columns import Column, Kind
from core.rules.dates import add_months, month_end, month_start
from core.rules.measure_points import ReportStatus
from core.terms import sv
from pages.common import text, tiles
from pages.common.tiles import Badge, tile

WORDS: dict[ReportStatus, str] = {
    ReportStatus.OVERDUE: "försenad",
    ReportStatus.DUE: "att rapportera nu",
    ReportStatus.COMING: "inom 14 dagar",
    ReportStatus.LATER: "senare",
    ReportStatus.REPORTED: "rapporterad",
}
SHOWN: dict[str, tuple[ReportStatus, ...]] = {
    "Försenade": (ReportStatus.OVERDUE,),
    "Att rapportera": (ReportStatus.DUE, ReportStatus.COMING),
    "Rapporterade": (ReportStatus.REPORTED,),
}
LATEST = "Senaste perioderna"
MONTHS_BACK = 6
AHEAD_MONTHS = 6
"""How far ahead the calendar file reaches."""
POINT_COLUMNS = (
    Column("name", "Mätpunkt"),
    Column("period_words", "Period"),
    Column("due_on", "Senast", Kind.DATE),
    Column("made_of", "Rapporterat"),
    Column("late", "Försenade", Kind.COUNT),
    Column("state", "Läge"),
)
ROW_COLUMNS = (
    Column("who", "Vem"),
    Column("name", "Mätpunkt"),
    Column("period_words", "Period"),
    Column("due_on", "Senast", Kind.DATE),
    Column("made_of", "Rapporterat"),
    Column("group", "Grupp"),
)
OWN_COLUMNS = tuple(column for column in ROW_COLUMNS if column.name not in {"who", "group"})
SNOOZE_COLUMNS = (
    Column("reference", "Ärende"),
    Column("kind", "Påminnelse"),
    Column("caseworker", "Handläggare"),
    Column("reason", "Skäl"),
    Column("starts_on", "Från", Kind.DATE),
    Column("ends_on", "Till och med", Kind.DATE),
    Column("times", "Gång", Kind.COUNT),
)


def chosen_period(on: dt.date) -> tuple[dt.date, dt.date] | None:
    """Draw the choice of month, and return its first and last day; None for the latest periods."""
    months = [add_months(month_start(on), -back) for back in range(MONTHS_BACK)]
    names = {LATEST: None} | {text.month_sv(month).capitalize(): month for month in months}
    month = names[st.selectbox("Period", list(names), width=220, key="reporting-period") or LATEST]
    return None if month is None else (month, month_end(month))


def short_tiles(reporting: Reporting, snoozed: int) -> None:
    """Draw reporting in short as tiles."""
    share = Fraction(reporting.reported, reporting.expected) if reporting.expected else None
    late, people = len(reporting.late), reporting.late_people
    words = text.plural(people, "person eller grupp", "personer eller grupper")
    with tiles.row(3):
        tile(
            "Rapporterat",
            text.percent(share),
            sub=f"{text.share_of(reporting.reported, reporting.expected)} rapporter",
        )
        tile(
            "Försenade",
            text.number(late),
            sub=f"hos {text.number(people)} {words}" if late else "ingen är försenad",
            fulfilment=Badge("försenat", "red", "error") if late else None,
        )
        tile("Uppskjutna påminnelser", text.number(snoozed), sub="siffrorna påverkas inte")


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of reporting with their period, what is reported and status in words."""
    return frame.assign(
        made_of=[
            text.share_of(reported, expected)
            for reported, expected in zip(frame["reported"], frame["expected"], strict=True)
        ],
        period_words=[text.period_sv(period) for period in frame["period"]],
        state=[WORDS[status] for status in frame["status"]],
    )


def snooze_rows(snoozed: Iterable[Snoozed]) -> pd.DataFrame:
    """Return reminders that are put off as rows, columns as `SNOOZE_COLUMNS`."""
    names = [column.name for column in SNOOZE_COLUMNS]
    rows = [
        [sv(one.kind) if name == "kind" else getattr(one, name) for name in names]
        for one in snoozed
    ]
    return pd.DataFrame(rows, columns=pd.Index(names), dtype=object)


def reminder_text(late: Sequence[ReportingRow]) -> str:
    """Return who is late with what, as text to paste into a mail."""
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for row in late:
        left = row.expected - row.reported
        many = f", {left} kvar" if row.expected > 1 else ""
        what = f"{row.name}, {text.period_sv(row.period)}{many}"
        by_person[row.who].append(f"- {what} (skulle ha varit klart {row.due_on})")
    parts = ["\n".join([f"{who}:", *by_person[who]]) for who in sorted(by_person, key=str.casefold)]
    return "\n\n".join(["Hej! Det här är inte rapporterat än i Röda tråden:", *parts])


def calendar_file(coming: Sequence[Coming], unit_name: str, unit_id: int) -> Callable[[], bytes]:
    """Return what makes the calendar file of coming deadlines when it is asked for."""

    def make() -> bytes:
        return calendar(
            [
                Deadline(
                    key=f"enhet-{unit_id}-{one.point_id}-{one.period.start}",
                    title=f"Rapportera: {one.name}",
                    description=f"Sista dag för {text.period_sv(one.period)}. {unit_name}.",
                    due_on=one.due_on,
                )
                for one in coming
            ],
            name=f"Rapportering, {unit_name}",
            written_at=now(),
        )

    return make


def calendar_button(coming: Sequence[Coming], unit_name: str, unit_id: int) -> None:
    """Draw the button that gives the calendar file, if there is anything to put in it."""
    if coming:
        st.download_button(
            "Lägg sista dagarna i kalendern",
            data=calendar_file(coming, unit_name, unit_id),
            file_name="rapportering.ics",
            mime=MIME,
            icon=":material/event:",
            on_click="ignore",
            help=f"En kalenderfil (.ics) med {len(coming)} sista dagar det närmaste halvåret. "
            "Öppna den i Outlook eller en annan kalender.",
        )
