"""A placement that the unit has gets a new day rate from a day on; what was paid before stands."""

from __future__ import annotations

import datetime as dt

from core.imports.kinds import Change, Insert, Planned, Void
from core.imports.placement_meant import ask, ask_of_amount
from core.imports.placement_store import StoredPlacement, StoredRate
from core.models import Area, DayRate
from core.services.base import Checks
from core.services.placement_checks import check_rate
from core.services.questions import kronor


def set_rate(planned: Planned, placement: StoredPlacement, today: dt.date) -> None:
    """Plan a day rate where the row says another than the one that holds on its day."""
    row, amount = planned.row, planned.row["day_rate"]
    since: dt.date | None = row["rate_from"]
    ended_on = placement.ended_on or row["ended_on"]
    listed = max(ended_on or today, placement.starts_on)
    if amount is None or not placement.rates:
        return
    held = placement.rate_on(since or listed)
    if held.amount == amount:
        return
    checks = Checks()
    _check_rate_day(checks, placement, since, ended_on)
    check_rate(checks, "day_rate", amount)
    planned.faults_of(checks)
    valid_from = since or max(today, placement.starts_on)
    _ask_rate(planned, placement, held, valid_from)
    if planned.faults:
        return
    planned.changes.append(Change("day_rate", held.amount, amount))
    planned.changes.append(Change("rate_from", held.valid_from, valid_from))
    planned.writes += [
        Void(DayRate, rate.id) for rate in placement.rates if rate.valid_from == valid_from
    ]
    values = {"placement_id": placement.id, "valid_from": valid_from, "amount": amount}
    planned.writes.append(Insert(DayRate, values))
    first = min([placement.starts_on, *(one.decided_on for one in placement.decisions)])
    planned.moved.append((Area.PLACEMENTS, min(first, today)))


def _check_rate_day(
    checks: Checks, placement: StoredPlacement, since: dt.date | None, ended_on: dt.date | None
) -> None:
    checks.refuse_if(
        since is None and ended_on is not None,
        "rate_from",
        f"Placeringen avslutades {ended_on}. Ange från vilken dag dygnskostnaden gällde.",
    )
    checks.refuse_if(
        since is not None and since < placement.starts_on,
        "rate_from",
        f"Placeringen börjar {placement.starts_on}. Ange den dagen eller en senare.",
    )
    checks.refuse_if(
        since is not None and ended_on is not None and since > ended_on,
        "rate_from",
        f"Placeringen avslutades {ended_on}. Ange den dagen eller en tidigare.",
    )


def _ask_rate(
    planned: Planned, placement: StoredPlacement, held: StoredRate, valid_from: dt.date
) -> None:
    ask_of_amount(planned, planned.row["day_rate"], held.amount)
    if held.valid_from == valid_from:
        ask(
            planned,
            "day_rate",
            f"Från {valid_from} gäller redan {kronor(held.amount)}. Ska den ersättas?",
        )
    later = next((rate for rate in placement.rates if rate.valid_from > valid_from), None)
    if later is not None:
        ask(
            planned,
            "rate_from",
            f"Från {later.valid_from} gäller redan {kronor(later.amount)}, så den nya gäller bara "
            "till dess. Stämmer det?",
        )
