"""Drawing a chart in the reader's theme, with a description for those who don't see it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any
from weakref import finalize

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import streamlit as st

from core.charts import theme

_drawn: dict[int, Any] = {}


def draw(frame: pd.DataFrame, specs: dict[theme.Kind, theme.Spec], *, alt: str) -> None:
    """Draw a chart that was built by `core.charts.theme.both`.

    Args:
        frame: Its rows; exact numbers are made floats. Never changed once drawn.
        specs: The chart for each theme.
        alt: What the chart shows and says, in one Swedish sentence.
    """
    kind = st.context.theme.type
    st.vega_lite_chart(_rows(frame), theme.pick(specs, kind), alt=alt, theme=None)


def palette() -> theme.Palette:
    """Return the colours of the reader's theme."""
    return theme.PALETTES["dark" if st.context.theme.type == "dark" else "light"]


def key(words: Callable[[theme.Palette], list[tuple[str, str]]]) -> None:
    """Draw a chart's key as words that wrap on a narrow screen, which a legend can't.

    Args:
        words: Gives each word with its colour in a theme.
    """
    items = "".join(
        f"<li><span style='background:{color}'></span>{escape(word)}</li>"
        for word, color in words(palette())
    )
    st.html(f"<ul class='rt-key'>{items}</ul>")


def _rows(frame: pd.DataFrame) -> Any:
    """Return a chart's rows as they are sent, made once as long as the frame is kept."""
    key = id(frame)
    if key not in _drawn:
        _drawn[key] = pa.Table.from_pandas(theme.plain(frame))
        finalize(frame, _drawn.pop, key, None)
    return _drawn[key]
