"""The end of a walk-through: on one page what was decided, its effect in kronor and the next steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.clock import today
from core.queries.walk_throughs import Agenda, Card, ItemNow, Meeting
from core.reports.columns import Column, Kind
from core.rules import walk_through as rules
from core.services import walk_throughs
from core.terms import sv, sv_title
from pages.common import forms, retained_note, text, tiles, walk_through_address
from pages.common.tables import Table, table

SOURCE = "genomgångens beslut"
DECIDED = "Genomgångens beslut"
STYLE = """
<style>
.st-key-walk-summary .rt-table table { font-size: .875rem; }
.st-key-walk-summary :is(th, td) { padding-right: .6rem; }
.st-key-walk-summary td:first-of-type { white-space: nowrap; }
@media print {
  .st-key-walk-summary, .st-key-walk-summary * { line-height: 1.25 !important; }
  .st-key-walk-summary, .st-key-walk-summary [data-testid="stVerticalBlock"] { gap: .3rem; }
  .st-key-walk-summary .rt-table table { font-size: .72rem; }
  .st-key-walk-summary .rt-table :is(th, td) { padding: .12rem .4rem .12rem 0; }
  .st-key-walk-summary [data-testid="stMetricValue"] { font-size: 1.3rem; }
  .st-key-walk-summary [data-testid="stGrid"] [data-testid="stVerticalBlock"] { padding: .3rem; }
  [data-testid="stHeading"]:has(h1), h1 { padding: 0 !important; }
}
</style>
"""
COLUMNS = (
    Column("reference", "Placering"),
    Column("case", "Ärende"),
    Column("kind", "Slag"),
    Column("outcome", "Beslut"),
    Column("what", "Vad ändras"),
    Column("next_step", "Nästa steg"),
    Column("responsible", "Ansvarig"),
    Column("next_on", "Följs upp", Kind.DATE),
    Column("full_year_before", "Helår före", Kind.KRONOR),
    Column("full_year_after", "Helår efter", Kind.KRONOR),
    Column("effect", "Effekt", Kind.KRONOR),
)
BY_OUTCOME = (
    Column("outcome", "Beslut"),
    Column("placements", "Placeringar", Kind.COUNT),
    Column("effect", "Effekt på helåret", Kind.KRONOR),
)


def title(meeting: Meeting, now: dt.date) -> str:
    """Return the summary's heading."""
    who = meeting.group or "hela enheten"
    return text.safe(f"Genomgång {text.date_sv(meeting.held_on, now)}, {who}")


def change_of_cost(effect: Decimal, held_on: dt.date) -> str:
    """Say what a year became dearer or cheaper."""
    if not effect:
        return f"kostnaden {held_on.year} ändras inte"
    word = "dyrare" if effect > 0 else "billigare"
    return f"{held_on.year} blir {text.kronor(abs(effect))} {word}"


def draw(agenda: Agenda, actor: Actor, *, lacks: bool) -> None:
    """Draw the meeting's summary, and its way on: back, close, or open again."""
    _actions(agenda, actor)
    if not agenda.decided:
        st.info(
            "Mötet har inte beslutat något än. Gå tillbaka till placeringarna och spara ett beslut.",
            icon=":material/inbox:",
        )
        return
    st.html(STYLE)
    with st.container(key="walk-summary"):
        _decisions(agenda, actor)
        retained_note.draw(lists_lack=lacks)


def _decisions(agenda: Agenda, actor: Actor) -> None:
    """Draw what was decided: by placement, by outcome and by month."""
    meeting = agenda.meeting
    _tiles(agenda)
    look = Table(SOURCE, meeting.held_on, Permission.MANAGE_PLACEMENTS)
    table(item_rows(agenda.decided), COLUMNS, name=DECIDED, actor=actor, look=look)
    left, right = st.columns((2, 3), gap="large")
    with left:
        frame = outcome_rows(agenda)
        table(frame, BY_OUTCOME, name="Effekt per beslut", actor=actor, look=look)
    with right:
        frame, columns = month_rows(agenda)
        table(frame, columns, name="Effekt per månad", actor=actor, look=look)
    if agenda.left:
        named = ", ".join(card.row.reference for card in agenda.left)
        st.markdown(f"**Inte genomgångna:** {text.safe(named)}")


def _tiles(agenda: Agenda) -> None:
    meeting, year = agenda.meeting, agenda.meeting.held_on.year
    effect = rules.effect(agenda.effects)
    sums = rules.effect_by_outcome(agenda.effects)
    said = " · ".join(
        f"{one.placements} {sv(outcome)}" for outcome, one in sums.items() if one.placements
    )
    steps = [card.item for card in agenda.decided if card.item and card.item.next_step]
    with st.grid(columns=3, gap="small"):
        tiles.tile(
            "Genomgångna placeringar",
            f"{len(agenda.decided)} av {len(agenda.cards)}",
            sub=said,
        )
        tiles.tile(
            f"Effekt på helåret {year}",
            text.kronor(effect),
            sub=change_of_cost(effect, meeting.held_on),
        )
        first = min((item.next_on for item in steps if item.next_on), default=None)
        tiles.tile(
            "Nästa steg",
            text.number(len(steps)),
            sub=f"det första {text.date_sv(first, today())}" if first else "",
        )


def item_rows(cards: Sequence[Card]) -> pd.DataFrame:
    """Return what was decided on each placement as the rows of a table, its sum last."""
    values = [_values(card, card.item) for card in cards if card.item is not None]
    sums: dict[str, Any] = {"reference": "Summa"}
    for name in ("full_year_before", "full_year_after", "effect"):
        sums[name] = sum((row[name] for row in values), Decimal(0))
    names = [column.name for column in COLUMNS]
    rows = [[row.get(name, "") for name in names] for row in (*values, sums)]
    return pd.DataFrame(rows, columns=names, dtype=object)


def _values(card: Card, item: ItemNow) -> dict[str, Any]:
    return {
        "reference": card.row.reference,
        "case": card.row.case,
        "kind": card.row.kind,
        "outcome": sv_title(item.outcome),
        "what": "; ".join(_changed(item)) or "inget",
        "next_step": item.next_step or text.DASH,
        "responsible": item.responsible,
        "next_on": item.next_on,
        "full_year_before": item.decided.full_year_before,
        "full_year_after": item.decided.full_year_after,
        "effect": item.decided.effect,
    }


def _changed(item: ItemNow) -> Iterable[str]:
    """Say what the meeting changed."""
    if item.decision_id is not None:
        yield f"slutar {item.planned_end_on}" if item.planned_end_on else "tills vidare"
    if item.day_rate is not None:
        yield f"{text.plain_number(item.day_rate, 2)} kr per dygn från {item.rate_from}"


def outcome_rows(agenda: Agenda) -> pd.DataFrame:
    """Return the number of placements and the effect by outcome, with their sum."""
    sums = rules.effect_by_outcome(agenda.effects)
    rows: list[list[object]] = [
        [sv_title(outcome), one.placements, one.effect] for outcome, one in sums.items()
    ]
    rows.append(["Summa", len(agenda.effects), rules.effect(agenda.effects)])
    names = [column.name for column in BY_OUTCOME]
    return pd.DataFrame(rows, columns=names, dtype=object)


def month_rows(agenda: Agenda) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return one row with each month's effect from the first that changes, and its columns."""
    months = rules.effect_by_month(agenda.effects)
    meeting = agenda.meeting.held_on
    changed = [number for number, amount in enumerate(months, start=1) if amount]
    first = min([meeting.month, *changed])
    columns = (
        Column("what", "Månad"),
        *(
            Column(str(number), text.SHORT_MONTHS[number - 1], Kind.KRONOR)
            for number in range(first, rules.MONTHS + 1)
        ),
    )
    values: list[object] = ["Effekt, kr", *months[first - 1 :]]
    return pd.DataFrame([values], columns=[c.name for c in columns], dtype=object), columns


def _actions(agenda: Agenda, actor: Actor) -> None:
    meeting = agenda.meeting
    name = f"walk-end-{meeting.id}"
    key = forms.submit_key(name)
    with st.container(horizontal=True, key="no-print"):
        st.button(
            "Alla genomgångar",
            icon=":material/arrow_back:",
            type="tertiary",
            on_click=walk_through_address.leave,
        )
        if meeting.closed:
            verb, label, said = walk_throughs.reopen, "Öppna igen", "Genomgången är öppen igen."
        else:
            st.button("Till placeringarna", on_click=walk_through_address.to_cards)
            verb, label, said = (
                walk_throughs.close,
                "Avsluta genomgången",
                "Genomgången är avslutad.",
            )
        if not agenda.decided:
            verb, label, said = (
                walk_throughs.void_meeting,
                "Ta bort genomgången",
                "Genomgången är borttagen.",
            )
        ends = agenda.decided and not meeting.closed
        sent = st.button(label, type="primary" if ends else "secondary", key=f"{key}-{label}")
    forms.field_error(name, "closed_at")
    if sent:

        def save(session: Any) -> int:
            return verb(session, meeting.id, by=actor, key=key)

        def after(_id: int) -> None:
            if not agenda.decided:
                walk_through_address.leave()

        forms.run(name, save, said, after=after)
