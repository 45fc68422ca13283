"""Signing in and out as a person does, and what the browser keeps."""

from core.auth import Role
from tests.browser import chromium


def test_the_session_survives_a_reload_and_a_second_tab_and_ends_at_sign_out(server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, server.url, chromium.accounts()[Role.UNIT_MANAGER])
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["rt_sid"]["httpOnly"] is True
    assert cookies["rt_sid"]["sameSite"] == "Strict"

    page.reload()
    chromium.settle(page)
    assert page.get_by_label("Lösenord").count() == 0
    second = context.new_page()
    chromium.visit(second, f"{server.url}/bka")
    assert second.get_by_label("Lösenord").count() == 0

    page.get_by_role("button", name="Enhetschef").click()
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_label("Lösenord").first.wait_for()
    second.reload()
    second.get_by_label("Lösenord").first.wait_for()
    assert "rt_sid" not in {cookie["name"] for cookie in context.cookies()}
    context.close()


def test_a_deep_link_survives_the_sign_in(server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, f"{server.url}/hushall", chromium.accounts()[Role.READER])

    assert page.locator("h1").first.inner_text().startswith("Hushåll")
    context.close()


def test_a_wrong_password_is_answered_in_swedish(server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("Användarnamn").fill("finns-inte")
    page.get_by_label("Lösenord").first.fill("fel lösenord")
    page.get_by_role("button", name="Logga in").click()

    page.get_by_text("Fel användarnamn eller lösenord").wait_for()
    context.close()
