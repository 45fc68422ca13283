"""Accounts, their roles, their sessions and the throttle on failed attempts."""

from __future__ import annotations

import datetime as dt

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from core.auth import Role
from core.clock import now
from core.models.base import Base, Versioned, code, moment


class User(Versioned, Base, table=True):
    """An account. The password is kept as bcrypt's hash only."""

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=100)
    must_change_password: bool = False
    active: bool = True
    created_at: dt.datetime = moment(default_factory=now)


class UserRole(Base, table=True):
    """A user's role in a unit; an admin's holds for the whole store and stands alone."""

    __tablename__ = "user_role"
    __table_args__ = (
        UniqueConstraint("user_id", "unit_id"),
        CheckConstraint("(role = 'admin') = (unit_id IS NULL)", name="unit_unless_admin"),
        CheckConstraint("role <> 'group_manager' OR group_id IS NOT NULL", name="group_of_manager"),
        CheckConstraint("role <> 'caseworker' OR caseworker_id IS NOT NULL", name="own_cases"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    role: Role = code(Role)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    group_id: int | None = Field(default=None, foreign_key="unit_group.id")
    caseworker_id: int | None = Field(default=None, foreign_key="caseworker.id", unique=True)


class Login(Base, table=True):
    """A signed-in browser. Only SHA-256 hashes of its cookie's token and of its ticket are kept.

    The token is made when the browser redeems the single-use ticket and gets it as a cookie.
    """

    __tablename__ = "login"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    token_hash: str | None = Field(default=None, unique=True, max_length=64)
    ticket_hash: str | None = Field(default=None, unique=True, max_length=64)
    ticket_expires_at: dt.datetime | None = moment(default=None)
    created_at: dt.datetime = moment(default_factory=now)
    last_seen_at: dt.datetime = moment(default_factory=now)
    expires_at: dt.datetime = moment()
    revoked_at: dt.datetime | None = moment(default=None)
    device: str = Field(default="", max_length=200)


class SignInThrottle(Base, table=True):
    """Failed attempts of one account or one address, known by a hash of its name."""

    __tablename__ = "sign_in_throttle"

    key_hash: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    last_failed_at: dt.datetime = moment(default_factory=now)
