"""A measure point from its first day: made by the developer, reported on a phone, seen by the boss."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE

NAME, INDICATOR = "Hembesök", "Hembesök i år"
# On a phone Streamlit's own menu is a list whose items are none; it is not the page's.
OURS = {"exclude": [["[data-testid=stSidebar]"]]}


@pytest.fixture
def opened(own_server, browser):
    """A page as a role sees it, on a server of its own: `opened(role, address, size, scheme)`."""
    contexts = []

    def run(role, address, size=chromium.WIDE, scheme="light"):
        context = chromium.context(browser, size=size, scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        chromium.sign_in(page, own_server.url, chromium.accounts()[role])
        chromium.visit(page, f"{own_server.url}/{address}")
        return page

    yield run
    for context in contexts:
        context.close()


def main_text(page):
    return page.locator("[data-testid=stMain]").inner_text()


def pick(page, label, words):
    """Choose an option of a list by typing what it says."""
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(words)
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    chromium.settle(page)


def violations(page):
    found = Axe().run(page, OURS, AXE).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def fill(page, label, words):
    page.get_by_label(label, exact=True).fill(words)
    page.keyboard.press("Tab")
    chromium.settle(page)


def test_a_new_measure_point_goes_from_the_developer_to_the_phone_to_the_goals(opened):
    page = opened(Role.DEVELOPER, "matpunkt")
    page.get_by_role("radio", name="En egen mätpunkt").click()
    chromium.settle(page)
    page.get_by_role("button", name="Lägg till mätpunkten").click()
    page.get_by_text("Fyll i fältet.").wait_for()
    assert violations(page) == []
    fill(page, "Namn", NAME)
    fill(page, "Vad talet är", "Hembesök")
    pick(page, "Indikator som mätpunkten räknas till", "Ny indikator")
    fill(page, "Indikatorns namn", INDICATOR)
    assert violations(page) == []
    page.get_by_role("button", name="Lägg till mätpunkten").click()
    page.get_by_text(f"{NAME} frågas från 2024-05-27.").first.wait_for()
    chromium.settle(page)
    assert INDICATOR in main_text(page)

    phone = opened(Role.CASEWORKER, "min-vecka", chromium.PHONE)
    phone.get_by_role("radio", name=re.compile(NAME)).first.click()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Hembesök", exact=True).fill("fyra")
    dialog.get_by_role("button", name="Rapportera", exact=True).click()
    dialog.get_by_text("Skriv ett tal").first.wait_for()
    dialog.get_by_label("Hembesök", exact=True).fill("4")
    dialog.get_by_role("button", name="Rapportera", exact=True).click()
    phone.get_by_text(f"{NAME} är rapporterat.").first.wait_for()

    boss = opened(Role.UNIT_MANAGER, "mal")
    assert re.search(rf"{INDICATOR}\s+.*?\b4\b", main_text(boss), re.DOTALL)
    chromium.visit(boss, boss.url.replace("/mal", "/rapporteringslage"))
    assert NAME in main_text(boss)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_ready_made_point_and_one_that_is_changed_are_accessible_on_a_phone(opened, scheme):
    page = opened(Role.DEVELOPER, "matpunkt", chromium.PHONE, scheme)
    page.get_by_role("radio", name="En färdig mätpunkt").click()
    chromium.settle(page)
    pick(page, "Välj bland det som enheter brukar räkna", "Bemötandekollen")
    page.get_by_text("Blev du bemött med respekt?").filter(visible=True).first.wait_for()
    assert violations(page) == []
    assert chromium.faults(page) == []

    chromium.visit(page, f"{page.url}?punkt=klientens-situation")
    page.get_by_role("radio", name="Ändra från en dag").click()
    page.get_by_role("button", name="Spara ändringen").wait_for()
    chromium.settle(page)
    assert violations(page) == []
    assert chromium.faults(page) == []
