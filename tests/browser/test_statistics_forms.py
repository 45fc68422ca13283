"""A client survey typed in, and a case's benefit months tapped, in a real browser."""

from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE

MAIN = "[data-testid=stMain]"
QUESTION = "Fick du hjälp i tid?"


def violations(page):
    """Return what is not accessible of a page; the menu's drawer on a phone is Streamlit's own."""
    found = Axe().run(page, context=MAIN, options=AXE).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def opened(browser, server, role, address, **look):
    """Return a page that a role has signed in to and opened."""
    context = chromium.context(browser, **look)
    page = context.new_page()
    chromium.sign_in(page, server.url, chromium.accounts()[role])
    chromium.visit(page, f"{server.url}/{address}")
    return page


def test_a_survey_is_typed_in_corrected_and_shown(own_server, browser):
    page = opened(browser, own_server, Role.DEVELOPER, "brukarundersokningar")
    page.get_by_text("Skriv in svaren på en fråga").click()
    chromium.settle(page)
    page.get_by_role("button", name="Spara svaren").click()
    page.get_by_text("Ange hur många som svarade").wait_for()
    assert violations(page) == []

    form = page.get_by_test_id("stForm")
    form.get_by_role("combobox", name="Fråga").fill(QUESTION)
    page.keyboard.press("Enter")
    form.get_by_label("Kvinna, bättre").fill("12")
    form.get_by_label("Man, sämre").fill("6")
    page.get_by_role("button", name="Spara svaren").click()
    page.get_by_text("är sparade").first.wait_for()
    chromium.settle(page)

    assert "12 av 18 svarade bättre" in page.get_by_test_id("stMain").inner_text()
    assert chromium.faults(page) == []
    assert violations(page) == []


def test_benefit_months_are_tapped_on_a_phone(own_server, browser):
    page = opened(browser, own_server, Role.UNIT_MANAGER, "arenden", size=chromium.PHONE)
    page.get_by_placeholder("Del av referensen").fill("EB-0712")
    page.keyboard.press("Enter")
    page.get_by_text("Biståndsmånader", exact=True).click()
    page.get_by_text("11 av de senaste 12 månaderna").wait_for()
    page.get_by_role("button", name="maj 2024").click()
    page.get_by_role("button", name="Spara månaderna").click()

    page.get_by_text("12 av de senaste 12 månaderna").wait_for()
    chromium.settle(page)
    assert "Det räknas som långvarigt." in page.get_by_test_id("stMain").inner_text()
    assert chromium.faults(page) == []
    assert violations(page) == []
