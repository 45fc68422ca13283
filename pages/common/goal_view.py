"""An indicator's own view in Mål: value, series with target, gender split, targets, and forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.charts.indicators import SERIES
from core.queries.goal_chain import GoalRow, chain_upwards
from core.queries.indicator_rows import IndicatorRow
from core.queries.indicator_series import IndicatorView, SeriesPoint
from core.terms import IndicatorUnit, sv, sv_title
from pages.common import charts, goal_parts, indicator_forms, tiles
from pages.common.tables import Column, Kind, Table, table


def draw(view: IndicatorView, goals: Sequence[GoalRow], actor: Actor, on: dt.date) -> None:
    """Draw an indicator's view, with its forms for those who may edit."""
    row = view.status.indicator
    st.subheader(row.name, anchor=False)
    chain = chain_upwards(goals, row.goal_id)
    st.markdown(" → ".join(f"{goal.code} {goal.name}" for goal in chain))
    st.caption(f"Mäts varje {sv(row.periodicity)}, {sv(row.direction)}. {_accumulation(row)}")
    _tiles(view, actor)
    if any(point.value is not None for point in view.points):
        _chart(view, actor)
    else:
        st.info("Det finns inga värden än.", icon=":material/inbox:")
    left, right = st.columns(2, gap="large")
    with left:
        _values(view, actor, on)
    with right:
        _genders(view, actor, on)
        _targets(view, actor, on)
    if actor.may(Permission.EDIT_GOALS):
        indicator_forms.draw(view, actor)


def _tiles(view: IndicatorView, actor: Actor) -> None:
    status, row = view.status, view.status.indicator
    latest = status.latest
    period = status.period if latest is None else latest.period
    value = None if latest is None else latest.value
    parts = (None, None) if latest is None else (latest.numerator, latest.denominator)
    shown, _, made_of = goal_parts.value_words(row, value, parts, actor).partition(" (")
    with tiles.row():
        tiles.tile(
            f"Senaste värdet, {period}",
            shown,
            sub=made_of.rstrip(")"),
            fulfilment=status.fulfilment,
            change=_change(view, actor),
            source=_source(view),
        )
        tiles.tile(f"Årsmål {status.year}", goal_parts.target_words(row, status.target))
        tiles.tile(f"KF:s årsmål {status.year}", goal_parts.target_words(row, status.city_target))


def _change(view: IndicatorView, actor: Actor) -> tiles.Change | None:
    """Return what the value has moved since the period before, if the actor may see both."""
    row = view.status.indicator
    known = [point for point in view.points if point.value is not None]
    if len(known) < 2:
        return None
    before, last = (
        goal_parts.seen(row, point.value, (point.numerator, point.denominator), actor)
        for point in known[-2:]
    )
    if before is None or last is None:
        return None
    percent = row.unit_of_measure is IndicatorUnit.PERCENT
    unit = "%-enheter" if percent else ""
    digits = 0 if row.unit_of_measure is IndicatorUnit.COUNT else 1
    return tiles.Change(last - before, unit, f"sedan {known[-2].label}", row.direction, digits)


def _accumulation(row: IndicatorRow) -> str:
    if row.computed is not None:
        return f"Räknas ut: {sv(row.computed)}."
    return f"Årets värde: {sv(row.accumulation)}."


def _source(view: IndicatorView) -> str:
    row, latest = view.status.indicator, view.status.latest
    if row.computed is not None:
        day = "" if latest is None else f", {latest.measured_on}"
        return f"Räknas ut ur egna ärenden{day}"
    if latest is None:
        return row.source_name
    return f"{latest.source_name or 'Inskrivet'}, mätt {latest.measured_on}"


def _chart(view: IndicatorView, actor: Actor) -> None:
    row = view.status.indicator
    last = next(point for point in reversed(view.points) if point.value is not None)
    charts.draw(
        pd.DataFrame(
            [_chart_row(row, point, point is view.points[-1], actor) for point in view.points]
        ),
        SERIES,
        alt=f"{row.name} per period, {row.unit}. Senast {last.label}: "
        f"{goal_parts.value_words(row, last.value, (last.numerator, last.denominator), actor)}.",
    )


def _chart_row(
    row: IndicatorRow, point: SeriesPoint, is_last: bool, actor: Actor
) -> dict[str, object]:
    parts = (point.numerator, point.denominator)
    return {
        "period": point.label,
        "value": goal_parts.seen(row, point.value, parts, actor),
        "target": point.target,
        "shown": goal_parts.value_words(row, point.value, parts, actor),
        "label": goal_parts.value_words(row, point.value, (None, None), actor) if is_last else "",
        "target_shown": goal_parts.target_words(row, point.target),
        "target_label": f"årsmål {goal_parts.target_words(row, point.target)}"
        if is_last and point.target is not None
        else "",
    }


def _values(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    row = view.status.indicator
    frame = pd.DataFrame(
        [
            [
                point.label,
                goal_parts.value_words(
                    row, point.value, (point.numerator, point.denominator), actor
                ),
                goal_parts.target_words(row, point.target),
                point.measured_on,
                point.source_name or ("egna ärenden" if point.value_id is None else "inskrivet"),
            ]
            for point in reversed(view.points)
        ],
        columns=["period", "value", "target", "measured_on", "source"],
        dtype=object,
    )
    columns = (
        Column("period", "Period"),
        Column("value", "Värde"),
        Column("target", "Årsmål"),
        Column("measured_on", "Mätt", Kind.DATE),
        Column("source", "Källa"),
    )
    look = Table(on=on, adds_up=False, empty="Inga värden än.", source="målen")
    table(frame, columns, name="Värden per period", actor=actor, look=look)


def _genders(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    if not view.genders:
        return
    row = view.status.indicator
    frame = pd.DataFrame(
        [
            [
                sv_title(split.gender),
                goal_parts.value_words(
                    row, split.value, (split.numerator, split.denominator), actor
                ),
                split.label,
            ]
            for split in view.genders
        ],
        columns=["gender", "value", "period"],
        dtype=object,
    )
    columns = (Column("gender", "Kön"), Column("value", "Värde"), Column("period", "Period"))
    table(frame, columns, name="Efter kön", actor=actor, look=Table(on=on, source="målen"))


def _targets(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    row = view.status.indicator
    frame = pd.DataFrame(
        [
            [
                str(target.year),
                goal_parts.target_words(row, target.target),
                goal_parts.target_words(row, target.city_target),
                target.decided_on,
            ]
            for target in reversed(view.targets)
        ],
        columns=["year", "target", "city", "decided_on"],
        dtype=object,
    )
    columns = (
        Column("year", "År"),
        Column("target", "Årsmål"),
        Column("city", "KF:s årsmål"),
        Column("decided_on", "Beslutat", Kind.DATE),
    )
    look = Table(on=on, adds_up=False, empty="Inga årsmål än.", source="målen")
    table(frame, columns, name="Årsmål", actor=actor, look=look)
