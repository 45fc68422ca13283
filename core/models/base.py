"""What every table shares: the base class, exact number types, codes and who wrote a row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Index, MetaData, TypeDecorator, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import declared_attr, registry
from sqlmodel import Field, SQLModel

from core.clock import now

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of all tables, with a registry of its own so that a hot reload can define it again."""


class Fixed(TypeDecorator[Decimal]):
    """A decimal number with a fixed number of digits, stored as a whole number.

    SQLite has no decimal type; as whole numbers values stay exact and can be summed in SQL.
    Raises `ValueError` for a value with more digits than the column holds.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits = digits

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Return the whole number to store."""
        del dialect
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.digits)
        if scaled != scaled.to_integral_value():
            msg = f"{value} has more than {self.digits} decimals"
            raise ValueError(msg)
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the decimal number that was stored."""
        del dialect
        return None if value is None else Decimal(int(value)).scaleb(-self.digits)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A point in time, stored in UTC without a zone and read back aware of it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Return the time in UTC, without its zone."""
        del dialect
        return None if value is None else value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Return the stored time, aware of UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=dt.UTC)


def money(**options: Any) -> Any:
    """Field of an amount in kronor with two decimals."""
    return Field(sa_type=Fixed(2), **options)


def measured(**options: Any) -> Any:
    """Field of an indicator's number, with four decimals."""
    return Field(sa_type=Fixed(4), **options)


def moment(**options: Any) -> Any:
    """Field of a point in time."""
    return Field(sa_type=UtcDateTime, **options)


def code(codes: type[StrEnum], **options: Any) -> Any:
    """Field of a code: stored as its English word, checked by the database."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in codes.__name__).lstrip("_")
    kind = SqlEnum(
        codes,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=kind, **options)


class Recorded(SQLModel):
    """Who wrote a row and when, and, if it was a mistake, who voided it and when.

    A voided row counts nowhere and is never removed.
    """

    created_at: dt.datetime = moment(default_factory=now)
    created_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    voided_at: dt.datetime | None = moment(default=None)
    voided_by_id: int | None = Field(default=None, foreign_key="user_account.id")


class Versioned(SQLModel):
    """A row that two people may edit at once: the second one's save is refused."""

    version: int = Field(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def index_of_valid(name: str, *columns: str, unique: bool = False) -> Index:
    """Return an index over the rows that are not voided, the only ones that figures read."""
    valid = text("voided_at IS NULL")
    return Index(name, *columns, unique=unique, sqlite_where=valid, postgresql_where=valid)
