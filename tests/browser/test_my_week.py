"""Min vecka by thumb on a phone and as a table at a desk, its dialogs and what goes wrong in them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE
from tests.browser.test_flow import planned

HEADER, COLUMN, ROW = 36, {"Plan upprättad": 490, "Senast reviderad": 630}, 35
"""Where cells of the table are, from its upper left corner."""


@pytest.fixture
def week(own_server, browser):
    """Min vecka of a caseworker on a server of its own: `week(size, scheme)`."""
    opened = []

    def run(size=chromium.WIDE, scheme="light"):
        context = chromium.context(browser, size=size, scheme=scheme)
        opened.append(context)
        page = context.new_page()
        chromium.sign_in(page, own_server.url, chromium.accounts()[Role.CASEWORKER])
        chromium.visit(page, f"{own_server.url}/min-vecka")
        return page

    yield run
    for context in opened:
        context.close()


def way(page, name):
    page.get_by_role("radio", name=name).click()
    chromium.settle(page)


# On a phone Streamlit's own menu is a list whose items are none; it is not the page's.
OURS = {"exclude": [["[data-testid=stSidebar]"]]}


def violations(page):
    found = Axe().run(page, OURS, AXE).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def scrolls(page):
    """Return by how much the page is higher than the screen."""
    return page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollHeight - main.clientHeight; }"
    )


def card(page):
    return page.locator(".st-key-week-quick")


def go_to(page, button):
    """Go on with the keyboard until a card has a button."""
    for _ in range(20):
        if card(page).get_by_role("button", name=button).count():
            return
        at = card(page).get_by_role("progressbar").get_attribute("aria-valuenow")
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "at => document.querySelector('.st-key-week-quick [role=progressbar]')"
            ".getAttribute('aria-valuenow') !== at",
            arg=at,
        )
        chromium.settle(page)
    msg = f"no card has {button}"
    raise AssertionError(msg)


def test_one_thing_at_a_time_by_thumb_and_keyboard_without_scrolling(own_server, week):
    page = week(chromium.PHONE)
    way(page, "Snabbläge")
    current, base = planned(own_server)
    go_to(page, "Upprätta plan")
    assert scrolls(page) <= 0
    assert violations(page) == []
    assert chromium.faults(page) == []

    page.keyboard.press("F8")
    page.get_by_text("planen är upprättad").last.wait_for()
    chromium.settle(page)
    assert planned(own_server) == (current + 1, base)
    assert scrolls(page) <= 0
    assert "gick från" in page.locator(".st-key-week-done").inner_text()
    assert violations(page) == []

    page.get_by_role("button", name="Ångra").click()
    page.locator(".st-key-week-done").wait_for(state="detached")
    assert planned(own_server) == (current, base)


def fill(page, column, row, day):
    """Fill a date in a cell of the table."""
    sheet = page.locator("[data-testid=stDataFrame]")
    sheet.evaluate("sheet => sheet.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    box = sheet.bounding_box()
    place = box["x"] + COLUMN[column], box["y"] + HEADER + ROW * row + ROW // 2
    page.mouse.move(place[0] + 5, place[1] + 3)
    page.mouse.move(*place, steps=3)
    page.wait_for_timeout(200)
    page.mouse.click(*place)
    page.keyboard.press("Enter")
    page.locator("input[type=date]").last.fill(day)
    page.keyboard.press("Enter")


def test_the_table_is_saved_as_a_whole_after_its_summary(own_server, week):
    page = week()
    way(page, "Tabell")
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.wait_for_timeout(1000)
    current, base = planned(own_server)
    fill(page, "Plan upprättad", 0, "1999-01-01")
    page.get_by_text("1 ändring i 1 ärende").wait_for()
    fill(page, "Senast reviderad", 1, "2024-05-27")
    page.get_by_text("2 ändringar i 2 ärenden").wait_for()
    assert planned(own_server) == (current, base)
    page.get_by_role("button", name="Spara 2 ändringar").click()
    page.get_by_text("Inget är sparat").wait_for()
    assert "Ange den dagen eller en senare" in page.get_by_role("main").inner_text()
    assert planned(own_server) == (current, base)
    assert violations(page) == []

    fill(page, "Plan upprättad", 0, "2024-05-27")
    page.get_by_text("1999-01-01").first.wait_for(state="detached")
    page.get_by_role("button", name="Spara 2 ändringar").click()
    page.get_by_text("Tabellen är sparad, 2 ärenden").wait_for()
    assert planned(own_server) == (current + 2, base)
    assert chromium.faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialogs_and_their_errors_are_accessible(week, scheme):
    page = week(chromium.PHONE, scheme)
    page.get_by_role("radio", name=re.compile("Analys saknas")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("Registrera . analys")).wait_for()
    chromium.settle(page)
    assert violations(page) == []
    dialog.get_by_role("radio", name="Skjut upp").click()
    dialog.get_by_role("button", name="Skjut upp", exact=True).click()
    dialog.get_by_text("Skriv varför påminnelsen skjuts upp").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")

    page.get_by_role("radio", name=re.compile("Revidera plan")).first.click()
    dialog.get_by_role("radio", name="Negativt beslut").click()
    dialog.get_by_role("button", name="Registrera beslut").wait_for()
    chromium.settle(page)
    assert violations(page) == []
    assert chromium.faults(page) == []
