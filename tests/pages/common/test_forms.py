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
    from core.services.base import ConflictError, FieldError, Newest, RefusedError
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
        fault = st.session_state["fault"]
        session.add(Group(unit_id=404 if fault == "no unit" else 1, slug=name, name=name))
        session.flush()
        if fault == "field":
            raise RefusedError(FieldError("name", "Skriv ett annat namn."))
        if fault == "elsewhere":
            raise RefusedError(FieldError("day", "Dagen är fel."))
        if fault:
            known = forms.version("grupp", 1)
            newer = ConflictError("", Newest(2, {}))
            raise {
                "conflict": ConflictError(),
                "changed": newer if known == 1 else RefusedError(FieldError("name", "Ovanpå 2.")),
                "denied": PermissionDeniedError("group"),
            }[fault]
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


def test_two_who_save_the_same_at_once_are_told_so_and_nothing_typed_is_lost(at):
    at = send(send(at, "Ett"), "Ett")

    assert at.warning[0].value == "Någon annan sparade samma sak samtidigt. Försök igen."
    assert at.text_input[0].value == "Ett"
    assert not at.exception
    assert groups() == ["Ett"]


def test_another_fault_of_the_database_is_no_conflict(at):
    at = send(at, fault="no unit")

    assert not at.warning
    assert at.exception[0].message
    assert groups() == []


def test_a_form_without_a_comparison_can_be_written_on_top_of_the_newest(at):
    at = send(at, fault="changed")
    assert at.text_input[0].value == "Ett"

    at = press(press(at, "Skriv mitt ovanpå"), "Spara")
    assert "Ovanpå 2." in at.markdown[0].value
    assert at.text_input[0].value == "Ett"


def conflict_page():
    """A form of a unit's name and slug; `st.session_state.other` is saved by somebody meanwhile."""
    import datetime as dt

    import streamlit as st

    from core import db
    from core.models import Unit
    from core.services.base import ConflictError, FieldError, Newest, RefusedError
    from pages.common import forms
    from pages.common.conflicts import Compared

    with db.read() as session:
        row = session.get_one(Unit, 1)
        session.expunge(row)
    known = st.session_state.setdefault("version", 1)
    shown = forms.opened("enhet", (row.name, row.slug, known))
    with st.form(forms.submit_key("enhet")):
        name = st.text_input("Namn", shown[0])
        slug = st.text_input("Kortnamn", shown[1])
        sent = forms.submit("enhet", "Spara")
    values = (
        Compared("name", "Namn", shown[0], name),
        Compared("slug", "Kortnamn", shown[1], slug),
    )

    def save(session):
        found = session.get_one(Unit, 1)
        if forms.version("enhet", shown[2]) != st.session_state["version"]:
            now = dt.datetime(2024, 5, 3, 12, 32, tzinfo=dt.UTC)
            newest = {"name": found.name, "slug": found.slug}
            raise ConflictError("", Newest(st.session_state["version"], newest, "Anna *Ek*", now))
        if name == "fel":
            raise RefusedError(FieldError("name", "Skriv ett annat namn."))
        for field, value in forms.on_top("enhet", values).items():
            setattr(found, field, value)

    if sent:
        forms.run("enhet", save, "Sparat.", values=lambda: values)
    forms.run_completed()


@pytest.fixture
def two(store):
    """A form of a unit's name and slug, opened before somebody else saves: `two(name=..., slug=...)`."""
    with db.write() as session:
        make.save(session, Unit(id=1, slug="kort", name="Före"))
    at = AppTest.from_function(conflict_page, default_timeout=15).run()

    def meanwhile(**values):
        with db.write() as session:
            row = session.get_one(Unit, 1)
            for field, value in values.items():
                setattr(row, field, value)
        at.session_state["version"] += 1
        return at

    return meanwhile


def unit():
    with db.read() as session:
        row = session.get_one(Unit, 1)
        return row.name, row.slug


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def test_the_second_of_two_sees_both_versions_with_who_and_when(two):
    at = two(name="Annans")
    at.text_input[1].set_value("mitt")
    at = press(at, "Spara")

    assert unit() == ("Annans", "kort")
    assert "Anna \\*Ek\\* sparade samma uppgift 3 maj 2024 kl. 14:32" in at.warning[0].value
    table = at.markdown[0].value
    assert "| Namn | Före | **Annans** | ändras inte |" in table
    assert "| Kortnamn | kort | kort | **mitt** |" in table
    assert [field.value for field in at.text_input] == ["Före", "mitt"]


def test_mine_is_written_on_top_of_the_newest_where_i_changed_something(two):
    at = two(name="Annans")
    at.text_input[1].set_value("mitt")
    press(press(at, "Spara"), "Spara mina ändringar")

    assert unit() == ("Annans", "mitt")


def test_the_saved_version_stays_if_i_choose_it_and_what_i_typed_is_told_once(two):
    at = two(name="Annans")
    at.text_input[0].set_value("Mitt")
    at = press(press(at, "Spara"), "Behåll det sparade")

    assert unit() == ("Annans", "kort")
    assert "Du hade skrivit: Namn: Mitt." in at.info[0].value
    assert at.text_input[0].value == "Annans"
    assert not at.run().info


def test_what_i_change_after_seeing_both_is_what_is_saved(two):
    at = two(name="Annans")
    at.text_input[0].set_value("Mitt")
    at = press(at, "Spara")
    at.text_input[0].set_value("Annans och mitt")
    press(at, "Spara mina ändringar")

    assert unit() == ("Annans och mitt", "kort")


def test_a_third_save_meanwhile_is_shown_too(two):
    at = two(name="Annans")
    at.text_input[0].set_value("Mitt")
    at = press(at, "Spara")
    two(name="Tredjes")
    at = press(at, "Spara mina ändringar")

    assert "**Tredjes**" in at.markdown[0].value
    assert unit() == ("Tredjes", "kort")
    press(at, "Spara mina ändringar")
    assert unit() == ("Mitt", "kort")


def test_a_fault_after_a_conflict_keeps_the_choice_and_what_was_typed(two):
    at = two(slug="annans")
    at.text_input[0].set_value("fel")
    at = press(press(at, "Spara"), "Spara mina ändringar")

    assert "Inget har sparats" in at.error[0].value
    assert at.text_input[0].value == "fel"
    at.text_input[0].set_value("rätt")
    press(at, "Spara mina ändringar")
    assert unit() == ("rätt", "annans")


def test_a_change_of_something_that_the_form_does_not_tell_is_no_conflict(two):
    at = two()
    at.text_input[0].set_value("Mitt")
    at = press(at, "Spara")

    assert unit() == ("Mitt", "kort")
    assert not at.warning


def test_a_form_that_was_left_is_a_new_one_when_it_is_drawn_again(at):
    before = at.session_state["_form-grupp-key"]
    at.session_state["_form-runs"] = 2
    at.run()

    assert at.session_state["_form-grupp-key"] != before


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
