"""A month's round: the controller explains two deviations, the enhetschef approves, it is locked."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE

LIMITS = "När måste en post kommenteras?"
WORDS = {"HVB": "Två vårdplaner förlängda till hösten", "Utbetalt bistånd": "Fler hushåll"}


@pytest.fixture
def open_as(own_server, browser):
    """The page Prognosrunda in a browser of somebody's own: `open_as(role)`."""
    contexts = []

    def run(role):
        context = chromium.context(browser)
        contexts.append(context)
        page = context.new_page()
        chromium.sign_in(page, own_server.url, chromium.accounts()[role])
        chromium.visit(page, f"{own_server.url}/prognosrunda")
        return page

    yield run
    for context in contexts:
        context.close()


def said(page):
    """Return what the page says, after having looked for what a screen reader would miss."""
    chromium.settle(page)
    assert Axe().run(page, options=AXE).response["violations"] == []
    assert page.get_by_test_id("stException").count() == 0
    return re.sub(r"[\u202f\u00a0]", " ", page.get_by_test_id("stMain").inner_text())


def box(page, label):
    """Return a text field."""
    return page.get_by_role("textbox", name=label, exact=True)


def raise_limits(page):
    """Let only the two largest deviations ask for words."""
    page.get_by_text(LIMITS).click()
    chromium.settle(page)
    box(page, "Avvikelse mot budget, kronor").fill("600 000")
    box(page, "Ändring sedan förra månaden, kronor").fill("1 000 000")
    page.get_by_role("button", name="Spara gränserna").click()
    page.get_by_text("Gränserna är sparade").wait_for()


def type_in_tkr_by_mistake(page):
    """Type an amount in tkr, be asked about it at the field, and put it right there."""
    amount = box(page, "Prognos i kronor för Beroende: HVB")
    amount.fill("7 300")
    amount.press("Tab")
    page.get_by_text("Menade du").wait_for()
    assert "7 300 000 kr" in said(page)
    amount.fill("7 300 000")
    amount.press("Tab")
    page.get_by_text("Menade du").wait_for(state="detached")


def explain(page):
    """Write the two comments and hand over."""
    for line in ("Beroende: HVB", "Ekonomiskt bistånd: Utbetalt bistånd"):
        comment = box(page, f"Kommentar till {line}")
        comment.fill(WORDS[line.rpartition(": ")[2]])
        comment.press("Enter")
        chromium.settle(page)
    page.get_by_text("0 utan kommentar").wait_for()
    page.get_by_role("button", name="Lämna till enhetschefen").click()
    page.get_by_text("Rundan är lämnad").wait_for()


def approve(page):
    """Comment a line and the whole round, and approve."""
    field = box(page, "Din kommentar till Beroende: HVB")
    field.fill("Vi följer upp i juni")
    field.press("Tab")
    chromium.settle(page)
    box(page, "Kommentar till hela rundan").fill("Tack, tydligt")
    page.get_by_role("button", name="Godkänn och lås").click()
    page.get_by_text("Rundan är godkänd och låst.").wait_for()


def test_two_deviations_are_explained_and_the_round_is_approved_and_locked(open_as):
    controller = open_as(Role.CONTROLLER)
    raise_limits(controller)
    assert "2 utan kommentar" in said(controller)
    controller.get_by_role("button", name="Lämna till enhetschefen").click()
    controller.get_by_text("HVB: kommentera, avvikelsen mot budgeten").first.wait_for()
    assert "Utbetalt bistånd: kommentera" in said(controller)
    type_in_tkr_by_mistake(controller)
    explain(controller)
    assert "Lämnad till enhetschefen" in said(controller)

    manager = open_as(Role.UNIT_MANAGER)
    shown = said(manager)
    assert all(words in shown for words in WORDS.values())
    approve(manager)
    assert "Vi följer upp i juni" in said(manager)

    controller.reload()
    shown = said(controller)
    assert "Godkänd och låst" in shown
    assert "Tack, tydligt" in shown
    assert box(controller, "Prognos i kronor för Beroende: HVB").count() == 0
    assert controller.get_by_role("button", name="Öppna en ny version").count() == 1
