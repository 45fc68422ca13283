"""What a scenario would cost beside the present, its steps' effects, and who sees which."""

from decimal import Decimal

import pytest
from sqlalchemy import event

from core import db
from core.auth import Permission, Scope, row_scope
from core.clock import now
from core.models import Placement
from core.queries import scenarios as queries
from core.queries.budget import budget_table
from core.queries.scenarios import NO_LINE, line_effects
from core.rules.scenarios import StepFault
from core.services import placements, scenarios
from core.services.placement_inputs import NewDecision, NewRate
from core.services.scenario_inputs import NewScenario
from core.terms import Contract
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, run
from tests.factories_scenarios import S, added, placed_world, scenario, step

day = make.day


@pytest.fixture
def w(store, today):
    today(TODAY)
    return placed_world()


def read(w, actor=None, on=TODAY):
    scope = row_scope(actor or w.manager, Permission.EDIT_SCENARIOS)
    with db.read() as session:
        return queries.scenarios(session, scope, on=on)


def only(w):
    (found,) = read(w).scenarios
    return found


def test_without_scenarios_there_is_the_present(w):
    table = read(w)
    # 31 + 30 + 31 + 30 + 31 + 31 days of two placements at 1 000 kr
    assert table.present[:3] == (0, 0, 62_000)
    assert table.present_year == 2 * 184_000
    assert [month.month for month in table.months] == list(range(1, 13))
    assert table.scenarios == ()
    assert table.hidden == 0


def test_an_empty_scenario_is_the_present(w):
    scenario(w.manager, "Tomt")
    assert only(w).months == read(w).present
    assert only(w).lines == {}


def test_each_month_and_the_year_have_the_effect(w):
    scenario(
        w.manager,
        "Billigare",
        step(S.END, w.extra["ett"], "2024-06-30"),
        added(w.extra["support"], "2024-10-30", "2024-11-02", 400),
    )
    found = only(w)
    moved = [new - old for new, old in zip(found.months, read(w).present, strict=True)]
    assert moved == [0, 0, 0, 0, 0, 0, -31_000, -31_000, 0, 800, 800, 0]
    assert found.year - read(w).present_year == -62_000 + 1600
    assert found.lines == {("Bistånd", "Placeringar"): -62_000, ("Bistånd", "Stöd"): 1600}


def test_each_step_has_its_own_effect_after_those_before(w):
    scenario(
        w.manager,
        "A",
        step(S.MOVE_END, w.extra["ett"], "2024-09-30"),
        step(S.SET_RATE, w.extra["ett"], "2024-09-01", 900),
        step(S.REPLACE, w.extra["två"], "2024-08-01", 400, kind_id=w.extra["support"]),
        added(w.extra["hvb"], "2024-12-01", "2024-12-02", 500),
    )
    steps = only(w).steps
    assert [one.effect for one in steps] == [30_000, -3000, -31 * 600, 1000]
    assert [one.name for one in steps] == ["PL-0001", "PL-0001", "PL-0002", "Plats i höst"]
    assert [one.kind for one in steps] == ["HVB", "HVB", "stödboende", "HVB"]
    assert [one.fault for one in steps] == [None] * 4
    assert not any(one.decided_since for one in steps)


def test_scenarios_come_by_name_and_copies_cost_the_same(w):
    number = scenario(w.manager, "b", step(S.END, w.extra["ett"], "2024-06-30"))
    run(lambda s: scenarios.copy(s, number, "A", by=w.manager))
    first, second = read(w).scenarios
    assert (first.name, second.name) == ("A", "b")
    assert first.months == second.months
    assert (first.version, second.version) == (1, 2)


def test_a_removed_scenario_and_another_years_are_not_shown(w, today):
    number = scenario(w.manager, "A")
    scenario(w.manager, "B")
    run(lambda s: scenarios.remove(s, number, version=1, by=w.manager))
    assert [one.name for one in read(w).scenarios] == ["B"]
    today(day("2025-01-02"))
    assert read(w, on=day("2025-01-02")).scenarios == ()


# The real placements go on


def test_a_day_that_has_passed_counts_no_longer_and_says_so(w, today):
    scenario(w.manager, "A", step(S.END, w.extra["ett"], "2024-06-30"))
    today(day("2024-07-01"))
    (found,) = read(w, on=day("2024-07-01")).scenarios
    assert found.steps[0].fault is StepFault.PAST
    assert found.steps[0].effect == 0
    assert found.year == read(w, on=day("2024-07-01")).present_year


def test_a_placement_that_has_ended_since_is_told(w):
    ett = w.extra["ett"]
    scenario(w.manager, "A", step(S.MOVE_END, ett, "2024-09-30"))
    run(lambda s: placements.end(s, ett, TODAY, version=1, by=w.manager))
    (found,) = only(w).steps
    assert (found.fault, found.effect, found.decided_since) == (StepFault.ENDED, 0, True)
    assert found.name == "PL-0001"


def test_a_placement_that_ended_in_an_earlier_year_or_is_voided_is_told(w):
    ett, two = w.extra["ett"], w.extra["två"]
    steps = [step(S.END, number, "2024-06-30") for number in (ett, two)]
    scenario(w.manager, "A", *steps)
    with db.write() as session:
        session.get_one(Placement, two).voided_at = now()
    faults = [one.fault for one in only(w).steps]
    assert faults == [None, StepFault.GONE]
    assert [one.name for one in only(w).steps] == ["PL-0001", "PL-0002"]


def test_a_new_decision_or_rate_is_told_and_the_step_still_counts(w):
    ett = w.extra["ett"]
    scenario(w.manager, "A", step(S.END, ett, "2024-06-30"))
    run(
        lambda s: placements.set_rate(
            s, ett, NewRate(day("2024-07-01"), Decimal(1100)), version=1, by=w.manager
        )
    )
    (found,) = only(w).steps
    assert found.decided_since
    assert (found.fault, found.effect) == (None, -62 * 1100)


def test_what_the_step_imagined_is_nothing_once_it_is_decided(w):
    ett = w.extra["ett"]
    scenario(w.manager, "A", step(S.END, ett, "2024-06-30"))
    decision = NewDecision(TODAY, "Chefen", "Björken", Contract.FRAMEWORK, day("2024-06-30"))
    run(lambda s: placements.decide(s, ett, decision, version=1, by=w.manager))
    found = only(w)
    assert found.steps[0].effect == 0
    assert found.year == read(w).present_year


# Budget


def test_the_lines_have_their_forecast_with_each_scenario(w):
    with db.write() as session:
        unit = type("Of", (), {"id": w.unit_id})
        paid = money.line(session, unit, 50_000, name="Annat")
        money.outcome(session, paid, day("2024-04-01"), 7000, TODAY)
    replaced = step(S.REPLACE, w.extra["ett"], "2024-08-01", 400, kind_id=w.extra["support"])
    scenario(w.manager, "A", replaced)
    scenario(w.manager, "B")
    with db.read() as session:
        table = budget_table(session, Scope(w.unit_id), on=TODAY)
    effects = line_effects(table, read(w).scenarios)
    # May to August of two placements; what was booked lies on another line
    assert [(one.line, one.forecast, one.deviation) for one in effects] == [
        ("Placeringar", 246_000, 154_000),
        ("Stöd", 0, 10_000),
    ]
    assert [one.with_scenarios for one in effects] == [
        ((246_000 - 31_000, 154_000 + 31_000), (246_000, 154_000)),
        ((31 * 400, 10_000 - 31 * 400), (0, 10_000)),
    ]


def test_a_kind_that_no_line_pays_is_apart(w):
    with db.write() as session:
        unit = type("Of", (), {"id": w.unit_id})
        free = money.kind(session, unit, "annat").id
    scenario(w.manager, "A", added(free, "2024-10-01", "2024-10-02", 100))
    assert only(w).lines == {NO_LINE: 200}


# Who sees which


def test_a_group_manager_sees_own_placements_and_scenarios_of_no_other_group(w):
    scenario(w.manager, "Ett", step(S.END, w.extra["ett"], "2024-06-30"))
    scenario(w.manager, "Två", step(S.END, w.extra["två"], "2024-06-30"))
    both = [step(S.END, w.extra[name], "2024-06-30") for name in ("ett", "två")]
    scenario(w.manager, "Båda", *both)
    scenario(w.manager, "Ny", added(w.extra["hvb"], "2024-10-01", "2024-10-01", 100))
    table = read(w, w.actors["group_manager"])
    assert table.present_year == 184_000
    assert [one.name for one in table.scenarios] == ["Ett", "Ny"]
    assert [one.year for one in table.scenarios] == [122_000, 184_100]
    assert table.hidden == 2
    assert read(w, w.actors["controller"]).hidden == 0


def test_another_unit_sees_nothing_of_it(w):
    scenario(w.manager, "Ett", step(S.END, w.extra["ett"], "2024-06-30"))
    table = read(w, w.actors["other_unit_manager"])
    assert (table.scenarios, table.hidden, table.present_year) == ((), 0, 0)


def test_the_number_of_statements_does_not_follow_the_number_of_scenarios(w):
    def statements():
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        read(w)  # what is cached is read
        event.listen(db.engine(), "before_cursor_execute", note)
        try:
            read(w)
        finally:
            event.remove(db.engine(), "before_cursor_execute", note)
        return len(sent)

    scenario(w.manager, "A", step(S.END, w.extra["ett"], "2024-06-30"))
    before = statements()
    for n in range(4):
        number = scenario(w.manager, f"B{n}", step(S.END, w.extra["två"], "2024-06-30"))
        run(lambda s, number=number, n=n: scenarios.copy(s, number, f"C{n}", by=w.manager))
    assert statements() == before
    run(lambda s: scenarios.create(s, NewScenario("Sist"), by=w.manager))
    assert statements() == before
