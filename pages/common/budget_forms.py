"""The controller's forms: outcome, prognosis, a line's amount, a new line, and who pays what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.budget import BudgetRow, BudgetTable
from core.queries.placements import KindChoice
from core.queries.prognosis_rounds import RoundHead
from core.rules.dates import months_between, next_month
from core.services import budget, year_results
from core.services.budget import NewLine, NewOutcome, NewPrognosis
from core.services.year_results import EARLIEST_YEAR, NewResult
from core.terms import sv
from pages.common import forms, questions, text
from pages.common.case_forms import date_field
from pages.common.conflicts import Compared
from pages.common.number_fields import NumberFields

HINT = "Hela kronor eller med decimalkomma, till exempel 1 250 000. Intäkter skrivs med minus."
NOBODY = "ingen post"


class Write(StrEnum):
    """What the controller can enter on a line, in the order that the choices stand."""

    OUTCOME = "Utfall"
    PROGNOSIS = "Prognos"
    AMOUNT = "Budgetbelopp"


def enter(table: BudgetTable, head: RoundHead | None, actor: Actor) -> None:
    """Draw the choice of a line and of what to enter, and that form.

    `head` is this month's prognosis round, if it has one.
    """
    row = _chosen_line(table, "Budgetpost", "budget-line")
    if row is None:
        return
    todo = st.pills("Vad ska skrivas in?", list(Write), key=f"budget-write-{row.id}")
    if todo is Write.OUTCOME:
        _outcome(row, table.booked_through, today().year, actor)
    elif todo is Write.PROGNOSIS:
        _prognosis(row, head, actor)
    elif todo is Write.AMOUNT:
        _amount(row, actor)


def last_years_outcome(table: BudgetTable, actor: Actor) -> None:
    """Draw the choice of a line of last year and the form of its outcome."""
    row = _chosen_line(table, "Budgetpost förra året", "budget-last-year")
    if row is not None:
        _outcome(row, table.booked_through, today().year - 1, actor)


def _chosen_line(table: BudgetTable, label: str, key: str) -> BudgetRow | None:
    labels = {row.id: f"{row.section}: {row.line}" for row in table.lines}
    chosen = st.selectbox(
        label,
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Välj budgetpost",
        key=key,
    )
    return next((row for row in table.lines if row.id == chosen), None)


def add_line(actor: Actor) -> None:
    """Draw the form that adds a line to a year's budget."""
    name = "budget-new"
    key, numbers = forms.submit_key(name), NumberFields(name)
    with st.form(key, border=False):
        year = st.number_input(
            "År", 2000, 2100, today().year, step=1, key=f"{forms.submit_key(name)}-year"
        )
        forms.field_error(name, "year")
        section = st.text_input("Avsnitt", max_chars=80, key=f"{forms.submit_key(name)}-section")
        forms.field_error(name, "section")
        line = st.text_input("Budgetpost", max_chars=120, key=f"{key}-line")
        forms.field_error(name, "name")
        numbers.draw("Budget för hela året, kronor", "amount", hint=HINT)
        sent = st.form_submit_button("Lägg till", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewLine(year, section, line, numbers.read()["amount"])
            return budget.add_line(session, new, by=actor, key=key)

        forms.run(name, save, f"{line} är tillagd i budgeten för {year}.")


def pay_kinds(kinds: Sequence[KindChoice], table: BudgetTable, actor: Actor) -> None:
    """Draw the form that says which line pays a kind of placement."""
    name = "budget-kind"
    key = forms.submit_key(name)
    paid = {
        kind.id: f"{kind.budget_section}: {kind.budget_line}" if kind.budget_line else NOBODY
        for kind in kinds
    }
    names = {kind.id: kind.name for kind in kinds}
    lines = {row.id: f"{row.section}: {row.line}" for row in table.lines}
    with st.form(key, border=False):
        kind_id = st.selectbox(
            "Slag av placering",
            list(names),
            format_func=lambda one: f"{names[one]}, betalas av {paid[one]}",
            key=f"{forms.submit_key(name)}-kind_id",
        )
        line_id = st.selectbox(
            "Betalas av",
            list(lines),
            index=None,
            format_func=lines.__getitem__,
            placeholder=NOBODY.capitalize(),
            key=f"{forms.submit_key(name)}-line_id",
        )
        sent = st.form_submit_button("Spara", type="primary")
    if sent and kind_id is not None:

        def save(session: Any) -> int:
            return budget.pay_kind_from(session, kind_id, line_id, by=actor, key=key)

        forms.run(name, save, f"{names[kind_id]} är uppdaterat.")


def state_result(actor: Actor) -> None:
    """Draw the form that writes what a document states of an earlier year."""
    name = "year-result"
    key, numbers = forms.submit_key(name), NumberFields(name)
    with st.form(key, border=False):
        last = today().year - 1
        year = st.number_input("År", EARLIEST_YEAR, last, last, step=1, key=f"{key}-year")
        forms.field_error(name, "year")
        hint = "Hela kronor. Underskott skrivs med minus."
        numbers.draw("Resultat mot budget, kronor", "amount", hint=hint)
        source = st.text_input("Dokument", max_chars=200, key=f"{key}-source")
        forms.field_error(name, "source_name")
        sent = st.form_submit_button("Spara resultatet", type="primary")
    if sent:

        def save(session: Any) -> int:
            new = NewResult(year, numbers.read()["amount"], source or "")
            return year_results.state_result(session, new, by=actor, key=key)

        forms.run(name, save, f"Resultatet för {year} är sparat.")


def _outcome(row: BudgetRow, through: dt.date | None, year: int, actor: Actor) -> None:
    name = f"outcome-{row.id}"
    key, numbers = forms.submit_key(name), NumberFields(name)
    months = months_between(dt.date(year, 1, 1), dt.date(year, 12, 1))
    ended = [month for month in months if next_month(month) <= today()]
    following = next_month(through) if through else None
    with st.form(key, border=False):
        month = st.selectbox(
            "Månad",
            ended,
            index=ended.index(following) if following in ended else max(len(ended) - 1, 0),
            format_func=text.month_sv,
            key=f"{forms.submit_key(name)}-month",
        )
        forms.field_error(name, "month")
        numbers.draw("Utfall för månaden, kronor", "amount", hint=HINT)
        booked_on = date_field("Bokfört", name, "booked_on")
        sent = st.form_submit_button("Spara utfall", type="primary")
    if sent and month is not None:

        def write(session: Any, line_id: int, **who: Any) -> int:
            new = NewOutcome(month, numbers.read()["amount"], booked_on)
            return budget.set_outcome(session, line_id, new, **who)

        _save(name, row, write, actor)


def _prognosis(row: BudgetRow, head: RoundHead | None, actor: Actor) -> None:
    name = f"prognosis-{row.id}"
    key, numbers = forms.submit_key(name), NumberFields(name)
    figures = row.figures
    methods = {
        "rak framskrivning": figures.run_rate,
        "förra årets mönster": figures.last_year_pattern,
        "beslut framåt": figures.bottom_up,
    }
    said = [f"{word} {text.kronor(value)}" for word, value in methods.items() if value is not None]
    if head is not None:
        st.info(
            f"Rundan för {text.month_sv(head.month)} är {sv(head.state)}. En prognos som skrivs här "
            "gäller genast och godkänns inte av enhetschefen. Rundan ändras inte.",
            icon=":material/info:",
        )
    with st.form(key, border=False):
        now = text.kronor(figures.prognosis)
        st.markdown(f":small[Senast {now}. Uträknat: {', '.join(said) or text.DASH}.]")
        numbers.draw("Prognos för hela året, kronor", "amount", hint=HINT)
        made_on = date_field("Gjord", name, "made_on")
        comment = st.text_area("Kommentar", max_chars=500, key=f"{forms.submit_key(name)}-comment")
        forms.field_error(name, "comment")
        questions.room(name)
        sent = st.form_submit_button("Spara prognos", type="primary")
    if sent:

        def write(session: Any, line_id: int, **who: Any) -> int:
            def confirmed(new: NewPrognosis) -> int:
                return budget.set_prognosis(session, line_id, new, **who)

            typed = NewPrognosis(numbers.read()["amount"], made_on, comment or "")
            return questions.asking(name, typed, confirmed)

        _save(name, row, write, actor)


def _amount(row: BudgetRow, actor: Actor) -> None:
    name = f"amount-{row.id}"
    key, shown = forms.submit_key(name), forms.opened(name, row)
    numbers = NumberFields(name)
    with st.form(key, border=False):
        st.markdown(f":small[Nu {text.kronor(row.figures.budget)}.]")
        numbers.draw("Budget för hela året, kronor", "amount", hint=HINT)
        sent = forms.submit(name, "Spara budget")
    if sent:

        def write(session: Any, line_id: int, **who: Any) -> int:
            amount, version = numbers.read()["amount"], forms.version(name, shown.version or 0)
            return budget.change_line_amount(session, line_id, amount, version=version, **who)

        def values() -> list[Compared]:
            amount, was = numbers.read()["amount"], shown.figures.budget
            return [Compared("amount", "Budget för hela året", was, amount, text.kronor)]

        _save(name, row, write, actor, values)


def _save(
    name: str,
    row: BudgetRow,
    write: Callable[..., int],
    actor: Actor,
    values: Callable[[], Sequence[Compared]] = tuple,
) -> None:
    key = forms.submit_key(name)

    def save(session: Any) -> int:
        return write(session, row.id, by=actor, key=key)

    forms.run(name, save, f"{row.line} är uppdaterad.", values=values)
