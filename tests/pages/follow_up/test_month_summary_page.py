"""Månadens läge: the month's figures as the other pages have them, for those who lead."""

from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.models import Unit
from core.queries.budget import budget_table
from core.queries.placement_sums import placement_summary
from core.services import one_offs, savings
from core.services.one_offs import NewItem
from core.services.savings import NewMeasure
from core.terms import OneOffKind
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, run
from tests.factories_plans_of_action import APRIL, benefit_world

PAGE = "follow_up/month_summary.py"


@pytest.fixture
def w(store, today):
    """A unit with a deficit of 300,000 kronor on one line, and two groups with a placement each."""
    today(TODAY)
    made = benefit_world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        kind = money.kind(session, unit)
        prognosis = session.get_one(money.BudgetLine, made.extra["other"])
        money.prognosis(session, prognosis, 100_000, make.day("2024-05-10"))
        groups = [make.group(session, unit) for _ in range(2)]
        for group, rate in zip(groups, (1_000, 100), strict=True):
            case = make.case(session, unit, make.day("2024-01-01"))
            make.assign(session, case, make.day("2024-01-01"), group=group)
            money.placement(session, case, kind, make.day("2024-05-01"), rates=rate)
    made.extra["groups"] = [group.id for group in groups]
    return made


@pytest.fixture
def see(w, open_page):
    def run_page(name="unit_manager", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def tables(at):
    return plain("".join(html.proto.body for html in at.get("html")))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def test_the_figures_are_those_of_the_pages_they_come_from(w, see):
    by = w.actors["controller"]
    plan = NewMeasure("Jobbtorg", "Chefen", make.day("2024-09-01"), Decimal(10_000))
    run(savings.add_measure, w.extra["line"], plan, by=by)
    dom = NewItem(APRIL, OneOffKind.ONE_OFF, "Dom", Decimal(70_000))
    run(one_offs.add_item, w.extra["line"], dom, by=by)

    at = see()

    with db.read() as session:
        figures = budget_table(session, Scope(w.unit_id), on=TODAY).total.figures
        placed = placement_summary(session, Scope(w.unit_id), on=TODAY)
    assert (figures.prognosis, placed.full_year) == (12_400_000, 1_100 * 245)
    assert metrics(at)["Avvikelse mot budget 2024"] == "−300 tkr"
    assert metrics(at)["Placeringar helår"] == "270 tkr"
    shown = tables(at)
    for cell in ("12 100 000", "12 400 000", "12 360 000", "12 330 000", "34 100", "269 500"):
        assert f">{cell}<" in shown


def test_a_line_that_deviates_much_is_named_with_its_reason_and_others_are_not(see):
    shown = tables(see())

    large = shown[shown.index("Stora avvikelser") :]
    assert "Utbetalt bistånd" in large
    assert "Boende" not in large[: large.index("</table>")]


def test_a_controller_sees_it_too_and_a_caseworker_and_a_reader_do_not(see):
    assert metrics(see("controller"))["Placeringar helår"] == "270 tkr"
    for name in ("caseworker", "reader"):
        with pytest.raises(ValueError, match="page"):
            see(name)


def test_an_empty_year_says_where_the_figures_come_from(w, see):
    at = see(per="2020-01-31")

    assert any("varken budget eller placeringar" in info.value for info in at.info)
