"""Values of indicators by period, from systems that measure them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.auth import Scope
from core.clock import today
from core.imports.kinds import CellError, Change, Column, Insert, Kind, Planned, Row, Target, Void
from core.imports.values import choice, date, decimal, folded, plain_text, quoted, text
from core.models import Area, Goal, Indicator, IndicatorValue
from core.queries.measured import fed_on
from core.rules.dates import Period, add_months, month_of, tertial_of, year_of
from core.services.base import Checks
from core.services.field_checks import DIGITS
from core.services.indicator_values import NewValue, check_value, value_of
from core.terms import Gender, ImportKind

PERIOD = "Skriv perioden som 2024, 2024-T1 (tertial) eller 2024-03 (månad)."
GENDERS = {
    "kvinnor": Gender.WOMAN,
    "flickor": Gender.WOMAN,
    "K": Gender.WOMAN,
    "män": Gender.MAN,
    "pojkar": Gender.MAN,
    "M": Gender.MAN,
}
_YEAR = re.compile(r"[0-9]{4}")
_TERTIAL = re.compile(r"([0-9]{4})[ -]?t([1-3])|t([1-3])[ -]?([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
NAMES_TOLD = 5
_Slot = tuple[int, Period, Gender | None]


@dataclass(slots=True)
class _Known:
    """A unit's indicators by year and name, and the latest value of each period and gender.

    `fed` are the indicators that measure points that are asked today give their values.
    """

    indicators: dict[tuple[int, str], Indicator] = field(default_factory=dict)
    values: dict[_Slot, IndicatorValue] = field(default_factory=dict)
    fed: frozenset[int] = frozenset()


def period(cell: Any) -> Period:
    """Read a period: 2024, 2024-T1, T1 2024, VB 2024 or 2024-03."""
    if isinstance(cell, dt.date):
        return month_of(cell)
    written = plain_text(cell).casefold().removeprefix("vb ")
    if _YEAR.fullmatch(written) and 1900 <= int(written) <= 2199:
        return year_of(dt.date(int(written), 1, 1))
    tertial = _TERTIAL.fullmatch(written)
    if tertial:
        year, number = tertial[1] or tertial[4], tertial[2] or tertial[3]
        return tertial_of(add_months(dt.date(int(year), 1, 1), 4 * (int(number) - 1)))
    month = _MONTH.fullmatch(written)
    if month:
        return month_of(dt.date(int(month[1]), int(month[2]), 1))
    msg = f"{quoted(cell)} är ingen period. {PERIOD}"
    raise CellError(msg)


def period_shown(value: Period) -> str:
    """Return a period as a person reads it; for `Column.show`."""
    return value.label


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare indicator values with the store."""
    known = _known(session, target.unit_id)
    return [_planned(row, target, known) for row in rows]


def _known(session: Session, unit_id: int) -> _Known:
    known = _Known(fed=fed_on(session, Scope(unit_id), on=today()))
    for indicator, year in session.exec(
        select(Indicator, col(Goal.year))
        .join(Goal, col(Goal.id) == col(Indicator.goal_id))
        .where(col(Indicator.unit_id) == unit_id)
    ):
        known.indicators[year, folded(indicator.name)] = indicator
    for value in session.exec(
        select(IndicatorValue)
        .join(Indicator, col(Indicator.id) == col(IndicatorValue.indicator_id))
        .where(col(Indicator.unit_id) == unit_id)
        .where(col(IndicatorValue.voided_at).is_(None))
        .order_by(col(IndicatorValue.measured_on), col(IndicatorValue.id))
    ):
        slot = Period(value.period_start, value.period_end)
        known.values[value.indicator_id, slot, value.gender] = value
    return known


def _planned(row: Row, target: Target, known: _Known) -> Planned:
    planned = Planned(row)
    indicator = known.indicators.get((row["period"].end.year, folded(row["indicator"])))
    if indicator is None or indicator.id is None:
        planned.fault("indicator", _unknown(row, known))
        return planned
    stored = known.values.get((indicator.id, row["period"], row["gender"]))
    kept = _new(row, indicator, stored, target)
    new, checks = _checked(row, indicator, kept, fed=indicator.id in known.fed)
    planned.faults_of(checks)
    if planned.faults:
        return planned
    measured_on = new.measured_on or new.period.end
    numbers: dict[str, Any] = {
        "value": value_of(new, indicator),
        "numerator": new.numerator,
        "denominator": new.denominator,
        "measured_on": measured_on,
    }
    if stored is None:
        planned.all_new()
    else:
        planned.changes += [
            Change(name, getattr(stored, name), value)
            for name, value in numbers.items()
            if getattr(stored, name) != value
        ]
        if not planned.changes:
            return planned
        if stored.id is not None and measured_on == stored.measured_on:
            planned.writes.append(Void(IndicatorValue, stored.id))
    planned.writes.append(_insert(new, numbers))
    planned.moved.append((Area.GOALS, measured_on))
    return planned


def _checked(
    row: Row, indicator: Indicator, kept: NewValue, *, fed: bool
) -> tuple[NewValue, Checks]:
    """Return the value that a row tells, with what is wrong with it.

    What the row leaves out is as stored in `kept`, but old parts that contradict its value are let
    go.
    """
    found = Checks()
    check_value(found, kept, indicator, fed=fed)
    parts = row["numerator"] is not None or row["denominator"] is not None
    if not found.errors or parts or row["value"] is None:
        return kept, found
    alone, again = replace(kept, numerator=None, denominator=None), Checks()
    check_value(again, alone, indicator, fed=fed)
    return alone, again


def _new(row: Row, indicator: Indicator, stored: IndicatorValue | None, target: Target) -> NewValue:
    parts = row["numerator"] is not None or row["denominator"] is not None
    assert indicator.id is not None  # noqa: S101  (read from the store)
    return NewValue(
        indicator_id=indicator.id,
        period=row["period"],
        value=row.get("value", stored.value if stored and not parts else None),
        numerator=row.get("numerator", stored.numerator if stored else None),
        denominator=row.get("denominator", stored.denominator if stored else None),
        gender=row["gender"],
        measured_on=row.get("measured_on", stored.measured_on if stored else None),
        source_name=row.get("source_name", stored.source_name if stored else target.file_name),
    )


def _insert(new: NewValue, numbers: dict[str, Any]) -> Insert:
    return Insert(
        IndicatorValue,
        {
            "indicator_id": new.indicator_id,
            "period_start": new.period.start,
            "period_end": new.period.end,
            "gender": new.gender,
            **numbers,
            "source_name": new.source_name,
        },
    )


def _unknown(row: Row, known: _Known) -> str:
    year = row["period"].end.year
    names = sorted(one.name for (of, _name), one in known.indicators.items() if of == year)
    name = quoted(row["indicator"])
    if not names:
        return f"Enheten har inga indikatorer för {year}. Lägg till målen för det året först."
    told = ", ".join(f"”{one}”" for one in names[:NAMES_TOLD])
    more = f" och {len(names) - NAMES_TOLD} till" if len(names) > NAMES_TOLD else ""
    return f"{name} är ingen indikator {year}. Finns: {told}{more}."


def _number(name: str, heading: str, description: str, example: str, *also: str) -> Column:
    return Column(
        name, heading, description, decimal(digits=DIGITS), example=Decimal(example), also=also
    )


INDICATOR_VALUES = Kind(
    code=ImportKind.INDICATOR_VALUES,
    lead="Indikatorernas värden per månad, tertial eller år.",
    rules=(
        "Indikatorn ska finnas bland målen för periodens år.",
        "Ett nytt värde för samma period ersätter det förra, som finns kvar i historiken.",
        "Indikatorer som räknas ut, eller får värden från en mätpunkt, läses inte in.",
    ),
    columns=(
        Column(
            "indicator",
            "Indikator",
            "Indikatorns namn, som det står under Mål.",
            text(200),
            example="Andel klienter som upplever ett gott bemötande",
            required=True,
            also=("namn", "name", "indikatornamn"),
        ),
        Column(
            "period",
            "Period",
            "Perioden som värdet gäller: 2024, 2024-T1 eller 2024-03.",
            period,
            example=year_of(dt.date(2024, 1, 1)),
            required=True,
            also=("tid", "avser"),
            show=period_shown,
        ),
        _number("value", "Värde", "Värdet. Procent skrivs 0–100.", "77.7", "utfall"),
        _number("numerator", "Täljare", "Antalet som uppfyller, för en andel.", "94", "antal"),
        _number("denominator", "Nämnare", "Antalet totalt, för en andel.", "121", "av"),
        Column(
            "gender",
            "Kön",
            "Kvinna, man eller annat/okänt. Tomt är alla tillsammans.",
            choice(Gender, GENDERS),
            also=("kön på klient",),
        ),
        Column(
            "measured_on",
            "Mätt",
            "Dagen då värdet mättes. Tomt är periodens sista dag.",
            date,
            also=("mätdatum", "datum"),
        ),
        Column(
            "source_name",
            "Källa",
            "Varifrån värdet kommer. Tomt är filens namn.",
            text(200),
            example="Beslutsstöd",
            also=("source",),
        ),
    ),
    key=("indicator", "period", "gender"),
    plan=plan,
)
