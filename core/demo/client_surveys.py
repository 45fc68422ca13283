"""Client surveys: a published one, and made-up ones."""

from __future__ import annotations

from core.demo import inputs
from core.demo.people import Place
from core.demo.rows import Rows
from core.models import ClientSurvey, ClientSurveyCount
from core.terms import ClientAnswer, ClientSurveyKind, DataSource, Gender


def add_client_surveys(rows: Rows, place: Place) -> None:
    """Add a unit's client surveys with how many gave each answer."""
    surveys: dict[tuple[str, str, str], int] = {}
    questions: dict[tuple[int, str], int] = {}
    for record in inputs.of_unit("demo_client_surveys", place.slug):
        about = (record["kind"], record["start"], record["end"])
        if about not in surveys:
            surveys[about] = rows.add(
                ClientSurvey,
                unit_id=place.unit_id,
                kind=ClientSurveyKind(record["kind"]),
                starts_on=inputs.day(record["start"]),
                ends_on=inputs.day(record["end"]),
                source=DataSource.IMPORTED,
                source_name=inputs.source_title(record["source"]),
            )
        question = (surveys[about], record["question"])
        questions.setdefault(question, len(questions) + 1)
        rows.add(
            ClientSurveyCount,
            survey_id=surveys[about],
            position=questions[question],
            question=record["question"],
            answer=ClientAnswer(record["answer"]),
            gender=Gender(record["gender"]) if record["gender"] else None,
            amount=int(record["amount"]),
        )
