"""Households with benefit in a month and långvarigt, read from the store as the rule says."""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import event
from sqlmodel import select

from core import db
from core.auth import Scope
from core.models import BenefitMonth, Case
from core.queries import benefit_months, cache
from core.queries.benefit_months import latest_long_term, long_term, months_of_case
from core.queries.computed import by_month, year_to_date
from core.queries.keys import By
from core.rules.cases import applicant_gender
from core.rules.dates import add_months, last_twelve, month_end
from core.rules.households import LongTermCounts, count_long_term
from core.terms import ALL, CaseKind, ComputedFigure, DataSource, Gender, sv
from tests import factories as make
from tests.core.queries import random_store

MAY = dt.date(2024, 5, 27)
DAYS = [MAY, dt.date(2024, 5, 1), dt.date(2024, 4, 30), dt.date(2024, 2, 29), dt.date(2023, 12, 31)]
OLD = dt.date(2022, 1, 1)


def benefit(session, case, month, **fields):
    """Save a month with benefit."""
    row = BenefitMonth(
        unit_id=case.unit_id, case_id=case.id, month=month, source=DataSource.IMPORTED, **fields
    )
    return make.save(session, row)


def months_before(last, count):
    """Return the first days of a number of months, the last one included."""
    return [add_months(last, -back) for back in range(count)]


@pytest.fixture
def unit(store):
    with db.write() as session:
        return make.unit(session)


def rows(unit, on=MAY, by=By.NONE, **scope):
    with db.read() as session:
        frame = long_term(session, Scope(unit.id, **scope), on=on, by=by)
    assert list(frame.columns) == ["key", "households", "long_term", "share"]
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_without_benefit_months_there_are_none_and_no_share(unit):
    assert rows(unit) == [(ALL, 0, 0, None)]
    assert rows(unit, by=By.GENDER) == []
    assert len(rows(unit, by=By.MONTH)) == 12


def test_ten_of_twelve_months_are_long_term_in_the_months_own_share(unit):
    with db.write() as session:
        for count in (12, 10, 9, 1):
            case = make.case(session, unit, OLD)
            for month in months_before(dt.date(2024, 5, 1), count):
                benefit(session, case, month)
    assert rows(unit) == [(ALL, 4, 2, Fraction(1, 2))]
    by_month_rows = {key: counts for key, *counts in rows(unit, by=By.MONTH)}
    assert by_month_rows["2024-04"] == [3, 1, Fraction(1, 3)]
    assert by_month_rows["2024-03"] == [3, 1, Fraction(1, 3)]
    assert by_month_rows["2024-02"] == [3, 0, 0]


def test_a_voided_month_another_kind_and_a_case_to_come_count_nowhere(unit):
    with db.write() as session:
        may = dt.date(2024, 5, 1)
        benefit(session, make.case(session, unit, OLD), may, voided_at=random_store.NOW)
        benefit(session, make.case(session, unit, OLD, kind=CaseKind.ADDICTION), may)
        benefit(session, make.case(session, unit, dt.date(2024, 5, 28)), may)
        benefit(session, make.case(session, unit, OLD, voided_at=random_store.NOW), may)
        benefit(session, make.case(session, make.unit(session), OLD), may)
    assert rows(unit) == [(ALL, 0, 0, None)]


def test_a_case_closed_in_the_month_still_counts_and_months_before_it_was_opened_do(unit):
    with db.write() as session:
        case = make.case(session, unit, dt.date(2024, 5, 2), closed_on=dt.date(2024, 5, 20))
        for month in months_before(dt.date(2024, 5, 1), 10):
            benefit(session, case, month)
    assert rows(unit) == [(ALL, 1, 1, 1)]
    assert rows(unit, on=dt.date(2024, 5, 1)) == [(ALL, 0, 0, None)]


def test_holder_and_gender_are_those_on_the_day(unit):
    with db.write() as session:
        ada, bo = (make.caseworker(session, unit, name=name) for name in ("Ada", "Bo"))
        case = make.case(session, unit, OLD, caseworker=ada, gender=Gender.MAN)
        make.assign(session, case, dt.date(2024, 5, 10), caseworker=bo)
        benefit(session, case, dt.date(2024, 5, 1))
    assert rows(unit, by=By.CASEWORKER) == [("Bo", 1, 0, 0)]
    assert rows(unit, on=dt.date(2024, 5, 9), by=By.CASEWORKER) == [("Ada", 1, 0, 0)]
    assert rows(unit, by=By.GENDER) == [("man", 1, 0, 0)]
    assert rows(unit, by=By.GROUP) == [("utan grupp", 1, 0, 0)]
    assert rows(unit, caseworker_id=ada.id) == [(ALL, 0, 0, None)]
    assert rows(unit, caseworker_id=bo.id) == [(ALL, 1, 0, 0)]


def fill(session, seed):
    """Save a random unit whose cases have benefit in random months. Returns both."""
    chance = random.Random(seed)
    unit = random_store.fill(session, seed)
    cases = {
        row.reference: row
        for row in session.exec(select(Case).filter_by(unit_id=unit.id))
        if row.voided_at is None
    }
    held = {}
    for facts in unit.cases:
        held[facts.reference] = []
        often = chance.choice([0.3, 0.9, 1])
        for month in months_before(dt.date(2024, 6, 1), 18):
            if chance.random() < often:
                voided = random_store.NOW if chance.random() < 0.05 else None
                benefit(session, cases[facts.reference], month, voided_at=voided)
                if voided is None:
                    held[facts.reference].append(month)
    return unit, held


def expected(unit, held, holds, on, key):
    sums = {}
    for case in unit.cases:
        if case.kind is CaseKind.BENEFIT and case.plan_case.opened_on <= on and holds(case, on):
            one = count_long_term(held[case.reference], on)
            if one.households:
                sums[key(case, on)] = sums.get(key(case, on), LongTermCounts()) + one
    return {(k, n.households, n.long_term, n.share) for k, n in sums.items()}


KEYS = {
    By.CASEWORKER: lambda case, on: case.holder(on)[0],
    By.GROUP: lambda case, on: case.holder(on)[1],
    By.GENDER: lambda case, on: sv(applicant_gender(case.adults, on)),
}


def test_figures_agree_with_the_rule_for_every_split_and_scope(store):
    with db.write() as session:
        filled = [fill(session, seed) for seed in range(2)]
    long_ones = 0
    for unit, held in filled:
        for scope, holds in unit.scopes:
            for on in DAYS:
                with db.read() as session:
                    for by, key in KEYS.items():
                        frame = long_term(session, scope, on=on, by=by)
                        found = {tuple(row) for row in frame.itertuples(index=False)}
                        assert found == expected(unit, held, holds, on, key), (scope, on, by)
                    total = long_term(session, scope, on=on, by=By.NONE).iloc[0]
                    parts = long_term(session, scope, on=on, by=By.GENDER)
                assert total["households"] == sum(parts["households"])
                assert total["long_term"] == sum(parts["long_term"])
                long_ones += total["long_term"]
    assert long_ones > 20


def test_rows_by_month_are_those_at_the_last_twelve_days(store):
    with db.write() as session:
        unit, _ = fill(session, 3)
    found = rows(unit, by=By.MONTH)
    assert found == [(f"{on:%Y-%m}", *rows(unit, on=on)[0][1:]) for on in last_twelve(MAY)]


def test_the_indicator_is_the_latest_whole_month_of_the_year_that_is_known(unit):
    figure = ComputedFigure.LONG_TERM_SHARE
    with db.write() as session:
        case = make.case(session, unit, OLD)
        other = make.case(session, unit, OLD)
        for month in months_before(dt.date(2024, 3, 1), 10):
            benefit(session, case, month)
        benefit(session, other, dt.date(2024, 3, 1))
        benefit(session, other, dt.date(2024, 5, 1))
    scope = Scope(unit.id)
    with db.read() as session:
        latest = latest_long_term(session, scope, [MAY, dt.date(2024, 5, 31)])
        at_may = year_to_date(session, scope, figure=figure, on=MAY)
        in_january = year_to_date(session, scope, figure=figure, on=dt.date(2024, 1, 30))
        series = [value.value for _, value in by_month(session, scope, figure=figure, on=MAY)]
    assert latest[MAY] == (dt.date(2024, 3, 31), LongTermCounts(2, 1))
    assert latest[dt.date(2024, 5, 31)] == (dt.date(2024, 5, 31), LongTermCounts(1, 0))
    assert (at_may.value, at_may.numerator, at_may.denominator) == (50, 1, 2)
    assert (in_january.value, in_january.numerator, in_january.denominator) == (None, 0, 0)
    assert series[-3:] == [50, 50, 50]
    assert series[-4] == 0


def test_a_case_shows_its_own_months_in_order(unit):
    with db.write() as session:
        case = make.case(session, unit, OLD)
        benefit(session, case, dt.date(2024, 5, 1), amount=Decimal("9500.50"))
        benefit(session, case, dt.date(2024, 3, 1))
        benefit(session, case, dt.date(2024, 4, 1), voided_at=random_store.NOW)
        elsewhere = make.unit(session)
    with db.read() as session:
        found = months_of_case(session, Scope(unit.id), case_id=case.id)
        outside = months_of_case(session, Scope(elsewhere.id), case_id=case.id)
    assert [(row.month, row.amount) for row in found] == [
        (dt.date(2024, 3, 1), None),
        (dt.date(2024, 5, 1), Decimal("9500.50")),
    ]
    assert outside == ()


@pytest.mark.parametrize("by", [By.NONE, By.GROUP, By.MONTH])
def test_the_number_of_statements_does_not_grow_with_the_cases(unit, by):
    def statements():
        cache.clear()
        seen = []
        with db.read() as session:
            benefit_months.names(session, Scope(unit.id))  # also reads the data's version
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", note := lambda *a: seen.append(a[2]))
            long_term(session, Scope(unit.id), on=MAY, by=by)
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    few = statements()
    with db.write() as session:
        for _ in range(20):
            case = make.case(session, unit, OLD)
            for month in months_before(dt.date(2024, 5, 1), 12):
                benefit(session, case, month)
    assert statements() == few == 1
    assert rows(unit, on=month_end(MAY))[0][1] == 20
