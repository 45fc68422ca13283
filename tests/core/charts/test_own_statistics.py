"""The charts of indicators, staff survey and households draw the rows that their pages make."""

import json

import pytest

from core.charts import households, indicators, staff_survey
from core.charts.theme import PALETTES


@pytest.mark.parametrize("kind", PALETTES)
@pytest.mark.parametrize(
    ("specs", "fields"),
    [
        (
            indicators.SERIES,
            {
                "period",
                "value",
                "target",
                "shown",
                "target_shown",
                "label_above",
                "label_below",
                "target_above",
                "target_below",
            },
        ),
        (staff_survey.INDICES, {"year", "group", "value", "target", "shown", "answers", "label"}),
        (households.MONTHS, {"month", "series", "count", "shown"}),
        (households.OBSTACLES, {"obstacle", "part", "place", "adults", "total", "shown"}),
        (households.FLOW, {"month", "move", "cases"}),
    ],
)
def test_a_chart_draws_these_fields_and_holds_no_data_of_its_own(kind, specs, fields):
    spec = specs[kind]
    assert set(drawn(spec)) == fields
    assert "data" not in spec
    assert spec["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize("kind", PALETTES)
def test_the_target_stands_in_the_targets_colour(kind):
    assert PALETTES[kind].target in json.dumps(indicators.SERIES[kind])
    assert PALETTES[kind].target in json.dumps(staff_survey.INDICES[kind])


def drawn(part):
    """Return the fields named anywhere in a spec."""
    if isinstance(part, dict):
        own = [part["field"]] if isinstance(part.get("field"), str) else []
        return own + [name for value in part.values() for name in drawn(value)]
    if isinstance(part, list):
        return [name for value in part for name in drawn(value)]
    return []
