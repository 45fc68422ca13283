"""Pieces of Vad händer om: the scenarios side by side by month and by budget line, and the steps."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.budget import deviation_word
from core.charts.scenarios import DIFFERENCES, difference_rows
from core.queries.scenarios import (
    NO_LINE,
    LineEffect,
    ScenarioRow,
    ScenarioTable,
    StepRow,
)
from core.reports.columns import Column, Kind
from core.rules.scenarios import StepFault
from core.terms import Direction, ScenarioStep, sv_title
from pages.common import charts, text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table

NOW = "Nuläge"
MOST_COMPARED = 4
COMPARED, KNOWN = "scenarios-compared", "scenarios-known"
SOURCE = "placeringslistan och sparade scenarier"
STEPS_NAME = "Scenariots steg"
"""Not the scenario's own name: the log of exports holds no text that somebody has typed."""
FAULTS = {
    StepFault.GONE: "räknas inte: placeringen finns inte längre",
    StepFault.ENDED: "räknas inte: placeringen har avslutats",
    StepFault.PAST: "räknas inte: dagen har passerat",
    StepFault.BEFORE_START: "räknas inte: före placeringens första dag",
    StepFault.AFTER_END: "räknas inte: efter placeringens slut",
}
STEPS = (
    Column("what", "Steg"),
    Column("name", "Placering"),
    Column("day", "Från / sista dag", Kind.DATE),
    Column("until", "Till", Kind.DATE),
    Column("amount", "Dygn", Kind.KRONOR),
    Column("kind", "Slag"),
    Column("effect", "Ändrar helåret", Kind.KRONOR),
    Column("state", "Läge"),
)
LINES = (
    Column("line", "Budgetpost"),
    Column("scenario", "Räknat med"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("forecast", "Prognos", Kind.KRONOR),
    Column("deviation", "Avvikelse", Kind.KRONOR),
    Column("word", "Läge"),
)


def compared(found: ScenarioTable) -> tuple[ScenarioRow, ...]:
    """Draw the choice of scenarios to compare, and return those chosen: new ones are, with room."""
    names = {one.id: one.name for one in found.scenarios}
    before: list[int] | None = st.session_state.get(COMPARED)
    known = set() if before is None else st.session_state.get(KNOWN, set())
    chosen = [one for one in before or () if one in names]
    new = [one for one in names if one not in known]
    st.session_state[COMPARED] = [*chosen, *new[: max(0, MOST_COMPARED - len(chosen))]]
    st.session_state[KNOWN] = set(names)
    ids = st.multiselect(
        f"Jämför med nuläget (högst {MOST_COMPARED})",
        list(names),
        format_func=lambda one: names.get(one, ""),
        key=COMPARED,
        max_selections=MOST_COMPARED,
        placeholder="Välj scenarier",
    )
    return tuple(one for one in found.scenarios if one.id in ids)


def draw_tiles(found: ScenarioTable, shown: Sequence[ScenarioRow], chosen: Filters) -> None:
    """Draw the year as decided now, and with each scenario."""
    year = chosen.on.year
    with st.grid(columns=3, gap="small"):
        tiles.tile(
            f"{NOW}, helår {year}", text.kronor(found.present_year), sub="som det är beslutat i dag"
        )
        for one in shown:
            moved = one.year - found.present_year
            lost = sum(step.fault is not None for step in one.steps)
            words = [f"{len(one.steps)} steg"]
            if lost:
                words.append(f"{lost} {text.plural(lost, 'räknas', 'räknas')} inte")
            tiles.tile(
                one.name,
                text.kronor(one.year),
                sub=", ".join(words),
                change=tiles.Change(moved, "kr", "mot nuläget", Direction.LOWER),
            )


def draw_months(
    found: ScenarioTable, shown: Sequence[ScenarioRow], chosen: Filters, actor: Actor
) -> None:
    """Draw what each scenario changes each month by, and the months beside each other."""
    year = chosen.on.year
    st.subheader(f"Månad för månad {year}", anchor=False)
    moved = tuple((one.name, _moved(found, one)) for one in shown)
    if any(amount for _, amounts in moved for amount in amounts):
        sums = "; ".join(f"{name} {text.kronor(sum(each))}" for name, each in moved)
        charts.draw(
            difference_rows(found.months, moved),
            DIFFERENCES,
            alt=f"Skillnad mot nuläget per månad {year}, för hela året: {sums}.",
        )
    frame, columns = _month_frame(found, shown)
    look = Table(source=SOURCE, on=chosen.on, permission=Permission.EDIT_SCENARIOS, adds_up=False)
    table(frame, columns, name=f"Scenarier per månad {year}", actor=actor, look=look)


def draw_lines(
    effects: Sequence[LineEffect], shown: Sequence[ScenarioRow], chosen: Filters, actor: Actor
) -> None:
    """Draw what the scenarios do to the budget lines that they move."""
    rows = [row for effect in effects for row in _line_rows(effect, shown)]
    rows += [
        ["Utan budgetpost", one.name, None, None, -one.lines[NO_LINE], "slaget saknar budgetpost"]
        for one in shown
        if NO_LINE in one.lines
    ]
    if not rows:
        return
    st.subheader("Budgetposten som betalar", anchor=False)
    frame = pd.DataFrame(rows, columns=[column.name for column in LINES], dtype=object)
    look = Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_BUDGET, adds_up=False)
    table(frame, LINES, name=f"Scenarier mot budget {chosen.on.year}", actor=actor, look=look)
    st.markdown(
        ":small[Prognosen är beslut framåt: bokfört utfall, och placeringarnas beslutade kostnad "
        "efter det. Hela enhetens, också när en grupp är vald. Minus är underskott.]"
    )


def draw_steps(one: ScenarioRow, chosen: Filters, actor: Actor) -> None:
    """Draw a scenario's steps with what each one changes, and what has happened since."""
    rows = [_step_values(step) for step in one.steps]
    rows.append(["Summa", *[""] * 5, sum((step.effect for step in one.steps), Decimal(0)), ""])
    frame = pd.DataFrame(rows, columns=[column.name for column in STEPS], dtype=object)
    look = Table(source=SOURCE, on=chosen.on, permission=Permission.EDIT_SCENARIOS, adds_up=False)
    table(frame, STEPS, name=STEPS_NAME, actor=actor, look=look)
    st.markdown(
        ":small[:material/gavel: Inget av detta gäller. Varje steg beslutas på Placeringar när det "
        "ska bli verklighet; det som har beslutats där räknas i nuläget.]"
    )


def step_words(step: StepRow) -> str:
    """Return a step in one line, for a choice among them."""
    return f"{sv_title(step.step)}: {step.name}, {step.day}"


def _moved(found: ScenarioTable, one: ScenarioRow) -> tuple[Decimal, ...]:
    return tuple(cost - now for cost, now in zip(one.months, found.present, strict=True))


def _month_frame(
    found: ScenarioTable, shown: Sequence[ScenarioRow]
) -> tuple[pd.DataFrame, list[Column]]:
    """Return the months with a column for each scenario, the year and its difference last."""
    columns = [Column("month", "Månad"), Column("now", NOW, Kind.KRONOR)]
    columns += [Column(f"s{one.id}", one.name, Kind.KRONOR) for one in shown]
    costs = [found.present, *(one.months for one in shown)]
    names = [text.month_sv(month) for month in found.months]
    rows: list[list[object]] = [
        [name, *of_month] for name, *of_month in zip(names, *costs, strict=True)
    ]
    years = [sum(each, Decimal(0)) for each in costs]
    rows.append(["Helår", *years])
    rows.append(["Mot nuläget", "", *(year - years[0] for year in years[1:])])
    return pd.DataFrame(rows, columns=[column.name for column in columns], dtype=object), columns


def _line_rows(effect: LineEffect, shown: Sequence[ScenarioRow]) -> list[list[object]]:
    """Return a line now and with the scenarios that move it, nothing if none does."""
    pairs = zip(shown, effect.with_scenarios, strict=True)
    moved = [(one.name, *figures) for one, figures in pairs if figures[0] != effect.forecast]
    if not moved:
        return []
    rows = [(NOW, effect.forecast, effect.deviation), *moved]
    return [
        [
            effect.line,
            name,
            effect.budget,
            forecast,
            deviation,
            "" if deviation is None else deviation_word(deviation).lower(),
        ]
        for name, forecast, deviation in rows
    ]


def _step_values(step: StepRow) -> list[object]:
    until = step.until if step.step in {ScenarioStep.REPLACE, ScenarioStep.ADD} else ""
    amount = "" if step.amount is None else step.amount
    what = [sv_title(step.step), step.name, step.day, until or "", amount]
    return [*what, step.kind or "", step.effect, state(step)]


def state(step: StepRow) -> str:
    """Say whether a step counts, and what has happened since it was made."""
    if step.fault is not None:
        return FAULTS[step.fault]
    since = "placeringen har ändrats sedan steget lades till" if step.decided_since else ""
    if step.effect == 0:
        return "; ".join(filter(None, ("gör ingen skillnad i år", since)))
    return since or "beslutas på Placeringar"
