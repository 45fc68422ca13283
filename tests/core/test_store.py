"""The store loses nothing: transactions, exact amounts, checks by the database itself."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import func, select

from core import clock, db
from core.auth import Role
from core.models import (
    BudgetLine,
    Case,
    DataVersion,
    Outcome,
    StoreInfo,
    Unit,
    UserRole,
)
from core.models.store import Area
from core.services.base import Event, record
from core.terms import CaseKind
from tests import factories as make

MAY = dt.date(2024, 5, 1)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 40, 1), False),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_bug_is_fixed(version, safe):
    assert db.wal_is_safe(version) is safe


def test_sqlite_is_set_up_to_lose_no_write(store):
    if store == "postgresql":  # nothing to set up there
        assert db.engine().dialect.name == "postgresql"
        return
    with db.read() as session:
        value = {
            name: session.exec(text(f"PRAGMA {name}")).scalar()
            for name in ("foreign_keys", "synchronous", "busy_timeout", "journal_mode")
        }
    journal = "wal" if db.wal_is_safe(db.sqlite_module().sqlite_version_info) else "delete"
    assert value == {
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": 10_000,
        "journal_mode": journal,
    }


def test_an_error_rolls_everything_back(store):
    with pytest.raises(RuntimeError), db.write() as session:
        make.unit(session)
        raise RuntimeError

    with db.read() as session:
        assert session.exec(select(func.count()).select_from(Unit)).one() == 0


def test_amounts_are_exact_to_the_ore_and_summed_by_the_database(store):
    with db.write() as session:
        unit = make.unit(session)
        line = make.save(
            session,
            BudgetLine(unit_id=unit.id, year=2024, section="A", name="B", amount=Decimal("0.10")),
        )
        for _ in range(3):
            make.save(
                session,
                Outcome(line_id=line.id, month=MAY, amount=Decimal("0.10"), booked_on=MAY),
            )
    with db.read() as session:
        assert session.exec(select(func.sum(Outcome.amount))).one() == Decimal("0.30")


def test_an_amount_with_parts_of_an_ore_is_refused(store):
    with pytest.raises(Exception, match="more than 2 decimals"), db.write() as session:
        unit = make.unit(session)
        make.save(
            session,
            BudgetLine(unit_id=unit.id, year=2024, section="A", name="B", amount=Decimal("0.105")),
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"closed_on": dt.date(2024, 4, 30)},
        {"referred_on": dt.date(2024, 4, 30)},
        {"closing_reason": "work"},
        {"unit_id": 999_999},
        {"kind": "no such kind"},
    ],
    ids=str,
)
def test_the_database_refuses_an_impossible_case(store, wrong):
    with db.write() as session:
        unit = make.unit(session)
    row = {
        "unit_id": unit.id,
        "reference": "AR-1",
        "kind": "benefit",
        "opened_on": MAY,
        "created_at": dt.datetime(2024, 5, 1),
        "version": 1,
    } | wrong
    with pytest.raises(IntegrityError), db.write() as session:
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        session.exec(text(f"INSERT INTO case_file ({names}) VALUES ({marks})"), params=row)


def test_a_reference_is_unique_in_its_unit_until_its_case_is_voided(store):
    with db.write() as session:
        unit, other = make.unit(session), make.unit(session)
        first = make.case(session, unit, MAY, reference="AR-0001")
        make.case(session, other, MAY, reference="AR-0001")
    with pytest.raises(IntegrityError), db.write() as session:
        make.case(session, unit, MAY, reference="AR-0001")
    with db.write() as session:
        session.get_one(Case, first.id).voided_at = clock.now()
        session.flush()
        make.case(session, unit, MAY, reference="AR-0001")


def test_a_row_that_is_there_already_is_told_from_other_faults(store):
    with db.write() as session:
        make.save(session, Unit(slug="enhet", name="Enhet"))

    def fault(row):
        with pytest.raises(IntegrityError) as raised, db.write() as session:
            make.save(session, row)
        return raised.value

    assert db.is_duplicate(fault(Unit(slug="enhet", name="En till")))
    assert not db.is_duplicate(fault(Unit(slug="annan", name=None)))
    assert not db.is_duplicate(ValueError())


def test_an_admin_role_has_no_unit_and_every_other_role_has_one(store):
    with db.write() as session:
        account, unit = make.user(session), make.unit(session)
    for wrong in (
        {"role": Role.ADMIN, "unit_id": unit.id},
        {"role": Role.READER, "unit_id": None},
        {"role": Role.GROUP_MANAGER, "unit_id": unit.id, "group_id": None},
        {"role": Role.CASEWORKER, "unit_id": unit.id, "caseworker_id": None},
    ):
        with pytest.raises(IntegrityError), db.write() as session:
            make.save(session, UserRole(user_id=account.id, **wrong))


def test_the_second_of_two_edits_of_a_row_is_refused(store):
    with db.write() as session:
        unit = make.unit(session)
        case = make.case(session, unit, MAY)
    with db.write() as session:
        session.get_one(Case, case.id).closed_on = MAY
    case.closed_on = dt.date(2024, 5, 2)
    with pytest.raises(StaleDataError), db.write() as session:
        session.add(case)


def test_writes_from_many_threads_at_once_are_all_counted(store):
    with db.write() as session:
        unit = make.unit(session)

    def write_forty():
        for _ in range(40):
            with db.write() as session:
                record(session, Event("x", "case", 1, unit.id, [(Area.CASES, MAY)]), by=None)

    threads = [threading.Thread(target=write_forty) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.exec(select(DataVersion.writes)).one() == 320


def test_a_demo_store_brings_its_own_date_and_a_real_one_todays(store):
    with db.write() as session:
        info = session.exec(select(StoreInfo)).one()
        info.is_demo, info.demo_today = True, dt.date(2024, 5, 27)
    db.attach()
    assert clock.today() == dt.date(2024, 5, 27)
    assert clock.now().year > 2025
    with db.write() as session:
        info = session.exec(select(StoreInfo)).one()
        info.is_demo, info.demo_today = False, None
    db.attach()
    assert clock.today() == dt.datetime.now(clock.STOCKHOLM).date()


def test_only_a_demo_may_have_a_date_of_its_own(store):
    with pytest.raises(IntegrityError), db.write() as session:
        session.exec(select(StoreInfo)).one().demo_today = MAY


def test_reading_leaves_nothing_behind(store):
    with db.write() as session:
        make.unit(session)
    with db.read() as session:
        session.exec(select(Unit)).one().name = "Nytt namn"
    with db.read() as session:
        assert session.exec(select(Unit.name)).one() != "Nytt namn"


def test_assignments_are_indexed_by_case_and_by_caseworker(store):
    with db.engine().connect() as connection:
        indexes = inspect(connection).get_indexes("case_assignment")
    assert {"case_id", "caseworker_id"} <= {index["column_names"][0] for index in indexes}


def test_a_store_without_tables_is_named_as_such(monkeypatch, tmp_path):
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(db.StoreNotReadyError, match="saknar tabeller"):
        db.attach()
    db.close()


def test_codes_are_stored_as_their_english_words(store):
    with db.write() as session:
        make.case(session, make.unit(session), MAY, kind=CaseKind.WRONG_PAYMENT)
    with db.read() as session:
        assert session.exec(text("SELECT kind FROM case_file")).scalar() == "wrong_payment"
