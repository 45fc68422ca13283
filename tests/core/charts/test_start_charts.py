"""The rows of Start's charts."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from core.charts import start

STATUSES = ("exempt", "current", "outdated", "due", "overdue")


def plans(*rows):
    made = [(key, sum(counts), *counts, share) for key, share, *counts in rows]
    return pd.DataFrame(made, columns=["key", "open", *STATUSES, "current_share"], dtype=object)


def test_those_with_most_overdue_plans_come_first():
    rows = start.plan_rows(
        plans(
            ("Ada", Fraction(1, 2), 0, 5, 4, 0, 1),
            ("Bo", Fraction(1, 3), 0, 5, 1, 0, 9),
            ("Cleo", Fraction(1, 3), 0, 5, 6, 0, 1),
        )
    )
    assert rows["key"].drop_duplicates().tolist() == ["Bo", "Cleo", "Ada"]


def test_a_bar_has_every_status_and_its_current_share():
    rows = start.plan_rows(plans(("Ada", Fraction(2, 3), 1, 6, 1, 1, 1)))

    assert dict(zip(rows["status"], rows["cases"], strict=True)) == {
        "Aktuell": 6,
        "Inaktuell": 1,
        "Saknas, inom tid": 1,
        "Saknas, försenad": 1,
        "Undantag": 1,
    }
    assert set(rows["label"]) == {"67\u00a0%"}
    assert set(rows["total"]) == {10}


def test_a_caseworker_with_exempt_cases_only_has_a_dash():
    assert set(start.plan_rows(plans(("Ada", None, 3, 0, 0, 0, 0)))["label"]) == {"–"}


def test_only_so_many_bars_are_drawn():
    many = plans(*((f"H {n:02}", Fraction(1), 0, 1, 0, 0, n) for n in range(30)))
    assert start.plan_rows(many)["key"].nunique() == start.MOST_BARS


def test_costs_are_thousands_with_a_months_budget():
    months = pd.DataFrame(
        [(dt.date(2024, 5, 1), Decimal("1500.00"), Decimal("500.00"))],
        columns=["month", "paid", "committed"],
        dtype=object,
    )
    rows = start.cost_rows(months, Fraction(2500))

    assert rows[["month", "part", "tkr"]].to_numpy().tolist() == [
        ["maj", start.PAID, 1.5],
        ["maj", start.COMMITTED, 0.5],
    ]
    assert set(rows["budget"]) == {2.5}
    assert start.cost_rows(months, None)["budget"].isna().all()


def test_households_are_labelled_first_lowest_highest_and_last():
    counts = [378, 400, 350, 314, None, 330]
    months = tuple((dt.date(2021, n + 1, 1), count) for n, count in enumerate(counts))
    rows = start.household_rows(months)

    assert rows["label"].tolist() == ["378", "400", "", "314", "330"]
    assert rows["households"].tolist() == [378, 400, 350, 314, 330]


def test_no_months_give_no_rows():
    assert start.household_rows(()).empty
