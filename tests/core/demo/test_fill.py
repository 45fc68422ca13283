"""The demo store is whole, the same every time, and only ever put in an empty store."""

import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select

from core import clock, db, models
from core.auth import Role
from core.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoError, fill_demo
from core.demo.fill import build
from core.rules.personal_number import find_personal_number
from core.services.passwords import matches
from core.terms import CaseKind
from tests import factories
from tests.core.demo.slow import BENEFIT_UNIT

TODAY = dt.date(2024, 5, 27)
KNOWN_BY_TODAY = {
    models.Case: ("opened_on", "referred_on", "closed_on"),
    models.CaseAssignment: ("valid_from",),
    models.CaseComposition: ("valid_from",),
    models.CaseAdult: ("valid_from",),
    models.AdultObstacle: ("valid_from",),
    models.ChangePlan: ("established_on", "ended_on"),
    models.PlanRevision: ("revised_on",),
    models.PlanExemption: ("valid_from",),
    models.AdverseDecision: ("decided_on",),
    models.ChildImpactAnalysis: ("analysed_on",),
    models.Placement: ("ended_on",),
    models.PlacementDecision: ("decided_on",),
    models.PlacementReview: ("reviewed_on",),
    models.Outcome: ("booked_on",),
    models.Prognosis: ("made_on",),
    models.HouseholdMonth: ("sourced_on",),
    models.IndicatorValue: ("measured_on",),
    models.IndicatorTarget: ("decided_on",),
}


def rows(model):
    with db.read() as session:
        return [row.model_dump() for row in session.exec(select(model).order_by(col(model.id)))]


def test_the_store_knows_that_it_is_a_demo_and_lives_on_its_own_date(demo):
    info = db.store_info()

    assert info.is_demo
    assert info.demo_today == TODAY
    assert clock.today() == TODAY


def test_a_store_with_a_unit_is_refused_and_left_as_it_was(store):
    with db.write() as session:
        factories.unit(session)

    with pytest.raises(DemoError, match="redan innehåll"):
        fill_demo()
    assert len(rows(models.Unit)) == 1
    assert not db.store_info().is_demo


def test_filling_is_told_in_the_audit_log(demo):
    assert [event["action"] for event in rows(models.AuditEvent)] == ["fill_demo"]


def test_the_same_rows_come_every_time():
    first, second = build(), build()
    tables = [*KNOWN_BY_TODAY, models.Case, models.BudgetLine, models.DayRate]

    for model in tables:
        assert without_moment(first.of(model)) == without_moment(second.of(model))
        assert first.of(model)


def without_moment(dumped):
    return [row | {"created_at": None} for row in dumped]


def test_nothing_is_dated_after_the_demos_today(demo):
    for model, names in KNOWN_BY_TODAY.items():
        for row in rows(model):
            days = [row[name] for name in names if row[name] is not None]
            assert all(day <= TODAY for day in days), (model, row)


def test_plans_and_assignments_lie_within_their_case(demo):
    cases = {case["id"]: case for case in rows(models.Case)}

    for model, name in (
        (models.ChangePlan, "established_on"),
        (models.CaseAssignment, "valid_from"),
    ):
        for row in rows(model):
            case = cases[row["case_id"]]
            assert case["opened_on"] <= row[name] <= (case["closed_on"] or TODAY)


def test_at_most_one_plan_of_a_case_runs_at_a_time(demo):
    plans = defaultdict(list)
    for row in rows(models.ChangePlan):
        plans[row["case_id"]].append(row)

    for found in plans.values():
        found.sort(key=lambda plan: plan["established_on"])
        for earlier, later in pairwise(found):
            assert earlier["ended_on"] is not None
            assert earlier["ended_on"] <= later["established_on"]
    assert [found for found in plans.values() if len(found) > 1]
    assert [found for found in plans.values() if found[-1]["ended_on"] is not None]


def test_a_placed_person_has_an_open_case_and_a_rate_from_the_first_day(demo):
    cases = {case["id"]: case for case in rows(models.Case)}
    first_rates = {}
    for rate in rows(models.DayRate):
        first_rates.setdefault(rate["placement_id"], rate["valid_from"])

    for placement in rows(models.Placement):
        case = cases[placement["case_id"]]
        last = placement["ended_on"] or TODAY
        assert case["opened_on"] <= placement["starts_on"]
        assert case["closed_on"] is None or case["closed_on"] > last
        assert first_rates[placement["id"]] == placement["starts_on"]


def test_placements_show_every_flag(demo):
    kinds = {kind["id"]: kind for kind in rows(models.PlacementKind)}
    placements = [p for p in rows(models.Placement) if p["unit_id"] == unit_id(BENEFIT_UNIT)]
    running = [p for p in placements if p["ended_on"] is None and p["starts_on"] <= TODAY]
    families = [p for p in running if kinds[p["kind_id"]]["is_hotel"] and p["children"]]
    planned = {}
    for decision in sorted(rows(models.PlacementDecision), key=lambda d: d["decided_on"]):
        planned[decision["placement_id"]] = decision["planned_end_on"]

    earlier = [p for p in placements if p["reference"].startswith("PL-A")]
    assert all(p["ended_on"] < dt.date(2022, 9, 1) for p in earlier)
    assert 60 <= len(earlier) <= 100
    assert 60 <= len(placements) - len(earlier) <= 95
    assert len(families) == 2
    assert [p for p in placements if p["starts_on"] > TODAY]
    assert [p for p in running if planned[p["id"]] < TODAY]
    assert max(Counter(rate["placement_id"] for rate in rows(models.DayRate)).values()) > 1


def test_every_placement_kind_in_use_points_to_a_budget_line_of_each_year(demo):
    lines = {(line["unit_id"], line["section"], line["name"]) for line in rows(models.BudgetLine)}
    used = {placement["kind_id"] for placement in rows(models.Placement)}

    for kind in rows(models.PlacementKind):
        if kind["id"] in used:
            assert (kind["unit_id"], kind["budget_section"], kind["budget_line"]) in lines


def test_the_budget_of_2024_is_the_published_one(demo):
    lines = [
        line
        for line in rows(models.BudgetLine)
        if line["year"] == 2024 and line["unit_id"] == unit_id(BENEFIT_UNIT)
    ]
    sections = defaultdict(Decimal)
    for line in lines:
        sections[line["section"]] += line["amount"]

    assert sections == {
        "Ekonomiskt bistånd": Decimal(112_600_000),
        "Beroende": Decimal(40_900_000),
        "Arbetsmarknadsinsatser": Decimal(6_900_000),
    }
    assert sum(sections.values()) == Decimal(160_400_000)


def test_the_budget_of_2022_is_the_published_one(demo):
    lines = [line for line in rows(models.BudgetLine) if line["year"] == 2022]

    assert sum(line["amount"] for line in lines) == Decimal(53_280_000)
    assert [line["amount"] for line in lines if line["name"] == "Utbetalt bistånd"] == [
        Decimal(39_000_000)
    ]


def test_outcomes_are_booked_through_april_and_for_the_whole_year_before(demo):
    years = {line["id"]: line["year"] for line in rows(models.BudgetLine)}
    months = defaultdict(set)
    for outcome in rows(models.Outcome):
        months[years[outcome["line_id"]]].add(outcome["month"].month)

    assert months[2024] == {1, 2, 3, 4}
    assert months[2023] == set(range(1, 13))


def test_the_latest_prognosis_of_2024_shows_a_deficit(demo):
    own = {
        line["id"]: line["amount"]
        for line in rows(models.BudgetLine)
        if line["year"] == 2024 and line["unit_id"] == unit_id(BENEFIT_UNIT)
    }
    latest = {}
    for prognosis in sorted(rows(models.Prognosis), key=lambda p: p["made_on"]):
        if prognosis["line_id"] in own:
            latest[prognosis["line_id"]] = prognosis["amount"]

    assert latest.keys() == own.keys()
    assert -5_000_000 < sum(own.values()) - sum(latest.values()) < -1_000_000


def test_loads_are_those_of_a_real_unit(facts):
    benefit = facts[BENEFIT_UNIT]
    load = Counter(benefit.caseworker(case, TODAY) for case in benefit.open(TODAY))

    assert 65 <= max(load.values()) <= 70
    assert load["Disa Exempel"] == 45
    assert load[None] == 4


def test_a_caseload_was_moved_when_somebody_left(facts):
    benefit = facts[BENEFIT_UNIT]
    left = next(worker for worker in benefit.workers.values() if not worker.active)
    before = dt.date(2024, 2, 15)

    held = [case for case in benefit.open(before) if benefit.caseworker(case, before) == left.name]
    assert len(held) > 20
    after = before + dt.timedelta(days=1)
    assert left.name not in {benefit.caseworker(case, after) for case in benefit.open(after)}


def test_every_plan_status_and_kind_of_analysis_can_be_seen_today(facts):
    benefit = facts[BENEFIT_UNIT]

    assert set(benefit.statuses(TODAY)) == {"exempt", "current", "outdated", "due", "overdue"}
    counts = benefit.bka(dt.date(2024, 1, 1), TODAY, TODAY)
    assert min(counts["done"], counts["late"], counts["missing"]) > 0


def test_somebody_closed_cases_without_a_reason(demo):
    closed = [case for case in rows(models.Case) if case["kind"] is CaseKind.BENEFIT]

    assert any(case["closed_on"] and case["closing_reason"] is None for case in closed)


def test_every_account_of_the_list_signs_in_with_the_printed_password(demo):
    users = {user["username"]: user for user in rows(models.User)}

    assert set(users) == {account.username for account in DEMO_ACCOUNTS}
    for password_hash in {user["password_hash"] for user in users.values()}:
        assert matches(DEMO_PASSWORD, password_hash)


def test_every_role_has_an_account(demo):
    assert {role["role"] for role in rows(models.UserRole)} == set(Role)


def test_the_enhetschef_has_both_units_the_larger_first(demo):
    user = next(user for user in rows(models.User) if user["username"] == "enhetschef")
    units = [role["unit_id"] for role in rows(models.UserRole) if role["user_id"] == user["id"]]

    assert units[0] == unit_id(BENEFIT_UNIT)
    assert len(units) == 2


def test_caseworkers_names_are_short_and_openly_made_up(demo):
    names = [worker["name"] for worker in rows(models.Caseworker)]

    assert all(name.endswith(" Exempel") and len(name) <= 16 for name in names)


def test_no_text_of_the_store_looks_like_a_personal_number(demo):
    with db.read() as session:
        for table in models.Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                texts = [cell for cell in row if isinstance(cell, str)]
                assert all(find_personal_number(cell) is None for cell in texts), table.name


def test_the_next_row_gets_a_free_id_on_postgresql(empty_postgres):
    fill_demo()

    with db.write() as session:
        last = session.exec(select(func.max(models.Case.id))).one()
        row = models.Case(unit_id=1, reference="AF-9999", kind=CaseKind.BENEFIT, opened_on=TODAY)
        factories.save(session, row)
        assert row.id > last
        found = session.exec(text("SELECT count(*) FROM case_file WHERE unit_id = 2")).scalar()
    assert found > 2000


def unit_id(slug):
    return next(unit["id"] for unit in rows(models.Unit) if unit["slug"] == slug)
