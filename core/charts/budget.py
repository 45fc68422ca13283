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
    y = alt.Y("line", type="nominal", sort=None, title=None).axis(domain=False, labelLimit=200)
    x = alt.X("tkr", type="quantitative", title="tkr mot budget").axis(
        format=",.0f", tickCount=5, domain=False
    )
    base = alt.Chart().encode(y=y, x=x)
    bars = base.mark_bar(height=16, cornerRadius=2).encode(
        color=alt.Color("word", type="nominal", legend=None).scale(
            domain=[SURPLUS, IN_BALANCE, DEFICIT],
            range=[palette.main, palette.muted, palette.target],
        ),
        tooltip=[
            alt.Tooltip("line", type="nominal", title="Rad"),
            alt.Tooltip("word", type="nominal", title="Avvikelse"),
            alt.Tooltip("label", type="nominal", title="Mot budget"),
        ],
    )
    over = base.transform_filter("datum.tkr < 0").mark_text(align="right", dx=-5)
    under = base.transform_filter("datum.tkr >= 0").mark_text(align="left", dx=5)
    labels = [part.encode(text=alt.Text("label", type="nominal")) for part in (over, under)]
    return alt.layer(bars, *labels).properties(height=alt.Step(28))


DEVIATIONS = theme.both(_deviations)
