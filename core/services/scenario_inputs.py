"""What the forms about scenarios fill in. What a form can leave unchosen may be None: refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.terms import Contract, ScenarioStep


@dataclass(frozen=True, slots=True)
class NewScenario:
    """A scenario's name, and what it is about."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewStep:
    """An imagined change (core.rules.scenarios). What its kind has no use for is left out.

    `from_on` is the first day of the change, for an end the last day. An added placement has a
    `label` instead of a placement. `confirmed` answers yes to what is asked about.
    """

    step: ScenarioStep | None
    placement_id: int | None = None
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    amount: Decimal | None = None
    kind_id: int | None = None
    contract: Contract | None = None
    label: str = ""
    confirmed: bool = False
