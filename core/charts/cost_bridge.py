"""From one prognosis to the next: what raised and what lowered it, step by step to the sum."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.shares import rounded

MORE, LESS, SUM = "Dyrare", "Billigare", "Summa"
TOTAL = "Hela skillnaden"
THOUSAND = 1000
ROW_HEIGHT, LABEL_WIDTH = 40, 72


def bridge_rows(causes: Sequence[tuple[str, int, Decimal]]) -> pd.DataFrame:
    """Return the chart's rows: columns `cause`, `start`, `end`, `low`, `high`, `word`, `label`.

    Each bar begins where the one before ends; the last one is the sum. `start`, `end`, `low` and
    `high` are thousands of kronor.

    Args:
        causes: The cause in Swedish, the number of placements and the kronor of each, in order.
    """
    rows, at = [], Decimal(0)
    for name, count, amount in causes:
        title = (
            f"{name[0].upper()}{name[1:]} ({count})" if count else f"{name[0].upper()}{name[1:]}"
        )
        rows.append((title, at, at + amount, MORE if amount > 0 else LESS, _label(amount)))
        at += amount
    rows.append((TOTAL, Decimal(0), at, SUM, _label(at)))
    return pd.DataFrame(
        [
            (
                name,
                start / THOUSAND,
                end / THOUSAND,
                min(start, end) / THOUSAND,
                max(start, end) / THOUSAND,
                word,
                label,
            )
            for name, start, end, word, label in rows
        ],
        columns=["cause", "start", "end", "low", "high", "word", "label"],
    )


def _label(amount: Decimal) -> str:
    tkr = rounded(amount / THOUSAND)
    sign = "+" if tkr > 0 else ""
    return f"{sign}{tkr:,} tkr".replace(",", "\u202f").replace("-", "\u2212")


def _bridge(palette: Palette) -> alt.TopLevelMixin:
    """Return bars with each cause's name above its bar, so that they are as wide on a phone."""
    base = alt.Chart().encode(y=alt.Y("cause", type="nominal", sort=None, axis=None))
    axis = alt.X("low", type="quantitative", title="tkr mot då").axis(
        format=",.0f", tickCount=4, domain=False, labelBound=True
    )
    axis = axis.scale(padding=LABEL_WIDTH, nice=False, zero=True)
    bars = base.mark_bar(height=14, yOffset=8, cornerRadius=2).encode(
        x=axis,
        x2=alt.X2("high"),
        color=alt.Color("word", type="nominal", legend=None).scale(
            domain=[MORE, LESS, SUM], range=[palette.target, palette.main, palette.muted]
        ),
        tooltip=[
            alt.Tooltip("cause", type="nominal", title="Orsak"),
            alt.Tooltip("word", type="nominal", title="Åt vilket håll"),
            alt.Tooltip("label", type="nominal", title="Skillnad"),
        ],
    )
    labels = base.mark_text(align="left", dx=5, dy=8).encode(
        x=alt.X("high", type="quantitative"), text=alt.Text("label", type="nominal")
    )
    names = base.mark_text(align="left", dy=-9, color=palette.muted).encode(
        x=alt.value(0), text=alt.Text("cause", type="nominal")
    )
    return alt.layer(bars, labels, names).properties(height=alt.Step(ROW_HEIGHT))


BRIDGE = theme.both(_bridge)
