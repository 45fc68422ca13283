"""Random stores: the queries agree with the rules, for every split and whoever asks."""

from collections import Counter

import pytest

from core import db
from core.queries import cases, change_plans, child_impact, plan_cases
from core.queries.keys import By
from core.rules.cases import (
    adults_on,
    applicant_gender,
    counts_in_load,
    is_open,
    long_obstacle,
    obstacle_on,
)
from core.rules.change_plans import (
    current_from,
    deadline,
    exempt_until,
    next_due,
    status,
    within_three_months,
)
from core.rules.child_impact import BkaCounts, count_decision
from core.rules.dates import ONE_DAY, last_twelve, months_between
from core.rules.shares import share
from core.terms import (
    ALL,
    OBSTACLE_CODES,
    WITHOUT_CASEWORKER,
    WITHOUT_GROUP,
    CaseKind,
    ClosingReason,
    PlanStatus,
    sv,
)
from tests.core.queries import random_store
from tests.core.queries.random_store import EDGES, day

DAYS = [*EDGES, EDGES[5] + 2 * ONE_DAY, day("2024-05-27")]
PERIODS = [
    (day("2024-01-01"), day("2024-05-31"), day("2024-05-27")),
    (day("2023-11-30"), day("2024-02-29"), day("2024-05-27")),
    (day("2024-02-28"), day("2024-02-29"), day("2024-02-28")),
    (day("2023-10-01"), day("2023-12-31"), day("2023-11-30")),
]


@pytest.fixture
def units(store):
    """Units filled at random in one store, so that one could be taken for another."""
    with db.write() as session:
        return [random_store.fill(session, seed) for seed in range(3 if store == "sqlite" else 2)]


def each_scope(units):
    """Return each scope of each unit with the unit's cases and what the scope holds."""
    return [(scope, unit.cases, holds) for unit in units for scope, holds in unit.scopes]


def key_of(case, by, on):
    caseworker, group = case.holder(on)
    gender = sv(applicant_gender(case.adults, on))
    keys = {By.CASEWORKER: caseworker, By.GROUP: group, By.GENDER: gender, By.MONTH: f"{on:%Y-%m}"}
    return keys.get(by, ALL)


def benefit(unit_cases):
    return [case for case in unit_cases if case.kind is CaseKind.BENEFIT]


def rows_of(frame):
    """Return a table as a list of its rows."""
    return [tuple(row) for row in frame.itertuples(index=False)]


def in_order(keys):
    """Sort keys as the figures do; genders are sorted alphabetically too."""
    letters = "abcdefghijklmnopqrstuvwxyz/ åäö"
    return sorted(
        keys, key=lambda key: (key.startswith("utan "), [letters.index(c) for c in key.lower()])
    )


def test_statuses_agree_with_the_rules_for_every_split_and_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for on in DAYS:
                for by in (By.CASEWORKER, By.GROUP, By.GENDER, By.NONE):
                    found = change_plans.change_plans(session, scope, on=on, by=by)
                    assert rows_of(found) == statuses(unit_cases, holds, on, by), (scope, on, by)


def statuses(unit_cases, holds, on, by):
    by_key = {ALL: []} if by is By.NONE else {}
    for case in benefit(unit_cases):
        found = status(case.plan_case, on)
        if found is not None and holds(case, on):
            by_key.setdefault(key_of(case, by, on), []).append(found)
    return [status_row(key, by_key[key]) for key in in_order(by_key)]


def status_row(key, found):
    n = Counter(found)
    planned, base = n["current"] + n["outdated"], len(found) - n["exempt"]
    counts = (n["exempt"], n["current"], n["outdated"], n["due"], n["overdue"])
    return (key, len(found), *counts, share(planned, base), share(n["current"], base))


def test_statuses_by_month_are_those_at_the_last_twelve_days(units):
    on = day("2024-05-27")
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            found = change_plans.change_plans(session, scope, on=on, by=By.MONTH)
            expected = [
                (f"{one:%Y-%m}", *statuses(unit_cases, holds, one, By.NONE)[0][1:])
                for one in last_twelve(on)
            ]
            assert rows_of(found) == expected


def test_rows_by_caseworker_group_and_gender_add_up_to_all(units):
    with db.read() as session:
        for scope, _, _ in each_scope(units):
            whole = change_plans.change_plans(session, scope, on=DAYS[-1], by=By.NONE).iloc[0]
            for by in (By.CASEWORKER, By.GROUP, By.GENDER):
                rows = change_plans.change_plans(session, scope, on=DAYS[-1], by=by)
                for name in change_plans.STATUS_COLUMNS[1:7]:
                    assert sum(rows[name]) == whole[name]


def test_deadlines_agree_with_the_rules_for_every_split_and_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for start, end, today in PERIODS:
                for by in (By.CASEWORKER, By.GROUP, By.GENDER, By.MONTH, By.NONE):
                    period = {"start": start, "end": end, "today": today}
                    found = change_plans.within_three_months(session, scope, **period, by=by)
                    expected = hits(unit_cases, holds, (start, end, today), by)
                    assert rows_of(found) == expected, (scope, period, by)


def hits(unit_cases, holds, period, by):
    by_key = empty(period, by)
    for case in benefit(unit_cases):
        hit = within_three_months(case.plan_case, *period)
        if hit is not None:
            on = deadline(case.plan_case.referred_on)
            if holds(case, on):
                by_key.setdefault(key_of(case, by, on), []).append(hit)
    return [
        (key, len(found), sum(found), share(sum(found), len(found)))
        for key, found in ((key, by_key[key]) for key in in_order_of(by, by_key))
    ]


def empty(period, by):
    """Return the keys that always have a row."""
    if by is By.MONTH:
        return {f"{month:%Y-%m}": [] for month in months_between(*period[:2])}
    return {ALL: []} if by is By.NONE else {}


def in_order_of(by, keys):
    return sorted(keys) if by is By.MONTH else in_order(keys)


def test_analyses_agree_with_the_rules_for_every_split_and_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for start, end, today in PERIODS:
                for by in (By.CASEWORKER, By.GROUP, By.MONTH, By.NONE):
                    period = {"start": start, "end": end, "today": today}
                    found = child_impact.bka(session, scope, **period, by=by)
                    expected = analyses(unit_cases, holds, (start, end, today), by)
                    assert rows_of(found) == expected, (scope, period, by)


def analyses(unit_cases, holds, period, by):
    start, end, today = period
    by_key = empty(period, by)
    for case in unit_cases:
        for decision in case.decisions:
            on = decision.decided_on
            if start <= on <= min(end, today) and holds(case, on) and decision.children:
                one = count_decision(on, decision.children.values(), today)
                by_key.setdefault(key_of(case, by, on), []).append(one)
    return [
        (key, n.decisions, n.children, n.done, n.late, n.missing, n.coverage)
        for key, n in ((key, sum(by_key[key], BkaCounts())) for key in in_order_of(by, by_key))
    ]


def test_load_agrees_with_the_rules_for_every_split_and_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for on in DAYS:
                for by in (By.CASEWORKER, By.GROUP, By.NONE):
                    found = cases.load(session, scope, on=on, by=by)
                    assert rows_of(found) == ongoing(unit_cases, holds, on, by), (scope, on, by)


def open_cases(unit_cases, holds, on):
    return [
        case
        for case in unit_cases
        if is_open(case.plan_case.opened_on, case.plan_case.closed_on, on) and holds(case, on)
    ]


def ongoing(unit_cases, holds, on, by):
    by_key = {ALL: []} if by is By.NONE else {}
    for case in open_cases(unit_cases, holds, on):
        if counts_in_load(case.kind):
            by_key.setdefault(key_of(case, by, on), []).append(case)
    return [
        (key, len(benefit(by_key[key])), len(by_key[key]) - len(benefit(by_key[key])))
        for key in in_order(by_key)
    ]


def test_flow_agrees_with_a_count_of_each_case_on_its_own_days(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for start, end, _ in PERIODS:
                for by in (By.MONTH, By.NONE):
                    found = cases.flow(session, scope, start=start, end=end, by=by)
                    assert rows_of(found) == moves(unit_cases, holds, (start, end), by)


def moves(unit_cases, holds, period, by):
    by_key = {key: Counter() for key in empty(period, by)}
    for case in benefit(unit_cases):
        facts = case.plan_case
        for move, on in (
            ("opened", facts.opened_on),
            ("referred", facts.referred_on),
            ("closed", facts.closed_on),
        ):
            if on is not None and period[0] <= on <= period[1] and holds(case, on):
                by_key[key_of(case, by, on)][move] += 1
    return [(key, n["opened"], n["referred"], n["closed"]) for key, n in by_key.items()]


def test_obstacles_agree_with_the_rules_for_every_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for on in DAYS:
                adults, long = Counter(), Counter()
                for case in benefit(open_cases(unit_cases, holds, on)):
                    for adult in adults_on(case.adults, on):
                        code = OBSTACLE_CODES[obstacle_on(adult, on)]
                        adults[code] += 1
                        long[code] += long_obstacle(adult, on)
                found = rows_of(cases.long_obstacles(session, scope, on=on))
                assert sorted(found) == sorted((c, n, long[c]) for c, n in adults.items())


def test_households_agree_with_the_rules_for_every_scope(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for on in DAYS:
                mine = benefit(open_cases(unit_cases, holds, on))
                genders = Counter(applicant_gender(case.adults, on) for case in mine)
                found = cases.households_at(session, scope, on=on)
                assert (found.households, found.adults, found.children) == (
                    len(mine),
                    sum(len(adults_on(case.adults, on)) for case in mine),
                    sum(children_on(case, on) for case in mine),
                )
                assert (found.women, found.men, found.other) == (
                    genders["woman"],
                    genders["man"],
                    genders["other"],
                )


def children_on(case, on):
    known = [(start, n) for start, n in case.children if start <= on]
    latest = max((start for start, _ in known), default=None)
    return [n for start, n in known if start == latest][-1] if known else 0


def test_closing_reasons_agree_with_a_count_of_closed_cases(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for start, end, _ in PERIODS:
                reasons = Counter(
                    sv(case.closing_reason or ClosingReason.UNKNOWN)
                    for case in benefit(unit_cases)
                    if case.plan_case.closed_on is not None
                    and start <= case.plan_case.closed_on <= end
                    and holds(case, case.plan_case.closed_on)
                )
                found = rows_of(cases.closing_reasons(session, scope, start=start, end=end))
                total = reasons.total()
                assert sorted(found) == sorted((r, n, share(n, total)) for r, n in reasons.items())


def test_the_cases_behind_the_bars_are_those_that_the_rules_put_there(units):
    with db.read() as session:
        for scope, unit_cases, holds in each_scope(units):
            for on in DAYS:
                found = plan_cases.plan_cases(session, scope, on=on)
                assert sorted(
                    (row.reference, row.status, row.current_from, row.due_on, row.exempt_until)
                    for row in found
                ) == sorted(
                    (
                        case.reference,
                        status(case.plan_case, on),
                        current_from(case.plan_case, on),
                        next_due(case.plan_case, on),
                        exempt_until(case.plan_case, on),
                    )
                    for case in benefit(unit_cases)
                    if holds(case, on) and status(case.plan_case, on) is not None
                )
                assert [row.due_on for row in found] == sorted(row.due_on for row in found)


def test_each_bar_has_as_many_cases_behind_it_as_it_says(units):
    with db.read() as session:
        for scope, _, _ in each_scope(units):
            bars = change_plans.change_plans(session, scope, on=DAYS[-1], by=By.CASEWORKER)
            for bar in bars.to_dict("records"):
                for one in PlanStatus:
                    behind = plan_cases.plan_cases(
                        session, scope, on=DAYS[-1], status=one, caseworker=bar["key"]
                    )
                    assert len(behind) == bar[one.value]
                    assert {(row.caseworker, row.status) for row in behind} <= {(bar["key"], one)}


def test_the_random_stores_hold_every_status_and_key(units):
    """A store in which a case of a rule never occurs would prove nothing of it."""
    seen = Counter()
    for unit in units:
        for case in benefit(unit.cases):
            for on in DAYS:
                seen[status(case.plan_case, on)] += 1
                seen.update(case.holder(on))
                seen[applicant_gender(case.adults, on)] += 1
    assert {None, *PlanStatus, WITHOUT_CASEWORKER, WITHOUT_GROUP} <= set(seen)
