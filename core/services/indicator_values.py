"""Values of indicators, typed in by period, and voided when wrong (domain: Indicator)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor, Permission, PermissionDeniedError, Scope
from core.clock import now, today
from core.models import Indicator, IndicatorValue
from core.queries.measured import fed_on
from core.rules.dates import Period, period_of
from core.rules.indicators import percent_value
from core.rules.shares import rounded
from core.services.base import Checks, already_done
from core.services.field_checks import DIGITS, check_digits, not_in_future
from core.services.goals import own_unit
from core.services.indicators import check_measured, own_indicator, written
from core.terms import Gender, IndicatorSource, IndicatorUnit, sv


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value of an indicator for a month, tertial or year, as its periodicity says.

    A % is 0-100; with numerator and denominator its value may be left out. `gender` is None for
    everybody together. `measured_on` is by default the period's last day.
    """

    indicator_id: int
    period: Period
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    gender: Gender | None = None
    measured_on: dt.date | None = None
    source_name: str = ""


def record_value(session: Session, new: NewValue, *, by: Actor, key: str | None = None) -> int:
    """Record an indicator's value of a period; an earlier one of the period is kept beneath it.

    Returns the row's id. Raises `RefusedError` for an indicator that is computed or fed by a measure
    point that is asked today, a period that is not one of its own, a measuring day in the future or
    before the period, a value that the unit of measure doesn't allow, or parts that contradict it.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    indicator = own_indicator(session, new.indicator_id, by)
    checks = Checks()
    fed = fed_on(session, Scope(indicator.unit_id), on=today())
    check_value(checks, new, indicator, fed=indicator.id in fed)
    checks.done()
    value = value_of(new, indicator)
    row = IndicatorValue(
        indicator_id=new.indicator_id,
        period_start=new.period.start,
        period_end=new.period.end,
        gender=new.gender,
        value=value,
        numerator=new.numerator,
        denominator=new.denominator,
        measured_on=new.measured_on or new.period.end,
        source_name=new.source_name,
        created_by_id=by.user_id,
    )
    event = ("record", "indicator_value", row.measured_on)
    return written(session, row, event, indicator, by, key)


def void_value(session: Session, value_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a value that was a mistake: it is kept, with who voided it, and counts nowhere.

    Returns its id. Voiding it again changes nothing.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    own_unit(by, Permission.EDIT_GOALS)
    row = session.get(IndicatorValue, value_id, with_for_update=True)
    if row is None:
        raise PermissionDeniedError(Permission.EDIT_GOALS)
    indicator = own_indicator(session, row.indicator_id, by)
    if row.voided_at is not None:
        return value_id
    row.voided_at, row.voided_by_id = now(), by.user_id
    event = ("void", "indicator_value", row.measured_on)
    return written(session, row, event, indicator, by, key)


def check_value(checks: Checks, new: NewValue, indicator: Indicator, *, fed: bool) -> None:
    """Refuse a value that isn't the indicator's to be told, or that doesn't fit it.

    `fed` tells that a measure point that is asked today gives the indicator its values.
    """
    checks.refuse_if(
        indicator.source is IndicatorSource.COMPUTED,
        "value",
        "Indikatorn räknas ut ur egna uppgifter och skrivs inte in.",
    )
    checks.refuse_if(
        fed,
        "value",
        "Indikatorn får sina värden från en mätpunkt och skrivs inte in.",
    )
    checks.guard_text("source_name", new.source_name, longest=200)
    _check_period(checks, new, indicator)
    _check_parts(checks, new, indicator)


def _check_period(checks: Checks, new: NewValue, indicator: Indicator) -> None:
    checks.refuse_if(
        period_of(new.period.start, indicator.periodicity) != new.period,
        "period",
        f"Indikatorn mäts per {sv(indicator.periodicity)}. Välj en sådan period.",
    )
    measured_on = new.measured_on or new.period.end
    checks.refuse_if(
        new.measured_on is None and measured_on > today(),
        "measured_on",
        f"Perioden slutar {new.period.end}. Ange vilken dag värdet mättes.",
    )
    not_in_future(checks, "measured_on", new.measured_on)
    checks.refuse_if(
        measured_on < new.period.start,
        "measured_on",
        f"Perioden börjar {new.period.start}. Ange den dagen eller en senare.",
    )


def _check_parts(checks: Checks, new: NewValue, indicator: Indicator) -> None:
    """Refuse a value without its parts in order: both or none, a part of a whole, and agreeing."""
    if new.value is not None:
        check_measured(checks, "value", new.value, indicator)
    if new.numerator is None or new.denominator is None:
        missing = "numerator" if new.numerator is None else "denominator"
        one = new.numerator is not None or new.denominator is not None
        checks.refuse_if(one, missing, "Ange både täljare och nämnare, eller ingen av dem.")
        checks.refuse_if(not one and new.value is None, "value", "Ange ett värde.")
        return
    check_digits(checks, "numerator", new.numerator)
    check_digits(checks, "denominator", new.denominator)
    checks.refuse_if(new.denominator <= 0, "denominator", "Nämnaren ska vara större än 0.")
    if new.denominator > 0:
        _check_share(checks, new, indicator)


def _check_share(checks: Checks, new: NewValue, indicator: Indicator) -> None:
    assert new.numerator is not None  # noqa: S101  (checked by the caller)
    assert new.denominator is not None  # noqa: S101
    if indicator.unit_of_measure is not IndicatorUnit.PERCENT:
        checks.refuse_if(new.value is None, "value", "Ange ett värde.")
        return
    checks.refuse_if(
        not 0 <= new.numerator <= new.denominator,
        "numerator",
        f"Täljaren ska ligga mellan 0 och nämnaren, {new.denominator}.",
    )
    share = percent_value(new.numerator, new.denominator)
    if new.value is not None and share is not None:
        shown = _decimals(new.value)
        checks.refuse_if(
            rounded(share, shown) != new.value,
            "value",
            f"Täljare och nämnare ger {str(rounded(share, max(shown, 1))).replace('.', ',')} %. "
            "Rätta värdet, eller lämna det tomt.",
        )


def value_of(new: NewValue, indicator: Indicator) -> Decimal:
    """Return the value to store: a % with its parts known as exact as the column holds."""
    if (
        indicator.unit_of_measure is IndicatorUnit.PERCENT
        and new.numerator is not None
        and new.denominator is not None
    ):
        share = percent_value(new.numerator, new.denominator)
        assert share is not None  # noqa: S101  (the denominator is above 0)
        return rounded(share, DIGITS)
    assert new.value is not None  # noqa: S101  (checked with the parts)
    return new.value


def _decimals(value: Decimal) -> int:
    """Return how many decimals a number is written with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
