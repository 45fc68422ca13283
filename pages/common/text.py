"""Swedish text: numbers, money, shares and dates as a screen shows them, and numbers typed in.

A decimal comma, a narrow no-break space in thousands, a no-break space before the unit and a real
minus sign. Every value is rounded
here, once, half away from zero (domain: Shares).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from core.auth import Actor, Role
from core.rules import linked_counts, suppression
from core.rules.dates import Period, month_of, tertial_of, year_of
from core.rules.measure_points import half_year_of, quarter_of, week_of
from core.rules.shares import Number, rounded
from core.rules.shares import percent as percent_of
from core.terms import HIDDEN, ComputedFigure

DASH = "–"
THIN = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
SHORT_MONTHS = tuple(name if len(name) <= 4 else name[:3] for name in MONTHS)
HALVES = ("första", "andra")
EXPECTED_NUMBER = "Skriv ett tal med decimalkomma, till exempel 1 234,50."
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_MARKDOWN = re.compile(r"([\\`*_\[\]$~<>:#])")
_TYPED = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:,(?P<part>[0-9]+))?")


@lru_cache(maxsize=8192)
def number(value: Number | None, digits: int = 0) -> str:
    """Return a number with a fixed number of decimals, "1 234,5"; a dash for no value."""
    if value is None:
        return DASH
    shown = f"{rounded(value, digits):,}"
    return shown.replace(",", THIN).replace(".", ",").replace("-", MINUS)


def plain_number(value: Number | None, digits: int = 4) -> str:
    """Return a number with only the decimals it needs, at most `digits`."""
    shown = number(value, digits)
    return shown.rstrip("0").rstrip(",") if "," in shown else shown


def kronor(amount: Number | None) -> str:
    """Return an amount in whole kronor, "1 234 kr"."""
    return DASH if amount is None else f"{number(amount)}{NBSP}kr"


def tkr(amount: Number | None, digits: int = 0) -> str:
    """Return an amount in kronor as thousands, "1 235 tkr"."""
    return DASH if amount is None else f"{number(Fraction(amount) / 1000, digits)}{NBSP}tkr"


def mnkr(amount: Number | None, digits: int = 1) -> str:
    """Return an amount in kronor as millions, "1,2 mnkr"."""
    return DASH if amount is None else f"{number(Fraction(amount) / 1_000_000, digits)}{NBSP}mnkr"


def percent(value: Fraction | None, digits: int = 0) -> str:
    """Return a share (0-1) in percent, "78 %"; a dash for no value."""
    if value is None:
        return DASH
    return f"{number(percent_of(value, digits), digits)}{NBSP}%"


share = percent


def share_of(part: int, whole: int) -> str:
    """Return what a share is made of, "126 av 162"."""
    return f"{number(part)} av {number(whole)}"


def people(count: int | None, actor: Actor) -> str:
    """Return a count of people, households or cases as the actor may see it: "<5" for a reader."""
    if count is None:
        return DASH
    if actor.role is not Role.READER:
        return number(count)
    shown = suppression.suppress_count(count)
    return shown.text if shown.value is None else number(count)


def people_share(
    part: int, whole: int, actor: Actor, figure: ComputedFigure | None = None
) -> tuple[str, str]:
    """Return a share of people and what it is made of, as the actor may see them.

    ("78 %", "126 av 162"), for a reader of small numbers ("..", "<5 av 162"). What a share of the
    year so far (`figure`) is made of isn't told to a reader.
    """
    made_of = f"{people(part, actor)} av {people(whole, actor)}"
    if actor.role is not Role.READER:
        return percent(Fraction(part, whole) if whole else None), made_of
    if linked_counts.share_is_hidden(figure, part, whole):
        shown = people(part, actor) if suppression.is_small(part) else HIDDEN
        made_of = f"{shown} av {people(whole, actor)}"
        return HIDDEN, "" if figure in linked_counts.SO_FAR_SHARES else made_of
    value = linked_counts.share_seen(figure, part, whole)
    told = "" if figure in linked_counts.SO_FAR_SHARES else made_of
    return percent(None if value is None else value / 100), told


def date_sv(day: dt.date | None, today: dt.date | None = None) -> str:
    """Return a date as "12 maj", with its year unless that is today's: "12 maj 2023"."""
    if day is None:
        return DASH
    short = f"{day.day} {SHORT_MONTHS[day.month - 1]}"
    return short if today is not None and day.year == today.year else f"{short} {day.year}"


def month_sv(day: dt.date) -> str:
    """Return a day's month, "maj 2024"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period_sv(period: Period) -> str:
    """Return a period in words: "vecka 22 2024", "maj 2024", "T1 2024", "6 maj–17 maj 2024"."""
    start, end = period.start, period.end
    for known, words in _PERIODS:
        if period == known(start):
            return words(start)
    if start.year == end.year:
        return f"{start.day} {SHORT_MONTHS[start.month - 1]}–{date_sv(end)}"
    return f"{date_sv(start)}–{date_sv(end)}"


def _week_sv(day: dt.date) -> str:
    year, week, _ = day.isocalendar()
    return f"vecka {week} {year}"


_PERIODS: tuple[tuple[Callable[[dt.date], Period], Callable[[dt.date], str]], ...] = (
    (lambda day: Period(day, day), date_sv),
    (week_of, _week_sv),
    (month_of, month_sv),
    (year_of, lambda day: str(day.year)),
    (tertial_of, lambda day: f"T{day.month // 4 + 1} {day.year}"),
    (quarter_of, lambda day: f"kvartal {day.month // 3 + 1} {day.year}"),
    (half_year_of, lambda day: f"{HALVES[day.month > 6]} halvåret {day.year}"),
)


def heading(day: dt.date) -> str:
    """Return a day as a heading, "Måndag 27 maj, vecka 22"."""
    weekday = WEEKDAYS[day.weekday()].capitalize()
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}, vecka {day.isocalendar().week}"


def yes_no(value: bool | None) -> str:
    """Return "ja" or "nej"."""
    return DASH if value is None else "ja" if value else "nej"


def plural(count: int, one: str, many: str) -> str:
    """Return the word that fits a count: "plan" or "planer"."""
    return one if count == 1 else many


def safe(words: str) -> str:
    """Return words from the store so that Markdown shows them as they were written."""
    return _MARKDOWN.sub(r"\\\1", words)


def parse_number(typed: str, *, digits: int = 2) -> Decimal:
    """Return the number that a person typed, "1 234,50 kr" -> Decimal("1234.50").

    Spaces between thousands and a trailing "kr" are allowed. A full stop is refused: "1.234" could
    be either number.

    Raises:
        ValueError: With a Swedish message of what is expected.
    """
    cleaned = _SPACES.sub(" ", typed).strip().replace(MINUS, "-").replace("–", "-")
    cleaned = cleaned.lower().removesuffix("kr").strip()
    if not cleaned:
        raise ValueError(EXPECTED_NUMBER)
    if "." in cleaned:
        msg = f"Punkt kan betyda både decimaler och tusental. {EXPECTED_NUMBER}"
        raise ValueError(msg)
    found = _TYPED.fullmatch(cleaned)
    if found is None:
        raise ValueError(EXPECTED_NUMBER)
    part = found["part"] or ""
    if len(part) > digits:
        msg = f"Högst {digits} decimaler." if digits else "Skriv ett heltal, utan decimaler."
        raise ValueError(msg)
    whole = found["whole"].replace(" ", "")
    return Decimal(f"{found['sign']}{whole}.{part}" if part else f"{found['sign']}{whole}")
