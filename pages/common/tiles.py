"""Tiles: one figure each, large, with what it is made of, its target, its change and its trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.rules.shares import Number, rounded
from core.terms import Direction, Fulfilment, sv_title
from pages.common import charts, menu, text

LOOKS: dict[Fulfilment, tuple[str, str]] = {
    Fulfilment.MET: ("green", "check_circle"),
    Fulfilment.PARTLY_MET: ("orange", "error"),
    Fulfilment.NOT_MET: ("red", "cancel"),
    Fulfilment.NO_TARGET: ("gray", "remove"),
    Fulfilment.NO_OUTCOME_YET: ("gray", "schedule"),
}
"""The colour and the icon of each fulfilment. The word always stands beside them."""


_WIDTH, _HEIGHT, _TOP, _RISE = 200, 50, 4, 40


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict that is no fulfilment of an indicator: always a word with its icon and colour."""

    word: str
    color: str
    icon: str

    @property
    def markdown(self) -> str:
        """Return the badge in Markdown."""
        return f":{self.color}-badge[:material/{self.icon}: {self.word}]"


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved since an earlier day.

    Attributes:
        value: The figure now minus then, in the unit shown (percentage points for a share).
        unit: What stands after it, "%-enheter".
        since: "sedan april".
        better: Which way is good; None when neither is, and the change is grey.
        digits: Decimals shown.
    """

    value: Number
    unit: str = ""
    since: str = ""
    better: Direction | None = None
    digits: int = 0


def row(columns: int = 4) -> DeltaGenerator:
    """Return the grid that tiles stand in: some beside each other, one on a phone."""
    return st.grid(columns=columns, gap="small")


def tile(  # noqa: PLR0913  (each argument is one thing that a tile shows)
    label: str,
    value: str,
    *,
    sub: str = "",
    fulfilment: Fulfilment | Badge | None = None,
    change: Change | None = None,
    series: Sequence[Number | None] = (),
    source: str = "",
    page: str | None = None,
) -> None:
    """Draw a tile of equal height with its neighbours. Call it within `with tiles.row():`.

    Args:
        label: What the figure is.
        value: The figure, written out (`pages.common.text`).
        sub: What it is made of and its target, "126 av 162 · mål 75 %".
        fulfilment: How it stands against its target, or another verdict: word, icon and colour.
        change: How it moved; None draws no arrow.
        series: A small trend, oldest first, in the unit shown; a None in it is left out.
        source: Where the figure comes from and its day.
        page: The `url_path` of the page behind it; a link for those who may see that page.
    """
    points = tuple(point for point in series if point is not None)
    with st.container(border=True, height="stretch", gap="small", vertical_alignment="distribute"):
        st.metric(
            label,
            value,
            _delta(change),
            delta_color=_color(change),
            delta_description=change.since or None if change else None,
        )
        trend = f"{picture(points, _trend_color(change))}\n\n" if len(points) > 1 else ""
        lines = (_badge(fulfilment), _small(sub), _small(source))
        words = "  \n".join(line for line in lines if line)
        st.markdown(trend + words)  # one element: what a page costs is how many it has
        link(page)


@lru_cache(maxsize=4096)
def picture(points: tuple[Number, ...], color: str) -> str:
    """Return a small trend as a picture in Markdown, with a text for those who don't see it.

    Args:
        points: At least two values, oldest first.
        color: The line's.
    """
    values = [float(point) for point in points]
    top, height = max(values), (max(values) - min(values)) or 1
    line = " ".join(
        f"{_WIDTH * n / (len(values) - 1):.1f},{_TOP + (top - value) / height * _RISE:.1f}"
        for n, value in enumerate(values)
    )
    ends = (points[0], points[-1], min(points, key=float), max(points, key=float))
    first, last, low, high = (text.plain_number(value, 1) for value in ends)
    drawn = quote(
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {_HEIGHT}' "
        f"preserveAspectRatio='none'><g fill='{color}' stroke='none' opacity='.12'>"
        f"<polygon points='0,{_HEIGHT} {line} {_WIDTH},{_HEIGHT}'/></g><polyline points='{line}' "
        f"fill='none' stroke='{color}' stroke-width='2' vector-effect='non-scaling-stroke'/></svg>"
    )
    words = f"Utveckling från {first} till {last}, lägst {low}, högst {high}"
    return f"![{words}](data:image/svg+xml,{drawn})"


def link(url_path: str | None, label: str | None = None) -> None:
    """Draw a link to a page for those who may see it; nothing for others."""
    page = menu.page_of(url_path)
    if page is not None:
        st.page_link(
            page,
            label=label or page.title,
            icon=":material/arrow_forward:",
            icon_position="right",
        )


def heading_link(url_path: str, words: str) -> None:
    """Draw words, in Markdown, as a link to a page for those who may see it; else as they are."""
    page = menu.page_of(url_path)
    if page is None:
        st.markdown(words)
    else:
        st.page_link(page, label=words, icon="", width="stretch")


def badge(fulfilment: Fulfilment) -> str:
    """Return a fulfilment as a badge in Markdown: icon, word and colour."""
    color, icon = LOOKS[fulfilment]
    return Badge(sv_title(fulfilment), color, icon).markdown


def _badge(fulfilment: Fulfilment | Badge | None) -> str:
    if fulfilment is None:
        return ""
    return fulfilment.markdown if isinstance(fulfilment, Badge) else badge(fulfilment)


def _small(words: str) -> str:
    return f":small[{words}]" if words else ""


def _delta(change: Change | None) -> str | int | None:
    """Return the change as a string that begins with an ASCII minus when it is negative.

    Streamlit takes any other minus sign for a rise; a rounded zero is the number 0, which has no
    arrow.
    """
    if change is None:
        return None
    moved = rounded(change.value, change.digits)
    if moved == 0:
        return 0
    return f"{moved:,} {change.unit}".replace(",", "\u202f").replace(".", ",").strip()


def _trend_color(change: Change | None) -> str:
    """Return the colour of what a change means: good, bad, or grey when it means neither."""
    palette = charts.palette()
    if change is None or change.better is None:
        return palette.muted
    moved = rounded(change.value, change.digits)
    if moved == 0:
        return palette.muted
    return palette.good if (moved > 0) is (change.better is Direction.HIGHER) else palette.bad


def _color(change: Change | None) -> Literal["off", "normal", "inverse"]:
    if change is None or change.better is None:
        return "off"
    return "normal" if change.better is Direction.HIGHER else "inverse"
