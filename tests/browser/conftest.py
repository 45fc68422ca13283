"""One server and one browser for all browser tests; skipped, and said so, without Chromium."""

import os
import warnings
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.live.server import copy_store, demo_store, running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """Keep the browser tests together on one worker, with one server."""
    missing = chromium.executable() is None
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
            if missing and not os.environ.get("RT_REQUIRE_ALL_TESTS"):
                item.add_marker(pytest.mark.skip(reason="Chromium saknas"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder for the stores and logs of the browser tests."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def demo_file(folder):
    """A filled demo store that no server has open, to copy."""
    return demo_store(folder)


@pytest.fixture(scope="session")
def server(folder, demo_file):
    """A server on a copy of the demo store, for tests that only read."""
    with running(copy_store(demo_file, folder), folder) as started:
        yield started


@pytest.fixture
def own_server(tmp_path, demo_file):
    """A server on a copy of the demo store for one test, which may write."""
    with running(copy_store(demo_file, tmp_path), tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def browser():
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(
                executable_path=chromium.executable(), args=chromium.ARGUMENTS
            )
            yield started
            started.close()


@pytest.fixture(scope="session")
def states(server, browser):
    """Signed-in cookies by role, made once through the form."""
    made = {}
    for role, username in chromium.accounts().items():
        context = chromium.context(browser)
        chromium.sign_in(context.new_page(), server.url, username)
        made[role] = context.storage_state()
        context.close()
    return made
