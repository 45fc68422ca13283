"""The list of measure points, and one of them with its history and what has been reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from core.auth import ROLE_NAMES, Actor, Permission
from core.clock import today
from core.queries.keys import By
from core.queries.measure_overview import PointRow, PointState
from core.reports.measure_file import without_small_numbers
from core.rules.dates import add_months, month_start
from core.rules.measure_points import Definition
from core.terms import MeasureFrequency, MeasureKind, sv
from pages.common import measure_preview, text
from pages.common.measure_definition_form import KINDS
from pages.common.tables import Column, Kind, Table, table

SPLITS = {"Totalt": By.NONE, "Per månad": By.MONTH, "Per grupp": By.GROUP}
LIST = (
    Column("name", "Mätpunkt"),
    Column("state", "Läge"),
    Column("frequency", "Rapporteras"),
    Column("reporter", "Av"),
    Column("indicator", "Räknas till indikatorn"),
    Column("reports", "Rapporter", Kind.COUNT),
    Column("latest", "Senaste", Kind.DATE),
)
HISTORY = (
    Column("from", "Från", Kind.DATE),
    Column("to", "Till", Kind.DATE),
    Column("name", "Namn"),
    Column("asked", "Rapporteras"),
    Column("answers", "Svar"),
)
FIGURES = (
    Column("key", "Månad eller grupp"),
    Column("question", "Fråga"),
    Column("answer", "Svar"),
    Column("reports", "Rapporter", Kind.COUNT),
    Column("number", "Tal", Kind.NUMBER),
    Column("share", "Andel", Kind.SHARE),
)


def state_words(row: PointRow) -> str:
    """Return where a measure point stands, with the day that it changes."""
    if row.state is PointState.ENDED:
        return f"avslutad {row.point.ended_on}" if row.point.ended_on else "avslutad"
    if row.state is PointState.COMING:
        start = next(s.start for s in row.point.spans if s.definition == row.definition)
        return f"börjar {start}"
    now = _asked_now(row.definition)
    if row.point.ended_on is not None:
        return f"{now}, till {row.point.ended_on}"
    return now if row.coming_from is None else f"{now}, ändras {row.coming_from}"


def _asked_now(definition: Definition) -> str:
    """Return that a point is asked now, or when its next measuring period begins."""
    if definition.frequency is not MeasureFrequency.OWN_PERIODS:
        return "frågas nu"
    left = sorted(w.period.start for w in definition.windows if w.period.end >= today())
    if not left:
        return "inga fler mätperioder"
    return "frågas nu" if left[0] <= today() else f"nästa mätperiod {left[0]}"


def tell_past(rows: Iterable[PointRow]) -> None:
    """Warn of each measure point that is left on the indicator of a year that is past."""
    for row in rows:
        if row.past_year is not None:
            st.warning(
                f"{text.safe(row.definition.name)}: Indikatorn hör till {row.past_year}. "
                "Koppla mätpunkten till årets indikator.",
                icon=":material/link_off:",
            )


def points_table(rows: Sequence[PointRow], actor: Actor) -> None:
    """Draw the list of measure points."""
    frame = pd.DataFrame(
        [
            {
                "name": row.definition.name,
                "state": state_words(row),
                "frequency": sv(row.definition.frequency),
                "reporter": ROLE_NAMES[row.definition.reporter],
                "indicator": row.indicator or text.DASH,
                "reports": row.reports,
                "latest": row.latest_on,
            }
            for row in rows
        ],
        dtype=object,
    )
    look = Table(source="mätpunkter", permission=Permission.EDIT_MEASURES, adds_up=False)
    table(frame, LIST, name="Mätpunkter", actor=actor, look=look)
    st.caption(
        "Välj en mätpunkt under Visa för att se vad som är rapporterat, ändra eller avsluta."
    )


def draw(row: PointRow) -> None:
    """Draw a measure point as it is asked, with its definitions."""
    definition = row.definition
    st.subheader(text.safe(definition.name), anchor=False)
    fed = f" Räknas till indikatorn {text.safe(row.indicator)}." if row.indicator else ""
    st.markdown(f"{state_words(row).capitalize()}. {KINDS[row.point.kind]}.{fed}")
    with st.container(width=440):
        measure_preview.draw(definition, f"measure-{row.point.point_id}")


def history(row: PointRow, actor: Actor) -> None:
    """Draw a measure point's definitions with the days that each is asked, if it has changed."""
    if len(row.point.spans) < 2:
        return
    frame = pd.DataFrame(
        [
            {
                "from": span.start,
                "to": span.end,
                "name": span.definition.name,
                "asked": measure_preview.in_words(span.definition),
                "answers": _answers(span.definition),
            }
            for span in row.point.spans
        ],
        dtype=object,
    )
    look = Table(source="mätpunkter", permission=Permission.EDIT_MEASURES, download=False)
    table(frame, HISTORY, name="Hur den har frågats", actor=actor, look=look)


def _answers(definition: Definition) -> str:
    parts = [choice.label for choice in definition.choices]
    if definition.asks_number:
        unit = f" ({definition.number_unit})" if definition.number_unit else ""
        parts.append(f"{definition.number_label or 'antal'}{unit}")
    return ", ".join(parts) or text.DASH


def asked_between(row: PointRow, by: By) -> tuple[dt.date, dt.date]:
    """Return the days that a measure point's figures are read for: its life, or its last year."""
    last = min(row.point.ended_on or today(), today())
    first = row.point.definitions[0].valid_from
    if by is By.MONTH:
        first = max(first, month_start(add_months(last, -11)))
    return min(first, last), last


def split(row: PointRow) -> By:
    """Draw how a measure point's figures are split, and return it."""
    chosen = st.segmented_control(
        "Rapporterat",
        list(SPLITS),
        default=next(iter(SPLITS)),
        key=f"measure-split-{row.point.point_id}",
    )
    return SPLITS[chosen or next(iter(SPLITS))]


def figures(row: PointRow, frame: pd.DataFrame, by: By, actor: Actor) -> None:
    """Draw what has been reported on a measure point."""
    asks = any(d.asks_number for d in row.point.definitions)
    several = any(d.questions for d in row.point.definitions)
    answers = any(d.choices for d in row.point.definitions)
    left_out = {"question"} if not several else set()
    left_out |= {"key"} if by is By.NONE else set()
    left_out |= set() if asks else {"number"}
    left_out |= set() if answers else {"answer", "share"}
    columns = tuple(column for column in FIGURES if column.name not in left_out)
    look = Table(
        source="rapporter på mätpunkter",
        permission=Permission.EDIT_MEASURES,
        adds_up=False,
        empty="Inget är rapporterat än.",
        file=without_small_numbers(frame, of_people=row.point.kind is not MeasureKind.NUMBER),
    )
    table(frame, columns, name=f"Rapporterat: {row.definition.name}", actor=actor, look=look)
