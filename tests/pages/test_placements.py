"""Placeringar: who sees what of the list, what is flagged, and the forms."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core import db
from core.models import (
    Case,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementReview,
    PlacementTerm,
    Unit,
)
from core.queries import cache
from core.queries.placement_terms import Word
from core.services import placements
from core.services.placement_inputs import Decided, NewDecision, NewRate
from core.terms import Contract, DecisionReason, LegalBasis, PlacementDimension
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

PAGE = "follow_up/placements.py"
STARTS = make.day("2024-03-01")


@pytest.fixture
def w(store, today):
    """A unit with a family in hotel, overdue for review, and an ended placement."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        case = session.get_one(Case, made.case_id)
        hotel = money.kind(session, unit, "hotell", is_hotel=True)
        home = money.kind(session, unit, "HVB")
        family = money.placement(
            session, case, hotel, STARTS, reference="PL-0001", rates=1000, children=2
        )
        money.placement(
            session,
            case,
            home,
            STARTS,
            reference="PL-0002",
            rates="2500.50",
            ended_on=make.day("2024-03-10"),
        )
        made.extra["placement"] = family.id
    return made


@pytest.fixture
def open_list(w, open_page):
    """The page as somebody sees it: `open_list("controller", per="2024-03-05")`."""

    def run_page(name, **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def tables(at):
    """Return what the page's tables say."""
    return "".join(html.proto.body for html in at.get("html") if "rt-table" in html.proto.body)


def metrics(at):
    return {
        metric.label: metric.value.replace("\u202f", " ").replace("\u00a0", " ")
        for metric in at.metric
    }


def said(at):
    return " ".join(m.value for m in at.markdown).replace("\u202f", " ").replace("\u00a0", " ")


def pick(at, label, value):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box.select(value)


def write(at, label, value):
    (field,) = [field for field in at.text_input if field.label == label]
    return field.input(value)


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def forms_of(at):
    """Return the folded forms that something can be changed in."""
    return [box.label for box in at.expander if box.label != "Filter och sparade vyer"]


def unfold(at, title):
    """Open a form that is folded."""
    at.session_state[title] = True
    return at.run()


def choose(at, w, what):
    """Choose the running placement and what to register on it."""
    unfold(at, "Ändra en placering")
    placement_id = w.extra["placement"]
    pick(at, "Placering", placement_id).run()
    return at.button_group(key=f"placement-change-{placement_id}").select(what).run()


def test_tiles_say_what_runs_and_what_it_costs(open_list):
    shown = metrics(open_list("unit_manager"))

    assert shown == {
        "Pågående placeringar": "1",
        "Kostnad maj 2024": "31 000 kr",
        # 31 + 30 + 27 days, and ten days at the other rate
        "Upparbetat 2024": "113 005 kr",
        "Helår 2024": "331 005 kr",
        "Merkostnad utanför ramavtal 2024": "0 kr",
        "Försenade uppföljningar": "1",
    }


def test_families_in_hotel_and_overdue_reviews_are_flagged(open_list):
    words = said(open_list("unit_manager"))

    assert "Barnfamilj på hotell eller vandrarhem" in words
    assert "PL-0001 sedan 1 mars, 88 000 kr i år" in words
    assert "PL-0001, aldrig uppföljd" in words


def test_a_placement_past_its_planned_end_and_a_coming_one_are_told(w, open_list):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, session.get_one(Unit, w.unit_id), "stöd")
        for starts_on, reference in ((STARTS, "PL-0008"), (TODAY + timedelta(9), "PL-0009")):
            until = {"decided_on": STARTS, "planned_end_on": starts_on + timedelta(20)}
            money.placement(
                session, case, kind, starts_on, reference=reference, rates=1, decisions=[until]
            )

    at = open_list("unit_manager")

    assert "Planerat slut har passerat" in said(at)
    assert "PL-0008, 21 mars" in said(at)
    shown = tables(at)
    assert "planerat slut passerat" in shown
    assert "kommande" in shown[shown.index("PL-0009") :]
    assert "avslutad" in shown


def test_the_list_has_a_sum_and_what_is_overdue_comes_first(open_list):
    shown = tables(open_list("unit_manager"))

    assert shown.index("PL-0001") < shown.index("PL-0002") < shown.index("Summa")
    assert "331\u202f005" in shown[shown.index("Summa") :]
    assert "AR-0001" in shown


def test_a_controller_sees_reference_and_cost_but_no_case(open_list):
    at = open_list("controller")

    shown = tables(at)
    assert "PL-0001" in shown
    assert "88\u202f000" in shown
    assert "AR-0001" not in shown + said(at)
    assert "Ada" not in shown
    assert forms_of(at) == []


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("caseworker", True),
        ("colleague", False),
        ("group_manager", True),
        ("other_group_manager", False),
        ("developer", True),
    ],
)
def test_placements_are_read_by_those_whose_case_it_is(open_list, name, sees):
    at = open_list(name)

    assert ("PL-0001" in tables(at)) is sees
    assert bool(at.info) is not sees


def test_only_managers_are_given_forms_and_only_in_todays_list(open_list):
    for name, forms in (("group_manager", 2), ("caseworker", 0), ("unit_manager", 2)):
        assert len(forms_of(open_list(name))) == forms

    earlier = open_list("unit_manager", per="2024-03-05")
    assert forms_of(earlier) == []
    assert metrics(earlier)["Pågående placeringar"] == "2"


def register(at, **changes):
    """Fill in and send the form of a new placement."""
    values = {
        "Ärendets referens": "ar-0001",
        "Dygnskostnad från första dagen": "1 850,50 kr",
        "Utförare": "Björken",
    } | changes
    unfold(at, "Registrera en placering")
    for label, value in values.items():
        write(at, label, value)
    pick(at, "Slag", 2)
    pick(at, "Lagrum", Word(LegalBasis.SOL))
    pick(at, "Avtal", Word(Contract.FRAMEWORK))
    return press(at, "Registrera placering")


def test_a_placement_is_registered_and_the_figures_move(w, open_list):
    at = register(open_list("unit_manager"))

    assert metrics(at)["Pågående placeringar"] == "2"
    assert "PL-0003" in tables(at)
    assert rows(DayRate)[-1].amount == Decimal("1850.50")
    assert rows(PlacementDecision)[-1].decided_by == w.manager.name
    assert rows(Placement)[-1].starts_on == TODAY


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"Ärendets referens": ""}, "Det finns inget sådant ärende"),
        ({"Ärendets referens": "AR-9999"}, "Det finns inget sådant ärende"),
        ({"Dygnskostnad från första dagen": ""}, "Ange dygnskostnaden från den första dagen"),
        ({"Dygnskostnad från första dagen": "0"}, "måste vara mer än 0 kr"),
        ({"Dygnskostnad från första dagen": "1850000"}, "orimligt hög"),
        ({"Dygnskostnad från första dagen": "185000"}, "185 000 kr per dygn är ovanligt mycket"),
        ({"Dygnskostnad från första dagen": "1.850"}, "Punkt kan betyda både"),
        ({"Utförare": ""}, "Ange utföraren"),
        ({"Utförare": "191212121212"}, "personnummer"),
    ],
)
def test_a_wrong_placement_is_refused_in_swedish_and_keeps_what_was_typed(
    open_list, changes, message
):
    at = register(open_list("unit_manager"), **changes)

    assert message in said(at)
    assert len(rows(Placement)) == 2
    kept = {field.label: field.value for field in at.text_input}
    assert kept["Placeringens referens (tomt: nästa nummer)"] == ""
    assert kept["Ärendets referens"] == changes.get("Ärendets referens", "ar-0001")


def test_a_group_manager_finds_the_own_groups_cases_only(open_list):
    at = register(open_list("other_group_manager"))

    assert "Det finns inget sådant ärende" in said(at)


def test_a_review_is_registered_in_three_taps(w, open_list):
    at = choose(open_list("unit_manager"), w, "Uppföljning")
    at = press(at, "Spara uppföljning")

    assert metrics(at)["Försenade uppföljningar"] == "0"
    assert rows(PlacementReview)[0].reviewed_on == TODAY


def test_a_decision_starts_from_the_latest_one(w, open_list):
    at = choose(open_list("unit_manager"), w, "Byt utförare eller avtal")
    provider = [field for field in at.text_input if field.label == "Utförare"][-1]
    assert provider.value == "Björken"
    provider.input("Eken")
    at = press(at, "Spara bytet")

    latest = rows(PlacementDecision)[-1]
    assert (latest.provider, latest.contract, latest.decided_on) == (
        "Eken",
        Contract.FRAMEWORK,
        TODAY,
    )
    assert "Eken" in tables(at)


def test_a_day_rate_is_typed_in_swedish(w, open_list):
    at = choose(open_list("unit_manager"), w, "Ändra dygnskostnad")
    write(at, "Dygnskostnad", "1 100,25")
    at = press(at, "Spara dygnskostnad")

    assert rows(DayRate)[-1].amount == Decimal("1100.25")


def test_a_placement_is_ended_and_opened_again(w, open_list):
    at = choose(open_list("unit_manager"), w, "Avsluta")
    at = press(at, "Avsluta placeringen")
    assert metrics(at)["Helår 2024"] == "113 005 kr"

    at = choose(at, w, "Öppna igen")
    press(at, "Öppna igen")
    assert rows(Placement, reference="PL-0001")[0].ended_on is None


def test_an_end_and_a_reopening_tell_who_decided_them_and_why(w, open_list):
    at = choose(open_list("unit_manager"), w, "Avsluta")
    at = press(at, "Avsluta placeringen")
    ended = rows(PlacementDecision)[-1]
    assert (ended.reason, ended.planned_end_on) == (DecisionReason.ENDED, TODAY)

    at = choose(at, w, "Öppna igen")
    write(at, "Beslutat av", "Nämnden")
    press(at, "Öppna igen")
    again = rows(PlacementDecision)[-1]
    assert (again.reason, again.planned_end_on) == (DecisionReason.REOPENED, None)
    assert (again.decided_by, again.provider) == ("Nämnden", "Björken")


def set_date(at, label, day):
    (field,) = [field for field in at.date_input if field.label == label]
    return field.set_value(day)


def test_a_placement_is_extended_and_shortened(w, open_list):
    at = choose(open_list("unit_manager"), w, "Korta")
    set_date(at, "Ny planerad sista dag", make.day("2024-06-30"))
    at = press(at, "Korta placeringen")
    at = choose(at, w, "Förläng")
    at = press(at, "Förläng placeringen")
    assert "Ange den nya sista dagen, eller kryssa för tills vidare" in said(at)
    set_date(at, "Nytt planerat slut", make.day("2024-06-15"))
    at = press(at, "Förläng placeringen")
    assert "Nu gäller 2024-06-30. En förlängning slutar senare än så." in said(at)
    set_date(at, "Nytt planerat slut", make.day("2024-08-31"))
    press(at, "Förläng placeringen")

    _, _, shorter, longer = rows(PlacementDecision)
    assert (shorter.reason, shorter.planned_end_on) == (
        DecisionReason.SHORTENING,
        make.day("2024-06-30"),
    )
    assert (longer.reason, longer.planned_end_on) == (
        DecisionReason.EXTENSION,
        make.day("2024-08-31"),
    )
    assert (longer.provider, longer.contract) == ("Björken", Contract.FRAMEWORK)


def test_another_contract_and_its_rate_are_saved_together(w, open_list):
    with db.write() as session:
        own = PlacementTerm(
            unit_id=w.unit_id,
            dimension=PlacementDimension.CONTRACT,
            name="Ramavtal rang 2",
            counts_as=Contract.FRAMEWORK,
        )
        make.save(session, own)
    at = choose(open_list("unit_manager"), w, "Byt utförare eller avtal")
    assert "Utföraren och avtalet är som förut" in said(press(at, "Spara bytet"))
    (box,) = [box for box in at.selectbox if box.label == "Avtal"]
    assert box.options[-1] == "Ramavtal rang 2 (ramavtal)"
    box.select(Word(Contract.FRAMEWORK, "Ramavtal rang 2"))
    write(at, "Ny dygnskostnad (tomt: oförändrad)", "1 200")
    press(at, "Spara bytet")

    latest = rows(PlacementDecision)[-1]
    assert (latest.reason, latest.contract, latest.contract_name) == (
        DecisionReason.NEW_CONTRACT,
        Contract.FRAMEWORK,
        "Ramavtal rang 2",
    )
    assert (rows(DayRate)[-1].amount, rows(DayRate)[-1].valid_from) == (1200, TODAY)


def test_an_unusual_rate_is_asked_about_and_goes_through_with_a_yes(w, open_list):
    at = choose(open_list("unit_manager"), w, "Ändra dygnskostnad")
    write(at, "Dygnskostnad", "185 000")
    at = press(at, "Spara dygnskostnad")
    assert "ovanligt mycket" in said(at)
    assert "går från 1 000 kr till 185 000 kr" in said(at)
    assert "Inget har sparats än" in at.warning[0].value
    assert [field.value for field in at.text_input if field.label == "Dygnskostnad"] == ["185 000"]
    assert len(rows(DayRate)) == 2

    at = press(at, "Spara dygnskostnad")
    assert len(rows(DayRate)) == 2
    at.checkbox[-1].check()
    press(at, "Spara dygnskostnad")
    assert rows(DayRate)[-1].amount == 185_000


def test_a_yes_holds_for_what_was_asked_and_not_for_what_is_typed_after(w, open_list):
    at = choose(open_list("unit_manager"), w, "Ändra dygnskostnad")
    write(at, "Dygnskostnad", "18 500")
    at = press(at, "Spara dygnskostnad")
    at.checkbox[-1].check()
    write(at, "Dygnskostnad", "185 000")
    at = press(at, "Spara dygnskostnad")

    assert len(rows(DayRate)) == 2
    assert not at.checkbox[-1].value
    write(at, "Dygnskostnad", "1 850")
    press(at, "Spara dygnskostnad")
    assert rows(DayRate)[-1].amount == 1850


def test_what_is_registered_is_shown_and_a_mistake_is_taken_back(w, open_list):
    placement_id = w.extra["placement"]
    wrong = NewRate(TODAY, Decimal(1500), Decided(TODAY, "Nämnden"))
    run(placements.set_rate, placement_id, wrong, version=1, by=w.manager)
    at = choose(open_list("unit_manager"), w, "Historik och rättelse")
    shown = tables(at)
    assert "dygnskostnad 1\u202f500 kr från den dagen" in shown
    assert "ändrad dygnskostnad" in shown
    assert "Nämnden" in shown

    assert "Välj vad som är fel" in said(press(at, "Makulera"))
    (box,) = [box for box in at.selectbox if box.label == "Vad är fel?"]
    box.select("0")
    press(at, "Makulera")
    assert [rate.amount for rate in rows(DayRate, placement_id=placement_id)] == [1000, 1500]
    assert rows(DayRate)[-1].voided_by_id == w.manager.user_id


def test_the_only_rate_is_not_taken_back_but_the_whole_placement_is_with_a_yes(w, open_list):
    at = choose(open_list("unit_manager"), w, "Historik och rättelse")
    (box,) = [box for box in at.selectbox if box.label == "Vad är fel?"]
    box.select("0")
    at = press(at, "Makulera")
    assert "måste ha en dygnskostnad från första dagen" in at.error[0].value

    (box,) = [box for box in at.selectbox if box.label == "Vad är fel?"]
    box.select("Hela placeringen")
    at = press(at, "Makulera")
    assert "Kryssa i rutan" in said(at)
    at.checkbox[-1].check()
    press(at, "Makulera")
    assert rows(Placement, reference="PL-0001")[0].voided_by_id == w.manager.user_id


def test_an_end_in_the_future_is_refused_at_its_field(w, open_list):
    at = choose(open_list("unit_manager"), w, "Avsluta")
    (last,) = [field for field in at.date_input if field.label.startswith("Sista dag")]
    last.set_value(TODAY + timedelta(1))
    at = press(at, "Avsluta placeringen")

    assert "Sista dagen får inte ligga efter i dag" in said(at)
    assert rows(Placement, reference="PL-0001")[0].ended_on is None


def test_somebody_who_was_second_is_told_and_nothing_is_lost(w, open_list):
    at = choose(open_list("unit_manager"), w, "Ändra dygnskostnad")
    other = NewDecision(TODAY, "Chefen", "Eken", Contract.LOV)
    run(placements.decide, w.extra["placement"], other, version=1, by=w.manager)

    write(at, "Dygnskostnad", "1 100")
    at = press(at, "Spara dygnskostnad")

    assert "sparade samma uppgift" in at.warning[0].value
    assert "| Utförare | Björken | **Eken** | ändras inte |" in said(at)
    assert len(rows(DayRate)) == 2

    press(at, "Spara mina ändringar")
    assert [rate.amount for rate in rows(DayRate)][2:] == [1100]
    assert rows(PlacementDecision)[-1].provider == "Eken"


def test_mine_is_saved_over_the_others_without_taking_back_what_i_did_not_change(w, open_list):
    at = choose(open_list("unit_manager"), w, "Förläng")
    other = NewDecision(TODAY, "Chefen", "Eken", Contract.LOV, make.day("2024-06-30"))
    run(placements.decide, w.extra["placement"], other, version=1, by=w.manager)

    (planned,) = [field for field in at.date_input if field.label == "Nytt planerat slut"]
    planned.set_value(make.day("2024-08-31"))
    at = press(at, "Förläng placeringen")
    assert "| Planerat slut | – | **2024-06-30** | **2024-08-31** |" in said(at)

    press(at, "Spara mina ändringar")
    latest = rows(PlacementDecision)[-1]
    assert (latest.planned_end_on, latest.provider) == (make.day("2024-08-31"), "Eken")
    assert latest.contract is Contract.LOV


def test_a_form_stays_when_somebody_else_ends_its_placement(w, open_list):
    at = choose(open_list("unit_manager"), w, "Ändra dygnskostnad")
    run(placements.end, w.extra["placement"], TODAY, version=1, by=w.manager)

    write(at, "Dygnskostnad", "1 100")
    at = press(at, "Spara dygnskostnad")
    assert f"| Sista dag | – | **{TODAY}** | ändras inte |" in said(at)

    at = press(at, "Behåll det sparade")
    assert len(rows(DayRate)) == 2


def test_without_placements_the_page_says_what_to_do(store, today, open_page):
    today(TODAY)
    cache.clear()
    at = open_page(PAGE, world().manager)

    assert not at.exception
    assert "Inga placeringar 2024" in at.info[0].value
    assert len(at.expander) == 2
