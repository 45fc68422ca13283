"""The lines of one's own share and the group's median, and labels that never cover each other."""

import datetime as dt
from fractions import Fraction

import pandas as pd
import pytest

from core.charts import own_development as chart

DAYS = [dt.date(2024, 4, 30), dt.date(2024, 5, 27)]
HALF, MOST = Fraction(1, 2), Fraction(9, 10)
NBSP = "\u00a0"


def labels(own, group):
    frame = chart.rows(DAYS, [HALF, own], [HALF, group])
    last = frame[frame["day"] == pd.Timestamp(DAYS[-1])]
    return {row.line: (row.over, row.under) for row in last.itertuples()}


def test_a_day_without_value_has_no_point_and_only_the_last_day_is_labelled():
    frame = chart.rows(DAYS, [None, HALF], [MOST, MOST])
    assert list(frame.columns) == ["day", "share", "line", "over", "under"]
    assert list(zip(frame["day"], frame["share"], frame["line"], strict=True)) == [
        (pd.Timestamp("2024-05-27"), 0.5, "Du"),
        (pd.Timestamp("2024-04-30"), 0.9, "Gruppen"),
        (pd.Timestamp("2024-05-27"), 0.9, "Gruppen"),
    ]
    assert list(frame["over"] + frame["under"]) == [f"Du 50{NBSP}%", "", f"Gruppen 90{NBSP}%"]


@pytest.mark.parametrize(
    ("own", "group", "expected"),
    [
        (HALF, MOST, {"Du": ("", f"Du 50{NBSP}%"), "Gruppen": (f"Gruppen 90{NBSP}%", "")}),
        (MOST, HALF, {"Du": (f"Du 90{NBSP}%", ""), "Gruppen": ("", f"Gruppen 50{NBSP}%")}),
        (HALF, HALF, {"Du": (f"Du 50{NBSP}%", ""), "Gruppen": ("", f"Gruppen 50{NBSP}%")}),
        (HALF, None, {"Du": (f"Du 50{NBSP}%", "")}),
        (None, HALF, {"Gruppen": (f"Gruppen 50{NBSP}%", "")}),
    ],
)
def test_the_higher_label_stands_over_its_point_and_the_lower_one_under(own, group, expected):
    assert labels(own, group) == expected


def test_there_is_a_chart_for_each_theme_without_data_of_its_own():
    assert set(chart.LINES) == {"light", "dark"}
    for spec in chart.LINES.values():
        assert "datasets" not in spec
        assert len(spec["layer"]) == 4
