"""Imports that were carried out: who, which file, its effect, and what undoing it needs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from core.models.base import Base, Recorded, code, index_of_valid
from core.terms import ImportKind


class ImportRun(Recorded, Base, table=True):
    """One import. The file itself is never kept, only its name and SHA-256. Voided = undone.

    `moved` is the first day (ISO) of the figures that it moved, by area.
    """

    __tablename__ = "import_run"
    __table_args__ = (index_of_valid("ix_import_run_unit", "unit_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    kind: ImportKind = code(ImportKind)
    file_name: str = Field(default="", max_length=200)
    file_sha256: str = Field(max_length=64)
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


class ImportChange(Base, table=True):
    """A row that an import made (`before` empty) or changed (its columns as they were).

    `digest` is of the row as the import left it: whoever undoes it sees if it changed since.
    """

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_run", "run_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="import_run.id")
    entity: str = Field(max_length=40)
    entity_id: int
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    digest: str = Field(max_length=16)
