"""Förändringsplaner: tiles, bars, the cases behind them, and who sees whose."""

import json
from fractions import Fraction

import pytest

from core import db
from core.auth import Scope
from core.models import Caseworker, Group, Unit
from core.queries.change_plans import change_plans, within_three_months
from core.queries.keys import By
from core.terms import ComputedFigure
from tests import factories as make
from tests import factories_goals as goals
from tests.factories_cases import OPENED, REFERRED, TODAY, world

PAGE = "follow_up/change_plans.py"
EARLY = make.day("2023-06-01")
NBSP = "\u00a0"


@pytest.fixture
def w(store, today):
    """Ada has an overdue case and one with a current plan, Bo one with an outdated plan."""
    today(TODAY)
    w = world()
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        ada = session.get_one(Caseworker, w.caseworker_id)
        bo = session.get_one(Caseworker, w.colleague_id)
        one, two = session.get_one(Group, w.group_id), session.get_one(Group, w.other_group_id)
        current = make.case(
            session,
            unit,
            OPENED,
            reference="AR-0002",
            referred_on=REFERRED,
            caseworker=ada,
            group=one,
        )
        make.plan(session, current, REFERRED, revised=[make.day("2024-05-02")])
        old = make.case(
            session, unit, EARLY, reference="AR-0003", referred_on=EARLY, caseworker=bo, group=two
        )
        make.plan(session, old, EARLY)
    return w


def tiles_of(at):
    return {metric.label: metric.value for metric in at.metric}


def choice(at, label):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box


def tables_of(at):
    return " ".join(html.proto.body for html in at.get("html") if "rt-table" in html.proto.body)


def charts_of(at):
    return [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]


def test_the_tiles_show_the_same_figures_as_the_queries(w, open_page):
    at = open_page(PAGE, w.manager)

    assert not at.exception
    assert tiles_of(at) == {
        "Plan inom tre månader": f"50{NBSP}%",
        "Täckning": f"67{NBSP}%",
        "Andel aktuella": f"33{NBSP}%",
        "Saknas, försenad": "1",
    }
    with db.read() as session:
        scope = Scope(w.unit_id)
        row = change_plans(session, scope, on=TODAY, by=By.NONE).iloc[0]
        year = make.day("2024-01-01")
        within = within_three_months(
            session, scope, start=year, end=TODAY, today=TODAY, by=By.NONE
        ).iloc[0]
    assert (row["coverage"], row["current_share"], row["overdue"]) == (
        Fraction(2, 3),
        Fraction(1, 3),
        1,
    )
    assert (within["deadlines"], within["within"]) == (2, 1)


def test_a_tile_tells_its_target_and_how_it_is_met(w, open_page):
    with db.write() as session:
        goal = goals.goal(session, session.get_one(Unit, w.unit_id))
        goals.computed(session, goal, ComputedFigure.PLANS_CURRENT_SHARE, target=80)

    said = " ".join(text.value for text in open_page(PAGE, w.manager).markdown)

    assert f"1 av 3 hushåll · mål 80{NBSP}%" in said
    assert "Uppfylls ej" in said


def test_each_caseworker_has_a_bar_with_the_worst_first(w, open_page):
    at = open_page(PAGE, w.manager)

    assert len(charts_of(at)) == 2
    assert choice(at, "Handläggare").options == ["Alla", "Ada", "Bo"]


def test_a_charts_figures_can_be_shown_as_a_table(w, open_page):
    at = open_page(PAGE, w.manager)
    assert "Förändringsplaner per handläggare" not in tables_of(at)

    at = at.toggle(key="table-Förändringsplaner per handläggare").set_value(True).run()

    assert "Förändringsplaner per handläggare" in tables_of(at)
    assert "<th scope='row'>Bo" in tables_of(at)


def test_the_cases_behind_a_bar_are_those_of_the_chosen_caseworker_and_status(w, open_page):
    at = open_page(PAGE, w.manager)
    assert "AR-0001" in tables_of(at)
    assert "AR-0002" not in tables_of(at)
    assert "AR-0003" not in tables_of(at)

    at = choice(at, "Handläggare").select("Bo").run()
    assert "Inga ärenden i den stapeln." in [info.value for info in at.info]

    at = choice(at, "Status").select("outdated").run()
    assert "AR-0003" in tables_of(at)
    assert "Revidera plan" in tables_of(at)
    assert "2023-10-01" in tables_of(at)

    at = choice(at, "Handläggare").select("alla").run()
    at = choice(at, "Status").select("alla").run()
    assert all(f"AR-000{n}" in tables_of(at) for n in (1, 2, 3))


def test_a_caseworker_sees_only_own_cases(w, open_page):
    at = open_page(PAGE, w.caseworker)
    at = choice(at, "Status").select("alla").run()

    assert tiles_of(at)["Täckning"] == f"50{NBSP}%"
    assert "AR-0001" in tables_of(at)
    assert "AR-0003" not in tables_of(at)
    assert "Bo" not in tables_of(at)
    assert not [box for box in at.selectbox if box.label == "Handläggare"]


def test_a_group_manager_sees_only_the_own_group(w, open_page):
    at = open_page(PAGE, w.actors["other_group_manager"])
    at = choice(at, "Status").select("alla").run()

    assert tiles_of(at)["Täckning"] == f"100{NBSP}%"
    assert "AR-0003" in tables_of(at)
    assert "AR-0001" not in tables_of(at)
    assert choice(at, "Handläggare").options == ["Alla", "Bo"]


def test_the_page_can_be_read_as_of_an_earlier_day(w, open_page):
    at = open_page(PAGE, w.manager, per="2024-04-20")

    assert tiles_of(at)["Saknas, försenad"] == "0"
    assert tiles_of(at)["Andel aktuella"] == f"33{NBSP}%"


def test_a_chosen_group_narrows_the_page(w, open_page):
    with db.read() as session:
        slug = session.get_one(Group, w.other_group_id).slug

    assert tiles_of(open_page(PAGE, w.manager, grupp=slug))["Täckning"] == f"100{NBSP}%"


def test_the_tables_by_group_and_gender_add_up_to_the_unit(w, open_page):
    shown = tables_of(open_page(PAGE, w.manager))

    for name in ("Planer per grupp", "Planer per kön", "Plan inom tre månader per kön"):
        assert name in shown


def test_a_unit_without_referred_households_says_what_is_needed(store, today, open_page):
    today(TODAY)
    with db.write() as session:
        manager = make.actor(session, of=make.unit(session))
    at = open_page(PAGE, manager)

    assert not at.exception
    assert any("Inga hushåll ska ha en förändringsplan" in info.value for info in at.info)
    assert tiles_of(at)["Täckning"] == "–"
