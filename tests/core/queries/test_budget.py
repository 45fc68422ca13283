"""Budget, outcome and prognoses, worked out by hand."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from core import db
from core.auth import Scope
from core.clock import now
from core.queries import budget, cache
from core.queries.budget import COLUMNS
from tests import factories as make
from tests import factories_money as money

day = make.day
ON = day("2024-05-27")
MAY = day("2024-05-01")


@pytest.fixture
def unit(store):
    """A unit with two lines of 2024 and the first one's line of 2023."""
    with db.write() as session:
        row = make.unit(session)
        kind = money.kind(session, row, budget_section="Bistånd", budget_line="Placeringar")
        return SimpleNamespace(
            id=row.id,
            row=row,
            kind=kind,
            placed=money.line(session, row, 1_200_000),
            income=money.line(session, row, -50_000, section="Intäkter", name="Bidrag"),
            last_year=money.line(session, row, 1_000_000, year=2023),
        )


def book(line, amounts, booked_on=None):
    """Book amounts of months written as 2024-01, each on the tenth of the following month."""
    with db.write() as session:
        for month, amount in amounts.items():
            first = day(f"{month}-01")
            following = first.replace(day=28) + (day("2024-01-10") - day("2023-12-28"))
            money.outcome(session, line, first, amount, day(booked_on) if booked_on else following)


def book_last_year(line, amount=10_000, months=12):
    book(line, {f"2023-{n:02}": amount * n for n in range(1, months + 1)})


def place(unit, starts_on, rate, **fields):
    with db.write() as session:
        case = make.case(session, unit.row, day("2023-01-01"))
        return money.placement(session, case, unit.kind, day(starts_on), rates=rate, **fields)


def foresee(line, made_on, amount, **fields):
    with db.write() as session:
        return money.prognosis(session, line, amount, day(made_on), **fields)


def table_at(unit, on=ON, **scope):
    cache.clear()
    with db.read() as session:
        return budget.budget(session, Scope(unit.id, **scope), on=on)


def row_at(unit, on=ON, line="Placeringar"):
    return table_at(unit, on).set_index("line").to_dict("index")[line]


def full_at(unit, on=ON):
    cache.clear()
    with db.read() as session:
        return budget.budget_table(session, Scope(unit.id), on=on)


def summary_at(unit, on=ON):
    cache.clear()
    with db.read() as session:
        return budget.budget_summary(session, Scope(unit.id), on=on)


def test_a_line_with_outcome_prognosis_and_all_three_computed_ones(unit):
    book_last_year(unit.last_year)  # 10, 20 ... 120 tkr: 100 of 780 by April
    book(unit.placed, {f"2024-{n:02}": 90_000 for n in range(1, 5)})
    foresee(unit.placed, "2024-05-15", "1250000.50")
    place(unit, "2024-03-01", 400)

    assert row_at(unit) == {
        "section": "Bistånd",
        "budget": Decimal("1200000.00"),
        "outcome_to_date": Decimal("360000.00"),
        "prognosis": Decimal("1250000.50"),
        "deviation": Decimal("-50000.50"),
        "run_rate": Decimal("1080000.00"),
        "last_year_pattern": Decimal("2808000.00"),
        # 245 days from the first of May
        "bottom_up": Decimal("458000.00"),
    }


def test_lines_come_by_section_and_name_with_the_columns_of_the_file(unit):
    table = table_at(unit)

    assert list(table.columns) == list(COLUMNS)
    assert list(table["section"]) == ["Bistånd", "Intäkter"]
    with db.write() as session:
        empty = SimpleNamespace(id=make.unit(session).id)
    assert list(table_at(empty).columns) == list(COLUMNS)


def test_without_a_booked_month_only_the_placements_have_a_prognosis(unit):
    place(unit, "2024-05-01", 1000)
    row = row_at(unit)

    assert row["outcome_to_date"] is None
    assert row["run_rate"] is None
    assert row["last_year_pattern"] is None
    assert row["bottom_up"] == 245 * 1000
    assert row["deviation"] is None


def test_only_lines_that_a_kind_of_placement_points_to_are_counted_bottom_up(unit):
    assert row_at(unit)["bottom_up"] == 0
    assert row_at(unit, line="Bidrag")["bottom_up"] is None


def test_the_month_booked_on_any_line_counts_for_all_and_a_missing_row_is_zero(unit):
    book(unit.income, {"2024-01": -3_000, "2024-03": -1_500})
    book(unit.placed, {"2024-01": 80_000})

    assert row_at(unit)["outcome_to_date"] == 80_000
    assert row_at(unit)["run_rate"] == 320_000
    assert row_at(unit, line="Bidrag")["outcome_to_date"] == -4_500
    assert row_at(unit, line="Bidrag")["run_rate"] == -18_000


def test_a_month_counts_when_it_has_ended_and_was_booked_by_the_day(unit):
    book(unit.placed, {"2024-04": 40_000}, booked_on="2024-05-10")
    book(unit.placed, {"2024-05": 99_000}, booked_on="2024-05-20")

    assert row_at(unit, day("2024-05-09"))["outcome_to_date"] is None
    assert row_at(unit, day("2024-05-10"))["outcome_to_date"] == 40_000
    assert row_at(unit, day("2024-05-30"))["outcome_to_date"] == 40_000
    assert row_at(unit, day("2024-05-31"))["outcome_to_date"] == 139_000


def test_the_amount_booked_latest_by_the_day_is_the_months(unit):
    book(unit.placed, {"2024-01": 100}, booked_on="2024-02-10")
    book(unit.placed, {"2024-01": 300}, booked_on="2024-04-10")
    book(unit.placed, {"2024-01": 200}, booked_on="2024-03-10")
    book(unit.placed, {"2024-01": 400}, booked_on="2024-04-10")

    assert row_at(unit, day("2024-03-09"))["outcome_to_date"] == 100
    assert row_at(unit, day("2024-04-09"))["outcome_to_date"] == 200
    assert row_at(unit, day("2024-04-10"))["outcome_to_date"] == 400


def test_the_prognosis_is_the_latest_made_by_the_day(unit):
    foresee(unit.placed, "2024-04-15", 1_100_000, comment="april")
    foresee(unit.placed, "2024-03-15", 1_000_000, comment="mars")
    foresee(unit.placed, "2024-04-15", 1_150_000, comment="april rättad")

    assert row_at(unit, day("2024-03-14"))["prognosis"] is None
    assert row_at(unit, day("2024-04-14"))["deviation"] == 200_000
    assert row_at(unit, day("2024-04-15"))["prognosis"] == 1_150_000
    line = full_at(unit).lines[0]
    assert (line.made_on, line.comment) == (day("2024-04-15"), "april rättad")
    assert line.deviation_share == Fraction(50, 1200)


def test_the_pattern_has_no_value_before_last_years_december_is_booked(unit):
    book_last_year(unit.last_year, months=11)
    book(unit.placed, {"2024-01": 9_000})
    assert row_at(unit)["last_year_pattern"] is None

    with db.write() as session:
        other = money.line(session, unit.row, 0, year=2023, section="Intäkter", name="Gammal")
    book(other, {"2023-12": 5}, booked_on="2024-01-20")

    assert row_at(unit, day("2024-02-01"))["last_year_pattern"] is None  # January not booked
    # 10 of 660 tkr in January
    assert row_at(unit)["last_year_pattern"] == 594_000


def test_the_same_line_last_year_has_the_same_section_and_name(unit):
    book_last_year(unit.last_year)
    book(unit.placed, {"2024-01": 9_000})
    book(unit.income, {"2024-01": -9_000})

    assert row_at(unit)["last_year_pattern"] is not None
    assert row_at(unit, line="Bidrag")["last_year_pattern"] is None


def test_bottom_up_follows_the_committed_rules_from_the_month_after_the_booked(unit):
    book(unit.placed, {"2024-04": 7})
    place(
        unit,
        "2024-05-10",
        100,
        decisions=[{"decided_on": day("2024-05-10"), "planned_end_on": day("2024-06-30")}],
    )
    place(unit, "2024-02-01", 100, ended_on=day("2024-05-03"))
    place(unit, "2024-06-01", 100, decisions=[{"decided_on": day("2024-06-01")}])
    with db.write() as session:
        elsewhere = money.kind(session, unit.row, "betalas av ingen post")
        case = make.case(session, unit.row, day("2024-01-01"))
        money.placement(session, case, elsewhere, day("2024-05-01"), rates=100)

    assert row_at(unit)["bottom_up"] == 7 + 52 * 100 + 3 * 100


def test_bottom_up_is_the_outcome_alone_when_the_year_is_booked(unit):
    book(unit.placed, {"2024-12": 500}, booked_on="2024-12-31")
    place(unit, "2024-03-01", 1000)

    assert row_at(unit, day("2024-12-31"))["bottom_up"] == 500


def test_a_voided_row_counts_nowhere(unit):
    with db.write() as session:
        gone = {"voided_at": now()}
        money.outcome(session, unit.placed, MAY, 1, day("2024-05-31"), **gone)
        money.prognosis(session, unit.placed, 1, day("2024-05-01"), **gone)

    row = row_at(unit, day("2024-06-15"))
    assert (row["outcome_to_date"], row["prognosis"]) == (None, None)


def test_budget_is_the_units_also_for_a_group(unit):
    place(unit, "2024-05-01", 1000)
    with db.write() as session:
        group = make.group(session, unit.row)

    assert table_at(unit, group_id=group.id).equals(table_at(unit))


def test_another_units_lines_and_outcomes_are_not_read(unit):
    with db.write() as session:
        other = make.unit(session)
        line = money.line(session, other, 5)
        money.outcome(session, line, day("2024-01-01"), 5, day("2024-02-01"))

    assert len(table_at(unit)) == 2
    assert row_at(unit)["outcome_to_date"] is None


def test_a_sum_has_a_value_only_where_every_line_has_one(unit):
    foresee(unit.placed, "2024-05-01", 1_300_000)
    table = full_at(unit)
    bistand, intakter = table.sections
    assert (bistand.figures.deviation, intakter.figures.deviation) == (-100_000, None)
    assert table.total.figures.budget == 1_150_000
    assert table.total.figures.prognosis is None
    assert summary_at(unit).without_prognosis == 1

    foresee(unit.income, "2024-05-02", -50_000)
    summary = summary_at(unit)
    assert (summary.prognosis, summary.deviation) == (1_250_000, -100_000)
    assert summary.deviation_share == Fraction(-100, 1150)
    assert summary.without_prognosis == 0


def test_sums_add_unrounded_values(unit):
    book(unit.placed, {"2024-01": "0.01", "2024-07": 0}, booked_on="2024-08-01")
    book(unit.income, {"2024-01": "0.02"}, booked_on="2024-08-01")

    table = full_at(unit, day("2024-08-01"))

    assert table.total.figures.run_rate == Fraction(3, 100) / 7 * 12
    assert table.booked_through == day("2024-07-01")
    assert summary_at(unit, day("2024-08-01")).outcome_to_date == Decimal("0.03")


def test_a_year_without_lines_sums_to_nothing_known(unit):
    summary = summary_at(unit, day("2022-05-01"))

    assert (summary.lines, summary.budget, summary.prognosis) == (0, 0, None)
    assert summary.outcome_to_date is None
