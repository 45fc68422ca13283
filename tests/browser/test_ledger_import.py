"""The controller imports last month's ledger, and outcome, corrections and unmapped sums follow."""

import contextlib
import csv
import io
import re
import sqlite3
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE
from tests.live.server import core

UNIT = "ekonomiskt-bistand-beroende"
MONTH = "2024-04-01"
APRIL = """
SELECT account, cost_centre, activity, amount FROM ledger_row
WHERE unit_id = (SELECT id FROM unit WHERE slug = ?) AND month = ? AND voided_at IS NULL
ORDER BY account, cost_centre, activity
"""
ACCOUNT = "SELECT account FROM ledger_mapping WHERE section = 'Beroende' AND line = 'HVB'"
LATER_INVOICE, UNKNOWN = Decimal(100_000), Decimal(7_500)


def ledger(server):
    """Return April as the ledger has it, with a later invoice on HVB and an account nobody knows."""
    with contextlib.closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"))) as c:
        rows = c.execute(APRIL, (UNIT, MONTH)).fetchall()
        (account,) = c.execute(ACCOUNT).fetchone()
    assert rows
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Konto", "Kostnadsställe", "Verksamhet", "Period", "Belopp"])
    for number, place, activity, ore in rows:
        writer.writerow([number, place, activity, "202404", f"{Decimal(ore) / 100:.2f}"])
    _, place, activity, _ = next(row for row in rows if row[0] == account)
    for number, amount in ((account, LATER_INVOICE), ("7777", UNKNOWN)):
        writer.writerow([number, place, activity, "202404", f"{amount:.2f}"])
    return text.getvalue().replace(".", ",").encode()


def outcome(server, line="HVB"):
    printed = core(server.database_url, "figures", "budget", "--unit", UNIT, "--csv")
    rows = csv.DictReader(io.StringIO(printed))
    return next(Decimal(row["outcome_to_date"]) for row in rows if row["line"] == line)


@pytest.fixture
def page(own_server, browser):
    """The controller's page Importer."""
    context = chromium.context(browser)
    opened = context.new_page()
    chromium.sign_in(opened, own_server.url, chromium.accounts()[Role.CONTROLLER])
    chromium.visit(opened, f"{own_server.url}/importer")
    yield opened
    context.close()


def said(page):
    chromium.settle(page)
    assert Axe().run(page, options=AXE).response["violations"] == []
    assert page.get_by_test_id("stException").count() == 0
    return re.sub(r"[\u202f\u00a0]", " ", page.get_by_test_id("stMain").inner_text())


def test_last_months_ledger_moves_the_outcome_and_shows_what_was_corrected(own_server, page):
    before = outcome(own_server)
    page.locator("input[type=file]").set_input_files(
        {"name": "huvudbok april.csv", "mimeType": "text/csv", "buffer": ledger(own_server)}
    )
    page.get_by_text("Rader i filen").first.wait_for()
    told = said(page)
    assert "1 ny" in told
    assert "7 500" in told

    page.get_by_role("button", name=re.compile("Spara importen")).click()
    page.get_by_text("Importen är sparad").first.wait_for()

    assert outcome(own_server) == before + LATER_INVOICE
    chromium.visit(page, f"{own_server.url}/huvudbok")
    told = said(page)
    assert "2 kombinationer" in told
    corrected = page.get_by_role("row", name=re.compile("Beroende: HVB april 2024"))
    assert "100 000" in re.sub(r"[\u202f\u00a0]", " ", corrected.inner_text())
    chromium.visit(page, f"{own_server.url}/budget")
    told = said(page)
    assert "25 900 kr i huvudboken hör inte till någon budgetpost" in told
