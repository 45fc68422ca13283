"""The charts of Kostnadsprognos: their rows, words and fields."""

from decimal import Decimal
from itertools import pairwise

import pytest

from core.charts import cost_bridge, cost_fan
from core.charts.cost_fan import AHEAD, BUDGET, LABEL, PAID
from core.rules.cost_fan import FanDay
from tests.factories import day

PAID_TO = ((day("2024-01-31"), Decimal(1_000_000)), (day("2024-02-10"), Decimal(1_400_000)))
COMING = (FanDay(day("2024-12-31"), Decimal(8_000_000), Decimal(9_000_000), Decimal(9_900_000)),)


def labels(budget, ahead=COMING, paid=PAID_TO):
    rows = cost_fan.fan_rows(paid, ahead, budget)
    found = rows[rows["part"] == LABEL]
    return [
        (text.replace("\u202f", " "), tkr)
        for text, tkr in zip(found["text"], found["tkr"], strict=True)
    ]


def test_each_step_begins_where_the_one_before_ended_and_the_sum_is_last():
    rows = cost_bridge.bridge_rows(
        [("nya placeringar", 3, Decimal(340_400)), ("övrigt", 0, Decimal(-40_000))]
    )

    shown = rows[["cause", "start", "end", "low", "high", "word"]].to_dict("split")["data"]
    assert shown == [
        ["Nya placeringar (3)", 0, Decimal("340.4"), 0, Decimal("340.4"), "Dyrare"],
        [
            "Övrigt",
            Decimal("340.4"),
            Decimal("300.4"),
            Decimal("300.4"),
            Decimal("340.4"),
            "Billigare",
        ],
        ["Hela skillnaden", 0, Decimal("300.4"), 0, Decimal("300.4"), "Summa"],
    ]
    assert list(rows["label"]) == ["+340 tkr", "\u221240 tkr", "+300 tkr"]


def test_the_year_grows_to_the_day_and_opens_from_there():
    rows = cost_fan.fan_rows(PAID_TO, COMING, Decimal(8_500_000))

    by_part = {
        part: [(str(d.date()), tkr) for d, tkr in zip(of["day"], of["tkr"], strict=True)]
        for part, of in rows.groupby("part")
    }
    assert by_part[PAID] == [("2024-01-01", 0), ("2024-01-31", 1000), ("2024-02-10", 1400)]
    assert by_part[AHEAD] == [("2024-02-10", 1400), ("2024-12-31", 9000)]
    assert by_part[BUDGET] == [("2024-01-01", 8500), ("2024-12-31", 8500)]
    span = rows[rows["part"] == AHEAD][["low", "high"]].to_dict("split")["data"]
    assert span == [[1400, 1400], [8000, 9900]]


def test_labels_at_the_years_end_never_stand_on_each_other():
    found = labels(Decimal(9_050_000))

    assert [words for words, _ in found] == [
        "Lågt 8 000 tkr",
        "Förväntat 9 000 tkr",
        "Budget 9 050 tkr",
        "Högt 9 900 tkr",
    ]
    places = [place for _, place in found]
    assert all(after - before >= 640 for before, after in pairwise(places))


def test_a_year_that_has_ended_has_its_cost_alone():
    over = ((day("2024-12-31"), Decimal(700_000)),)

    assert labels(None, ahead=(), paid=over) == [("Upparbetat 700 tkr", 700)]


@pytest.mark.parametrize("specs", [cost_bridge.BRIDGE, cost_fan.FAN])
@pytest.mark.parametrize("kind", ["light", "dark"])
def test_a_chart_brings_no_rows_of_its_own_and_asks_for_known_columns(specs, kind):
    rows = {
        id(cost_bridge.BRIDGE): cost_bridge.bridge_rows([("övrigt", 1, Decimal(1))]),
        id(cost_fan.FAN): cost_fan.fan_rows(PAID_TO, COMING, None),
    }[id(specs)]

    assert "'empty'" not in str(specs[kind])
    assert fields(specs[kind]) <= set(rows.columns)


def fields(spec):
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*map(fields, spec.values()))
    return set().union(*map(fields, spec)) if isinstance(spec, list) else set()
