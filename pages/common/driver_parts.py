"""Pieces of Biståndsmodell: the result beside the other methods, the months, and the assumptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.driver_model import MONTHS, month_rows
from core.clock import today
from core.queries.budget import BudgetTable
from core.queries.drivers import DriverLine
from core.reports.columns import Column, Kind
from core.rules.dates import months_between
from core.rules.driver_model import Assumptions, DriverResult
from core.rules.shares import share
from core.services import drivers
from pages.common import charts, forms, text, tiles
from pages.common.filters import Filters
from pages.common.number_fields import NumberFields
from pages.common.tables import Table, table

PERCENT = Decimal(100)
COLUMNS = (
    Column("month", "Månad"),
    Column("households", "Hushåll", Kind.NUMBER, digits=1),
    Column("known", "Hushållen är"),
    Column("pattern", "Mönster", Kind.NUMBER, digits=3),
    Column("per_household", "Kr per hushåll", Kind.KRONOR),
    Column("booked", "Bokfört", Kind.KRONOR),
    Column("modelled", "Modellen", Kind.KRONOR),
    Column("cost", "Räknas", Kind.KRONOR),
)
SEASONAL, EVEN = "Som förra året", "Lika varje månad"


def draw_line(line: DriverLine, chosen: Filters, actor: Actor) -> None:
    """Draw a line's model: its year beside the other methods, its assumptions and its months."""
    st.subheader(f"{line.row.section}: {line.row.line}", anchor=False)
    result = line.result
    if result is None:
        st.warning(
            "Modellen kan inte räkna än: det saknas hushållsstatistik eller bokförda månader. "
            "Fyll på under Hushåll och Budget och prognos, eller anta antalen nedan.",
            icon=":material/warning:",
        )
        return
    _tiles(line, result, chosen)
    st.markdown(assumptions_said(line, result))
    first, last = result.months[0], result.months[-1]
    charts.draw(
        month_rows(result.months),
        MONTHS,
        alt=f"Kostnad per månad {chosen.on.year}: {text.mnkr(first.cost)} i januari och "
        f"{text.mnkr(last.cost)} i december enligt modellen.",
    )
    table(
        months_frame(result),
        COLUMNS,
        name=f"Biståndsmodell {line.row.line}",
        actor=actor,
        look=Table(
            source="hushållsstatistiken, ekonomisystemets utfall och controllerns antaganden",
            on=chosen.on,
            permission=Permission.VIEW_BUDGET,
            adds_up=False,
        ),
    )


def months_frame(result: DriverResult) -> pd.DataFrame:
    """Return the months with a sum, with the columns of `COLUMNS`."""
    rows: list[dict[str, object]] = [
        {
            "month": f"{one.month:%Y-%m}",
            "households": one.households,
            "known": "statistik" if one.known else "antagna",
            "pattern": one.pattern,
            "per_household": one.per_household,
            "booked": one.booked,
            "modelled": one.modelled,
            "cost": one.cost,
        }
        for one in result.months
    ]
    booked = [one.booked for one in result.months if one.booked is not None]
    rows.append(
        {
            "month": "Hela året",
            "booked": sum(booked, Decimal(0)) if booked else None,
            "cost": result.full_year,
        }
    )
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS], dtype=object)


def assumptions_said(line: DriverLine, result: DriverResult) -> str:
    """Return what the model assumes as a list in plain words."""
    assumed, points = line.assumed, []
    base = f"{text.kronor(result.base)} per hushåll och månad"
    if assumed.per_household is not None:
        points.append(f"{base}, antaget")
    elif line.facts.booked:
        points.append(f"{base}, som de bokförda månaderna säger")
    else:
        points.append(f"{base}, som i snitt förra året")
    coming = next((one for one in result.months if one.booked is None), None)
    if coming is not None:
        points.append(
            f"{text.number(coming.households, 1)} hushåll i {text.month_sv(coming.month)}"
        )
    points.append(f"hushållen ändras med {text.number(assumed.change, 1)} i månaden")
    if assumed.norm_from is not None and assumed.norm_change:
        norm = text.percent(Fraction(assumed.norm_change), 1)
        points.append(f"riksnormen ändras {norm} från {text.month_sv(assumed.norm_from)}")
    if assumed.rent_from is not None and assumed.rent_change:
        points.append(
            f"hyrorna ändras {text.kronor(assumed.rent_change)} per hushåll och månad från "
            f"{text.month_sv(assumed.rent_from)}"
        )
    if result.seasonal:
        points.append("månaderna fördelas som förra året")
    elif assumed.even:
        points.append("alla månader kostar lika mycket")
    else:
        points.append("alla månader kostar lika mycket, eftersom förra året inte är helt känt")
    lines = "\n".join(f"- {point}" for point in points)
    return f"**Antaganden**, senast ändrade {text.date_sv(line.decided_on)}:\n\n{lines}"


def draw_forms(lines: Sequence[DriverLine], budget: BudgetTable, actor: Actor) -> None:
    """Draw the choice of a line, the form of its assumptions, and its removal."""
    with st.expander("Ändra antaganden", icon=":material/tune:", expanded=not lines):
        labels = {row.id: f"{row.section}: {row.line}" for row in budget.lines}
        known = {line.row.id: line for line in lines}
        first = next(iter(known), None)
        chosen = st.selectbox(
            "Budgetpost",
            list(labels),
            index=list(labels).index(first) if first is not None else None,
            format_func=labels.__getitem__,
            placeholder="Välj den post som betalar biståndet",
            key="driver-line",
        )
        if chosen is None:
            return
        line = known.get(chosen)
        _form(chosen, labels[chosen], line, actor)
        if line is not None:
            _removal(chosen, actor)


def _tiles(line: DriverLine, result: DriverResult, chosen: Filters) -> None:
    figures, full = line.row.figures, result.full_year
    left = Fraction(figures.budget) - full
    with tiles.row():
        tiles.tile(
            f"Modellens prognos {chosen.on.year}",
            text.tkr(full),
            sub=f"mot budget {text.tkr(figures.budget)}: {text.tkr(left)}",
        )
        tiles.tile(
            "Controllerns prognos",
            text.tkr(figures.prognosis),
            sub=_from_model(figures.prognosis, full),
        )
        tiles.tile(
            "Rak framskrivning", text.tkr(figures.run_rate), sub=_from_model(figures.run_rate, full)
        )
        tiles.tile(
            "Förra årets mönster",
            text.tkr(figures.last_year_pattern),
            sub=_from_model(figures.last_year_pattern, full),
        )


def _from_model(value: Decimal | Fraction | None, full: Fraction) -> str:
    if value is None:
        return "inget värde än"
    difference = Fraction(value) - full
    part = text.percent(share(difference, abs(full)), 1)
    return f"{text.tkr(difference)} från modellen ({part})"


def _form(line_id: int, label: str, line: DriverLine | None, actor: Actor) -> None:
    name = f"driver-{line_id}"
    key, assumed = forms.submit_key(name), forms.opened(name, line.assumed if line else None)
    was, numbers = assumed or Assumptions(), NumberFields(name)
    months = months_between(today().replace(month=1, day=1), today().replace(month=12, day=1))
    with st.form(key, border=False):
        left, middle, right = st.columns(3)
        with left:
            numbers.draw(
                "Hushåll första månaden utan statistik",
                "households",
                digits=0,
                hint="Tomt: som den senaste kända månaden, med ändringen i månaden.",
                value=_typed(was.households),
            )
            numbers.draw(
                "Ändring av hushåll per månad", "change", digits=1, value=_typed(was.change or None)
            )
            numbers.draw(
                "Kronor per hushåll och månad",
                "per_household",
                hint="Tomt: som de bokförda månaderna säger.",
                value=_typed(was.per_household),
            )
        with middle:
            numbers.draw(
                "Riksnormen ändras, procent",
                "norm_change",
                digits=2,
                hint="Andel av biståndet som följer med: hela kostnaden per hushåll räknas upp.",
                value=_typed(was.norm_change * PERCENT or None),
            )
            norm_from = _month("Ny riksnorm från", "norm_from", name, months, was.norm_from)
        with right:
            numbers.draw(
                "Hyrorna ändras, kronor per hushåll och månad",
                "rent_change",
                value=_typed(was.rent_change or None),
            )
            rent_from = _month("Nya hyror från", "rent_from", name, months, was.rent_from)
            shape = st.radio(
                "Månadsmönster", [SEASONAL, EVEN], index=int(was.even), key=f"{key}-even"
            )
        forms.field_error(name, "line_id")
        sent = st.form_submit_button("Spara antagandena", type="primary")
    if sent:

        def save(session: Any) -> int:
            typed = numbers.read()
            households = typed["households"]
            new = Assumptions(
                households=None if households is None else int(households),
                change=typed["change"] or Decimal(0),
                per_household=typed["per_household"],
                norm_change=(typed["norm_change"] or Decimal(0)) / PERCENT,
                norm_from=norm_from,
                rent_change=typed["rent_change"] or Decimal(0),
                rent_from=rent_from,
                even=shape == EVEN,
            )
            return drivers.assume(session, line_id, new, by=actor, key=key)

        forms.run(name, save, f"Modellen för {label} räknar med de nya antagandena.")


def _removal(line_id: int, actor: Actor) -> None:
    name = f"driver-remove-{line_id}"
    key = forms.submit_key(name)
    with st.popover("Ta bort modellen", icon=":material/delete:"):
        st.markdown("Postens antaganden makuleras. Utfall och prognoser påverkas inte.")
        if st.button("Ta bort modellen", key=f"{name}-button", type="primary"):
            forms.run(
                name,
                lambda session: drivers.remove(session, line_id, by=actor, key=key),
                "Modellen är borttagen.",
            )


def _month(
    label: str, field: str, name: str, months: Sequence[dt.date], was: dt.date | None
) -> dt.date | None:
    chosen = st.selectbox(
        label,
        months,
        index=months.index(was) if was in months else None,
        format_func=text.month_sv,
        placeholder="Ingen ändring",
        key=f"{forms.submit_key(name)}-{field}",
    )
    forms.field_error(name, field)
    return chosen


def _typed(value: int | Decimal | None) -> str:
    return "" if value is None else text.plain_number(value, 2)
