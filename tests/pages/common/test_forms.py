"""Forms: faults at their fields, nothing typed lost, one row however often a form is sent."""

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import db
from core.models import Group, Unit
from tests import factories as make


def page():
    """A form that gives a unit a group; `st.session_state.fault` chooses what goes wrong."""
    import streamlit as st

    from core.auth import PermissionDeniedError
    from core.models import Group
    from core.services.base import ConflictError, FieldError, RefusedError
    from pages.common import forms, style

    style.inject()
    key = forms.submit_key("grupp")
    st.session_state["seen"] = forms.opened("grupp", st.session_state["version"])
    with st.form(key):
        name = st.text_input("Namn")
        forms.field_error("grupp", "name")
        st.text_input("Annat")
        sent = st.form_submit_button("Spara")

    def save(session):
        session.add(Group(unit_id=1, slug=name, name=name))
        session.flush()
        fault = st.session_state["fault"]
        if fault == "field":
            raise RefusedError(FieldError("name", "Skriv ett annat namn."))
        if fault == "elsewhere":
            raise RefusedError(FieldError("day", "Dagen är fel."))
        if fault:
            raise {"conflict": ConflictError, "denied": PermissionDeniedError}[fault]
        return name

    if sent:
        st.session_state["answer"] = forms.run(
            "grupp",
            save,
            "Gruppen är sparad.",
            after=lambda made: st.session_state.update(made=made),
        )


@pytest.fixture
def at(store):
    with db.write() as session:
        make.save(session, Unit(id=1, slug="enhet", name="Enhet"))
    at = AppTest.from_function(page, default_timeout=15)
    at.session_state["fault"] = ""
    at.session_state["version"] = 1
    return at.run()


def send(at, name="Ett", fault=""):
    at.session_state["fault"] = fault
    at.text_input[0].set_value(name)
    at.text_input[1].set_value("kvar")
    return at.button[0].click().run()


def groups():
    with db.read() as session:
        return list(session.exec(select(Group.name)))


def test_a_saved_form_is_toasted_and_comes_back_empty(at):
    before = at.session_state["_form-grupp-key"]
    send(at)

    assert groups() == ["Ett"]
    assert [toast.value for toast in at.toast] == ["Gruppen är sparad."]
    assert [field.value for field in at.text_input] == ["", ""]
    assert at.session_state["made"] == "Ett"
    assert at.session_state["_form-grupp-key"] != before


def test_a_toast_is_shown_once(at):
    assert not send(at).run().toast


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(at):
    before = at.session_state["_form-grupp-key"]
    send(at, fault="field")

    assert groups() == []
    assert [m.value for m in at.markdown] == [":red[:material/error: Skriv ett annat namn.]"]
    assert [field.value for field in at.text_input] == ["Ett", "kvar"]
    assert at.session_state["answer"] is False
    assert at.session_state["_form-grupp-key"] == before


def test_a_fault_of_a_field_that_is_not_drawn_is_told_with_the_form(at):
    send(at, fault="elsewhere")

    assert "Dagen är fel." in at.error[0].value


def test_a_fault_is_gone_when_the_form_has_been_corrected(at):
    send(at, fault="field")
    send(at)

    assert groups() == ["Ett"]
    assert not at.error


def test_a_conflict_keeps_what_was_typed_until_the_latest_is_fetched(at):
    send(at, fault="conflict")
    assert groups() == []
    assert "Någon annan har ändrat" in at.warning[0].value
    assert at.text_input[0].value == "Ett"

    at.session_state["version"] = 2
    assert at.session_state["seen"] == 1
    at.button[1].click().run()
    assert at.session_state["seen"] == 2
    assert at.text_input[0].value == ""


def test_the_version_is_the_one_from_when_the_form_was_opened(at):
    at.session_state["version"] = 2
    at.run()
    assert at.session_state["seen"] == 1

    send(at)
    assert at.session_state["seen"] == 2


def test_a_lack_of_permission_is_told_and_nothing_is_saved(at):
    send(at, fault="denied")

    assert groups() == []
    assert "saknar behörighet" in at.error[0].value
