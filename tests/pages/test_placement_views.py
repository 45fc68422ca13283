"""Placeringar: filters in the address, saved views, and the ways of looking at the list."""

import json
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import select

from core import db
from core.models import AuditEvent, Case, Group, PlacementDecision, SavedView, Unit
from core.services import saved_views
from core.services.saved_views import NewView
from core.terms import Contract
from pages.common import placement_history
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

PAGE = "follow_up/placements.py"
FILTER = "placement-filter"


@pytest.fixture
def w(store, today):
    """Ada's family in hotel outside the agreement, and two of nobody's group at HVB."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        mine = session.get_one(Case, made.case_id)
        loose = make.case(session, unit, make.day("2024-01-01"), reference="AR-0002")
        hotel = money.kind(session, unit, "hotell", is_hotel=True)
        home = money.kind(session, unit, "HVB")

        def place(case, kind, starts_on, reference, contract, rates, **fields):
            decision = {
                "decided_on": make.day(starts_on),
                "contract": contract,
                "provider": "Eken" if contract is Contract.INDIVIDUAL else "Björken",
            }
            money.placement(
                session, case, kind, make.day(starts_on), reference=reference, rates=rates,
                decisions=[decision], **fields,
            )  # fmt: skip

        place(mine, hotel, "2024-03-01", "PL-0001", Contract.INDIVIDUAL, 1000, children=2)
        place(loose, home, "2024-05-01", "PL-0002", Contract.FRAMEWORK, 2000,
              reviews=[(TODAY, TODAY + timedelta(20))])  # fmt: skip
        place(loose, home, "2024-05-18", "PL-0003", Contract.INDIVIDUAL, 2500,
              ended_on=make.day("2024-05-20"))  # fmt: skip
    return made


@pytest.fixture
def open_list(w, open_page):
    def run_page(name="unit_manager", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def slug(group_id):
    (group,) = rows(Group, id=group_id)
    return group.slug


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def asked(at, name):
    """Return what the address holds by a name."""
    found = at.query_params.get(name, [])
    return [found] if isinstance(found, str) else list(found)


def tables(at):
    return plain("".join(h.proto.body for h in at.get("html") if "rt-table" in h.proto.body))


def said(at):
    return plain(" ".join(found.value for found in at.markdown))


def tile(at, label):
    (found,) = [metric.value for metric in at.metric if metric.label.startswith(label)]
    return plain(found)


def unfold(at):
    at.session_state[FILTER] = True
    return at.run()


def several(at, label):
    (box,) = [box for box in at.multiselect if box.label == label]
    return box


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def test_the_address_narrows_the_list_its_tiles_and_its_sum(open_list):
    at = open_list(slag="HVB", lage="pågående")

    assert "PL-0002" in tables(at)
    assert "PL-0001" not in tables(at)
    assert tile(at, "Pågående") == "1"
    assert tile(at, "Upparbetat") == "54 000 kr"
    assert "Visar 1 av 3 placeringar:** HVB · pågående" in said(at)


def test_a_family_in_hotel_stays_on_top_whatever_is_chosen(w, open_list):
    for query in ({"slag": "HVB"}, {"vy": "grupper"}, {"vy": "tidslinje"}, {"vy": "prognos"}):
        words = said(open_list(**query))
        assert "Barnfamilj på hotell eller vandrarhem" in words
        assert "PL-0001 sedan 1 mars, 88 000 kr i år" in words

    other = open_list(grupp=slug(w.other_group_id))
    assert "PL-0001 (Ett) sedan 1 mars" in said(other)
    assert "Inga placeringar 2024" in other.info[0].value


def test_without_a_family_in_hotel_that_is_said(w, open_list, today):
    today(make.day("2024-02-01"))
    with db.write() as session:
        case, kind = session.get_one(Case, w.case_id), money.kind(session, session.get_one(Unit, w.unit_id), "stöd")  # fmt: skip
        money.placement(session, case, kind, make.day("2024-01-10"), rates=1)
    assert "Ingen barnfamilj på hotell" in said(open_list())


def test_what_is_chosen_in_the_controls_stands_in_the_address(open_list):
    at = unfold(open_list())
    several(at, "Avtal").select("individavtal").run()
    assert asked(at, "avtal") == ["individavtal"]
    assert "PL-0002" not in tables(at)

    (toggle,) = [one for one in at.toggle if one.label == "Bara försenad uppföljning"]
    toggle.set_value(True).run()
    assert asked(at, "sen") == ["1"]
    assert "PL-0003" not in tables(at)

    press(at, "Visa alla")
    assert "avtal" not in at.query_params
    assert "PL-0002" in tables(at)
    assert several(at, "Avtal").value == []


def test_several_values_and_caseworkers_can_be_chosen(w, open_list):
    at = unfold(open_list())
    several(at, "Handläggare").select("0").run()
    assert "PL-0001" not in tables(at)
    assert "utan handläggare" in said(at)

    at = open_list(handlaggare=str(w.caseworker_id))
    assert "PL-0002" not in tables(at)
    assert "Visar 1 av 3 placeringar:** Ada" in said(at)


def test_an_address_with_something_unknown_says_so_and_shows_the_rest(open_list):
    at = open_list(avtal="muntligt", lage="pausad", handlaggare="x")

    warnings = " ".join(box.value for box in at.warning)
    for part in (
        "”muntligt” finns inte",
        "Välj bland ramavtal",
        "”pausad”",
        "ingen handläggare ”x”",
    ):
        assert part in warnings
    assert "PL-0003" in tables(at)


def test_a_choice_that_lets_nothing_through_says_so(open_list):
    at = open_list(utforare="Granen")
    assert "Inga placeringar passar" in at.info[0].value
    assert tile(at, "Pågående") == "0"


def test_a_controller_can_neither_choose_nor_group_by_caseworker(w, open_list):
    at = open_list(
        "controller", handlaggare=str(w.caseworker_id), vy="grupper", efter="handlaggare"
    )

    assert "går inte att visa per handläggare" in at.warning[0].value
    assert "Placeringar efter slag" in tables(at)
    ways = at.button_group(key="placement-grouped-by")
    assert "Handläggare" not in " ".join(ways.options)
    assert "Handläggare" not in [box.label for box in unfold(at).multiselect]
    assert "Ada" not in tables(at) + said(at)
    assert "AR-0001" not in tables(at) + said(at)


def test_a_caseworker_groups_own_placements_and_sees_no_sums_of_the_unit(open_list):
    at = open_list("caseworker", vy="ramavtal")

    ways = at.button_group(key="placement-view")
    assert "ramavtal" not in " ".join(ways.options)
    assert "PL-0001" in tables(at)
    assert "PL-0002" not in tables(at)
    assert tile(at, "Utanför ramavtal") == "1"
    assert not [box for box in at.metric if box.label.startswith("Merkostnad")]


@pytest.mark.parametrize(
    ("way", "keys"),
    [
        ("slag", ["hotell", "HVB"]),
        ("avtal", ["individavtal", "ramavtal"]),
        ("utforare", ["Björken", "Eken"]),
        ("grupp", ["Ett", "utan grupp"]),
        ("handlaggare", ["Ada", "utan handläggare"]),
    ],
)
def test_groups_add_up_to_the_whole(open_list, way, keys):
    shown = tables(open_list(vy="grupper", efter=way))

    places = [shown.index(f">{key}<") for key in (*keys, "Summa")]
    assert places == sorted(places)
    whole = 88 * 1000 + 27 * 2000 + 3 * 2500
    assert f"{whole:,}".replace(",", " ") in shown[places[-1] :]


def test_the_way_of_grouping_is_kept_in_the_address(open_list):
    at = open_list(vy="grupper")
    at.button_group(key="placement-grouped-by").select("avtal").run()
    assert asked(at, "efter") == ["avtal"]
    assert "Placeringar efter avtal" in tables(at)

    at.button_group(key="placement-view").select("lista").run()
    assert "vy" not in at.query_params


def test_what_is_outside_the_agreement_is_told_with_what_it_costs_more(open_list):
    at = open_list(vy="ramavtal")

    # three days at 2 500 against 2 000; the hotel has no ramavtal to compare with
    assert tile(at, "Merkostnad") == "1 500 kr"
    assert "309 av 554 dygn" in said(at)
    assert "Där det går att jämföra är det **1 500 kr mer**" in said(at)
    assert "306 dygn (306 000 kr) går inte att jämföra" in said(at)
    assert "inget ramavtalsdygn av slaget hotell" in said(at)
    shown = tables(at)
    assert shown.index("PL-0003") < shown.index("PL-0001")


def test_what_is_cheaper_outside_is_told_as_less(w, open_list):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, session.get_one(Unit, w.unit_id), "stöd")
        for contract, amount in ((Contract.FRAMEWORK, 700), (Contract.INDIVIDUAL, 600)):
            given = [{"decided_on": make.day("2024-05-01"), "contract": contract}]
            until = make.day("2024-05-10")
            money.placement(
                session, case, kind, make.day("2024-05-01"), rates=amount, decisions=given,
                ended_on=until,
            )  # fmt: skip
    at = open_list(vy="ramavtal", slag="stöd")
    assert "**1 000 kr mindre**" in said(at)
    assert "går inte att jämföra" not in said(at)


def test_with_nothing_outside_the_agreement_that_is_said(w, open_list):
    with db.write() as session:
        for row in session.exec(select(PlacementDecision)):
            row.contract = Contract.LOV
    assert "Inget dygn 2024 har individavtal" in open_list(vy="ramavtal").success[0].value


def test_the_timeline_is_a_chart_and_the_same_in_a_table(open_list):
    at = open_list(vy="tidslinje")

    (chart,) = at.get("vega_lite_chart")
    spec = json.loads(chart.proto.spec)
    assert spec["height"] == {"step": 34}
    assert "varav 2 löper 2024-05-27, med 3 beslut och 1 uppföljning" in plain(chart.proto.alt)
    shown = tables(at)
    assert shown.index("PL-0001") < shown.index("PL-0002") < shown.index("PL-0003")
    assert "27 maj" in shown


def test_a_long_timeline_is_shown_a_page_at_a_time(w, open_list):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, session.get_one(Unit, w.unit_id), "stöd")
        for n in range(30):
            starts_on = make.day("2024-05-19") + timedelta(n % 5)
            money.placement(session, case, kind, starts_on, reference=f"PL-1{n:03}", rates=1)
    at = open_list(vy="tidslinje")
    assert "PL-0001" in tables(at)
    assert "PL-0003" not in tables(at)

    (pages,) = [box for box in at.selectbox if box.label.startswith("Visa placeringar")]
    assert pages.options == ["1–30 av 33", "31–33 av 33"]
    pages.select(30).run()
    assert "PL-0003" in tables(at)
    assert "PL-0001" not in tables(at)


def test_the_prognosis_path_says_how_it_moved_and_how_near_earlier_years_came(w, open_list):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, session.get_one(Unit, w.unit_id), "stöd")
        for starts_on, days in (("2023-01-01", 96), ("2023-07-01", 4)):
            first = make.day(starts_on)
            money.placement(
                session, case, kind, first, rates=1000, ended_on=first + timedelta(days - 1),
                decisions=[
                    {"decided_on": first, "planned_end_on": first + timedelta(days - 1)}
                ],
            )  # fmt: skip
    at = open_list(vy="prognos")

    # at the end of April the four days of July were not known: 96 of 100
    assert "2023: i april låg prognosen 4 % för lågt." in said(at)
    assert "kr högre än vid januari månads slut" in said(at)
    assert len(at.get("vega_lite_chart")) == 2
    shown = tables(at)
    assert "−4,0 %" in shown
    assert "Fel i april 2023" in shown

    (kinds,) = [box for box in at.selectbox if box.label == "Slag"]
    kinds.select("HVB").run()
    assert "2023: i april låg prognosen utan jämförelse" in said(at)


def test_a_prognosis_that_was_too_low_every_year_is_told_with_its_reason(w, open_list):
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = money.kind(session, session.get_one(Unit, w.unit_id), "stöd")
        for year in (2022, 2023):
            for month in (1, 9):
                first = make.day(f"{year}-{month:02}-01")
                until = first + timedelta(20)
                given = [{"decided_on": first, "planned_end_on": until}]
                money.placement(
                    session, case, kind, first, rates=100, ended_on=until, decisions=given
                )
    at = open_list(vy="prognos")

    for year in (2022, 2023):
        assert f"{year}: i april låg prognosen 50 % för lågt." in said(at)
    assert "Alla åren låg den för lågt: det som beslutas senare" in said(at)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Fraction(-4, 100), "4 % för lågt"),
        (Fraction(45, 1000), "5 % för högt"),
        (Fraction(-4, 1000), "rätt, på mindre än en halv procent när"),
        (Fraction(0), "rätt, på mindre än en halv procent när"),
        (None, "utan jämförelse, för inget kostade något"),
    ],
)
def test_an_error_is_told_in_words(error, words):
    assert plain(placement_history.miss(error)) == words


def test_a_new_unit_has_a_path_without_earlier_years(open_list, today):
    today(make.day("2024-01-15"))
    at = open_list(vy="prognos", per="2024-01-15")
    assert not at.exception


def test_a_view_is_saved_opened_renamed_and_removed(w, open_list):
    at = unfold(open_list(slag="HVB", vy="grupper"))
    (name,) = [field for field in at.text_input if field.label == "Spara urvalet som vy"]
    name.input("HVB grupperat")
    at = press(at, "Spara vyn")
    (view,) = rows(SavedView)
    assert view.choices == {"slag": ["HVB"], "vy": ["grupper"]}

    at = unfold(open_list(utanfor="1"))
    (views,) = [box for box in at.selectbox if box.label == "Dina sparade vyer"]
    assert views.value is None
    views.select(view.id).run()
    assert (asked(at, "slag"), asked(at, "vy")) == (["HVB"], ["grupper"])
    assert "utanfor" not in at.query_params

    (field,) = [field for field in at.text_input if field.label == "Vyns namn"]
    assert field.value == "HVB grupperat"
    field.input("Mitt HVB")
    at = press(at, "Byt namn")
    assert rows(SavedView)[0].name == "Mitt HVB"

    at = press(at, "Ta bort vyn")
    assert rows(SavedView) == []
    assert asked(at, "slag") == ["HVB"]
    actions = [event.action for event in rows(AuditEvent, entity="saved_view")]
    assert actions == ["save_view", "rename_view", "remove_view"]


def test_a_view_keeps_its_group_and_one_without_shows_the_whole_unit(w, open_list):
    for name, choices in (
        ("Ett", {"grupp": (slug(w.group_id),)}),
        ("Alla HVB", {"slag": ("HVB",)}),
    ):
        run(saved_views.save, NewView("placeringar", name, choices), by=w.manager)
    at = unfold(open_list())
    ids = {row.name: row.id for row in rows(SavedView)}

    def choose(view_id):
        (views,) = [box for box in at.selectbox if box.label == "Dina sparade vyer"]
        return views.select(view_id).run()

    choose(ids["Ett"])
    assert asked(at, "grupp") == [slug(w.group_id)]
    assert "PL-0002" not in tables(at)
    choose(ids["Alla HVB"])
    assert "grupp" not in at.query_params
    assert "PL-0002" in tables(at)


def test_a_view_without_a_name_is_refused_at_its_field_and_keeps_the_choice(w, open_list):
    at = unfold(open_list(slag="HVB"))
    at = press(at, "Spara vyn")

    assert "Ge vyn ett namn" in said(at)
    assert rows(SavedView) == []
    assert asked(at, "slag") == ["HVB"]


def test_views_are_ones_own_on_the_page(w, open_list):
    run(saved_views.save, NewView("placeringar", "Min", {"slag": ("HVB",)}), by=w.manager)
    at = unfold(open_list("controller"))
    assert "Dina sparade vyer" not in [box.label for box in at.selectbox]
    assert "kan urvalet sparas" in said(at)


def test_the_list_of_a_past_day_can_be_narrowed_too(open_list):
    at = open_list(per="2024-05-19", lage="pågående", avtal="individavtal")
    assert "PL-0003" in tables(at)
    assert tile(at, "Pågående") == "2"
