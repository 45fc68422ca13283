"""Pieces of Åtgärdsplan: the prognosis with and without, effects by month, lines and measures."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.savings import EFFECTS, effect_rows
from core.queries.savings import ActionPlan, MeasureRow, PlanLine
from core.reports.columns import Column, Kind
from core.rules.dates import months_between
from core.rules.savings import MeasureFacts, measure_months
from core.terms import sv
from pages.common import charts, text, tiles
from pages.common.budget_parts import TOTAL, booked
from pages.common.filters import Filters
from pages.common.tables import Table, table

LINES = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("prognosis", "Prognos utan kommande effekt", Kind.KRONOR),
    Column("deviation", "Avvikelse utan", Kind.KRONOR),
    Column("remaining", "Kommande effekt", Kind.KRONOR),
    Column("with_plan", "Prognos med", Kind.KRONOR),
    Column("deviation_with_plan", "Avvikelse med", Kind.KRONOR),
)
MEASURES = (
    Column("name", "Åtgärd"),
    Column("line", "Budgetpost"),
    Column("owner", "Ansvarig"),
    Column("starts_on", "Från", Kind.DATE),
    Column("ends_on", "Till", Kind.DATE),
    Column("monthly_effect", "Förväntat i månaden", Kind.KRONOR),
    Column("expected", "Förväntat i år", Kind.KRONOR),
    Column("expected_so_far", "Förväntat hittills", Kind.KRONOR),
    Column("achieved", "Uppföljt", Kind.KRONOR),
    Column("not_followed_up", "Månader utan uppföljning", Kind.COUNT),
    Column("remaining", "Kommande effekt", Kind.KRONOR),
    Column("status", "Läge"),
    Column("comment", "Senast sagt"),
)
SOURCE = "åtgärdsplanen, controllerns prognoser och ekonomisystemets utfall"


def draw_tiles(plan: ActionPlan, chosen: Filters) -> None:
    """Draw the unit's prognosis with and without the plan, and what it did so far."""
    total = plan.total
    so_far = sum((one.figures.expected_so_far for one in plan.measures), Decimal(0))
    behind = sum(one.figures.not_followed_up for one in plan.measures)
    missing = "alla poster har inte en prognos"
    with tiles.row():
        tiles.tile(
            "Prognos utan kommande effekt",
            text.tkr(total.prognosis),
            sub=_against(total.deviation) if total.prognosis is not None else missing,
        )
        tiles.tile(
            "Prognos med åtgärdsplanen",
            text.tkr(total.with_plan),
            sub=_against(total.deviation_with_plan) if total.with_plan is not None else missing,
        )
        tiles.tile(
            "Kommande effekt",
            text.tkr(total.remaining),
            sub=f"av {text.tkr(total.expected)} förväntat hela {chosen.on.year}",
        )
        tiles.tile(
            "Uppföljt hittills",
            text.tkr(total.achieved),
            sub=f"förväntat {text.tkr(so_far)}, {booked(plan.booked_through)}",
        )
    if behind:
        what = text.plural(behind, "månad saknar", "månader saknar")
        st.warning(
            f"{behind} {what} uppföljning. En påbörjad åtgärd som ingen har följt upp räknas inte som "
            "kommande effekt.",
            icon=":material/pending_actions:",
        )


def draw_effects(plan: ActionPlan, chosen: Filters) -> None:
    """Draw expected and followed-up effect by month."""
    expected, achieved = effects(plan, chosen.on.year)
    st.subheader("Effekt per månad", anchor=False)
    charts.draw(
        effect_rows(expected, achieved),
        EFFECTS,
        alt=f"Förväntad och uppföljd effekt per månad. Uppföljt är {text.tkr(plan.total.achieved)} "
        f"av {text.tkr(plan.total.expected)} förväntat på året.",
    )


def draw_lines(plan: ActionPlan, chosen: Filters, actor: Actor) -> None:
    """Draw the lines with measures and the whole unit."""
    rows = [_line_values(line, line.section) for line in plan.lines]
    frame = pd.DataFrame([*rows, _line_values(plan.total, TOTAL)], dtype=object)
    table(frame, LINES, name="Prognos med och utan åtgärder", actor=actor, look=_look(chosen))
    st.markdown(
        ":small[Kronor. Prognosen bygger på utfallet, så det som åtgärderna redan har gett finns i den. "
        "Kommande effekt är vad de månader som inte är bokförda väntas spara utöver det: allt för en "
        "åtgärd som inte har börjat, skillnaden mot senaste uppföljningen för en som har det.]"
    )


def draw_measures(plan: ActionPlan, chosen: Filters, actor: Actor) -> None:
    """Draw the measures."""
    frame = pd.DataFrame([_measure_values(one) for one in plan.measures], dtype=object)
    table(frame, MEASURES, name="Åtgärder", actor=actor, look=_look(chosen))


def effects(plan: ActionPlan, year: int) -> tuple[dict[dt.date, Decimal], dict[dt.date, Decimal]]:
    """Return expected effect of every month of a year, and what is followed up, by month."""
    months = months_between(dt.date(year, 1, 1), dt.date(year, 12, 1))
    expected = dict.fromkeys(months, Decimal(0))
    achieved: defaultdict[dt.date, Decimal] = defaultdict(Decimal)
    for one in plan.measures:
        counted = measure_months(MeasureFacts(one.starts_on, one.monthly_effect, one.ends_on), year)
        for month in counted:
            expected[month] += one.monthly_effect
        for done in one.followed_up:
            if done.month in counted:
                achieved[done.month] += done.effect
    return expected, dict(achieved)


def _look(chosen: Filters) -> Table:
    return Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_BUDGET)


def _against(deviation: Decimal | None) -> str:
    if deviation is None:
        return "mot budget: inget värde"
    word = "underskott" if deviation < 0 else "överskott" if deviation else "i balans"
    return f"mot budget {text.tkr(deviation)}, {word}"


def _line_values(line: PlanLine, title: str) -> dict[str, object]:
    return {"section": title} | {
        column.name: getattr(line, column.name) for column in LINES if column.name != "section"
    }


def _measure_values(one: MeasureRow) -> dict[str, object]:
    figures = one.figures
    return {
        "name": one.name,
        "line": one.line,
        "owner": one.owner,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "monthly_effect": one.monthly_effect,
        "expected": figures.expected,
        "expected_so_far": figures.expected_so_far,
        "achieved": figures.achieved,
        "not_followed_up": figures.not_followed_up,
        "remaining": figures.remaining,
        "status": sv(one.status),
        "comment": one.followed_up[-1].comment if one.followed_up else "",
    }
