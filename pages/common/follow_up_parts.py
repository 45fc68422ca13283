"""Pieces of the pages that follow cases up: tiles of shares, columns of figures, rows of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.charts.theme import remembered
from core.queries.child_impact import ChildRow
from core.queries.follow_up import BkaFigures, PlanFigures, Share
from core.queries.plan_cases import PlanCaseRow
from core.queries.start import Trend
from core.reports.columns import Column, Kind
from core.terms import ALL, Direction, PlanStatus, sv
from pages.common import text, tiles
from pages.common.tables import Table, table
from pages.common.tiles import Change, tile

POINTS = "%-enheter"
_WITH_PLAN = ("current", "outdated")
_OBLIGED = (*_WITH_PLAN, "due", "overdue")
PLAN_COLUMNS = (
    Column("open", "Hushåll", Kind.PEOPLE, parts=(*_OBLIGED, "exempt")),
    Column("current", "Aktuell", Kind.PEOPLE),
    Column("outdated", "Inaktuell", Kind.PEOPLE),
    Column("due", "Saknas, inom tid", Kind.PEOPLE),
    Column("overdue", "Saknas, försenad", Kind.PEOPLE),
    Column("exempt", "Undantag", Kind.PEOPLE),
    Column("coverage", "Täckning", Kind.SHARE, share_of=(_WITH_PLAN, _OBLIGED)),
    Column("current_share", "Andel aktuella", Kind.SHARE, share_of=(("current",), _OBLIGED)),
)
WITHIN_COLUMNS = (
    Column("deadlines", "Tidsgränser", Kind.PEOPLE, parts=("within",), has_rest=True),
    Column("within", "Plan i tid", Kind.PEOPLE),
    Column("share", "Andel", Kind.SHARE, share_of=(("within",), ("deadlines",))),
)
BKA_COLUMNS = (
    Column("decisions", "Beslut", Kind.PEOPLE),
    Column("children", "Barn", Kind.PEOPLE, parts=("done", "late", "missing")),
    Column("done", "Gjorda i tid", Kind.PEOPLE),
    Column("late", "För sent", Kind.PEOPLE),
    Column("missing", "Saknas", Kind.PEOPLE),
    Column("share", "Täckning", Kind.SHARE, share_of=(("done",), ("children",))),
)
CASE_COLUMNS = (
    Column("reference", "Ärende"),
    Column("step", "Nästa steg"),
    Column("due_on", "Senast", Kind.DATE),
    Column("caseworker", "Handläggare"),
    Column("status", "Status"),
    Column("referred_on", "Remitterat", Kind.DATE),
    Column("current_from", "Aktuell från", Kind.DATE),
)
CHILD_COLUMNS = (
    Column("reference", "Ärende"),
    Column("child", "Barn"),
    Column("decided_on", "Beslut", Kind.DATE),
    Column("kind", "Slag av beslut"),
    Column("status", "Analys"),
    Column("analysed_on", "Gjord", Kind.DATE),
    Column("caseworker", "Handläggare"),
)
STEPS = {
    PlanStatus.EXEMPT: "Pröva undantaget",
    PlanStatus.CURRENT: "Revidera plan",
    PlanStatus.OUTDATED: "Revidera plan",
    PlanStatus.DUE: "Upprätta plan",
    PlanStatus.OVERDUE: "Upprätta plan",
}
"""What a case of each status needs next."""


def keyed(title: str, columns: Iterable[Column]) -> list[Column]:
    """Return a figure's columns with its key first."""
    return [Column("key", title), *columns]


def share_tile(label: str, share: Share, *, noun: str, source: str) -> None:
    """Draw a share's tile: what it is made of, its target, and its change since the month before.

    `noun` is what is counted: "hushåll" or "barn".
    """
    trend = share.trend
    now, before = trend.now, trend.before
    made_of = f"{text.share_of(now.part, now.whole)} {noun}"
    standing, change = share.standing, None
    if before is not None and now.value is not None and before.value is not None:
        moved = (now.value - before.value) * 100
        change = Change(moved, POINTS, since(trend.days), Direction.HIGHER, digits=1)
    tile(
        label,
        text.percent(now.value),
        sub=" · ".join(part for part in (made_of, _target(share)) if part),
        fulfilment=standing.fulfilment if standing else None,
        change=change,
        series=[part.percent for part in trend.values],  # noqa: PD011  (a tuple)
        source=source,
    )


def count_tile(label: str, trend: Trend[int], *, sub: str, source: str) -> None:
    """Draw the tile of a number of cases, where fewer is better."""
    change = None
    if trend.before is not None:
        moved = trend.now - trend.before
        change = Change(moved, "", since(trend.days), Direction.LOWER)
    tile(label, text.number(trend.now), sub=sub, change=change, series=trend.values, source=source)


def plan_tiles(plans: PlanFigures) -> None:
    """Draw the tiles of change plans."""
    day = text.date_sv(plans.on, plans.on)
    source = f"Egna ärenden {day}"
    with tiles.row():
        share_tile(
            "Plan inom tre månader",
            plans.within,
            noun="hushåll",
            source=f"Egna ärenden 1 jan–{day}",
        )
        share_tile("Täckning", plans.coverage, noun="hushåll", source=source)
        share_tile("Andel aktuella", plans.current, noun="hushåll", source=source)
        count_tile(
            "Saknas, försenad",
            plans.overdue,
            sub=f"av {text.number(plans.coverage.trend.now.whole)} hushåll som ska ha plan",
            source=source,
        )


def bka_tiles(shown: BkaFigures) -> None:
    """Draw the tiles of impact analyses: coverage of the year, and what is not in time."""
    day = text.date_sv(shown.on, shown.on)
    period = f"Egna beslut {text.date_sv(shown.since, shown.on)}–{day}"
    total = shown.total.to_dict("records")[0]
    of_all = f"av {text.number(total['children'])} barn"
    with tiles.row():
        share_tile("Täckning", shown.coverage, noun="barn", source=f"Egna beslut 1 jan–{day}")
        for label, column, sub in (
            ("Beslut som berör barn", "decisions", f"{text.number(total['children'])} barn"),
            ("Analys saknas", "missing", of_all),
            ("Gjord för sent", "late", of_all),
        ):
            tile(label, text.number(total[column]), sub=sub, source=period)


def plan_tables(plans: PlanFigures, actor: Actor, look: Table) -> None:
    """Draw the tables of change plans by group and by gender, beside plans within three months."""
    for word, plural, status, within in (
        ("Grupp", "grupp", plans.by_group, plans.within_by_group),
        ("Kön", "kön", plans.by_gender, plans.within_by_gender),
    ):
        left, right = st.columns([5, 3], gap="large")
        with left:
            columns, name = keyed(word, PLAN_COLUMNS), f"Planer per {plural}"
            table(status, columns, name=name, actor=actor, look=look)
        with right:
            columns, name = keyed(word, WITHIN_COLUMNS), f"Plan inom tre månader per {plural}"
            table(within, columns, name=name, actor=actor, look=look)


def as_table(
    frame: pd.DataFrame, columns: list[Column], *, name: str, actor: Actor, look: Table
) -> None:
    """Draw a chart's figures as a table for those who want it."""
    if st.toggle("Visa som tabell", key=f"table-{name}"):
        table(frame, columns, name=name, actor=actor, look=look)


def since(days: tuple[dt.date, ...]) -> str:
    """Return since when a change is counted, "sedan 30 apr"."""
    return f"sedan {text.date_sv(days[-2], days[-1])}"


@remembered
def case_rows(cases: Iterable[PlanCaseRow]) -> pd.DataFrame:
    """Return cases as the rows of a table with `CASE_COLUMNS`."""
    rows = [
        {
            "reference": case.reference,
            "caseworker": case.caseworker,
            "status": sv(case.status),
            "step": STEPS[case.status],
            "due_on": case.due_on,
            "referred_on": case.referred_on,
            "current_from": case.current_from,
        }
        for case in cases
    ]
    return pd.DataFrame(rows, columns=[column.name for column in CASE_COLUMNS], dtype=object)


def case_columns(*, one_caseworker: bool, status: str) -> list[Column]:
    """Return the columns of cases, without a caseworker or a status that they all share."""
    said = {"caseworker": one_caseworker, "status": status != ALL}
    return [column for column in CASE_COLUMNS if not said.get(column.name)]


def status_word(status: str) -> str:
    """Return a plan status, or all of them, as a choice."""
    return capital(ALL if status == ALL else sv(PlanStatus(status)))


def capital(words: str) -> str:
    """Return words with a capital first letter and the rest as it is."""
    return words[0].upper() + words[1:]


@remembered
def child_rows(children: Iterable[ChildRow]) -> pd.DataFrame:
    """Return children as the rows of a table with `CHILD_COLUMNS`."""
    rows = [
        {
            "reference": child.reference,
            "child": f"barn {child.child_number}",
            "decided_on": child.decided_on,
            "kind": sv(child.kind),
            "status": sv(child.status),
            "analysed_on": child.analysed_on,
            "caseworker": child.caseworker,
        }
        for child in children
    ]
    return pd.DataFrame(rows, columns=[column.name for column in CHILD_COLUMNS], dtype=object)


def _target(share: Share) -> str:
    target = share.standing.target if share.standing else None
    if target is None:
        return ""
    aim = target if isinstance(target, str) else f"{text.plain_number(target)}{text.NBSP}%"
    return f"mål {aim}"
