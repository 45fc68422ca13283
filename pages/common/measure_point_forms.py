"""The forms of Mätpunkter: add a ready-made or an own measure point, change one, end one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from core.auth import Actor
from core.clock import today
from core.queries.measure_overview import PointRow
from core.queries.units import GroupChoice
from core.rules.dates import ONE_DAY
from core.rules.measure_points import whole_period
from core.services.indicators import NewIndicator, add_indicator
from core.services.measure_inputs import NewDefinition, NewPoint
from core.services.measure_points import change_definition, define_point, end_point
from core.services.measure_templates import TEMPLATES, Suggested, Template
from core.terms import MeasureFrequency, MeasureKind, Periodicity
from pages.common import forms, measure_definition_form, measure_feed_form, measure_preview
from pages.common.measure_definition_form import Start
from pages.common.measure_feed_form import Feed, Places

READY_MADE, OWN = "En färdig mätpunkt", "En egen mätpunkt"
CHANGE, END = "Ändra från en dag", "Avsluta"
Groups = Sequence[GroupChoice]


def add(actor: Actor, groups: Groups, places: Places) -> None:
    """Draw the choice of how to add a measure point, and its form."""
    chosen = st.segmented_control(
        "Lägg till", [READY_MADE, OWN], key="measure-add", label_visibility="collapsed"
    )
    if chosen == READY_MADE:
        _ready_made(actor, groups, places)
    elif chosen == OWN:
        start = Start(
            MeasureKind.NUMBER,
            NewDefinition(valid_from=_monday(), name="", frequency=MeasureFrequency.WEEK),
        )
        _define("measure-own", start, actor, groups, (places, None))


def _ready_made(actor: Actor, groups: Groups, places: Places) -> None:
    template = st.selectbox(
        "Välj bland det som enheter brukar räkna",
        TEMPLATES,
        index=None,
        format_func=lambda found: found.name,
        placeholder="Välj en färdig mätpunkt",
        key="measure-template",
    )
    if template is None:
        return
    st.markdown(template.about)
    if template.computed is not None:
        _computed(template, actor, places)
        return
    start = Start(template.kind, template.definition(_monday()))
    name = f"measure-{template.slug}"
    _define(name, start, actor, groups, (places, template.suggested))


def _define(
    name: str,
    start: Start,
    actor: Actor,
    groups: Groups,
    feeds: tuple[Places, Suggested | None],
) -> None:
    """Draw the form of a new measure point with its preview, and save it."""
    filled, feed = _fields(name, start, groups, feeds, fixed=False)
    key = forms.submit_key(name)
    if st.button("Lägg till mätpunkten", type="primary", key=f"{forms.submit_key(name)}-save"):

        def save(session: Any) -> int:
            definition = feed.save(session, filled.definition, actor, key)
            return define_point(session, NewPoint(filled.kind, definition), by=actor, key=key)

        said = f"{filled.definition.name} frågas från {filled.definition.valid_from}."
        forms.run(name, save, said)


def _fields(
    name: str,
    start: Start,
    groups: Groups,
    feeds: tuple[Places, Suggested | None],
    *,
    fixed: bool,
) -> tuple[Start, Feed]:
    """Draw a definition's fields and its connection beside the form that they make."""
    places, suggested = feeds
    left, right = st.columns([3, 2], gap="large")
    with left:
        filled = measure_definition_form.draw(name, start, groups, kind_is_fixed=fixed)
        valid_from = st.date_input(
            "Frågas från och med",
            start.definition.valid_from,
            format="YYYY-MM-DD",
            key=f"{forms.submit_key(name)}-from",
        )
        forms.field_error(name, "valid_from")
        definition = replace(filled.definition, valid_from=valid_from)
        feed = measure_feed_form.draw(
            name, (filled.kind, definition), places, start.definition, suggested
        )
    with right:
        st.markdown("Så här ser det ut för den som rapporterar")
        measure_preview.draw(
            measure_preview.as_definition(filled.kind, definition), forms.submit_key(name)
        )
    return Start(filled.kind, definition), feed


def change(row: PointRow, actor: Actor, groups: Groups, places: Places) -> None:
    """Draw the forms that change or end a measure point; an ended one has none."""
    chosen = st.segmented_control(
        "Ändra mätpunkten",
        [CHANGE, END],
        key=f"measure-change-{row.point.point_id}",
        label_visibility="collapsed",
    )
    if chosen == CHANGE:
        _change(row, actor, groups, places)
    elif chosen == END:
        _end(row, actor)


def _change(row: PointRow, actor: Actor, groups: Groups, places: Places) -> None:
    point = row.point
    name = f"measure-change-form-{point.point_id}"
    latest = measure_preview.as_new(point.latest)
    start = Start(point.kind, replace(latest, valid_from=next_start(row, today())))
    st.info(
        "Det som redan är rapporterat räknas som förut. En period som har börjat rapporteras klart "
        "som den började, om det inte ändras hur ofta det frågas.",
        icon=":material/info:",
    )
    opened = forms.opened(name, point.version)
    filled, feed = _fields(name, start, groups, (places, None), fixed=True)
    key = forms.submit_key(name)
    if st.button("Spara ändringen", type="primary", key=f"{forms.submit_key(name)}-save"):

        def save(session: Any) -> int:
            new = feed.save(session, filled.definition, actor, key)
            version = forms.version(name, opened)
            return change_definition(
                session, point.point_id, new, version=version, by=actor, key=key
            )

        day = filled.definition.valid_from
        forms.run(name, save, f"{filled.definition.name} frågas på det nya sättet från {day}.")


def next_start(row: PointRow, on: dt.date) -> dt.date:
    """Return the first day of a measure point's next period, when a change usually begins."""
    definition = row.point.latest
    under_way = whole_period(definition, max(on, definition.valid_from))
    return (on if under_way is None else under_way.period.end) + ONE_DAY


def _end(row: PointRow, actor: Actor) -> None:
    point = row.point
    name = f"measure-end-{point.point_id}"
    opened = forms.opened(name, point.version)
    with st.form(forms.submit_key(name), border=False):
        ended_on = st.date_input(
            "Sista dagen som den frågas",
            today(),
            format="YYYY-MM-DD",
            key=f"{forms.submit_key(name)}-ended_on",
        )
        forms.field_error(name, "ended_on")
        st.caption("Det som är rapporterat finns kvar och kan läsas.")
        sent = st.form_submit_button("Avsluta mätpunkten")
    if sent:
        key = forms.submit_key(name)
        forms.run(
            name,
            lambda session: end_point(
                session,
                point.point_id,
                ended_on,
                version=forms.version(name, opened),
                by=actor,
                key=key,
            ),
            f"{row.definition.name} frågas till och med {ended_on}.",
        )


def _computed(template: Template, actor: Actor, places: Places) -> None:
    """Draw how a figure that is worked out becomes an indicator: there is nothing to report."""
    assert template.suggested is not None  # noqa: S101  (every computed one has its indicator)
    st.info(
        "Det här räknas ut ur BKA. Ingen behöver rapportera något.", icon=":material/calculate:"
    )
    if not places.goals:
        st.caption("Lägg till ett mål på sidan Mål först, så kan det bli en indikator där.")
        return
    name = f"measure-{template.slug}"
    goals = list(places.goals)
    with st.form(forms.submit_key(name), border=False):
        goal = st.selectbox(
            "På vilket mål?",
            goals,
            index=len(goals) - 1,
            format_func=lambda found: f"{found.code} {found.name} ({found.year})",
            key=f"{forms.submit_key(name)}-goal",
        )
        title = st.text_input(
            "Indikatorns namn", template.suggested.name, key=f"{forms.submit_key(name)}-name"
        )
        forms.field_error(name, "name")
        sent = st.form_submit_button("Lägg till indikatorn", type="primary")
    if sent:
        key = forms.submit_key(name)
        new = NewIndicator(
            goal_id=goal.goal_id,
            name=(title or "").strip(),
            unit_of_measure=template.suggested.unit_of_measure,
            direction=template.suggested.direction,
            periodicity=Periodicity.TERTIAL,
            computed=template.computed,
        )
        forms.run(
            name,
            lambda session: add_indicator(session, new, by=actor, key=key),
            f"Indikatorn {new.name} är tillagd.",
        )


def _monday() -> dt.date:
    """Return the next Monday, or today if it is one."""
    return today() + dt.timedelta(days=-today().weekday() % 7)
