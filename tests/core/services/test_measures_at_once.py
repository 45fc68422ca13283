"""Many people reporting on measure points at once: nothing is lost, nothing is there twice."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlmodel import func, select

from core import db
from core.auth import Role
from core.models import MeasureEntry
from core.services.base import ConflictError, RefusedError
from core.services.measure_entries import change_entry, report
from core.services.measure_inputs import EntryChange, NewEntry
from core.services.measure_points import change_definition
from tests import factories as make
from tests.factories_measures import day, new_definition, point

MAY = day("2024-05-27")
PEOPLE = 8


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        row = point(session, unit)
        workers = [make.caseworker(session, unit) for _ in range(PEOPLE)]
        actors = [make.actor(session, Role.CASEWORKER, unit, caseworker=w) for w in workers]
        return {
            "point": row,
            "actors": actors,
            "boss": make.actor(session, of=unit),
            "own": workers,
        }


def at_once(save):
    """Let eight save at the same time, and return each one's answer or error."""

    def one(n):
        try:
            return save(n)
        except (RefusedError, ConflictError) as error:
            return error

    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(one, range(PEOPLE)))


def kept():
    with db.read() as session:
        return session.exec(
            select(func.count()).select_from(MeasureEntry).where(MeasureEntry.voided_at.is_(None))
        ).one()


def send(world, n, **fields):
    with db.write() as session:
        new = NewEntry(world["point"].id, MAY, value=Decimal(n), **fields)
        return report(session, new, by=world["boss"] if fields else world["actors"][n])


def test_eight_who_report_their_own_at_once_lose_none(world):
    answers = at_once(lambda n: send(world, n))

    assert len(set(answers)) == PEOPLE
    assert kept() == PEOPLE


def test_of_eight_who_report_the_same_week_of_one_caseworker_one_does(world):
    whose = world["own"][0].id
    answers = at_once(lambda n: send(world, n, caseworker_id=whose))

    refused = [answer for answer in answers if isinstance(answer, RefusedError)]
    assert len(refused) == PEOPLE - 1
    assert all("redan rapporterat" in str(error) for error in refused)
    assert kept() == 1


def test_of_eight_who_put_one_report_right_one_does(world):
    entry_id = send(world, 0)

    def put_right(n):
        with db.write() as session:
            new = EntryChange(1, MAY, Decimal(n))
            return change_entry(session, entry_id, new, by=world["boss"])

    answers = at_once(put_right)
    assert sum(isinstance(answer, ConflictError) for answer in answers) == PEOPLE - 1
    assert kept() == 1


def test_of_eight_who_change_one_measure_point_one_does(world):
    def change(n):
        with db.write() as session:
            new = new_definition("2024-06-03", name=f"Ny {n}")
            return change_definition(session, world["point"].id, new, version=1, by=world["boss"])

    answers = at_once(change)
    assert sum(isinstance(answer, ConflictError) for answer in answers) == PEOPLE - 1
