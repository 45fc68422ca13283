"""Every page as every role: figures, no error, Swedish, accessible, and nothing from outside."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium

VIEWS = [(role, item) for role in Role for item in chromium.pages_of(role)]
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}


def ids(value):
    return value.value if isinstance(value, Role) else getattr(value, "url_path", value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("role", "item"), VIEWS, ids=ids)
def test_a_page_shows_figures_without_fault(server, browser, states, role, item, scheme):
    context = chromium.context(browser, scheme=scheme, state=states[role])
    page = context.new_page()
    console, outside = [], []
    page.on("console", lambda message: console.append(message.text))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server.url, "data:", "blob:", "ws://127.0.0.1"))
            else outside.append(request.url)
        ),
    )
    chromium.visit(page, f"{server.url}/{item.url_path}")

    assert chromium.faults(page) == []
    assert "Exempeldata" in page.locator("body").inner_text()
    assert [text for text in console if "Content Security Policy" in text or "CSP" in text] == []
    assert outside == []
    violations = Axe().run(page, options=AXE).response["violations"]
    assert [
        (found["id"], found["nodes"][0]["html"][:200], found["nodes"][0].get("failureSummary", ""))
        for found in violations
    ] == []
    context.close()


@pytest.mark.parametrize(("role", "item"), VIEWS, ids=ids)
def test_a_page_fits_a_phone(server, browser, states, role, item):
    context = chromium.context(browser, size=chromium.PHONE, state=states[role])
    page = context.new_page()
    chromium.visit(page, f"{server.url}/{item.url_path}")

    wider = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    assert wider <= 1
    assert chromium.faults(page) == []
    context.close()


def test_a_page_that_a_role_may_not_see_says_so_in_swedish(server, browser, states):
    context = chromium.context(browser, state=states[Role.READER])
    page = context.new_page()
    page.goto(f"{server.url}/bka")

    page.get_by_text("Du saknar behörighet till sidan.").wait_for()
    assert page.get_by_role("dialog").count() == 0
    context.close()
