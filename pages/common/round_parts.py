"""Pieces of Prognosrunda: the month, how far the round has come, its sums and its summary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.budget import deviation_word
from core.clock import STOCKHOLM, today
from core.queries.budget import BudgetTable
from core.queries.prognosis_rounds import RoundHead, RoundLine, RoundView
from core.reports.columns import Column, Kind
from core.rules.dates import add_months, month_start
from core.rules.prognosis_round import Limits
from core.terms import RoundState, sv, sv_title
from pages.common import text, tiles
from pages.common.budget_parts import TOTAL, VERDICTS
from pages.common.tables import Table, table
from pages.common.tiles import Badge

MONTH = "manad"
MONTHS_BACK = 12
STATES = {
    RoundState.OPEN: ("blue", "edit_note"),
    RoundState.SUBMITTED: ("orange", "forward_to_inbox"),
    RoundState.APPROVED: ("green", "lock"),
}
"""The colour and the icon of each state. The word always stands beside them."""
SUMMARY = (
    Column("section", "Avsnitt"),
    Column("line", "Budgetpost"),
    Column("budget", "Budget", Kind.KRONOR),
    Column("outcome_to_date", "Utfall", Kind.KRONOR),
    Column("before", "Förra månaden", Kind.KRONOR),
    Column("amount", "Prognos", Kind.KRONOR),
    Column("deviation", "Avvikelse", Kind.KRONOR),
    Column("change", "Ändring", Kind.KRONOR),
    Column("method", "Metod"),
    Column("comment", "Kommentar"),
)
MANAGER = Column("manager_comment", "Enhetschefen")
FORMER = Column("former", "Förra versionen", Kind.KRONOR)
_WIDGET = "_round-month"
PAPER = """
<style>
@media print {
  .st-key-_round-month, .st-key-round-version { display: none !important; }
  [data-testid="stVerticalBlock"] { gap: .25rem !important; }
  [data-testid="stMainBlockContainer"] h1 { font-size: 1.2rem; padding: 0; }
  [data-testid="stMainBlockContainer"] h3 { display: none; }
  [data-testid="stMetricValue"] { font-size: 1rem; }
  .rt-table table { font-size: .64rem !important; }
  .rt-table :is(th, td) { padding: .1rem .35rem .1rem 0 !important; line-height: 1.2; }
}
</style>
"""
"""A round of some twenty lines on one page of A4 landscape."""


def months() -> list[dt.date]:
    """Return the months that can have a round to show, the latest first."""
    first = month_start(today())
    return [add_months(first, -back) for back in range(MONTHS_BACK)]


def month_choice(heads: Sequence[RoundHead]) -> dt.date:
    """Draw the choice of a month, kept in the address, with how far its round has come."""
    options = months()
    asked = st.query_params.get(MONTH, "")
    chosen = next((one for one in options if one.strftime("%Y-%m") == asked), None)
    if asked and chosen is None:
        st.warning(
            f"”{asked}” har ingen runda att visa. Du ser {text.month_sv(options[0])}.",
            icon=":material/info:",
        )
    states = {head.month: head.state for head in reversed(heads)}
    st.session_state[_WIDGET] = chosen or options[0]
    st.selectbox(
        "Månad",
        options,
        key=_WIDGET,
        format_func=lambda one: _month_words(one, states.get(one)),
        width=320,
        on_change=_keep_month,
    )
    return chosen or options[0]


def _keep_month() -> None:
    st.query_params[MONTH] = st.session_state[_WIDGET].strftime("%Y-%m")


def _month_words(month: dt.date, state: RoundState | None) -> str:
    return f"{text.month_sv(month).capitalize()}, {sv(state) if state else 'ingen runda'}"


def version_choice(heads: Sequence[RoundHead], month: dt.date) -> int | None:
    """Draw the choice among a month's versions where there are several; None for the latest."""
    numbers = [head.number for head in heads if head.month == month]
    if len(numbers) < 2:
        return None
    with st.container(key="round-version"):
        chosen: int | None = st.pills(
            "Version",
            numbers,
            default=numbers[0],
            format_func=lambda one: f"{one}, senaste" if one == numbers[0] else str(one),
            key=f"round-version-{month}",
        )
    return chosen


def badge(state: RoundState) -> str:
    """Return a round's state as a badge in Markdown: icon, word and colour."""
    color, icon = STATES[state]
    return Badge(sv_title(state), color, icon).markdown


def draw_state(view: RoundView, budget: BudgetTable) -> None:
    """Draw how far the round has come, who has done what, and what the manager said."""
    head = view.head
    version = f" version {head.number}" if head.number > 1 else ""
    through = budget.booked_through
    known = f"bokfört till och med {text.month_sv(through)}" if through else "inget bokfört än"
    rows = [f"**{text.month_sv(head.month).capitalize()}{version}** {badge(head.state)}"]
    rows.append(f":small[Siffror per {head.made_on}, {known}. {done_by(head)}]")
    st.markdown("  \n".join(rows))
    if head.manager_comment:
        sent_back = head.state is RoundState.OPEN
        title = "Enhetschefen skickade tillbaka" if sent_back else "Enhetschefen"
        said = f"**{title}:** {text.safe(head.manager_comment)}"
        (st.warning if sent_back else st.info)(said, icon=":material/chat:")


def done_by(head: RoundHead) -> str:
    """Say who opened, handed over and approved a round, and when."""
    steps = [f"Öppnad av {text.safe(head.opened_by or 'okänd')}."]
    if head.submitted_at:
        who = text.safe(head.submitted_by or "okänd")
        steps.append(f"Lämnad {_day(head.submitted_at)} av {who}.")
    if head.approved_at:
        who = text.safe(head.approved_by or "okänd")
        steps.append(f"Godkänd {_day(head.approved_at)} av {who}.")
    return " ".join(steps)


def _day(at: dt.datetime) -> str:
    return text.date_sv(at.astimezone(STOCKHOLM).date())


def draw_tiles(view: RoundView) -> None:
    """Draw the round's sums, and what is left to do."""
    total, left = view.total, len(view.without_amount) + len(view.unexplained)
    deviation = total.deviation
    word = None if deviation is None else deviation_word(deviation)
    lacks = len(view.without_amount)
    unknown = f"{lacks} {text.plural(lacks, 'post', 'poster')} saknar belopp" if lacks else ""
    with tiles.row():
        tiles.tile("Budget", text.tkr(total.budget), sub=f"{len(view.lines)} poster")
        tiles.tile("Prognos", text.tkr(total.amount), sub=unknown or "rundans belopp")
        tiles.tile(
            "Avvikelse mot budget",
            text.tkr(deviation),
            sub=unknown,
            fulfilment=Badge(word, *VERDICTS[word]) if word else None,
        )
        if view.head.state is RoundState.OPEN:
            lack = f"{lacks} utan belopp, {len(view.unexplained)} utan kommentar"
            tiles.tile("Kvar att fylla i", text.number(left), sub=lack)
        else:
            tiles.tile("Mot förra månaden", text.tkr(total.change), sub=_dearer(total.change))


def _dearer(change: Decimal | None) -> str:
    if not change:
        return ""
    return "dyrare än då" if change > 0 else "billigare än då"


def draw_summary(view: RoundView, actor: Actor) -> None:
    """Draw the round on one page: lines, sums by section and in all, comments, and as a file."""
    st.html(PAPER)
    columns = (*SUMMARY[:6], FORMER, *SUMMARY[6:]) if view.head.number > 1 else SUMMARY
    if any(line.manager_comment for line in view.lines):
        columns = (*columns, MANAGER)
    title = f"Prognosrunda {text.month_sv(view.head.month)}"
    if view.head.number > 1:
        title += f" version {view.head.number}"
    look = Table(
        source=f"prognosrundan, {sv(view.head.state)}",
        on=view.head.made_on,
        permission=Permission.VIEW_BUDGET,
    )
    table(frame(view), columns, name=title, actor=actor, look=look)
    st.markdown(f":small[Kronor. {limits_words(view.limits)}]")


def limits_words(limits: Limits) -> str:
    """Say above what a line must be commented."""
    return (
        f"Kommentar krävs när avvikelsen är större än {text.kronor(limits.deviation)} eller "
        f"ändringen sedan förra månaden större än {text.kronor(limits.change)}, åt endera hållet."
    )


def frame(view: RoundView) -> pd.DataFrame:
    """Return the summary's rows: lines, a sum for each section, and the total."""
    rows = []
    for section in view.sections:
        lines = [line for line in view.lines if line.section == section.section]
        rows += [_values(line, line.section) for line in lines]
        rows.append(_values(section, f"Summa {section.section}"))
    rows.append(_values(view.total, TOTAL))
    return pd.DataFrame(rows, dtype=object)


def _values(line: RoundLine, title: str) -> dict[str, object]:
    return {
        "section": title,
        "line": line.line,
        "budget": line.budget,
        "outcome_to_date": line.outcome_to_date,
        "before": line.before,
        "amount": line.amount,
        "former": line.former,
        "deviation": line.deviation,
        "change": line.change,
        "method": _method(line),
        "comment": line.comment,
        "manager_comment": line.manager_comment,
    }


def _method(line: RoundLine) -> str:
    """Return where a line's amount comes from, in words; nothing for a sum."""
    if line.id is None:
        return ""
    if line.method is not None:
        return sv(line.method)
    if line.amount is None:
        return "saknas"
    return "oförändrad" if line.amount == line.before else "eget"
