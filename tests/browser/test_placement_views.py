"""The ways of looking at Placeringar in a real browser: accessible, on a phone, saved and opened."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE

VIEWS = ("grupper", "tidslinje", "ramavtal", "prognos")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_way_of_looking_is_accessible_with_its_filters_open(
    server, browser, states, view, scheme
):
    context = chromium.context(browser, scheme=scheme, state=states[Role.UNIT_MANAGER])
    page = context.new_page()
    chromium.visit(page, f"{server.url}/placeringar?vy={view}&lage=pågående")
    page.get_by_text("Filter och sparade vyer").click()
    chromium.settle(page)

    assert chromium.faults(page) == []
    violations = Axe().run(page, options=AXE).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:200]) for found in violations] == []
    context.close()


@pytest.mark.parametrize("view", VIEWS)
def test_a_way_of_looking_fits_a_phone(server, browser, states, view):
    context = chromium.context(browser, size=chromium.PHONE, state=states[Role.CONTROLLER])
    page = context.new_page()
    chromium.visit(page, f"{server.url}/placeringar?vy={view}")

    assert chromium.faults(page) == []
    wide = "() => document.documentElement.scrollWidth > window.innerWidth + 1"
    assert not page.evaluate(wide)
    context.close()


def test_a_choice_is_saved_as_a_view_and_opened_again(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, own_server.url, chromium.accounts()[Role.UNIT_MANAGER])
    chromium.visit(page, f"{own_server.url}/placeringar")
    page.get_by_text("Filter och sparade vyer").click()
    chromium.settle(page)
    page.get_by_label("Slag").first.click()
    page.keyboard.type("HVB")
    page.keyboard.press("Enter")
    chromium.settle(page)
    page.keyboard.press("Escape")
    page.get_by_text("Bara utanför ramavtal").click()
    chromium.settle(page)
    chosen = page.url
    assert chosen.endswith("/placeringar?slag=HVB&utanfor=1")
    page.get_by_label("Spara urvalet som vy").fill("Dyra HVB")
    page.get_by_role("button", name="Spara vyn").click()
    chromium.settle(page)

    chromium.visit(page, f"{own_server.url}/placeringar")
    page.get_by_text("Filter och sparade vyer").click()
    chromium.settle(page)
    page.get_by_label("Dina sparade vyer").click()
    page.get_by_role("option", name="Dyra HVB").click()
    chromium.settle(page)

    assert page.url == chosen
    assert page.get_by_text("Barnfamilj på hotell eller vandrarhem").first.is_visible()
    context.close()
