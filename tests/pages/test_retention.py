"""Gallring: what would be removed, removal on a typed number, and the term."""

import pytest
from sqlmodel import func, select

from core import db
from core.auth import Actor, Role
from core.models import Case, RetentionTerm
from tests import factories as make
from tests import factories_accounts as accounts
from tests import factories_retention as old

day = make.day
CONFIRM = "Skriv antalet ärenden, 2, för att bekräfta"


@pytest.fixture(autouse=True)
def _today(store, today):
    today(day("2024-05-27"))


@pytest.fixture
def unit(store):
    """A unit with two cases whose time is up, one that was closed later, and an open one."""
    with db.write() as session:
        found = make.unit(session)
        for closed in ("2020-06-01", "2022-05-26", "2022-05-27", None):
            make.case(
                session,
                found,
                day("2020-01-10"),
                closed_on=closed and day(closed),
                reference=f"AR-{closed}",
            )
        return found


@pytest.fixture
def page(unit, open_page):
    """The page as an admin sees it."""

    def open_it():
        with db.write() as session:
            admin = accounts.account(session, Role.ADMIN, name="Admin", username="admin")
        return open_page("admin/retention.py", Actor(admin.id, admin.name, Role.ADMIN))

    return open_it


def tables(at):
    return " ".join(html.proto.body for html in at.get("html") if "<table>" in html.proto.body)


def texts(at):
    return " ".join(markdown.value for markdown in at.markdown)


def field(at, label):
    return next(box for box in at.text_input if box.label.startswith(label))


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def cases_left():
    with db.read() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def test_the_page_tells_how_many_cases_and_rows_would_go(page):
    at = page()

    assert not at.exception
    assert [(metric.label, metric.value) for metric in at.metric] == [
        ("Ärenden vars tid är ute", "2"),
        ("Rader som tas bort", "8"),
    ]
    assert "avslutade senast 26 maj 2022" in texts(at)
    assert "Tilldelningar till handläggare och grupp" in tables(at)
    assert cases_left() == 4


def test_cases_go_when_their_number_is_typed(page):
    at = page()
    field(at, CONFIRM).set_value("2")
    at = press(at, "Ta bort ärendena")

    assert not at.exception
    assert [toast.value for toast in at.toast] == ["Ärendena är borttagna. Siffrorna är desamma."]
    assert cases_left() == 2
    assert "Det finns inget att ta bort i dag" in at.info[0].value
    assert "Gallringar hittills" in tables(at)
    assert "Admin" in tables(at)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("3", "Antalet ärenden är 2. Skriv det för att bekräfta."),
        ("", "Antalet ärenden är 2. Skriv det för att bekräfta."),
        ("två", "Skriv ett tal"),
    ],
)
def test_nothing_goes_without_the_right_number(page, typed, message):
    at = page()
    field(at, CONFIRM).set_value(typed)
    at = press(at, "Ta bort ärendena")

    assert cases_left() == 4
    assert message in texts(at)
    assert "Inget har sparats" in at.error[0].value


def test_a_new_time_moves_what_can_go(page):
    at = page()
    field(at, "Antal månader").set_value("12")
    at = press(at, "Spara tiden")

    with db.read() as session:
        assert session.exec(select(RetentionTerm.months)).all() == [12]
    assert at.metric[0].value == "3"
    assert "12 månader" in texts(at)


def test_a_time_that_is_too_short_is_refused_at_its_field(page):
    at = page()
    field(at, "Antal månader").set_value("2")
    at = press(at, "Spara tiden")

    assert "Ange ett antal månader från 6 till 120." in texts(at)


def test_a_store_without_old_cases_says_so(unit, page):
    old.remove()
    at = page()

    assert "Det finns inget att ta bort i dag" in at.info[0].value
    assert not at.metric
    assert "kommandoraden" in tables(at)
