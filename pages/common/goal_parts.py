"""Pieces of Mål: the goal chain as one tree that prints, and what it adds up to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from core.charts.theme import Kind
from core.queries.goals import ActivityRow, GoalNode
from core.queries.indicators import IndicatorStatus
from core.terms import (
    HIDDEN,
    ActivityStatus,
    Fulfilment,
    GoalLevel,
    sv,
    sv_title,
)
from pages.common import indicator_words, text, tiles

MARKS: dict[Fulfilment, tuple[str, str]] = {
    Fulfilment.MET: ("green", "✔"),
    Fulfilment.PARTLY_MET: ("orange", "◐"),
    Fulfilment.NOT_MET: ("red", "✖"),
    Fulfilment.NO_TARGET: ("gray", "–"),
    Fulfilment.NO_OUTCOME_YET: ("gray", "○"),
}
"""Colour and mark of each fulfilment in the tree. The word always stands beside the mark."""
COLORS: dict[Kind, dict[str, str]] = {
    "light": {"green": "#17633D", "orange": "#854600", "red": "#9C1F17", "gray": "#4A535E"},
    "dark": {"green": "#7FD3A4", "orange": "#F0B16A", "red": "#F5A096", "gray": "#B5BEC8"},
}
"""The marks' colours in each theme, readable on their own tint."""
TEXTS = {
    "expected_result": "Förväntat resultat",
    "ways_of_working": "Arbetssätt",
    "resources": "Resursanvändning",
    "follow_up": "Uppföljning",
    "development": "Utveckling",
}
STYLE = """
<style>
.rt-goals ul { list-style: none; margin: 0; padding: 0 0 0 1.1rem;
  border-left: 2px solid color-mix(in srgb, currentColor 16%, transparent); }
.rt-goals > ul { padding-left: 0; border-left: 0; }
.rt-goals li.rt-goal { margin: .7rem 0 0; }
.rt-goals .rt-level { font-size: .8rem; opacity: .8; }
.rt-goals .rt-name { font-weight: 600; }
.rt-goals .rt-unit-goal { padding: .6rem .9rem .8rem; border-radius: .6rem;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.rt-goals table { border-collapse: collapse; width: 100%; min-width: 38rem; table-layout: fixed; font-size: .92rem; margin: .5rem 0 0; }
.rt-goals th, .rt-goals td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); font-weight: 400; }
.rt-goals thead th { font-size: .8rem; font-weight: 600; }
.rt-goals thead th { width: 11%; }
.rt-goals thead th:first-child { width: 40%; }
.rt-goals thead th:nth-child(2) { width: 20%; }
.rt-goals thead th:last-child { width: 18%; }
.rt-goals .rt-mark { white-space: nowrap; padding: .1rem .45rem; border-radius: .4rem; }
.rt-goals .rt-mark { background: color-mix(in srgb, currentColor 12%, transparent); }
.rt-goals details { margin: .3rem 0 0; font-size: .92rem; }
.rt-goals summary { cursor: pointer; }
.rt-goals .rt-scroll { overflow-x: auto; }
@media (max-width: 640px) {
  .rt-goals table { min-width: 0; }
  .rt-goals ul { padding-left: .6rem; }
  .rt-goals thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .rt-goals tbody tr { display: flex; flex-wrap: wrap; gap: .15rem .8rem; padding: .4rem 0;
    border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
  .rt-goals tbody th { flex-basis: 100%; }
  .rt-goals tbody th, .rt-goals tbody td { border: 0; padding: 0; }
  .rt-goals td::before { content: attr(data-label) " "; opacity: .8; font-size: .8rem; }
}
.rt-goals a { color: inherit; text-decoration: underline; text-underline-offset: .15em; }
</style>
"""


def summary(statuses: Iterable[IndicatorStatus], *, hide: bool) -> str:
    """Return how many indicators stand where, as badges in Markdown; `hide` as in the tree."""
    counts = Counter(indicator_words.fulfilment_seen(status, hide=hide) for status in statuses)
    return " ".join(
        f":{tiles.LOOKS[kind][0]}-badge[:material/{tiles.LOOKS[kind][1]}: "
        f"{counts[kind]} {sv(kind)}]"
        for kind in Fulfilment
        if counts[kind]
    )


def all_indicators(nodes: Iterable[GoalNode]) -> list[IndicatorStatus]:
    """Return the indicators of a tree, in its order."""
    found: list[IndicatorStatus] = []
    for node in nodes:
        found += [*node.indicators, *all_indicators(node.children)]
    return found


def all_goals(nodes: Iterable[GoalNode]) -> list[GoalNode]:
    """Return the goals of a tree, in its order."""
    found: list[GoalNode] = []
    for node in nodes:
        found += [node, *all_goals(node.children)]
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """How a tree is drawn: small counts hidden or not, day, theme, address of an indicator."""

    hide: bool
    on: dt.date
    theme: Kind
    address: Callable[[int], str]


def tree_html(nodes: Iterable[GoalNode], look: Look) -> str:
    """Return the goal chain as nested lists; every text is escaped."""
    colors = "".join(
        f".rt-goals .rt-{name} {{ color: {color}; }}" for name, color in COLORS[look.theme].items()
    )
    return f"{STYLE}<style>{colors}</style><div class='rt-goals'>{_list(nodes, look)}</div>"


def _list(nodes: Iterable[GoalNode], look: Look) -> str:
    items = "".join(_goal(node, look) for node in nodes)
    return f"<ul>{items}</ul>" if items else ""


def _goal(node: GoalNode, look: Look) -> str:
    goal = node.goal
    own = " rt-unit-goal" if goal.level is GoalLevel.UNIT_GOAL else ""
    return (
        f"<li class='rt-goal'><div class='{own.strip()}'>"
        f"<div class='rt-level'>{escape(sv_title(goal.level))} {escape(goal.code)}</div>"
        f"<div class='rt-name'>{escape(goal.name)}</div>"
        f"{_texts(node)}{_indicators(node, look)}{_activities(node, look.on)}</div>"
        f"{_list(node.children, look)}</li>"
    )


def _texts(node: GoalNode) -> str:
    written = {title: getattr(node.goal, name) for name, title in TEXTS.items()}
    parts = "".join(
        f"<p><strong>{title}:</strong> {escape(words)}</p>"
        for title, words in written.items()
        if words
    )
    return f"<details><summary>Så når vi målet</summary>{parts}</details>" if parts else ""


def _indicators(node: GoalNode, look: Look) -> str:
    rows = [
        (
            _link(status, look),
            escape(indicator_words.latest_words(status, hide=look.hide)),
            escape(indicator_words.target_words(status.indicator, status.target)),
            escape(indicator_words.target_words(status.indicator, status.city_target)),
            _standing(status, look),
        )
        for status in node.indicators
    ]
    heads = ("Indikator", "Senaste värdet", "Årsmål", "KF:s årsmål", "Mot årsmålet")
    return _table(f"Indikatorer, {node.goal.code}", heads, rows)


def _standing(status: IndicatorStatus, look: Look) -> str:
    found = indicator_words.fulfilment_seen(status, hide=look.hide)
    return HIDDEN if found is None else _mark(*MARKS[found], sv_title(found))


def _link(status: IndicatorStatus, look: Look) -> str:
    address = escape(look.address(status.indicator.indicator_id))
    return f"<a href='{address}' target='_self'>{escape(status.indicator.name)}</a>"


def _activities(node: GoalNode, on: dt.date) -> str:
    rows = [
        (
            escape(row.name),
            escape(row.owner) or text.DASH,
            text.date_sv(row.starts_on, on),
            text.date_sv(row.ends_on, on),
            _status(row),
        )
        for row in node.activities
    ]
    heads = ("Aktivitet", "Ansvarig", "Start", "Slut", "Läge")
    return _table(f"Aktiviteter, {node.goal.code}", heads, rows)


def _table(name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table of cells that are HTML already, nothing without rows."""
    body = "".join(
        f"<tr><th scope='row'>{first}</th>"
        + "".join(
            f"<td data-label='{escape(head)}'>{cell}</td>"
            for head, cell in zip(heads[1:], cells, strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    if not body:
        return ""
    head = "".join(f"<th scope='col'>{title}</th>" for title in heads)
    return (
        f"<div class='rt-scroll' role='region' tabindex='0' aria-label='{escape(name)}'><table>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _status(row: ActivityRow) -> str:
    if row.past_end:
        return _mark("red", "✖", "Slutet har passerat")
    if row.status is ActivityStatus.DONE:
        return _mark("green", "✔", sv_title(row.status))
    return _mark("gray", "○", sv_title(row.status))


def _mark(color: str, mark: str, word: str) -> str:
    return f"<span class='rt-mark rt-{color}'>{mark} {escape(word)}</span>"
