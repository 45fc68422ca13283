"""What every chart shares: Swedish numbers and dates, and colours that hold in light and dark.

A chart is built once for each theme when its module is imported, as a Vega-Lite dict, and drawn
with the rows of the moment.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import wraps
from threading import Lock
from typing import Any, Literal, ParamSpec, TypeVar

import altair as alt
import pandas as pd
from pandas.api.types import is_object_dtype

from core.terms import PlanStatus, sv_title

P = ParamSpec("P")
R = TypeVar("R")
Spec = dict[str, Any]
Kind = Literal["light", "dark"]
MOST_KEPT = 256

SWEDISH: Spec = {
    "number": {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", " kr"],
        "minus": "\u2212",
        "percent": " %",
    },
    "time": {
        "dateTime": "%A %e %B %Y %X",
        "date": "%Y-%m-%d",
        "time": "%H:%M",
        "periods": ["fm", "em"],
        "days": ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
        "shortDays": ["sön", "mån", "tis", "ons", "tor", "fre", "lör"],
        "months": [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ],
        "shortMonths": [
            "jan",
            "feb",
            "mars",
            "apr",
            "maj",
            "juni",
            "juli",
            "aug",
            "sep",
            "okt",
            "nov",
            "dec",
        ],
    },
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, each at least 3:1 against the page's background.

    `main` is the one colour of plain series, `soft` its lighter companion (what is decided but has
    not happened yet), `target` target lines, `good` and `bad` what a change means, `status` the
    change plans' statuses.
    """

    text: str
    muted: str
    grid: str
    background: str
    main: str
    soft: str
    target: str
    good: str
    bad: str
    series: tuple[str, ...]
    status: dict[PlanStatus, str]


PALETTES: dict[Kind, Palette] = {
    "light": Palette(
        text="#1C2430",
        muted="#5B6470",
        grid="#DDDAD2",
        background="#FAF9F6",
        main="#0F6B7C",
        soft="#5A96A3",
        target="#B3261E",
        good="#1F7A4D",
        bad="#B3261E",
        series=("#0F6B7C", "#B45F06", "#6A4C93", "#1F7A4D", "#8A6D00", "#A8325A"),
        status={
            PlanStatus.CURRENT: "#0F6B7C",
            PlanStatus.OUTDATED: "#5A96A3",
            PlanStatus.DUE: "#938A74",
            PlanStatus.OVERDUE: "#B8402A",
            PlanStatus.EXEMPT: "#7A7F87",
        },
    ),
    "dark": Palette(
        text="#E8EAED",
        muted="#A9B2BC",
        grid="#313B46",
        background="#12171D",
        main="#4FB3C3",
        soft="#3A7F8C",
        target="#F28B7D",
        good="#6CC495",
        bad="#F28B7D",
        series=("#4FB3C3", "#E8A04C", "#B79CDB", "#6CC495", "#D9C25A", "#E583A5"),
        status={
            PlanStatus.CURRENT: "#4FB3C3",
            PlanStatus.OUTDATED: "#3A7F8C",
            PlanStatus.DUE: "#B8AF9A",
            PlanStatus.OVERDUE: "#EC7660",
            PlanStatus.EXEMPT: "#7C8794",
        },
    ),
}

STATUS_ORDER: tuple[PlanStatus, ...] = (
    PlanStatus.CURRENT,
    PlanStatus.OUTDATED,
    PlanStatus.DUE,
    PlanStatus.OVERDUE,
    PlanStatus.EXEMPT,
)
"""The order that a bar's parts stand in; the worst is not last, since exempt is outside the share."""


def status_key(palette: Palette) -> list[tuple[str, str]]:
    """Return the plan statuses' Swedish words with their colours, for a key above a chart."""
    return [(sv_title(status), palette.status[status]) for status in STATUS_ORDER]


def status_scale(palette: Palette) -> alt.Scale:
    """Return the colour scale of the plan statuses' Swedish words, in `STATUS_ORDER`."""
    return alt.Scale(
        domain=[sv_title(status) for status in STATUS_ORDER],
        range=[palette.status[status] for status in STATUS_ORDER],
    )


def legend(columns: int = 3) -> alt.Legend:
    """Return a legend above the chart, in so few columns that it is whole on a phone."""
    return alt.Legend(orient="top", title=None, columns=columns, symbolType="square")


def both(build: Callable[[Palette], alt.TopLevelMixin]) -> dict[Kind, Spec]:
    """Return a chart's Vega-Lite dict for each theme. Call it when the module is imported.

    Args:
        build: Makes the chart without data (`alt.Chart()`), every field with its type; colours that
            carry meaning come from the palette.
    """
    return {kind: spec(build(palette), palette) for kind, palette in PALETTES.items()}


def spec(chart: alt.TopLevelMixin, palette: Palette) -> Spec:
    """Return a chart as a Vega-Lite dict with the common look: Swedish, readable, no frame."""
    made: Spec = chart.to_dict()
    made.pop("datasets", None)
    for part in (made, *made.get("layer", ())):
        part.pop("data", None)  # Altair's stand-in; the rows come when the chart is drawn
    words = {"labelColor": palette.muted, "titleColor": palette.text, "labelFontSize": 12}
    made["config"] = {
        "locale": SWEDISH,
        "background": "transparent",
        "font": '"Source Sans", sans-serif',
        "view": {"stroke": None},
        "text": {"color": palette.text, "fontSize": 12},
        "axis": {
            **words,
            "gridColor": palette.grid,
            "domainColor": palette.grid,
            "ticks": False,
            "labelPadding": 6,
        },
        "legend": {**words, "labelColor": palette.text, "labelLimit": 200},
        "bar": {"color": palette.main},
        "line": {"color": palette.main, "strokeWidth": 2.5},
        "point": {"color": palette.main, "filled": True, "size": 60},
        "rule": {"color": palette.target, "strokeDash": [5, 4], "strokeWidth": 1.5},
    }
    return made


def pick(specs: dict[Kind, Spec], kind: str | None) -> Spec:
    """Return the chart for the reader's theme; the light one when it isn't known."""
    return specs["dark" if kind == "dark" else "light"]


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """Keep a chart's or a table's rows as long as they are made of the very same figures.

    Cached figures are shared and never changed, so the same tables and sequences always give the
    same rows; other arguments are compared by value. The arguments are kept with the rows, so that
    no other object can come to have their identity.
    """
    kept: OrderedDict[tuple[object, ...], tuple[object, R]] = OrderedDict()
    lock = Lock()

    @wraps(build)
    def rows(*args: P.args, **kwargs: P.kwargs) -> R:
        given = (*args, *kwargs.values())
        key = tuple(map(_identity, given))
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key][1]
        made = build(*args, **kwargs)
        with lock:
            kept[key] = (given, made)
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return made

    return rows


def _identity(argument: object) -> object:
    by_identity = isinstance(argument, pd.DataFrame | list | tuple)
    return ("id", id(argument)) if by_identity else argument


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with exact numbers as floats, which is what a chart can draw.

    A table without them is returned as it is.
    """
    exact = {
        str(name): frame[name].map(_float).astype("float64")
        for name in frame.columns
        if is_object_dtype(frame[name])
        and any(isinstance(one, Fraction | Decimal) for one in frame[name])
    }
    return frame.assign(**exact) if exact else frame


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
