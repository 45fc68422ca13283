"""How the year's placement prognosis moved, and how far earlier years' were from the outcome."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.charts import theme
from core.charts.theme import Palette
from core.rules.prognosis_history import PlacementHistory
from core.terms import ALL

MONTHS = theme.SWEDISH["time"]["shortMonths"]


@theme.remembered
def path_rows(history: PlacementHistory, kind: str = ALL) -> pd.DataFrame:
    """Return this year's readings, oldest first: columns `day` ("31 jan") and `kronor`."""
    now = history.now
    readings = [one for one in history.this_year.readings if one.on < now.on]
    rows = [(f"{one.on.day} {MONTHS[one.on.month - 1]}", one.of(kind)) for one in (*readings, now)]
    return pd.DataFrame(rows, columns=["day", "kronor"])


@theme.remembered
def error_rows(history: PlacementHistory, kind: str = ALL) -> pd.DataFrame:
    """Return earlier years' errors: columns `month` (short name), `year`, `percent`."""
    rows = [
        (MONTHS[one.on.month - 1], str(year.year), error * 100)
        for year in history.earlier
        for one in year.readings
        if (error := year.error(one, kind)) is not None
    ]
    return pd.DataFrame(rows, columns=["month", "year", "percent"])


def _path(palette: Palette) -> alt.TopLevelMixin:
    del palette  # the common look has the line's colour
    base = alt.Chart().encode(
        x=alt.X("day", type="ordinal", sort=None, title=None).axis(
            labelAngle=0, labelOverlap=True, domain=False
        ),
        y=alt.Y("kronor", type="quantitative", title="kronor, helår")
        .axis(format=",.0f", tickCount=5, domain=False)
        .scale(zero=False, nice=True),
        tooltip=[
            alt.Tooltip("day", type="ordinal", title="Som det såg ut"),
            alt.Tooltip("kronor", type="quantitative", title="Kronor", format=",.0f"),
        ],
    )
    return alt.layer(base.mark_line(), base.mark_point()).properties(height=240)


def _errors(palette: Palette) -> alt.TopLevelMixin:
    base = alt.Chart().encode(
        x=alt.X("month", type="ordinal", sort=MONTHS, title=None).axis(
            labelAngle=0, domain=False, labelOverlap=True
        ),
        y=alt.Y("percent", type="quantitative", title="% från utfallet").axis(
            format=".0f", tickCount=5, domain=False
        ),
        color=alt.Color("year", type="nominal", title=None)
        .scale(range=list(palette.series))
        .legend(theme.legend(4)),
        shape=alt.Shape("year", type="nominal", title=None).legend(theme.legend(4)),
        tooltip=[
            alt.Tooltip("year", type="nominal", title="År"),
            alt.Tooltip("month", type="ordinal", title="Månadens slut"),
            alt.Tooltip("percent", type="quantitative", title="% från utfallet", format="+.1f"),
        ],
    )
    zero = alt.Chart().mark_rule(aria=False).encode(y=alt.datum(0))
    return alt.layer(zero, base.mark_line(), base.mark_point(size=70)).properties(height=240)


PATH = theme.both(_path)
ERRORS = theme.both(_errors)
