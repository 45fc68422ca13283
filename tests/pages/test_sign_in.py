"""Signing in through the form, what ends a session, and the password page."""

import datetime as dt

import pytest
from sqlmodel import select
from streamlit.util import calc_hash

from core import clock, db
from core.auth import Role
from core.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from core.models import AuditEvent, Login, StoreInfo, User, UserRole
from core.services import passwords, sign_in, users
from core.web import COOKIE
from pages.common import gate
from tests import factories as make
from tests import factories_accounts as accounts

WRONG = "Fel användarnamn eller lösenord."


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Use bcrypt's cheapest work factor."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def unit(store):
    """A unit."""
    with db.write() as session:
        return make.unit(session, slug="enheten", name="Enheten")


@pytest.fixture
def reader(unit):
    """An account of a reader."""
    with db.write() as session:
        return accounts.account(session, Role.READER, unit, username="karin", name="Karin Å")


@pytest.fixture
def later(monkeypatch):
    """Move the clock from now on: `later(minutes=5)`."""
    start = clock.now()
    return lambda **time: monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(**time))


def fill_in(at, username, password):
    """Send the sign-in form."""
    at.text_input[0].set_value(username)
    at.text_input[1].set_value(password)
    return at.button[0].click().run()


def is_in(at):
    return not any(field.label == "Användarnamn" for field in at.text_input)


def errors(at):
    return [error.value for error in at.error]


def logins():
    with db.write() as session:
        return list(session.exec(select(Login).order_by(Login.id)))


def test_the_right_password_opens_a_session_whose_token_is_not_yet_made(app, reader):
    at = fill_in(app().run(), " Karin ", accounts.PASSWORD)

    assert is_in(at)
    assert errors(at) == []
    (login,) = logins()
    assert login.user_id == reader.id
    assert login.token_hash is None
    assert any("/auth/enter?ticket=" in html.proto.body for html in at.get("html"))


def test_the_image_with_the_ticket_goes_away_when_the_cookie_is_set(app, reader):
    at = fill_in(app().run(), "karin", accounts.PASSWORD)
    with db.write() as session:
        assert sign_in.redeem(session, at.session_state["_ticket"])
    at.run()

    assert is_in(at)
    assert not any("/auth/enter" in html.proto.body for html in at.get("html"))


@pytest.mark.parametrize(
    ("username", "password", "message"),
    [
        ("karin", "fel lösenord", WRONG),
        ("finns-inte", accounts.PASSWORD, WRONG),
        ("karin", f" {accounts.PASSWORD}", WRONG),
        ("karin", "", "Skriv både användarnamn och lösenord."),
        ("", accounts.PASSWORD, "Skriv både användarnamn och lösenord."),
        ("karin", "å" * 37, "Lösenordet är för långt: högst 72 byte, det här har 74."),
    ],
)
def test_a_wrong_attempt_is_told_in_swedish_and_opens_nothing(
    app, reader, username, password, message
):
    at = fill_in(app().run(), username, password)

    assert not is_in(at)
    assert errors(at)[0].startswith(message)
    assert logins() == []


def test_sign_ins_that_fail_and_succeed_are_logged_without_what_was_typed(app, reader):
    fill_in(app().run(), "karin", "fel lösenord")
    fill_in(app().run(), "kari", accounts.PASSWORD)
    fill_in(app().run(), "karin", accounts.PASSWORD)

    with db.read() as session:
        found = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [(one.action, one.user_id) for one in found] == [
            ("sign_in_failed", None),
            ("sign_in_failed", None),
            ("sign_in", reader.id),
        ]
        assert [one.entity_id for one in found[:2]] == [reader.id, None]
        assert [one.details for one in found] == [{}, {}, {}]


def test_a_closed_account_is_answered_like_a_wrong_password(app, reader):
    with db.write() as session:
        users.disable(session, reader.id, by=None)

    assert errors(fill_in(app().run(), "karin", accounts.PASSWORD)) == [WRONG]


def test_a_password_with_spaces_around_it_is_used_as_typed(app, reader):
    with db.write() as session:
        session.get(User, reader.id).password_hash = passwords.hashed("  med mellanslag  ")

    assert is_in(fill_in(app().run(), "karin", "  med mellanslag  "))


def test_after_five_failures_the_right_password_has_to_wait_too(app, reader, later):
    later(seconds=0)
    at = app().run()
    for _ in range(5):
        fill_in(at, "karin", "fel lösenord")

    assert errors(fill_in(at, "karin", accounts.PASSWORD)) == [
        "För många misslyckade försök. Försök igen om 2 sekunder."
    ]
    later(seconds=10)
    assert is_in(fill_in(at, "karin", accounts.PASSWORD))


def test_a_long_wait_is_told_in_minutes(app, reader, later):
    later(seconds=0)
    with db.write() as session:
        sign_in.begin(session, "karin", None)
        session.exec(select(sign_in.SignInThrottle)).one().failures = 12

    assert errors(fill_in(app().run(), "karin", accounts.PASSWORD)) == [
        "För många misslyckade försök. Försök igen om 5 minuter."
    ]


def test_the_library_leaves_nothing_of_the_user_behind(app, reader):
    at = fill_in(app().run(), "karin", accounts.PASSWORD)

    for key in ("authentication_status", "username", "name", "email", "roles", "logout"):
        assert key not in at.session_state


def test_no_state_of_the_library_signs_anybody_in(app, reader):
    at = app()
    at.session_state["authentication_status"] = True
    at.session_state["username"] = "karin"
    at.session_state["name"] = "Karin Å"

    assert not is_in(at.run())


def test_a_demo_lists_its_accounts_and_says_that_all_is_made_up(app, reader):
    assert not app().run().table
    with db.write() as session:
        session.get(StoreInfo, 1).is_demo = True
    at = app().run()

    listed = at.table[0].value
    assert list(listed["Användarnamn"]) == [account.username for account in DEMO_ACCOUNTS]
    assert any(DEMO_PASSWORD in text.value for text in at.markdown)
    assert any("Exempeldata" in text.value for text in at.markdown)


def test_every_page_of_a_demo_says_so(sign_in, actor):
    assert not any("Exempeldata" in text.value for text in sign_in(actor).markdown)
    with db.write() as session:
        session.get(StoreInfo, 1).is_demo = True

    assert any("Exempeldata" in text.value for text in sign_in(actor).markdown)


@pytest.fixture
def actor(unit):
    """A reader who acts."""
    with db.write() as session:
        return accounts.actor_with_role(session, Role.READER, unit)


def test_the_menu_says_who_one_is_and_where(sign_in, actor):
    texts = [text.value for text in sign_in(actor).markdown]

    assert f"**{actor.name}**  \nmedarbetare  \nEnheten" in texts


def test_closing_the_account_bites_at_the_next_click(sign_in, actor):
    at = sign_in(actor)
    assert is_in(at)
    with db.write() as session:
        users.disable(session, actor.user_id, by=None)

    at.run()
    assert not is_in(at)
    assert [info.value for info in at.info] == [
        "Du har loggats ut. Logga in igen för att fortsätta."
    ]


def test_a_role_taken_away_bites_at_the_next_click(sign_in, actor):
    at = sign_in(actor)
    with db.write() as session:
        session.delete(session.exec(select(UserRole)).one())

    assert not is_in(at.run())


def test_a_changed_role_bites_at_the_next_click(sign_in, actor):
    at = sign_in(actor)
    with db.write() as session:
        session.exec(select(UserRole)).one().role = Role.CONTROLLER

    assert any("controller" in text.value for text in at.run().markdown)


def test_an_idle_session_ends_and_a_used_one_goes_on(sign_in, actor, later):
    at = sign_in(actor)
    for minutes in (20, 40):
        later(minutes=minutes)
        assert is_in(at.run())
    later(minutes=71)
    assert not is_in(at.run())


def test_use_is_noted_at_most_once_a_minute(sign_in, actor, later):
    at = sign_in(actor)
    first = logins()[0].last_seen_at
    later(seconds=30)
    at.run()
    assert logins()[0].last_seen_at == first
    later(seconds=61)
    at.run()
    assert logins()[0].last_seen_at > first


def test_signing_out_ends_the_session_and_fetches_the_image_that_removes_the_cookie(sign_in, actor):
    at = sign_in(actor)
    at.session_state["something-of-the-user"] = 1
    at.button(key="_sign_out").click().run()

    assert not is_in(at)
    assert logins()[0].revoked_at is not None
    assert "something-of-the-user" not in at.session_state
    assert any("/auth/leave" in html.proto.body for html in at.get("html"))
    assert not any("/auth/leave" in html.proto.body for html in at.run().get("html"))


class Cookies(dict):
    """The browser's cookies."""


@pytest.fixture
def cookies(monkeypatch):
    """The cookies that the browser sends."""
    sent = Cookies()
    monkeypatch.setattr(gate, "_cookie", lambda: sent.get(COOKIE))
    return sent


def test_the_cookie_opens_the_session_in_a_new_tab_until_it_is_revoked(app, reader, cookies):
    with db.write() as session:
        login_id, ticket = sign_in.open_session(session, reader.id)
        cookies[COOKIE], _ = sign_in.redeem(session, ticket)

    assert is_in(app().run())
    with db.write() as session:
        sign_in.close_session(session, login_id)
    assert not is_in(app().run())


def test_the_unit_in_the_address_is_acted_in_and_stays_from_page_to_page(sign_in, actor):
    with db.write() as session:
        second = make.unit(session, slug="andra", name="Den andra")
        user = session.get(User, actor.user_id)
        accounts.give_role(session, user, Role.CONTROLLER, second)
    at = sign_in(actor)
    at.query_params["enhet"] = "andra"
    assert any("controller  \nDen andra" in text.value for text in at.run().markdown)
    at.query_params.clear()
    assert any("controller  \nDen andra" in text.value for text in at.run().markdown)
    at.query_params["enhet"] = "enheten"
    assert any("medarbetare  \nEnheten" in text.value for text in at.run().markdown)


def test_a_one_time_password_has_to_be_changed_before_anything_else(app, unit):
    with db.write() as session:
        added = users.add_user(
            session, users.NewUser("karin", "Karin", Role.READER, unit.id), by=None
        )
    at = fill_in(app().run(), "karin", added.one_time_password)
    for address in ("hem", "start", "anvandare", "losenord"):
        at._page_hash = calc_hash(address)
        assert [title.value for title in at.run().title] == ["Byt lösenord"]

    at._page_hash = calc_hash("start")
    change_password(at.run(), added.one_time_password, "ett helt nytt lösenord")
    assert is_in(at)
    assert [title.value for title in at.title] != ["Byt lösenord"]


def change_password(at, old, new, again=None):
    for field, value in zip(
        at.text_input, (old, new, new if again is None else again), strict=True
    ):
        field.set_value(value)
    return next(button for button in at.button if button.label == "Byt lösenord").click().run()


@pytest.fixture
def password_page(app, reader):
    """The password page of a signed-in reader."""
    at = fill_in(app().run(), "karin", accounts.PASSWORD)
    return at.switch_page("account/password.py").run()


def test_a_changed_password_signs_the_other_browsers_out(password_page, reader):
    with db.write() as session:
        other, _ = sign_in.open_session(session, reader.id)
    change_password(password_page, accounts.PASSWORD, "ett helt nytt lösenord")

    assert is_in(password_page)
    assert {login.id: login.revoked_at is not None for login in logins()}[other]
    with db.write() as session:
        kept = session.get(User, reader.id).password_hash
    assert passwords.matches("ett helt nytt lösenord", kept)


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("fel lösenord", "ett helt nytt lösenord", None, "Det nuvarande lösenordet är fel."),
        (accounts.PASSWORD, "för kort", None, "Lösenordet ska ha minst 12 tecken."),
        (accounts.PASSWORD, "å" * 37, None, "Lösenordet är för långt"),
        (
            accounts.PASSWORD,
            "ett helt nytt lösenord",
            "ett annat",
            "De två nya lösenorden är olika.",
        ),
    ],
)
def test_a_refused_password_is_told_at_its_field(password_page, reader, old, new, again, message):
    change_password(password_page, old, new, again)

    assert any(message in text.value for text in password_page.markdown)
    with db.write() as session:
        kept = session.get(User, reader.id).password_hash
    assert passwords.matches(accounts.PASSWORD, kept)


def test_the_old_password_can_not_be_guessed_without_end(password_page, reader, later):
    for _ in range(5):
        change_password(password_page, "fel lösenord", "ett helt nytt lösenord")
    later(seconds=0)
    change_password(password_page, accounts.PASSWORD, "ett helt nytt lösenord")

    assert any("För många misslyckade försök" in text.value for text in password_page.markdown)
