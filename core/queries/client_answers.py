"""What clients have answered the unit's own caseworkers, reported on the measure points for it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from core.auth import Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.measure_rows import Point, entries_since, points
from core.rules.dates import Period
from core.rules.measure_points import Definition
from core.terms import ClientAnswer, ClientSurveyKind, Gender, sv

ASKED = {
    "klientens-situation": ClientSurveyKind.PHONE,
    "bemotandekollen": ClientSurveyKind.RECEPTION,
}
"""The ready-made measure points that ask clients, by slug, and the survey each of them is."""
NUMBERED = re.compile(r"-[0-9]+$")
"""How the slug of a point ends that was made again beside an earlier one."""
FROM_THE_FIRST = dt.date(1900, 1, 1)
ANSWERS = {sv(answer): answer for answer in ClientAnswer}


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a question of a measure point in one of its periods.

    `counts` are by answer and gender, None where the gender was not asked.
    """

    kind: ClientSurveyKind
    period: Period
    question: str
    number: int
    point_name: str
    counts: tuple[tuple[ClientAnswer, Gender | None, int], ...]


@cached(Area.MEASURES, until=None)
def answered(session: Session, scope: Scope, *, on: dt.date) -> tuple[Answered, ...]:
    """Return what the unit's clients answered in periods that had ended by a day, in their order.

    A choice that is no client's answer, such as one that the unit has added, is not counted.
    """
    unit = Scope(scope.unit_id)
    asking = {p.point_id: p for p in points(session, unit) if _stem(p) in ASKED}
    if not asking:
        return ()
    since = tuple((point_id, FROM_THE_FIRST) for point_id in asking)
    found: defaultdict[tuple[int, Period, int, str], Counter[tuple[ClientAnswer, Gender | None]]]
    found = defaultdict(Counter)
    for row in entries_since(session, unit, since=since):
        if row.period.end > on or row.measured_on > on:
            continue
        definition = _definition(asking[row.point_id], row.definition_id)
        labels = {choice.choice_id: choice.label for choice in definition.choices}
        texts = {question.number: question.text for question in definition.questions}
        for number, choice in row.answers:
            answer = ANSWERS.get(labels[choice].casefold())
            if answer is not None:
                question = texts.get(number, definition.name)
                found[row.point_id, row.period, number, question][answer, row.gender] += 1
    results = [
        Answered(
            ASKED[_stem(asking[point_id])],
            period,
            question,
            number,
            asking[point_id].latest.name,
            tuple((answer, gender, count) for (answer, gender), count in counts.items()),
        )
        for (point_id, period, number, question), counts in found.items()
    ]
    return tuple(sorted(results, key=lambda one: (one.period.end, one.number)))


def _stem(point: Point) -> str:
    return NUMBERED.sub("", point.slug)


def _definition(point: Point, definition_id: int) -> Definition:
    return next(one for one in point.definitions if one.definition_id == definition_id)
