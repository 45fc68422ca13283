"""Scenarios: saved, changed, copied and removed; what is refused; and nothing real moves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError
from core.clock import now
from core.models import (
    AuditEvent,
    Case,
    DataVersion,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    Scenario,
    ScenarioChange,
)
from core.queries.scenarios import step_of
from core.services import placements, scenarios
from core.services.base import ConflictError, RefusedError
from core.services.questions import AskedError
from core.services.scenario_inputs import NewScenario, NewStep
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run
from tests.factories_scenarios import S, added, placed_world, scenario, step

day = make.day


@pytest.fixture
def w(store, today):
    today(TODAY)
    return placed_world()


def save(w, new, *, scenario_id=None, by=None, **fields):
    by = by or w.manager
    number = scenario_id or scenario(by, "Prov")
    with db.write() as session:
        return scenarios.add_step(session, number, new, by=by, **fields)


def refused(w, new, **fields):
    """Return what a step is refused for, by field."""
    with pytest.raises(RefusedError) as told:
        save(w, new, **fields)
    return told.value.by_field()


# Saved


def test_a_scenario_is_saved_with_its_steps_in_order(w):
    number = scenario(
        w.manager,
        "Billigare",
        step(S.MOVE_END, w.extra["ett"], "2024-09-30"),
        step(S.SET_RATE, w.extra["ett"], "2024-09-01", "899.50"),
        added(w.extra["support"], "2024-10-01", "2024-10-31", 400),
    )

    (saved,) = rows(Scenario)
    assert (saved.id, saved.name, saved.year, saved.unit_id) == (
        number,
        "Billigare",
        2024,
        w.unit_id,
    )
    steps = rows(ScenarioChange)
    assert [one.position for one in steps] == [1, 2, 3]
    assert [one.step for one in steps] == [S.MOVE_END, S.SET_RATE, S.ADD]
    assert [one.placement_version for one in steps] == [1, 1, None]
    assert steps[1].amount == Decimal("899.50")
    assert steps[2].label == "Plats i höst"


def test_what_a_step_has_no_use_for_is_left_out(w):
    new = step(S.END, w.extra["ett"], "2024-06-30", 5, to_on=day("2024-07-01"), label="x")
    save(w, replace(new, kind_id=w.extra["hvb"]))
    (saved,) = rows(ScenarioChange)
    assert (saved.amount, saved.to_on, saved.kind_id, saved.label) == (None, None, None, "")


def test_the_same_form_sent_twice_is_one(w):
    def create(session):
        return scenarios.create(session, NewScenario("A"), by=w.manager, key="k1")

    def add(session):
        new = step(S.END, w.extra["ett"], "2024-06-30")
        return scenarios.add_step(session, number, new, by=w.manager, key="k2")

    number = run(create)
    assert run(create) == number
    assert run(add) == run(add)
    assert len(rows(Scenario)) == len(rows(ScenarioChange)) == 1


def test_a_second_click_renames_copies_and_removes_once(w):
    number = scenario(w.manager, "A")
    for write in (
        lambda s: scenarios.rename(
            s, number, NewScenario("B"), version=1, by=w.manager, key="rename"
        ),
        lambda s: scenarios.copy(s, number, "C", by=w.manager, key="copy"),
        lambda s: scenarios.remove(s, number, version=2, by=w.manager, key="remove"),
    ):
        assert run(write) == run(write)
    assert [(one.name, one.voided_at is None) for one in rows(Scenario)] == [
        ("B", False),
        ("C", True),
    ]


def test_nothing_real_changes(w):
    real = (Placement, PlacementDecision, DayRate, PlacementKind, DataVersion)
    before = [[one.model_dump() for one in rows(table)] for table in real]
    number = scenario(
        w.manager,
        "Allt",
        step(S.END, w.extra["ett"], "2024-06-30"),
        step(S.REPLACE, w.extra["två"], "2024-07-01", 400, kind_id=w.extra["support"]),
    )
    run(lambda session: scenarios.copy(session, number, "Allt igen", by=w.manager))
    run(lambda session: scenarios.remove(session, number, version=3, by=w.manager))
    assert [[one.model_dump() for one in rows(table)] for table in real] == before


def test_every_write_is_in_the_audit_log(w):
    number = scenario(w.manager, "A", step(S.END, w.extra["ett"], "2024-06-30"))
    (saved,) = rows(ScenarioChange)
    run(lambda s: scenarios.rename(s, number, NewScenario("B", "varför"), version=2, by=w.manager))
    run(lambda s: scenarios.copy(s, number, "C", by=w.manager))
    run(lambda s: scenarios.remove_step(s, saved.id, was=step_of(saved), by=w.manager))
    run(lambda s: scenarios.remove(s, number, version=4, by=w.manager))
    events = [(one.action, one.entity) for one in rows(AuditEvent)]
    assert events == [
        ("add", "scenario"),
        ("add", "scenario_change"),
        ("change", "scenario"),
        ("copy", "scenario"),
        ("remove_step", "scenario"),
        ("void", "scenario"),
    ]


def test_a_copy_has_the_same_steps_and_a_life_of_its_own(w):
    number = scenario(w.manager, "A", step(S.END, w.extra["ett"], "2024-06-30"))
    copied = run(lambda s: scenarios.copy(s, number, " A igen ", by=w.manager))
    first, second = rows(ScenarioChange)
    assert second.model_dump(exclude={"id", "scenario_id"}) == first.model_dump(
        exclude={"id", "scenario_id"}
    )
    run(lambda s: scenarios.remove_step(s, first.id, was=step_of(first), by=w.manager))
    assert [one.scenario_id for one in rows(ScenarioChange)] == [copied]
    assert rows(Scenario)[1].name == "A igen"


def test_a_removed_scenario_stays_voided_and_its_name_is_free(w):
    number = scenario(w.manager, "A")
    run(lambda s: scenarios.remove(s, number, version=1, by=w.manager))
    (voided,) = rows(Scenario)
    assert voided.voided_by_id == w.manager.user_id
    scenario(w.manager, "A")
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.copy(s, number, "B", by=w.manager))


def test_of_two_who_rename_the_second_is_told(w):
    number = scenario(w.manager, "A")
    run(lambda s: scenarios.rename(s, number, NewScenario("B"), version=1, by=w.manager))
    with pytest.raises(ConflictError) as told:
        run(lambda s: scenarios.rename(s, number, NewScenario("C"), version=1, by=w.manager))
    assert told.value.newest.values["name"] == "B"


def test_a_step_that_somebody_took_out_already_is_told(w):
    save(w, step(S.END, w.extra["ett"], "2024-06-30"))
    (saved,) = rows(ScenarioChange)
    run(lambda s: scenarios.remove_step(s, saved.id, was=step_of(saved), by=w.manager))
    with pytest.raises(RefusedError, match="tagit bort steget"):
        run(lambda s: scenarios.remove_step(s, saved.id, was=step_of(saved), by=w.manager))


def test_a_changed_step_keeps_its_place(w):
    ett = w.extra["ett"]
    steps = (step(S.MOVE_END, ett, "2024-09-30"), step(S.SET_RATE, ett, "2024-09-01", 900))
    scenario(w.manager, "A", *steps)
    was = rows(ScenarioChange)[0]
    new = step(S.MOVE_END, ett, "2024-10-31")

    def change(session, key=None):
        return scenarios.change_step(session, was.id, new, was=step_of(was), by=w.manager, key=key)

    assert run(change, "k") == run(change, "k") == was.id
    steps = sorted(rows(ScenarioChange), key=lambda one: one.position)
    assert [(one.position, one.from_on) for one in steps] == [
        (1, day("2024-10-31")),
        (2, day("2024-09-01")),
    ]
    events = [(one.action, one.entity) for one in rows(AuditEvent)]
    assert events[-1] == ("change", "scenario_change")
    with pytest.raises(RefusedError, match="Någon annan har ändrat"):
        run(change)
    with pytest.raises(RefusedError, match="Någon annan har ändrat"):
        run(lambda s: scenarios.remove_step(s, was.id, was=step_of(was), by=w.manager))


def test_a_changed_step_is_taken_from_the_steps_before_it_only(w):
    ett = w.extra["ett"]
    steps = (step(S.END, ett, "2024-07-31"), step(S.MOVE_END, ett, "2024-12-31"))
    scenario(w.manager, "A", *steps)
    first, second = rows(ScenarioChange)
    late = step(S.END, ett, "2024-10-31")
    with pytest.raises(RefusedError, match="slutar redan 2024-08-31"):
        run(lambda s: scenarios.change_step(s, first.id, late, was=step_of(first), by=w.manager))
    with pytest.raises(RefusedError, match="slutar redan 2024-07-31"):
        run(lambda s: scenarios.change_step(s, second.id, late, was=step_of(second), by=w.manager))
    assert [one.id for one in rows(ScenarioChange)] == [first.id, second.id]


def test_nobody_changes_a_step_outside_the_own_group(w):
    save(w, step(S.END, w.extra["två"], "2024-06-30"))
    (saved,) = rows(ScenarioChange)
    new, was = step(S.END, w.extra["ett"], "2024-06-30"), step_of(saved)

    def change(session, by):
        return scenarios.change_step(session, saved.id, new, was=was, by=by)

    for name in ("group_manager", "other_unit_manager", "caseworker"):
        with pytest.raises(PermissionDeniedError):
            run(change, w.actors[name])


# Refused


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("  ", "Ge scenariot ett namn."),
        ("billigare", "Enheten har redan ett scenario som heter billigare i år."),
        ("x" * 81, "Texten får ha högst 80 tecken, inte 81."),
    ],
)
def test_a_name_is_needed_and_is_the_only_one(w, name, message):
    scenario(w.manager, "Billigare")
    with pytest.raises(RefusedError) as told:
        scenario(w.manager, name)
    assert told.value.by_field() == {"name": message}


def test_a_name_with_a_personal_number_is_refused(w):
    with pytest.raises(RefusedError, match="personnummer"):
        scenario(w.manager, "Om 19121212-1212 slutar")


def test_the_own_name_may_stay_when_the_note_is_changed(w):
    number = scenario(w.manager, "A")
    run(lambda s: scenarios.rename(s, number, NewScenario("a", "ny"), version=1, by=w.manager))
    assert rows(Scenario)[0].note == "ny"


def test_an_empty_step_is_told_all_that_it_lacks(w):
    assert refused(w, NewStep(None)) == {"step": "Välj vad som ska ändras."}


def test_each_kind_of_step_tells_what_it_lacks(w):
    number = scenario(w.manager, "A")
    assert refused(w, NewStep(S.ADD), scenario_id=number) == {
        "from_on": "Ange dag.",
        "label": "Skriv vad placeringen kallas.",
        "kind_id": "Välj slag av placering.",
        "amount": "Ange dygnskostnaden från den första dagen, i kronor.",
    }
    assert refused(w, NewStep(S.SET_RATE), scenario_id=number) == {
        "from_on": "Ange dag.",
        "placement_id": "Välj placering.",
        "amount": "Ange dygnskostnaden från den första dagen, i kronor.",
    }


def test_what_has_happened_can_not_be_changed(w):
    number, ett = scenario(w.manager, "A"), w.extra["ett"]
    past = "Det som har hänt kan inte ändras. Ange {} eller en senare dag."
    assert refused(w, step(S.END, ett, "2024-05-26"), scenario_id=number) == {
        "from_on": past.format("2024-05-27")
    }
    assert refused(w, step(S.SET_RATE, ett, "2024-05-27", 900), scenario_id=number) == {
        "from_on": past.format("2024-05-28")
    }
    save(w, step(S.END, ett, "2024-05-27"), scenario_id=number)


def test_days_that_can_not_be_are_refused(w):
    number, ett = scenario(w.manager, "A"), w.extra["ett"]
    wrong = added(w.extra["hvb"], "2024-10-10", "2024-10-09", 900)
    assert refused(w, wrong, scenario_id=number) == {
        "to_on": "Sista dagen kan inte ligga före den första, 2024-10-10."
    }
    assert refused(w, step(S.END, ett, "2024-09-01"), scenario_id=number) == {
        "from_on": "Placeringen slutar redan 2024-08-31. Ange en tidigare dag."
    }
    late = step(S.SET_RATE, ett, "2024-09-01", 900)
    assert "flytta slutet i ett steg före" in refused(w, late, scenario_id=number)["from_on"]
    save(w, step(S.MOVE_END, ett, "2024-12-31"), scenario_id=number)
    save(w, late, scenario_id=number)
    assert refused(w, step(S.SET_RATE, ett, "2025-01-01", 900), scenario_id=number) == {
        "from_on": "Scenariot gäller 2024. Ange en dag till och med 2024-12-31."
    }


def test_a_step_before_a_coming_placement_is_refused(w):
    with db.write() as session:
        kind = session.get_one(PlacementKind, w.extra["hvb"])
        case = session.get_one(Case, w.case_id)
        starts = day("2024-07-01")
        coming = money.placement(
            session, case, kind, starts, rates=1, decisions=[{"decided_on": TODAY}]
        ).id
    assert refused(w, step(S.END, coming, "2024-06-30")) == {
        "from_on": "Placeringen börjar 2024-07-01. Ange den dagen eller en senare."
    }


def test_a_placement_that_is_not_decided_yet_is_refused(w):
    with db.write() as session:
        kind = session.get_one(PlacementKind, w.extra["hvb"])
        case = session.get_one(Case, w.case_id)
        starts = day("2024-07-01")
        later = [{"decided_on": day("2024-06-15")}]
        coming = money.placement(session, case, kind, starts, rates=1, decisions=later).id
    assert refused(w, step(S.END, coming, "2024-07-31")) == {
        "placement_id": "Placeringen är inte känd i dag."
    }


def test_a_placement_that_has_ended_is_refused(w):
    ett = w.extra["ett"]
    run(lambda s: placements.end(s, ett, TODAY, version=1, by=w.manager))
    assert refused(w, step(S.MOVE_END, ett, "2024-07-01")) == {
        "placement_id": "Placeringen avslutades 2024-05-27. Välj en som löper."
    }


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("0", "Dygnskostnaden måste vara mer än 0 kr."),
        ("-5", "Dygnskostnaden måste vara mer än 0 kr."),
        ("1850.505", "Ange dygnskostnaden med högst två decimaler."),
    ],
)
def test_a_rate_that_can_not_be_is_refused(w, amount, message):
    wrong = replace(step(S.SET_RATE, w.extra["ett"], "2024-06-01", amount), confirmed=True)
    assert refused(w, wrong) == {"amount": message}


def test_an_unusual_rate_is_asked_about_and_goes_through_with_a_yes(w):
    number = scenario(w.manager, "A")
    dear = step(S.SET_RATE, w.extra["ett"], "2024-06-01", 185_000)
    with pytest.raises(AskedError) as asked:
        save(w, dear, scenario_id=number)
    (question,) = asked.value.questions
    assert "ovanligt mycket" in question.message
    save(w, replace(dear, confirmed=True), scenario_id=number)
    assert rows(ScenarioChange)[0].amount == 185_000


def test_a_scenario_has_an_end_to_its_steps(w, monkeypatch):
    monkeypatch.setattr(scenarios, "MOST_STEPS", 1)
    number = scenario(w.manager, "A", step(S.END, w.extra["ett"], "2024-06-30"))
    assert refused(w, step(S.END, w.extra["ett"], "2024-06-15"), scenario_id=number) == {
        "step": "Ett scenario får ha högst 1 steg."
    }


# Who may


@pytest.mark.parametrize("role", ["caseworker", "reader", "admin"])
def test_others_than_managers_and_the_controller_may_not(w, role):
    with pytest.raises(PermissionDeniedError):
        scenario(w.actors[role], "A")
    number = scenario(w.manager, "B", step(S.END, w.extra["ett"], "2024-06-30"))
    (saved,) = rows(ScenarioChange)
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.remove_step(s, saved.id, was=step_of(saved), by=w.actors[role]))
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.copy(s, number, "C", by=w.actors[role]))


def test_the_controller_may_on_the_whole_unit(w):
    steps = [step(S.END, w.extra[name], "2024-06-30") for name in ("ett", "två")]
    scenario(w.actors["controller"], "A", *steps)
    assert len(rows(ScenarioChange)) == 2


def test_a_group_manager_reaches_the_own_groups_placements_only(w):
    own, other = w.actors["group_manager"], w.actors["other_group_manager"]
    mine = scenario(own, "Mitt", step(S.END, w.extra["ett"], "2024-06-30"))
    with pytest.raises(PermissionDeniedError):
        save(w, step(S.END, w.extra["två"], "2024-06-30"), scenario_id=mine, by=own)
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.rename(s, mine, NewScenario("X"), version=2, by=other))
    save(w, step(S.END, w.extra["två"], "2024-06-30"), scenario_id=mine)
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.copy(s, mine, "Y", by=own))


def test_another_units_scenario_placement_and_kind_are_out_of_reach(w):
    stranger = w.actors["other_unit_manager"]
    number = scenario(w.manager, "A")
    with pytest.raises(PermissionDeniedError):
        run(lambda s: scenarios.copy(s, number, "B", by=stranger))
    with pytest.raises(PermissionDeniedError):
        save(w, step(S.END, w.extra["ett"], "2024-06-30"), by=stranger)
    theirs = scenario(stranger, "Deras")
    with pytest.raises(PermissionDeniedError):
        save(
            w,
            added(w.extra["hvb"], "2024-10-01", "2024-10-31", 900),
            scenario_id=theirs,
            by=stranger,
        )


def test_a_voided_placement_is_out_of_reach(w):
    with db.write() as session:
        session.get_one(Placement, w.extra["ett"]).voided_at = now()
    with pytest.raises(PermissionDeniedError):
        save(w, step(S.END, w.extra["ett"], "2024-06-30"))
