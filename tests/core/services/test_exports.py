"""Every export is in the audit log, and a disabled account takes nothing out."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlmodel import select

from core import db
from core.auth import Permission, PermissionDeniedError, Role
from core.models import AuditEvent, Login, User, UserRole
from core.services import sign_in
from core.services.exports import Export, record_export
from tests import factories as make
from tests import factories_accounts as accounts

EXPORT = Export("Förändringsplaner per handläggare " + "x" * 40, 12, dt.date(2024, 5, 27))


@pytest.fixture
def actor(store):
    with db.write() as session:
        return make.actor(session, Role.UNIT_MANAGER, make.unit(session))


def events():
    with db.read() as session:
        return [
            (e.action, e.entity, e.user_id, e.unit_id, e.details)
            for e in session.exec(select(AuditEvent).where(AuditEvent.action == "export"))
        ]


def test_an_export_is_written_in_the_audit_log(actor):
    with db.write() as session:
        record_export(session, EXPORT, permission=Permission.VIEW_CASES, by=actor)

    details = {"rows": 12, "on": "2024-05-27"}
    assert events() == [("export", EXPORT.name[:60], actor.user_id, actor.unit_id, details)]


def test_a_role_that_may_not_read_the_table_may_not_take_it_out(actor):
    with pytest.raises(PermissionDeniedError), db.write() as session:
        record_export(session, EXPORT, permission=Permission.VIEW_USERS, by=actor)

    assert events() == []


def test_an_account_disabled_since_the_page_was_drawn_takes_nothing_out(actor):
    with db.write() as session:
        session.get_one(User, actor.user_id).active = False

    with pytest.raises(PermissionDeniedError), db.write() as session:
        record_export(session, EXPORT, permission=Permission.VIEW_CASES, by=actor)

    assert events() == []


@pytest.fixture
def signed_in(store):
    """Somebody with a role and an open session: the actor, and an export from that session."""
    with db.write() as session:
        actor = accounts.actor_with_role(session, Role.UNIT_MANAGER, make.unit(session))
        login_id, _ = sign_in.open_session(session, actor.user_id)
    return actor, replace(EXPORT, login_id=login_id)


def test_somebody_signed_in_takes_a_table_out(signed_in):
    actor, export = signed_in
    with db.write() as session:
        record_export(session, export, permission=Permission.VIEW_CASES, by=actor)

    assert len(events()) == 1


def _signs_out(session, _actor, export):
    sign_in.close_session(session, export.login_id)


def _becomes_a_reader(session, actor, _export):
    session.exec(select(UserRole).where(UserRole.user_id == actor.user_id)).one().role = Role.READER


def _is_idle(session, _actor, export):
    session.get_one(Login, export.login_id).last_seen_at -= dt.timedelta(minutes=31)


@pytest.mark.parametrize("happens", [_signs_out, _becomes_a_reader, _is_idle])
def test_a_page_left_open_gives_no_file_after_the_session_or_the_role_has_ended(signed_in, happens):
    actor, export = signed_in
    with db.write() as session:
        happens(session, actor, export)

    with pytest.raises(PermissionDeniedError), db.write() as session:
        record_export(session, export, permission=Permission.VIEW_CASES, by=actor)

    assert events() == []
