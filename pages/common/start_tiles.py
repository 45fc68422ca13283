"""Start's tiles: what each figure is called, made of, measured against and followed by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from core.auth import Actor, Role
from core.queries.indicator_rows import Target
from core.queries.indicator_series import TileIndicator
from core.queries.start import BudgetFigures, Part, PlacementFigures, Start, Sums, Trend
from core.rules.linked_counts import share_seen
from core.rules.shares import share
from core.rules.suppression import Shown, is_small, suppress_balance
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
        ComputedFigure.PLANS_WITHIN_THREE_MONTHS,
        sums,
        actor,
        source=f"Egna ärenden {year}",
        page="forandringsplaner",
    )
    _share(
        "Aktuell förändringsplan",
        sums.current,
        ComputedFigure.PLANS_CURRENT_SHARE,
        sums,
        actor,
        source=f"Egna ärenden {text.date_sv(start.on, start.on)}",
        page="forandringsplaner",
    )
    _share(
        "Barnkonsekvensanalys",
        sums.analyses,
        ComputedFigure.BKA_COVERAGE,
        sums,
        actor,
        source=f"Egna beslut {year}",
        page="bka",
        noun=" barn",
    )


def _share(  # noqa: PLR0913  (each is one thing on the tile)
    label: str,
    trend: Trend[Part],
    figure: ComputedFigure,
    sums: Sums,
    actor: Actor,
    *,
    source: str,
    page: str,
    noun: str = "",
) -> None:
    now, standing = trend.now, sums.standings.get(figure)
    value, made_of = text.people_share(now.part, now.whole, actor, figure)
    seen = [_percent_seen(part, figure, actor) for part in trend.values]
    known = seen[-1] is not None or not now.whole
    change = None
    if seen[-1] is not None and len(seen) > 1 and seen[-2] is not None:
        moved = seen[-1] - seen[-2]
        change = Change(moved, POINTS, _since(trend.days), Direction.HIGHER, digits=1)
    tile(
        label,
        value,
        sub=_sub(f"{made_of}{noun}" if made_of else "", standing.target if standing else None, "%"),
        fulfilment=standing.fulfilment if standing and known else None,
        change=change,
        series=seen,
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
    """Draw a count of people over time."""
    shown = values if actor.role is not Role.READER else tuple(map(_value_seen, values))
    _counted(label, text.people(values[-1], actor), shown, since, sub=sub, source=source)


def _counted(
    label: str,
    value: str,
    seen: Sequence[int | None],
    since: str,
    *,
    sub: str = "",
    source: str,
) -> None:
    """Draw a count over time; without a trend where one of its values, None, is hidden."""
    known = [count for count in seen if count is not None]
    whole = len(known) == len(seen)
    tile(
        label,
        value,
        sub=sub,
        change=Change(known[-1] - known[-2], "", since) if whole else None,
        series=known if whole else (),
        source=source,
        page="hushall",
    )


def _value_seen(count: int) -> int | None:
    return None if is_small(count) else count


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
    counts = (*sums.households.values, *sums.caseworkers.values)
    hidden = actor.role is Role.READER and any(map(is_small, counts))
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
    moved = [(m.opened, m.closed) for m in flow]
    if actor.role is Role.READER:
        opened, closed = zip(*(suppress_balance(*both) for both in moved), strict=True)
    else:
        opened, closed = zip(*((_plain(i), _plain(o)) for i, o in moved), strict=True)
    since = f"mot {before}"
    for label, shown, sub in ((f"In i {month}", opened, referred), (f"Ut i {month}", closed, "")):
        seen = [count.value for count in shown]
        _counted(label, _written(shown[-1]), seen, since, sub=sub, source=source)


def _plain(count: int) -> Shown:
    return Shown(count, str(count))


def _written(count: Shown) -> str:
    return count.text if count.value is None else text.number(count.value)


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


def _percent_seen(part: Part, figure: ComputedFigure, actor: Actor) -> Fraction | None:
    """Return a share in percent as the actor may see it, None where it can't be shown."""
    if actor.role is not Role.READER:
        return part.percent
    return share_seen(figure, part.part, part.whole)


def _since(days: tuple[dt.date, ...]) -> str:
    return f"sedan {text.date_sv(days[-2], days[-1])}"


def _month_to(on: dt.date) -> str:
    return f"1–{text.date_sv(on, on)}" if on.day > 1 else text.date_sv(on, on)
