"""The charts of temporary housing: their rows."""

from decimal import Decimal

import pandas as pd

from core.charts.temporary_housing import cost_rows, people_rows
from core.queries.temporary_housing import COLUMNS
from core.terms import ALL
from tests.factories import day

APRIL, MAY = day("2024-04-01"), day("2024-05-01")


def months():
    rows = [
        (APRIL, ALL, 0, 0, 0, 0, Decimal(0)),
        (MAY, "Hotell", 2, 5, 1, 4, Decimal(4000)),
        (MAY, ALL, 2, 5, 1, 4, Decimal(4000)),
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def test_every_month_has_households_people_and_children():
    assert people_rows(months()).to_dict("split")["data"] == [
        ["2024-04-01", "hushåll", 0],
        ["2024-05-01", "hushåll", 2],
        ["2024-04-01", "personer", 0],
        ["2024-05-01", "personer", 5],
        ["2024-04-01", "barn", 0],
        ["2024-05-01", "barn", 1],
    ]


def test_a_month_without_cost_keeps_its_place():
    assert cost_rows(months()).to_dict("split")["data"] == [
        ["2024-04-01", "Hotell", Decimal(0)],
        ["2024-05-01", "Hotell", Decimal(4000)],
    ]
