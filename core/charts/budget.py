"""Deviation by budget line: which lines cost more than their budget, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.shares import rounded

SURPLUS, DEFICIT = "Överskott", "Underskott"
IN_BALANCE = "I balans"
THOUSAND = 1000
ROW_HEIGHT, LABEL_WIDTH = 40, 64


def deviation_word(deviation: Decimal) -> str:
    """Return a deviation in one word: above 0 a surplus (domain: Budget)."""
    if deviation == 0:
        return IN_BALANCE
    return SURPLUS if deviation > 0 else DEFICIT


def deviation_rows(lines: Sequence[tuple[str, str, Decimal]]) -> pd.DataFrame:
    """Return the chart's rows: columns `line`, `tkr`, `word`, `label`.

    Args:
        lines: Section, line and deviation in kronor of each line with a prognosis, in order.
    """
    names = [name for _, name, _ in lines]
    rows = []
    for section, name, deviation in lines:
        title = name if names.count(name) == 1 else f"{name}, {section}"
        rows.append((title, deviation / THOUSAND, deviation_word(deviation), _label(deviation)))
    return pd.DataFrame(rows, columns=["line", "tkr", "word", "label"])


def _label(deviation: Decimal) -> str:
    tkr = rounded(deviation / THOUSAND)
    sign = "+" if tkr > 0 else ""
    return f"{sign}{tkr:,} tkr".replace(",", "\u202f").replace("-", "\u2212")


def _deviations(palette: Palette) -> alt.TopLevelMixin:
    """Return bars with the line's name above each, so that they are as wide on a phone."""
    y = alt.Y("line", type="nominal", sort=None, axis=None)
    x = alt.X("tkr", type="quantitative", title="tkr mot budget")
    x = x.axis(format=",.0f", tickCount=4, domain=False).scale(padding=LABEL_WIDTH)
    base = alt.Chart().encode(y=y)
    bars = base.mark_bar(height=14, yOffset=8, cornerRadius=2).encode(
        x=x,
        color=alt.Color("word", type="nominal", legend=None).scale(
            domain=[SURPLUS, IN_BALANCE, DEFICIT],
            range=[palette.main, palette.muted, palette.target],
        ),
        tooltip=[
            alt.Tooltip("line", type="nominal", title="Budgetpost"),
            alt.Tooltip("word", type="nominal", title="Avvikelse"),
            alt.Tooltip("label", type="nominal", title="Mot budget"),
        ],
    )
    label = alt.Text("label", type="nominal")
    over = base.transform_filter("datum.tkr < 0").mark_text(align="right", dx=-5, dy=8)
    under = base.transform_filter("datum.tkr >= 0").mark_text(align="left", dx=5, dy=8)
    names = base.mark_text(align="left", dy=-9, color=palette.muted).encode(
        x=alt.value(0), text=alt.Text("line", type="nominal")
    )
    return alt.layer(
        bars, over.encode(x=x, text=label), under.encode(x=x, text=label), names
    ).properties(height=alt.Step(ROW_HEIGHT))


DEVIATIONS = theme.both(_deviations)
