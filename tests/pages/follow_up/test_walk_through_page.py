"""Genomgång: start, one placement at a time, what is refused, and the summary."""

import pytest

from core import db
from core.models import (
    AuditEvent,
    Case,
    Placement,
    PlacementDecision,
    PlacementPlan,
    Unit,
    WalkThrough,
    WalkThroughItem,
)
from core.queries import cache
from core.services.walk_through_checks import NewItem
from core.services.walk_through_items import decide
from core.services.walk_throughs import NewWalkThrough, close, start
from core.terms import Contract, WalkThroughOutcome
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

PAGE = "follow_up/walk_through.py"
STARTS = make.day("2024-03-01")
NEXT, END = make.day("2024-06-27"), make.day("2024-06-30")


@pytest.fixture
def w(store, today):
    """A unit with a family in hotel and two in HVB; all three are the case of Ett's."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        case = session.get_one(Case, made.case_id)
        hotel = money.kind(session, unit, "hotell", is_hotel=True)
        home = money.kind(session, unit, "HVB")
        individual = [{"decided_on": STARTS, "contract": Contract.INDIVIDUAL}]
        made.extra["placements"] = [
            money.placement(session, case, kind, STARTS, rates=rate, reference=name, **fields).id
            for name, kind, rate, fields in (
                ("PL-1", home, 1000, {}),
                ("PL-2", hotel, 3000, {"children": 2}),
                ("PL-3", home, 2000, {"decisions": individual}),
            )
        ]
    return made


@pytest.fixture
def opened(w, open_page):
    """The page as somebody sees it: `opened("group_manager", mote=1)`."""

    def run_page(name="group_manager", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


@pytest.fixture
def meeting(w):
    """An open meeting of the group's about all three, by reference."""
    new = NewWalkThrough(TODAY, tuple(w.extra["placements"]), w.group_id)
    return run(start, new, by=w.manager)


def button(at, label):
    return next(one for one in at.button if one.label == label)


def field(elements, label):
    return next(one for one in elements if one.label.startswith(label))


def said(at):
    """Return all that the page says in words."""
    texts = [one.value for group in (at.title, at.markdown, at.subheader) for one in group]
    texts += [one.value for group in (at.info, at.warning, at.error, at.success) for one in group]
    pages = [one.proto.body for one in at.get("html") if "<style>" not in one.proto.body]
    return " ".join([*texts, *pages]).replace("\u202f", " ").replace("\u00a0", " ")


def metrics(at):
    return {one.label: one.value.replace("\u202f", " ").replace("\u00a0", " ") for one in at.metric}


def bars(at):
    return [one.proto.text for one in at.get("progress")]


def save(at):
    button(at, "Spara och gå vidare").click()
    at.run()
    assert not at.exception
    return at


def choose(at, outcome):
    button(at, outcome).click()
    return at.run()


def test_a_meeting_is_started_about_the_dearest_first(opened, w):
    at = opened()
    assert "3 placeringar" in said(at)
    at.radio[0].set_value("Dyrast först")
    at.run()
    at.number_input[0].set_value(2)
    at.run()
    assert "2 placeringar" in said(at)
    button(at, "Starta genomgången").click()
    at.run()

    (row,) = rows(WalkThrough)
    one, two, three = w.extra["placements"]
    assert row.queue == [two, three] != [one]
    assert (row.held_on, row.group_id) == (TODAY, w.group_id)
    assert str(row.id) in at.query_params["mote"]
    assert at.title[0].value == "PL-2 hotell"
    assert bars(at) == ["1 av 2 · 0 beslutade"]


def test_a_selection_without_placements_says_what_to_do_and_starts_nothing(opened, w):
    with db.write() as session:
        for number in w.extra["placements"]:
            session.get_one(Placement, number).ended_on = STARTS
    cache.clear()
    at = opened()
    assert "Urvalet har inga pågående placeringar" in said(at)
    assert button(at, "Starta genomgången").disabled


def test_the_card_shows_what_the_decision_rests_on(opened, meeting, w):
    with db.write() as session:
        placement = w.extra["placements"][0]
        plan = PlacementPlan(
            placement_id=placement, noted_on=STARTS, purpose="Nykterhet", plan_after="Eget boende"
        )
        make.save(session, plan)
    cache.clear()
    at = opened(mote=meeting)
    shown = said(at)
    for words in (
        "PL-1 HVB",
        "AR-0001 · Ada · Ett",
        "Björken · Ramavtal · SoL",
        "1 mars, 88 dygn",
        "tills vidare",
        "Nykterhet",
        "Eget boende",
        "1 mars av Chefen, tills vidare",
        "aldrig uppföljd",
        "Försenad uppföljning",
    ):
        assert words in shown
    # 88 days of 2024 and 218 more
    for label, amount in (
        ("Per dygn", "1 000 kr"),
        ("Upparbetat 2024", "88 000 kr"),
        ("Beslutat framåt", "218 000 kr"),
        ("Helår 2024", "306 000 kr"),
    ):
        assert f"<dt>{label}</dt><dd>{amount}</dd>" in shown


def test_families_in_hotel_and_contracts_outside_the_framework_are_flagged(opened, meeting):
    at = opened(mote=meeting)
    button(at, "Nästa").click()
    at.run()
    assert "Barnfamilj på hotell" in said(at)
    button(at, "Nästa").click()
    at.run()
    assert "Utanför ramavtal" in said(at)
    button(at, "Nästa").click()
    at.run()
    assert at.title[0].value == "PL-1 HVB"
    button(at, "Förra").click()
    at.run()
    assert at.title[0].value == "PL-3 HVB"


def test_one_save_goes_on_to_the_next_with_sensible_defaults(opened, meeting, w):
    at = save(choose(opened(mote=meeting), "Fortsätt"))

    (item,) = rows(WalkThroughItem)
    assert (item.outcome, item.responsible) == (WalkThroughOutcome.CONTINUE, "Ada")
    assert item.next_on == make.day("2024-06-27")
    assert at.title[0].value == "PL-2 hotell"
    assert bars(at) == ["2 av 3 · 1 beslutade"]


def test_nothing_is_saved_without_an_outcome_and_what_was_typed_stays(opened, meeting):
    at = opened(mote=meeting)
    field(at.text_input, "Nästa steg").input("Ring boendet")
    at = save(at)
    assert "Välj vad mötet beslutade." in said(at)
    assert rows(WalkThroughItem) == []
    assert field(at.text_input, "Nästa steg").value == "Ring boendet"


def test_ending_suggests_the_last_day_of_next_month_and_counts_its_effect(opened, meeting):
    at = choose(opened(mote=meeting), "Avsluta")
    assert field(at.date_input, "Sista dag").value == make.day("2024-06-30")
    save(at)
    (item,) = rows(WalkThroughItem)
    # July to December, 184 days
    assert item.full_year_after - item.full_year_before == -184_000


def test_a_change_takes_a_swedish_amount_and_asks_about_an_unusual_one(opened, meeting):
    at = choose(opened(mote=meeting), "Ändra")
    field(at.text_input, "Ny dygnskostnad (nu 1").input("185 000")
    at = save(at)
    assert "Kontrollera innan du sparar" in said(at)
    assert rows(WalkThroughItem) == []

    field(at.text_input, "Ny dygnskostnad (nu 1").input("mycket")
    at = save(at)
    assert "Skriv ett tal med decimalkomma" in said(at)

    field(at.text_input, "Ny dygnskostnad (nu 1").input("1 050,50")
    save(at)
    (item,) = rows(WalkThroughItem)
    # June to December, 214 days
    assert item.full_year_after - item.full_year_before == 214 * 5050 / 100


def test_purpose_and_plan_are_noted_in_the_same_save(opened, meeting):
    at = choose(opened(mote=meeting), "Fortsätt")
    field(at.text_input, "Syfte").input("Nykterhet")
    field(at.selectbox, "Individuell boendeplan").set_value(True)
    save(at)
    (plan,) = rows(PlacementPlan)
    assert (plan.purpose, plan.plan_after, plan.housing_plan) == ("Nykterhet", "", True)
    assert plan.noted_on == TODAY


def walked(at):
    """Decide on all three: go on, end, and look for something else."""
    at = save(choose(at, "Fortsätt"))
    at = save(choose(at, "Avsluta"))
    at = choose(at, "Utred alternativ")
    field(at.text_input, "Nästa steg").input("Pröva eget boende")
    return save(at)


def test_after_the_last_one_the_summary_says_what_was_decided_and_its_effect(opened, meeting):
    at = walked(opened(mote=meeting))
    assert at.title[0].value == "Genomgång 27 maj, Ett"
    assert metrics(at) == {
        "Genomgångna placeringar": "3 av 3",
        "Effekt på helåret 2024": "−552 000 kr",
        "Nästa steg": "1",
    }
    shown = said(at)
    for words in (
        "1 fortsätt · 1 avsluta · 1 utred alternativ",
        "2024 blir 552 000 kr billigare",
        "slutar 2024-06-30",
        "Pröva eget boende",
        "918 000",  # PL-2 before: 306 days at 3000
        "−93 000",  # July and August, 31 days at 3000
    ):
        assert words in shown
    assert "Inte genomgångna" not in shown


def test_a_closed_meeting_opens_as_its_summary_and_stands_among_the_earlier_ones(opened, meeting):
    at = walked(opened(mote=meeting))
    button(at, "Avsluta genomgången").click()
    at.run()
    assert rows(WalkThrough)[0].closed_at is not None
    assert button(at, "Öppna igen")

    at = opened()
    assert "3 av 3 placeringar · 2024 blir 552 000 kr billigare" in said(at)
    button(at, "Visa sammanfattning").click()
    at.run()
    assert at.title[0].value == "Genomgång 27 maj, Ett"
    button(at, "Öppna igen").click()
    at.run()
    assert rows(WalkThrough)[0].closed_at is None
    assert bars(at) == ["1 av 3 · 3 beslutade"]


def test_an_interrupted_meeting_goes_on_at_the_first_one_left(opened, meeting):
    save(choose(opened(mote=meeting), "Fortsätt"))
    at = opened()
    assert bars(at) == ["1 av 3 placeringar genomgångna"]
    button(at, "Fortsätt genomgången").click()
    at.run()
    assert at.title[0].value == "PL-2 hotell"


def test_the_summary_of_an_unfinished_meeting_names_what_is_left(opened, meeting):
    at = save(choose(opened(mote=meeting), "Fortsätt"))
    button(at, "Sammanfattning").click()
    at.run()
    assert "**Inte genomgångna:** PL-2, PL-3" in said(at)
    button(at, "Till placeringarna").click()
    at.run()
    assert at.title[0].value == "PL-2 hotell"


def test_a_meeting_that_decided_nothing_is_taken_away(opened, meeting):
    at = opened(mote=meeting, visa="sammanfattning")
    assert "Mötet har inte beslutat något än" in said(at)
    button(at, "Ta bort genomgången").click()
    at.run()
    assert rows(WalkThrough)[0].voided_at is not None
    assert "Ingen genomgång är avslutad än" in said(at)


def test_a_correction_shows_what_was_decided_and_replaces_it(opened, meeting):
    at = save(choose(opened(mote=meeting), "Avsluta"))
    button(at, "Förra").click()
    at.run()
    assert "Beslutat: avsluta" in said(at)
    assert field(at.date_input, "Sista dag").value == make.day("2024-06-30")
    save(choose(at, "Fortsätt"))
    first, second = rows(WalkThroughItem)
    assert first.voided_at is not None
    assert second.outcome is WalkThroughOutcome.CONTINUE
    assert len([row for row in rows(PlacementDecision) if row.voided_at is None]) == 3


def test_two_in_the_meeting_the_second_sees_what_the_first_decided_and_chooses(opened, meeting, w):
    at = choose(opened(mote=meeting), "Fortsätt")
    field(at.text_input, "Nästa steg").input("Vänta till hösten")
    first = NewItem(meeting, WalkThroughOutcome.END, "Säg upp platsen", "Bo", NEXT, END)
    run(decide, w.extra["placements"][0], first, version=1, by=w.manager)
    at = save(at)
    shown = said(at)
    assert "medan du hade formuläret öppet" in shown
    assert "Säg upp platsen" in shown
    assert "Vänta till hösten" in shown
    assert field(at.text_input, "Nästa steg").value == "Vänta till hösten"
    assert len(rows(WalkThroughItem)) == 1

    button(at, "Spara mina ändringar").click()
    at.run()
    assert not at.exception
    kept = rows(WalkThroughItem)[-1]
    assert (kept.outcome, kept.next_step) == (WalkThroughOutcome.CONTINUE, "Vänta till hösten")
    assert kept.full_year_after == kept.full_year_before == 306_000
    assert at.title[0].value == "PL-2 hotell"


def test_the_second_of_two_may_keep_what_the_first_decided(opened, meeting, w):
    at = choose(opened(mote=meeting), "Utred alternativ")
    field(at.text_input, "Nästa steg").input("Pröva eget boende")
    first = NewItem(meeting, WalkThroughOutcome.END, "Säg upp platsen", "Bo", NEXT, END)
    run(decide, w.extra["placements"][0], first, version=1, by=w.manager)
    at = save(at)
    button(at, "Behåll det sparade").click()
    at.run()
    assert "Du hade skrivit" in said(at)
    assert len(rows(WalkThroughItem)) == 1
    assert field(at.text_input, "Nästa steg").value == "Säg upp platsen"


@pytest.mark.parametrize("asked", ["999", "x", "12345678901"])
def test_a_meeting_that_is_not_there_is_told_and_the_way_back_shown(opened, asked):
    at = opened(mote=asked)
    if asked == "999":
        assert "finns inte bland dina" in said(at)
        button(at, "Till alla genomgångar").click()
        at.run()
    assert button(at, "Starta genomgången")


def test_another_groups_manager_sees_nothing_of_the_meeting(opened, meeting, w):
    assert "finns inte bland dina" in said(opened("other_group_manager", mote=meeting))
    at = opened("other_group_manager")
    assert "Pågår" not in said(at)
    assert "inga pågående placeringar" in said(at)


def test_the_unit_manager_sees_the_meetings_of_every_group(opened, meeting, w):
    run(close, meeting, by=w.manager)
    assert "27 maj, Ett" in said(opened("unit_manager"))


def test_what_is_shown_in_the_meeting_is_logged(opened, meeting):
    opened(mote=meeting)
    read = [row for row in rows(AuditEvent) if row.action == "read"]
    assert [row.entity for row in read] == ["walk_through"]
