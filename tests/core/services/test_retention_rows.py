"""Removal of closed cases: every row of them goes, and nothing else."""

import pytest
from sqlalchemy import func, inspect, text
from sqlmodel import select

from core import db
from core.models import (
    Base,
    Case,
    ImportChange,
    MeasureAnswer,
    MeasureEntry,
    RetainedCost,
    RetainedCount,
    RetentionRun,
)
from core.queries import retention as queries
from tests import factories as make
from tests import factories_cases as cases
from tests import factories_retention as old

day = make.day
TODAY = day("2024-05-27")
LONG_AGO = {"opened_on": day("2020-01-10"), "referred_on": day("2020-01-20")}
LAST_DAY = day("2022-05-26")
"""The last day of closing whose two years are over on `TODAY`."""


@pytest.fixture(autouse=True)
def _today(store, today):
    today(TODAY)


@pytest.fixture
def world(store):
    return cases.world(**LONG_AGO)


def test_every_row_of_a_case_is_removed(world):
    old.close(world, LAST_DAY)
    old.with_case(world, old.add_everything)
    assert set(row_counts().values()) == {1}
    run_id = old.remove()
    assert [name for name, number in row_counts().items() if number] == []
    with db.read() as session:
        run = session.get_one(RetentionRun, run_id)
        assert (run.cases, run.rows) == (1, len(queries.WORDS))
        assert run.closed_through == LAST_DAY


def row_counts():
    """Return how many rows each table has of those that go with a case."""
    conditions = queries.row_conditions(Case.id.is_not(None))
    with db.read() as session:
        return {
            table.name: session.execute(
                select(func.count()).select_from(table).where(condition)
            ).scalar_one()
            for table, condition in conditions.items()
        }


def test_a_case_that_is_not_removed_keeps_every_row(world):
    old.with_case(world, old.add_everything)
    before = row_counts()
    with db.write() as session:
        unit = old.Unit(world.unit_id)
        make.case(session, unit, day("2019-01-01"), closed_on=day("2019-06-01"))
    assert old.remove() is not None
    assert row_counts() == before
    assert before["case_file"] == before["placement_review"] == before["measure_answer"] == 1


def test_every_table_that_refers_to_a_case_has_a_word(world):
    named = {table.name for table in queries.row_conditions(Case.id.is_not(None))}
    assert named == set(queries.WORDS)
    with db.read() as session:
        assert named <= set(inspect(session.connection()).get_table_names())


def test_a_report_on_a_measure_point_stays_without_its_case(world):
    old.close(world, LAST_DAY)
    entry = old.with_case(world, old.report_on)
    old.remove()
    with db.read() as session:
        kept = session.get_one(MeasureEntry, entry.id)
        assert (kept.case_id, kept.slot, kept.measured_on) == (None, None, LONG_AGO["opened_on"])
        assert session.exec(select(MeasureAnswer.entry_id)).all() == [entry.id]


def test_what_an_import_had_before_is_emptied_for_removed_rows_only(world):
    old.with_case(world, old.everything_on)
    with db.write() as session:
        stays = session.get_one(Case, world.case_id)
        gone = make.case(
            session, old.Unit(world.unit_id), day("2019-01-01"), closed_on=day("2019-06-01")
        )
        run_id = session.exec(select(ImportChange.run_id)).first()
        change = ImportChange(
            run_id=run_id,
            entity="case_file",
            entity_id=gone.id,
            before={"reference": gone.reference},
            digest="0123456789abcdef",
        )
        make.save(session, change)
    old.remove()
    with db.read() as session:
        kept = {
            (row.entity_id == stays.id, row.before is None, row.digest == "")
            for row in session.exec(select(ImportChange)).all()
            if row.entity == "case_file"
        }
    assert kept == {(True, False, False), (False, True, True)}


def test_nothing_of_a_removed_case_is_left_in_the_file(world, tmp_path):
    old.close(world, LAST_DAY)
    old.with_case(world, lambda _session, case: setattr(case, "reference", "QXZW-77321"))
    old.with_case(world, old.everything_on)
    if db.engine().dialect.name != "sqlite":
        pytest.skip("a PostgreSQL server looks after its own files")
    path = tmp_path / "test.db"
    with db.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"QXZW-77321" in path.read_bytes()
    old.remove()
    with db.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"QXZW-77321" not in path.read_bytes()


def test_what_is_left_names_no_case(world):
    old.close(world, LAST_DAY)
    old.remove()
    columns = set(RetainedCount.__table__.c.keys()) | set(RetainedCost.__table__.c.keys())
    assert not {column for column in columns if "case_id" in column or "reference" in column}
    with db.read() as session:
        assert session.exec(select(RetainedCount.number)).all() != []


def test_the_store_holds_together_after_a_removal(world):
    old.close(world, LAST_DAY)
    old.with_case(world, old.add_everything)
    old.remove()
    with db.engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).fetchall() == []
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        for table in Base.metadata.sorted_tables:
            connection.execute(select(func.count()).select_from(table))


def test_the_tables_have_the_same_indexes_after_a_removal(world):
    before = indexes()
    old.close(world, LAST_DAY)
    old.remove()
    assert indexes() == before


def indexes():
    """Return the names of every index in the store."""
    with db.engine().connect() as connection:
        found = inspect(connection)
        return {
            index["name"] for table in found.get_table_names() for index in found.get_indexes(table)
        }
