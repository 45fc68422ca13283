"""Pieces of Huvudbok: the sum in parts, combinations by line and month, and corrections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.queries.ledger import CombinationRow, Correction, LedgerYear, Unmapped
from core.reports.columns import Column, Kind
from core.rules.ledger import LEFT_OUT, Combination
from pages.common import text, tiles
from pages.common.filters import Filters
from pages.common.tables import Table, table
from pages.common.tiles import Badge

SOURCE = "ekonomisystemets huvudbok"
NOT_MAPPED, OUT = "inte kopplad", "räknas inte hit"
TOTAL = "Hela huvudboken"
PARTS = (
    Column("account", "Konto"),
    Column("cost_centre", "Kostnadsställe"),
    Column("activity", "Verksamhet"),
)
SUMS = (
    Column("line", "Budgetpost"),
    Column("amount", "Summa", Kind.KRONOR),
    Column("count", "Kombinationer", Kind.COUNT),
)
CORRECTIONS = (
    Column("line", "Budgetpost"),
    Column("month", "Månad", Kind.MONTH),
    Column("old", "Från", Kind.KRONOR),
    Column("new", "Till", Kind.KRONOR),
    Column("difference", "Skillnad", Kind.KRONOR),
    Column("booked_on", "Bokförd", Kind.DATE),
    Column("who", "Av"),
    Column("how", "Hur"),
)


def choose_year(on: dt.date) -> int:
    """Draw the choice of a year: last year's December is booked when its year has ended."""
    years = [on.year, on.year - 1]
    chosen: int = st.segmented_control(
        "År", years, default=on.year, required=True, key=f"ledger-year-{on.year}"
    )
    return chosen


def draw_other_year(year: int, free: Unmapped) -> None:
    """Tell what no budget line takes in the year that isn't shown, so that it isn't forgotten."""
    if free.count:
        what = text.plural(free.count, "kombination", "kombinationer")
        st.warning(
            f"I huvudboken {year} är {free.count} {what}, {text.kronor(free.amount)}, inte kopplade "
            f"till någon budgetpost. Välj {year} för att koppla.",
            icon=":material/link_off:",
        )


def draw_tiles(year: LedgerYear, chosen: Filters) -> None:
    """Draw the ledger's sum and the three parts that it is made of."""
    free = year.unmapped
    mapped = sum(year.sums.by_line.values(), Decimal(0))
    verdict = (
        Badge("Allt är kopplat", "green", "check_circle")
        if not free.count
        else Badge("Saknas i utfallet", "red", "cancel")
    )
    with tiles.row():
        tiles.tile(f"Huvudboken {year.year}", text.tkr(year.sums.total), sub=f"läget {chosen.on}")
        tiles.tile(
            "På budgetposter",
            text.tkr(mapped),
            sub=f"{len(year.sums.by_line)} av {len(year.lines)} poster",
        )
        tiles.tile(
            "Inte kopplat",
            text.tkr(free.amount),
            sub=f"{free.count} {text.plural(free.count, 'kombination', 'kombinationer')}",
            fulfilment=verdict,
        )
        tiles.tile("Räknas inte hit", text.tkr(year.sums.left_out), sub="lämnat utanför med avsikt")


def draw_unmapped(year: LedgerYear, chosen: Filters, actor: Actor) -> None:
    """Draw what no budget line takes, the largest amounts first."""
    free = [row for row in year.rows if row.line is None]
    if not free:
        return
    values = [{**row.combination._asdict(), "why": _why(row), "amount": row.amount} for row in free]
    columns = (*PARTS, Column("amount", "Summa", Kind.KRONOR), Column("why", "Varför"))
    table(
        pd.DataFrame(values, dtype=object),
        columns,
        name=f"Inte kopplat till någon budgetpost {year.year}",
        actor=actor,
        look=_look(chosen),
    )


def draw_sums(year: LedgerYear, chosen: Filters, actor: Actor) -> None:
    """Draw each line's sum, what is outside them, and the total that they add up to."""
    counts = Counter(row.line for row in year.rows)
    values = [
        _sum(f"{line.section}: {line.line}", counts[line], amount)
        for line, amount in sorted(year.sums.by_line.items())
    ]
    values += [
        _sum(NOT_MAPPED.capitalize(), year.unmapped.count, year.sums.unmapped),
        _sum(OUT.capitalize(), counts[LEFT_OUT], year.sums.left_out),
        _sum(TOTAL, len(year.rows), year.sums.total),
    ]
    table(
        pd.DataFrame(values, dtype=object),
        SUMS,
        name=f"Huvudboken per budgetpost {year.year}",
        actor=actor,
        look=_look(chosen),
    )


def draw_combinations(year: LedgerYear, chosen: Filters, actor: Actor) -> None:
    """Draw, when it is unfolded, every combination by month with the line that takes it."""
    title = "Alla kombinationer, månad för månad"
    box = st.expander(title, icon=":material/table_rows:", key="ledger-all", on_change="rerun")
    if not box.open:  # it may hold thousands of cells
        return
    used = [
        number for number in range(12) if any(row.months[number] is not None for row in year.rows)
    ]
    columns = (
        *PARTS,
        Column("line", "Budgetpost"),
        *(
            Column(text.SHORT_MONTHS[number], text.SHORT_MONTHS[number], Kind.KRONOR)
            for number in used
        ),
        Column("amount", "Summa", Kind.KRONOR),
    )
    values = [
        {
            **row.combination._asdict(),
            "line": line_words(row),
            **{text.SHORT_MONTHS[number]: row.months[number] for number in used},
            "amount": row.amount,
        }
        for row in year.rows
    ]
    with box:
        table(
            pd.DataFrame(values, dtype=object),
            columns,
            name=f"Huvudboken per kombination {year.year}",
            actor=actor,
            look=_look(chosen),
        )


def draw_corrections(corrected: tuple[Correction, ...], chosen: Filters, actor: Actor) -> None:
    """Draw which booked months became another amount, and what that makes together."""
    st.subheader("Rättelser av bokförda månader", anchor=False)
    if not corrected:
        st.markdown("Inget som var bokfört har ändrats.")
        return
    together = sum((one.difference for one in corrected), Decimal(0))
    count = len(corrected)
    st.markdown(
        f"{count} {text.plural(count, 'rättelse', 'rättelser')}, tillsammans "
        f"**{text.kronor(together)}** jämfört med vad som bokfördes först."
    )
    values = [
        {
            "line": f"{one.line.section}: {one.line.line}",
            "month": one.month,
            "old": one.old,
            "new": one.new,
            "difference": one.difference,
            "booked_on": one.booked_on,
            "who": one.who or text.DASH,
            "how": _how(one),
        }
        for one in corrected
    ]
    table(
        pd.DataFrame(values, dtype=object),
        CORRECTIONS,
        name=f"Rättelser {chosen.on.year}",
        actor=actor,
        look=_look(chosen),
    )
    st.markdown(
        ":small[En godkänd prognosrunda behåller de siffror som gällde när den godkändes, även när "
        "utfallet rättas efteråt.]"
    )


def named(combination: Combination) -> str:
    """Return a combination in one line; an empty part is left out."""
    account, centre, activity = combination
    parts = [account, f"kst {centre}" if centre else "", f"vht {activity}" if activity else ""]
    return " · ".join(part for part in parts if part)


def line_words(row: CombinationRow) -> str:
    """Return the line that takes a combination, in words."""
    if row.line is None:
        return NOT_MAPPED
    return OUT if row.line == LEFT_OUT else f"{row.line.section}: {row.line.line}"


def _why(row: CombinationRow) -> str:
    if row.lacking is None:
        return NOT_MAPPED
    return f"posten {row.lacking.line} finns inte i årets budget"


def _how(one: Correction) -> str:
    if not one.from_ledger:
        return "inskrivet för hand"
    return one.file_name or "ur huvudboken"


def _sum(line: str, count: int, amount: Decimal) -> dict[str, object]:
    return {"line": line, "count": count, "amount": amount}


def _look(chosen: Filters) -> Table:
    return Table(source=SOURCE, on=chosen.on, permission=Permission.VIEW_BUDGET)
