"""An indicator's own view in Mål: value, series with target, gender split, targets, and forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission, Role
from core.charts.indicators import SERIES
from core.queries.goal_chain import GoalRow, chain_upwards
from core.queries.indicator_rows import IndicatorRow
from core.queries.indicator_series import IndicatorView, SeriesPoint
from core.rules.shares import Number
from core.terms import HIDDEN, IndicatorUnit, sv, sv_title
from pages.common import charts, indicator_forms, indicator_words, text, tiles
from pages.common.tables import Column, Kind, Table, table


def draw(view: IndicatorView, goals: Sequence[GoalRow], actor: Actor, on: dt.date) -> None:
    """Draw an indicator's view, with its forms for those who may edit."""
    row = view.status.indicator
    st.subheader(text.safe(row.name), anchor=False)
    chain = chain_upwards(goals, row.goal_id)
    st.markdown(" → ".join(text.safe(f"{goal.code} {goal.name}") for goal in chain))
    st.caption(f"Mäts varje {sv(row.periodicity)}, {sv(row.direction)}. {_accumulation(row)}")
    hide = actor.role is Role.READER
    _tiles(view, hide=hide)
    _chart(view, hide=hide)
    left, right = st.columns(2, gap="large")
    with left:
        _values(view, actor, on)
    with right:
        _genders(view, actor, on)
        _targets(view, actor, on)
    if actor.may(Permission.EDIT_GOALS):
        indicator_forms.draw(view, actor)


def _tiles(view: IndicatorView, *, hide: bool) -> None:
    status, row = view.status, view.status.indicator
    latest = status.latest
    period = status.period if latest is None else latest.period
    value = None if latest is None else latest.value
    parts = (None, None) if latest is None else (latest.numerator, latest.denominator)
    shown, _, made_of = indicator_words.value_words(row, value, parts, hide=hide).partition(" (")
    with tiles.row():
        tiles.tile(
            f"Senaste värdet, {period}",
            shown,
            sub=made_of.rstrip(")"),
            fulfilment=indicator_words.fulfilment_seen(status, hide=hide),
            change=_change(view, hide=hide),
            source=_source(view),
        )
        for label, target in (("Årsmål", status.target), ("KF:s årsmål", status.city_target)):
            words = indicator_words.target_words(row, target)
            is_text = isinstance(target, str)
            tiles.tile(
                f"{label} {status.year}",
                text.DASH if is_text else words,
                sub=text.safe(words) if is_text else "",
            )


def _change(view: IndicatorView, *, hide: bool) -> tiles.Change | None:
    """Return what the value has moved since the period before, if both may be shown."""
    row = view.status.indicator
    known = [point for point in view.points if point.value is not None]
    if len(known) < 2:
        return None
    before, last = (
        indicator_words.seen(row, point.value, _parts(point), hide=hide) for point in known[-2:]
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
        return text.safe(row.source_name)
    return f"{text.safe(latest.source_name) or 'Inskrivet'}, mätt {latest.measured_on}"


def _chart(view: IndicatorView, *, hide: bool) -> None:
    row = view.status.indicator
    rows = [_chart_row(row, point, point is view.points[-1], hide=hide) for point in view.points]
    drawn = [found for found in rows if found["value"] is not None]
    if not drawn:
        st.info("Det finns inga värden att visa i ett diagram.", icon=":material/inbox:")
        return
    last = drawn[-1]
    charts.draw(
        pd.DataFrame(rows),
        SERIES,
        alt=f"{row.name} per period, {row.unit}. Senast {last['period']}: {last['shown']}, "
        f"årsmål {last['target_shown']}.",
    )


def _chart_row(
    row: IndicatorRow, point: SeriesPoint, is_last: bool, *, hide: bool
) -> dict[str, object]:
    """Return a point of the chart; the last one is labelled, the higher of the two above its mark."""
    value = indicator_words.seen(row, point.value, _parts(point), hide=hide)
    label = indicator_words.value_words(row, value, (None, None), hide=hide) if is_last else ""
    target_label = ""
    if is_last and point.target is not None:
        target_label = f"årsmål {indicator_words.target_words(row, point.target)}"
    below = value is not None and point.target is not None and value < point.target
    return {
        "period": point.label,
        "value": value,
        "target": point.target,
        "shown": indicator_words.value_words(row, point.value, _parts(point), hide=hide),
        "target_shown": indicator_words.target_words(row, point.target),
        "label_above": "" if below else label,
        "label_below": label if below else "",
        "target_above": target_label if below else "",
        "target_below": "" if below else target_label,
    }


def _parts(point: SeriesPoint) -> tuple[Number | None, Number | None]:
    return point.numerator, point.denominator


def _values(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    columns = (
        Column("period", "Period"),
        Column("value", "Värde"),
        Column("target", "Årsmål"),
        Column("measured_on", "Mätt", Kind.DATE),
        Column("source", "Källa"),
    )

    def rows(*, hide: bool) -> pd.DataFrame:
        row = view.status.indicator
        found = [
            [
                point.label,
                indicator_words.value_words(row, point.value, _parts(point), hide=hide),
                indicator_words.target_words(row, point.target),
                point.measured_on,
                point.source_name or ("egna ärenden" if point.value_id is None else "inskrivet"),
            ]
            for point in reversed(view.points)
        ]
        return pd.DataFrame(found, columns=[column.name for column in columns], dtype=object)

    look = Table("målen", on, adds_up=False, empty="Inga värden än.", file=rows(hide=True))
    shown = rows(hide=actor.role is Role.READER)
    table(shown, columns, name="Värden per period", actor=actor, look=look)


def _genders(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    if not view.genders:
        return
    columns = (Column("gender", "Kön"), Column("value", "Värde"), Column("period", "Period"))

    def rows(*, hide: bool) -> pd.DataFrame:
        words = _gender_words(view, hide=hide)
        found = [
            [sv_title(split.gender), said, split.label]
            for split, said in zip(view.genders, words, strict=True)
        ]
        return pd.DataFrame(found, columns=[column.name for column in columns], dtype=object)

    look = Table("målen", on, file=rows(hide=True))
    shown = rows(hide=actor.role is Role.READER)
    table(shown, columns, name="Efter kön", actor=actor, look=look)


def _gender_words(view: IndicatorView, *, hide: bool) -> list[str]:
    """Return each gender's value in words; with `hide`, hidden all of them where the whole is."""
    row = view.status.indicator
    labels = {split.label for split in view.genders}
    wholes = [point for point in view.points if point.label in labels and point.value is not None]
    if hide and any(
        indicator_words.seen(row, point.value, _parts(point), hide=True) is None for point in wholes
    ):
        return [HIDDEN for _ in view.genders]
    return indicator_words.gender_words(row, view.genders, hide=hide)


def _targets(view: IndicatorView, actor: Actor, on: dt.date) -> None:
    row = view.status.indicator
    frame = pd.DataFrame(
        [
            [
                str(target.year),
                indicator_words.target_words(row, target.target),
                indicator_words.target_words(row, target.city_target),
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
