"""The charts' look: Swedish, and readable in light and dark."""

from decimal import Decimal
from fractions import Fraction

import altair as alt
import pandas as pd
import pytest

from core.charts import start, theme
from core.charts.theme import PALETTES
from core.terms import PlanStatus

BOTH = pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))


def luminance(color):
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@BOTH
def test_every_colour_with_a_meaning_stands_out_from_the_background(palette):
    colors = (
        *palette.status.values(),
        *palette.series,
        palette.main,
        palette.soft,
        palette.target,
        palette.good,
        palette.bad,
    )
    assert {
        c: contrast(c, palette.background) for c in colors if contrast(c, palette.background) < 3
    } == {}


@BOTH
def test_text_is_readable(palette):
    assert contrast(palette.text, palette.background) >= 4.5
    assert contrast(palette.muted, palette.background) >= 4.5


@BOTH
def test_every_plan_status_has_a_colour_of_its_own(palette):
    assert set(palette.status) == set(PlanStatus) == set(theme.STATUS_ORDER)
    assert len(set(palette.status.values())) == len(PlanStatus)


def test_a_chart_is_built_for_both_themes_with_swedish_words():
    specs = theme.both(lambda palette: alt.Chart().mark_bar(color=palette.main))

    assert set(specs) == {"light", "dark"}
    assert specs["light"]["mark"] != specs["dark"]["mark"]
    for kind, spec in specs.items():
        assert spec["config"]["locale"]["number"]["decimal"] == ","
        assert spec["config"]["text"]["color"] == PALETTES[kind].text
        assert "data" not in spec


def test_an_unknown_theme_gets_the_light_chart():
    assert theme.pick(start.PLANS, None) is start.PLANS["light"]
    assert theme.pick(start.PLANS, "dark") is start.PLANS["dark"]


def test_exact_numbers_are_drawn_as_floats_and_the_table_is_kept():
    frame = pd.DataFrame({"a": [Fraction(1, 4), None], "b": [Decimal("1.5"), Decimal(2)], "c": "x"})
    drawn = theme.plain(frame)

    assert drawn["a"].tolist()[0] == 0.25
    assert pd.isna(drawn["a"].tolist()[1])
    assert drawn["b"].tolist() == [1.5, 2.0]
    assert frame["a"].tolist()[0] == Fraction(1, 4)


def test_rows_are_built_once_for_the_same_table_and_anew_for_another():
    built = []

    @theme.remembered
    def rows(frame, factor):
        built.append(factor)
        return frame * factor

    frame = pd.DataFrame({"a": [1]})
    assert rows(frame, 2) is rows(frame, 2)
    assert rows(frame.copy(), 2)["a"].tolist() == [2]
    assert rows(frame, 3)["a"].tolist() == [3]
    assert built == [2, 2, 3]


def test_only_so_many_rows_are_kept(monkeypatch):
    monkeypatch.setattr(theme, "MOST_KEPT", 1)
    built = []

    @theme.remembered
    def rows(frame):
        built.append(1)
        return frame

    one, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})
    for frame in (one, other, one):
        rows(frame)
    assert len(built) == 3
