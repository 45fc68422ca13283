"""Placeringar added up: by kind and so on, and what lies outside the framework agreement."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.charts.theme import remembered
from core.queries.framework_agreement import KindOutside, OutsideAgreement
from core.queries.keys import By
from core.queries.placement_groups import GROUP_COLUMNS
from core.reports.columns import Column, Kind
from core.rules.shares import share
from pages.common import placement_address, placement_parts, text
from pages.common.filters import Filters
from pages.common.tables import table

WAYS = {
    "slag": ("Slag", By.KIND),
    "avtal": ("Avtal", By.CONTRACT),
    "utforare": ("Utförare", By.PROVIDER),
    "grupp": ("Grupp", By.GROUP),
    "handlaggare": ("Handläggare", By.CASEWORKER),
}
Ways = Mapping[str, tuple[str, By]]
_WIDGET = "placement-grouped-by"
OUTSIDE_COLUMNS = (
    Column("days", "Dygn utanför", Kind.COUNT),
    Column("cost", "Kostnad", Kind.KRONOR),
    Column("rate", "Snitt per dygn", Kind.KRONOR),
    Column("usual", "Ramavtal per dygn", Kind.KRONOR),
    Column("extra", "Merkostnad", Kind.KRONOR),
)


def asked(chosen: Filters, actor: Actor) -> tuple[str, Ways]:
    """Return what the address groups by, and all that the actor can group by."""
    ways = _ways(chosen, actor)
    wanted = next(iter(placement_address.values(placement_address.BY)), "")
    return wanted if wanted in ways else next(iter(ways)), ways


def draw_groups(sums: pd.DataFrame, by: str, ways: Ways, chosen: Filters, actor: Actor) -> None:
    """Draw the list's sums by the chosen key, with the whole as the last row."""
    st.session_state[_WIDGET] = by
    st.segmented_control(
        "Gruppera efter",
        list(ways),
        key=_WIDGET,
        format_func=lambda way: ways[way][0],
        required=True,
        on_change=_changed,
    )
    title, key = ways[by]
    columns = (
        Column("key", title),
        Column("listed", "I listan", Kind.COUNT),
        Column("running", "Pågående", Kind.COUNT),
        Column("month_cost", text.month_sv(chosen.on).capitalize(), Kind.KRONOR),
        Column("cost_to_date", "Upparbetat", Kind.KRONOR),
        Column("committed", "Beslutat", Kind.KRONOR),
        Column("full_year", f"Helår {chosen.on.year}", Kind.KRONOR),
    )
    name = f"Placeringar efter {title.lower()}"
    table(with_sum(sums), columns, name=name, actor=actor, look=placement_parts.look(chosen))
    if key in {By.CONTRACT, By.PROVIDER}:
        st.caption(
            "Kostnaden räknas på det beslut som gäller varje dygn. Antalet räknas på beslutet som "
            "gäller den valda dagen, så en placering som bytt har kostnad på två rader."
        )


def _ways(chosen: Filters, actor: Actor) -> Ways:
    """Return the keys to group by: group for a whole unit, caseworker for who may see them."""
    whole = chosen.scope.group_id is None and chosen.scope.caseworker_id is None
    seen = placement_address.may_choose_caseworker(actor)
    left_out = ({By.GROUP} if not whole else set()) | (set() if seen else {By.CASEWORKER})
    return {slug: way for slug, way in WAYS.items() if way[1] not in left_out}


def _changed() -> None:
    placement_address.put(placement_address.BY, [st.session_state[_WIDGET]])


@remembered
def with_sum(sums: pd.DataFrame) -> pd.DataFrame:
    """Return sums by key with their whole as a last row."""
    whole = [sum(sums[name], Decimal(0)) for name in GROUP_COLUMNS[1:]]
    rows = [*sums.itertuples(index=False), ("Summa", *whole)]
    return pd.DataFrame(rows, columns=list(GROUP_COLUMNS), dtype=object)


def draw_outside(outside: OutsideAgreement, chosen: Filters, actor: Actor) -> None:
    """Draw what lies outside the framework agreement and what it costs more, and how it counts."""
    if not outside.kinds:
        st.success(
            f"Inget dygn {chosen.on.year} har individavtal i det här urvalet.",
            icon=":material/check_circle:",
        )
        return
    st.markdown(_outside_words(outside, chosen))
    look = placement_parts.look(chosen)
    table(
        _kind_rows(outside),
        (Column("kind", "Slag"), *OUTSIDE_COLUMNS),
        name="Utanför ramavtal efter slag",
        actor=actor,
        look=look,
    )
    if outside.placements:
        first = (Column("reference", "Placering"), Column("kind", "Slag"))
        table(
            _placement_rows(outside),
            (*first, Column("provider", "Utförare"), *OUTSIDE_COLUMNS),
            name="Placeringar utanför ramavtal",
            actor=actor,
            look=look,
        )
    st.caption(
        "Ett dygn är utanför när beslutet som gäller det dygnet har individavtal. Merkostnaden är "
        "dygnets kostnad minus enhetens genomsnittliga ramavtalsdygn av samma slag samma år, "
        "beslutade dygn inräknade. Egen regi och LOV är varken utanför eller med i jämförelsen. "
        "Är det billigare utanför blir merkostnaden negativ och räknas ändå."
    )


def _outside_words(outside: OutsideAgreement, chosen: Filters) -> str:
    total, part = outside.total, text.percent(share(outside.total.outside.days, outside.days))
    said = (
        f"**{text.number(total.outside.days)} av {text.number(outside.days)} dygn** "
        f"{chosen.on.year} ({part}) är utanför ramavtal och kostar {text.kronor(total.outside.cost)}."
    )
    if total.extra is not None:
        where = "Där det går att jämföra är det" if total.not_compared.days else "Det är"
        more = "mer" if total.extra >= 0 else "mindre"
        said += (
            f" {where} **{text.kronor(abs(total.extra))} {more}** än samma dygn till ramavtalens "
            f"genomsnitt. Merkostnaden hittills är {text.kronor(outside.to_date.extra)}."
        )
    if total.not_compared.days:
        kinds = ", ".join(text.safe(one.kind) for one in outside.kinds if one.extra is None)
        said += (
            f" {text.number(total.not_compared.days)} dygn "
            f"({text.kronor(total.not_compared.cost)}) går inte att jämföra, för enheten har inget "
            f"ramavtalsdygn av slaget {kinds} i år."
        )
    return said


@remembered
def _kind_rows(outside: OutsideAgreement) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = [
        (one.kind, *one.outside, one.rate, one.usual_rate, one.extra) for one in outside.kinds
    ]
    rows.append(("Summa", *outside.total.outside, "", "", outside.total.extra))
    return _frame(rows, ["kind"])


@remembered
def _placement_rows(outside: OutsideAgreement) -> pd.DataFrame:
    of_kind: dict[str, KindOutside] = {one.kind: one for one in outside.kinds}
    rows: list[tuple[object, ...]] = [
        (
            one.reference,
            one.kind,
            one.provider,
            *one.outside,
            share(one.outside.cost, one.outside.days),
            of_kind[one.kind].usual_rate,
            one.extra,
        )
        for one in outside.placements
    ]
    return _frame(rows, ["reference", "kind", "provider"])


def _frame(rows: list[tuple[object, ...]], first: list[str]) -> pd.DataFrame:
    columns = [*first, *(column.name for column in OUTSIDE_COLUMNS)]
    return pd.DataFrame(rows, columns=columns, dtype=object)
