"""All that a reader sees in twelve months, attacked together by integer programming."""

import datetime as dt
import random
import shutil

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.auth import Actor, Role, Scope
from core.demo import fill_demo
from core.models import UserRole
from core.queries import cache
from core.queries.cases import households_at
from core.rules.dates import last_twelve, month_start
from core.terms import CaseKind, ClosingReason, Gender, Obstacle
from tests import factories as make
from tests import factories_goals as make_goals
from tests.pages import reader_view
from tests.pages.conftest import MAIN, session_of

TODAY = dt.date(2024, 6, 3)
ENDS = last_twelve(dt.date(2024, 5, 31))
OBSTACLES = (Obstacle.UNEMPLOYED, Obstacle.CARE_OF_CHILD, Obstacle.OTHER)


def some_day(rng, first, last):
    return first + dt.timedelta(days=rng.randrange((last - first).days + 1))


@pytest.fixture
def small_unit(store, today):
    """A unit with few households and few that come and go each month."""
    rng = random.Random("a small unit")
    today(TODAY)
    with db.write() as session:
        unit = make.unit(session)
        for _ in range(rng.randint(60, 90)):
            _add_case(session, unit, rng)
        session.flush()
        for on in ENDS:
            counts = households_at(session, Scope(unit.id), on=on)
            names = ("households", "women", "men", "other", "recipients", "adults", "children")
            numbers = {name: getattr(counts, name) for name in names}
            make_goals.household_month(session, unit, f"{on:%Y-%m}", on, **numbers)
        return unit, make.actor(session, Role.READER, unit)


def _add_case(session, unit, rng):
    opened = some_day(rng, dt.date(2022, 11, 1), TODAY - dt.timedelta(days=5))
    referred = min(opened + dt.timedelta(days=rng.randrange(40)), TODAY)
    closed = None
    if rng.random() < 0.4:
        closed = some_day(rng, max(opened, dt.date(2023, 6, 1)), TODAY)
    case = make.case(
        session,
        unit,
        opened,
        gender=rng.choice((Gender.WOMAN, Gender.WOMAN, Gender.MAN, Gender.OTHER)),
        children=rng.choice((0, 0, 0, 0, 1)),
        obstacle=rng.choice(OBSTACLES),
        kind=CaseKind.BENEFIT,
        referred_on=None if closed and closed < referred else referred,
        closed_on=closed,
        closing_reason=rng.choice(tuple(ClosingReason)[:4]) if closed else None,
    )
    if rng.random() < 0.9:
        make.plan(session, case, referred)


def test_no_hidden_count_of_a_small_unit_can_be_told_from_all_its_pages(small_unit, open_page):
    _, reader = small_unit
    view = reader_view.seen(open_page, reader, TODAY, ENDS)
    hidden = [text for text in view.texts.values() if not text.isdigit()]

    assert len(hidden) > 30
    assert len(view.sums) > 60
    assert view.told() == []


@pytest.fixture
def demo(sqlite_template, tmp_path, monkeypatch):
    """A reader of the demo's first unit, and the demo's day."""
    path = tmp_path / "demo.db"
    shutil.copy(sqlite_template, path)
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{path}")
    fill_demo()
    with db.read() as session:
        held = session.exec(select(UserRole).filter_by(role=Role.READER, unit_id=1)).first()
        yield Actor(held.user_id, "", Role.READER, unit_id=held.unit_id)
    db.close()
    cache.clear()
    clock.fix_today(None)


def test_no_hidden_count_of_the_demo_can_be_told_from_all_its_pages(demo):
    def open_page(path, actor, **query):
        at = AppTest.from_file(str(MAIN), default_timeout=30)
        at.session_state["_login_id"] = session_of(actor)
        at = at.run()
        for name, value in query.items():
            at.query_params[name] = value
        return at.switch_page(path).run()

    ends = last_twelve(month_start(clock.today()) - dt.timedelta(days=1))
    view = reader_view.seen(open_page, demo, clock.today(), ends)

    assert len([text for text in view.texts.values() if not text.isdigit()]) > 30
    assert view.told() == []
