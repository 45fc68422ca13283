"""What people have saved for themselves: views of a page, and how a unit's files are laid out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, UniqueConstraint

from core.models.base import Base, Recorded, code
from core.terms import ImportKind


class SavedView(Base, table=True):
    """A user's own choice of filters on a page, by name."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "unit_id", "page", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id")
    unit_id: int = Field(foreign_key="unit.id")
    page: str = Field(max_length=40)
    name: str = Field(max_length=80)
    choices: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ColumnMapping(Recorded, Base, table=True):
    """Which of a file's headings is which column, remembered for the next file of a unit's kind."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("unit_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    kind: ImportKind = code(ImportKind)
    headings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
