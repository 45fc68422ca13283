"""A placement as it comes up in a walk-through: large type for the back of the room."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from core.clock import today
from core.queries.walk_throughs import Agenda, Card, Meeting
from core.rules.framework_agreement import OUTSIDE
from core.terms import sv
from pages.common import text, tiles, walk_through_address
from pages.common.follow_up_parts import capital

OPEN_ENDED = "tills vidare"
PREVIOUS, NEXT = "PageUp", "PageDown"
STYLE = """
<style>
[data-testid="stMainBlockContainer"]:has(.st-key-walk-card) {
  padding-bottom: .5rem; max-width: none;
}
.st-key-walk-card-title [data-testid="stHeading"], .st-key-walk-card-title h1 { padding: 0; }
.st-key-walk-card-title h1 { font-size: clamp(1.5rem, 1rem + 1.4vw, 2.75rem); }
.st-key-walk-card .rt-facts {
  display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem;
  margin: 0; padding: 0;
}
.st-key-walk-card .rt-facts dt { color: color-mix(in srgb, currentColor 75%, transparent); }
.st-key-walk-card .rt-facts :is(dt, dd) { margin: 0 !important; padding: 0 !important; font-size: inherit; }
.st-key-walk-card .rt-figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem;
  margin: .25rem 0 .75rem; padding: 0;
}
.st-key-walk-card .rt-figures div {
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .6rem;
  padding: .6rem .8rem;
}
.st-key-walk-card .rt-figures :is(dt, dd) { margin: 0 !important; padding: 0 !important; }
.st-key-walk-card .rt-figures dd { font-size: 1.5rem; font-weight: 600; white-space: nowrap; }
.st-key-walk-form [data-testid="stForm"] { padding: 0; }
.st-key-walk-outcome button { min-height: 3.25rem; }
:is(.st-key-walk-top, .st-key-walk-form) kbd { color: inherit; opacity: 1; }
@media (min-width: 100rem) {
  .st-key-walk-card .rt-facts { font-size: 1.35rem; gap: .5rem 1.75rem; }
  .st-key-walk-card .rt-figures dt { font-size: 1.15rem; }
  .st-key-walk-card .rt-figures dd { font-size: 2.4rem; }
  .st-key-walk-form :is(input, button p, label p, summary p, [data-testid="stDateInput"] div) {
    font-size: 1.2rem !important;
  }
}
@media (max-width: 40rem) {
  .st-key-walk-card .rt-facts { grid-template-columns: 1fr; gap: 0; }
  .st-key-walk-card .rt-facts dd { margin-bottom: .5rem; }
  :is(.st-key-walk-top, .st-key-walk-form) kbd { display: none; }
}
</style>
"""


def draw_top(agenda: Agenda, card: Card, place: int) -> None:
    """Draw how far the meeting has come, and the way forward and back."""
    st.html(STYLE)
    cards = agenda.cards
    done, count = len(agenda.decided), len(cards)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="walk-top"):
        for label, step, shortcut in (("Förra", -1, PREVIOUS), ("Nästa", 1, NEXT)):
            st.button(
                label,
                shortcut=shortcut,
                on_click=walk_through_address.go,
                args=(cards[(place + step) % count].row.id,),
                help="Går vidare utan att spara." if step > 0 else None,
            )
        st.button(
            "Sammanfattning",
            icon=":material/summarize:",
            type="tertiary",
            on_click=walk_through_address.to_summary,
        )
        st.progress(done / count, text=f"{place + 1} av {count} · {done} beslutade")
    with st.container(key="walk-card-title"):
        st.title(text.safe(f"{card.row.reference} {card.row.kind}"), anchor=False)


def draw(card: Card, meeting: Meeting) -> None:
    """Draw what a decision on the placement rests on."""
    with st.container(key="walk-card", gap="small"):
        st.markdown(" ".join(_badges(card)) or ":gray-badge[Inget att flagga]")
        st.html(_figures_html(card, meeting))
        st.html(_facts_html(card, meeting))


def _badges(card: Card) -> Iterable[str]:
    row, item = card.row, card.item
    if item is not None:
        yield tiles.Badge(f"Beslutat: {sv(item.outcome)}", "green", "check_circle").markdown
    for wrong, word, color, icon in (
        (row.family_in_hotel, "Barnfamilj på hotell", "red", "hotel"),
        (row.review_overdue, "Försenad uppföljning", "orange", "event_busy"),
        (row.planned_end_passed, "Planerat slut har passerat", "orange", "event_repeat"),
        (row.contract is OUTSIDE, "Utanför ramavtal", "orange", "contract_delete"),
    ):
        if wrong:
            yield tiles.Badge(word, color, icon).markdown


def _figures_html(card: Card, meeting: Meeting) -> str:
    row, year = card.row, meeting.held_on.year
    figures = "".join(
        f"<div><dt>{label}</dt><dd>{text.kronor(amount)}</dd></div>"
        for label, amount in (
            ("Per dygn", row.day_rate),
            (f"Upparbetat {year}", row.cost_to_date),
            ("Beslutat framåt", row.committed),
            (f"Helår {year}", row.full_year),
        )
    )
    return f"<dl class='rt-figures'>{figures}</dl>"


def _facts_html(card: Card, meeting: Meeting) -> str:
    items = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(card, meeting)
    )
    return f"<dl class='rt-facts'>{items}</dl>"


def _facts(card: Card, meeting: Meeting) -> Iterable[tuple[str, str]]:
    row, on = card.row, meeting.held_on
    yield "Ärende", " · ".join(filter(None, (row.case, row.caseworker, row.group)))
    contract = capital(row.contract_word or text.DASH)
    yield "Utförare", f"{row.provider or text.DASH} · {contract} · {row.legal_word}"
    days = (on - row.starts_on).days + 1
    yield "Sedan", f"{text.date_sv(row.starts_on, on)}, {text.number(days)} dygn"
    end = text.date_sv(row.planned_end_on, on) if row.planned_end_on else OPEN_ENDED
    yield "Planerat slut", end
    yield "Barn med", text.number(row.children) if row.children else "inga"
    plan = card.plan
    yield "Syfte", (plan and plan.purpose) or "inte angivet"
    yield "Plan efteråt", (plan and plan.plan_after) or "inte angiven"
    if plan is not None and plan.housing_plan is not None:
        yield "Boendeplan", "finns" if plan.housing_plan else "saknas"
    yield "Senaste beslut", _decision(card, meeting)
    yield "Senaste uppföljning", _review(card, meeting)
    if card.earlier is not None:
        yield "Förra genomgången", _earlier(card, meeting)


def _decision(card: Card, meeting: Meeting) -> str:
    decision = card.decision
    if decision is None:
        return text.DASH
    until = decision.planned_end_on
    end = f"till {text.date_sv(until, meeting.held_on)}" if until else OPEN_ENDED
    by = f" av {decision.decided_by}" if decision.decided_by else ""
    return f"{text.date_sv(decision.decided_on, meeting.held_on)}{by}, {end}"


def _review(card: Card, meeting: Meeting) -> str:
    row, on = card.row, meeting.held_on
    if row.last_review_on is None:
        return "aldrig uppföljd"
    said = f": {card.review_note}" if card.review_note else ""
    following = f", nästa {text.date_sv(row.next_review_on, on)}" if row.next_review_on else ""
    return f"{text.date_sv(row.last_review_on, on)}{following}{said}"


def _earlier(card: Card, meeting: Meeting) -> str:
    item = card.earlier
    if item is None:
        return text.DASH
    said = f": {item.next_step}" if item.next_step else ""
    until = f", till {text.date_sv(item.next_on, today())}" if item.next_on else ""
    day = text.date_sv(item.held_on, meeting.held_on)
    return f"{day}, {sv(item.outcome)}{said} ({item.responsible}{until})"
