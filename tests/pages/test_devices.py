"""Mina enheter: where one is signed in, and signing out there or everywhere."""

import pytest
from sqlmodel import select

from core import db
from core.auth import Role
from core.models import AuditEvent, Login
from core.services import sign_in as sessions
from tests import factories as make
from tests import factories_accounts as accounts

PAGE = "account/devices.py"
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0"


@pytest.fixture(params=list(Role))
def actor(store, request):
    with db.write() as session:
        return accounts.actor_with_role(session, request.param, make.unit(session))


@pytest.fixture
def elsewhere(actor):
    """Another device that the same user is signed in on: its login's id."""
    with db.write() as session:
        return sessions.open_session(session, actor.user_id, EDGE)[0]


def shown(at):
    return [one.value for one in at.markdown if "Inloggad" in one.value]


def open_logins(actor):
    with db.read() as session:
        held = select(Login.id).where(Login.user_id == actor.user_id, Login.revoked_at.is_(None))
        return session.exec(held.order_by(Login.id)).all()


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def test_every_role_sees_its_devices_with_this_one_marked(actor, elsewhere, open_page):
    at = open_page(PAGE, actor)

    assert not at.exception
    assert [title.value for title in at.title] == ["Mina enheter"]
    this_one, other = shown(at)
    assert "den här enheten" in this_one
    assert "**Okänd webbläsare**" in this_one
    assert "**Edge i Windows**" in other
    assert "den här enheten" not in other


def test_another_device_is_signed_out_and_this_one_stays(actor, elsewhere, open_page):
    at = open_page(PAGE, actor)
    mine = at.session_state["_login_id"]
    at.button(key=f"end-{elsewhere}").click().run()

    assert open_logins(actor) == [mine]
    assert len(shown(at)) == 1
    with db.read() as session:
        out = session.exec(select(AuditEvent).where(AuditEvent.action == "sign_out")).one()
        assert (out.user_id, out.entity_id) == (actor.user_id, elsewhere)


def test_signing_this_device_out_leads_to_the_sign_in(actor, elsewhere, open_page):
    at = open_page(PAGE, actor)
    mine = at.session_state["_login_id"]
    at.button(key=f"end-{mine}").click().run()

    assert open_logins(actor) == [elsewhere]
    assert [field.label for field in at.text_input] == ["Användarnamn", "Lösenord"]


def test_signing_out_everywhere_ends_all_of_them_and_nobody_elses(actor, elsewhere, open_page):
    with db.write() as session:
        stranger = accounts.actor_with_role(session, Role.READER, make.unit(session))
        sessions.open_session(session, stranger.user_id)
    at = press(open_page(PAGE, actor), "Logga ut överallt")

    assert open_logins(actor) == []
    assert len(open_logins(stranger)) == 1
    assert [field.label for field in at.text_input] == ["Användarnamn", "Lösenord"]
    assert any("/auth/leave" in one.proto.body for one in at.get("html"))
