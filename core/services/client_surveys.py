"""Answers of client surveys, typed in a question at a time (domain: client surveys)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.models import Area, ClientSurvey, ClientSurveyCount, Group, Unit
from core.rules.client_surveys import scale_of
from core.services.base import Checks, Event, already_done, record
from core.services.case_checks import void
from core.services.field_checks import check_required, check_texts, not_in_future
from core.services.goals import FIRST_YEAR, own_unit
from core.terms import ClientAnswer, ClientSurveyKind, DataSource, Gender

MOST_ANSWERS = 100_000
LONGEST_DAYS = 366
Amounts = Mapping[tuple[ClientAnswer, Gender | None], int]


@dataclass(frozen=True, slots=True)
class Survey:
    """Which survey: its kind, its first and last day, and whose clients (None: the whole unit's)."""

    kind: ClientSurveyKind
    starts_on: dt.date
    ends_on: dt.date
    group_id: int | None = None
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class NewAnswers:
    """How many gave each answer to a question, by gender or for everybody together (None)."""

    survey: Survey
    question: str
    amounts: Amounts


def record_answers(session: Session, new: NewAnswers, *, by: Actor, key: str | None = None) -> int:
    """Record the answers to a question of a survey of the own unit. Returns the survey's id.

    What was said of the same question before is replaced, the survey's other questions stay; the
    survey as it was is voided and kept. Raises `RefusedError` for days out of order or to come, no
    answer at all, answers of two scales, or answers both by gender and for everybody.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_CLIENT_SURVEYS)
    require_own_group(session, new.survey.group_id, unit_id)
    question = " ".join(new.question.split())
    checks = Checks()
    check_survey(checks, new.survey)
    check_answers(checks, question, new.amounts)
    checks.done()
    session.get(Unit, unit_id, with_for_update=True)  # two forms at once: the second one waits here
    earlier = find_surveys(session, unit_id, new.survey)
    kept = _counts(session, [row.id for row in earlier if row.id is not None])
    for row in earlier:
        void(row, by)
        session.add(row)
    survey = ClientSurvey(
        unit_id=unit_id,
        group_id=new.survey.group_id,
        kind=new.survey.kind,
        starts_on=new.survey.starts_on,
        ends_on=new.survey.ends_on,
        source=DataSource.TYPED,
        source_name=new.survey.source_name or next((r.source_name for r in earlier), ""),
        created_by_id=by.user_id,
    )
    session.add(survey)
    session.flush()
    assert survey.id is not None  # noqa: S101  (flushed above)
    _add_counts(session, survey.id, _merged(kept, question, new.amounts))
    return _recorded(session, survey, ("record", len(earlier)), by, key)


def void_survey(session: Session, survey_id: int, *, by: Actor, key: str | None = None) -> int:
    """Void a survey of the own unit that was a mistake: it is kept and counts nowhere.

    Returns its id. Voiding it again changes nothing.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = own_unit(by, Permission.EDIT_CLIENT_SURVEYS)
    row = session.get(ClientSurvey, survey_id, with_for_update=True)
    if row is None or row.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_CLIENT_SURVEYS)
    if row.voided_at is not None:
        return survey_id
    void(row, by)
    session.add(row)
    return _recorded(session, row, ("void", 1), by, key)


def find_surveys(session: Session, unit_id: int, survey: Survey) -> list[ClientSurvey]:
    """Return the valid surveys of a unit that are the same: kind, days and whose clients."""
    of_group = col(ClientSurvey.group_id)
    return list(
        session.exec(
            select(ClientSurvey)
            .where(col(ClientSurvey.unit_id) == unit_id)
            .where(col(ClientSurvey.kind) == survey.kind)
            .where(col(ClientSurvey.starts_on) == survey.starts_on)
            .where(col(ClientSurvey.ends_on) == survey.ends_on)
            .where(of_group.is_(None) if survey.group_id is None else of_group == survey.group_id)
            .where(col(ClientSurvey.voided_at).is_(None))
        )
    )


def check_survey(checks: Checks, survey: Survey) -> None:
    """Refuse a survey that ends before it starts, takes over a year or has not ended."""
    not_in_future(checks, "ends_on", survey.ends_on)
    checks.refuse_if(
        survey.ends_on < survey.starts_on,
        "ends_on",
        f"Sista dagen ligger före den första, {survey.starts_on}.",
    )
    checks.refuse_if(
        (survey.ends_on - survey.starts_on).days >= LONGEST_DAYS,
        "ends_on",
        "En undersökning kan ta högst ett år. Dela upp den.",
    )
    checks.refuse_if(
        survey.starts_on.year < FIRST_YEAR, "starts_on", f"Välj en dag från år {FIRST_YEAR}."
    )
    checks.guard_text("source_name", survey.source_name, longest=200)


def check_answers(checks: Checks, question: str, amounts: Amounts) -> None:
    """Refuse a question without words or answers, and answers that don't go together."""
    check_required(checks, question=question)
    check_texts(checks, question=(question, 300))
    for amount in amounts.values():
        check_amount(checks, "amounts", amount)
    checks.refuse_if(
        not any(amounts.values()), "amounts", "Ange hur många som svarade, minst ett svar."
    )
    checks.refuse_if(
        scale_of(answer for answer, _ in amounts) is None,
        "amounts",
        "En fråga besvaras antingen med ja, delvis, nej eller med bättre, oförändrat, sämre.",
    )
    genders = {gender for _, gender in amounts}
    checks.refuse_if(
        None in genders and len(genders) > 1,
        "amounts",
        "Ange svaren antingen per kön eller för alla tillsammans.",
    )


def check_amount(checks: Checks, field: str, amount: int) -> None:
    """Refuse a number of answers that is negative or out of proportion."""
    checks.refuse_if(
        not 0 <= amount <= MOST_ANSWERS, field, f"Ange antal svar från 0 till {MOST_ANSWERS}."
    )


def require_own_group(session: Session, group_id: int | None, unit_id: int) -> None:
    """Raise `PermissionDeniedError` for a group of another unit or that doesn't exist."""
    if group_id is None:
        return
    group = session.get(Group, group_id)
    if group is None or group.unit_id != unit_id:
        raise PermissionDeniedError(Permission.EDIT_CLIENT_SURVEYS)


def _counts(session: Session, survey_ids: list[int]) -> list[ClientSurveyCount]:
    return list(
        session.exec(
            select(ClientSurveyCount)
            .where(col(ClientSurveyCount.survey_id).in_(survey_ids))
            .order_by(col(ClientSurveyCount.position), col(ClientSurveyCount.id))
        )
    )


def _merged(
    kept: Iterable[ClientSurveyCount], question: str, amounts: Amounts
) -> dict[str, dict[tuple[ClientAnswer, Gender | None], int]]:
    """Return a survey's questions in order with their answers, one of them as newly told."""
    questions: dict[str, dict[tuple[ClientAnswer, Gender | None], int]] = {}
    for count in kept:
        questions.setdefault(count.question, {})[count.answer, count.gender] = count.amount
    questions[question] = dict(amounts)
    return questions


def _add_counts(
    session: Session,
    survey_id: int,
    questions: Mapping[str, Mapping[tuple[ClientAnswer, Gender | None], int]],
) -> None:
    for position, (question, amounts) in enumerate(questions.items(), start=1):
        for (answer, gender), amount in amounts.items():
            session.add(
                ClientSurveyCount(
                    survey_id=survey_id,
                    position=position,
                    question=question,
                    answer=answer,
                    gender=gender,
                    amount=amount,
                )
            )
    session.flush()


def _recorded(
    session: Session, survey: ClientSurvey, what: tuple[str, int], by: Actor, key: str | None
) -> int:
    action, voided = what
    event = Event(
        action,
        "client_survey",
        survey.id,
        survey.unit_id,
        [(Area.CLIENT_SURVEYS, survey.ends_on)],
        {"kind": survey.kind, "ends_on": survey.ends_on, "voided": voided},
    )
    record(session, event, by=by, key=key)
    assert survey.id is not None  # noqa: S101  (flushed by the callers)
    return survey.id
