"""The forms of Ärenden: register, hand over, a whole caseload, and the household."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from core.auth import Actor, Scope
from core.queries.case_register import AdultNow, CaseInFull
from core.services import assignments, case_details, cases
from core.services.assignments import CaseloadHandover, Handover
from core.services.case_details import NewAdult, NewComposition
from core.terms import (
    WITHOUT_CASEWORKER,
    WITHOUT_GROUP,
    CaseKind,
    Gender,
    HouseholdType,
    Obstacle,
    sv,
    sv_title,
)
from pages.common import forms
from pages.common.case_forms import EARLIEST, date_field
from pages.common.case_search import Staff, adult_word
from pages.common.conflicts import Compared

Code = TypeVar("Code", bound=StrEnum)


def register(staff: Staff, scope: Scope, suggested: str | None, actor: Actor) -> None:
    """Draw the form that registers a case. A group manager's group is the own one."""
    name = "register"
    key, suggested = forms.submit_key(name), forms.opened(name, suggested)
    kind = _code("Slag", CaseKind, CaseKind.BENEFIT, key=f"{key}-kind")
    own_group = scope.group_id
    people = [i for i in staff.active if own_group is None or staff.group_of[i] == own_group]
    with st.form(key, border=False):
        left, right = st.columns(2)
        with left:
            reference = st.text_input(
                "Referens", suggested or "", max_chars=20, key=f"{key}-reference"
            )
            forms.field_error(name, "reference")
            opened_on = date_field("Öppnat", name, "opened_on")
            referred_on = st.date_input(
                "Remitterat (tomt i mottagning)",
                None,
                min_value=EARLIEST,
                format="YYYY-MM-DD",
                key=f"{key}-referred_on",
            )
            forms.field_error(name, "referred_on")
            caseworker_id = _person("Handläggare", name, people, staff, None)
            forms.field_error(name, "caseworker_id")
            group_id = own_group
            if own_group is None:
                group_id = _group(name, staff, None)
        with right:
            household = _household(name) if kind is CaseKind.BENEFIT else {}
        sent = st.form_submit_button("Registrera ärende", type="primary")
    if sent:
        if group_id is None and caseworker_id is not None:
            group_id = staff.group_of[caseworker_id]
        new = cases.NewCase(
            reference=reference,
            kind=kind,
            opened_on=opened_on,
            caseworker_id=caseworker_id,
            group_id=group_id,
            referred_on=referred_on,
            **household,
        )

        def save(session: Any) -> int:
            return cases.register(session, new, by=actor, key=key)

        forms.run(name, save, f"{reference} är registrerat.")


def reassign(case: CaseInFull, staff: Staff, actor: Actor) -> None:
    """Draw the form that hands a case over to another caseworker or group."""
    name = f"reassign-{case.case_id}"
    key, shown = forms.submit_key(name), forms.opened(name, case)
    with st.form(key, border=False):
        caseworker_id = _person(
            "Till handläggare", name, list(staff.active), staff, shown.caseworker_id
        )
        forms.field_error(name, "caseworker_id")
        group_id = _group(name, staff, shown.group_id)
        from_day = date_field("Från och med", name, "from_day")
        sent = forms.submit(name, "Fördela om")
    if sent:
        values = [
            Compared(
                "caseworker_id", "Handläggare", shown.caseworker_id, caseworker_id, staff.person
            ),
            Compared("group_id", "Grupp", shown.group_id, group_id, staff.group),
            Compared("closed_on", "Avslutat", shown.closed_on),
        ]

        def save(session: Any) -> int:
            version = forms.version(name, shown.version)
            to = Handover(**forms.on_top(name, values), from_day=from_day)
            return assignments.reassign(
                session, case.case_id, to, version=version, by=actor, key=key
            )

        forms.run(name, save, f"{case.reference} är omfördelat.", values=lambda: values)


def caseload(staff: Staff, actor: Actor) -> None:
    """Draw the form that hands over everything that somebody holds."""
    name = "caseload"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        leaver = st.selectbox(
            "Vems ärenden ska flyttas?",
            list(staff.everybody),
            index=None,
            format_func=staff.everybody.__getitem__,
            placeholder="Välj handläggare",
            key=f"{key}-from_caseworker_id",
        )
        forms.field_error(name, "from_caseworker_id")
        receivers = st.multiselect(
            "Till vem eller vilka? (tomt: utan handläggare)",
            list(staff.active),
            format_func=staff.active.__getitem__,
            placeholder="Välj en eller flera",
            key=f"{key}-receivers",
        )
        forms.field_error(name, "receivers")
        st.caption("Flera mottagare får ärendena i tur och ordning, lika många var.")
        from_day = date_field("Från och med", name, "from_day")
        sent = st.form_submit_button("Flytta alla ärenden", type="primary")
    if sent and leaver is None:
        st.error("Välj vems ärenden som ska flyttas.", icon=":material/error:")
    elif sent and leaver is not None:
        to = CaseloadHandover(tuple(receivers), from_day)

        def save(session: Any) -> int:
            return assignments.reassign_caseload(session, leaver, to, by=actor, key=key)

        forms.run(name, save, f"{staff.everybody[leaver]}s ärenden är flyttade.")


def composition(case: CaseInFull, actor: Actor) -> None:
    """Draw the form that changes a household's type and number of children."""
    name = f"household-{case.case_id}"
    key, shown = forms.submit_key(name), forms.opened(name, case)
    with st.form(key, border=False):
        household_type = _code(
            "Hushållstyp", HouseholdType, shown.household_type or HouseholdType.SINGLE
        )
        forms.field_error(name, "household_type")
        children = st.number_input(
            "Antal barn", 0, value=shown.children or 0, step=1, key=f"{key}-children"
        )
        forms.field_error(name, "children")
        valid_from = date_field("Från och med", name, "valid_from")
        sent = forms.submit(name, "Spara hushållet")
    if sent:
        values = [
            Compared("household_type", "Hushållstyp", shown.household_type, household_type),
            Compared("children", "Antal barn", shown.children, children),
        ]

        def save(session: Any) -> int:
            new = NewComposition(valid_from, **forms.on_top(name, values))
            version = forms.version(name, shown.version)
            return case_details.change_composition(
                session, case.case_id, new, by=actor, key=key, version=version
            )

        said = f"{case.reference}: hushållet är ändrat."
        forms.run(name, save, said, values=lambda: values)


def adults(case: CaseInFull, actor: Actor) -> None:
    """Draw the forms of who the adults are: one more, or one who no longer belongs."""
    for adult in case.adults:
        _end_adult(case, adult, actor)
    free = [n for n in (1, 2) if n not in {adult.number for adult in case.adults}]
    if not free:
        return
    name = f"adult-{case.case_id}"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        number = st.selectbox("Ny vuxen", free, format_func=adult_word, key=f"{key}-number")
        forms.field_error(name, "number")
        gender = _code("Kön", Gender, Gender.WOMAN)
        valid_from = date_field("Från och med", name, "valid_from")
        sent = st.form_submit_button("Lägg till vuxen", type="primary")
    if sent:
        new = NewAdult(number, gender, valid_from)

        def save(session: Any) -> int:
            return case_details.add_adult(session, case.case_id, new, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: den vuxna är tillagd.")


def obstacles(case: CaseInFull, actor: Actor) -> None:
    """Draw the form that changes an adult's obstacle to self-support."""
    name = f"obstacle-{case.case_id}"
    key = forms.submit_key(name)
    if not case.adults:
        st.info("Ärendet har ingen vuxen i dag. Lägg till en först.", icon=":material/info:")
        return
    with st.form(key, border=False):
        adult = st.selectbox(
            "Vuxen",
            case.adults,
            format_func=lambda a: f"{adult_word(a.number)}: {sv_title(a.obstacle)}",
            key=f"{key}-adult",
        )
        obstacle = _code("Försörjningshinder", Obstacle, Obstacle.UNEMPLOYED)
        valid_from = date_field("Från och med", name, "valid_from")
        sent = st.form_submit_button("Spara försörjningshinder", type="primary")
    if sent:

        def save(session: Any) -> int:
            return case_details.set_obstacle(
                session, adult.adult_id, obstacle, valid_from, by=actor, key=key
            )

        forms.run(name, save, f"{case.reference}: försörjningshindret är ändrat.")


def _end_adult(case: CaseInFull, adult: AdultNow, actor: Actor) -> None:
    name = f"end-adult-{adult.adult_id}"
    key = forms.submit_key(name)
    with st.form(key, border=False):
        st.markdown(f"**{adult_word(adult.number)}**, {sv(adult.gender)}, sedan {adult.valid_from}")
        day = date_field("Sista dag i ärendet", name, "on")
        sent = st.form_submit_button(f"Avsluta vuxen {adult.number}")
    if sent:

        def save(session: Any) -> int:
            return case_details.end_adult(session, adult.adult_id, day, by=actor, key=key)

        forms.run(name, save, f"{case.reference}: vuxen {adult.number} är avslutad.")


def _household(name: str) -> dict[str, Any]:
    household_type = st.selectbox(
        "Hushållstyp",
        list(HouseholdType),
        index=None,
        format_func=sv_title,
        placeholder="Välj",
        key=f"{forms.submit_key(name)}-household_type",
    )
    forms.field_error(name, "household_type")
    children = st.number_input("Antal barn", 0, step=1, key=f"{forms.submit_key(name)}-children")
    forms.field_error(name, "children")
    applicant = _gender("Sökandens kön", name, "applicant_gender")
    second = _gender("Andra vuxnas kön (om två)", name, "second_adult_gender")
    obstacle = st.selectbox(
        "Sökandens försörjningshinder",
        [one for one in Obstacle if one is not Obstacle.UNKNOWN],
        index=None,
        format_func=sv_title,
        placeholder=sv_title(Obstacle.UNKNOWN),
        key=f"{forms.submit_key(name)}-obstacle",
    )
    return {
        "household_type": household_type,
        "children": children,
        "applicant_gender": applicant,
        "second_adult_gender": second,
        "obstacle": obstacle,
    }


def _gender(label: str, name: str, field: str) -> Gender | None:
    gender = st.pills(
        label, list(Gender), format_func=sv_title, key=f"{forms.submit_key(name)}-{field}"
    )
    forms.field_error(name, field)
    return gender


def _person(label: str, name: str, people: list[int], staff: Staff, now: int | None) -> int | None:
    chosen: int | None = st.selectbox(
        label,
        people,
        index=people.index(now) if now in people else None,
        format_func=staff.everybody.__getitem__,
        placeholder=WITHOUT_CASEWORKER.capitalize(),
        key=f"{forms.submit_key(name)}-caseworker_id",
    )
    return chosen


def _group(name: str, staff: Staff, now: int | None) -> int | None:
    groups = list(staff.groups)
    chosen: int | None = st.selectbox(
        "Grupp",
        groups,
        index=groups.index(now) if now in groups else None,
        format_func=staff.groups.__getitem__,
        placeholder=WITHOUT_GROUP.capitalize(),
        key=f"{forms.submit_key(name)}-group_id",
    )
    return chosen


def _code(label: str, codes: type[Code], now: Code, key: str | None = None) -> Code:
    options = list(codes)
    chosen: Code = st.selectbox(
        label, options, index=options.index(now), format_func=sv_title, key=key
    )
    return chosen
