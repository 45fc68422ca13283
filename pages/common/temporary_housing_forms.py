"""The form of Tillfälligt boende: whether there is an individual housing plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.auth import Actor, Scope
from core.clock import today
from core.queries.placement_plans import latest_plans
from core.queries.temporary_housing import HousedRow
from core.services import placement_plans
from core.services.base import FieldError, RefusedError
from core.services.placement_plans import NewPlan
from pages.common import forms

NAME = "housing-plan"
CHOICES = {"Finns": True, "Saknas": False}


def note_plan(rows: Sequence[HousedRow], scope: Scope, actor: Actor) -> None:
    """Draw the form that notes the plan of a placement; its purpose stays as it is."""
    labels = {row.placement_id: f"{row.reference}, {row.form}, från {row.since}" for row in rows}
    with st.expander("Notera boendeplan", icon=":material/edit:"):
        key = forms.submit_key(NAME)
        with st.form(key, border=False):
            chosen = st.selectbox(
                "Placering",
                list(labels),
                index=None,
                format_func=labels.__getitem__,
                placeholder="Välj placering",
                key=f"{key}-placement_id",
            )
            forms.field_error(NAME, "placement_id")
            answer = st.radio(
                "Individuell boendeplan",
                list(CHOICES),
                index=None,
                horizontal=True,
                key=f"{key}-housing_plan",
            )
            forms.field_error(NAME, "housing_plan")
            sent = st.form_submit_button("Spara", type="primary")
    if sent:

        def save(session: Any) -> int:
            if chosen is None:
                raise RefusedError(FieldError("placement_id", "Välj placering."))
            if answer is None:
                raise RefusedError(FieldError("housing_plan", "Välj om planen finns eller saknas."))
            held = latest_plans(session, scope, on=today()).get(chosen)
            new = NewPlan(
                today(),
                purpose=held.purpose if held else "",
                plan_after=held.plan_after if held else "",
                housing_plan=CHOICES[answer],
            )
            return placement_plans.note_plan(session, chosen, new, by=actor, key=key)

        forms.run(NAME, save, "Boendeplanen är noterad.")
