"""The staff survey as read: whole units, groups, and what is never read out."""

from decimal import Decimal
from fractions import Fraction

from core import db
from core.auth import Scope
from core.models.base import now
from core.queries.staff_survey import COLUMNS, staff_survey, survey_results
from core.terms import Fulfilment
from tests import factories as make
from tests import factories_goals as make_goals


def read(unit, **scope):
    with db.read() as session:
        return staff_survey(session, Scope(unit.id, **scope))


def keys(frame):
    return list(zip(frame["year"], frame["group"], strict=True))


def test_results_stand_by_year_with_the_whole_unit_first(store):
    with db.write() as session:
        unit = make.unit(session)
        north, south = make.group(session, unit, name="Norr"), make.group(session, unit, name="Al")
        make_goals.survey(session, unit, 2023, north, ami=80)
        make_goals.survey(session, unit, 2023, ami=Decimal("78.5"), invited=40, respondents=30)
        make_goals.survey(session, unit, 2022, south, ami=70, leadership=71)
        make_goals.survey(session, unit, 2023, south)
        make_goals.survey(session, make.unit(session), 2023, ami=1)
    frame = read(unit)
    assert list(frame.columns) == COLUMNS
    assert keys(frame) == [(2022, "Al"), (2023, "alla"), (2023, "Al"), (2023, "Norr")]
    assert list(frame.iloc[1]) == [
        2023,
        "alla",
        40,
        30,
        Fraction(3, 4),
        Decimal("78.5"),
        None,
        None,
        None,
    ]


def test_fewer_than_five_respondents_have_no_row_and_are_counted_as_hidden(store):
    with db.write() as session:
        unit = make.unit(session)
        four, five = make.group(session, unit), make.group(session, unit)
        make_goals.survey(session, unit, 2023, four, respondents=4, ami=80)
        make_goals.survey(session, unit, 2023, five, respondents=5, ami=80)
        make_goals.survey(session, unit, 2022, respondents=4, ami=80)
    assert keys(read(unit)) == [(2023, five.name)]
    with db.read() as session:
        assert survey_results(session, Scope(unit.id)).hidden == ((2022, 1), (2023, 1))


def test_a_group_reads_its_own_and_the_units_results_and_a_caseworker_the_units(store):
    with db.write() as session:
        unit = make.unit(session)
        own, other = make.group(session, unit), make.group(session, unit)
        for group in (own, other, None):
            make_goals.survey(session, unit, 2023, group, ami=80)
    assert keys(read(unit, group_id=own.id)) == [(2023, "alla"), (2023, own.name)]
    assert keys(read(unit, caseworker_id=1)) == [(2023, "alla")]


def test_the_latest_of_two_results_holds_and_a_voided_one_counts_nowhere(store):
    with db.write() as session:
        unit = make.unit(session)
        make_goals.survey(session, unit, 2023, ami=70)
        make_goals.survey(session, unit, 2023, ami=80)
        wrong = make_goals.survey(session, unit, 2023, ami=90)
        wrong.voided_at = now()
    assert list(read(unit)["ami"]) == [80]


def test_a_mismatch_of_ami_and_its_parts_is_told(store):
    stated = {90: False, Decimal("89.3333"): False, Decimal("89.3334"): True, Decimal(87): True}
    with db.write() as session:
        unit = make.unit(session)
        for year, ami in enumerate(stated, start=2018):
            parts = {"leadership": 92, "motivation": 91, "steering": 82}
            make_goals.survey(session, unit, year, ami=ami, target=90, **parts)
        make_goals.survey(session, unit, 2023, ami=88, leadership=92)
    with db.read() as session:
        rows = survey_results(session, Scope(unit.id)).rows
    assert [row.mean for row in rows] == [Fraction(265, 3)] * 4 + [None]
    assert [row.mismatch for row in rows] == [True, False, True, True, None]
    assert [row.fulfilment for row in rows] == [
        Fulfilment.MET,
        *[Fulfilment.PARTLY_MET] * 3,
        Fulfilment.NO_TARGET,
    ]
