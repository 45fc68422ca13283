"""Adverse decisions that affect children, and the impact analyses made for each child."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, Versioned, code, index_of_valid
from core.terms import DecisionKind


class AdverseDecision(Versioned, Recorded, Base, table=True):
    """A refusal, partial refusal or termination in a case on a day."""

    __tablename__ = "adverse_decision"
    __table_args__ = (
        index_of_valid("ix_adverse_decision_unit", "unit_id", "decided_on", "case_id"),
        index_of_valid("ix_adverse_decision_case", "case_id", "decided_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    case_id: int = Field(foreign_key="case_file.id")
    decided_on: dt.date
    kind: DecisionKind = code(DecisionKind)


class AffectedChild(Base, table=True):
    """A child that a decision affects, known by its number in the case, never by name."""

    __tablename__ = "affected_child"
    __table_args__ = (
        UniqueConstraint("decision_id", "child_number"),
        CheckConstraint("child_number BETWEEN 1 AND 20", name="number_in_case"),
    )

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="adverse_decision.id")
    child_number: int


class ChildImpactAnalysis(Recorded, Base, table=True):
    """An impact analysis of one affected child. The earliest of a child's analyses counts.

    `author_id` is the caseworker who made it; empty where it is whoever registered it.
    """

    __tablename__ = "child_impact_analysis"
    __table_args__ = (
        index_of_valid("ix_child_impact_analysis_child", "affected_child_id", "analysed_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    affected_child_id: int = Field(foreign_key="affected_child.id")
    analysed_on: dt.date
    author_id: int | None = Field(default=None, foreign_key="caseworker.id")
