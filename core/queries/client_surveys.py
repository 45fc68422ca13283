"""Client surveys: how many gave each answer to each question, by gender where it was asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from core.auth import Scope
from core.models import Area, ClientSurvey, ClientSurveyCount, Group
from core.queries.cache import cached
from core.queries.client_answers import answered
from core.queries.frames import frame
from core.rules.client_surveys import ANSWERS, Scale, answer_share, good_answer, scale_of, total
from core.terms import ALL, ClientAnswer, ClientSurveyKind, Gender, sv

COLUMNS = [
    "survey",
    "group",
    "start",
    "end",
    "question",
    "gender",
    "answer",
    "answers",
    "answered",
    "share",
]
Counts = Mapping[ClientAnswer, int]


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The answers to a question of a survey among the clients of the unit (`alla`) or of a group.

    `everybody` counts all answers, `by_gender` those whose gender was asked. `survey_id` is None for
    what the unit's caseworkers have asked and reported on a measure point.
    """

    survey_id: int | None
    kind: ClientSurveyKind
    group: str
    starts_on: dt.date
    ends_on: dt.date
    question: str
    scale: Scale
    everybody: Counts
    by_gender: Mapping[Gender, Counts]
    source_name: str

    @property
    def answered(self) -> int:
        """Return how many answered the question."""
        return total(self.everybody)

    @property
    def good_share(self) -> Fraction | None:
        """Return the share that answered ja or bättre, unrounded."""
        return answer_share(self.everybody, good_answer(self.scale))


@cached(Area.CLIENT_SURVEYS, Area.MEASURES, Area.UNITS, until=None)
def client_survey_results(
    session: Session, scope: Scope, *, on: dt.date
) -> tuple[QuestionResult, ...]:
    """Return the results of the unit's surveys that had ended by a day.

    With them stands what caseworkers have asked clients and reported on measure points, a survey
    for each of the point's periods. A scope of a group reads that group's surveys and the whole
    unit's. By kind, last day, group (the whole unit first) and the questions' own order.
    """
    kinds = list(ClientSurveyKind)
    results = [*_surveys(session, scope, on), *_reported(session, scope, on)]
    results.sort(key=lambda r: (kinds.index(r.kind), r.ends_on, r.group != ALL, r.group))
    return tuple(results)


def _surveys(session: Session, scope: Scope, on: dt.date) -> list[QuestionResult]:
    """Return what has been typed in or imported, in one statement."""
    rows = session.execute(
        select(ClientSurvey, ClientSurveyCount, col(Group.name))
        .join(ClientSurveyCount, col(ClientSurveyCount.survey_id) == col(ClientSurvey.id))
        .outerjoin(Group, col(Group.id) == col(ClientSurvey.group_id))
        .where(col(ClientSurvey.unit_id) == scope.unit_id)
        .where(col(ClientSurvey.voided_at).is_(None))
        .where(col(ClientSurvey.ends_on) <= on)
        .order_by(
            col(ClientSurvey.ends_on),
            col(ClientSurvey.id),
            col(ClientSurveyCount.position),
            col(ClientSurveyCount.id),
        )
    )
    asked: dict[tuple[int, str], list[Any]] = {}
    for survey, count, group in rows:
        if scope.group_id is None or survey.group_id in {None, scope.group_id}:
            asked.setdefault((survey.id, count.question), []).append((survey, count, group))
    return [
        _result(
            [(count.answer, count.gender, count.amount) for _, count, _ in found],
            survey_id=survey.id,
            kind=survey.kind,
            group=ALL if survey.group_id is None else group,
            starts_on=survey.starts_on,
            ends_on=survey.ends_on,
            question=first.question,
            source_name=survey.source_name,
        )
        for found in asked.values()
        for survey, first, group in found[:1]
    ]


def _reported(session: Session, scope: Scope, on: dt.date) -> list[QuestionResult]:
    """Return what caseworkers have reported that clients answered them.

    A question that was given another scale in the middle of a period has no share, and is left out.
    """
    return [
        _result(
            one.counts,
            survey_id=None,
            kind=one.kind,
            group=ALL,
            starts_on=one.period.start,
            ends_on=one.period.end,
            question=one.question,
            source_name=f"Mätpunkten {one.point_name}",
        )
        for one in answered(session, Scope(scope.unit_id), on=on)
        if scale_of(answer for answer, _, _ in one.counts) is not None
    ]


def client_surveys(session: Session, scope: Scope, *, on: dt.date) -> pd.DataFrame:
    """Return the answers of the surveys that had ended by a day.

    Columns: survey (its kind in Swedish), group (`alla` for the whole unit), start, end, question,
    gender (`alla`, then each that was asked), answer, answers (how many gave it), answered (how many
    answered the question), share (0-1 of those).
    """
    rows = []
    for result in client_survey_results(session, scope, on=on):
        about = (sv(result.kind), result.group, result.starts_on, result.ends_on, result.question)
        for gender, counts in _splits(result):
            rows += [
                (*about, gender, sv(answer), number, total(counts), answer_share(counts, answer))
                for answer, number in counts.items()
            ]
    return frame(rows, COLUMNS)


def _splits(result: QuestionResult) -> Iterable[tuple[str, Counts]]:
    yield ALL, result.everybody
    for gender, counts in result.by_gender.items():
        yield sv(gender), counts


def _result(
    amounts: Sequence[tuple[ClientAnswer, Gender | None, int]], **about: Any
) -> QuestionResult:
    scale = scale_of(answer for answer, _, _ in amounts)
    assert scale is not None  # noqa: S101  (checked when it was written)
    everybody: defaultdict[ClientAnswer, int] = defaultdict(int)
    genders: defaultdict[Gender, defaultdict[ClientAnswer, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for answer, gender, amount in amounts:
        everybody[answer] += amount
        if gender is not None:
            genders[gender][answer] += amount
    return QuestionResult(
        **about,
        scale=scale,
        everybody=_in_order(everybody, scale),
        by_gender={
            gender: _in_order(genders[gender], scale) for gender in Gender if gender in genders
        },
    )


def _in_order(counts: Counts, scale: Scale) -> dict[ClientAnswer, int]:
    """Return counts in the scale's order; one that nobody gave is 0, "vet inte" only if given."""
    return {
        answer: counts.get(answer, 0)
        for answer in ANSWERS[scale]
        if answer is not ClientAnswer.DONT_KNOW or counts.get(answer, 0)
    }
