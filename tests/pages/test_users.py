"""Användare: the admin adds, closes, opens and resets accounts, and gives roles."""

import pytest
from sqlmodel import select

from core import db
from core.auth import Role
from core.models import User, UserRole
from core.services import passwords
from tests import factories as make
from tests import factories_accounts as accounts


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Use bcrypt's cheapest work factor."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def unit(store):
    """A unit with a group."""
    with db.write() as session:
        found = make.unit(session, name="Enheten")
        make.group(session, found, name="Mottagning")
        return found


@pytest.fixture
def karin(unit):
    """Another account, of a reader."""
    with db.write() as session:
        return accounts.account(session, Role.READER, unit, username="karin", name="Karin")


@pytest.fixture
def page(unit, open_page):
    """The page as an admin sees it."""

    def open_it():
        with db.write() as session:
            admin = session.exec(select(User).where(User.name == "Admin")).first()
            user = admin or accounts.account(session, Role.ADMIN, name="Admin", username="admin")
        return open_page("admin/users.py", _actor(user))

    return open_it


def _actor(user):
    from core.auth import Actor

    return Actor(user.id, user.name, Role.ADMIN)


def press(at, label):
    """Press the page's button of a label."""
    return next(button for button in at.button if button.label == label).click().run()


def texts(at):
    return " ".join(text.value for text in at.markdown)


def table(at):
    return next(html.proto.body for html in at.get("html") if "<table>" in html.proto.body)


def users_in_store():
    with db.write() as session:
        return {user.username: user for user in session.exec(select(User))}


def choose(at, username):
    """Choose an account to change."""
    accounts_box = next(box for box in at.selectbox if box.label == "Konto")
    label = next(option for option in accounts_box.options if f"({username})" in option)
    return accounts_box.select(label).run()


def test_the_list_shows_name_role_unit_and_whether_the_account_is_open(page, karin):
    shown = table(page())

    for word in ("Karin", "karin", "medarbetare", "Enheten", "systemansvarig", "alla"):
        assert f">{word}<" in shown


def test_a_new_account_is_shown_once_with_a_one_time_password_that_works(page):
    at = page()
    next(f for f in at.text_input if f.label == "Användarnamn").set_value("Ny.Person")
    next(f for f in at.text_input if f.label == "Namn").set_value("Ny Person")
    next(b for b in at.selectbox if b.label == "Roll").select("handläggare")
    next(b for b in at.selectbox if b.label == "Enhet och grupp").select("Enheten, Mottagning")
    press(at, "Lägg till")

    once = at.code[0].value
    assert passwords.matches(once, users_in_store()["ny.person"].password_hash)
    assert ">ny.person<" in table(at)
    assert ">Mottagning<" in table(at)
    assert not at.run().code


def test_what_is_wrong_is_told_and_what_was_typed_stays(page, karin):
    at = page()
    next(f for f in at.text_input if f.label == "Användarnamn").set_value("karin")
    next(f for f in at.text_input if f.label == "Namn").set_value("Karin 19121212-1212")
    press(at, "Lägg till")

    assert "Användarnamnet finns redan." in texts(at)
    assert "personnummer" in texts(at)
    assert "Välj en enhet." in texts(at)
    assert next(f for f in at.text_input if f.label == "Namn").value == "Karin 19121212-1212"
    assert set(users_in_store()) == {"admin", "karin"}


def test_an_account_is_closed_and_opened_again(page, karin):
    at = choose(page(), "karin")
    press(at, "Stäng kontot")
    assert users_in_store()["karin"].active is False
    press(choose(at, "karin"), "Öppna kontot")
    assert users_in_store()["karin"].active is True


def test_ones_own_account_can_not_be_closed(page):
    at = press(choose(page(), "admin"), "Stäng kontot")

    assert any("Du kan inte stänga ditt eget konto." in error.value for error in at.error)
    assert users_in_store()["admin"].active is True


def test_a_reset_shows_the_new_password_once(page, karin):
    at = press(choose(page(), "karin"), "Nytt engångslösenord")

    assert passwords.matches(at.code[0].value, users_in_store()["karin"].password_hash)
    assert not at.run().code


def test_role_and_group_are_changed(page, karin):
    at = choose(page(), "karin")
    roles = [box for box in at.selectbox if box.label == "Roll"]
    places = [box for box in at.selectbox if box.label == "Enhet och grupp"]
    assert (roles[-1].value, places[-1].value) == (Role.READER, (_unit_id(), None))
    roles[-1].select("biträdande enhetschef")
    places[-1].select("Enheten, Mottagning")
    press(at, "Spara rollen")

    with db.write() as session:
        held = session.exec(select(UserRole).where(UserRole.user_id == karin.id)).one()
    assert held.role is Role.GROUP_MANAGER
    assert held.group_id is not None


def _unit_id():
    with db.write() as session:
        return session.exec(select(UserRole.unit_id).where(UserRole.role == Role.READER)).one()


def test_a_role_in_one_of_two_units_is_taken_away(page, karin):
    with db.write() as session:
        second = make.unit(session, name="Den andra")
        accounts.give_role(session, karin, Role.READER, second)
    at = choose(page(), "karin")
    press(at, "Ta bort rollen i Den andra")

    with db.write() as session:
        held = session.exec(select(UserRole).where(UserRole.user_id == karin.id)).all()
    assert [role.unit_id for role in held] != [second.id]
    assert len(held) == 1


def test_an_admin_that_is_closed_by_another_can_do_nothing_more(page, karin):
    at = choose(page(), "karin")
    with db.write() as session:
        accounts.account(session, Role.ADMIN, name="Annan")
        session.exec(select(User).where(User.name == "Admin")).one().active = False
    press(at, "Stäng kontot")

    assert users_in_store()["karin"].active is True
    assert any(field.label == "Användarnamn" for field in at.text_input)
