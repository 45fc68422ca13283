"""Cached reads: never stale, never somebody else's, and an earlier month's stay."""

import pytest
from sqlalchemy import event

from core import db
from core.auth import Scope
from core.models import Area, DataVersion
from core.queries import cache
from core.services.base import Event, record
from tests import factories as make

day = make.day
APRIL, MAY, MAY_27, JUNE = (
    day(text) for text in ("2024-04-30", "2024-05-31", "2024-05-27", "2024-06-30")
)


@pytest.fixture
def reads():
    """What the queries below were really asked, one after another."""
    return []


@pytest.fixture
def by_day(reads):
    @cache.cached_by_day(Area.CASES, Area.PLANS)
    def query(session, scope, days):
        reads.append(days)
        return {one: (scope, one, len(reads)) for one in days}

    return query


@pytest.fixture
def figure(reads):
    @cache.cached(Area.CASES)
    def query(session, scope, *, on, kind="x"):
        reads.append((scope, on, kind))
        return len(reads)

    return query


@pytest.fixture
def unit_id(store):
    with db.write() as session:
        return make.unit(session).id


def read(query, scope, *args, **kwargs):
    with db.read() as session:
        return query(session, scope, *args, **kwargs)


def write(unit_id, area, on):
    """Record a write that moves an area's figures from a day on."""
    with db.write() as session:
        record(session, Event("x", "case_file", 1, unit_id, [(area, on)]), by=None)


def test_days_asked_for_again_are_not_read_again(by_day, reads, unit_id):
    first = read(by_day, Scope(unit_id), [APRIL, MAY])
    assert read(by_day, Scope(unit_id), [MAY, APRIL]) == first
    assert reads == [(APRIL, MAY)]


def test_the_days_that_are_missing_are_read_together_and_come_in_the_order_asked(
    by_day, reads, unit_id
):
    read(by_day, Scope(unit_id), [MAY])
    found = read(by_day, Scope(unit_id), [APRIL, MAY, JUNE])
    assert reads == [(MAY,), (APRIL, JUNE)]
    assert list(found) == [APRIL, MAY, JUNE]


@pytest.mark.parametrize("area", [Area.CASES, Area.PLANS])
def test_a_write_in_may_renews_may_and_june_and_leaves_april_cached(by_day, reads, unit_id, area):
    read(by_day, Scope(unit_id), [APRIL, MAY_27, JUNE])
    write(unit_id, area, day("2024-05-01"))
    read(by_day, Scope(unit_id), [APRIL, MAY_27, JUNE])
    assert reads[1:] == [(MAY_27, JUNE)]


def test_a_fact_registered_late_renews_every_month_from_its_own_day_on(by_day, reads, unit_id):
    read(by_day, Scope(unit_id), [day("2024-03-31"), APRIL, MAY])
    write(unit_id, Area.CASES, day("2024-04-15"))
    read(by_day, Scope(unit_id), [day("2024-03-31"), APRIL, MAY])
    assert reads[1:] == [(APRIL, MAY)]


def test_a_write_to_another_area_or_unit_renews_nothing(by_day, figure, reads, unit_id):
    with db.write() as session:
        other = make.unit(session).id
    read(by_day, Scope(unit_id), [MAY])
    read(figure, Scope(unit_id), on=MAY)
    write(unit_id, Area.BUDGET, MAY)
    write(other, Area.CASES, MAY)
    read(by_day, Scope(unit_id), [MAY])
    read(figure, Scope(unit_id), on=MAY)
    assert len(reads) == 2


def test_every_unit_scope_day_and_argument_has_its_own_result(by_day, figure, reads, unit_id):
    scopes = [
        Scope(unit_id),
        Scope(unit_id, group_id=1),
        Scope(unit_id, caseworker_id=1),
        Scope(unit_id + 1),
    ]
    for scope in scopes:
        assert read(by_day, scope, [MAY])[MAY][0] == scope
        assert len({read(figure, scope, on=on, kind=k) for on in (MAY, JUNE) for k in "xy"}) == 4
    assert len(reads) == len(scopes) * 5


def test_a_figure_is_renewed_by_a_write_dated_on_its_day_or_earlier_only(figure, reads, unit_id):
    assert read(figure, Scope(unit_id), on=APRIL) == read(figure, Scope(unit_id), on=APRIL) == 1
    write(unit_id, Area.CASES, day("2024-05-01"))
    assert read(figure, Scope(unit_id), on=APRIL) == 1
    write(unit_id, Area.CASES, APRIL)
    assert read(figure, Scope(unit_id), on=APRIL) == 2


def test_a_figure_of_no_day_is_renewed_by_every_write_to_its_areas(reads, unit_id):
    @cache.cached(Area.UNITS, until=None)
    def query(session, scope):
        reads.append(scope)
        return len(reads)

    assert read(query, Scope(unit_id)) == read(query, Scope(unit_id)) == 1
    write(unit_id, Area.UNITS, day("2099-01-01"))
    assert read(query, Scope(unit_id)) == 2


def test_a_session_that_writes_reads_past_the_cache_and_leaves_nothing_in_it(
    by_day, figure, reads, unit_id
):
    with db.write() as session:
        for _ in range(2):
            by_day(session, Scope(unit_id), [MAY])
            figure(session, Scope(unit_id), on=MAY)
    assert len(reads) == 4
    read(by_day, Scope(unit_id), [MAY])
    read(figure, Scope(unit_id), on=MAY)
    assert len(reads) == 6


def test_a_write_that_was_never_committed_renews_nothing(figure, reads, unit_id):
    read(figure, Scope(unit_id), on=MAY)
    with pytest.raises(RuntimeError, match="undone"), db.write() as session:
        record(session, Event("x", "case_file", 1, unit_id, [(Area.CASES, MAY)]), by=None)
        raise RuntimeError("undone")
    assert read(figure, Scope(unit_id), on=MAY) == 1


def test_a_write_by_another_process_is_seen_in_the_next_session(figure, unit_id):
    assert read(figure, Scope(unit_id), on=MAY) == 1
    with db.write() as session:  # what another process leaves behind is its counter alone
        session.add(
            DataVersion(unit_id=unit_id, area=Area.CASES, month=day("2024-05-01"), writes=1)
        )
    assert read(figure, Scope(unit_id), on=MAY) == 2


def test_another_store_has_its_own_results(by_day, figure, reads, unit_id, monkeypatch):
    read(by_day, Scope(unit_id), [MAY])
    read(figure, Scope(unit_id), on=MAY)
    monkeypatch.setattr(cache, "store_key", lambda _session: "another")
    read(by_day, Scope(unit_id), [MAY])
    read(figure, Scope(unit_id), on=MAY)
    assert len(reads) == 4


def test_the_results_used_longest_ago_are_forgotten_first(
    by_day, figure, reads, unit_id, monkeypatch
):
    monkeypatch.setattr(cache, "MAX_ENTRIES", 2)
    read(by_day, Scope(unit_id), [APRIL])
    read(figure, Scope(unit_id), on=MAY)
    read(by_day, Scope(unit_id), [APRIL])
    read(figure, Scope(unit_id), on=JUNE)
    del reads[:]
    read(by_day, Scope(unit_id), [APRIL])
    assert reads == []
    read(figure, Scope(unit_id), on=MAY)
    assert reads == [(Scope(unit_id), MAY, "x")]


def test_a_session_asks_once_for_what_its_keys_need_and_twice_after_a_write(
    by_day, figure, unit_id
):
    asked = []

    def note(connection, cursor, statement, parameters, context, executemany):
        asked.extend(table for table in ("data_version", "store_info") if table in statement)

    def session_of_reads():
        del asked[:]
        with db.read() as session:
            figure(session, Scope(unit_id), on=MAY)
            by_day(session, Scope(unit_id), [APRIL, MAY])
            figure(session, Scope(unit_id, group_id=1), on=JUNE)
        return sorted(asked)

    session_of_reads()
    event.listen(db.engine(), "before_cursor_execute", note)
    assert session_of_reads() == ["data_version", "store_info"]
    event.remove(db.engine(), "before_cursor_execute", note)
    write(unit_id, Area.CASES, MAY)
    event.listen(db.engine(), "before_cursor_execute", note)
    assert session_of_reads() == ["data_version", "data_version", "store_info"]
    event.remove(db.engine(), "before_cursor_execute", note)
