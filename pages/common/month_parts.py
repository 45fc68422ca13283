"""Pieces of Månadens läge: the unit's figures, sections, large deviations and decisions."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.clock import STOCKHOLM
from core.queries.budget import BudgetRow
from core.queries.month_summary import MonthSummary
from core.reports.columns import Column, Kind
from core.terms import sv
from pages.common import text, tiles
from pages.common.budget_parts import TOTAL, booked, word
from pages.common.filters import Filters
from pages.common.tables import Table, table

FIGURES = (
    Column("name", "Vad"),
    Column("amount", "Kronor", Kind.KRONOR),
    Column("note", "Förklaring"),
)
SECTIONS = (
    Column("section", "Avsnitt"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("outcome_to_date", "Utfall", Kind.KRONOR),
    Column("prognosis", "Prognos", Kind.KRONOR),
    Column("deviation", "Avvikelse", Kind.KRONOR),
    Column("word", "Läge"),
)
LARGE = (
    Column("line", "Budgetpost"),
    Column("section", "Avsnitt"),
    Column("prognosis", "Prognos", Kind.KRONOR),
    Column("deviation", "Avvikelse", Kind.KRONOR),
    Column("comment", "Controllerns kommentar"),
)
MEETINGS = (
    Column("held_on", "Genomgång", Kind.DATE),
    Column("group", "Omfattar"),
    Column("decided", "Beslutade placeringar", Kind.COUNT),
    Column("effect", "Ändrad helårskostnad", Kind.KRONOR),
    Column("state", "Läge"),
)
SOURCE = "budget, utfall, prognoser, åtgärdsplan och placeringslistan i Röda tråden"


def draw_tiles(month: MonthSummary, chosen: Filters) -> None:
    """Draw the four figures that the meeting begins with."""
    figures, placed = month.budget.total.figures, month.placements
    with tiles.row():
        tiles.tile(
            f"Avvikelse mot budget {chosen.on.year}",
            text.tkr(figures.deviation),
            sub=word(month.budget.total),
        )
        tiles.tile(
            "Prognos helår",
            text.tkr(figures.prognosis),
            sub=f"budget {text.tkr(figures.budget)}",
        )
        tiles.tile(
            "Placeringar helår",
            text.tkr(placed.full_year),
            sub=f"{text.number(placed.running)} pågår, månaden {text.tkr(placed.month_cost)}",
        )
        tiles.tile("Månadens prognosrunda", _round_word(month), sub=_round_said(month))


def draw_figures(month: MonthSummary, chosen: Filters, actor: Actor, *, whole_unit: bool) -> None:
    """Draw the month's figures with what each one is."""
    table(
        figures_frame(month, whole_unit=whole_unit),
        FIGURES,
        name="Månaden i siffror",
        actor=actor,
        look=_look(chosen, adds_up=False),
    )


def draw_sections(month: MonthSummary, chosen: Filters, actor: Actor) -> None:
    """Draw the budget's sections and the whole unit."""
    rows = [_section(row, row.section) for row in month.budget.sections]
    rows.append(_section(month.budget.total, TOTAL))
    frame = pd.DataFrame(rows, columns=[column.name for column in SECTIONS], dtype=object)
    table(frame, SECTIONS, name="Budgetens avsnitt", actor=actor, look=_look(chosen))


def draw_large(month: MonthSummary, chosen: Filters, actor: Actor) -> None:
    """Draw the lines that deviate more than the unit's limit, and why."""
    st.subheader(f"Poster som avviker mer än {text.tkr(month.limit)}", anchor=False)
    rows = [
        [row.line, row.section, row.figures.prognosis, row.figures.deviation, row.comment]
        for row in month.large
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in LARGE], dtype=object)
    look = _look(chosen, empty="Ingen post avviker så mycket.")
    table(frame, LARGE, name="Stora avvikelser", actor=actor, look=look)


def draw_decided(month: MonthSummary, chosen: Filters, actor: Actor) -> None:
    """Draw the month's walk-throughs and what they changed."""
    st.subheader("Beslutat på genomgångar", anchor=False)
    rows = [
        [
            one.held_on,
            one.group or "hela enheten",
            one.decided,
            one.effect,
            "avslutad" if one.closed else "pågår",
        ]
        for one in month.meetings
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in MEETINGS], dtype=object)
    look = _look(chosen, empty="Ingen genomgång har hållits den här månaden.")
    table(frame, MEETINGS, name="Genomgångar", actor=actor, look=look)


def figures_frame(month: MonthSummary, *, whole_unit: bool) -> pd.DataFrame:
    """Return the month's figures, with the columns of `FIGURES`.

    `whole_unit` tells whether the placements are all the unit's, or the own group's.
    """
    figures, placed, plan = month.budget.total.figures, month.placements, month.plan
    whose = "" if whole_unit else ", egna gruppen"
    rows = [
        ("Budget", figures.budget, "netto, hela enheten"),
        ("Utfall", figures.outcome_to_date, booked(month.budget.booked_through)),
        ("Prognos", figures.prognosis, "controllerns senaste per post"),
        ("Avvikelse", figures.deviation, "budget minus prognos, minus är underskott"),
        ("Prognos med åtgärdsplanen", plan.with_plan, "prognosen minus kommande effekt"),
        (
            "Underliggande prognos",
            month.underlying.underlying_prognosis,
            "utan generalschabloner och engångsposter",
        ),
        ("Placeringar, månaden", placed.month_cost, f"hela månaden, även beslutat{whose}"),
        ("Placeringar, upparbetat", placed.cost_to_date, f"från 1 januari{whose}"),
        ("Placeringar, beslutat", placed.committed, f"resten av året{whose}"),
        ("Placeringar, helår", placed.full_year, f"upparbetat plus beslutat{whose}"),
    ]
    return pd.DataFrame(rows, columns=[column.name for column in FIGURES], dtype=object)


def _section(row: BudgetRow, title: str) -> list[object]:
    figures = row.figures
    return [
        title,
        figures.budget,
        figures.outcome_to_date,
        figures.prognosis,
        figures.deviation,
        word(row),
    ]


def _round_word(month: MonthSummary) -> str:
    return "ingen" if month.round is None else text.month_sv(month.round.month)


def _round_said(month: MonthSummary) -> str:
    head = month.round
    if head is None:
        return "ingen runda har öppnats i år"
    said = sv(head.state)
    if head.approved_at is not None:
        said += f" {head.approved_at.astimezone(STOCKHOLM):%Y-%m-%d}"
    return f"{said}, version {head.number}" if head.number > 1 else said


def _look(chosen: Filters, *, adds_up: bool = True, empty: str = "") -> Table:
    return Table(
        source=SOURCE,
        on=chosen.on,
        permission=Permission.VIEW_BUDGET,
        adds_up=adds_up,
        empty=empty,
    )
