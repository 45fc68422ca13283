"""Every export is in the audit log, and a disabled account takes nothing out."""

import datetime as dt

import pytest
from sqlmodel import select

from core import db
from core.auth import Permission, PermissionDeniedError, Role
from core.models import AuditEvent, User
from core.services.exports import Export, record_export
from tests import factories as make

EXPORT = Export("Förändringsplaner per handläggare " + "x" * 40, 12, dt.date(2024, 5, 27))


@pytest.fixture
def actor(store):
    with db.write() as session:
        return make.actor(session, Role.UNIT_MANAGER, make.unit(session))


def events():
    with db.read() as session:
        return [
            (e.action, e.entity, e.user_id, e.unit_id, e.details)
            for e in session.exec(select(AuditEvent))
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
