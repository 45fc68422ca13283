"""Two people with the same placement open in a browser each: the second chooses, nothing is lost."""

import re

import pytest
from sqlalchemy import create_engine, select

from core import db
from core.auth import Role
from core.models import Placement, Unit
from tests.browser import chromium

THEIRS, MINE = "Eken vård AB", "Björkens hem"
UNIT = "ekonomiskt-bistand-beroende"


def running_placement(database_url):
    """Return the reference of a placement of the demo's own unit that has not ended."""
    engine = create_engine(database_url, module=db.sqlite_module())
    asked = select(Placement.reference).join(Unit, Unit.id == Placement.unit_id)
    asked = asked.where(Unit.slug == UNIT, Placement.ended_on.is_(None))
    with engine.connect() as connection:
        found = connection.execute(asked.order_by(Placement.id)).scalars().first()
    engine.dispose()
    return found


def open_decision(page, reference):
    page.get_by_text("Ändra en placering").click()
    chromium.settle(page)
    page.get_by_label("Placering", exact=True).click()
    page.get_by_label("Placering", exact=True).fill(reference)
    page.get_by_role("option", name=reference).click()
    chromium.settle(page)
    page.get_by_role("radio", name="Byt utförare eller avtal").click()
    page.get_by_label("Utförare").wait_for()
    chromium.settle(page)


@pytest.fixture
def two(own_server, browser):
    """The pages of an enhetschef and a metodutvecklare, each with the same decision's form open."""
    contexts, pages = [], []
    reference = running_placement(own_server.database_url)
    for role in (Role.UNIT_MANAGER, Role.DEVELOPER):
        context = chromium.context(browser)
        contexts.append(context)
        page = context.new_page()
        chromium.sign_in(page, own_server.url, chromium.accounts()[role])
        chromium.visit(page, f"{own_server.url}/placeringar")
        open_decision(page, reference)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()


def first_saves(page, provider):
    page.get_by_label("Utförare").fill(provider)
    page.get_by_role("button", name="Spara bytet").click()
    page.get_by_text("är uppdaterad").wait_for()
    chromium.settle(page)


def second_tries(page, decided_by):
    page.get_by_label("Beslutat av").fill(decided_by)
    page.get_by_label("Utförare").fill(MINE)
    page.get_by_role("button", name="Spara bytet").click()
    page.get_by_text("sparade samma uppgift").wait_for()
    chromium.settle(page)


def cells(page, row):
    return page.get_by_role("row", name=re.compile(row)).get_by_role("cell").all_inner_texts()


def test_the_second_sees_both_versions_and_saves_on_top_of_the_newest(two):
    first, second = two
    first_saves(first, THEIRS)
    second_tries(second, "Mina ord")

    assert "Enhetschef Exempel" in second.get_by_test_id("stAlert").first.inner_text()
    assert cells(second, "^Utförare")[2:] == [THEIRS, MINE]
    assert second.get_by_label("Beslutat av").input_value() == "Mina ord"
    assert second.get_by_label("Utförare").input_value() == MINE
    assert chromium.faults(second) == []

    second.get_by_role("button", name="Spara mina ändringar").click()
    second.get_by_text("är uppdaterad").wait_for()
    chromium.settle(second)
    assert second.get_by_label("Utförare").input_value() == MINE


def test_the_second_keeps_what_is_saved_and_is_told_what_was_typed(two):
    first, second = two
    first_saves(first, THEIRS)
    second_tries(second, "Mina ord")
    second.get_by_role("button", name="Behåll det sparade").click()

    second.get_by_text(f"Du hade skrivit: Utförare: {MINE}").wait_for()
    assert second.get_by_label("Utförare").input_value() == THEIRS


def test_what_is_being_typed_stays_when_the_page_is_drawn_again_after_the_others_save(two):
    first, second = two
    second.get_by_label("Beslutat av").fill("Mina ord")
    first_saves(first, THEIRS)
    second.get_by_text("Registrera en placering").click()
    chromium.settle(second)

    assert second.get_by_label("Beslutat av").last.input_value() == "Mina ord"
