"""The command `figures`: any figure of a page, printed from the same query."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlmodel import Session

from core import clock
from core.auth import Scope
from core.queries import (
    benefit_months,
    budget,
    cases,
    change_plans,
    child_impact,
    client_surveys,
    drivers,
    households,
    indicators,
    measure_entries,
    placements,
    savings,
    staff_survey,
    underlying,
)
from core.queries.keys import By
from core.rules.shares import rounded

SHARES = {"coverage", "current_share", "share", "response_rate"}
AMOUNTS = {
    "day_rate",
    "month_cost",
    "cost_to_date",
    "committed",
    "full_year",
    "cost",
    "budget",
    "outcome_to_date",
    "prognosis",
    "deviation",
    "run_rate",
    "last_year_pattern",
    "bottom_up",
    "paid_benefit",
    "expected",
    "achieved",
    "remaining",
    "with_plan",
    "deviation_with_plan",
    "grants",
    "one_offs",
    "underlying_to_date",
    "underlying_prognosis",
    "underlying_run_rate",
    "per_household",
    "booked",
    "modelled",
}


class Period(StrEnum):
    """Which dates a figure is asked with."""

    ON = "on"
    FROM_TO = "from-to"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ask:
    """What the command asks a figure for."""

    on: dt.date
    start: dt.date
    end: dt.date
    today: dt.date
    by: By


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure's Swedish description, its dates, its splits and its query.

    `rows` is the code of the list that its rows are, for one that tells of cases one by one.
    """

    title: str
    period: Period
    splits: tuple[By, ...]
    query: Callable[[Session, Scope, Ask], pd.DataFrame]
    rows: str | None = None


_PLAN_SPLITS = (By.CASEWORKER, By.GROUP, By.GENDER, By.MONTH, By.NONE)

FIGURES: dict[str, Figure] = {
    "change-plans": Figure(
        "Förändringsplaner efter status",
        Period.ON,
        _PLAN_SPLITS,
        lambda s, scope, ask: change_plans.change_plans(s, scope, on=ask.on, by=ask.by),
    ),
    "change-plans-within-three-months": Figure(
        "Förändringsplaner inom tre månader",
        Period.FROM_TO,
        _PLAN_SPLITS,
        lambda s, scope, ask: change_plans.within_three_months(
            s, scope, start=ask.start, end=ask.end, today=ask.today, by=ask.by
        ),
    ),
    "bka": Figure(
        "Barnkonsekvensanalyser vid negativa beslut",
        Period.FROM_TO,
        (By.CASEWORKER, By.GROUP, By.MONTH, By.NONE),
        lambda s, scope, ask: child_impact.bka(
            s, scope, start=ask.start, end=ask.end, today=ask.today, by=ask.by
        ),
    ),
    "load": Figure(
        "Öppna ärenden per handläggare",
        Period.ON,
        (By.CASEWORKER, By.GROUP, By.NONE),
        lambda s, scope, ask: cases.load(s, scope, on=ask.on, by=ask.by),
    ),
    "flow": Figure(
        "Öppnade, remitterade och avslutade ärenden",
        Period.FROM_TO,
        (By.MONTH, By.NONE),
        lambda s, scope, ask: cases.flow(s, scope, start=ask.start, end=ask.end, by=ask.by),
    ),
    "placements": Figure(
        "Placeringslistan",
        Period.ON,
        (),
        lambda s, scope, ask: placements.placements(s, scope, on=ask.on),
        rows="placements",
    ),
    "placement-cost": Figure(
        "Placeringarnas kostnad",
        Period.FROM_TO,
        (By.MONTH, By.KIND, By.CONTRACT, By.PROVIDER, By.NONE),
        lambda s, scope, ask: placements.placement_cost(
            s, scope, start=ask.start, end=ask.end, today=ask.today, by=ask.by
        ),
    ),
    "budget": Figure(
        "Budget, utfall och prognoser",
        Period.ON,
        (),
        lambda s, scope, ask: budget.budget(s, scope, on=ask.on),
    ),
    "driver-model": Figure(
        "Biståndsmodellens månader",
        Period.ON,
        (),
        lambda s, scope, ask: drivers.driver_months(s, scope, on=ask.on),
    ),
    "action-plan": Figure(
        "Prognos med och utan åtgärdsplanen",
        Period.ON,
        (),
        lambda s, scope, ask: savings.action_plan_lines(s, scope, on=ask.on),
    ),
    "underlying": Figure(
        "Underliggande resultat",
        Period.ON,
        (),
        lambda s, scope, ask: underlying.underlying_lines(s, scope, on=ask.on),
    ),
    "households": Figure(
        "Hushåll per månad",
        Period.FROM_TO,
        (),
        lambda s, scope, ask: households.households(s, scope, start=ask.start, end=ask.end),
    ),
    "long-term": Figure(
        "Hushåll med långvarigt bistånd",
        Period.ON,
        (By.CASEWORKER, By.GROUP, By.GENDER, By.MONTH, By.NONE),
        lambda s, scope, ask: benefit_months.long_term(s, scope, on=ask.on, by=ask.by),
    ),
    "obstacles": Figure(
        "Vuxna efter försörjningshinder",
        Period.ON,
        (),
        lambda s, scope, ask: cases.obstacles(s, scope, on=ask.on),
    ),
    "closing-reasons": Figure(
        "Avslutsorsaker",
        Period.FROM_TO,
        (),
        lambda s, scope, ask: cases.closing_reasons(s, scope, start=ask.start, end=ask.end),
    ),
    "staff-survey": Figure(
        "Medarbetarenkät",
        Period.NONE,
        (),
        lambda s, scope, _ask: staff_survey.staff_survey(s, scope),
    ),
    "client-surveys": Figure(
        "Brukarundersökningar, svar per fråga",
        Period.ON,
        (),
        lambda s, scope, ask: client_surveys.client_surveys(s, scope, on=ask.on),
    ),
    "measure-points": Figure(
        "Rapporterat på mätpunkter",
        Period.FROM_TO,
        (By.CASEWORKER, By.GROUP, By.GENDER, By.MONTH, By.NONE),
        lambda s, scope, ask: measure_entries.measure_points(
            s, scope, start=ask.start, end=ask.end, by=ask.by
        ),
    ),
    "indicators": Figure(
        "Indikatorer mot årsmål",
        Period.ON,
        (),
        lambda s, scope, ask: indicators.indicators(s, scope, on=ask.on),
    ),
}


def ask_for(figure: Figure, options: dict[str, Any]) -> Ask:
    """Return what is asked, checked against what the figure can answer.

    `options` has the keys on, start, end (dates or None) and by (text or None).
    Raises `ValueError` with a Swedish message.
    """
    today = clock.today()
    start, end = options["start"], options["end"]
    if figure.period is Period.FROM_TO:
        if start is None or end is None:
            msg = "Ange perioden med --from DATUM och --to DATUM."
            raise ValueError(msg)
        if end < start:
            msg = f"--to {end} ligger före --from {start}."
            raise ValueError(msg)
    elif start is not None or end is not None:
        msg = "Den här uppgiften gäller en dag: ange --on DATUM, inte --from och --to."
        raise ValueError(msg)
    by = options["by"]
    if by is not None and by not in figure.splits:
        ways = ", ".join(figure.splits) or "inget"
        msg = f"--by {by} går inte här. Möjliga: {ways}."
        raise ValueError(msg)
    on = options["on"] or today
    return Ask(on, start or on, end or on, today, By(by or By.NONE))


def as_text(column: str, value: Any) -> str:
    """Return a figure's value as files have it; empty for no value.

    Shares have four digits, amounts two, an indicator's own numbers up to four.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column in SHARES:
        return f"{rounded(value, 4):.4f}"
    if column in AMOUNTS:
        return f"{rounded(value, 2):.2f}"
    if isinstance(value, Fraction | Decimal):
        text = f"{rounded(value, 4):.4f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)


def as_json(column: str, value: Any) -> str | int | float | bool | None:
    """Return a figure's value as JSON has it, with the same digits as in CSV."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Fraction | Decimal):
        return float(as_text(column, value))
    return str(value)


def write_csv(frame: pd.DataFrame) -> None:
    """Print a figure's table as CSV."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False, name=None):
        writer.writerow(
            as_text(name, value) for name, value in zip(frame.columns, row, strict=True)
        )


def write_json(frame: pd.DataFrame) -> None:
    """Print a figure's table as a JSON list of objects."""
    rows = [
        {name: as_json(name, value) for name, value in zip(frame.columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]
    print(json.dumps(rows, ensure_ascii=False, indent=1))


def write_table(frame: pd.DataFrame) -> None:
    """Print a figure's table in columns, for reading."""
    rows = [list(frame.columns)] + [
        [as_text(name, value) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        )
