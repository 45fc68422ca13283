"""Pieces of Kostnadsprognos: where the year may end, by kind, and how earlier estimates did."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.cost_fan import FAN, fan_rows
from core.charts.theme import remembered
from core.queries.cost_bridge import Bridge
from core.queries.cost_outlook import Outlook, TrialYear
from core.reports.columns import Column, Kind
from core.rules.cost_fan import Fan, FanLine
from core.rules.fan_trials import Record
from core.rules.length_of_stay import MIN_ENDED
from core.terms import ALL
from pages.common import charts, text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table
from pages.common.tiles import Badge

SUM = "Summa"
COLUMNS = (
    Column("kind", "Slag"),
    Column("running", "Pågående", Kind.PEOPLE),
    Column("to_date", "Upparbetat", Kind.KRONOR),
    Column("decided", "Helår enligt beslut", Kind.KRONOR),
    Column("low", "Lågt", Kind.KRONOR),
    Column("expected", "Förväntat", Kind.KRONOR),
    Column("high", "Högt", Kind.KRONOR),
    Column("newcomers", "Varav nya", Kind.KRONOR),
    Column("basis", "Historik"),
    Column("ended", "Avslutade", Kind.COUNT),
    Column("median", "Median, dygn", Kind.COUNT),
)
HOW = (
    "Så är det uppskattat: varje pågående placering väntas löpa vidare lika länge som enhetens "
    "tidigare placeringar av samma slag som varat lika länge, oavsett planerat slut. Nya "
    "placeringar väntas komma i de senaste tolv månadernas takt, till deras dygnspris, med avdrag "
    f"för dem som redan är beslutade. Ett slag med färre än {MIN_ENDED} avslutade placeringar lånar "
    "alla slags vistelsetider tillsammans. Spannet är tänkt att rymma utfallet 8 gånger av 10; slagens spann "
    "går inte att lägga ihop. Kommande prishöjningar som inte är registrerade ingår inte. Gallrade "
    "ärenden ingår i kostnaden, men deras vistelsetider är inte kända."
)

TRIED = (
    "Prövat för hela enheten: uppskattningen vid varje månadsskifte, med det som var känt då, mot vad "
    "året kom att kosta. Av elva månadsskiften väntas ungefär nio inom spannet; månadsskiftena följer "
    "varandra, så ett avvikande år slår på flera. Gallrade ärenden ingår inte."
)


def draw_tiles(now: Outlook, found: Bridge, chosen: Filters) -> None:
    """Draw what is decided, how it has moved, what is expected and what is to pay for it."""
    on = chosen.on
    since = text.date_sv(found.span.before, on)
    with tiles.row():
        tiles.tile(
            f"Helår {on.year} enligt beslut",
            text.tkr(found.end_listed),
            sub=f"varav {text.tkr(now.paid[-1][1])} upparbetat",
        )
        tiles.tile(
            f"Sedan {since}",
            f"{'+' if found.difference > 0 else ''}{text.tkr(found.difference)}",
            sub=f"då {text.tkr(found.start)}",
        )
        if now.fan is not None:
            total = now.fan.total
            tiles.tile(
                f"Uppskattat helår {on.year}",
                text.tkr(total.expected),
                sub=f"8 gånger av 10 mellan {text.tkr(total.low)} och {text.tkr(total.high)}",
            )
        if now.budget is not None:
            tiles.tile(
                "Budget för placeringar",
                text.tkr(now.budget),
                sub="posterna som betalar placeringar",
                fulfilment=verdict(now.fan.total, now.budget) if now.fan else None,
            )


def verdict(total: FanLine, budget: Decimal) -> Badge:
    """Return whether the budget holds: also when it goes badly, not even when it goes well."""
    if total.high <= budget:
        return Badge("Håller även högt räknat", "green", "check_circle")
    if total.low > budget:
        return Badge("Håller inte ens lågt räknat", "red", "cancel")
    return Badge("Kan gå åt båda hållen", "orange", "error")


def draw_fan(now: Outlook, chosen: Filters) -> None:
    """Say and draw where the year may end; without enough history, say what is missing."""
    year = chosen.on.year
    if now.fan is None:
        st.info(
            f"För få avslutade placeringar ({now.ended}) för att uppskatta hur året slutar. Det "
            f"behövs minst {MIN_ENDED}. Till dess gäller beslutat.",
            icon=":material/hourglass_empty:",
        )
        return
    st.markdown(said(now.fan))
    charts.draw(
        _chart_rows(now.paid, now.fan.months, now.budget),
        FAN,
        alt=f"Placeringarnas kostnad {year}, månad för månad. "
        f"{said(now.fan).replace('**', '')} {_budget_words(now)}".strip(),
    )


_chart_rows = remembered(fan_rows)


def said(fan: Fan) -> str:
    """Return where the year may end, in words."""
    total = fan.total
    if not fan.months:
        return f"**Året är slut och kostade {text.tkr(total.expected)}.**"
    return (
        f"**Året väntas sluta på omkring {text.tkr(total.expected)}**, 8 gånger av 10 mellan "
        f"{text.tkr(total.low)} och {text.tkr(total.high)}. Det är en uppskattning av vad som brukar "
        f"hända, inte ett beslut. Placeringar som ännu inte är kända står för "
        f"{text.tkr(total.newcomers)} av den."
    )


def draw_trials(years: Sequence[TrialYear], chosen: Filters, actor: Actor) -> None:
    """Say how often earlier years' outcome was within the span, and draw it by kind."""
    if not years:
        st.markdown("Det finns inget tidigare år att pröva mot.")
        return
    st.markdown("  \n".join(map(trial_words, years)))
    tried = tuple(year for year in years if year.records)
    if tried:
        look = Table(
            source="enhetens placeringslista", on=chosen.on, permission=Permission.VIEW_PLACEMENTS
        )
        name = "Uppskattningens träffsäkerhet"
        frame = trials_table(*(year.records for year in tried))
        table(frame, trial_columns(tried), name=name, actor=actor, look=look)
    st.markdown(f":small[{TRIED}]")


def trial_words(year: TrialYear) -> str:
    """Return how a year's estimates did for all kinds together, in words."""
    total = next((one for one in year.records if one.kind == ALL), None)
    if total is None:
        return f"{year.year} går inte att pröva: för få avslutade placeringar fanns då."
    words = (
        f"**{year.year} hamnade utfallet inom spannet vid {total.inside} av {total.made} "
        f"{text.plural(total.made, 'månadsskifte', 'månadsskiften')}.** Det förväntade missade "
        f"utfallet med i snitt {text.percent(total.expected_miss)}, beslutat med "
        f"{text.percent(total.decided_miss)}."
    )
    if year.without:
        words += (
            f" Vid {year.without} {text.plural(year.without, 'månadsskifte', 'månadsskiften')} "
            "fanns för lite historik."
        )
    return words


def trial_columns(years: Sequence[TrialYear]) -> tuple[Column, ...]:
    """Return the columns of `trials_table`: three a year."""
    columns = [Column("kind", "Slag")]
    for place, year in enumerate(years):
        columns += [
            Column(f"inside{place}", f"{year.year} inom spannet"),
            Column(f"expected{place}", "Förväntat missade", Kind.SHARE),
            Column(f"decided{place}", "Beslut missade", Kind.SHARE),
        ]
    return tuple(columns)


@remembered
def trials_table(*years: Sequence[Record]) -> pd.DataFrame:
    """Return how each kind's estimates did, year by year, the sum last."""
    found = [{one.kind: one for one in records} for records in years]
    kinds = sorted(set().union(*found), key=lambda kind: (kind == ALL, kind))
    rows = [
        {"kind": SUM if kind == ALL else kind}
        | {
            name: value
            for place, records in enumerate(found)
            for name, value in _trial_values(records.get(kind), place).items()
        }
        for kind in kinds
    ]
    return pd.DataFrame(rows, dtype=object)


def _trial_values(one: Record | None, place: int) -> dict[str, object]:
    return {
        f"inside{place}": text.share_of(one.inside, one.made) if one else None,
        f"expected{place}": one.expected_miss if one else None,
        f"decided{place}": one.decided_miss if one else None,
    }


def draw_kinds(fan: Fan, chosen: Filters, actor: Actor) -> None:
    """Draw each kind's span with what it rests on, the sum last, and how it is estimated."""
    look = Table(
        source="enhetens placeringslista", on=chosen.on, permission=Permission.VIEW_PLACEMENTS
    )
    name = f"Uppskattat helår {chosen.on.year}"
    table(kinds_table(fan.lines, fan.total), COLUMNS, name=name, actor=actor, look=look)
    st.markdown(f":small[{HOW}]")


@remembered
def kinds_table(lines: Sequence[FanLine], total: FanLine) -> pd.DataFrame:
    """Return each kind's span as the rows of a table with `COLUMNS`, the sum last."""
    names = [column.name for column in COLUMNS]
    rows = [
        [basis(line) if name == "basis" else getattr(line, name) for name in names]
        for line in lines
    ]
    whole: dict[str, object] = {"kind": SUM, "basis": ""}
    rows.append([whole[name] if name in whole else getattr(total, name) for name in names])
    return pd.DataFrame(rows, columns=names, dtype=object)


def basis(line: FanLine) -> str:
    """Return what a kind's lengths of stay are estimated from, in words."""
    return "egen" if line.own else f"alla slag (för få: {line.ended})"


def _budget_words(now: Outlook) -> str:
    return f"Budgeten är {text.tkr(now.budget)}." if now.budget is not None else ""
