"""Budget lines with made-up outcomes and prognoses; placements and paid benefit decide theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from core.demo import inputs
from core.demo.matters import Matter
from core.demo.people import Place
from core.demo.placements import Stay
from core.demo.rows import Rows
from core.models import BudgetLine, Outcome, Prognosis
from core.rules import placements as rules
from core.rules.dates import add_months, month_end
from core.terms import CaseKind

MONTHS = 12
ROUND_TO = 10_000
BOOKED_AFTER_DAYS = 7
PROGNOSIS_DAY = 16
SHARE_OF_DECEMBER = Decimal("1.06")


def add_money(
    rows: Rows,
    rng: Random,
    place: Place,
    paid: Mapping[dt.date, Decimal],
    stays: Sequence[Stay],
    today: dt.date,
) -> None:
    """Add a unit's budget lines, what is booked by today, and the prognoses made by today."""
    for record in inputs.of_unit("demo_budget", place.slug):
        line_id = rows.add(
            BudgetLine,
            unit_id=place.unit_id,
            year=int(record["year"]),
            section=record["section"],
            name=record["line"],
            amount=Decimal(record["amount"]),
            source_name=_source_name(record),
        )
        amounts = _amounts(rng, record, paid, stays, today)
        for month, amount in amounts.items():
            _book(rows, rng, line_id, month, amount)
        _foresee(rows, record, line_id, today)


def paid_benefit(
    rng: Random, place: Place, matters: Sequence[Matter], today: dt.date
) -> dict[dt.date, Decimal]:
    """Return made-up benefit paid in each month that has ended, in whole kronor."""
    paid: dict[dt.date, Decimal] = {}
    for record in inputs.of_unit("demo_benefit", place.slug):
        for number in range(1, MONTHS + 1):
            month = dt.date(int(record["year"]), number, 1)
            end = month_end(month)
            if end <= today:
                households = sum(m.kind is CaseKind.BENEFIT and m.open_on(end) for m in matters)
                each = int(record["per_household"]) * rng.uniform(0.975, 1.025)
                paid[month] = Decimal(round(households * each))
    return paid


def _source_name(record: inputs.Record) -> str:
    if not record["source"]:
        return inputs.EXAMPLE
    return f"{inputs.EXAMPLE}: fördelning av beloppet i {inputs.source_title(record['source'])}"


def _amounts(
    rng: Random,
    record: inputs.Record,
    paid: Mapping[dt.date, Decimal],
    stays: Sequence[Stay],
    today: dt.date,
) -> dict[dt.date, Decimal]:
    """Return what is booked on a line for each month whose booking has been made."""
    booked: dict[dt.date, Decimal] = {}
    for number in range(1, MONTHS + 1):
        month = dt.date(int(record["year"]), number, 1)
        if _booked_on(month) > today:
            break
        if record["basis"] == "benefit":
            booked[month] = paid[month]
        elif record["basis"] == "placements":
            booked[month] = _placement_cost(record, stays, month)
        else:
            usual = Decimal(record["expected"]) / MONTHS
            part = SHARE_OF_DECEMBER if number == MONTHS else Decimal(1)
            booked[month] = Decimal(round(usual * part * Decimal(rng.uniform(0.97, 1.03))))
    return booked


def _placement_cost(record: inputs.Record, stays: Sequence[Stay], month: dt.date) -> Decimal:
    paid_here = [
        stay.facts()
        for stay in stays
        if (stay.record["section"], stay.record["line"]) == (record["section"], record["line"])
    ]
    return sum((rules.cost(facts, month, month_end(month)) for facts in paid_here), Decimal(0))


def _booked_on(month: dt.date) -> dt.date:
    return month_end(month) + dt.timedelta(days=BOOKED_AFTER_DAYS)


def _book(rows: Rows, rng: Random, line_id: int, month: dt.date, amount: Decimal) -> None:
    """Book a month's amount; now and then what was booked first is corrected a month later."""
    if rng.random() < 0.03:
        first = Decimal(round(amount * Decimal("0.97")))
        rows.add(Outcome, line_id=line_id, month=month, amount=first, booked_on=_booked_on(month))
        corrected = min(_booked_on(month) + dt.timedelta(days=12), _booked_on(add_months(month, 1)))
        rows.add(Outcome, line_id=line_id, month=month, amount=amount, booked_on=corrected)
        return
    rows.add(Outcome, line_id=line_id, month=month, amount=amount, booked_on=_booked_on(month))


def _foresee(rows: Rows, record: inputs.Record, line_id: int, today: dt.date) -> None:
    """Add a prognosis each month: the budget at first, step by step what is expected in the end."""
    budget, expected = Decimal(record["amount"]), Decimal(record["expected"])
    last = 5 if int(record["year"]) == today.year else MONTHS
    for number in range(1, last + 1):
        made_on = dt.date(int(record["year"]), number, PROGNOSIS_DAY)
        part = budget + (expected - budget) * (number - 1) / (last - 1)
        rows.add(
            Prognosis,
            line_id=line_id,
            amount=Decimal(round(part / ROUND_TO) * ROUND_TO),
            made_on=made_on,
            comment=record["comment"],
        )
