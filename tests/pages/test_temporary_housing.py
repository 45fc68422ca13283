"""Tillfälligt boende: who sees what, and the form of the housing plan."""

import pytest

from core import db
from core.models import Case, PlacementPlan, Unit
from core.queries import cache
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, world

PAGE = "follow_up/temporary_housing.py"


@pytest.fixture
def w(store, today):
    """A unit with a family in hotel since March."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        hotel = money.kind(session, unit, "Hotell", is_hotel=True)
        case = session.get_one(Case, made.case_id)
        family = money.placement(
            session,
            case,
            hotel,
            make.day("2024-03-01"),
            reference="PL-0001",
            rates=1000,
            children=2,
        )
        plan = PlacementPlan(
            placement_id=family.id, noted_on=make.day("2024-04-01"), purpose="Tak över huvudet"
        )
        make.save(session, plan)
        made.extra["placement"] = family.id
    cache.clear()
    return made


@pytest.fixture
def open_housing(w, open_page):
    def run_page(name, **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def tables(at):
    return "".join(html.proto.body for html in at.get("html") if "rt-table" in html.proto.body)


def metrics(at):
    return {
        metric.label: metric.value.replace("\u202f", " ").replace("\u00a0", " ")
        for metric in at.metric
    }


def said(at):
    return " ".join(m.value for m in at.markdown)


def test_tiles_say_who_lives_there_and_what_it_costs(open_housing):
    assert metrics(open_housing("unit_manager")) == {
        "Hushåll i tillfälligt boende": "1",
        "Barnfamiljer på hotell eller vandrarhem": "1",
        "Hushåll med individuell boendeplan": "0 av 1",
        "Kostnad maj 2024": "27 000 kr",
    }


def test_the_list_has_the_case_and_months_go_back_a_year(open_housing):
    shown = tables(open_housing("group_manager"))

    assert "AR-0001" in shown
    assert "inte noterad" in shown
    assert "juni 2023" in shown
    assert "Hotell" in shown


def test_a_controller_sees_reference_and_cost_but_no_household(open_housing):
    at = open_housing("controller")

    shown = tables(at)
    assert "PL-0001" in shown
    assert "AR-0001" not in shown + said(at)
    assert "Boendeplan" not in shown
    assert "Notera boendeplan" not in [box.label for box in at.expander]


@pytest.mark.parametrize(
    ("name", "sees"), [("caseworker", True), ("colleague", False), ("other_group_manager", False)]
)
def test_it_is_read_by_those_whose_case_it_is(open_housing, name, sees):
    at = open_housing(name)

    assert ("PL-0001" in tables(at)) is sees
    assert any("Ingen har bott" in info.value for info in at.info) is not sees


def test_a_housing_plan_is_noted_and_the_purpose_stays(w, open_housing):
    at = open_housing("unit_manager")
    (box,) = [box for box in at.selectbox if box.label == "Placering"]
    box.select(w.extra["placement"])
    (answer,) = [radio for radio in at.radio if radio.label == "Individuell boendeplan"]
    answer.set_value("Finns")
    (button,) = [button for button in at.button if button.label == "Spara"]
    at = button.click().run()

    assert metrics(at)["Hushåll med individuell boendeplan"] == "1 av 1"
    latest = rows(PlacementPlan)[-1]
    assert (latest.housing_plan, latest.purpose) == (True, "Tak över huvudet")


def test_a_plan_without_placement_or_answer_is_refused(open_housing):
    at = open_housing("unit_manager")
    (button,) = [button for button in at.button if button.label == "Spara"]
    at = button.click().run()

    assert "Välj placering" in said(at)
    assert len(rows(PlacementPlan)) == 1


def test_plans_are_noted_in_todays_list_only(open_housing):
    at = open_housing("unit_manager", per="2024-04-30")

    assert "Notera boendeplan" not in [box.label for box in at.expander]
    assert metrics(at)["Kostnad april 2024"] == "30 000 kr"
