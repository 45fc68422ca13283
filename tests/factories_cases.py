"""A small unit with people in every role, and a case that some of them reach."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import func, select

from core import db
from core.auth import Actor, Role
from core.models import AuditEvent
from core.services.base import RefusedError
from tests import factories as make

TODAY = make.day("2024-05-27")
OPENED = make.day("2024-01-10")
REFERRED = make.day("2024-01-20")


@dataclass
class World:
    """Ids and actors of a unit with the groups Ett and Två, and a case of Ada's in Ett."""

    unit_id: int
    group_id: int
    other_group_id: int
    caseworker_id: int
    colleague_id: int
    case_id: int
    actors: dict[str, Actor] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def manager(self):
        return self.actors["unit_manager"]

    @property
    def caseworker(self):
        return self.actors["caseworker"]


def world(**case_fields):
    """Save a unit, its people and a referred benefit case; returns a `World`."""
    with db.write() as session:
        unit = make.unit(session, reference_format="AR-0000")
        other_unit = make.unit(session, reference_format="AR-0000")
        group = make.group(session, unit, name="Ett")
        other_group = make.group(session, unit, name="Två")
        ada = make.caseworker(session, unit, name="Ada", group_id=group.id)
        bo = make.caseworker(session, unit, name="Bo", group_id=other_group.id)
        stranger = make.caseworker(session, other_unit)
        case = make.case(
            session,
            unit,
            case_fields.pop("opened_on", OPENED),
            caseworker=ada,
            group=group,
            **{"reference": "AR-0001", "referred_on": REFERRED, "children": 2} | case_fields,
        )

        def actor(role, **fields):
            return make.actor(session, role, unit, **fields)

        actors = {
            "caseworker": actor(Role.CASEWORKER, caseworker=ada),
            "colleague": actor(Role.CASEWORKER, caseworker=bo),
            "group_manager": actor(Role.GROUP_MANAGER, group=group),
            "other_group_manager": actor(Role.GROUP_MANAGER, group=other_group),
            "unit_manager": actor(Role.UNIT_MANAGER),
            "developer": actor(Role.DEVELOPER),
            "controller": actor(Role.CONTROLLER),
            "reader": actor(Role.READER),
            "admin": make.actor(session, Role.ADMIN),
            "other_unit_manager": make.actor(session, Role.UNIT_MANAGER, other_unit),
        }
        return World(
            unit_id=unit.id,
            group_id=group.id,
            other_group_id=other_group.id,
            caseworker_id=ada.id,
            colleague_id=bo.id,
            case_id=case.id,
            actors=actors,
            extra={"stranger_id": stranger.id, "other_unit_id": other_unit.id},
        )


def run(service, *args, **kwargs):
    """Call a service in a write of its own."""
    with db.write() as session:
        return service(session, *args, **kwargs)


def refusals(service, *args, **kwargs):
    """Call a service that refuses, and return its messages by field; nothing may be written."""
    before = audit_count()
    try:
        run(service, *args, **kwargs)
    except RefusedError as error:
        assert audit_count() == before
        return error.by_field()
    msg = "not refused"
    raise AssertionError(msg)


def rows(table, **equal):
    """Return a table's rows with some values, oldest first."""
    with db.read() as session:
        found = session.exec(
            select(table).filter_by(**equal).order_by(*table.__table__.primary_key)
        ).all()
        for row in found:
            session.expunge(row)
        return found


def audit_count():
    """Return the number of audit events."""
    with db.read() as session:
        return session.exec(select(func.count()).select_from(AuditEvent)).one()
