"""The charts of impact analyses: children by analysis, by month and by caseworker."""

import pandas as pd
import pytest

from core.charts import child_impact
from core.charts.theme import PALETTES
from core.rules.child_impact import BkaCounts
from tests.core.charts.test_money_charts import fields_of
from tests.factories import day

NBSP = "\u00a0"


def analyses(**counts):
    """Return a table of impact analyses: key=(done, late, missing)."""
    found = {key: BkaCounts(1, sum(one), *one) for key, one in counts.items()}
    rows = [
        {
            "key": key,
            "decisions": one.decisions,
            "children": one.children,
            "done": one.done,
            "late": one.late,
            "missing": one.missing,
            "share": one.coverage,
        }
        for key, one in found.items()
    ]
    return pd.DataFrame(rows, dtype=object)


def test_each_month_has_its_children_by_analysis_and_its_coverage():
    months = [day("2023-12-01"), day("2024-01-01")]

    rows = child_impact.month_rows(months, analyses(a=(3, 2, 1), b=(0, 0, 0)))

    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        ("dec 23", "Gjord i tid", 0, 3, 6, "50"),
        ("dec 23", "Gjord för sent", 1, 2, 6, "50"),
        ("dec 23", "Saknas", 2, 1, 6, "50"),
        ("jan 24", "Gjord i tid", 0, 0, 0, ""),
        ("jan 24", "Gjord för sent", 1, 0, 0, ""),
        ("jan 24", "Saknas", 2, 0, 0, ""),
    ]


def test_the_caseworker_with_most_missing_analyses_comes_first_then_most_late():
    table = analyses(Ada=(9, 0, 1), Bo=(1, 2, 1), Cleo=(0, 0, 3), Dan=(9, 0, 1))

    rows = child_impact.caseworker_rows(table)

    assert list(rows["key"].unique()) == ["Cleo", "Bo", "Ada", "Dan"]
    assert list(rows["label"].unique()) == [
        f"0{NBSP}% (0/3)",
        f"25{NBSP}% (1/4)",
        f"90{NBSP}% (9/10)",
    ]


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_each_status_has_a_colour_of_its_own(kind):
    key = child_impact.status_key(PALETTES[kind])

    assert [word for word, _ in key] == ["Gjord i tid", "Gjord för sent", "Saknas"]
    assert len({color for _, color in key}) == 3


@pytest.mark.parametrize("kind", ["light", "dark"])
@pytest.mark.parametrize("specs", [child_impact.MONTHS, child_impact.CASEWORKERS])
def test_a_chart_reads_only_columns_of_its_rows(specs, kind):
    assert fields_of(specs[kind]) == set(child_impact.COLUMNS)
    assert "'empty'" not in str(specs[kind])
