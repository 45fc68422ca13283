"""Client surveys as the figure table prints them."""

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.models import ClientSurvey, ClientSurveyCount
from core.queries import cache
from core.queries.client_surveys import COLUMNS, client_survey_results, client_surveys
from core.terms import ClientAnswer, ClientSurveyKind, DataSource, Gender
from tests import factories as make

D = dt.date
ON = D(2024, 5, 27)
MEASURE_POINTS = 5
"""The statements that the unit's measure points are read in."""
BETTER, SAME, WORSE = ClientAnswer.IMPROVED, ClientAnswer.UNCHANGED, ClientAnswer.WORSE


def survey(session, unit, ends_on, counts, *, kind=ClientSurveyKind.CITY, question="Fråga?", **f):
    """Save a survey of one question: counts by answer and gender."""
    row = make.save(
        session,
        ClientSurvey(
            unit_id=unit.id,
            kind=kind,
            starts_on=ends_on.replace(day=1),
            ends_on=ends_on,
            source=DataSource.IMPORTED,
            **f,
        ),
    )
    for (answer, gender), amount in counts.items():
        count = ClientSurveyCount(
            survey_id=row.id, question=question, answer=answer, gender=gender, amount=amount
        )
        make.save(session, count)
    return row


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


def table(unit, on=ON, **scope):
    with db.read() as session:
        frame = client_surveys(session, Scope(unit.id, **scope), on=on)
    assert list(frame.columns) == COLUMNS
    return [tuple(row) for row in frame.itertuples(index=False)]


PUBLISHED = {
    (BETTER, Gender.WOMAN): 1,
    (SAME, Gender.WOMAN): 3,
    (BETTER, Gender.MAN): 6,
    (SAME, Gender.MAN): 1,
    (SAME, Gender.OTHER): 1,
}


def test_the_published_survey_gives_the_published_shares(unit):
    with db.write() as session:
        survey(session, unit, D(2021, 10, 31), PUBLISHED)
    shares = {(row[5], row[6]): row[9] for row in table(unit)}
    assert round(shares["alla", "bättre"] * 100) == 58
    assert round(shares["alla", "oförändrat"] * 100) == 42
    assert shares["alla", "sämre"] == 0
    assert round(shares["man", "bättre"] * 100) == 86
    assert shares["kvinna", "bättre"] == Fraction(1, 4)
    assert shares["annat/okänt", "oförändrat"] == 1


def test_the_rows_of_a_question_stand_in_the_scales_order_with_their_denominator(unit):
    with db.write() as session:
        survey(
            session,
            unit,
            D(2023, 11, 30),
            {
                (ClientAnswer.DONT_KNOW, None): 1,
                (ClientAnswer.NO, None): 2,
                (ClientAnswer.YES, None): 5,
            },
            kind=ClientSurveyKind.RECEPTION,
        )
    about = ("Bemötandekollen", "alla", D(2023, 11, 1), D(2023, 11, 30), "Fråga?", "alla")
    assert table(unit) == [
        (*about, "ja", 5, 8, Fraction(5, 8)),
        (*about, "delvis", 0, 8, 0),
        (*about, "nej", 2, 8, Fraction(1, 4)),
        (*about, "vet inte", 1, 8, Fraction(1, 8)),
    ]


def test_voided_later_and_other_units_surveys_are_left_out(unit):
    with db.write() as session:
        one = {(BETTER, None): 5}
        survey(session, unit, D(2024, 4, 30), one, voided_at=dt.datetime.now(dt.UTC))
        survey(session, unit, D(2024, 5, 28), one)
        survey(session, make.unit(session), D(2024, 4, 30), one)
    assert table(unit) == []
    assert len(table(unit, on=D(2024, 5, 28))) == 3


def test_a_group_reads_its_own_and_the_whole_units_surveys(unit):
    with db.write() as session:
        ett, tva = (make.group(session, unit, name=name) for name in ("Ett", "Två"))
        for group_id in (tva.id, ett.id, None):
            survey(session, unit, D(2024, 4, 30), {(BETTER, None): 5}, group_id=group_id)
    assert [row[1] for row in table(unit)][::3] == ["alla", "Ett", "Två"]
    assert {row[1] for row in table(unit, group_id=ett.id)} == {"alla", "Ett"}


def test_kinds_stand_together_and_surveys_by_their_last_day(unit):
    with db.write() as session:
        for kind, ends_on in (
            (ClientSurveyKind.PHONE, D(2024, 1, 31)),
            (ClientSurveyKind.CITY, D(2024, 3, 31)),
            (ClientSurveyKind.CITY, D(2023, 3, 31)),
        ):
            survey(session, unit, ends_on, {(BETTER, None): 5}, kind=kind)
    with db.read() as session:
        found = client_survey_results(session, Scope(unit.id), on=ON)
    assert [(r.kind, r.ends_on.year) for r in found] == [
        (ClientSurveyKind.CITY, 2023),
        (ClientSurveyKind.CITY, 2024),
        (ClientSurveyKind.PHONE, 2024),
    ]
    assert {r.good_share for r in found} == {1}


def test_surveys_are_read_in_as_many_statements_however_many_there_are(unit):
    def statements():
        cache.clear()
        seen = []
        with db.read() as session:
            cache.data_version(session, unit.id, (), None)
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
            client_survey_results(session, Scope(unit.id), on=ON)
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    with db.write() as session:
        survey(session, unit, D(2024, 1, 20), PUBLISHED)
    one = statements()
    with db.write() as session:
        for month in range(2, 6):
            survey(session, unit, D(2024, month, 20), PUBLISHED)
    assert statements() == one == MEASURE_POINTS + 1
