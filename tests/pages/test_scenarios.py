"""Vad händer om: scenarios side by side, built step by step, refused when wrong, seen by whom."""

import pytest

from core import db
from core.models import Placement, Scenario, ScenarioChange
from core.queries.scenarios import step_of
from core.services import placements, scenarios
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run
from tests.factories_scenarios import S, added, placed_world, scenario, step

PAGE = "follow_up/scenarios.py"


@pytest.fixture
def w(store, today):
    today(TODAY)
    return placed_world()


@pytest.fixture
def open_it(w, open_page):
    """The page as somebody sees it."""

    def run_page(name="unit_manager", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def tables(at):
    return plain("".join(h.proto.body for h in at.get("html") if "rt-table" in h.proto.body))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def said(at):
    return plain(" ".join(one.value for one in (*at.markdown, *at.info, *at.error)))


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    at = button.click().run()
    assert not at.exception
    return at


def write(at, label, value):
    (field,) = [field for field in at.text_input if field.label == label]
    return field.input(value)


def pick(at, label, value):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box.select(value)


def set_date(at, label, day):
    (field,) = [field for field in at.date_input if field.label == label]
    return field.set_value(make.day(day))


def start_step(at, kind, placement_id=None):
    """Choose a kind of step, and its placement, for the scenario worked on."""
    (pills,) = [g for g in at.button_group if g.key.startswith("scenario-step-")]
    at = pills.select(kind).run()
    if placement_id is not None:
        at = pick(at, "Placering", placement_id).run()
    assert not at.exception
    return at


def todo(at, what):
    (pills,) = [g for g in at.button_group if g.key.startswith("scenario-change-")]
    return pills.select(what).run()


def test_an_empty_page_says_what_to_do_and_has_the_form_open(open_it):
    at = open_it()
    assert "Inga scenarier 2024" in said(at)
    write(at, "Namn", "Billigare höst")
    at = press(at, "Skapa scenario")
    assert metrics(at) == {"Nuläge, helår 2024": "368 000 kr", "Billigare höst": "368 000 kr"}
    assert "Scenariot har inga steg" in said(at)
    assert rows(Scenario)[0].name == "Billigare höst"


def test_two_scenarios_stand_side_by_side_with_their_difference(w, open_it):
    scenario(w.manager, "Avsluta", step(S.END, w.extra["ett"], "2024-06-30"))
    scenario(w.manager, "Ny plats", added(w.extra["support"], "2024-10-01", "2024-10-31", 400))
    at = open_it()
    assert metrics(at) == {
        "Nuläge, helår 2024": "368 000 kr",
        "Avsluta": "306 000 kr",
        "Ny plats": "380 400 kr",
    }
    deltas = {metric.label: plain(metric.delta) for metric in at.metric if metric.delta}
    assert deltas == {"Avsluta": "-62 000 kr", "Ny plats": "12 400 kr"}
    shown = tables(at)
    assert "oktober 2024" in shown
    assert "Mot nuläget" in shown
    assert "Stöd" in shown
    assert "underskott" in shown
    (chart,) = at.get("vega_lite_chart")
    assert "Avsluta -62 000 kr; Ny plats 12 400 kr" in plain(chart.proto.alt)


def test_a_step_is_built_and_the_figures_move_at_once(w, open_it):
    scenario(w.manager, "Prov")
    at = start_step(open_it(), S.SET_RATE, w.extra["ett"])
    assert "planerat slut 2024-08-31, 1 000 kr per dygn, helår 184 000 kr" in said(at)
    write(at, "Dygnskostnad", "899,50")
    set_date(at, "Ny dygnskostnad från och med", "2024-08-01")
    at = press(at, "Lägg till steget")
    assert rows(ScenarioChange)[0].placement_id == w.extra["ett"]
    assert metrics(at)["Prov"] == "364 885 kr"  # 31 days at 100,50 kr less, 364 884,50
    assert "-3 116" in tables(at)
    assert "beslutas på Placeringar" in tables(at)


def test_each_kind_of_step_has_its_form(w, open_it):
    scenario(w.manager, "Prov")
    at = start_step(open_it(), S.MOVE_END, w.extra["ett"])
    set_date(at, "Ny sista dag", "2024-09-30")
    at = press(at, "Lägg till steget")
    at = start_step(at, S.END, w.extra["två"])
    set_date(at, "Sista dag", "2024-07-31")
    at = press(at, "Lägg till steget")
    at = start_step(at, S.REPLACE, w.extra["ett"])
    pick(at, "Slag", w.extra["support"])
    write(at, "Dygnskostnad", "400")
    set_date(at, "Den nya insatsen från och med", "2024-09-01")
    at = press(at, "Lägg till steget")
    at = start_step(at, S.ADD)
    write(at, "Vad placeringen kallas (inte ett namn)", "Plats i december")
    pick(at, "Slag", w.extra["hvb"])
    write(at, "Dygnskostnad", "500")
    set_date(at, "Första dag", "2024-12-01")
    at = press(at, "Lägg till steget")
    assert [one.step for one in rows(ScenarioChange)] == [S.MOVE_END, S.END, S.REPLACE, S.ADD]
    # + 30 000, - 31 000, - 30 * 600, + 31 * 500
    assert metrics(at)["Prov"] == "364 500 kr"
    assert "Plats i december" in tables(at)
    assert rows(Placement)[0].version == 1


@pytest.mark.parametrize(
    ("day", "amount", "message"),
    [
        ("2024-05-27", "900", "Det som har hänt kan inte ändras. Ange 2024-05-28"),
        ("2024-09-01", "900", "Placeringen slutar redan 2024-08-31"),
        ("2024-06-01", "0", "måste vara mer än 0 kr"),
        ("2024-06-01", "", "Ange dygnskostnaden"),
        ("2024-06-01", "1.850", "Punkt kan betyda"),
    ],
)
def test_a_wrong_step_is_told_at_its_field_and_what_was_typed_stays(
    w, open_it, day, amount, message
):
    scenario(w.manager, "Prov")
    at = start_step(open_it(), S.SET_RATE, w.extra["ett"])
    write(at, "Dygnskostnad", amount)
    set_date(at, "Ny dygnskostnad från och med", day)
    at = press(at, "Lägg till steget")
    assert message in said(at)
    assert rows(ScenarioChange) == []
    (kept,) = [field.value for field in at.text_input if field.label == "Dygnskostnad"]
    assert kept == amount


def test_an_unusual_rate_is_asked_about_and_saved_with_a_yes(w, open_it):
    scenario(w.manager, "Prov")
    at = start_step(open_it(), S.SET_RATE, w.extra["ett"])
    write(at, "Dygnskostnad", "18 500")
    at = press(at, "Lägg till steget")
    assert "ovanligt mycket" in said(at)
    assert rows(ScenarioChange) == []
    (yes,) = [box for box in at.checkbox if box.label == "Ja, det stämmer"]
    yes.check()
    press(at, "Lägg till steget")
    assert rows(ScenarioChange)[0].amount == 18_500


def test_a_scenario_is_renamed_copied_and_removed(w, open_it):
    scenario(w.manager, "Prov", step(S.END, w.extra["ett"], "2024-06-30"))
    at = todo(open_it(), "Ändra namn")
    name, note = at.text_input[-1], at.text_area[-1]
    assert name.value == "Prov"
    name.input("Avsluta i juni")
    note.input("För mötet")
    at = press(at, "Spara namnet")
    at = press(todo(at, "Kopiera"), "Kopiera scenariot")
    assert [one.name for one in rows(Scenario)] == ["Avsluta i juni", "Avsluta i juni, kopia"]
    (chosen,) = [box for box in at.selectbox if box.label == "Arbeta med"]
    assert chosen.value == rows(Scenario)[1].id
    at = press(todo(at, "Ta bort scenariot"), "Ta bort scenariot")
    assert list(metrics(at)) == ["Nuläge, helår 2024", "Avsluta i juni"]
    assert rows(Scenario)[1].voided_at is not None


def test_a_name_that_is_taken_is_told(w, open_it):
    scenario(w.manager, "Prov")
    at = open_it()
    at.session_state["Nytt scenario"] = True
    at = at.run()
    write(at, "Namn", "prov")
    at = press(at, "Skapa scenario")
    assert "Enheten har redan ett scenario som heter prov i år." in said(at)


def test_a_step_is_changed_in_its_filled_form(w, open_it):
    steps = [
        added(w.extra["support"], "2024-10-01", "2024-10-31", "400.50"),
        step(S.END, w.extra["ett"], "2024-06-30"),
    ]
    scenario(w.manager, "Prov", *steps)
    at = todo(open_it(), "Ändra ett steg")
    at = pick(at, "Steg", rows(ScenarioChange)[0].id).run()
    filled = {field.label: field.value for field in at.text_input}
    assert filled["Dygnskostnad"] == "400,5"
    assert filled["Vad placeringen kallas (inte ett namn)"] == "Plats i höst"
    (kind,) = [box for box in at.selectbox if box.label == "Slag"]
    assert kind.value == w.extra["support"]
    write(at, "Dygnskostnad", "500")
    at = press(at, "Spara steget")
    changed = rows(ScenarioChange, position=1)[0]
    assert (changed.amount, changed.to_on) == (500, make.day("2024-10-31"))
    assert metrics(at)["Prov"] == "321 500 kr"  # 368 000 - 62 000 + 15 500

    at = pick(at, "Steg", rows(ScenarioChange, position=2)[0].id).run()
    set_date(at, "Sista dag", "2024-05-01")
    at = press(at, "Spara steget")
    assert "Det som har hänt kan inte ändras" in said(at)


def test_a_step_that_somebody_else_changed_meanwhile_is_told(w, open_it):
    scenario(w.manager, "Prov", step(S.END, w.extra["ett"], "2024-06-30"))
    at = todo(open_it(), "Ändra ett steg")
    (opened,) = rows(ScenarioChange)
    at = pick(at, "Steg", opened.id).run()
    new = step(S.END, w.extra["ett"], "2024-07-31")
    run(lambda s: scenarios.change_step(s, opened.id, new, was=step_of(opened), by=w.manager))
    set_date(at, "Sista dag", "2024-06-15")
    at = press(at, "Spara steget")
    assert "Någon annan har ändrat eller tagit bort steget" in said(at)
    assert rows(ScenarioChange)[0].from_on == make.day("2024-07-31")


def test_a_step_is_taken_out(w, open_it):
    scenario(w.manager, "Prov", step(S.END, w.extra["ett"], "2024-06-30"))
    at = press(todo(open_it(), "Ta bort ett steg"), "Ta bort steget")
    assert rows(ScenarioChange) == []
    assert metrics(at)["Prov"] == "368 000 kr"


def test_a_placement_that_has_changed_or_ended_since_is_told(w, open_it):
    steps = [step(S.END, w.extra[name], "2024-06-30") for name in ("ett", "två")]
    scenario(w.manager, "Prov", *steps)
    run(lambda s: placements.end(s, w.extra["ett"], TODAY, version=1, by=w.manager))
    with db.write() as session:
        session.get_one(Placement, w.extra["två"]).children = 1
    at = open_it()
    assert "räknas inte: placeringen har avslutats" in tables(at)
    assert "placeringen har ändrats sedan steget lades till" in tables(at)
    assert "2 steg, 1 räknas inte" in said(at)


def test_at_most_four_are_compared(w, open_it):
    for n in range(6):
        scenario(w.manager, f"S{n}")
    at = open_it()
    assert len(at.metric) == 5
    (choice,) = at.multiselect
    choice.set_value([rows(Scenario)[5].id])
    assert list(metrics(at.run())) == ["Nuläge, helår 2024", "S5"]


def test_a_kind_that_no_line_pays_is_told(w, open_it):
    with db.write() as session:
        free = money.kind(session, type("Of", (), {"id": w.unit_id}), "annat").id
    scenario(w.manager, "Prov", added(free, "2024-10-01", "2024-10-02", 100))
    assert "slaget saknar budgetpost" in tables(open_it())


# Who sees what


def test_the_controller_builds_on_references_and_sees_no_case(w, open_it):
    scenario(w.manager, "Prov", step(S.END, w.extra["ett"], "2024-06-30"))
    at = start_step(open_it("controller"), S.END)
    (box,) = [box for box in at.selectbox if box.label == "Placering"]
    assert box.options == ["PL-0001, HVB, från 2024-03-01", "PL-0002, HVB, från 2024-03-01"]
    words = tables(at) + said(at) + " ".join(box.options)
    assert "PL-0001" in words
    assert "AR-0001" not in words
    assert "Ada" not in words


def test_a_group_manager_sees_own_placements_and_is_told_of_the_others(w, open_it):
    scenario(w.manager, "Mitt", step(S.END, w.extra["ett"], "2024-06-30"))
    scenario(w.manager, "Deras", step(S.END, w.extra["två"], "2024-06-30"))
    at = open_it("group_manager")
    assert metrics(at) == {"Nuläge, helår 2024": "184 000 kr", "Mitt": "122 000 kr"}
    assert "1 scenario rör andra gruppers placeringar och visas inte här." in said(at)
    assert "PL-0002" not in tables(at)
    at = start_step(at, S.END)
    (box,) = [box for box in at.selectbox if box.label == "Placering"]
    assert box.options == ["PL-0001, HVB, från 2024-03-01"]


@pytest.mark.parametrize("name", ["caseworker", "reader", "admin"])
def test_others_have_no_such_page(w, open_page, name):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page(PAGE, w.actors[name])
