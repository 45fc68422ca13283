"""Budget lines with monthly outcome and dated prognoses. Amounts are net cost in kronor."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, false
from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid, moment, money
from core.terms import ActivityStatus, OneOffKind, PrognosisMethod, RoundState


class BudgetLine(Versioned, Base, table=True):
    """A line of a unit's budget for a year. The same line in another year has the same names."""

    __tablename__ = "budget_line"
    __table_args__ = (UniqueConstraint("unit_id", "year", "section", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    year: int
    section: str = Field(max_length=80)
    name: str = Field(max_length=120)
    amount: Decimal = money()
    source_name: str = Field(default="", max_length=200)


class Outcome(Recorded, Base, table=True):
    """A line's booked amount of a month (its first day); the latest booked row is the amount.

    `from_ledger` tells that it is the sum of the ledger's rows mapped to the line, else typed in.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("booked_on >= month", name="booked_after_month_began"),
        index_of_valid("ix_outcome_line", "line_id", "month", "booked_on", "amount"),
    )

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    month: dt.date
    amount: Decimal = money()
    booked_on: dt.date
    from_ledger: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Prognosis(Recorded, Base, table=True):
    """What somebody expects a line to cost over the whole year, as of the day it was made."""

    __tablename__ = "prognosis"
    __table_args__ = (index_of_valid("ix_prognosis_line", "line_id", "made_on", "amount"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    amount: Decimal = money()
    made_on: dt.date
    comment: str = Field(default="", max_length=500)


class YearResult(Recorded, Base, table=True):
    """What a unit's whole budget left over in an earlier year, as a document states it.

    Budget - outcome: above 0 a surplus.
    """

    __tablename__ = "year_result"
    __table_args__ = (index_of_valid("uq_year_result", "unit_id", "year", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    year: int
    amount: Decimal = money()
    source_name: str = Field(default="", max_length=200)


class LedgerMapping(Recorded, Base, table=True):
    """Which line a combination of account, cost centre and activity is booked on, in every year.

    The line is known by section and name; both are empty for a combination that is left out on
    purpose, such as another unit's.
    """

    __tablename__ = "ledger_mapping"
    __table_args__ = (
        index_of_valid(
            "uq_ledger_mapping", "unit_id", "account", "cost_centre", "activity", unique=True
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    account: str = Field(max_length=20)
    cost_centre: str = Field(default="", max_length=20)
    activity: str = Field(default="", max_length=20)
    section: str = Field(default="", max_length=80)
    line: str = Field(default="", max_length=120)


class LedgerRow(Recorded, Base, table=True):
    """What the ledger says of a combination's month, as imported on a day; the latest one counts."""

    __tablename__ = "ledger_row"
    __table_args__ = (
        CheckConstraint("booked_on >= month", name="booked_after_month_began"),
        index_of_valid(
            "ix_ledger_row_month", "unit_id", "month", "account", "cost_centre", "activity"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    run_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)
    month: dt.date
    account: str = Field(max_length=20)
    cost_centre: str = Field(default="", max_length=20)
    activity: str = Field(default="", max_length=20)
    amount: Decimal = money()
    booked_on: dt.date


class PrognosisRound(Versioned, Recorded, Base, table=True):
    """A month's prognosis of all lines. Approved it is locked; a later change is a new `number`."""

    __tablename__ = "prognosis_round"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        index_of_valid("uq_prognosis_round", "unit_id", "month", "number", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    month: dt.date
    number: int = 1
    state: RoundState = code(RoundState, default=RoundState.OPEN)
    made_on: dt.date
    submitted_at: dt.datetime | None = moment(default=None)
    submitted_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    manager_comment: str = Field(default="", max_length=1000)
    approved_at: dt.datetime | None = moment(default=None)
    approved_by_id: int | None = Field(default=None, foreign_key="user_account.id")


class PrognosisRoundLine(Versioned, Base, table=True):
    """A line in a round: what was known when it was opened, and what the controller chose.

    `method` is empty where the amount was typed, and `driver` where a driver model gave it.
    `prognosis_id` is the line's prognosis that the approval made.
    """

    __tablename__ = "prognosis_round_line"
    __table_args__ = (UniqueConstraint("round_id", "line_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="prognosis_round.id")
    line_id: int = Field(foreign_key="budget_line.id", index=True)
    budget: Decimal = money()
    outcome_to_date: Decimal | None = money(default=None)
    before: Decimal | None = money(default=None)
    run_rate: Decimal | None = money(default=None)
    last_year_pattern: Decimal | None = money(default=None)
    bottom_up: Decimal | None = money(default=None)
    driver: Decimal | None = money(default=None)
    method: PrognosisMethod | None = code(PrognosisMethod, default=None)
    amount: Decimal | None = money(default=None)
    comment: str = Field(default="", max_length=500)
    manager_comment: str = Field(default="", max_length=500)
    prognosis_id: int | None = Field(default=None, foreign_key="prognosis.id")


class RoundLimits(Versioned, Base, table=True):
    """When a line in a unit's round must be commented: above which deviation and change, in kr."""

    __tablename__ = "round_limits"
    __table_args__ = (
        CheckConstraint("deviation >= 0 AND change >= 0", name="limits_not_negative"),
    )

    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    deviation: Decimal = money()
    change: Decimal = money()


class DriverAssumption(Recorded, Base, table=True):
    """What a driver model of a line assumes, as decided on a day; the latest row holds.

    `values` holds numbers as text by name, as `core.rules.driver_model` reads them.
    """

    __tablename__ = "driver_assumption"
    __table_args__ = (index_of_valid("ix_driver_assumption_line", "line_id", "decided_on"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    decided_on: dt.date
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class SavingsMeasure(Versioned, Recorded, Base, table=True):
    """A measure of the action plan (åtgärdsplan): what it is expected to save in kronor a month.

    `monthly_effect` lowers the cost when above 0. It counts from `starts_on`'s month to `ends_on`'s.
    """

    __tablename__ = "savings_measure"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="end_after_start"),
        index_of_valid("ix_savings_measure_line", "line_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    name: str = Field(max_length=200)
    owner: str = Field(max_length=120)
    starts_on: dt.date
    ends_on: dt.date | None = None
    monthly_effect: Decimal = money()
    status: ActivityStatus = code(ActivityStatus, default=ActivityStatus.NOT_STARTED)


class SavingsFollowUp(Recorded, Base, table=True):
    """What a measure did save in a month, as judged afterwards."""

    __tablename__ = "savings_follow_up"
    __table_args__ = (index_of_valid("uq_savings_follow_up", "measure_id", "month", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    measure_id: int = Field(foreign_key="savings_measure.id")
    month: dt.date
    effect: Decimal = money()
    comment: str = Field(default="", max_length=300)


class OneOffItem(Recorded, Base, table=True):
    """A state grant or a one-off amount inside a line's outcome of a month, kept apart from it.

    `amount` has the outcome's sign: an income is negative.
    """

    __tablename__ = "one_off_item"
    __table_args__ = (index_of_valid("ix_one_off_item_line", "line_id", "month"),)

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="budget_line.id")
    month: dt.date
    kind: OneOffKind = code(OneOffKind)
    name: str = Field(max_length=120)
    amount: Decimal = money()
