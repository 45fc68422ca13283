"""The command line prints the published figures, and one case moves what it should and no more."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from sqlmodel import col, select

from core import db, models
from core.__main__ import main
from core.auth import Actor, Role
from core.cli.figures import FIGURES
from core.services import cases, change_plans
from core.terms import ClosingReason
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT, Facts

TODAY = dt.date(2024, 5, 27)
YEAR_2021 = ("--from", "2021-01-01", "--to", "2021-12-31")
THIS_YEAR = ("--from", "2024-01-01", "--to", "2024-05-27")


@pytest.fixture
def printed(demo, capsys):
    """What `figures NAME --unit SLUG ... --csv` prints, as a list of dicts."""

    def run(name, slug, *options):
        assert main(["figures", name, "--unit", slug, *options, "--csv"]) == 0
        return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    return run


@pytest.fixture
def whole(printed):
    """Every figure of both units today and this year, in every split, as text by its command."""

    def read():
        answers = {}
        for slug in (WORK_UNIT, BENEFIT_UNIT):
            for name, figure in FIGURES.items():
                dates = THIS_YEAR if figure.period == "from-to" else ()
                for by in figure.splits or ("",):
                    split = ("--by", str(by)) if by else ()
                    answers[slug, name, str(by)] = printed(name, slug, *dates, *split)
        return answers

    return read


def only(rows):
    """The single row of an answer."""
    assert [row["key"] for row in rows] == ["alla"]
    return rows[0]


def keyed(rows, key="key"):
    """An answer's rows by their key."""
    return {row[key]: row for row in rows}


def moved(before, after):
    """The commands whose answer is another."""
    return {command for command in before if before[command] != after[command]}


def test_households_of_the_first_unit(printed):
    months = keyed(
        printed("households", WORK_UNIT, "--from", "2020-09-01", "--to", "2022-01-31"), "month"
    )

    counts = {month: row["households"] for month, row in months.items()}
    assert (counts["2020-09"], counts["2021-01"], counts["2021-10"]) == ("378", "357", "314")
    assert (counts["2021-11"], counts["2021-12"]) == ("317", "330")
    children = {month: row["children"] for month, row in months.items()}
    assert (children["2021-01"], children["2021-11"], children["2021-12"]) == ("154", "128", "182")
    january = {name: cell for name, cell in months["2022-01"].items() if name != "paid_benefit"}
    assert january == {
        "month": "2022-01",
        "households": "317",
        "recipients": "529",
        "adults": "343",
        "children": "186",
        "women": "165",
        "men": "152",
        "other": "0",
    }


def test_obstacles_of_the_first_unit(printed):
    rows = keyed(printed("obstacles", WORK_UNIT, "--on", "2022-01-31"), "obstacle")

    assert rows["arbetslös"]["adults"] == "140"
    assert rows["sjukskriven_utan_sgi"]["adults"] == "110"
    assert rows["sjukskriven_med_sgi"]["adults"] == "4"
    assert rows["aktivitetsersättning"]["adults"] == "13"
    assert sum(int(row["adults"]) for row in rows.values()) == 343


def test_plans_within_three_months_of_the_first_unit(printed):
    year = only(printed("change-plans-within-three-months", WORK_UNIT, *YEAR_2021))
    assert (year["within"], year["deadlines"], year["share"]) == ("161", "207", "0.7778")

    tertial = ("--from", "2022-01-01", "--to", "2022-04-30", "--by", "gender")
    rows = keyed(printed("change-plans-within-three-months", WORK_UNIT, *tertial))
    assert set(rows) == {"kvinna", "man"}
    assert (rows["man"]["within"], rows["man"]["deadlines"]) == ("15", "17")
    assert (rows["kvinna"]["within"], rows["kvinna"]["deadlines"]) == ("14", "18")


def test_coverage_of_the_first_unit_by_gender(printed):
    rows = keyed(printed("change-plans", WORK_UNIT, "--on", "2021-12-31", "--by", "gender"))

    assert round(Decimal(rows["man"]["coverage"]), 2) == Decimal("0.71")
    assert round(Decimal(rows["kvinna"]["coverage"]), 2) == Decimal("0.45")


def test_child_impact_of_the_first_unit(printed):
    year = only(printed("bka", WORK_UNIT, *YEAR_2021))
    assert round(Decimal(year["share"]), 2) == Decimal("0.77")

    spring = only(printed("bka", WORK_UNIT, "--from", "2022-01-01", "--to", "2022-05-31"))
    assert (spring["decisions"], spring["children"], spring["done"]) == ("33", "66", "64")


def test_staff_surveys_of_the_first_unit(printed):
    rows = {(row["year"], row["group"]): row for row in printed("staff-survey", WORK_UNIT)}

    assert rows["2020", "Utredning ekonomiskt bistånd"]["ami"] == "57"
    assert rows["2020", "Mottagning"]["ami"] == "65"
    assert rows["2021", "alla"]["ami"] == "70"
    assert rows["2022", "alla"]["ami"] == "84"
    assert rows["2021", "alla"]["response_rate"] == "0.7500"
    assert round(Decimal(rows["2022", "alla"]["response_rate"]), 2) == Decimal("0.89")


def test_a_survey_with_fewer_than_five_answers_has_no_row(printed):
    rows = printed("staff-survey", BENEFIT_UNIT)

    assert "Resurssektionen" not in {row["group"] for row in rows if row["year"] == "2023"}
    assert "Resurssektionen" in {row["group"] for row in rows if row["year"] == "2022"}


def test_open_cases_of_the_second_unit(printed):
    load = only(printed("load", BENEFIT_UNIT))
    assert (load["households"], load["other_cases"]) == ("850", "305")

    rows = keyed(printed("load", BENEFIT_UNIT, "--by", "group"))
    assert (rows["Ekonomiskt bistånd"]["households"], rows["Beroende"]["other_cases"]) == (
        "850",
        "230",
    )
    assert rows["Resurssektionen"]["other_cases"] == "75"


def test_the_budget_of_the_second_unit(printed):
    rows = printed("budget", BENEFIT_UNIT)
    sections = {row["section"]: Decimal(0) for row in rows}
    for row in rows:
        sections[row["section"]] += Decimal(row["budget"])

    assert sections == {
        "Ekonomiskt bistånd": Decimal(112_600_000),
        "Beroende": Decimal(40_900_000),
        "Arbetsmarknadsinsatser": Decimal(6_900_000),
    }
    assert all(row["prognosis"] and row["run_rate"] and row["last_year_pattern"] for row in rows)
    assert [row for row in rows if row["bottom_up"]]


def test_indicators_of_the_second_unit(printed):
    rows = keyed(printed("indicators", BENEFIT_UNIT), "indicator")

    assert len(rows) == 20
    assert rows["Aktivt Medskapandeindex"]["city_target"] == "83"
    assert rows["Sjukfrånvaro"]["city_target"] == "tas fram av nämnd"


def test_placements_of_the_second_unit(printed):
    rows = printed("placements", BENEFIT_UNIT)

    assert {row["review_overdue"] for row in rows} == {"true", "false"}
    assert sum(int(row["days"]) for row in printed("placement-cost", BENEFIT_UNIT, *THIS_YEAR)) > 0


def test_a_new_plan_moves_the_plans_and_what_is_made_of_them_and_nothing_else(whole, printed):
    facts = Facts(BENEFIT_UNIT)
    case = first(facts, "overdue")
    before = whole()
    yesterday = printed("change-plans", BENEFIT_UNIT, "--on", "2024-05-23", "--by", "caseworker")

    with db.write() as session:
        change_plans.establish(session, case.id, dt.date(2024, 5, 24), by=manager(session))
    after = whole()

    plans = {(BENEFIT_UNIT, "change-plans", by) for by in splits("change-plans")}
    assert moved(before, after) == plans | {(BENEFIT_UNIT, "indicators", "")}
    was, now = (only(answer[BENEFIT_UNIT, "change-plans", "none"]) for answer in (before, after))
    assert difference(was, now) == {"current": 1, "overdue": -1}
    named = facts.caseworker(case, TODAY)
    was, now = (keyed(a[BENEFIT_UNIT, "change-plans", "caseworker"]) for a in (before, after))
    assert [name for name in was if was[name] != now[name]] == [named]
    assert changed_indicators(before, after) == {"Andel aktuella förändringsplaner"}
    assert (
        printed("change-plans", BENEFIT_UNIT, "--on", "2024-05-23", "--by", "caseworker")
        == yesterday
    )


def test_a_closed_case_moves_its_own_figures_by_one_and_nothing_else(whole):
    facts = Facts(BENEFIT_UNIT)
    case = first(facts, "current")
    before = whole()

    with db.write() as session:
        closing = cases.Closing(TODAY, ClosingReason.WORK)
        cases.close(session, case.id, closing, version=case.version, by=manager(session))
    after = whole()

    names = {name for _, name, _ in moved(before, after)}
    assert names == {"change-plans", "load", "flow", "obstacles", "closing-reasons", "indicators"}
    assert {slug for slug, _, _ in moved(before, after)} == {BENEFIT_UNIT}
    pairs = {
        name: [only(answer[BENEFIT_UNIT, name, "none"]) for answer in (before, after)]
        for name in ("change-plans", "load", "flow")
    }
    assert difference(*pairs["change-plans"]) == {"open": -1, "current": -1}
    assert difference(*pairs["load"]) == {"households": -1}
    assert difference(*pairs["flow"]) == {"closed": 1}
    assert adults(after) - adults(before) == -len(facts.adults_on(case, TODAY))
    assert changed_indicators(before, after) == {
        "Andel aktuella förändringsplaner",
        "Andel individer som avslutas till kodningen Okänt (ekonomiskt bistånd)",
    }


def test_the_action_plan_and_the_underlying_result_of_the_second_unit(printed):
    plan = keyed(printed("action-plan", BENEFIT_UNIT), "line")
    assert plan["HVB"] == {
        "section": "Beroende",
        "line": "HVB",
        "budget": "6500000.00",
        "prognosis": "7200000.00",
        "expected": "600000.00",
        "achieved": "87000.00",
        "remaining": "64000.00",
        "with_plan": "7136000.00",
        "deviation": "-700000.00",
        "deviation_with_plan": "-636000.00",
    }

    rows = keyed(printed("underlying", BENEFIT_UNIT), "line")
    grant = rows["Statsbidrag"]
    assert (grant["grants"], grant["underlying_prognosis"]) == ("-95000.00", "-685000.00")
    outcome = float(grant["outcome_to_date"])
    assert float(grant["underlying_to_date"]) == outcome + 95_000
    assert float(grant["underlying_run_rate"]) == (outcome + 95_000) * 3 - 95_000


def test_the_driver_models_months_are_households_times_kronor(printed):
    months = printed("driver-model", BENEFIT_UNIT)

    assert [row["month"] for row in months] == [f"2024-{n:02}" for n in range(1, 13)]
    for row in months:
        product = float(row["households"]) * float(row["per_household"])
        assert abs(product - float(row["modelled"])) < 10
        assert row["cost"] == (row["booked"] or row["modelled"])
    assert [row["households"] for row in months[3:6]] == ["850", "848.5", "847"]


def first(facts, status):
    """The first open referred case with a status, a caseworker and a deadline before this year."""
    for case in facts.open(TODAY):
        early = case.referred_on is not None and case.referred_on < dt.date(2023, 9, 1)
        if early and facts.status(case, TODAY) == status and facts.caseworker(case, TODAY):
            return case
    raise AssertionError(status)


def manager(session):
    """The demo's enhetschef, acting in the second unit."""
    user = session.exec(select(models.User).where(models.User.username == "enhetschef")).one()
    unit = session.exec(select(models.Unit).where(col(models.Unit.slug) == BENEFIT_UNIT)).one()
    return Actor(user.id, user.name, Role.UNIT_MANAGER, unit_id=unit.id)


def splits(name):
    """The ways a figure can be split, as in the keys of `whole`."""
    return [str(by) for by in FIGURES[name].splits]


def difference(was, now):
    """What has changed between two rows of whole numbers."""
    whole_numbers = [name for name in was if was[name].isdigit()]
    changes = {name: int(now[name]) - int(was[name]) for name in whole_numbers}
    return {name: change for name, change in changes.items() if change}


def changed_indicators(before, after):
    """The names of the second unit's indicators that got another value."""
    was, now = (keyed(a[BENEFIT_UNIT, "indicators", ""], "indicator") for a in (before, after))
    return {name for name in was if was[name] != now[name]}


def adults(answers):
    """The second unit's adults over all obstacles."""
    return sum(int(row["adults"]) for row in answers[BENEFIT_UNIT, "obstacles", ""])
