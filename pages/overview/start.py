"""Start: the weekly meeting's view of the unit, and what to take up today."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, Role
from core.charts import start as bars
from core.charts import theme
from core.queries.attention import attention
from core.queries.start import Start, read
from core.rules.suppression import is_small
from pages.common import attention as todo
from pages.common import charts, filters, start_tiles, text, tiles
from pages.common.gate import require

actor = require(Permission.VIEW_SUMS)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    top = st.container(width="content")
    chosen = filters.bar(actor)
reader = actor.role is Role.READER
shown_day = text.month_sv(chosen.on).capitalize() if reader else text.heading(chosen.on)
top.title(shown_day, anchor=False)

with db.read() as session:
    start = read(session, actor, chosen.scope, on=chosen.on)
    items = attention(session, chosen.scope, start)


def first_steps() -> None:
    """Say what to do first in a unit without anything to follow."""
    st.subheader("Här är det tomt än", anchor=False)
    st.markdown(
        "Start visar enhetens vecka så snart det finns något att följa. Börja med det här:\n\n"
        "1. **Ärenden** – registrera de pågående ärendena och vem som har dem.\n"
        "2. **Budget och prognos** – controllern lägger in årets budget och utfall.\n"
        "3. **Mål** – lägg in målkedjan med indikatorer och årsmål.\n\n"
        "Förändringsplaner och barnkonsekvensanalyser rapporterar handläggarna själva i Min vecka."
    )
    for page in ("arenden", "budget", "mal", "min-vecka"):
        tiles.link(page)


def plans(start: Start) -> None:
    """Draw the plans by caseworker that the actor may see."""
    if start.plans is None:
        return
    own = actor.role is Role.CASEWORKER
    with st.container(border=True):
        st.subheader(
            "Dina förändringsplaner" if own else "Förändringsplaner per handläggare", anchor=False
        )
        if start.plans.empty:
            st.caption("Inga ärenden som ska ha förändringsplan den här dagen.")
            return
        charts.key(theme.status_key)
        charts.draw(
            bars.plan_rows(start.plans),
            bars.PLANS,
            alt="Staplar med antal ärenden per planstatus för varje handläggare.",
        )
        more = len(start.plans) - bars.MOST_BARS
        hidden = (
            f" De {bars.MOST_BARS} med flest försenade; {more} till finns på sidan."
            if more > 0
            else ""
        )
        st.caption(f"Siffran efter stapeln är andelen aktuella planer.{hidden}")
        tiles.link("forandringsplaner")


def costs(start: Start) -> None:
    """Draw the placements' cost by month."""
    assert start.placements is not None  # noqa: S101  (drawn only then)
    with st.container(border=True, height="stretch"):
        st.subheader("Placeringar: tusen kronor per månad", anchor=False)
        charts.key(bars.cost_key)
        charts.draw(
            bars.cost_rows(start.placements.months, start.placements.month_budget),
            bars.COSTS,
            alt=f"Staplar med placeringarnas kostnad per månad {start.on.year}, mot budget.",
        )


def households(start: Start) -> None:
    """Draw the households by month."""
    known = ((month.month, month.households) for month in start.household_months)
    months = tuple(month for month in known if not (reader and is_small(month[1] or 0)))
    with st.container(border=True, height="stretch"):
        st.subheader("Hushåll med ekonomiskt bistånd", anchor=False)
        if not months:
            st.caption("Ingen hushållsstatistik för de senaste två åren än.")
            return
        charts.draw(
            bars.household_rows(months),
            bars.HOUSEHOLDS,
            alt="Linje med antal hushåll per månad de senaste två åren.",
        )
        latest = start.household_months[-1]
        st.caption(f"Källa: {latest.source_name or 'inskrivet'}, {latest.sourced_on}")


if start.is_empty:
    first_steps()
    st.stop()
left, right = st.columns([8, 3], gap="medium")
with left:
    start_tiles.draw(start, actor)
with right, st.container(border=True, height="stretch"):
    st.subheader("Att ta upp i dag", anchor=False)
    todo.draw(items, actor, start.on)
plans(start)
drawn = [households] if start.placements is None else [costs, households]
for column, draw in zip(st.columns(len(drawn), gap="medium"), drawn, strict=True):
    with column:
        draw(start)
