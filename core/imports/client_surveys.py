"""Client surveys: how many gave each answer to each question, by gender where it was asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.imports.kinds import Change, Column, Insert, Kind, Planned, Row, Target, Void
from core.imports.places import Places, places_of, told_once
from core.imports.values import choice, date, text, whole
from core.models import Area, ClientSurvey, ClientSurveyCount
from core.services.base import Checks
from core.services.client_surveys import MOST_ANSWERS, Survey, check_answers, check_survey
from core.terms import ClientAnswer, ClientSurveyKind, DataSource, Gender, ImportKind

KINDS = {
    "brukarundersökning": ClientSurveyKind.CITY,
    "brukarundersökningen": ClientSurveyKind.CITY,
    "stadens": ClientSurveyKind.CITY,
    "telefon": ClientSurveyKind.PHONE,
    "egen": ClientSurveyKind.OWN,
}
ANSWERS = {
    "förbättrad": ClientAnswer.IMPROVED,
    "förbättrats": ClientAnswer.IMPROVED,
    "oförändrad": ClientAnswer.UNCHANGED,
    "försämrad": ClientAnswer.WORSE,
    "försämrats": ClientAnswer.WORSE,
    "ibland": ClientAnswer.PARTLY,
    "delvis/ibland": ClientAnswer.PARTLY,
}
GENDERS = {
    "kvinnor": Gender.WOMAN,
    "K": Gender.WOMAN,
    "män": Gender.MAN,
    "M": Gender.MAN,
    "annat": Gender.OTHER,
    "okänt": Gender.OTHER,
}
_Which = tuple[ClientSurveyKind, dt.date, dt.date, int | None]
_Answer = tuple[str, ClientAnswer, Gender | None]


@dataclass(slots=True)
class _Asked:
    """A survey: as it is stored (without an id when it is new), and the rows of the file about it."""

    which: _Which
    id: int | None = None
    source_name: str = ""
    amounts: dict[_Answer, int] = field(default_factory=dict)
    told: list[Planned] = field(default_factory=list)


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare answers with the store, survey by survey."""
    places = places_of(session, target.unit_id)
    surveys = _stored(session, target.unit_id)
    planned = [Planned(row) for row in rows]
    seen: dict[Hashable, int] = {}
    for one in planned:
        which = _which(one, places)
        told_once(one, seen, (which, _answer(one.row)), "answer")
        if not one.faults:
            surveys.setdefault(which, _Asked(which)).told.append(one)
    for survey in surveys.values():
        if survey.told:
            _check(survey)
            if not any(one.faults for one in survey.told):
                _write(survey, target)
    return planned


def _stored(session: Session, unit_id: int) -> dict[_Which, _Asked]:
    found: dict[_Which, _Asked] = {}
    for survey, count in session.execute(
        select(ClientSurvey, ClientSurveyCount)
        .outerjoin(ClientSurveyCount, col(ClientSurveyCount.survey_id) == col(ClientSurvey.id))
        .where(col(ClientSurvey.unit_id) == unit_id)
        .where(col(ClientSurvey.voided_at).is_(None))
        .order_by(col(ClientSurvey.id), col(ClientSurveyCount.position), col(ClientSurveyCount.id))
    ):
        which = (survey.kind, survey.starts_on, survey.ends_on, survey.group_id)
        known = found.setdefault(which, _Asked(which, survey.id, survey.source_name))
        if count is not None:
            known.amounts[_question(count.question), count.answer, count.gender] = count.amount
    return found


def _which(planned: Planned, places: Places) -> _Which:
    """Return the survey that a row is about; its days are checked."""
    row = planned.row
    survey = Survey(
        row["survey"],
        row["starts_on"],
        row["ends_on"],
        places.group_of(planned),
        row["source_name"] or "",
    )
    checks = Checks()
    check_survey(checks, survey)
    planned.faults_of(checks)
    return (survey.kind, survey.starts_on, survey.ends_on, survey.group_id)


def _check(survey: _Asked) -> None:
    """Check each question that the file tells of as it would be, at the first of its rows."""
    told: dict[str, Planned] = {}
    for one in survey.told:
        told.setdefault(_question(one.row["question"]), one)
    after: defaultdict[str, dict[tuple[ClientAnswer, Gender | None], int]] = defaultdict(dict)
    for (question, answer, gender), amount in _after(survey).items():
        after[question][answer, gender] = amount
    for question, first in told.items():
        checks = Checks()
        check_answers(checks, question, after[question])
        first.faults_of(checks, {"amounts": "amount"})


def _after(survey: _Asked) -> dict[_Answer, int]:
    return survey.amounts | {_answer(one.row): one.row["amount"] for one in survey.told}


def _write(survey: _Asked, target: Target) -> None:
    """Plan what the rows change: a survey as it was is voided and told anew, whole."""
    differs = [
        one for one in survey.told if survey.amounts.get(_answer(one.row)) != one.row["amount"]
    ]
    if not differs:
        return
    for one in differs:
        before = survey.amounts.get(_answer(one.row))
        if before is None:
            one.all_new()
        else:
            one.changes.append(Change("amount", before, one.row["amount"]))
        one.moved.append((Area.CLIENT_SURVEYS, survey.which[2]))
    insert = _insert(survey, differs, target)
    if survey.id is not None:
        differs[0].writes.append(Void(ClientSurvey, survey.id))
    differs[0].writes.append(insert)
    changed = {_answer(one.row): one for one in differs}
    after = _after(survey)
    places = {question: n for n, question in enumerate(dict.fromkeys(key[0] for key in after), 1)}
    for key, amount in after.items():
        owner = changed.get(key, differs[0])
        owner.writes.append(_count(insert, key, places[key[0]], amount))


def _insert(survey: _Asked, differs: Iterable[Planned], target: Target) -> Insert:
    kind, starts_on, ends_on, group_id = survey.which
    named = next((one.row["source_name"] for one in differs if one.row["source_name"]), None)
    return Insert(
        ClientSurvey,
        {
            "unit_id": target.unit_id,
            "group_id": group_id,
            "kind": kind,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "source": DataSource.IMPORTED,
            "source_name": named or survey.source_name or target.file_name,
        },
    )


def _count(survey: Insert, key: _Answer, position: int, amount: int) -> Insert:
    question, answer, gender = key
    values = {
        "survey_id": survey,
        "position": position,
        "question": question,
        "answer": answer,
        "gender": gender,
        "amount": amount,
    }
    return Insert(ClientSurveyCount, values)


def _answer(row: Row) -> _Answer:
    return _question(row["question"]), row["answer"], row["gender"]


def _question(written: Any) -> str:
    return " ".join(str(written).split())


CLIENT_SURVEYS = Kind(
    code=ImportKind.CLIENT_SURVEYS,
    lead="Svar i brukarundersökningar: en rad för varje fråga, svar och kön.",
    rules=(
        "Svar som inte finns i filen lämnas som de är.",
        "Ett ändrat antal ersätter det förra; undersökningen som den var finns kvar i historiken.",
        "En fråga besvaras antingen med ja, delvis, nej eller med bättre, oförändrat, sämre.",
        "Ange svaren antingen per kön eller för alla tillsammans, inte båda.",
    ),
    columns=(
        Column(
            "survey",
            "Undersökning",
            "Stadens brukarundersökning, Bemötandekollen, telefonenkät eller egen enkät.",
            choice(ClientSurveyKind, KINDS),
            example=ClientSurveyKind.RECEPTION,
            required=True,
            also=("enkät", "typ"),
        ),
        Column(
            "starts_on",
            "Första dagen",
            "Dagen då undersökningen började.",
            date,
            example=dt.date(2024, 4, 1),
            required=True,
            also=("start", "från", "från och med"),
        ),
        Column(
            "ends_on",
            "Sista dagen",
            "Dagen då undersökningen slutade.",
            date,
            example=dt.date(2024, 4, 30),
            required=True,
            also=("end", "slut", "till", "till och med"),
        ),
        Column(
            "group",
            "Grupp",
            "Gruppen vars klienter svarade. Tomt är hela enheten.",
            text(120),
            also=("gäller", "sektion"),
        ),
        Column(
            "question",
            "Fråga",
            "Frågan som den ställdes.",
            text(300),
            example="Fick du ett gott bemötande?",
            required=True,
        ),
        Column(
            "gender",
            "Kön",
            "Kvinna, man eller annat/okänt. Tomt är alla tillsammans.",
            choice(Gender, GENDERS),
            example=Gender.WOMAN,
        ),
        Column(
            "answer",
            "Svar",
            "Ja, delvis, nej, bättre, oförändrat, sämre eller vet inte.",
            choice(ClientAnswer, ANSWERS),
            example=ClientAnswer.YES,
            required=True,
            also=("svarsalternativ",),
        ),
        Column(
            "amount",
            "Antal",
            "Hur många som gav svaret.",
            whole(lowest=0, highest=MOST_ANSWERS),
            example=34,
            required=True,
            also=("antal svar", "answers", "svarande"),
        ),
        Column(
            "source_name",
            "Källa",
            "Varifrån svaren kommer. Tomt är filens namn.",
            text(200),
            also=("source",),
        ),
    ),
    key=("survey", "starts_on", "ends_on", "group", "question", "gender", "answer"),
    plan=plan,
)
