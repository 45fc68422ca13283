"""What the forms about placements fill in. What a form can leave unchosen may be None: refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.terms import Contract, LegalBasis


@dataclass(frozen=True, slots=True)
class NewPlacement:
    """A placement as registered, with its first decision and the rate of its first day.

    An empty reference gets the unit's next one, `PL-0001`. `planned_end_on` is empty for tills
    vidare. `children` are those along. `case_id` is None when no case was found.
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


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision on a placement: until when (empty: tills vidare), with whom, on what contract."""

    decided_on: dt.date
    decided_by: str
    provider: str
    contract: Contract | None
    planned_end_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewRate:
    """What a day costs in kronor from a day on, which may be a coming one."""

    valid_from: dt.date
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class NewReview:
    """A follow-up, and the day of the next one if it was decided."""

    reviewed_on: dt.date
    next_review_on: dt.date | None = None
    note: str = ""
