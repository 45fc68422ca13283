"""Pieces of Träffsäkerhet: which line and month, the words, the chart and the tables."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.accuracy import ACCURACY, METHODS, WORDS, accuracy_rows, key
from core.charts.theme import remembered
from core.queries.accuracy import AccuracyTable, LineAccuracy
from core.reports.columns import Column, Kind
from core.rules.accuracy import OWN, Average
from core.terms import sv, sv_title
from pages.common import charts, text
from pages.common.budget_parts import TOTAL
from pages.common.filters import Filters
from pages.common.tables import Table, table

METHOD_COLUMNS = tuple(
    Column(f"method_{place}", word, Kind.SHARE, digits=1) for place, word in enumerate(WORDS)
)
LINES = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    *METHOD_COLUMNS,
    Column("best", "Närmast"),
    Column("years", "År", Kind.COUNT),
)
MONTHS = (Column("month", "Efter"), *METHOD_COLUMNS, Column("best", "Närmast"))
FEW_YEARS = 3


def choices(found: AccuracyTable, through: dt.date | None, on: dt.date) -> tuple[LineAccuracy, int]:
    """Draw the choice of a line and of a month, and return what is chosen."""
    lines = {"": found.total} | {f"{line.section}: {line.line}": line for line in found.lines}
    with st.container(horizontal=True, key="accuracy-choice"):
        name = st.selectbox(
            "Budgetpost",
            list(lines),
            format_func=lambda one: one or TOTAL,
            key="accuracy-line",
            width=360,
        )
        month = st.selectbox(
            "Efter månad",
            range(1, 13),
            index=(through or on).month - 1,
            format_func=lambda one: text.MONTHS[one - 1].capitalize(),
            key="accuracy-month",
            width=180,
        )
    return lines[name], month


def honest(found: AccuracyTable) -> str:
    """Say how many closed years the figures rest on, and what that is worth."""
    years, count = ", ".join(map(str, found.years)), len(found.years)
    said = f"Grundas på {count} {text.plural(count, 'avslutat', 'avslutade')} år: {years}."
    if count < FEW_YEARS:
        said += " Det är få år: se det som en fingervisning, inte som ett betyg."
    return said


def in_words(line: LineAccuracy, month: int) -> str:
    """Say which method has come nearest after a month, and how near the controller's own was."""
    name = line.line or "hela enheten"
    when, own, best = text.MONTHS[month - 1], line.average(OWN, month), line.best(month)
    average = line.average(best, month) if best else None
    if best is None or average is None:
        said = f"För {name} går metoderna inte att jämföra efter {when}."
    else:
        said = (
            f"För {name} har {sv(best)} legat närmast: i snitt {_percent(average)} fel "
            f"efter {when}."
        )
    return f"{said} Controllerns egen: {_percent(own)}." if own else said


def _percent(average: Average | None) -> str:
    return text.percent(average.share if average else None, 1)


def draw_months(line: LineAccuracy, chosen: Filters, actor: Actor) -> None:
    """Draw how far each method was from the final amount after each month."""
    name = line.line or TOTAL
    st.subheader(f"Månad för månad: {name}", anchor=False)
    frame, rows = _months(line)
    if rows.empty:
        st.info("Det finns inga prognoser att jämföra med slutet.", icon=":material/inbox:")
        return
    drawn = set(rows["method"])
    charts.key(lambda palette: [one for one in key(palette) if one[0] in drawn])
    charts.draw(rows, ACCURACY, alt=f"Fel mot årets slut i procent per månad och metod. {name}.")
    table(frame, MONTHS, name=f"Träffsäkerhet {name}", actor=actor, look=_look(chosen))


def draw_lines(found: AccuracyTable, month: int, chosen: Filters, actor: Actor) -> None:
    """Draw every line's mean misses after a month, and the unit's."""
    when = text.MONTHS[month - 1]
    st.subheader(f"Alla poster efter {when}", anchor=False)
    title = f"Träffsäkerhet efter {when}"
    table(_lines(found, month), LINES, name=title, actor=actor, look=_look(chosen))
    st.markdown(
        ":small[Procent mellan prognosen i månadens slut och årets slutliga utfall, i snitt över "
        "avslutade år. En metod utan värde något av åren jämförs inte om vilken som är närmast. "
        "Biståndsmodellen räknas inte bakåt: dess antaganden fanns inte då.]"
    )


def _look(chosen: Filters) -> Table:
    source = "ekonomisystemets utfall, controllerns prognoser och placeringslistan"
    return Table(source=source, on=chosen.on, permission=Permission.VIEW_BUDGET)


@remembered
def _months(line: LineAccuracy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table's rows and the chart's."""
    rows, points = [], []
    for month in range(1, 13):
        averages = [line.average(method, month) for method in METHODS]
        rows.append({"month": text.MONTHS[month - 1]} | _values(line, month))
        points += [
            (text.SHORT_MONTHS[month - 1], word, average.share)
            for word, average in zip(WORDS, averages, strict=True)
            if average is not None
        ]
    return pd.DataFrame(rows, dtype=object), accuracy_rows(points)


@remembered
def _lines(found: AccuracyTable, month: int) -> pd.DataFrame:
    rows = []
    for line in (*found.lines, found.total):
        years = {miss.year for miss in line.misses if miss.month == month}
        named = {"section": line.section or TOTAL, "line": line.line, "years": len(years)}
        rows.append(named | _values(line, month))
    return pd.DataFrame(rows, dtype=object)


def _values(line: LineAccuracy, month: int) -> dict[str, object]:
    averages = [line.average(method, month) for method in METHODS]
    shares = {
        column.name: average.share if average else None
        for column, average in zip(METHOD_COLUMNS, averages, strict=True)
    }
    best = line.best(month)
    return shares | {"best": sv_title(best) if best else text.DASH}
