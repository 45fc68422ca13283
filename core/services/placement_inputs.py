"""What the forms about placements fill in. What a form can leave unchosen may be None: refused.

`confirmed` answers yes to whatever the write asks about (`core.services.questions`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.terms import Contract, DecisionReason, LegalBasis


@dataclass(frozen=True, slots=True)
class NewPlacement:
    """A placement as registered, with its first decision and the rate of its first day.

    An empty reference gets the unit's next one, `PL-0001`. `planned_end_on` is empty for tills
    vidare. `children` are those along. `case_id` is None when no case was found. `legal_name` and
    `contract_name` are the unit's own words, empty for the usual ones.
    """

    case_id: int | None
    kind_id: int | None
    legal_basis: LegalBasis | None
    starts_on: dt.date
    decided_on: dt.date
    decided_by: str
    provider: str
    contract: Contract | None
    day_rate: Decimal | None
    planned_end_on: dt.date | None = None
    children: int = 0
    reference: str = ""
    legal_name: str = ""
    contract_name: str = ""
    reason: DecisionReason | None = DecisionReason.NEW
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """When something was decided and by whom."""

    decided_on: dt.date
    decided_by: str


@dataclass(frozen=True, slots=True)
class NewRate:
    """What a day costs in kronor from a day on, which may be a coming one.

    With `decided`, the decision is registered too.
    """

    valid_from: dt.date
    amount: Decimal | None
    decided: Decided | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision on a placement: until when (empty: tills vidare), with whom, on what contract.

    `contract_name` is the unit's own word for the contract, empty for the usual one. A `rate` is
    set by the same decision.
    """

    decided_on: dt.date
    decided_by: str
    provider: str
    contract: Contract | None
    planned_end_on: dt.date | None = None
    reason: DecisionReason | None = None
    contract_name: str = ""
    rate: NewRate | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewEnd:
    """A placement's last day, which is paid. With `decided`, the decision is registered too."""

    on: dt.date
    decided: Decided | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewReopening:
    """A decision that an ended placement runs on, until when (empty: tills vidare)."""

    decided: Decided
    planned_end_on: dt.date | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewReview:
    """A follow-up, and the day of the next one if it was decided."""

    reviewed_on: dt.date
    next_review_on: dt.date | None = None
    note: str = ""
