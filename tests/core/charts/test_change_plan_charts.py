"""The charts of change plans: whose bar comes first, what stands at its end, and the trend."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from core.charts import change_plans
from core.rules.change_plans import StatusCounts
from tests.core.charts.test_money_charts import fields_of
from tests.factories import day

NBSP = "\u00a0"


def plans(**counts):
    """Return a table of change plans: key=(exempt, current, outdated, due, overdue)."""
    rows = [
        {
            "key": key,
            "open": found.open,
            "exempt": found.exempt,
            "current": found.current,
            "outdated": found.outdated,
            "due": found.due,
            "overdue": found.overdue,
            "coverage": found.coverage,
            "current_share": found.current_share,
        }
        for key, found in ((key, StatusCounts(*one)) for key, one in counts.items())
    ]
    return pd.DataFrame(rows, dtype=object)


def test_the_caseworker_with_most_overdue_plans_comes_first_then_most_outdated():
    table = plans(
        Ada=(0, 9, 1, 0, 2), Bo=(0, 1, 0, 0, 5), Cleo=(0, 9, 4, 0, 2), Dan=(0, 9, 1, 0, 2)
    )

    assert change_plans.worst_first(table) == ["Bo", "Cleo", "Ada", "Dan"]
    assert list(change_plans.bar_rows(table)["key"].unique()) == ["Bo", "Cleo", "Ada", "Dan"]


def test_a_bar_has_the_five_statuses_in_their_order_with_its_shares_at_the_end():
    rows = change_plans.bar_rows(plans(Ada=(5, 4, 3, 2, 1)))

    assert list(zip(rows["status"], rows["place"], rows["cases"], strict=True)) == [
        ("Aktuell", 0, 4),
        ("Inaktuell", 1, 3),
        ("Saknas, inom tid", 2, 2),
        ("Saknas, försenad", 3, 1),
        ("Undantag", 4, 5),
    ]
    assert set(rows["coverage"]) == {f"70{NBSP}%"}
    assert set(rows["current"]) == {f"40{NBSP}%"}
    assert set(rows["made_of"]) == {"7/10"}


def test_a_bar_of_exempt_cases_only_has_no_shares():
    rows = change_plans.bar_rows(plans(Ada=(2, 0, 0, 0, 0)))

    assert {*rows["coverage"], *rows["current"]} == {"–"}
    assert set(rows["made_of"]) == {"0/0"}


def test_only_the_last_day_of_a_line_is_labelled_and_a_day_without_value_is_left_out():
    days = [day("2024-03-31"), day("2024-04-30"), day("2024-05-27")]
    table = plans(a=(0, 0, 0, 0, 0), b=(0, 1, 1, 0, 0), c=(1, 1, 2, 1, 4))

    rows = change_plans.trend_rows(days, table)

    assert list(zip(rows["day"], rows["line"], rows["label"], rows["made_of"], strict=True)) == [
        (pd.Timestamp("2024-04-30"), "Täckning", "", "2 av 2"),
        (pd.Timestamp("2024-04-30"), "Aktuella", "", "1 av 2"),
        (pd.Timestamp("2024-05-27"), "Täckning", f"Täckning 38{NBSP}%", "3 av 8"),
        (pd.Timestamp("2024-05-27"), "Aktuella", f"Aktuella 13{NBSP}%", "1 av 8"),
    ]
    assert list(rows["share"]) == [1.0, 0.5, 0.375, float(Fraction(1, 8))]


def test_a_target_in_percent_stands_at_its_share_and_one_in_words_is_not_drawn():
    table = plans(Ada=(1, 1, 1, 1, 1))
    days = [day("2024-05-27")]

    assert set(change_plans.trend_rows(days, table, Decimal(80))["target"]) == {0.8}
    for target in ("fastställs 2024", None):
        assert change_plans.trend_rows(days, table, target)["target"].isna().all()


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_a_chart_reads_only_columns_of_its_rows(kind):
    bars = change_plans.bar_rows(plans(Ada=(1, 1, 1, 1, 1)))
    trend = change_plans.trend_rows([day("2024-05-27")], plans(Ada=(1, 1, 1, 1, 1)))

    assert fields_of(change_plans.BARS[kind]) - {"h"} == set(bars.columns)
    assert fields_of(change_plans.TREND[kind]) - {"words"} == set(trend.columns)
    assert "'empty'" not in str((change_plans.BARS[kind], change_plans.TREND[kind]))
