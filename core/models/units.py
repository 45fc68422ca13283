"""Units, their groups and their caseworkers."""

from __future__ import annotations

from sqlmodel import Field, UniqueConstraint

from core.models.base import Base, Versioned


class Unit(Base, table=True):
    """A social-service unit. `reference_format` is its case reference, a 0 for each digit."""

    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    reference_format: str = Field(default="AR-0000", max_length=20)


class Group(Base, table=True):
    """A group or section of a unit."""

    __tablename__ = "unit_group"
    __table_args__ = (UniqueConstraint("unit_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    slug: str = Field(max_length=60)
    name: str = Field(max_length=120)


class Caseworker(Versioned, Base, table=True):
    """Somebody that cases are assigned to, with or without an account of their own.

    `group_id` is where new cases of theirs belong; a case's own group is in its assignments.
    """

    __tablename__ = "caseworker"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    name: str = Field(max_length=120)
    active: bool = True
