"""Biståndsmodell, Åtgärdsplan and Underliggande resultat: what is shown, and what is written."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.models import DriverAssumption, OneOffItem, SavingsFollowUp, SavingsMeasure
from core.queries.savings import action_plan
from core.rules.driver_model import Assumptions
from core.services import drivers, one_offs, savings
from core.services.one_offs import NewItem
from core.services.savings import NewFollowUp, NewMeasure
from core.terms import ActivityStatus, OneOffKind
from tests import factories as make
from tests.factories_cases import TODAY, rows, run
from tests.factories_plans_of_action import APRIL, benefit_world

PAGES = ("follow_up/drivers.py", "follow_up/savings.py", "follow_up/underlying.py")
DRIVERS, SAVINGS, UNDERLYING = PAGES
MEASURE = NewMeasure(
    name="Jobbtorg",
    owner="Enhetschefen",
    starts_on=make.day("2024-03-15"),
    monthly_effect=Decimal(50_000),
    status=ActivityStatus.ONGOING,
)


@pytest.fixture
def w(store, today):
    today(TODAY)
    return benefit_world()


@pytest.fixture
def see(w, open_page):
    """A page as somebody sees it."""

    def run_page(page, name="controller", **query):
        at = open_page(page, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def tables(at):
    return plain("".join(html.proto.body for html in at.get("html")))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def said(at):
    texts = [*at.markdown, *at.info, *at.warning, *at.error]
    return plain(" ".join(str(one.value) for one in texts))


def box(at, label):
    (found,) = [one for one in at.selectbox if one.label == label]
    return found


def field(at, label):
    (found,) = [one for one in at.text_input if one.label == label]
    return found


def press(at, label):
    (button,) = [one for one in at.button if one.label == label]
    return button.click().run()


def unfold(at, title):
    at.session_state[title] = True
    return at.run()


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_page_says_what_to_do_and_a_manager_has_no_form(see, page):
    assert "Ingen budgetpost har" in said(see(DRIVERS, "unit_manager"))
    assert "ingen åtgärdsplan" in said(see(SAVINGS, "group_manager"))
    assert "Inga generalschabloner" in said(see(UNDERLYING, "developer"))
    at = see(page, "group_manager")
    assert len(at.expander) == 0


@pytest.mark.parametrize("page", [DRIVERS, SAVINGS])
def test_without_budget_lines_the_controller_is_told_where_they_come_from(see, today, page):
    today(make.day("2025-01-02"))
    assert "lägga till budgetposter på sidan Budget och prognos" in said(see(page))


@pytest.mark.parametrize("page", PAGES)
def test_an_earlier_day_has_no_forms(see, page):
    at = see(page, per="2024-03-31")

    assert len(at.expander) == 0
    assert "Ändringar görs i läget i dag" in said(at)


def test_the_controller_assumes_and_sees_the_prognosis_move(w, see):
    at = see(DRIVERS)
    box(at, "Budgetpost").select(w.extra["line"]).run()
    field(at, "Ändring av hushåll per månad").input("-2")
    field(at, "Riksnormen ändras, procent").input("5")
    box(at, "Ny riksnorm från").select(make.day("2024-07-01"))
    press(at, "Spara antagandena")

    assert not at.exception
    cost = sum(
        Decimal(10_000) * (100 - 2 * n) * (Decimal("1.05") if n >= 3 else 1) for n in range(1, 9)
    )
    assert metrics(at)["Modellens prognos 2024"] == f"{(4_000_000 + cost) / 1000:,.0f} tkr".replace(
        ",", " "
    )
    assert "riksnormen ändras 5,0 % från juli 2024" in said(at)
    assert rows(DriverAssumption)[0].values == {
        "change": "-2",
        "norm_change": "0.05",
        "norm_from": "2024-07-01",
    }


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(w, see):
    at = see(DRIVERS)
    box(at, "Budgetpost").select(w.extra["line"]).run()
    field(at, "Riksnormen ändras, procent").input("300")
    field(at, "Kronor per hushåll och månad").input("8.500")
    press(at, "Spara antagandena")

    assert "Punkt kan betyda både decimaler och tusental" in said(at)
    assert field(at, "Riksnormen ändras, procent").value == "300"
    field(at, "Kronor per hushåll och månad").input("8 500")
    box(at, "Ny riksnorm från").select(make.day("2024-07-01"))
    press(at, "Spara antagandena")
    assert "3 procent skrivs 3" in said(at)
    assert rows(DriverAssumption) == []


def test_the_assumptions_are_in_the_form_the_next_time_and_can_be_removed(w, see):
    given = Assumptions(households=120, rent_change=Decimal(150), rent_from=make.day("2024-08-01"))
    run(drivers.assume, w.extra["line"], given, by=w.actors["controller"])

    at = see(DRIVERS)

    assert field(at, "Hushåll första månaden utan statistik").value == "120"
    assert field(at, "Hyrorna ändras, kronor per hushåll och månad").value == "150"
    assert box(at, "Nya hyror från").value == make.day("2024-08-01")
    assert "120,0 hushåll i maj 2024" in said(at)
    press(at, "Ta bort modellen")
    assert "Ingen budgetpost har" in said(at)


def test_a_line_without_booked_months_or_households_says_what_is_missing(w, see, today):
    today(make.day("2024-01-02"))
    run(drivers.assume, w.extra["line"], Assumptions(), by=w.actors["controller"])

    assert "saknas hushållsstatistik" in said(see(DRIVERS))


def test_the_plan_stands_with_and_without_and_by_measure(w, see):
    by = w.actors["controller"]
    measure = run(savings.add_measure, w.extra["line"], MEASURE, by=by)
    run(savings.follow_up, measure, NewFollowUp(APRIL, Decimal(30_000), "halva"), by=by)

    at = see(SAVINGS, "unit_manager")

    assert metrics(at) == {
        "Prognos utan kommande effekt": "–",
        "Prognos med åtgärdsplanen": "–",
        "Kommande effekt": "160 tkr",
        "Uppföljt hittills": "30 tkr",
    }
    shown = tables(at)
    for cell in ("12 300 000", "−300 000", "160 000", "12 140 000", "−140 000", "halva"):
        assert f">{cell}<" in shown
    assert "1 månad saknar uppföljning" in said(at)


def test_the_unit_manager_adds_follows_up_and_changes_a_measure(w, see):
    at = unfold(see(SAVINGS, "unit_manager"), "Lägg till en åtgärd")
    press(at, "Lägg till åtgärden")
    assert "Ange ett belopp i kronor" in said(at)
    box(at, "Budgetpost").select(w.extra["line"])
    field(at, "Åtgärd").input("Jobbtorg")
    field(at, "Ansvarig").input("Enhetschefen")
    field(at, "Sparar per månad, kronor").input("40 000")
    press(at, "Lägg till åtgärden")
    (measure,) = rows(SavingsMeasure)
    assert (measure.name, measure.monthly_effect) == ("Jobbtorg", 40_000)

    unfold(at, "Följ upp en åtgärd")
    at.selectbox(key="savings-follow").select(measure.id).run()
    (effect,) = [one for one in at.text_input if one.label.startswith("Sparade, kronor")]
    effect.input("35 000")
    press(at, "Spara uppföljningen")
    assert [row.effect for row in rows(SavingsFollowUp)] == [35_000]

    unfold(at, "Ändra en åtgärd")
    at.selectbox(key="savings-change").select(measure.id).run()
    [one for one in at.text_input if one.label == "Ansvarig"][-1].input("Gruppledaren")
    press(at, "Spara åtgärden")
    with db.read() as session:
        plan = action_plan(session, Scope(w.unit_id), on=TODAY)
    assert plan.measures[0].owner == "Gruppledaren"


def test_only_months_that_count_can_be_followed_up_also_when_the_start_is_moved(w, see):
    new = replace(MEASURE, starts_on=make.day("2023-11-01"), ends_on=make.day("2024-03-31"))
    measure = run(savings.add_measure, w.extra["line"], new, by=w.actors["controller"])
    at = unfold(see(SAVINGS), "Följ upp en åtgärd")
    at = at.selectbox(key="savings-follow").select(measure).run()
    assert box(at, "Månad").options == ["januari 2024", "februari 2024", "mars 2024"]

    moved = replace(new, starts_on=make.day("2024-02-10"))
    run(savings.change_measure, measure, moved, version=1, by=w.actors["unit_manager"])
    assert not at.run().exception


def test_two_people_in_one_measure_see_both_versions(w, see):
    measure = run(savings.add_measure, w.extra["line"], MEASURE, by=w.actors["controller"])
    at = unfold(see(SAVINGS), "Ändra en åtgärd")
    at.selectbox(key="savings-change").select(measure).run()
    changed = NewMeasure(
        "Jobbtorg", "Någon annan", MEASURE.starts_on, Decimal(50_000), None, ActivityStatus.ONGOING
    )
    run(savings.change_measure, measure, changed, version=1, by=w.actors["unit_manager"])

    field(at, "Ansvarig").input("Jag")
    press(at, "Spara åtgärden")

    assert "Någon annan" in said(at)
    assert rows(SavingsMeasure)[0].owner == "Någon annan"


def test_a_voided_measure_leaves_the_page(w, see):
    measure = run(savings.add_measure, w.extra["line"], MEASURE, by=w.actors["controller"])
    at = unfold(see(SAVINGS), "Ändra en åtgärd")
    at.selectbox(key="savings-change").select(measure).run()
    press(at, "Makulera")

    assert "ingen åtgärdsplan" in said(at)


def test_the_controller_keeps_a_grant_apart_and_takes_it_back(w, see):
    at = unfold(see(UNDERLYING), "Håll isär en generalschablon eller engångspost")
    box(at, "Budgetpost").select(w.extra["line"])
    box(at, "Månad").select(APRIL)
    field(at, "Vad").input("Etablering")
    field(at, "Belopp i månadens utfall, kronor").input("90 000")
    press(at, "Spara")
    assert "Skriv beloppet med minus" in said(at)
    field(at, "Belopp i månadens utfall, kronor").input("-90 000")
    press(at, "Spara")

    assert metrics(at)["Generalschabloner och engångsposter"] == "−90 tkr"
    assert metrics(at)["Underliggande utfall"] == "4 090 tkr"
    assert ">Etablering<" in tables(at)

    unfold(at, "Makulera en post")
    at.selectbox(key="one-off-void").select(rows(OneOffItem)[0].id).run()
    press(at, "Makulera")
    assert metrics(at)["Underliggande utfall"] == "4 000 tkr"


def test_the_items_stand_by_line_and_sum(w, see):
    by = w.actors["controller"]
    item = NewItem(APRIL, OneOffKind.ONE_OFF, "Dom", Decimal(40_000))
    run(one_offs.add_item, w.extra["line"], item, by=by)

    shown = tables(see(UNDERLYING, "unit_manager"))

    for cell in ("3 960 000", "12 260 000", "11 920 000", "40 000", "engångspost"):
        assert f">{cell}<" in shown
