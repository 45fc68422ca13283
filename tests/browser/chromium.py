"""A real browser on a real server: sign in, open a page, wait until it is drawn."""

import contextlib
import re
import shutil

from core.auth import PERMISSIONS, Role
from core.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from pages.common.menu import MENU, OWN

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUIET_MS = 400


def executable():
    """Return the path of an installed Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


def accounts():
    """Return one demo account for each role."""
    first = {}
    for account in DEMO_ACCOUNTS:
        first.setdefault(account.role, account.username)
    return first


def pages_of(role: Role):
    """Return the menu items that a role sees, and the pages of the own account."""
    return [item for item in MENU if item.permission in PERMISSIONS[role]] + list(OWN)


def context(browser, *, size=WIDE, scheme="light", state=None):
    """Return a new browser context as a Swedish user has it."""
    return browser.new_context(
        viewport=size,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        color_scheme=scheme,
        storage_state=state,
    )


def sign_in(page, url, username, password=DEMO_PASSWORD):
    """Sign in through the form and wait for the first page."""
    page.goto(url)
    page.get_by_label("Användarnamn").fill(username)
    page.get_by_label("Lösenord").first.fill(password)
    page.get_by_role("button", name="Logga in").click()
    page.get_by_label("Lösenord").wait_for(state="detached", timeout=20_000)
    settle(page)


def visit(page, address):
    """Open an address and wait until the page is drawn."""
    page.goto(address)
    settle(page)


def settle(page):
    """Wait until the script has run and nothing more is drawn."""
    page.locator("h1").first.wait_for(timeout=30_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stApp]')?.matches('[data-test-script-state=running]')",
        timeout=30_000,
    )
    with contextlib.suppress(Exception):
        page.wait_for_load_state("networkidle", timeout=5_000)
    page.wait_for_timeout(QUIET_MS)


def faults(page):
    """Return what looks broken: exceptions drawn, and English words outside Streamlit's chrome."""
    found = [box.inner_text() for box in page.get_by_test_id("stException").all()]
    return found + english(page.evaluate(WORDS))


# The page's text without its icons, whose names are English words drawn as pictures.
WORDS = """() => {
  const icons = document.querySelectorAll('[data-testid=stIconMaterial], span[role=img]');
  icons.forEach(icon => { icon.style.display = 'none'; });
  const text = document.querySelector('[data-testid=stMain]').innerText;
  icons.forEach(icon => { icon.style.display = ''; });
  return text;
}"""
ENGLISH = re.compile(
    r"\b(the|and|with|error|failed|not found|loading|search|download|select|choose|none|true|false|nan|null)\b",
    re.IGNORECASE,
)


def english(text):
    """Return the English words of a text that no Swedish text of ours holds."""
    return sorted({match.group(0) for match in ENGLISH.finditer(text)})
