"""The ledger's year: parts and their total, what is unmapped, and corrections."""

import random
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from core import db
from core.auth import Scope
from core.clock import fix_today
from core.models import BudgetLine
from core.queries import cache
from core.queries.ledger import corrections, ledger_year, unmapped
from core.rules.ledger import LEFT_OUT, Combination, LineName
from core.services import budget
from core.services.budget import NewOutcome
from tests import factories as make
from tests.factories_cases import TODAY, run
from tests.factories_ledger import (
    LINES,
    first,
    imported,
    leave_out,
    ledger,
    ledger_world,
    map_to,
    outcomes,
    take_back,
    unmap,
)

CARE, OTHER, BANK = ("4511", "12", "575"), ("7777", "", ""), ("1910", "", "")
VARD = LineName("Bistånd", "Vård")


@pytest.fixture
def w(store, today):
    today(TODAY)
    made = ledger_world()
    map_to(made, "care", ("4511", "", ""))
    leave_out(made, BANK)
    return made


def read(query, w, **keywords):
    with db.read() as session:
        return query(session, Scope(w.unit_id), **{"year": 2024, "on": TODAY} | keywords)


def test_a_year_stands_by_combination_and_month_with_the_line_that_takes_it(w):
    imported(
        w,
        ledger(
            (*CARE, "2024-01", "10"),
            (*CARE, "2024-03", "20,50"),
            (*OTHER, "2024-03", "7"),
            (*BANK, "2024-03", "-100"),
        ),
    )
    year = read(ledger_year, w)
    free, care, bank = year.rows
    assert (free.combination, free.line, free.by) == (Combination(*OTHER), None, None)
    assert (care.line, care.by) == (VARD, Combination("4511"))
    assert care.months[:4] == (10, None, Decimal("20.50"), None)
    assert care.amount == Decimal("30.50")
    assert bank.line == LEFT_OUT
    assert year.sums.by_line == {VARD: Decimal("30.50")}
    assert year.sums.total == Decimal("-62.50")
    assert (year.unmapped.count, year.unmapped.amount) == (1, 7)
    assert read(unmapped, w) == year.unmapped


def test_a_line_that_the_year_lacks_is_told(w):
    map_to(w, "rent", OTHER)
    imported(w, ledger((*OTHER, "2024-03", "7")))
    with db.write() as session:
        session.get_one(BudgetLine, w.extra["rent"]).name = "Nya lokaler"
    cache.clear()
    year = read(ledger_year, w)
    (row,) = year.rows
    assert (row.line, row.lacking) == (None, LineName("Bistånd", "Lokaler"))
    assert year.unmapped.count == 1


def test_an_earlier_day_shows_the_ledger_as_it_was_imported_then(w):
    imported(w, ledger((*CARE, "2024-03", "20")))
    fix_today(make.day("2024-06-10"))
    imported(w, ledger((*CARE, "2024-03", "25")))

    assert read(ledger_year, w, on=make.day("2024-05-26")).rows == ()
    assert read(ledger_year, w).sums.total == 20
    assert read(ledger_year, w, on=make.day("2024-06-10")).sums.total == 25


def test_corrections_tell_what_was_what_is_when_who_and_why(w):
    imported(w, ledger((*CARE, "2024-02", "100"), (*CARE, "2024-03", "20")), name="mars.csv")
    fix_today(make.day("2024-06-10"))
    imported(w, ledger((*CARE, "2024-03", "25"), (*OTHER, "2024-03", "5")), name="juni.csv")
    map_to(w, "care", OTHER)
    new = NewOutcome(first(2), Decimal(90), make.day("2024-06-10"))
    run(budget.set_outcome, w.extra["care"], new, by=w.actors["controller"])

    found = read(corrections, w, on=make.day("2024-06-10"))
    told = [(one.month.month, one.old, one.new, one.difference, one.file_name) for one in found]
    assert sorted(told) == [
        (2, 100, 90, -10, ""),
        (3, 20, 25, 5, "juni.csv"),
        (3, 25, 30, 5, ""),
    ]
    assert {one.who for one in found} == {w.actors["controller"].name}
    assert [one.from_ledger for one in found if one.month.month == 2] == [False]
    assert read(corrections, w) == ()


def test_an_undone_correction_is_none(w):
    imported(w, ledger((*CARE, "2024-03", "20")))
    run_id = imported(w, ledger((*CARE, "2024-03", "25")))
    assert len(read(corrections, w)) == 1
    take_back(w, run_id)
    assert read(corrections, w) == ()


def test_another_units_ledger_is_not_seen(w):
    imported(w, ledger((*CARE, "2024-03", "20")))
    with db.read() as session:
        other = Scope(w.extra["other_unit_id"])
        assert ledger_year(session, other, year=2024, on=TODAY).rows == ()


def test_the_read_is_not_stale_after_an_import_a_mapping_or_an_undo(w):
    assert read(unmapped, w).count == 0
    run_id = imported(w, ledger((*OTHER, "2024-03", "5")))
    assert read(unmapped, w).count == 1
    map_to(w, "care", OTHER)
    assert read(unmapped, w).count == 0
    take_back(w, run_id)
    assert read(ledger_year, w).rows == ()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_imported_mapped_and_undone_the_outcomes_are_the_mapped_rows(w, seed):
    """Random imports, mappings and undos: parts add up, and each line has what its rows sum to."""
    rng = random.Random(seed)
    accounts = [(account, centre, "") for account in ("4511", "4512") for centre in ("12", "13")]
    run_ids = []
    for _step in range(14):
        what = rng.random()
        if what < 0.5:
            month = f"2024-0{rng.randint(1, 3)}"
            lines = [(*one, month, str(rng.randint(-500, 500))) for one in accounts]
            run_ids.append(imported(w, ledger(*rng.sample(lines, rng.randint(1, 4)))))
        elif what < 0.8:
            change = rng.choice(
                [unmap, leave_out, lambda w, one: map_to(w, rng.choice(list(LINES)), one)]
            )
            one = rng.choice([*accounts, ("4511", "", ""), ("4512", "", "")])
            change(w, one)
        elif any(run_ids):
            last = [run_id for run_id in run_ids if run_id is not None][-1]
            take_back(w, last)
            run_ids = run_ids[: run_ids.index(last)]
    year = read(ledger_year, w)
    assert year.sums.total == sum((row.amount for row in year.rows), Decimal(0))
    by_title = {title: name for name, (title, _amount) in LINES.items()}
    booked = {}
    for (name, _month), amount in outcomes(w).items():
        booked[name] = booked.get(name, 0) + amount
    expected = {by_title[line.line]: amount for line, amount in year.sums.by_line.items()}
    for name in LINES:
        assert booked.get(name, 0) == expected.get(name, 0)


def statements(query, w):
    """Return how many statements a query sends when nothing of it is kept."""
    cache.clear()
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        read(query, w)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(sent)


@pytest.mark.parametrize("query", [ledger_year, corrections, unmapped])
def test_the_number_of_statements_does_not_grow_with_the_ledger(w, query):
    imported(w, ledger((*CARE, "2024-03", "20")))
    few = statements(query, w)
    for amount in (1, 2):
        lines = [
            (f"4{number:03}", "12", "", f"2024-0{number % 4 + 1}", amount) for number in range(60)
        ]
        imported(w, ledger(*lines))
    map_to(w, "rent", *[(f"4{number:03}", "12", "") for number in range(30)])
    assert statements(query, w) == few
    assert few < 8
