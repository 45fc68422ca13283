"""Pieces of Mål: values and targets in words, and the goal chain as one tree that prints."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape

from core.auth import Actor, Role
from core.charts.theme import Kind
from core.queries.goals import ActivityRow, GoalNode
from core.queries.indicator_rows import IndicatorRow, Target
from core.queries.indicators import IndicatorStatus
from core.rules.shares import Number
from core.rules.suppression import is_small
from core.terms import (
    HIDDEN,
    HIDDEN_COUNT,
    ActivityStatus,
    Fulfilment,
    GoalLevel,
    IndicatorUnit,
    sv,
    sv_title,
)
from pages.common import text, tiles

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
.rt-goals a { color: inherit; text-decoration: underline; text-underline-offset: .15em; }
</style>
"""


def value_words(
    row: IndicatorRow,
    value: Fraction | None,
    parts: tuple[Number | None, Number | None],
    actor: Actor,
) -> str:
    """Return a value with its unit and what it is made of, as the actor may see it.

    "77,8 % (161 av 207)". For a reader a count of 1-4 is `<5`, and so is a part of a share, which
    is then hidden itself.
    """
    if value is None:
        return text.DASH
    part, whole = parts
    reader = actor.role is Role.READER
    if reader and row.unit_of_measure is IndicatorUnit.COUNT and _small(value):
        return HIDDEN_COUNT
    if part is None or whole is None:
        return _with_unit(row, value)
    made_of = f"{_part(part, hide=reader)} av {_part(whole, hide=reader)}"
    hidden = reader and (_small(part) or _small(whole))
    return f"{HIDDEN if hidden else _with_unit(row, value)} ({made_of})"


def seen(
    row: IndicatorRow, value: Fraction | None, parts: tuple[Number | None, ...], actor: Actor
) -> Fraction | None:
    """Return a value as a chart may show it: None where a reader may not see it."""
    if value is None or actor.role is not Role.READER:
        return value
    counts = [part for part in parts if part is not None]
    if row.unit_of_measure is IndicatorUnit.COUNT:
        counts.append(value)
    return None if any(_small(count) for count in counts) else value


def target_words(row: IndicatorRow, target: Target) -> str:
    """Return a target with its unit, its own text, or a dash."""
    if isinstance(target, Decimal):
        return _with_unit(row, Fraction(target))
    return target or text.DASH


def latest_words(status: IndicatorStatus, actor: Actor) -> str:
    """Return the year's value with its period, or else the latest known one."""
    row = status.indicator
    if status.value is not None:
        made_of = (status.numerator, status.denominator)
        return f"{value_words(row, status.value, made_of, actor)}, {status.period}"
    if status.latest is None:
        return text.DASH
    last = status.latest
    made_of = (last.numerator, last.denominator)
    return f"{value_words(row, last.value, made_of, actor)}, {last.period}"


def summary(statuses: Iterable[IndicatorStatus]) -> str:
    """Return how many indicators stand where, as badges in Markdown."""
    counts = Counter(status.fulfilment for status in statuses)
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
    """Who looks at the tree, on which day, in which theme, and where an indicator's own view is."""

    actor: Actor
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
        f"{_texts(node)}{_indicators(node, look)}{_activities(node.activities, look.on)}</div>"
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
    rows = "".join(
        f"<tr><th scope='row'><a href='{escape(look.address(status.indicator.indicator_id))}' "
        f"target='_self'>{escape(status.indicator.name)}</a></th>"
        f"<td>{escape(latest_words(status, look.actor))}</td>"
        f"<td>{escape(target_words(status.indicator, status.target))}</td>"
        f"<td>{escape(target_words(status.indicator, status.city_target))}</td>"
        f"<td>{_mark(*MARKS[status.fulfilment], sv_title(status.fulfilment))}</td></tr>"
        for status in node.indicators
    )
    if not rows:
        return ""
    name = escape(f"Indikatorer, {node.goal.code}")
    heads = ("Indikator", "Senaste värdet", "Årsmål", "KF:s årsmål", "Mot årsmålet")
    head = "".join(f"<th scope='col'>{title}</th>" for title in heads)
    return (
        f"<div class='rt-scroll' role='region' tabindex='0' aria-label='{name}'><table>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _activities(activities: Iterable[ActivityRow], on: dt.date) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(row.name)}</th><td>{escape(row.owner) or text.DASH}</td>"
        f"<td>{text.date_sv(row.starts_on, on)}</td><td>{text.date_sv(row.ends_on, on)}</td>"
        f"<td>{_status(row)}</td></tr>"
        for row in activities
    )
    if not rows:
        return ""
    heads = "".join(
        f"<th scope='col'>{t}</th>" for t in ("Aktivitet", "Ansvarig", "Start", "Slut", "Läge")
    )
    return (
        "<div class='rt-scroll' role='region' tabindex='0' aria-label='Aktiviteter'><table>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _status(row: ActivityRow) -> str:
    if row.past_end:
        return _mark("red", "✖", "Slutet har passerat")
    if row.status is ActivityStatus.DONE:
        return _mark("green", "✔", sv_title(row.status))
    return _mark("gray", "○", sv_title(row.status))


def _mark(color: str, mark: str, word: str) -> str:
    return f"<span class='rt-mark rt-{color}'>{mark} {escape(word)}</span>"


def _with_unit(row: IndicatorRow, value: Fraction) -> str:
    digits = 2 if abs(value) < 10 else 1
    shown = text.plain_number(value, digits)
    if row.unit_of_measure in {IndicatorUnit.COUNT, IndicatorUnit.INDEX}:
        return shown
    return f"{shown}\u00a0{row.unit}"


def _part(count: Number, *, hide: bool) -> str:
    return HIDDEN_COUNT if hide and _small(count) else text.plain_number(count)


def _small(count: Number) -> bool:
    return count == int(count) and is_small(int(count))
