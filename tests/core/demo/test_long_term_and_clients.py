"""Benefit months and client surveys of the demo."""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from sqlmodel import select

from core import db, models
from core.auth import Scope
from core.queries.benefit_months import long_term
from core.queries.client_surveys import client_survey_results
from core.queries.keys import By
from core.terms import CaseKind, ClientAnswer, ClientSurveyKind, Gender
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT

TODAY = dt.date(2024, 5, 27)


def unit_id(session, slug):
    return session.exec(select(models.Unit.id).where(models.Unit.slug == slug)).one()


def test_a_benefit_month_lies_within_its_households_case_and_is_over(demo):
    with db.read() as session:
        found = session.exec(
            select(models.BenefitMonth, models.Case).join(
                models.Case, models.Case.id == models.BenefitMonth.case_id
            )
        )
        months = [
            (models.BenefitMonth(**row.model_dump()), models.Case(**case.model_dump()))
            for row, case in found
        ]
    assert len(months) > 10_000
    for row, case in months:
        assert case.kind is CaseKind.BENEFIT
        assert (case.unit_id, row.source_name) == (row.unit_id, "Exempeldata")
        assert case.opened_on.replace(day=1) <= row.month < dt.date(2024, 5, 1)
        assert case.closed_on is None or row.month <= case.closed_on
    assert max(Counter((row.case_id, row.month) for row, _ in months).values()) == 1


@pytest.mark.parametrize("slug", [WORK_UNIT, BENEFIT_UNIT])
def test_every_whole_month_of_the_year_has_a_share_in_between(demo, slug):
    with db.read() as session:
        frame = long_term(session, Scope(unit_id(session, slug)), on=TODAY, by=By.MONTH)
    assert all(Fraction(2, 5) < share < Fraction(4, 5) for share in frame["share"][:-1])
    assert frame["share"].iloc[-1] is None


def test_the_published_survey_has_the_published_answers(demo):
    with db.read() as session:
        scope = Scope(unit_id(session, WORK_UNIT))
        first = client_survey_results(session, scope, on=TODAY)[0]
    assert (first.kind, first.ends_on) == (ClientSurveyKind.CITY, dt.date(2021, 10, 31))
    assert (first.answered, first.good_share) == (12, Fraction(7, 12))
    men = first.by_gender[Gender.MAN]
    assert (men[ClientAnswer.IMPROVED], sum(men.values())) == (6, 7)
    assert sum(first.by_gender[Gender.WOMAN].values()) == 4
    assert "000_ba4b8a4078b77aa0.txt" in first.source_name


@pytest.mark.parametrize("slug", [WORK_UNIT, BENEFIT_UNIT])
def test_each_survey_is_asked_more_than_once_with_the_same_questions(demo, slug):
    with db.read() as session:
        found = client_survey_results(session, Scope(unit_id(session, slug)), on=TODAY)
    for kind in (ClientSurveyKind.CITY, ClientSurveyKind.RECEPTION, ClientSurveyKind.PHONE):
        asked = Counter(result.question for result in found if result.kind is kind)
        assert asked
        assert all(times > 1 for times in asked.values())
