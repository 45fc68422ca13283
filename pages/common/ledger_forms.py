"""Huvudbok's form: many combinations get their budget lines in one save."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.ledger import CombinationRow, LedgerYear
from core.rules.ledger import LEFT_OUT, Combination
from core.services.ledger_mappings import Choice, save_mappings
from pages.common import forms, ledger_parts, text
from pages.common.filters import Filters

ROWS_A_PAGE = 20
AS_IT_IS, OUT, NONE = "as it is", "out", "none"
Target = int | str


class Which(StrEnum):
    """Which combinations are listed, in the order that the choices stand."""

    UNMAPPED = "Inte kopplade"
    MAPPED = "Kopplade"
    LEFT_OUT = "Räknas inte hit"


def draw(year: LedgerYear, chosen: Filters, actor: Actor) -> None:
    """Draw the form that maps combinations; or why it isn't there."""
    if chosen.on != today():
        st.markdown(":small[Kopplingar ändras i läget i dag.]")
        return
    if not year.lines:
        st.info(
            f"Lägg först till budgetposter för {year.year} på sidan Budget och prognos. Sedan kan "
            "kombinationerna kopplas här.",
            icon=":material/link:",
        )
        return
    st.subheader("Koppla till budgetposter", anchor=False)
    first = Which.UNMAPPED if year.unmapped.count else Which.MAPPED
    which = st.segmented_control(
        "Visa", list(Which), default=first, required=True, key="ledger-which"
    )
    rows = [row for row in year.rows if _is(row, which)]
    name = f"ledger-{year.year}-{which.name}"
    if not rows and not forms.is_open(name):
        st.markdown("Inga sådana kombinationer.")
        return
    _form(name, rows, year, actor)


def _form(name: str, found: list[CombinationRow], year: LedgerYear, actor: Actor) -> None:
    every, mappings, lines = forms.opened(name, (found, year.mappings, year.lines))
    page = _page(name, len(every))
    rows = every[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    key = f"{forms.submit_key(name)}-{page}"
    labels: dict[Target, str] = {AS_IT_IS: "som nu"}
    labels |= {found.id: f"{line.section}: {line.line}" for line, found in lines.items()}
    labels |= {OUT: "Räknas inte hit, med avsikt", NONE: "Inte kopplad"}
    with st.form(key, border=True):
        everyone = st.selectbox(
            "Koppla alla som står kvar på ”som nu” till",
            list(labels),
            format_func=labels.__getitem__,
            key=f"{key}-all",
        )
        whole = st.checkbox(
            "Gäller hela kontot, på alla kostnadsställen och verksamheter",
            key=f"{key}-whole",
            help="En koppling av just kombinationen går före en koppling av hela kontot.",
        )
        picked: dict[Combination, Target] = {}
        for row in rows:
            picked[row.combination] = _pick(row, labels, key)
        forms.field_error(name, "line")
        sent = st.form_submit_button("Spara kopplingarna", type="primary")
    if sent:
        wanted = {one: everyone if to == AS_IT_IS else to for one, to in picked.items()}
        wanted = {one: to for one, to in wanted.items() if to != AS_IT_IS}
        decided = {row.combination: row.by for row in rows}

        def save(session: Any) -> int:
            found = _choices(wanted, decided, whole=whole)
            seen = {one: mapped.id for one, mapped in mappings.items()}
            choices = [
                Choice(
                    one,
                    to if isinstance(to, int) else None,
                    left_out=to == OUT,
                    seen_id=seen.get(one),
                )
                for one, to in found
            ]
            return save_mappings(session, choices, by=actor, key=key)

        count = len(wanted)
        words = text.plural(count, "kombination är kopplad", "kombinationer är kopplade")
        forms.run(name, save, f"{count} {words}. Utfallet på budgetposterna har följt med.")


def _page(name: str, count: int) -> int:
    """Draw the choice of a page where the rows are many; return its number from 0."""
    pages = -(-count // ROWS_A_PAGE)
    if pages == 1:
        return 0
    chosen: int = st.selectbox(
        f"Sida, {count} kombinationer",
        range(pages),
        format_func=lambda number: f"{number + 1} av {pages}",
        key=f"{forms.submit_key(name)}-page",
        width=200,
    )
    return chosen


def _pick(row: CombinationRow, labels: Mapping[Target, str], key: str) -> Target:
    """Draw a combination with its sum, and the choice of its line."""
    now = ledger_parts.line_words(row)
    via = f", via {ledger_parts.named(row.by)}" if row.by not in (None, row.combination) else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{text.safe(ledger_parts.named(row.combination))}**  \n{text.kronor(row.amount)}, "
            f"{text.safe(now + via)}",
            width=280,
        )
        to: Target = st.selectbox(
            f"Budgetpost för {ledger_parts.named(row.combination)}",
            list(labels),
            format_func=labels.__getitem__,
            label_visibility="collapsed",
            key=f"{key}-{'|'.join(row.combination)}",
            width=420,
        )
    return to


def _choices(
    wanted: Mapping[Combination, Target],
    decided: Mapping[Combination, Combination | None],
    *,
    whole: bool,
) -> list[tuple[Combination, Target]]:
    """Return what to save: whole accounts once each; what is unmapped is what decided it."""
    found: dict[tuple[Combination, Target], None] = {}
    for one, to in wanted.items():
        asked = Combination(one.account) if whole else one
        if to == NONE:
            asked = decided[one] or asked
        found[asked, to] = None
    return list(found)


def _is(row: CombinationRow, which: Which) -> bool:
    if which is Which.UNMAPPED:
        return row.line is None
    return (row.line == LEFT_OUT) == (which is Which.LEFT_OUT) and row.line is not None
