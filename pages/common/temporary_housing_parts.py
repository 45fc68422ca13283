"""Pieces of Tillfälligt boende: tiles, charts, months, forms and who lives there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.temporary_housing import COSTS, PEOPLE, cost_rows, people_rows
from core.charts.theme import remembered
from core.queries.temporary_housing import HousedNow, HousedRow
from core.reports.columns import Column, Kind
from core.terms import ALL
from pages.common import charts, text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table

SOURCE = "enhetens placeringslista"
PEOPLE_COLUMNS = (
    Column("households", "Hushåll", Kind.PEOPLE),
    Column("people", "Personer", Kind.PEOPLE, parts=("adults", "children")),
    Column("adults", "Vuxna", Kind.PEOPLE),
    Column("children", "Barn", Kind.PEOPLE),
    Column("days", "Dygn", Kind.COUNT),
)
MONTH_COLUMNS = (
    Column("month", "Månad", Kind.MONTH),
    *PEOPLE_COLUMNS,
    Column("cost", "Kostnad", Kind.KRONOR),
)
FORM_COLUMNS = (
    Column("form", "Boendeform"),
    *PEOPLE_COLUMNS,
    Column("cost", "Månaden", Kind.KRONOR),
    Column("year_cost", "Tolv månader", Kind.KRONOR),
)
CASE_COLUMNS = (Column("case", "Ärende"), Column("caseworker", "Handläggare"))
HOUSEHOLD_COLUMNS = (
    Column("adults", "Vuxna", Kind.PEOPLE),
    Column("children", "Barn", Kind.PEOPLE),
    Column("plan", "Boendeplan"),
)
LIST_COLUMNS = (
    Column("reference", "Placering"),
    *CASE_COLUMNS,
    Column("form", "Boendeform"),
    Column("since", "Från", Kind.DATE),
    Column("until", "Planerat till", Kind.DATE),
    *HOUSEHOLD_COLUMNS,
    Column("day_rate", "Dygn", Kind.KRONOR),
    Column("cost_to_date", "Upparbetat i år", Kind.KRONOR),
)
PLAN_WORDS = {True: "finns", False: "saknas", None: "inte noterad"}
HOW = """
- **Hushåll** är ärenden med minst ett betalt dygn i månaden. Ett hushåll räknas en gång i månaden,
  och en gång i varje boendeform det haft: därför kan formerna tillsammans bli fler än alla.
- **Personer** är hushållets folk dess sista dygn där i månaden: ärendets vuxna den dagen (minst en)
  och de barn som är med i placeringen.
- **Dygn** är betalda placeringsdygn. **Kostnad** är vad de kostar, till och med dagen som visas.
- **Tillfälligt boende** är de slag av placering som är hotell eller vandrarhem, och de som enheten
  har märkt som annat tillfälligt boende.
- **Boendeplan** räknas per hushåll, efter det som senast noterats. En plan räcker.
"""


def draw_tiles(now: HousedNow, months: pd.DataFrame, chosen: Filters) -> None:
    """Draw who lives in temporary housing on the day, their plans, and the cost."""
    everybody = months[months["form"] == ALL]
    latest, lodged = everybody.iloc[-1], now.lodged
    adults = lodged.people - lodged.children
    with tiles.row(4):
        tiles.tile(
            "Hushåll i tillfälligt boende",
            text.number(lodged.households),
            sub=f"{adults} vuxna och {lodged.children} barn",
        )
        tiles.tile(
            "Barnfamiljer på hotell eller vandrarhem",
            text.number(now.families_in_hotel),
            sub="flaggas alltid",
        )
        tiles.tile(
            "Hushåll med individuell boendeplan",
            f"{now.with_plan} av {lodged.households}",
            sub=f"{now.without_plan} saknar plan, {now.plan_unknown} inte noterade",
        )
        tiles.tile(
            f"Kostnad {text.month_sv(chosen.on)}",
            text.kronor(latest["cost"]),
            sub=f"till och med {text.date_sv(chosen.on, chosen.on)}, "
            f"tolv månader {text.kronor(sum(everybody['cost'], Decimal(0)))}",
        )


def draw_charts(months: pd.DataFrame) -> None:
    """Draw people and cost month by month."""
    everybody = months[months["form"] == ALL]
    latest = everybody.iloc[-1]
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Hushåll, personer och barn per månad", anchor=False)
        charts.draw(
            people_rows(months),
            PEOPLE,
            alt=f"Tillfälligt boende per månad. Senast {latest['households']} hushåll, "
            f"{latest['people']} personer, varav {latest['children']} barn.",
        )
    with right:
        st.subheader("Kostnad per månad och boendeform", anchor=False)
        total = text.kronor(sum(everybody["cost"], Decimal(0)))
        charts.draw(
            cost_rows(months), COSTS, alt=f"Kostnad per månad och boendeform, i allt {total}."
        )


def draw_tables(months: pd.DataFrame, chosen: Filters, actor: Actor) -> None:
    """Draw the months, the latest first, and the forms of the running month."""
    month = text.month_sv(chosen.on)
    forms = form_rows(months)
    if not forms.empty:
        table(
            forms,
            FORM_COLUMNS,
            name=f"Boendeformer {month}",
            actor=actor,
            look=_look(chosen, adds_up=False),
        )
    table(
        month_rows(months),
        MONTH_COLUMNS,
        name="Tillfälligt boende per månad",
        actor=actor,
        look=_look(chosen, adds_up=False),
    )
    with st.expander("Så räknas det", icon=":material/help:"):
        st.markdown(HOW)


def draw_list(rows: Sequence[HousedRow], chosen: Filters, actor: Actor) -> None:
    """Draw who lives there on the day, the longest first. Without households for a controller."""
    seen = actor.may(Permission.VIEW_CASES)
    hidden = () if seen else (*CASE_COLUMNS, *HOUSEHOLD_COLUMNS)
    columns = [column for column in LIST_COLUMNS if column not in hidden]
    look = Table(
        source=SOURCE,
        on=chosen.on,
        permission=Permission.VIEW_PLACEMENTS,
        adds_up=False,
        empty="Ingen bor i tillfälligt boende den dagen.",
    )
    table(list_rows(rows), columns, name="Boende just nu", actor=actor, look=look)


@remembered
def month_rows(months: pd.DataFrame) -> pd.DataFrame:
    """Return the table of months, the latest first."""
    everybody = months[months["form"] == ALL].iloc[::-1]
    return _with_adults(everybody)


@remembered
def form_rows(months: pd.DataFrame) -> pd.DataFrame:
    """Return the forms of the latest twelve months, as they were in the last, and all together."""
    last = months["month"].max()
    costs = {
        form: sum(found["cost"], Decimal(0))
        for form, found in months[months["form"] != ALL].groupby("form", sort=False)
    }
    columns = list(months.columns)
    now = {row[columns.index("form")]: row for row in months[months["month"] == last].to_numpy()}
    rows = [
        [*now.get(form, (last, form, 0, 0, 0, 0, Decimal(0))), cost] for form, cost in costs.items()
    ]
    if rows:
        rows.append([*now[ALL], sum(costs.values(), Decimal(0))])
    return _with_adults(pd.DataFrame(rows, columns=[*columns, "year_cost"], dtype=object))


@remembered
def list_rows(rows: Sequence[HousedRow]) -> pd.DataFrame:
    """Return the list's rows with `LIST_COLUMNS`."""
    values = [
        [
            *(row.reference, row.case, row.caseworker, row.form, row.since),
            row.planned_end_on or "tills vidare",
            *(row.adults, row.children, PLAN_WORDS[row.housing_plan]),
            *(row.day_rate, row.cost_to_date),
        ]
        for row in rows
    ]
    return pd.DataFrame(values, columns=[column.name for column in LIST_COLUMNS], dtype=object)


def _with_adults(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(adults=frame["people"] - frame["children"])


def _look(chosen: Filters, *, adds_up: bool) -> Table:
    return Table(
        source=SOURCE, on=chosen.on, permission=Permission.VIEW_PLACEMENTS, adds_up=adds_up
    )
