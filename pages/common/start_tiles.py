"""Start's tiles: what each figure is called, made of, measured against and followed by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from core.auth import Actor, Role
from core.queries.indicator_rows import Target
from core.queries.indicator_series import TileIndicator
from core.queries.start import BudgetFigures, Part, PlacementFigures, Standing, Start, Trend
from core.rules.shares import share
from core.rules.suppression import is_small
from core.terms import HIDDEN, WITHOUT_CASEWORKER, ComputedFigure, Direction
from pages.common import text, tiles
from pages.common.tiles import Badge, Change, tile

POINTS = "%-enheter"
OVER_BUDGET = Badge("Över budget", "red", "cancel")
WITHIN_BUDGET = Badge("Inom budget", "green", "check_circle")


def draw(start: Start, actor: Actor) -> None:
    """Draw the tiles that the actor may see, three in a row."""
    with tiles.row(3):
        _shares(start, actor)
        if start.budget is not None:
            _budget(start.budget)
        _households(start, actor)
        if start.placements is not None:
            _flow(start)
            _placements(start.placements, start)
        else:
            _per_caseworker(start, actor)
            _moves(start, actor)
        _indicator("AMI", start.ami, start.on, "medarbetarenkat")
        _indicator("Sjukfrånvaro", start.sick_leave, start.on, "mal")


def _shares(start: Start, actor: Actor) -> None:
    sums, year = start.sums, f"1 jan–{text.date_sv(start.on, start.on)}"
    _share(
        "Plan inom tre månader",
        sums.within,
        sums.standings.get(ComputedFigure.PLANS_WITHIN_THREE_MONTHS),
        actor,
        source=f"Egna ärenden {year}",
        page="forandringsplaner",
    )
    _share(
        "Aktuell förändringsplan",
        sums.current,
        sums.standings.get(ComputedFigure.PLANS_CURRENT_SHARE),
        actor,
        source=f"Egna ärenden {text.date_sv(start.on, start.on)}",
        page="forandringsplaner",
    )
    _share(
        "Barnkonsekvensanalys",
        sums.analyses,
        sums.standings.get(ComputedFigure.BKA_COVERAGE),
        actor,
        source=f"Egna beslut {year}",
        page="bka",
        noun=" barn",
    )


def _share(  # noqa: PLR0913  (each is one thing on the tile)
    label: str,
    trend: Trend[Part],
    standing: Standing | None,
    actor: Actor,
    *,
    source: str,
    page: str,
    noun: str = "",
) -> None:
    now, before = trend.now, trend.before
    value, made_of = text.people_share(now.part, now.whole, actor)
    moved = _moved(now, before, actor)
    tile(
        label,
        value,
        sub=_sub(f"{made_of}{noun}", standing.target if standing else None, "%"),
        fulfilment=standing.fulfilment if standing and not _hidden(now, actor) else None,
        change=None
        if moved is None
        else Change(moved, POINTS, _since(trend.days), Direction.HIGHER, digits=1),
        series=[None if _hidden(part, actor) else part.percent for part in trend.values],
        source=source,
        page=page,
    )


def _households(start: Start, actor: Actor) -> None:
    trend = start.sums.households
    _count(
        "Hushåll",
        trend.values,
        _since(trend.days),
        actor,
        sub=_load(start, actor),
        source=f"Egna ärenden {text.date_sv(start.on, start.on)}",
    )


def _count(
    label: str,
    values: Sequence[int],
    since: str,
    actor: Actor,
    *,
    sub: str = "",
    source: str,
) -> None:
    """Draw a count of people over time; where one of them is hidden, so is what it could tell."""
    hidden = actor.role is Role.READER and any(map(is_small, values))
    tile(
        label,
        text.people(values[-1], actor),
        sub=sub,
        change=None if hidden else Change(values[-1] - values[-2], "", since),
        series=() if hidden else values,
        source=source,
        page="hushall",
    )


def _per_caseworker(start: Start, actor: Actor) -> None:
    """Draw the mean load, for those who see neither placements nor every caseworker's load."""
    sums = start.sums
    means = [
        share(households, caseworkers)
        for households, caseworkers in zip(
            sums.households.values, sums.caseworkers.values, strict=True
        )
    ]
    now, before = means[-1], means[-2]
    hidden = actor.role is Role.READER and any(map(is_small, sums.households.values))
    tile(
        "Hushåll per handläggare",
        HIDDEN if hidden else text.number(now, 1),
        sub=f"{text.people(sums.caseworkers.now, actor)} handläggare",
        change=None
        if hidden or now is None or before is None
        else Change(now - before, "", _since(sums.households.days), digits=1),
        series=() if hidden else means,
        source=f"Egna ärenden {text.date_sv(start.on, start.on)}",
        page="hushall",
    )


def _moves(start: Start, actor: Actor) -> None:
    """Draw what came in and what went out as two tiles."""
    flow = start.sums.flow
    month, before = text.MONTHS[start.on.month - 1], text.MONTHS[flow[-2].month.month - 1]
    source = f"Egna ärenden {_month_to(start.on)}"
    referred = f"{text.people(flow[-1].referred, actor)} remitterade till utredning"
    opened, closed = [m.opened for m in flow], [m.closed for m in flow]
    _count(f"In i {month}", opened, f"mot {before}", actor, sub=referred, source=source)
    _count(f"Ut i {month}", closed, f"mot {before}", actor, source=source)


def _load(start: Start, actor: Actor) -> str:
    """Return the highest load that the actor may see, in words; a caseworker's own."""
    if start.loads is None:
        return ""
    loads = zip(
        start.loads["households"], start.loads["other_cases"], start.loads["key"], strict=True
    )
    rows = [(-mine, -others, who) for mine, others, who in loads if who != WITHOUT_CASEWORKER]
    if not rows:
        return ""
    fewer, fewer_others, name = min(rows)
    households, others = -fewer, -fewer_others
    whose = "du har" if actor.role is Role.CASEWORKER else f"högst {text.safe(name)}:"
    more = f" och {others} {text.plural(others, 'annat ärende', 'andra ärenden')}" if others else ""
    return f"{whose} {households} hushåll{more}"


def _flow(start: Start) -> None:
    now, before = start.sums.flow[-1], start.sums.flow[-2]
    tile(
        f"In och ut i {text.MONTHS[now.month.month - 1]}",
        f"{now.opened} in, {now.closed} ut",
        sub=f"{now.referred} remitterade till utredning",
        change=Change(now.net - before.net, "netto", f"mot {text.MONTHS[before.month.month - 1]}"),
        series=[month.net for month in start.sums.flow],
        source=f"Egna ärenden {_month_to(start.on)}",
        page="hushall",
    )


def _placements(placements: PlacementFigures, start: Start) -> None:
    now, before = placements.now, placements.before
    families = now.families_in_hotel
    hotel = f"{families} {text.plural(families, 'barnfamilj', 'barnfamiljer')} på hotell"
    tile(
        "Placeringar",
        text.number(now.running),
        sub=f"{text.tkr(now.month_cost)} i {text.MONTHS[start.on.month - 1]} · {hotel}",
        fulfilment=placements.standing.fulfilment if placements.standing else None,
        change=Change(now.running - before.running, "", _since(placements.running.days)),
        series=placements.running.values,
        source=f"Placeringslistan {text.date_sv(start.on, start.on)}",
        page="placeringar",
    )


def _budget(budget: BudgetFigures) -> None:
    now, before = budget.now, budget.deviation.before
    change = None
    if now.deviation is not None and before is not None:
        moved = Fraction(now.deviation - before) / 1_000_000
        since = _since(budget.deviation.days)
        change = Change(moved, "mnkr", since, Direction.HIGHER, digits=1)
    booked = (
        f"utfall t.o.m. {text.MONTHS[now.booked_through.month - 1]}" if now.booked_through else ""
    )
    tile(
        "Prognos mot budget",
        text.mnkr(now.deviation),
        sub=_budget_words(now.prognosis, now.budget, now.lines),
        fulfilment=_verdict(now.deviation),
        change=change,
        series=_millions(budget.deviation.values),
        source=f"Ekonomisystemet {booked}" if booked else "Inget utfall bokfört i år",
        page="budget",
    )


def _indicator(label: str, shown: TileIndicator | None, on: dt.date, page: str) -> None:
    if shown is None:
        tile(label, text.DASH, sub="följs inte upp än", page=page)
        return
    percent = shown.unit == "%"
    unit = f"{text.NBSP}%" if percent else ""
    change = None
    if shown.change is not None:
        since = f"mot {shown.previous_period}" if shown.previous_period else ""
        change = Change(shown.change, POINTS if percent else "", since, None, digits=1)
    known = shown.value is not None
    tile(
        label,
        f"{text.plain_number(shown.value, 1)}{unit}" if known else text.DASH,
        sub=_sub("", shown.target, unit),
        fulfilment=shown.fulfilment,
        change=change,
        series=[point.value for point in shown.points],
        source=_indicator_source(shown, on),
        page=page,
    )


def _indicator_source(shown: TileIndicator, on: dt.date) -> str:
    measured = f", {text.date_sv(shown.measured_on, on)}" if shown.measured_on else ""
    return f"{text.safe(shown.source_name) or 'Inskrivet'}, {shown.period}{measured}"


def _sub(made_of: str, target: Target, unit: str) -> str:
    if target is None:
        return made_of
    aim = (
        target
        if isinstance(target, str)
        else f"{text.plain_number(target)}{text.NBSP}{unit.strip()}"
    )
    return " · ".join(part for part in (made_of, f"mål {aim.strip()}") if part)


def _budget_words(prognosis: Decimal | None, budget: Decimal, lines: int) -> str:
    if not lines:
        return "ingen budget inlagd för året"
    if prognosis is None:
        return f"budget {text.mnkr(budget)}, prognos saknas"
    return f"{text.mnkr(prognosis)} av {text.mnkr(budget)}"


def _verdict(deviation: Decimal | None) -> Badge | None:
    if deviation is None:
        return None
    return OVER_BUDGET if deviation < 0 else WITHIN_BUDGET


def _millions(amounts: Iterable[Decimal | None]) -> list[Fraction | None]:
    return [None if a is None else Fraction(a) / 1_000_000 for a in amounts]


def _hidden(part: Part, actor: Actor) -> bool:
    small = is_small(part.part) or is_small(part.whole)
    return actor.role is Role.READER and small


def _moved(now: Part, before: Part | None, actor: Actor) -> Fraction | None:
    """Return how a share has moved in percentage points, None where either can't be shown."""
    if before is None or _hidden(now, actor) or _hidden(before, actor):
        return None
    if now.value is None or before.value is None:
        return None
    return (now.value - before.value) * 100


def _since(days: tuple[dt.date, ...]) -> str:
    return f"sedan {text.date_sv(days[-2], days[-1])}"


def _month_to(on: dt.date) -> str:
    return f"1–{text.date_sv(on, on)}" if on.day > 1 else text.date_sv(on, on)
