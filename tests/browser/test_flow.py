"""What one person reports, the others see: across tabs, roles and server processes."""

import csv
import io
import re

from core.auth import Role
from tests.browser import chromium
from tests.live.server import core, running

UNIT = "ekonomiskt-bistand-beroende"


def planned(server):
    """Return how many cases have a current plan, of how many that should, from the command line."""
    printed = core(server.database_url, "figures", "change-plans", "--unit", UNIT, "--csv")
    (row,) = csv.DictReader(io.StringIO(printed))
    return int(row["current"]), int(row["open"]) - int(row["exempt"])


def test_a_plan_that_a_caseworker_registers_shows_on_every_start(own_server, browser, tmp_path):
    with running(own_server.database_url, tmp_path) as other_process:
        manager = chromium.context(browser)
        starts = [manager.new_page(), manager.new_page()]
        chromium.sign_in(starts[0], own_server.url, chromium.accounts()[Role.UNIT_MANAGER])
        chromium.visit(starts[1], other_process.url)  # the same session, in another process
        current, base = planned(own_server)
        for page in starts:
            assert f"{current} av {base}" in page.locator("[data-testid=stMain]").inner_text()

        phone = chromium.context(browser, size=chromium.PHONE)
        page = phone.new_page()
        chromium.sign_in(page, own_server.url, chromium.accounts()[Role.CASEWORKER])
        chromium.visit(page, f"{own_server.url}/min-vecka")
        page.get_by_role("radio", name=re.compile("Upprätta plan")).first.click()
        page.get_by_role("dialog").get_by_role("button", name="Upprätta plan", exact=True).click()
        page.get_by_text("förändringsplanen är upprättad").first.wait_for()

        assert planned(own_server) == (current + 1, base)
        for page in starts:
            page.reload()
            chromium.settle(page)
            assert f"{current + 1} av {base}" in page.locator("[data-testid=stMain]").inner_text()
        phone.close()
        manager.close()


def test_what_is_missing_is_told_at_its_field_and_what_was_typed_stays(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, own_server.url, chromium.accounts()[Role.CASEWORKER])
    chromium.visit(page, f"{own_server.url}/min-vecka")
    before = planned(own_server)
    page.get_by_role("radio", name=re.compile("Upprätta plan")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Undanta", exact=True).click()
    dialog.get_by_role("radio", name="Annat").click()
    why = dialog.get_by_label("Vad beror det på?")
    why.fill("inlagd på sjukhus 19800101-0019")
    dialog.get_by_role("button", name="Undanta", exact=True).click()

    dialog.get_by_text("personnummer").first.wait_for()
    assert why.input_value() == "inlagd på sjukhus 19800101-0019"
    why.fill("inlagd på sjukhus")
    dialog.get_by_role("button", name="Undanta", exact=True).click()
    dialog.get_by_text("Ange undantagets sista dag").first.wait_for()
    assert why.input_value() == "inlagd på sjukhus"
    assert planned(own_server) == before
    context.close()
