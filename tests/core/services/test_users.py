"""Accounts: added, closed, opened, given roles and passwords, and what is refused."""

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, Caseworker, Login, User, UserRole
from core.queries import users as queries
from core.queries.case_register import caseworkers
from core.services import passwords, sign_in, users
from core.services.base import RefusedError
from core.services.users import NewRole, NewUser
from tests import factories as make
from tests import factories_accounts as accounts


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Use bcrypt's cheapest work factor."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture
def unit(store):
    """A unit."""
    with db.write() as session:
        return make.unit(session)


@pytest.fixture
def admin(unit):
    """An admin with an account."""
    with db.write() as session:
        return accounts.actor_with_role(session, Role.ADMIN)


def add(new, by=None, key=None):
    with db.write() as session:
        return users.add_user(session, new, by=by, key=key)


def refusal(call):
    with pytest.raises(RefusedError) as refused, db.write() as session:
        call(session)
    return refused.value.by_field()


def all_rows(model):
    with db.write() as session:
        return list(session.exec(select(model)))


def test_a_new_account_has_a_one_time_password_that_must_be_changed(unit, admin):
    added = add(NewUser(" Karin.Å ", "  Karin   Å ", Role.READER, unit.id), admin)

    with db.write() as session:
        user = session.get(User, added.id)
    assert (user.username, user.name) == ("karin.å", "Karin Å")
    assert user.must_change_password
    assert passwords.matches(added.one_time_password, user.password_hash)


def test_the_command_line_may_add_the_first_admin(store):
    added = add(NewUser("admin", "Systemansvarig", Role.ADMIN))

    (role,) = all_rows(UserRole)
    assert (role.user_id, role.role, role.unit_id) == (added.id, Role.ADMIN, None)


def test_the_same_form_sent_again_adds_nobody_and_gives_a_password_that_works(unit, admin):
    new = NewUser("karin", "Karin", Role.READER, unit.id)
    first, again = add(new, admin, "ett formulär"), add(new, admin, "ett formulär")

    assert first.id == again.id
    user = next(user for user in all_rows(User) if user.id == first.id)
    assert passwords.matches(again.one_time_password, user.password_hash)
    assert not passwords.matches(first.one_time_password, user.password_hash)


def test_a_new_caseworker_gets_a_caseworker_in_the_unit_and_group(unit):
    with db.write() as session:
        group = make.group(session, unit)
    added = add(NewUser("karin", "Karin", Role.CASEWORKER, unit.id, group.id))

    (caseworker,) = all_rows(Caseworker)
    (role,) = all_rows(UserRole)
    assert (caseworker.name, caseworker.group_id) == ("Karin", group.id)
    assert (role.user_id, role.caseworker_id) == (added.id, caseworker.id)
    assert role.group_id is None


def test_a_caseworker_that_already_has_cases_is_linked_and_keeps_the_group(unit):
    with db.write() as session:
        group = make.group(session, unit)
        known = make.caseworker(session, unit, name="Karin", group_id=group.id, active=False)
    add(NewUser("karin", "Karin", Role.CASEWORKER, unit.id))

    (caseworker,) = all_rows(Caseworker)
    assert (caseworker.id, caseworker.group_id) == (known.id, group.id)
    assert caseworker.active


def test_two_accounts_never_share_a_caseworker(unit):
    add(NewUser("karin", "Karin", Role.CASEWORKER, unit.id))

    faults = refusal(
        lambda session: users.add_user(
            session, NewUser("karin2", "Karin", Role.CASEWORKER, unit.id), by=None
        )
    )
    assert set(faults) == {"name"}
    assert len(all_rows(Caseworker)) == 1


@pytest.mark.parametrize(
    ("username", "name", "role", "fields"),
    [
        ("", "Karin", Role.ADMIN, {"username"}),
        ("ka", "Karin", Role.ADMIN, {"username"}),
        ("karin svensson", "Karin", Role.ADMIN, {"username"}),
        ("19121212-1212", "Karin", Role.ADMIN, {"username"}),
        ("taken", "Karin", Role.ADMIN, {"username"}),
        (" TAKEN ", "Karin", Role.ADMIN, {"username"}),
        ("karin", "  ", Role.ADMIN, {"name"}),
        ("karin", "Karin 19121212-1212", Role.ADMIN, {"name"}),
        ("karin", "K" * 121, Role.ADMIN, {"name"}),
        ("karin", "Karin", Role.READER, {"unit_id"}),
        ("", "", Role.CONTROLLER, {"username", "name", "unit_id"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nobody_is_added(unit, username, name, role, fields):
    with db.write() as session:
        make.user(session, username="taken")

    faults = refusal(
        lambda session: users.add_user(session, NewUser(username, name, role), by=None)
    )
    assert set(faults) == fields
    assert len(all_rows(User)) == 1


def test_role_unit_and_group_have_to_fit(unit):
    with db.write() as session:
        elsewhere = make.group(session, make.unit(session))

    def faults(role, unit_id, group_id=None):
        new = NewUser("karin", "Karin", role, unit_id, group_id)
        return set(refusal(lambda session: users.add_user(session, new, by=None)))

    assert faults(Role.ADMIN, unit.id) == {"unit_id"}
    assert faults(Role.READER, 999) == {"unit_id"}
    assert faults(Role.GROUP_MANAGER, unit.id) == {"group_id"}
    assert faults(Role.GROUP_MANAGER, unit.id, elsewhere.id) == {"group_id"}
    assert faults(Role.CASEWORKER, unit.id, elsewhere.id) == {"group_id"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_manages_accounts(unit, role):
    with db.write() as session:
        by = accounts.actor_with_role(session, role, unit)
        other = accounts.actor_with_role(session, Role.READER, unit).user_id

    for call in (
        lambda s: users.add_user(s, NewUser("ny", "Ny", Role.READER, unit.id), by=by),
        lambda s: users.disable(s, other, by=by),
        lambda s: users.enable(s, other, by=by),
        lambda s: users.reset_password(s, other, by=by),
        lambda s: users.set_role(s, other, NewRole(Role.READER, unit.id), by=by),
        lambda s: users.end_role(s, other, unit.id, by=by),
        lambda s: queries.accounts(s, by=by),
        lambda s: queries.units_with_groups(s, by=by),
    ):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            call(session)


def test_nobody_closes_their_own_account_or_changes_their_own_role(unit, admin):
    accounts_of = make.user
    with db.write() as session:
        accounts_of(session)
        accounts.actor_with_role(session, Role.ADMIN)

    own = admin.user_id
    assert refusal(lambda s: users.disable(s, own, by=admin)) == {"user": users.OWN}
    assert refusal(lambda s: users.set_role(s, own, NewRole(Role.READER, unit.id), by=admin)) == {
        "user": users.OWN_ROLE
    }


def test_the_last_open_admin_can_be_neither_closed_nor_demoted(unit, admin):
    with db.write() as session:
        closed = accounts.actor_with_role(session, Role.ADMIN).user_id
        users.disable(session, closed, by=admin)

    last = admin.user_id
    assert refusal(lambda s: users.disable(s, last, by=None)) == {"user": users.LAST_ADMIN}
    assert refusal(lambda s: users.set_role(s, last, NewRole(Role.READER, unit.id), by=None)) == {
        "user": users.LAST_ADMIN
    }
    with db.write() as session:
        users.enable(session, closed, by=admin)
        users.disable(session, last, by=None)


def test_a_reset_gives_a_new_password_and_ends_the_sessions(unit, admin):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)
        sign_in.open_session(session, user.id)
    with db.write() as session:
        password = users.reset_password(session, user.id, by=admin)

    (login,) = all_rows(Login)
    assert login.revoked_at is not None
    with db.write() as session:
        kept = session.get(User, user.id)
    assert kept.must_change_password
    assert passwords.matches(password, kept.password_hash)
    assert not passwords.matches(accounts.PASSWORD, kept.password_hash)


def change(session, old, new, user, login_id=None):
    from core.auth import Actor

    by = Actor(user.id, user.name, Role.READER, 1)
    return users.change_password(session, old, new, by=by, login_id=login_id)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(unit):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit, must_change_password=True)
        mine, _ = sign_in.open_session(session, user.id)
        other, _ = sign_in.open_session(session, user.id)
    with db.write() as session:
        change(session, accounts.PASSWORD, "ett annat lösenord", user, mine)

    revoked = {login.id: login.revoked_at is not None for login in all_rows(Login)}
    assert revoked == {mine: False, other: True}
    with db.write() as session:
        kept = session.get(User, user.id)
    assert not kept.must_change_password
    assert passwords.matches("ett annat lösenord", kept.password_hash)


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("fel lösenord", "ett annat lösenord", {"old"}),
        (accounts.PASSWORD, "för kort", {"new"}),
        (accounts.PASSWORD, "å" * 37, {"new"}),
        (accounts.PASSWORD, accounts.PASSWORD, {"new"}),
        ("fel", "fel", {"old", "new"}),
    ],
)
def test_a_password_is_not_changed_to_a_bad_one_or_without_the_old(unit, old, new, fields):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)

    assert set(refusal(lambda session: change(session, old, new, user))) == fields
    with db.write() as session:
        kept = session.get(User, user.id)
    assert passwords.matches(accounts.PASSWORD, kept.password_hash)


def roles_of(user_id):
    return {(row.role, row.unit_id) for row in all_rows(UserRole) if row.user_id == user_id}


def test_a_role_takes_the_place_of_the_one_in_the_same_unit_only(unit, admin):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)
        second = make.unit(session)
    for new in (NewRole(Role.DEVELOPER, unit.id), NewRole(Role.CONTROLLER, second.id)):
        with db.write() as session:
            users.set_role(session, user.id, new, by=admin)

    assert roles_of(user.id) == {(Role.DEVELOPER, unit.id), (Role.CONTROLLER, second.id)}


def test_an_admins_role_stands_alone(unit, admin):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)
        accounts.give_role(session, user, Role.READER, make.unit(session))
    with db.write() as session:
        users.set_role(session, user.id, NewRole(Role.ADMIN), by=admin)
    assert roles_of(user.id) == {(Role.ADMIN, None)}
    with db.write() as session:
        users.set_role(session, user.id, NewRole(Role.READER, unit.id), by=admin)
    assert roles_of(user.id) == {(Role.READER, unit.id)}


def test_a_caseworker_moves_to_another_group_with_the_cases_they_hold(unit, admin):
    added = add(NewUser("karin", "Karin", Role.CASEWORKER, unit.id))
    with db.write() as session:
        group = make.group(session, unit)
    with db.write() as session:
        users.set_role(session, added.id, NewRole(Role.CASEWORKER, unit.id, group.id), by=admin)

    (caseworker,) = all_rows(Caseworker)
    assert caseworker.group_id == group.id


def test_a_role_in_one_of_two_units_can_be_ended_but_never_the_only_one(unit, admin):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)
        second = make.unit(session)
        accounts.give_role(session, user, Role.READER, second)
    with db.write() as session:
        users.end_role(session, user.id, second.id, by=admin)

    assert roles_of(user.id) == {(Role.READER, unit.id)}
    assert set(refusal(lambda s: users.end_role(s, user.id, unit.id, by=admin))) == {"unit_id"}
    assert set(refusal(lambda s: users.end_role(s, user.id, second.id, by=admin))) == {"unit_id"}


def test_an_account_that_is_not_there_is_refused(admin):
    assert set(refusal(lambda session: users.disable(session, 999, by=admin))) == {"user"}


def test_a_form_sent_twice_is_one_event(unit, admin):
    with db.write() as session:
        user = accounts.account(session, Role.READER, unit)
        second = make.unit(session)
        accounts.give_role(session, user, Role.READER, second)
    for call in (
        lambda s: users.disable(s, user.id, by=admin, key="stäng"),
        lambda s: users.enable(s, user.id, by=admin, key="öppna"),
        lambda s: users.set_role(s, user.id, NewRole(Role.DEVELOPER, unit.id), by=admin, key="r"),
        lambda s: users.end_role(s, user.id, second.id, by=admin, key="ta bort"),
    ):
        for _ in range(2):
            with db.write() as session:
                assert call(session) == user.id

    assert [row.action for row in all_rows(AuditEvent)] == [
        "disable_user",
        "enable_user",
        "set_role",
        "end_role",
    ]


def test_every_write_is_audited_without_names_or_passwords(unit, admin):
    added = add(NewUser("hemlig.karin", "Karin Hemlig", Role.READER, unit.id), admin)
    with db.write() as session:
        password = users.reset_password(session, added.id, by=admin)
    with db.write() as session:
        users.disable(session, added.id, by=admin)
        users.enable(session, added.id, by=admin)
        users.set_role(session, added.id, NewRole(Role.DEVELOPER, unit.id), by=admin)
        user = session.get(User, added.id)
        change(session, password, "ett annat lösenord", user)

    events = all_rows(AuditEvent)
    assert [event.action for event in events] == [
        "add_user",
        "reset_password",
        "disable_user",
        "enable_user",
        "set_role",
        "change_password",
    ]
    assert {event.entity_id for event in events} == {added.id}
    assert {event.user_id for event in events} == {admin.user_id, added.id}
    written = str([event.model_dump() for event in events]).lower()
    for secret in ("hemlig", password, added.one_time_password, "ett annat"):
        assert secret not in written


def test_the_admin_sees_every_account_with_role_unit_group_and_last_visit(unit, admin):
    with db.write() as session:
        group = make.group(session, unit, name="Mottagning")
        karin = accounts.account(session, Role.READER, unit, name="Aa", active=False)
        role = accounts.give_role(session, make.user(session, name="Ab"), Role.CASEWORKER, unit)
        session.get(Caseworker, role.caseworker_id).group_id = group.id
        sign_in.open_session(session, karin.id)
    with db.read() as session:
        found = {account.name: account for account in queries.accounts(session, by=admin)}
        units = queries.units_with_groups(session, by=admin)

    assert list(found)[:2] == ["Aa", "Ab"]
    assert not found["Aa"].active
    assert found["Aa"].last_seen_at is not None
    assert found["Ab"].last_seen_at is None
    assert [held.role for held in found["Aa"].roles] == [Role.READER]
    assert [(h.unit_name, h.group_name) for h in found["Ab"].roles] == [(unit.name, "Mottagning")]
    assert [(u.name, u.groups) for u in units] == [(unit.name, {group.id: "Mottagning"})]


def _close(session, user_id, unit, admin):
    users.disable(session, user_id, by=admin)


def _become_reader(session, user_id, unit, admin):
    users.set_role(session, user_id, NewRole(Role.READER, unit.id), by=admin)


def _end_one_of_two(session, user_id, unit, admin):
    second = make.unit(session)
    users.set_role(session, user_id, NewRole(Role.READER, second.id), by=admin)
    users.end_role(session, user_id, unit.id, by=admin)


def takes_cases(unit):
    with db.read() as session:
        (found,) = caseworkers(session, Scope(unit.id))
        return found.active


@pytest.mark.parametrize("leave", [_close, _become_reader, _end_one_of_two])
def test_somebody_who_has_left_is_given_no_more_cases(unit, admin, leave):
    added = add(NewUser("ada", "Ada", Role.CASEWORKER, unit.id), admin)
    assert takes_cases(unit)

    with db.write() as session:
        leave(session, added.id, unit, admin)

    assert not takes_cases(unit)


def test_somebody_who_comes_back_is_given_cases_again(unit, admin):
    added = add(NewUser("ada", "Ada", Role.CASEWORKER, unit.id), admin)
    for change in (users.disable, users.enable):
        with db.write() as session:
            change(session, added.id, by=admin)
    assert takes_cases(unit)

    with db.write() as session:
        _become_reader(session, added.id, unit, admin)
    with db.write() as session:
        users.set_role(session, added.id, NewRole(Role.CASEWORKER, unit.id), by=admin)
    assert takes_cases(unit)
