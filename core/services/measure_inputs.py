"""What is given when a measure point is defined or reported on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.auth import Role
from core.terms import (
    CaseReference,
    ChoiceCounts,
    Gender,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)


@dataclass(frozen=True, slots=True)
class NewChoice:
    """What can be answered, and how it counts in a share."""

    label: str
    counts: ChoiceCounts = ChoiceCounts.NO


@dataclass(frozen=True, slots=True)
class NewWindow:
    """A measuring period of its own, both days included, and the day that it is due."""

    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class NewDefinition:
    """How a measure point is asked for and counted from `valid_from` on.

    `due_days` is how many days after a period's end it is due. `group_id` is the only group that is
    asked, None for the unit. `number_label` is empty when no number is asked for. `questions` is
    empty where the point itself is the question. `feed` goes with `indicator_id`; `feed_question` is
    the number (from 1) of the only question that counts, None for all.
    """

    valid_from: dt.date
    name: str
    frequency: MeasureFrequency
    help_text: str = ""
    due_days: int = 7
    reporter: Role = Role.CASEWORKER
    group_id: int | None = None
    subject: MeasureSubject = MeasureSubject.OWN
    case_reference: CaseReference = CaseReference.NONE
    with_gender: bool = False
    number_label: str = ""
    number_unit: str = ""
    questions: tuple[str, ...] = ()
    choices: tuple[NewChoice, ...] = ()
    windows: tuple[NewWindow, ...] = ()
    indicator_id: int | None = None
    feed: MeasureFeed | None = None
    feed_question: int | None = None


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A measure point with its first definition. The kind never changes."""

    kind: MeasureKind
    definition: NewDefinition


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A report on a measure point.

    `measured_on` is the day of the answer or the event; for a number any day of its period.
    `answers`: the choice's id by question number, 0 where there is one question only.
    `caseworker_id` is whose it is when somebody else reports it; a caseworker reports the own.
    `group_id` is the group that is reported on, when the unit's manager does it for its manager.
    """

    point_id: int
    measured_on: dt.date
    value: Decimal | None = None
    answers: Mapping[int, int] = field(default_factory=dict)
    case_id: int | None = None
    gender: Gender | None = None
    caseworker_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class NothingToReport:
    """That there was nothing to report in the period around a day; whose as in `NewEntry`."""

    point_id: int
    day: dt.date
    caseworker_id: int | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A report put right: all that it says now. `version` is its version when the form was opened.

    Its measure point, period, case and caseworker stay; one that is wrong there is voided instead.
    """

    version: int
    measured_on: dt.date
    value: Decimal | None = None
    answers: Mapping[int, int] = field(default_factory=dict)
    gender: Gender | None = None
