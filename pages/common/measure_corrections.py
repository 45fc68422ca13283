"""Own reports on measure points: put right or taken back. Both the old and the new one are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core import db
from core.auth import Actor, Permission, Scope, row_scope
from core.clock import today
from core.queries.measure_rows import EntryRow, entries_in, points
from core.rules.measure_points import Definition
from core.services import measure_entries
from core.services.measure_inputs import EntryChange
from core.terms import MeasureKind
from pages.common import forms, measure_fields, text
from pages.common.conflicts import Compared
from pages.common.number_fields import NumberFields

After = Callable[[Any], None] | None
BACK = dt.timedelta(days=184)
MOST = 50


def draw(actor: Actor, after: After = None) -> None:
    """Draw the choice among the own latest reports, and how the chosen one is put right."""
    found = _own(actor)
    if not found:
        st.info("Du har inte rapporterat något det senaste halvåret.", icon=":material/inbox:")
        return
    words = {entry.entry_id: _words(entry, definition) for entry, definition in found}
    chosen = st.selectbox(
        "Vilken rapport blev fel?",
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder="Välj",
        key="measure-correct",
    )
    for entry, definition in found:
        if entry.entry_id == chosen:
            _correct(entry, definition, words[entry.entry_id], actor, after)


def _own(actor: Actor) -> list[tuple[EntryRow, Definition]]:
    """Return what the actor has reported in half a year with its definition, the latest first."""
    scope = Scope(row_scope(actor, Permission.REPORT_MEASURES).unit_id)
    with db.read() as session:
        entries = entries_in(session, scope, start=today() - BACK, end=today())
        known = {d.definition_id: d for point in points(session, scope) for d in point.definitions}
    own = [
        entry
        for entry in entries
        if entry.reported_by_id == actor.user_id
        or (actor.caseworker_id is not None and entry.caseworker_id == actor.caseworker_id)
    ]
    own.sort(key=lambda entry: entry.reported_at, reverse=True)
    return [(entry, known[entry.definition_id]) for entry in own[:MOST]]


def _words(entry: EntryRow, definition: Definition) -> str:
    """Return a report in one line: what, about what, when, and what was said."""
    parts = [definition.name]
    if entry.reference is not None:
        parts.append(entry.reference)
    by_day = entry.period.start == entry.period.end or definition.kind is not MeasureKind.NUMBER
    parts.append(
        text.date_sv(entry.measured_on, today()) if by_day else text.period_sv(entry.period)
    )
    return ", ".join(parts) + f": {_said(entry, definition)}"


def _said(entry: EntryRow, definition: Definition) -> str:
    if entry.nothing:
        return "inget att rapportera"
    labels = {choice.choice_id: choice.label for choice in definition.choices}
    parts = [labels.get(choice_id, text.DASH) for _, choice_id in entry.answers]
    if entry.value is not None:
        parts.append(text.plain_number(entry.value))
    return ", ".join(parts) or text.DASH


def _correct(
    entry: EntryRow, definition: Definition, words: str, actor: Actor, after: After
) -> None:
    name = f"correct-entry-{entry.entry_id}"
    key, shown = forms.submit_key(name), forms.opened(name, entry)
    numbers = NumberFields(name)
    if entry.nothing:
        st.caption("Ta bort den, och rapportera sedan det som hände.")
    with st.form(key, border=False):
        day, answers, gender = shown.measured_on, dict(shown.answers), shown.gender
        if not entry.nothing:
            day = _day(name, shown, definition)
            if definition.asks_number:
                value = "" if shown.value is None else text.plain_number(shown.value)
                label = measure_fields.number_label(definition)
                numbers.draw(label, "value", digits=definition.decimals, value=value)
            answers = measure_fields.questions(name, definition, answers)
            gender = measure_fields.gender_of(name, gender) if definition.with_gender else None
        gone = st.form_submit_button("Ta bort rapporten", width="stretch")
        sent = not entry.nothing and forms.submit(name, "Spara rättelsen", width="stretch")

    def change(session: Any) -> int:
        version = forms.version(name, shown.version)
        value = numbers.read().get("value")
        new = EntryChange(version, day, value, answers, gender)
        return measure_entries.change_entry(session, entry.entry_id, new, by=actor, key=key)

    def void(session: Any) -> int:
        return measure_entries.void_entry(session, entry.entry_id, by=actor, key=key)

    if sent:
        values = partial(_compared, shown, day)
        forms.run(name, change, f"Rättat: {words}.", after=after, values=values)
    if gone:
        forms.run(name, void, f"Borttaget: {words}.", after=after)


def _day(name: str, shown: EntryRow, definition: Definition) -> dt.date:
    """Draw the day of an answer or an event; a number and a case's answer keep theirs."""
    if definition.kind is MeasureKind.NUMBER or definition.by_case:
        return shown.measured_on
    day = st.date_input(
        "Dag",
        shown.measured_on,
        min_value=measure_fields.EARLIEST,
        max_value=today(),
        format="YYYY-MM-DD",
        key=f"{forms.submit_key(name)}-day",
    )
    forms.field_error(name, "measured_on")
    return day


def _compared(shown: EntryRow, day: dt.date) -> list[Compared]:
    """Return what somebody else may have changed of a report, beside what is typed."""
    return [
        Compared("value", "Tal", shown.value),
        Compared("gender", "Kön", shown.gender),
        Compared("measured_on", "Dag", shown.measured_on, day),
    ]
