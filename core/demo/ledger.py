"""The ledger of the demo's year: what the budget lines' outcomes are made of, in made-up accounts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.demo.people import Place
from core.demo.rows import Rows
from core.models import BudgetLine, LedgerMapping, LedgerRow, Outcome

FIRST_ACCOUNT, STEP = 4510, 10
COST_CENTRE = "1210"
ACTIVITIES = (("5751", Decimal("0.6")), ("5752", Decimal("0.4")))
NOT_MAPPED = ("6890", "1210", "5751")
NOT_MAPPED_AMOUNT = Decimal(18_400)
OUTSIDE = ("1910", "", "")
BANK = Decimal(-2_150_000)


def add_ledger(rows: Rows, place: Place, today: dt.date) -> None:
    """Add rows that add up to the outcomes of a unit's lines this year, and their mappings.

    An account a line, on two activities; what was corrected in the outcome was so in the ledger.
    Besides, an account that nobody has mapped yet, and the bank, which is left out on purpose.
    """
    lines = {
        row["id"]: row
        for row in rows.of(BudgetLine)
        if row["unit_id"] == place.unit_id and row["year"] == today.year
    }
    accounts = {line_id: str(FIRST_ACCOUNT + STEP * number) for number, line_id in enumerate(lines)}
    last: dict[str, Any] = {}
    for outcome in rows.of(Outcome):
        account = accounts.get(outcome["line_id"])
        if account is None:
            continue
        outcome["from_ledger"] = True
        if not last or outcome["booked_on"] >= last["booked_on"]:
            last = outcome
        _split(rows, place, account, outcome)
    for line_id, account in accounts.items():
        line = lines[line_id]
        _map(rows, place, (account, "", ""), line["section"], line["name"])
    if last:
        _map(rows, place, OUTSIDE, "", "")
        _row(rows, place, NOT_MAPPED, last, NOT_MAPPED_AMOUNT)
        _row(rows, place, OUTSIDE, last, BANK)


def _split(rows: Rows, place: Place, account: str, outcome: dict[str, Any]) -> None:
    """Add an outcome's rows, which add up to it to the öre."""
    whole = Decimal(outcome["amount"])
    (first, part), (second, _rest) = ACTIVITIES
    amount = (whole * part).quantize(Decimal(1))
    _row(rows, place, (account, COST_CENTRE, first), outcome, amount)
    _row(rows, place, (account, COST_CENTRE, second), outcome, whole - amount)


def _row(
    rows: Rows,
    place: Place,
    combination: tuple[str, str, str],
    booked: dict[str, Any],
    amount: Decimal,
) -> None:
    account, cost_centre, activity = combination
    rows.add(
        LedgerRow,
        unit_id=place.unit_id,
        month=booked["month"],
        account=account,
        cost_centre=cost_centre,
        activity=activity,
        amount=amount,
        booked_on=booked["booked_on"],
    )


def _map(
    rows: Rows, place: Place, combination: tuple[str, str, str], section: str, line: str
) -> None:
    account, cost_centre, activity = combination
    rows.add(
        LedgerMapping,
        unit_id=place.unit_id,
        account=account,
        cost_centre=cost_centre,
        activity=activity,
        section=section,
        line=line,
    )
