"""What a measure point's definition must be for it to be asked and counted."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from sqlmodel import Session

from core.auth import PermissionDeniedError, Role
from core.clock import today
from core.models import Group, Indicator
from core.services.base import Checks
from core.services.field_checks import check_required, check_texts
from core.services.measure_inputs import NewDefinition
from core.terms import (
    CaseReference,
    ChoiceCounts,
    IndicatorSource,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)

REPORTERS = (Role.CASEWORKER, Role.GROUP_MANAGER, Role.UNIT_MANAGER, Role.DEVELOPER)
BY_CASE = (MeasureSubject.OPEN_CASES, MeasureSubject.SELF_SUPPORT_CLOSINGS)
SHARES = (MeasureFeed.SHARE_YES, MeasureFeed.SHARE_OF_CHOICE)
MOST_QUESTIONS = 20
MOST_CHOICES = 12
MOST_DUE_DAYS = 92
FEWEST_CHOICES = 2
FIRST_DAY = dt.date(2000, 1, 1)
AHEAD = dt.timedelta(days=366)


def check_definition(
    session: Session, checks: Checks, kind: MeasureKind, new: NewDefinition, unit_id: int
) -> None:
    """Refuse what can't be asked or counted, with a message for each field at fault.

    Raises `PermissionDeniedError` for another unit's group or indicator.
    """
    _check_texts(checks, new)
    _check_times(checks, new)
    _check_asked(checks, kind, new)
    _check_subject(checks, kind, new)
    _check_group(session, new, unit_id)
    _check_feed(session, checks, kind, new, unit_id)


def _check_texts(checks: Checks, new: NewDefinition) -> None:
    check_required(checks, name=new.name)
    check_texts(
        checks,
        name=(new.name, 120),
        help_text=(new.help_text, 1000),
        number_label=(new.number_label, 60),
        number_unit=(new.number_unit, 40),
    )
    for question in new.questions:
        check_texts(checks, questions=(question, 300))
    for choice in new.choices:
        check_texts(checks, choices=(choice.label, 80))


def _check_times(checks: Checks, new: NewDefinition) -> None:
    last = today() + AHEAD
    checks.refuse_if(
        not FIRST_DAY <= new.valid_from <= last,
        "valid_from",
        f"Ange en dag från {FIRST_DAY} till {last}.",
    )
    checks.refuse_if(
        not 0 <= new.due_days <= MOST_DUE_DAYS,
        "due_days",
        f"Ange ett antal dagar från 0 till {MOST_DUE_DAYS}.",
    )
    own = new.frequency is MeasureFrequency.OWN_PERIODS
    checks.refuse_if(own and not new.windows, "windows", "Ange minst en mätperiod.")
    checks.refuse_if(
        not own and bool(new.windows), "windows", "Mätperioder anges bara för egna mätperioder."
    )
    for window in new.windows:
        checks.refuse_if(
            window.ends_on < window.starts_on,
            "windows",
            f"Mätperioden som börjar {window.starts_on} slutar före sin start.",
        )
        checks.refuse_if(
            window.due_on < window.starts_on,
            "windows",
            f"Mätperioden som börjar {window.starts_on} ska vara klar före sin start.",
        )
    in_order = sorted(new.windows, key=lambda window: window.starts_on)
    for before, after in pairwise(in_order):
        checks.refuse_if(
            after.starts_on <= before.ends_on,
            "windows",
            f"Mätperioderna som börjar {before.starts_on} och {after.starts_on} går in i varandra.",
        )


def _check_asked(checks: Checks, kind: MeasureKind, new: NewDefinition) -> None:
    labels = [choice.label.strip().casefold() for choice in new.choices]
    asked = [question.strip().casefold() for question in new.questions]
    number = kind is MeasureKind.NUMBER
    checks.refuse_if(
        number and bool(new.choices or new.questions),
        "choices",
        "Ett antal per period har inga svarsalternativ.",
    )
    needs = kind in {MeasureKind.CHOICE, MeasureKind.CASE_CHECK} or bool(new.questions)
    checks.refuse_if(
        not number and needs and len(labels) < FEWEST_CHOICES,
        "choices",
        "Ange minst två svarsalternativ.",
    )
    checks.refuse_if(
        len(labels) > MOST_CHOICES, "choices", f"Ange högst {MOST_CHOICES} svarsalternativ."
    )
    checks.refuse_if(
        len(set(labels)) < len(labels) or "" in labels,
        "choices",
        "Svarsalternativen ska ha text och vara olika.",
    )
    checks.refuse_if(
        len(asked) > MOST_QUESTIONS, "questions", f"Ange högst {MOST_QUESTIONS} frågor."
    )
    checks.refuse_if(
        len(set(asked)) < len(asked) or "" in asked,
        "questions",
        "Frågorna ska ha text och vara olika.",
    )


def _check_subject(checks: Checks, kind: MeasureKind, new: NewDefinition) -> None:
    checks.refuse_if(new.reporter not in REPORTERS, "reporter", "Rollen rapporterar inte.")
    by_case = new.subject in BY_CASE
    needs_case = by_case or kind is MeasureKind.CASE_CHECK
    checks.refuse_if(
        needs_case and new.case_reference is not CaseReference.REQUIRED,
        "case_reference",
        "Här krävs ett ärende.",
    )
    checks.refuse_if(
        by_case and kind is MeasureKind.NUMBER,
        "subject",
        "Ett antal per period rapporteras av var och en, inte per ärende.",
    )
    checks.refuse_if(
        new.subject is MeasureSubject.CASEWORKERS and new.reporter is Role.CASEWORKER,
        "reporter",
        "En chef rapporterar om varje handläggare. Välj vem.",
    )
    now_and_then = new.frequency is MeasureFrequency.WHEN_IT_HAPPENS
    periodic = kind is MeasureKind.NUMBER or new.subject in {
        MeasureSubject.OPEN_CASES,
        MeasureSubject.CASEWORKERS,
    }
    checks.refuse_if(now_and_then and periodic, "frequency", "Välj hur ofta det ska rapporteras.")


def _check_group(session: Session, new: NewDefinition, unit_id: int) -> None:
    if new.group_id is None:
        return
    group = session.get(Group, new.group_id)
    if group is None or group.unit_id != unit_id:
        raise PermissionDeniedError("group")


def _check_feed(
    session: Session, checks: Checks, kind: MeasureKind, new: NewDefinition, unit_id: int
) -> None:
    checks.refuse_if(
        (new.indicator_id is None) != (new.feed is None),
        "feed",
        "Välj både indikator och hur den räknas, eller ingen av dem.",
    )
    if new.indicator_id is None or new.feed is None:
        return
    indicator = session.get(Indicator, new.indicator_id)
    if indicator is None or indicator.unit_id != unit_id:
        raise PermissionDeniedError("indicator")
    checks.refuse_if(
        indicator.source is IndicatorSource.COMPUTED,
        "indicator_id",
        "Indikatorn räknas redan ut ur egna uppgifter. Välj en annan.",
    )
    _check_counted(checks, kind, new)
    as_share = new.feed in SHARES
    checks.refuse_if(
        as_share != (indicator.unit_of_measure is IndicatorUnit.PERCENT),
        "feed",
        "En andel ska gå till en indikator i %, summa och medelvärde till en annan måttenhet.",
    )
    checks.refuse_if(
        new.feed_question is not None and not 1 <= new.feed_question <= len(new.questions),
        "feed_question",
        "Välj en av frågorna, eller alla.",
    )
    checks.refuse_if(
        not as_share and bool(new.questions) and new.feed_question is None,
        "feed_question",
        "Välj vilken fråga som räknas. Alla tillsammans går bara för en andel.",
    )


def _check_counted(checks: Checks, kind: MeasureKind, new: NewDefinition) -> None:
    """Refuse a way of counting that the answers can't give."""
    counts = {choice.counts for choice in new.choices}
    checks.refuse_if(
        new.feed in SHARES and not {ChoiceCounts.YES, ChoiceCounts.NO} <= counts,
        "choices",
        "En andel behöver minst ett svar som räknas som ja och ett som räknas som nej.",
    )
    checks.refuse_if(
        new.feed is MeasureFeed.SUM and bool(counts) and ChoiceCounts.YES not in counts,
        "choices",
        "Ange vilka svar som räknas som ja; bara de summeras.",
    )
    checks.refuse_if(
        new.feed is MeasureFeed.MEAN and kind is not MeasureKind.NUMBER and not new.number_label,
        "feed",
        "Ett medelvärde behöver ett tal att räkna på.",
    )
