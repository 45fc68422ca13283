"""Every page is gated, is in the menu, is short, and says no in Swedish to a role that lacks it."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import db
from core.auth import PERMISSIONS, Role
from core.services import sign_in as sessions
from pages.common import menu
from tests import factories as make
from tests import factories_accounts as accounts

PAGES = Path(__file__).parents[2] / "pages"
NOT_A_PAGE = {PAGES / "account" / "sign_in.py"}
PAGE_FILES = sorted(
    path
    for path in PAGES.glob("*/[!_]*.py")
    if path.parent.name != "common"
    if path not in NOT_A_PAGE
)
DENIED = "Du saknar behörighet till sidan."
ITEMS = [pytest.param(item, id=item.url_path) for item in menu.MENU]
FILES = [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in PAGE_FILES]


def visit(at, item):
    """Go to a page by its address, as a typed link does."""
    at._page_hash = calc_hash(item.url_path)
    return at.run()


def shown(at):
    """Return the texts of the page's errors."""
    return [error.value for error in at.error]


@pytest.mark.parametrize("item", ITEMS)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_its_pages_and_is_told_no_at_the_others(sign_in, item, role):
    with db.write() as session:
        actor = accounts.actor_with_role(session, role, make.unit(session))
    at = visit(sign_in(actor), item)

    assert not at.exception
    if actor.may(item.permission):
        assert DENIED not in shown(at)
        assert len(at.title) == 1
    else:
        assert shown(at) == [DENIED]
        assert len(at.title) == 0


@pytest.mark.parametrize("item", ITEMS)
def test_a_visitor_who_has_not_signed_in_meets_only_the_sign_in(app, item):
    at = visit(app(), item)

    assert not at.exception
    assert [title.value for title in at.title] == ["Röda tråden"]
    assert [field.label for field in at.text_input] == ["Användarnamn", "Lösenord"]
    assert not at.dataframe
    assert not at.metric


@pytest.mark.parametrize("path", FILES)
def test_a_page_file_that_is_opened_past_the_menu_shows_nothing(store, path):
    at = AppTest.from_file(str(path), default_timeout=15).run()

    assert not at.exception
    assert shown(at) == ["Logga in för att se sidan."]
    assert len(at.main) == 1


@pytest.mark.parametrize("item", ITEMS)
def test_a_page_file_asks_for_its_permission_itself(store, item):
    with db.write() as session:
        unit = make.unit(session)
        lacking = next(role for role in Role if item.permission not in PERMISSIONS[role])
        login_id = sessions.open_session(
            session, accounts.actor_with_role(session, lacking, unit).user_id
        )[0]
    at = AppTest.from_file(str(PAGES / item.path), default_timeout=15)
    at.session_state["_login_id"] = login_id

    assert shown(at.run()) == [DENIED]
    assert len(at.main) == 1


def test_a_page_file_shows_nothing_to_somebody_with_a_one_time_password(store):
    with db.write() as session:
        unit = make.unit(session)
        user = accounts.account(session, Role.READER, unit, must_change_password=True)
        login_id, _ = sessions.open_session(session, user.id)
    at = AppTest.from_file(str(PAGES / menu.MENU[0].path), default_timeout=15)
    at.session_state["_login_id"] = login_id

    assert shown(at.run()) == ["Byt ditt engångslösenord först."]
    assert len(at.main) == 1


@pytest.mark.parametrize("path", FILES)
def test_a_page_asks_who_is_there_before_anything_else(path):
    """The first call after the imports is `require(...)`."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    calls = (
        call
        for statement in body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for call in ast.walk(statement)
        if isinstance(call, ast.Call)
    )
    first = next(calls)

    assert isinstance(first.func, ast.Name)
    assert first.func.id == "require"


@pytest.mark.parametrize("item", ITEMS)
def test_a_page_requires_the_permission_that_the_menu_shows_it_for(item):
    source = (PAGES / item.path).read_text(encoding="utf-8")

    assert f"actor = require(Permission.{item.permission.name})" in source


@pytest.mark.parametrize("item", ITEMS)
def test_a_pages_docstring_begins_with_its_title(item):
    docstring = ast.get_docstring(ast.parse((PAGES / item.path).read_text(encoding="utf-8")))

    assert docstring.startswith(item.title)


def test_the_menu_holds_every_page_and_no_other():
    listed = {PAGES / item.path for item in (*menu.MENU, *menu.OWN)}

    assert listed == set(PAGE_FILES)


def test_no_two_pages_share_an_address():
    addresses = [item.url_path for item in menu.MENU]

    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("path", FILES)
def test_a_page_is_under_120_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 120


def test_nothing_but_main_lies_directly_in_pages():
    """Streamlit would serve it without sign-in."""
    assert {path.name for path in PAGES.glob("*.py")} == {"__init__.py", "main.py"}


@pytest.mark.parametrize("path", FILES)
def test_a_page_has_no_loose_text_that_streamlit_would_draw(path):
    statements = ast.parse(path.read_text(encoding="utf-8")).body[1:]
    loose = [one for one in statements if isinstance(one, ast.Expr)]

    assert [ast.unparse(one) for one in loose if not isinstance(one.value, ast.Call)] == []
