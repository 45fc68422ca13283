"""The timeline of placements and the path of their prognosis: rows, fields and colours."""

from decimal import Decimal
from fractions import Fraction

import pytest

from core.charts import placement_history, placement_timeline
from core.charts.theme import PALETTES
from core.rules.dates import Period
from core.rules.placement_timeline import TimelineRow
from core.rules.placements import Decision
from core.rules.prognosis_history import PlacementHistory, Reading, YearHistory
from core.terms import Contract
from tests.factories import day

ON = day("2024-05-27")
SPECS = (placement_timeline.TIMELINE, placement_history.PATH, placement_history.ERRORS)


def row(**fields):
    usual = {
        "reference": "PL-1",
        "kind": "HVB",
        "provider": "Eken",
        "family_in_hotel": False,
        "starts_on": day("2023-11-01"),
        "ends_on": day("2024-06-30"),
        "paid": Period(day("2024-01-01"), ON),
        "committed": Period(day("2024-05-28"), day("2024-06-30")),
        "decisions": (Decision(day("2024-02-01"), day("2024-06-30"), "Eken", Contract.INDIVIDUAL),),
        "reviews": (day("2024-03-05"),),
        "next_review_on": None,
    }
    return TimelineRow(**usual | fields)


def values(*placements):
    return placement_timeline.timeline_rows(list(placements), ON).to_dict("split")["data"]


def test_a_bar_ends_when_its_last_day_is_over_and_marks_stand_on_their_day():
    label = "PL-1 · HVB"
    span = "2023-11-01 till 2024-06-30"
    year, now, *own = values(row())
    assert year[1:] == ["År", "2024-01-01T00:00:00", "2025-01-01T00:00:00", ""]
    assert now[1:3] == ["Läget per", "2024-05-27T00:00:00"]
    assert own == [
        [label, "Namn", "2023-11-01T00:00:00", "2023-11-01T00:00:00", span],
        [label, "Löpt", "2024-01-01T00:00:00", "2024-05-28T00:00:00", span],
        [label, "Beslutat framåt", "2024-05-28T00:00:00", "2024-07-01T00:00:00", span],
        [
            label,
            "Beslut",
            "2024-02-01T00:00:00",
            "2024-02-01T00:00:00",
            "2024-02-01: till 2024-06-30, Eken",
        ],
        [label, "Uppföljning", "2024-03-05T00:00:00", "2024-03-05T00:00:00", "2024-03-05"],
    ]


def test_an_open_ended_placement_says_so_and_a_family_in_hotel_is_named():
    open_ended = Decision(day("2024-02-01"), None, "Eken", Contract.LOV)
    found = values(row(ends_on=None, committed=None, decisions=(open_ended,), family_in_hotel=True))

    assert {one[0] for one in found[2:]} == {"PL-1 · HVB · barnfamilj på hotell"}
    assert found[3][4] == "2023-11-01 tills vidare"
    assert found[4][4] == "2024-02-01: tills vidare, Eken"


@pytest.mark.parametrize("kind", ["light", "dark"])
@pytest.mark.parametrize("specs", SPECS)
def test_a_chart_brings_no_rows_of_its_own(specs, kind):
    assert "'empty'" not in str(specs[kind])


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_the_key_has_the_colours_of_the_bars_and_marks(kind):
    drawn = str(placement_timeline.TIMELINE[kind])
    words = placement_timeline.key(PALETTES[kind])

    assert len({color for _, color in words}) == len(words)
    assert all(color in drawn for _, color in words[:-1])


def test_every_field_of_a_chart_is_a_column_of_its_rows():
    found = history()
    for specs, frame in (
        (placement_timeline.TIMELINE, placement_timeline.timeline_rows([row()], ON)),
        (placement_history.PATH, placement_history.path_rows(found)),
        (placement_history.ERRORS, placement_history.error_rows(found)),
    ):
        assert fields(specs["light"]) <= set(frame.columns)


def fields(spec):
    """Return the fields that a specification encodes, in its layers too."""
    if isinstance(spec, list):
        return {field for one in spec for field in fields(one)}
    if not isinstance(spec, dict):
        return set()
    own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
    return own | {field for one in spec.values() for field in fields(one)}


def reading(on, amount, **kinds):
    amounts = {name: Decimal(number) for name, number in kinds.items()}
    return Reading(day(on), {"alla": Decimal(amount)} | amounts)


def history():
    last = (reading("2023-01-31", 90, HVB=0), reading("2023-12-31", 120, HVB=0))
    return PlacementHistory(
        YearHistory(2024, (reading("2024-01-31", 100, HVB=70),), None),
        reading("2024-02-10", 130, HVB=80),
        (YearHistory(2023, last, last[-1]),),
        ("HVB",),
    )


def test_the_path_ends_with_the_day_itself():
    rows = placement_history.path_rows(history(), "HVB")
    assert rows.to_dict("split")["data"] == [["31 jan", 70], ["10 feb", 80]]


def test_a_reading_on_the_day_itself_stands_once():
    found = history()
    on_it = PlacementHistory(found.this_year, found.this_year.readings[-1], (), ())
    rows = placement_history.path_rows(on_it)
    assert rows.to_dict("split")["data"] == [["31 jan", 100]]


def test_errors_are_in_percent_and_left_out_where_nothing_cost_anything():
    rows = placement_history.error_rows(history())
    assert rows.to_dict("split")["data"] == [["jan", "2023", Fraction(-25)], ["dec", "2023", 0]]
    assert placement_history.error_rows(history(), "HVB").empty
