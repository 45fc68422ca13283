"""What clients have answered in surveys, as counts by question, answer and gender."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.models.base import Base, Recorded, code, index_of_valid
from core.terms import ClientAnswer, ClientSurveyKind, DataSource, Gender


class ClientSurvey(Recorded, Base, table=True):
    """A survey among a unit's or a group's clients, from its first to its last day."""

    __tablename__ = "client_survey"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="end_after_start"),
        index_of_valid("ix_client_survey_unit", "unit_id", "kind", "ends_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    kind: ClientSurveyKind = code(ClientSurveyKind)
    starts_on: dt.date
    ends_on: dt.date
    source: DataSource = code(DataSource)
    source_name: str = Field(default="", max_length=200)


class ClientSurveyCount(Base, table=True):
    """How many gave an answer to a question. `gender` is empty where it was not asked."""

    __tablename__ = "client_survey_count"
    __table_args__ = (
        UniqueConstraint("survey_id", "question", "answer", "gender"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    survey_id: int = Field(foreign_key="client_survey.id", index=True)
    position: int = 0
    question: str = Field(max_length=300)
    answer: ClientAnswer = code(ClientAnswer)
    gender: Gender | None = code(Gender, default=None)
    amount: int
