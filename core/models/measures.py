"""Measure points: what a unit has decided to count, and what has been reported on them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.auth import Role
from core.models.base import Base, Recorded, Versioned, code, index_of_valid, measured
from core.terms import (
    CaseReference,
    ChoiceCounts,
    Gender,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)


class MeasurePoint(Versioned, Recorded, Base, table=True):
    """Something that a unit counts. What it is called and how it counts is in its definitions.

    `ended_on` is the last day it is asked for; what was reported stays and can be read.
    """

    __tablename__ = "measure_point"
    __table_args__ = (UniqueConstraint("unit_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    slug: str = Field(max_length=40)
    kind: MeasureKind = code(MeasureKind)
    ended_on: dt.date | None = None


class MeasureDefinition(Recorded, Base, table=True):
    """How a measure point is asked for and counted from a day on, until the next definition.

    An entry keeps the definition that it was reported under, so a new one never changes a figure
    that is already reported. `due_days` is the number of days after a period's end by which it is
    due. `number_label` is empty when no number is asked for. `feed_question` is the question whose
    answers feed the indicator, where there are several.
    """

    __tablename__ = "measure_definition"
    __table_args__ = (
        CheckConstraint("due_days >= 0", name="due_days_not_negative"),
        CheckConstraint("(indicator_id IS NULL) = (feed IS NULL)", name="feed_with_indicator"),
        index_of_valid("ix_measure_definition_point", "measure_point_id", "valid_from"),
    )

    id: int | None = Field(default=None, primary_key=True)
    measure_point_id: int = Field(foreign_key="measure_point.id")
    valid_from: dt.date
    name: str = Field(max_length=120)
    help_text: str = Field(default="", max_length=1000)
    frequency: MeasureFrequency = code(MeasureFrequency)
    due_days: int = 7
    reporter: Role = code(Role, default=Role.CASEWORKER)
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    subject: MeasureSubject = code(MeasureSubject, default=MeasureSubject.OWN)
    case_reference: CaseReference = code(CaseReference, default=CaseReference.NONE)
    with_gender: bool = False
    number_label: str = Field(default="", max_length=60)
    number_unit: str = Field(default="", max_length=40)
    indicator_id: int | None = Field(default=None, foreign_key="indicator.id", index=True)
    feed: MeasureFeed | None = code(MeasureFeed, default=None)
    feed_question: int | None = None


class MeasureQuestion(Base, table=True):
    """A question of a definition that asks several, each with the definition's choices."""

    __tablename__ = "measure_question"
    __table_args__ = (UniqueConstraint("definition_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    definition_id: int = Field(foreign_key="measure_definition.id")
    number: int
    text: str = Field(max_length=300)


class MeasureChoice(Base, table=True):
    """What can be answered, and how an answer counts in a share."""

    __tablename__ = "measure_choice"
    __table_args__ = (UniqueConstraint("definition_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    definition_id: int = Field(foreign_key="measure_definition.id")
    position: int
    label: str = Field(max_length=80)
    counts: ChoiceCounts = code(ChoiceCounts, default=ChoiceCounts.NO)


class MeasureWindow(Base, table=True):
    """A measuring period of its own, such as two weeks in spring, and the day it is due."""

    __tablename__ = "measure_window"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="end_after_start"),
        CheckConstraint("due_on >= starts_on", name="due_after_start"),
        UniqueConstraint("definition_id", "starts_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    definition_id: int = Field(foreign_key="measure_definition.id")
    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date


class MeasureEntry(Versioned, Recorded, Base, table=True):
    """One report: a number of a period, an answer about a case or a meeting, or an event.

    It counts on `measured_on`. `caseworker_id` is whose it is and `group_id` their group when it
    was reported. `none_to_report` says that there was nothing to report in the period. `slot` names what
    may be reported once only, such as a caseworker's number of a week, and is empty otherwise.
    """

    __tablename__ = "measure_entry"
    __table_args__ = (
        CheckConstraint("period_end >= period_start", name="period_in_order"),
        index_of_valid("ix_measure_entry_point", "measure_point_id", "measured_on"),
        index_of_valid("ix_measure_entry_caseworker", "unit_id", "caseworker_id", "period_start"),
        index_of_valid("ix_measure_entry_case", "case_id"),
        index_of_valid("uq_measure_entry_slot", "measure_point_id", "slot", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    measure_point_id: int = Field(foreign_key="measure_point.id")
    definition_id: int = Field(foreign_key="measure_definition.id")
    caseworker_id: int | None = Field(default=None, foreign_key="caseworker.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    period_start: dt.date
    period_end: dt.date
    measured_on: dt.date
    case_id: int | None = Field(default=None, foreign_key="case_file.id")
    gender: Gender | None = code(Gender, default=None)
    value: Decimal | None = measured(default=None)
    none_to_report: bool = False
    slot: str | None = Field(default=None, max_length=80)


class MeasureAnswer(Base, table=True):
    """The choice made at a question of an entry; question 0 where there is only the point's own."""

    __tablename__ = "measure_answer"
    __table_args__ = (UniqueConstraint("entry_id", "question_number"),)

    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="measure_entry.id")
    question_number: int = 0
    choice_id: int = Field(foreign_key="measure_choice.id", index=True)
