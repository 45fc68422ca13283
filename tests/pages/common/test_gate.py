"""The gate logs who sees case rows and who is refused, once a quarter of an hour."""

import datetime as dt

import pytest
from sqlalchemy import event
from sqlmodel import select

from core import clock, db
from core.auth import Permission, PermissionDeniedError, Role
from core.models import AuditEvent
from tests import factories as make
from tests import factories_accounts as accounts

LISTS = {
    "follow_up/change_plans.py": (Role.UNIT_MANAGER, "plan_cases"),
    "follow_up/child_impact.py": (Role.GROUP_MANAGER, "child_impact"),
    "follow_up/placements.py": (Role.CONTROLLER, "placements"),
    "reporting/cases.py": (Role.DEVELOPER, "cases"),
    "reporting/my_week.py": (Role.CASEWORKER, "my_week"),
}


def logged(action):
    with db.read() as session:
        found = select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)
        return [(one.entity, one.user_id, one.unit_id, one.details) for one in session.exec(found)]


@pytest.fixture
def somebody(store):
    """Save somebody with a role in a new unit that has a case with a late plan: `somebody(role)`."""

    def save(role):
        with db.write() as session:
            unit = make.unit(session)
            actor = accounts.actor_with_role(session, role, unit)
            make.case(
                session,
                unit,
                clock.today() - dt.timedelta(days=300),
                referred_on=clock.today() - dt.timedelta(days=299),
            )
            return actor

    return save


@pytest.mark.parametrize("path", LISTS)
def test_a_page_with_case_rows_logs_that_they_were_seen_once(somebody, open_page, path):
    role, what = LISTS[path]
    actor = somebody(role)
    at = open_page(path, actor)
    writes = []
    event.listen(
        db.engine(), "begin", lambda c: writes.append(c.get_execution_options().get("writes"))
    )
    at.run()
    at.run()

    assert not at.exception
    reach = {"group_id": actor.group_id, "caseworker_id": actor.caseworker_id}
    details = {name: value for name, value in reach.items() if value is not None}
    assert logged("read") == [(what, actor.user_id, actor.unit_id, details)]
    assert writes
    assert not any(writes)


def test_a_list_is_logged_again_after_a_quarter_of_an_hour(somebody, open_page, monkeypatch):
    at = open_page("follow_up/placements.py", somebody(Role.UNIT_MANAGER))
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(minutes=15))
    at.run()

    assert len(logged("read")) == 2


def test_another_choice_of_rows_is_logged_too(somebody, open_page):
    actor = somebody(Role.UNIT_MANAGER)
    with db.write() as session:
        group = make.group(session, session.get_one(make.Unit, actor.unit_id), slug="ett")
    at = open_page("follow_up/placements.py", actor)
    at.query_params["grupp"] = "ett"
    at.run()

    assert [one[3] for one in logged("read")] == [{}, {"group_id": group.id}]


def test_a_form_that_is_refused_is_logged(somebody, sign_in, monkeypatch):
    from pages.common import forms, gate

    actor = somebody(Role.UNIT_MANAGER)
    state = sign_in(actor).session_state
    kept = {"_visit": state["_visit"]}
    monkeypatch.setattr(gate.st, "session_state", kept)
    said = []
    monkeypatch.setattr(forms.st, "error", lambda text, **_: said.append(text))

    def refuse(_session):
        raise PermissionDeniedError(Permission.CLOSE_CASE)

    for _ in range(2):
        assert forms.run("a form", refuse, "Sparat.") is False

    assert said == [forms.DENIED] * 2
    assert logged("refused") == [("close_case", actor.user_id, actor.unit_id, {})]
