"""Devices, files and addresses as a browser meets them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE


@pytest.fixture
def contexts(browser):
    """Fresh browsers, closed after the test: `contexts()`."""
    opened = []

    def new(**how):
        opened.append(chromium.context(browser, **how))
        return opened[-1]

    yield new
    for context in opened:
        context.close()


def signed_in(context, server, role):
    page = context.new_page()
    chromium.sign_in(page, server.url, chromium.accounts()[role])
    return page


def test_a_device_is_signed_out_from_another_and_then_all_of_them(own_server, contexts):
    here = signed_in(contexts(), own_server, Role.CASEWORKER)
    phone = signed_in(contexts(size=chromium.PHONE), own_server, Role.CASEWORKER)
    here.get_by_role("button", name="Disa Exempel").click()
    here.get_by_role("link", name="Mina enheter").click()
    here.locator("h1", has_text="Mina enheter").wait_for()
    chromium.settle(here)
    assert here.get_by_text("Chrome i Linux").count() == 2
    assert here.get_by_text("den här enheten").count() == 1

    here.get_by_role("button", name="Logga ut", exact=True).last.click()
    here.get_by_text("är utloggad").wait_for()
    chromium.settle(here)
    assert here.get_by_text("Inloggad 20").count() == 1
    phone.reload()
    phone.get_by_label("Lösenord").first.wait_for()

    with here.expect_response("**/auth/leave"):
        here.get_by_role("button", name="Logga ut överallt").click()
    here.get_by_label("Lösenord").first.wait_for()
    assert "rt_sid" not in {cookie["name"] for cookie in here.context.cookies()}


def test_a_file_is_given_to_the_one_who_is_signed_in_and_its_address_to_nobody_else(
    own_server, contexts
):
    context = contexts()
    page = signed_in(context, own_server, Role.UNIT_MANAGER)
    chromium.visit(page, f"{own_server.url}/placeringar")
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Hämta ”Placeringar.*” som Excel")).first.click()
    assert waiting.value.path().read_bytes()[:2] == b"PK"

    (file,) = {url for url in addresses if "/media/" in url}
    assert context.request.get(file).status == 200
    refused = contexts().request.get(file)
    assert (refused.status, refused.text()) == (403, "Logga in för att hämta filen.")


def test_an_address_without_a_page_is_told_so_in_swedish(server, contexts, states):
    context = contexts(state=states[Role.READER])
    page = context.new_page()
    answer = page.goto(f"{server.url}/finns-inte")

    assert answer.status == 404
    assert page.locator("h1").inner_text() == "Sidan finns inte"
    assert Axe().run(page, options=AXE).response["violations"] == []
    page.get_by_role("link", name="Till första sidan").click()
    chromium.settle(page)
    assert page.get_by_label("Lösenord").count() == 0
