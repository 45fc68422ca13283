"""The chart of what scenarios change each month by."""

import datetime as dt
from decimal import Decimal

from core.charts.scenarios import DIFFERENCES, difference_rows

MONTHS = (dt.date(2024, 6, 1), dt.date(2024, 7, 1))


def test_each_month_has_a_bar_for_each_scenario_in_order():
    moved = (("B", (Decimal(0), Decimal(-500))), ("A", (Decimal(300), Decimal("0.50"))))
    assert difference_rows(MONTHS, moved).to_numpy().tolist() == [
        ["juni", "B", 0],
        ["juni", "A", 300],
        ["juli", "B", -500],
        ["juli", "A", Decimal("0.50")],
    ]


def test_the_chart_is_made_for_both_themes_with_a_zero_line():
    for spec in DIFFERENCES.values():
        bars, zero = spec["layer"]
        assert bars["encoding"]["xOffset"]["field"] == "scenario"
        assert bars["encoding"]["color"]["scale"]["range"]
        assert zero["mark"]["type"] == "rule"
        assert zero["encoding"]["y"] == {"datum": 0}
