"""What-if scenarios over placements. Nothing real changes until it is decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid, money
from core.terms import Contract, ScenarioStep


class Scenario(Versioned, Recorded, Base, table=True):
    """A named set of imagined changes to a unit's placements of a year."""

    __tablename__ = "scenario"
    __table_args__ = (index_of_valid("uq_scenario_name", "unit_id", "year", "name", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    year: int
    name: str = Field(max_length=80)
    note: str = Field(default="", max_length=500)


class ScenarioChange(Base, table=True):
    """One imagined change, in the order of `position`.

    `placement_id` is empty only for a placement that is added, which `label` then names. `from_on`
    is the first day of the change, or the new last day where an end is moved or set.
    `placement_version` is the placement's when the change was imagined: it tells whether somebody
    has decided something since.
    """

    __tablename__ = "scenario_change"
    __table_args__ = (
        UniqueConstraint("scenario_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("to_on >= from_on", name="to_after_from"),
        CheckConstraint("(placement_id IS NULL) = (step = 'add')", name="added_or_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scenario_id: int = Field(foreign_key="scenario.id")
    position: int
    step: ScenarioStep = code(ScenarioStep)
    placement_id: int | None = Field(default=None, foreign_key="placement.id")
    placement_version: int | None = None
    from_on: dt.date
    to_on: dt.date | None = None
    amount: Decimal | None = money(default=None)
    kind_id: int | None = Field(default=None, foreign_key="placement_kind.id")
    contract: Contract | None = code(Contract, default=None)
    label: str = Field(default="", max_length=80)
