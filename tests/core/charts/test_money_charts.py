"""The charts of placements and budget: their rows, words and colours."""

from decimal import Decimal

import pandas as pd
import pytest

from core.charts import budget, placements
from tests.factories import day


def test_each_month_has_what_is_paid_and_what_is_committed():
    months = pd.DataFrame(
        [(day("2024-05-01"), Decimal(5), Decimal(2)), (day("2024-06-01"), Decimal(0), Decimal(9))],
        columns=["month", "paid", "committed"],
        dtype=object,
    )

    rows = placements.month_cost_rows(months)

    assert rows.to_dict("split")["data"] == [
        ["maj", "Upparbetat", 0, 5],
        ["maj", "Beslutat", 1, 2],
        ["juni", "Upparbetat", 0, 0],
        ["juni", "Beslutat", 1, 9],
    ]


@pytest.mark.parametrize(
    ("deviation", "word"),
    [("0.01", "Överskott"), ("0", "I balans"), ("-0.01", "Underskott")],
)
def test_a_deviation_is_told_in_a_word(deviation, word):
    assert budget.deviation_word(Decimal(deviation)) == word


def test_deviations_are_labelled_in_thousands_with_a_sign():
    rows = budget.deviation_rows(
        [
            ("Bistånd", "Boende", Decimal(-1_234_500)),
            ("Bistånd", "Personal", Decimal(500)),
            ("FUT", "Personal", Decimal(-499)),
        ]
    )

    assert list(rows["label"]) == ["\u22121\u202f235 tkr", "+1 tkr", "0 tkr"]
    assert list(rows["line"]) == ["Boende", "Personal, Bistånd", "Personal, FUT"]
    assert list(rows["word"]) == ["Underskott", "Överskott", "Underskott"]


@pytest.mark.parametrize("specs", [placements.MONTH_COSTS, budget.DEVIATIONS])
@pytest.mark.parametrize("kind", ["light", "dark"])
def test_a_chart_brings_no_rows_of_its_own(specs, kind):
    assert "'empty'" not in str(specs[kind])


def test_every_field_of_a_chart_is_a_column_of_its_rows():
    months = pd.DataFrame(columns=["month", "paid", "committed"])
    for spec, rows in (
        (placements.MONTH_COSTS["light"], placements.month_cost_rows(months)),
        (budget.DEVIATIONS["light"], budget.deviation_rows([])),
    ):
        assert fields_of(spec) == set(rows.columns)


def fields_of(spec):
    """Return the fields that a Vega-Lite spec reads."""
    if isinstance(spec, list):
        return set().union(*map(fields_of, spec))
    if not isinstance(spec, dict):
        return set()
    own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
    return own.union(*map(fields_of, spec.values()))
