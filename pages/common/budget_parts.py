"""Pieces of Budget och prognos: tiles, the lines with their sums, and the deviations as a chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.budget import (
    DEFICIT,
    DEVIATIONS,
    IN_BALANCE,
    SURPLUS,
    deviation_rows,
    deviation_word,
)
from core.queries.budget import BudgetRow, BudgetTable
from core.queries.ledger import Unmapped
from core.queries.prognosis_rounds import RoundHead
from core.queries.year_results import Result
from core.reports.columns import Column, Kind
from core.terms import sv
from pages.common import charts, text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table
from pages.common.tiles import Badge

TOTAL = "Hela enheten"
COLUMNS = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("outcome_to_date", "Utfall", Kind.KRONOR),
    Column("prognosis", "Prognos", Kind.KRONOR),
    Column("deviation", "Avvikelse", Kind.KRONOR),
    Column("deviation_share", "Andel", Kind.SHARE, digits=1),
    Column("word", "Läge"),
    Column("run_rate", "Rak framskrivning", Kind.KRONOR),
    Column("last_year_pattern", "Förra årets mönster", Kind.KRONOR),
    Column("bottom_up", "Beslut framåt", Kind.KRONOR),
)
MOVES = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("made_on", "Gjord", Kind.DATE),
    Column("before", "Förra prognosen", Kind.KRONOR),
    Column("prognosis", "Prognos", Kind.KRONOR),
    Column("change", "Ändring", Kind.KRONOR),
    Column("comment", "Kommentar"),
)
RESULTS = (
    Column("year", "År"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("outcome", "Utfall", Kind.KRONOR),
    Column("result", "Resultat", Kind.KRONOR),
    Column("word", "Läge"),
    Column("source", "Källa"),
)
OWN_BOOKS = "egna budgetposter och bokfört utfall"
VERDICTS = {
    SURPLUS: ("green", "check_circle"),
    IN_BALANCE: ("green", "check_circle"),
    DEFICIT: ("red", "cancel"),
}
"""The colour and the icon of a deviation's word: costs below or above the budget."""


def draw_tiles(budget: BudgetTable, chosen: Filters) -> None:
    """Draw the unit's budget, outcome, prognosis and deviation."""
    now, missing = budget.total.figures, without_prognosis(budget)
    unknown = f"{missing} {text.plural(missing, 'post', 'poster')} saknar prognos"
    share = budget.total.deviation_share
    with tiles.row():
        tiles.tile(
            f"Budget {chosen.on.year}",
            text.tkr(now.budget),
            sub=f"netto, {len(budget.lines)} {text.plural(len(budget.lines), 'post', 'poster')}",
        )
        tiles.tile("Utfall", text.tkr(now.outcome_to_date), sub=booked(budget.booked_through))
        tiles.tile(
            "Prognos helår",
            text.tkr(now.prognosis),
            sub=unknown if missing else "controllerns senaste per post",
        )
        tiles.tile(
            "Avvikelse mot budget",
            text.tkr(now.deviation),
            sub=unknown if share is None else f"{text.percent(share, 1)} av budgeten",
            fulfilment=_verdict(now.deviation),
        )


def draw_deviations(budget: BudgetTable) -> None:
    """Draw each line's deviation from its budget."""
    known = [
        (row.section, row.line, row.figures.deviation)
        for row in budget.lines
        if row.figures.deviation is not None
    ]
    if not known:
        return
    _, name, worst = min(known, key=lambda one: one[2])
    st.subheader("Avvikelse per budgetpost", anchor=False)
    charts.draw(
        deviation_rows(known),
        DEVIATIONS,
        alt=f"Avvikelse mot budget per post. Sämst är {name}, {text.tkr(worst)}.",
    )


def draw_lines(budget: BudgetTable, chosen: Filters, actor: Actor) -> None:
    """Draw the lines with computed prognoses beside, and a sum for each section and the unit."""
    table(
        _frame(budget),
        COLUMNS,
        name=f"Budget och prognos {chosen.on.year}",
        actor=actor,
        look=_look(chosen, "ekonomisystemets utfall, controllerns prognoser och placeringslistan"),
    )
    st.markdown(
        ":small[Kronor. Rak framskrivning: utfallet per månad gånger tolv. Förra årets mönster: utfallet "
        "delat med den andel som samma månader hade i fjol. Beslut framåt: utfallet plus "
        "placeringarnas beslutade kostnad resten av året, bara för poster som betalar "
        "placeringar. En summa visas när alla dess poster har ett värde.]"
    )


def draw_round(head: RoundHead | None, on: dt.date) -> None:
    """Draw how far the month's prognosis round has come, with a link to it."""
    state = f"är {sv(head.state)}" if head else "är inte öppnad"
    st.markdown(f":small[Prognosrundan för {text.month_sv(on)} {state}.]")
    tiles.link("prognosrunda")


def draw_unmapped(unmapped: Unmapped) -> None:
    """Tell what of the ledger no budget line takes; nothing when all is placed."""
    if unmapped.count:
        many = text.plural(unmapped.count, "kombination", "kombinationer")
        st.warning(
            f"{text.kronor(unmapped.amount)} i huvudboken hör inte till någon budgetpost än "
            f"({unmapped.count} {many}) och ingår inte i utfallet här.",
            icon=":material/rule:",
        )
        tiles.link("huvudbok")


def draw_moves(budget: BudgetTable, chosen: Filters, actor: Actor) -> None:
    """Draw how the latest prognoses moved, and what was said of them."""
    moved = [row for row in budget.lines if row.comment or row.change]
    if not moved:
        return
    values = [
        {
            "section": row.section,
            "line": row.line,
            "made_on": row.made_on,
            "before": row.before,
            "prognosis": row.figures.prognosis,
            "change": row.change,
            "comment": row.comment,
        }
        for row in moved
    ]
    frame = pd.DataFrame(values, dtype=object)
    look = _look(chosen, "controllerns prognoser")
    table(frame, MOVES, name="Varför prognoserna har ändrats", actor=actor, look=look)


def draw_results(results: Sequence[Result], chosen: Filters, actor: Actor) -> None:
    """Draw what the budget left over in earlier years, with the document that says so."""
    if not results:
        return
    st.subheader("Tidigare års resultat", anchor=False)
    values = [
        {
            "year": str(one.year),
            "budget": one.budget,
            "outcome": one.outcome,
            "result": one.result,
            "word": deviation_word(one.result).lower(),
            "source": one.source or OWN_BOOKS,
        }
        for one in results
    ]
    frame = pd.DataFrame(values, dtype=object)
    look = _look(chosen, "dokument och egna böcker, se varje rad")
    table(frame, RESULTS, name="Tidigare års resultat", actor=actor, look=look)


def _look(chosen: Filters, source: str) -> Table:
    return Table(source=source, on=chosen.on, permission=Permission.VIEW_BUDGET)


def booked(through: dt.date | None) -> str:
    """Say through which month the outcome is booked."""
    return f"bokfört till och med {text.month_sv(through)}" if through else "inget bokfört än"


def without_prognosis(budget: BudgetTable) -> int:
    """Return the number of lines without a prognosis."""
    return sum(row.figures.prognosis is None for row in budget.lines)


def word(row: BudgetRow) -> str:
    """Return a row's deviation in a word, with a sign that doesn't rest on colour."""
    deviation = row.figures.deviation
    if deviation is None:
        return "saknar prognos"
    sign = {1: "▲\u00a0", -1: "▼\u00a0"}.get((deviation > 0) - (deviation < 0), "")
    return f"{sign}{deviation_word(deviation).lower()}"


def _verdict(deviation: Decimal | None) -> Badge | None:
    if deviation is None:
        return None
    said = deviation_word(deviation)
    return Badge(said, *VERDICTS[said])


def _frame(budget: BudgetTable) -> pd.DataFrame:
    rows = []
    for section in budget.sections:
        rows += [
            _values(row, row.section) for row in budget.lines if row.section == section.section
        ]
        rows.append(_values(section, f"Summa {section.section}"))
    rows.append(_values(budget.total, TOTAL))
    return pd.DataFrame(rows, dtype=object)


def _values(row: BudgetRow, title: str) -> dict[str, object]:
    figures = row.figures
    return {
        "section": title,
        "line": row.line,
        "budget": figures.budget,
        "outcome_to_date": figures.outcome_to_date,
        "prognosis": figures.prognosis,
        "deviation": figures.deviation,
        "deviation_share": row.deviation_share,
        "word": word(row),
        "run_rate": figures.run_rate,
        "last_year_pattern": figures.last_year_pattern,
        "bottom_up": figures.bottom_up,
    }
