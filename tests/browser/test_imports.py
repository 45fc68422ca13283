"""A wrong file is put right by following its messages alone; preview and errors are accessible."""

import re

from axe_playwright_python.sync_playwright import Axe

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE
from tests.factories_imports import csv_of

HEADINGS = [
    "Ärrende",
    "Ärendetyp",
    "Öppnat",
    "Handläggare",
    "Hushållstyp",
    "Sökandens kön",
    "Kommentar",
]
ROW = ["9001", "lån", "5/3 2021", "Okänd Person", "ensamstående", "kvinna", "se 19121212-1212"]


def choose(page, headings, row):
    """Choose a file with one row, and return what the page then says."""
    remove = page.get_by_role("button", name=re.compile("Remove"))
    if remove.count():
        remove.first.click()
        chromium.settle(page)
    data = csv_of(headings, row)
    page.locator("input[type=file]").set_input_files(
        {"name": "lista.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_text(re.compile("Inget har sparats|Rader i filen")).first.wait_for()
    chromium.settle(page)
    assert Axe().run(page, options=AXE).response["violations"] == []
    return page.get_by_test_id("stMain").inner_text()


def asked(said, pattern):
    """Return the part of a message that says what is expected."""
    found = re.search(pattern, said)
    assert found is not None, said
    return found[1]


def test_a_wrong_file_is_put_right_by_its_messages(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, own_server.url, chromium.accounts()[Role.DEVELOPER])
    chromium.visit(page, f"{own_server.url}/importer")
    headings, row = list(HEADINGS), list(ROW)

    said = choose(page, headings, row)
    wrong = asked(said, "Okända rubriker där: ”(Ärrende)”")
    headings[headings.index(wrong)] = asked(said, "Kolumnen ”([^”]+)” saknas i rubrikraden")

    said = choose(page, headings, row)
    assert "1212" not in said
    assert page.get_by_role("button", name=re.compile("Spara importen")).count() == 0
    asked(said, "(Kommentar: Cellen innehåller något som ser ut som ett personnummer. Ta bort det)")
    row[6] = ""
    row[1] = asked(said, "Ärendetyp: ”lån” finns inte att välja. Skriv något av: ([^,]+),")
    year, month, day = asked(said, r"Öppnat: .* Skriv datum som ([0-9-]+)").split("-")
    assert (len(year), len(month), len(day)) == (4, 2, 2)
    row[2] = "2021-03-05"

    said = choose(page, headings, row)
    row[3] = asked(said, "Handläggare: ”Okänd Person” finns inte i enheten. Finns: ([^,.]+)")
    form = asked(said, "Ärende: Skriv referensen som ([A-Z]+-0+), med en siffra för varje nolla")
    row[0] = f"{form[:-4]}9001"

    said = choose(page, headings, row)
    assert "1 rad: 1 ny." in said
    page.get_by_role("button", name="Spara importen (1 rad)").click()
    page.get_by_text("Importen är sparad").first.wait_for()
    chromium.settle(page)
    assert "lista.csv" in page.get_by_test_id("stMain").inner_text()
    assert chromium.faults(page) == []
    assert Axe().run(page, options=AXE).response["violations"] == []
    context.close()


def test_a_file_too_large_is_refused_in_swedish_before_it_is_sent(
    server, browser, states, tmp_path
):
    large = tmp_path / "stor.csv"
    large.write_bytes(b"x" * 27_000_000)
    context = chromium.context(browser, state=states[Role.DEVELOPER])
    page = context.new_page()
    chromium.visit(page, f"{server.url}/importer")
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_test_id("stFileChip").wait_for()

    shown = page.get_by_test_id("stFileUploader").evaluate(
        "element => getComputedStyle(element, '::after').content"
    )
    assert "Filen är för stor. Högst 25 MB" in shown
    assert "Rader i filen" not in page.get_by_test_id("stMain").inner_text()
    context.close()
