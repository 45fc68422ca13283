"""Photograph every page as every role, in light and dark, wide and on a phone.

Writes to screenshots/ beside the Makefile: role-page-theme-width.png.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from core.auth import Role
from tests.browser import chromium
from tests.live.server import ROOT, copy_store, demo_store, running

TARGET = Path(ROOT) / "screenshots"


def main(only=""):
    """Take all pictures, or those whose name holds a text."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        with running(copy_store(demo_store(folder), folder), folder) as server:
            for role, username in chromium.accounts().items():
                photograph(browser, server.url, role, username, only)
        browser.close()


def photograph(browser, url, role: Role, username, only):
    """Take a role's pictures."""
    first = chromium.context(browser)
    chromium.sign_in(first.new_page(), url, username)
    state = first.storage_state()
    first.close()
    for scheme in ("light", "dark"):
        for size in (chromium.WIDE, chromium.PHONE):
            context = chromium.context(browser, size=size, scheme=scheme, state=state)
            page = context.new_page()
            for item in chromium.pages_of(role):
                name = f"{role.value}-{item.url_path}-{scheme}-{size['width']}.png"
                if only in name:
                    chromium.visit(page, f"{url}/{item.url_path}")
                    whole = page.evaluate(
                        "() => document.querySelector('[data-testid=stMain]').scrollHeight"
                    )
                    page.set_viewport_size({"width": size["width"], "height": min(whole, 6000)})
                    page.wait_for_timeout(chromium.QUIET_MS)
                    page.screenshot(path=TARGET / name)
                    page.set_viewport_size(size)
                    print(name)
            context.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
