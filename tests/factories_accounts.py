"""Accounts that can sign in, for tests. bcrypt's cheapest work factor keeps them quick."""

from core.auth import Role
from core.models import UserRole
from core.services import passwords
from tests import factories as make

PASSWORD = "ett långt lösenord"


def account(session, role=Role.UNIT_MANAGER, of=None, *, password=PASSWORD, **fields):
    """Save an account with a password and a role in a unit; an admin has no unit."""
    user = make.user(session, password_hash=passwords.hashed(password), **fields)
    give_role(session, user, role, of)
    return user


def give_role(session, user, role, of=None, *, group=None, caseworker=None):
    """Save a role of a user, with the group or caseworker that it needs."""
    if role is Role.GROUP_MANAGER and group is None:
        group = make.group(session, of)
    if role is Role.CASEWORKER and caseworker is None:
        caseworker = make.caseworker(session, of)
    return make.save(
        session,
        UserRole(
            user_id=user.id,
            role=role,
            unit_id=None if role is Role.ADMIN else of.id,
            group_id=group.id if group else None,
            caseworker_id=caseworker.id if caseworker else None,
        ),
    )


def actor_with_role(session, role=Role.UNIT_MANAGER, of=None):
    """Save an account with a role and return it as somebody acting in it."""
    from core.auth import Actor

    user = make.user(session)
    held = give_role(session, user, role, of)
    return Actor(user.id, user.name, role, held.unit_id, held.group_id, held.caseworker_id)
