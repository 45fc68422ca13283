"""Pages run without a browser, signed in without the form."""

from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import db
from core.models import UserRole
from core.services import sign_in as sessions

MAIN = Path(__file__).parents[2] / "pages" / "main.py"


@pytest.fixture
def app(store):
    """The app on a fresh store, not yet run: `app()`."""
    return lambda: AppTest.from_file(str(MAIN), default_timeout=15)


@pytest.fixture
def sign_in(app):
    """The app signed in as an actor and run at the first page: `sign_in(actor)`.

    The actor's user gets the actor's role in the store, unless it has one there already.
    """

    def run(actor):
        at = app()
        at.session_state["_login_id"] = session_of(actor)
        return at.run()

    return run


@pytest.fixture
def open_page(sign_in):
    """A page opened by an actor: `open_page("follow_up/placements.py", actor, enhet=..., per=...)`.

    The path is relative to `pages/`, the keywords are the address's query. Raises for a page that
    the role lacks.
    """

    def run(path, actor, **query):
        at = sign_in(actor)
        for name, value in query.items():
            at.query_params[name] = value
        return at.switch_page(path).run()

    return run


def session_of(actor):
    """Return the id of a new session of an actor."""
    with db.write() as session:
        held = select(UserRole).filter_by(user_id=actor.user_id, unit_id=actor.unit_id)
        if session.exec(held).first() is None:
            session.add(
                UserRole(
                    user_id=actor.user_id,
                    role=actor.role,
                    unit_id=actor.unit_id,
                    group_id=actor.group_id,
                    caseworker_id=actor.caseworker_id,
                )
            )
        return sessions.open_session(session, actor.user_id)[0]
