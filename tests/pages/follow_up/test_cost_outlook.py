"""Kostnadsprognos: who sees it, what it says, what it is compared with, and what it can't tell."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from core import db
from core.models import AuditEvent, Case, DayRate, PlacementKind, Unit
from core.queries import cache
from core.rules.length_of_stay import MIN_ENDED
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, world

PAGE = "follow_up/cost_outlook.py"
day = make.day


@pytest.fixture
def w(store, today):
    """A unit on 27 May 2024 with one placement that runs, and a budget line that pays it."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        case = session.get_one(Case, made.case_id)
        kind = money.kind(session, unit, budget_section="Bistånd", budget_line="Placeringar")
        line = money.line(session, unit, 900_000)
        money.prognosis(session, line, 800_000, day("2024-05-16"))
        money.placement(
            session,
            case,
            kind,
            day("2024-03-01"),
            reference="PL-0001",
            rates=1000,
            decisions=[{"decided_on": day("2024-02-20"), "planned_end_on": day("2024-06-30")}],
        )
        made.extra |= {"kind": kind.id, "line": line.id}
    return made


def add(w, starts, **fields):
    """Save one more placement of the unit's case."""
    with db.write() as session:
        case = session.get_one(Case, w.case_id)
        kind = session.get_one(PlacementKind, w.extra["kind"])
        placed = money.placement(session, case, kind, day(starts), **{"rates": 1000} | fields)
    cache.clear()
    return placed


def add_history(w, lengths=range(60, 60 + 10 * MIN_ENDED, 10)):
    for length in lengths:
        ended = day("2023-01-01") + dt.timedelta(days=length - 1)
        add(w, "2023-01-01", ended_on=ended)


@pytest.fixture
def open_outlook(w, open_page):
    """The page as somebody sees it: `open_outlook("controller", jamfor="ar")`."""

    def run_page(name="controller", **query):
        cache.clear()
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(words):
    return words.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def said(at):
    return plain(" ".join(one.value for one in (*at.markdown, *at.info, *at.warning)))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def tables(at):
    return plain("".join(h.proto.body for h in at.get("html") if "rt-table" in h.proto.body))


def alts(at):
    return [plain(chart.proto.alt) for chart in at.get("vega_lite_chart")]


def test_nothing_has_moved_since_last_month(open_outlook):
    at = open_outlook()

    assert "Prognosen är oförändrad sedan 30 apr." in said(at)
    # 1 March through 30 June.
    assert metrics(at)["Helår 2024 enligt beslut"] == "122 tkr"
    assert metrics(at)["Sedan 30 apr"] == "0 tkr"
    assert "Förändring sedan" not in tables(at)


def test_what_moved_the_prognosis_is_said_drawn_and_listed(w, open_outlook):
    add(
        w,
        "2024-05-10",
        reference="PL-0002",
        decisions=[{"decided_on": day("2024-05-08"), "planned_end_on": day("2024-07-31")}],
    )
    at = open_outlook()

    words = "Prognosen har ökat med 83 tkr sedan 30 apr, mest på grund av 1 ny placering."
    assert words in said(at)
    assert "nya placeringar 83 tkr" in alts(at)[0]
    table = tables(at)
    assert "PL-0002" in table
    assert "2024-07-31" in table
    assert "PL-0001" not in table
    assert metrics(at)["Sedan 30 apr"] == "+83 tkr"


def test_what_works_the_other_way_is_said_too(w, open_outlook):
    add(w, "2024-05-10", decisions=[{"decided_on": day("2024-05-08")}])
    add(w, "2024-01-10", ended_on=day("2024-05-20"))
    words = said(open_outlook())

    # 236 days are new, 225 are not needed.
    assert "Prognosen har ökat med 11 tkr sedan 30 apr, mest på grund av 1 ny placering." in words
    assert (
        "Samtidigt minskade den med 225 tkr, mest på grund av 1 placering som slutade tidigare än "
        "beslutat." in words
    )


def test_more_and_less_that_even_out_are_both_told(w, open_outlook):
    add(w, "2024-05-21", decisions=[{"decided_on": day("2024-05-08")}])
    add(w, "2024-01-10", ended_on=day("2024-05-20"))

    words = said(open_outlook())

    assert "Prognosen är oförändrad sedan 30 apr. Det som ökar och det som minskar" in words
    assert "tar ut varandra: 1 ny placering mot 1 placering som slutade tidigare" in words


def test_the_years_beginning_and_the_latest_prognosis_can_be_compared_with(open_outlook):
    assert metrics(open_outlook(jamfor="ar"))["Sedan 31 dec 2023"] == "+122 tkr"
    assert "Sedan 16 maj" in metrics(open_outlook(jamfor="prognos"))
    assert "Sedan 15 feb" in metrics(open_outlook(jamfor="2024-02-15"))


def test_a_choice_is_kept_in_the_address(open_outlook):
    at = open_outlook()
    at.selectbox(key="compared").select("ar").run()
    assert at.query_params["jamfor"] == "ar"

    at.selectbox(key="compared").select("annan").run()
    at.date_input(key="compared-day").set_value(day("2024-03-31")).run()

    assert at.query_params["jamfor"] == "2024-03-31"
    assert "Sedan 31 mars" in metrics(at)


@pytest.mark.parametrize("asked", ["2024-05-27", "2025-01-01", "2020-01-01", "nonsens", "prognos2"])
def test_a_day_that_cannot_be_compared_with_gives_last_month_and_a_notice(open_outlook, asked):
    at = open_outlook(jamfor=asked)

    assert f"Det går inte att jämföra med ”{asked}”." in said(at)
    assert "Sedan 30 apr" in metrics(at)


def test_without_a_prognosis_there_is_none_to_compare_with(w, open_outlook):
    at = open_outlook(per="2024-05-10", jamfor="prognos")

    assert "Det går inte att jämföra" in said(at)


def test_too_few_ended_stays_give_no_span_and_say_how_many(open_outlook):
    at = open_outlook()

    assert "För få avslutade placeringar (0)" in said(at)
    assert "Uppskattat helår 2024" not in metrics(at)
    assert not alts(at)


def test_where_the_year_may_end_is_said_drawn_and_listed_by_kind(w, open_outlook):
    add_history(w)
    at = open_outlook()

    assert "Året väntas sluta på omkring" in said(at)
    assert alts(at)[-1].endswith("Budgeten är 900 tkr.")
    assert metrics(at)["Budget för placeringar"] == "900 tkr"
    assert "Håller även högt räknat" in said(at)
    table = tables(at)
    assert "egen</td>" in table
    assert f"'rt-right'>{MIN_ENDED}</td><td class='rt-right'>100</td>" in table
    assert "2023 hamnade utfallet inom spannet vid" in said(at)
    spec = json.loads(at.get("vega_lite_chart")[-1].proto.spec)
    assert spec["height"] == 320


def test_a_kind_with_too_few_ended_stays_says_so(w, open_outlook):
    add_history(w)
    with db.write() as session:
        unit, case = session.get_one(Unit, w.unit_id), session.get_one(Case, w.case_id)
        home = money.kind(session, unit, "Familjehem")
        money.placement(session, case, home, day("2024-01-01"), rates=2000)

    assert "alla slag (för få: 0)" in tables(open_outlook())


def test_a_rate_registered_later_explains_why_the_list_shows_more(w, open_outlook):
    placed = add(
        w,
        "2024-01-01",
        decisions=[{"decided_on": day("2023-12-20"), "planned_end_on": day("2024-12-31")}],
    )
    with db.write() as session:
        rate = DayRate(placement_id=placed.id, valid_from=day("2024-10-01"), amount=Decimal(1100))
        make.save(session, rate)

    words = said(open_outlook())

    assert "Prognosen har ökat med 9 tkr sedan 30 apr, mest på grund av ändrat dygnspris" in words
    assert "Placeringslistan visar 497 200 kr för 2024-04-30" in words


def test_no_placements_at_all_says_what_will_be_here(w, open_outlook):
    at = open_outlook("controller", per="2022-05-27")

    assert [info.value[:25] for info in at.info] == ["Inga placeringar 2022. Nä"]


def test_nobody_sees_a_case_here_and_a_group_manager_only_the_own_group(w, open_outlook):
    for name in ("controller", "unit_manager", "group_manager"):
        at = open_outlook(name, jamfor="ar")
        assert "PL-0001" in tables(at)
        assert "AR-0001" not in tables(at)
    other = open_outlook("other_group_manager", jamfor="ar")
    assert "PL-0001" not in tables(other)


@pytest.mark.parametrize("name", ["caseworker", "reader", "admin"])
def test_others_are_refused(w, open_page, name):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        open_page(PAGE, w.actors[name])


def test_reading_the_placements_is_logged(w, open_outlook):
    open_outlook("unit_manager")

    read = [one for one in rows(AuditEvent) if one.entity == "placements"]
    assert [one.user_id for one in read] == [w.actors["unit_manager"].user_id]
