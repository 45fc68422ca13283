"""Earlier years' results as documents state them, and as the unit's own books give them."""

from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Unit, YearResult
from core.queries.year_results import Result, year_results
from core.services.year_results import NewResult, state_result
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, refusals, rows, run, world

day = make.day


@pytest.fixture
def w(store, today):
    """A world on 27 May 2024."""
    today(TODAY)
    return world()


def state(w, year, amount, source="Kvalitetsredovisning", **kwargs):
    new = NewResult(year, None if amount is None else Decimal(amount), source)
    return run(state_result, new, by=w.actors["controller"], **kwargs)


def read(w, on=TODAY, unit_id=None):
    with db.read() as session:
        return year_results(session, Scope(unit_id or w.unit_id), on=on)


def test_stated_results_come_with_their_document_the_latest_first(w):
    state(w, 2019, 5_500_000)
    state(w, 2020, -6_000_000, " Årsrapport ")

    assert read(w) == (
        Result(2020, Decimal(-6_000_000), "Årsrapport"),
        Result(2019, Decimal(5_500_000), "Kvalitetsredovisning"),
    )
    assert read(w, on=day("2020-06-01"))[0].year == 2019
    assert read(w, unit_id=w.extra["other_unit_id"]) == ()


def test_a_corrected_result_replaces_the_one_before_which_is_kept(w):
    state(w, 2020, -5)
    state(w, 2020, -6)
    assert [one.result for one in read(w)] == [-6]
    assert [row.voided_at is None for row in rows(YearResult)] == [False, True]


def test_a_form_sent_twice_is_one_result(w):
    first = state(w, 2020, -5, key="a")
    assert state(w, 2020, -5, key="a") == first
    assert len(rows(YearResult)) == 1


@pytest.mark.parametrize(
    ("year", "amount", "source", "field"),
    [
        (2024, 1, "Källa", "year"),
        (1999, 1, "Källa", "year"),
        (2020, None, "Källa", "amount"),
        (2020, "0.001", "Källa", "amount"),
        (2020, 1, " ", "source_name"),
        (2020, 1, "x" * 201, "source_name"),
        (2020, 1, "191212121212", "source_name"),
    ],
)
def test_a_wrong_result_is_refused_at_its_field(w, year, amount, source, field):
    new = NewResult(year, None if amount is None else Decimal(amount), source)
    assert list(refusals(state_result, new, by=w.actors["controller"])) == [field]


def test_only_the_controller_writes_results(w):
    for name in ("unit_manager", "developer", "caseworker", "reader"):
        with pytest.raises(PermissionDeniedError):
            run(state_result, NewResult(2020, Decimal(1), "Källa"), by=w.actors[name])


def test_a_year_of_own_lines_counts_when_its_december_is_booked(w):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        line = money.line(session, unit, 1_000, year=2023)
        money.line(session, unit, 200, year=2023, name="Utan utfall")
        money.outcome(session, line, day("2023-11-01"), 900, day("2023-12-07"))
        money.outcome(session, line, day("2023-12-01"), 400, day("2024-01-09"))
        money.outcome(session, line, day("2023-12-01"), 450, day("2024-02-09"))
        money.line(session, unit, 5, year=2022)

    assert read(w, on=day("2024-01-08")) == ()
    assert read(w, on=day("2024-01-09"))[0].result == -100
    assert read(w) == (Result(2023, Decimal(-150), "", Decimal(1_200), Decimal(1_350)),)
