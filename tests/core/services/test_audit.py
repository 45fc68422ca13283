"""What is logged though nothing is written: readings, refusals, sign-ins and sign-outs."""

import datetime as dt

import pytest
from sqlmodel import select

from core import clock, db
from core.auth import Permission, PermissionDeniedError, Role, Scope
from core.models import AuditEvent, Login, User
from core.queries.devices import devices
from core.services import audit, audit_check, passwords, sign_in, users
from core.services.users import NewRole
from tests import factories as make
from tests import factories_accounts as accounts

IDLE = dt.timedelta(minutes=30)
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Use bcrypt's cheapest work factor."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def logged():
    """Return the events: action, entity, its id, user, unit and details."""
    with db.read() as session:
        return [
            (e.action, e.entity, e.entity_id, e.user_id, e.unit_id, e.details)
            for e in session.exec(select(AuditEvent).order_by(AuditEvent.id))
        ]


def whole():
    with db.read() as session:
        return audit_check.check(session).fault is None


@pytest.fixture
def actor(store):
    with db.write() as session:
        return accounts.actor_with_role(session, Role.UNIT_MANAGER, make.unit(session))


def opened(actor, device=""):
    with db.write() as session:
        return sign_in.open_session(session, actor.user_id, device)[0]


def test_a_reading_says_which_list_of_whose_rows(actor):
    with db.write() as session:
        audit.record_read(session, "plan_cases", Scope(actor.unit_id, group_id=3), by=actor)
        audit.record_read(session, "my_week", Scope(actor.unit_id, caseworker_id=4), by=actor)
        audit.record_read(session, "placements", Scope(actor.unit_id), by=None)

    who, unit = actor.user_id, actor.unit_id
    assert logged() == [
        ("read", "plan_cases", None, who, unit, {"group_id": 3}),
        ("read", "my_week", None, who, unit, {"caseworker_id": 4}),
        ("read", "placements", None, None, unit, {}),
    ]
    assert whole()


@pytest.mark.parametrize(
    ("refused", "entity"),
    [
        (PermissionDeniedError(Permission.VIEW_CASES), "view_cases"),
        (PermissionDeniedError("change_plan"), "change_plan"),
        (PermissionDeniedError("Ada Exempel"), "row"),
        (PermissionDeniedError(), "row"),
    ],
)
def test_a_refusal_says_what_was_missing_and_no_words(actor, refused, entity):
    with db.write() as session:
        audit.record_refusal(session, refused, by=actor)

    assert logged() == [("refused", entity, None, actor.user_id, actor.unit_id, {})]


def test_signing_in_and_out_is_logged_once_each(actor):
    login_id = opened(actor, EDGE)
    for _ in range(2):
        with db.write() as session:
            sign_in.close_session(session, login_id)

    assert logged() == [
        ("sign_in", "login", login_id, actor.user_id, None, {}),
        ("sign_out", "login", login_id, actor.user_id, None, {}),
    ]


def test_a_failed_sign_in_names_an_account_that_is_there_and_nothing_of_one_that_is_not(store):
    with db.write() as session:
        user = accounts.account(session, of=make.unit(session))
    for name in (user.username, "19800101-0019"):
        with db.write() as session:
            candidate = sign_in.begin(session, name, None)
        with db.write() as session:
            sign_in.fail(session, candidate)

    assert logged() == [
        ("sign_in_failed", "user", user.id, None, None, {}),
        ("sign_in_failed", "user", None, None, None, {}),
    ]


def own(actor):
    with db.read() as session:
        return devices(session, by=actor, now=clock.now(), idle=IDLE)


def test_ones_devices_are_those_that_are_signed_in_the_latest_used_first(actor, monkeypatch):
    with db.write() as session:
        stranger = accounts.actor_with_role(session, Role.READER, make.unit(session))
    opened(stranger)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start - dt.timedelta(minutes=45))
    opened(actor)
    monkeypatch.setattr(clock, "now", lambda: start)
    edge, phone, gone = opened(actor, EDGE), opened(actor, "iPhone Safari/604.1"), opened(actor)
    with db.write() as session:
        sign_in.close_session(session, gone)
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=5))
    with db.write() as session:
        sign_in.seen(session, edge)

    assert [(d.login_id, d.words) for d in own(actor)] == [
        (edge, "Edge i Windows"),
        (phone, "Safari på iPhone"),
    ]
    assert [d.signed_in_at == d.last_seen_at for d in own(actor)] == [False, True]


def test_one_signs_a_device_of_ones_own_out_and_nobody_elses(actor):
    with db.write() as session:
        stranger = accounts.actor_with_role(session, Role.READER, make.unit(session))
    mine, other, theirs = opened(actor), opened(actor), opened(stranger)
    with db.write() as session:
        assert sign_in.close_own(session, other, by=actor) == other
    with pytest.raises(PermissionDeniedError), db.write() as session:
        sign_in.close_own(session, theirs, by=actor)
    with pytest.raises(PermissionDeniedError), db.write() as session:
        sign_in.close_own(session, 999, by=actor)

    assert [device.login_id for device in own(actor)] == [mine]
    assert [device.login_id for device in own(stranger)] == [theirs]


def test_signing_out_everywhere_ends_and_logs_every_session(actor):
    ids = [opened(actor) for _ in range(3)]
    with db.write() as session:
        sign_in.close_own(session, ids[0], by=actor)
    with db.write() as session:
        assert sign_in.close_everywhere(session, by=actor) == 2

    assert own(actor) == []
    assert [event[2] for event in logged() if event[0] == "sign_out"] == ids


@pytest.mark.parametrize(
    "happens",
    [
        lambda s, user, _unit, admin: users.disable(s, user, by=admin),
        lambda s, user, _unit, admin: users.reset_password(s, user, by=admin),
        lambda s, user, unit, admin: users.set_role(s, user, NewRole(Role.READER, unit), by=admin),
        lambda s, user, unit, admin: users.end_role(s, user, unit, by=admin),
    ],
    ids=["disabled", "new password", "another role", "role ended"],
)
def test_every_session_ends_when_the_account_is_changed(store, happens):
    with db.write() as session:
        unit, other = make.unit(session), make.unit(session)
        actor = accounts.actor_with_role(session, Role.UNIT_MANAGER, unit)
        accounts.give_role(session, session.get_one(User, actor.user_id), Role.READER, other)
        admin = accounts.actor_with_role(session, Role.ADMIN)
    opened(actor)
    opened(actor)
    with db.write() as session:
        happens(session, actor.user_id, unit.id, admin)

    assert own(actor) == []
    with db.read() as session:
        assert all(login.revoked_at for login in session.exec(select(Login)))


def test_of_a_reset_sent_twice_the_password_shown_last_works(store):
    with db.write() as session:
        user = accounts.account(session, of=make.unit(session))
        admin = accounts.actor_with_role(session, Role.ADMIN)
    given = []
    for _ in range(2):
        with db.write() as session:
            given.append(users.reset_password(session, user.id, by=admin, key="one form"))

    with db.read() as session:
        kept = session.get_one(User, user.id).password_hash
        keys = session.exec(select(AuditEvent.submit_key).order_by(AuditEvent.id)).all()
    assert passwords.matches(given[1], kept)
    assert keys == ["one form", None]
