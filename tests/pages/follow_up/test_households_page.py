"""Hushåll: months, obstacles, closing reasons and flow, as each role may see them."""

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from core import db
from core.auth import Role, Scope
from core.queries.households import household_months, households
from core.terms import OBSTACLE_CODES, ClosingReason, Gender, Obstacle
from pages.common import flow_parts, household_parts
from pages.common.household_forms import DERIVE, RECORD
from tests import factories as make
from tests import factories_goals as make_goals
from tests.pages.own_statistics import field, press, shown

PAGE = "follow_up/households.py"
MAY = dt.date(2024, 5, 27)
VIEWERS = [role for role in Role if role is not Role.ADMIN]


@pytest.fixture
def world(store, today):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        worker, group = make.caseworker(session, unit), make.group(session, unit)
        for month, number in (("2024-03", 30), ("2024-04", 33)):
            make_goals.household_month(
                session,
                unit,
                month,
                MAY,
                households=number,
                women=number - 13,
                men=10,
                other=3,
                adults=40,
                children=20,
                recipients=60,
                paid_benefit=Decimal(number * 8000),
            )
        for number in range(12):
            fields = {"opened_on": dt.date(2023, 1, 10), "gender": Gender.WOMAN}
            obstacle = Obstacle.UNEMPLOYED if number else Obstacle.CARE_OF_CHILD
            make.case(session, unit, obstacle=obstacle, **fields)
        for reason, closed in ((ClosingReason.WORK, 6), (None, 3)):
            for _ in range(closed):
                make.case(
                    session,
                    unit,
                    dt.date(2023, 1, 10),
                    closed_on=dt.date(2024, 2, 1),
                    closing_reason=reason,
                )
    return unit, worker, group


def actor_of(world, role):
    unit, worker, group = world
    with db.write() as session:
        return make.actor(
            session,
            role,
            unit,
            group=group if role is Role.GROUP_MANAGER else None,
            caseworker=worker if role is Role.CASEWORKER else None,
        )


@pytest.mark.parametrize("role", VIEWERS)
def test_every_role_sees_the_units_sums(world, open_page, role):
    page = shown(open_page(PAGE, actor_of(world, role)))
    assert "Hushåll: 33" in page
    assert "Mottagare: 60" in page
    assert "Utbetalt bistånd: 264\u00a0tkr" in page
    assert "Kr per hushåll: 8\u202f000\u00a0kr" in page
    assert "arbetslös" in page
    assert "Avslutade 2024: 9" in page


def test_each_number_says_its_own_source(world, open_page):
    with db.write() as session:
        fields = {"children": 21, "source_name": "Räknat för hand"}
        make_goals.household_month(session, world[0], "2024-04", MAY, **fields)
    page = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)))
    assert "Barn: 21" in page
    assert page.count("Räknat för hand, 2024-05-27") == 1
    assert page.count("April 2024 · inskrivet, 2024-05-27") == 4


def test_a_share_closed_as_unknown_is_judged_against_twenty_percent(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)))
    assert "Avslutade som okänt 2024: 33\u00a0%" in page
    assert "3 av 9 · mål högst 20\u00a0%" in page
    assert "Uppfylls ej" in page


def test_a_reader_sees_no_small_number_of_people(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.READER)))
    assert "Avslutade som okänt januari–april 2024: .." in page
    assert "&lt;5 av 9" in page or "<5 av 9" in page
    table = next(part for part in page.split("<table") if "Vuxna efter försörjningshinder" in part)
    assert ">1<" not in table
    assert "&lt;5" in table


def test_others_see_the_numbers_as_they_are(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.CONTROLLER)))
    assert "&lt;5" not in page


def test_an_earlier_day_is_shown_as_it_was(world, open_page):
    page = shown(open_page(PAGE, actor_of(world, Role.DEVELOPER), per="2024-03-31"))
    assert "Hushåll: 30" in page
    assert "Avslutade 2024: 9" in page
    assert "Avslutade 2023: 0" in shown(
        open_page(PAGE, actor_of(world, Role.DEVELOPER), per="2023-12-31")
    )


def unfold(at, title):
    """Open a form that is folded."""
    at.session_state[title] = True
    return at.run()


@pytest.mark.parametrize("role", VIEWERS)
def test_only_those_who_may_are_given_the_forms(world, open_page, role):
    at = unfold(open_page(PAGE, actor_of(world, role)), RECORD)
    drawn = any(button.label == "Spara månaden" for button in at.button)
    assert drawn == (role in {Role.UNIT_MANAGER, Role.DEVELOPER})


def test_an_empty_unit_derives_its_first_month(store, today, open_page):
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, Role.UNIT_MANAGER, unit)
        make.case(session, unit, dt.date(2024, 4, 1), children=2)
    at = open_page(PAGE, by)
    assert "ingen hushållsstatistik för de senaste två åren. Räkna fram" in shown(at)
    at = press(unfold(at, DERIVE), "Räkna fram")
    assert "Barn: 2" in shown(at)
    with db.read() as session:
        frame = households(session, Scope(unit.id), start=dt.date(2024, 1, 1), end=MAY)
    assert list(frame["month"]) == ["2024-04"]


def test_a_month_is_typed_in_and_shown(world, open_page):
    at = unfold(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)), RECORD)
    field(at.text_input, "Hushåll").set_value("1 234")
    field(at.text_input, "Källa").set_value("månadsrapporten")
    at = press(at, "Spara månaden")
    assert "Hushåll: 1\u202f234" in shown(at)


def test_a_month_that_does_not_add_up_is_refused_and_what_was_typed_stays(world, open_page):
    at = unfold(open_page(PAGE, actor_of(world, Role.UNIT_MANAGER)), RECORD)
    for label, typed in (("Mottagare", "10"), ("Vuxna", "4"), ("Barn", "5")):
        field(at.text_input, label).set_value(typed)
    at = press(at, "Spara månaden")
    assert "Vuxna och barn är 9 tillsammans." in shown(at)
    assert field(at.text_input, "Mottagare").value == "10"
    assert "Mottagare: 60" in shown(at)


@pytest.fixture
def few(store, today):
    """A unit with small numbers that stand beside numbers they add up with."""
    today(MAY)
    with db.write() as session:
        unit = make.unit(session)
        for month, children in (("2024-03", 9), ("2024-04", 2)):
            make_goals.household_month(
                session,
                unit,
                month,
                MAY,
                households=14,
                women=2,
                men=12,
                other=0,
                adults=18,
                children=children,
                recipients=18 + children,
                paid_benefit=Decimal(140_000),
            )
        opened = ((dt.date(2024, 1, 8), 6), (dt.date(2024, 2, 8), 2), (dt.date(2024, 3, 8), 7))
        for day, number in opened:
            for _ in range(number):
                make.case(session, unit, day, closed_on=dt.date(2024, 5, 6), **_reason(number))
        return unit, make.caseworker(session, unit), make.group(session, unit)


def _reason(number):
    return {"closing_reason": {6: None, 2: ClosingReason.MOVED, 7: ClosingReason.WORK}[number]}


def test_a_readers_tile_does_not_tell_a_hidden_gender_or_how_many_children(few, open_page):
    page = shown(open_page(PAGE, actor_of(few, Role.READER)))
    assert "Hushåll: 14" in page
    assert "<5 med kvinna och .. med man som sökande" in page
    assert "Mottagare: .." in page
    assert "18 vuxna och <5 barn" in page
    manager = shown(open_page(PAGE, actor_of(few, Role.UNIT_MANAGER)))
    assert "2 med kvinna och 12 med man som sökande" in manager
    assert "18 vuxna och 2 barn" in manager


def test_a_readers_chart_of_months_holds_nothing_that_tells_a_hidden_count(few):
    actor = actor_of(few, Role.READER)
    with db.read() as session:
        scope = Scope(few[0].id)
        months = household_months(session, scope, start=dt.date(2024, 1, 1), end=MAY)
    chart = household_parts.month_chart(months, actor)
    april = chart[chart["month"] == "2024-04-01"].set_index("series")
    assert april.loc["hushåll", "count"] == 14
    assert april.loc["vuxna", "count"] == 18, "the adults by obstacle add up to them"
    assert pd.isna(april.loc["barn", "count"])
    assert set(april["shown"]) == {"14", "18", "<5"}


def test_a_month_without_every_part_hides_its_own_small_counts_only(few):
    with db.write() as session:
        numbers = {"households": 20, "women": 3, "adults": 25}
        make_goals.household_month(session, few[0], "2024-02", MAY, **numbers)
    with db.read() as session:
        scope = Scope(few[0].id)
        months = household_months(session, scope, start=dt.date(2024, 1, 1), end=MAY)
    rows = household_parts.month_rows(months, protected=True).set_index("month")
    february, april = rows.loc[dt.date(2024, 2, 1)], rows.loc[dt.date(2024, 4, 1)]
    assert (february["households"], february["women"], february["adults"]) == (20, "<5", 25)
    assert (april["women"], april["men"]) == ("<5", "..")
    assert (april["adults"], april["children"], april["recipients"]) == (18, "<5", "..")


def test_hidden_households_are_not_told_by_what_each_was_paid(few, today, open_page):
    today(dt.date(2024, 6, 3))
    with db.write() as session:
        numbers = {"households": 3, "women": 3, "men": 0, "other": 0}
        paid = {"paid_benefit": Decimal(33_000)}
        make_goals.household_month(session, few[0], "2024-05", MAY, **numbers, **paid)
    page = shown(open_page(PAGE, actor_of(few, Role.READER)))
    assert "Kr per hushåll: .." in page
    assert "11\u202f000" not in page


def test_a_hidden_month_cannot_be_worked_out_from_the_years_flow_or_the_stock(
    few, today, open_page
):
    today(dt.date(2024, 6, 3))
    page = shown(open_page(PAGE, actor_of(few, Role.READER)))
    assert "Öppnade 2024: .." in page
    assert "Remitterade 2024: 0" in page
    table = next(part for part in page.split("<table") if "<caption>Flöde per månad" in part)
    found = re.findall(r"<tr><th[^>]*>2024-0([1-5])</th>((?:<td[^>]*>[^<]*</td>)*)", table)
    assert {month: re.findall(r">([^<]+)<", cells) for month, cells in found} == {
        "1": ["6", "0", "0"],
        "2": ["..", "0", ".."],
        "3": ["7", "0", "0"],
        "4": ["0", "0", "0"],
        "5": ["0", "0", "15"],
    }


def test_a_reader_sees_reasons_of_whole_tertials(few, today, open_page):
    reader = actor_of(few, Role.READER)
    today(dt.date(2024, 8, 31))
    before = shown(open_page(PAGE, reader))
    assert "Avslutade som okänt januari–april 2024: .." in before, "none would tell of February"
    today(dt.date(2024, 9, 2))
    page = shown(open_page(PAGE, reader))
    assert "Avslutade som okänt maj–augusti 2024: .." in page
    assert ".. av 15" in page
    assert "Uppfylls" not in page
    controller = shown(open_page(PAGE, actor_of(few, Role.CONTROLLER)))
    assert "Avslutade som okänt 2024: 40" in controller
    assert "6 av 15" in controller


def test_reasons_are_hidden_with_a_month_that_they_would_add_up_to():
    reasons = pd.DataFrame(
        [("arbete", 20, Fraction(20, 27)), ("studier", 7, Fraction(7, 27))],
        columns=["reason", "cases", "share"],
        dtype=object,
    )
    months = pd.DataFrame(
        [("2024-01", 9, 25), ("2024-02", 8, 2)], columns=["key", "opened", "closed"], dtype=object
    )
    rows = flow_parts.reason_rows(reasons, months, protected=True)
    assert rows.to_numpy().tolist() == [["alla", "..", "..", ".."]]
    nothing = flow_parts.reason_rows(reasons.iloc[:0], months, protected=True)
    assert nothing.equals(rows), "that no case was closed would tell the hidden month"
    larger = months.assign(closed=[20, 7])
    assert len(flow_parts.reason_rows(reasons, larger, protected=True)) == 2


def test_which_obstacles_there_are_is_not_told_where_only_the_total_is():
    rows = [(OBSTACLE_CODES[code], 1, 0) for code in list(OBSTACLE_CODES)[:5]]
    adults = pd.DataFrame(rows, columns=["obstacle", "adults", "over_a_year"], dtype=object)
    assert household_parts.obstacle_rows(adults, protected=True).to_numpy().tolist() == [
        ["alla", 5, "..", ".."]
    ]


def test_hidden_rows_stand_last_since_their_place_would_tell_about_how_many_they_are():
    numbers = (
        (Obstacle.UNEMPLOYED, 30, 10),
        (Obstacle.CARE_OF_CHILD, 9, 4),
        (Obstacle.OTHER, 8, 0),
    )
    adults = pd.DataFrame(
        [(OBSTACLE_CODES[code], *counts) for code, *counts in numbers],
        columns=["obstacle", "adults", "over_a_year"],
        dtype=object,
    )
    screen = household_parts.obstacle_rows(adults, protected=False)
    assert screen["adults"].tolist() == [30, 9, 8]
    rows = household_parts.obstacle_rows(adults, protected=True)
    hidden = [isinstance(count, str) for count in rows["adults"]]
    assert hidden == sorted(hidden)
