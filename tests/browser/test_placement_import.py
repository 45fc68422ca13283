"""The biträdande enhetschef imports an ugly placement list by following the messages alone."""

import contextlib
import datetime as dt
import io
import re
import sqlite3

from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook, load_workbook

from core.auth import Role
from tests.browser import chromium
from tests.browser.test_every_page import AXE
from tests.factories_workbooks import Listed, Ugly, sum_row

USED_CASES = """
SELECT c.reference FROM case_file c
JOIN case_assignment a ON a.case_id = c.id
JOIN user_role r ON r.group_id = a.group_id
JOIN user_account u ON u.id = r.user_id
WHERE u.username = ? AND c.closed_on IS NULL AND c.opened_on < '2024-01-01'
  AND c.id NOT IN (SELECT case_id FROM placement)
  AND a.id = (SELECT b.id FROM case_assignment b WHERE b.case_id = c.id
              ORDER BY b.valid_from DESC, b.id DESC LIMIT 1)
ORDER BY c.reference LIMIT 3
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cases_of(server, username):
    """Return three open cases of a group manager's group that have no placement."""
    with contextlib.closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"))) as c:
        return [row[0] for row in c.execute(USED_CASES, (username,))]


def ugly(cases, *, rate="1.850:-", last="2024-02-10"):
    """Return a list with an unclear heading, sections instead of a kind, sums, colours and notes."""
    made = Ugly(Workbook())
    made.wide("Placeringar våren 2024 (uppdateras av assistenten)")
    made.blank()
    made.write(
        "Dossier",
        "Lagrum",
        "Avtal",
        "Leverantör",
        "Fr.o.m.",
        "T.o.m.",
        "Pris/dygn",
        "Anm",
        None,
        None,
        "Kostnad maj",
    )
    first, second, third = (Listed("", case) for case in cases)
    for heading, listed in (("HVB", [first, second]), ("Stödboende", [third])):
        made.wide(heading, 11)
        for one in listed:
            starts_on = last if one is third else "2024-02-01"
            made.write(
                one.case,
                "SoL",
                "ramavtal",
                "Björken",
                starts_on,
                "tillsvidare" if one is first else dt.date(2024, 12, 31),
                rate if one is second else "1 850 kr/dygn",
                "ring hemmet",
                None,
                None,
                57_350,
            )
        made.write(*sum_row(f"Summa {heading}", 57_350 * len(listed)))
        made.blank()
    made.write(*sum_row("Totalt", 172_050))
    made.write("Gult = avslutas snart")
    return made.bytes()


def give(page, data):
    """Choose a file and return what the page then says."""
    remove = page.get_by_role("button", name=re.compile("Remove"))
    if remove.count():
        remove.first.click()
        chromium.settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "placeringslista.xlsx", "mimeType": XLSX, "buffer": data}
    )
    page.get_by_text(re.compile("Inget har sparats|kan inte tydas|Rader i filen")).first.wait_for()
    chromium.settle(page)
    return said(page)


def said(page):
    """Return what the page says; nothing on it may be broken or out of reach."""
    icon_of_an_alert = {"error"}
    assert set(chromium.faults(page)) <= icon_of_an_alert
    assert Axe().run(page, options=AXE).response["violations"] == []
    return page.get_by_test_id("stMain").inner_text()


def pick(page, label, choice):
    """Choose in a select box."""
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.fill(choice)
    page.get_by_role("option", name=choice, exact=True).click()


def open_imports(page, server):
    username = chromium.accounts()[Role.GROUP_MANAGER]
    chromium.sign_in(page, server.url, username)
    chromium.visit(page, f"{server.url}/importer")
    return cases_of(server, username)


def test_an_ugly_list_is_imported_by_its_messages(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    cases = open_imports(page, own_server)

    told = give(page, ugly(cases, rate="1.850", last="5/3 2024"))
    assert "”T.o.m.” kan vara planerat slut eller dagen då placeringen avslutades" in told
    pick(page, "Kolumn F: T.o.m.", "Planerat slut")
    page.get_by_role("button", name="Spara kolumnerna").click()
    page.get_by_text("Rader i filen").first.wait_for()
    chromium.settle(page)

    told = said(page)
    assert "2 rader har fel" in told
    assert "Punkten i ”1.850” kan betyda både decimaler och tusental" in told
    assert "”5/3 2024” är inget datum" in told
    assert "Läses inte: ”Anm”, ”Kostnad maj”." in told
    assert page.get_by_role("button", name=re.compile("Spara importen")).count() == 0

    told = give(page, ugly(cases))
    assert "3 rader: 3 nya." in told
    assert "Slag HVB (avsnittets rubrik)" in told
    assert "Hoppades över: 1 rad ovanför rubrikerna, " in told
    page.get_by_text("Hoppades över").click()
    chromium.settle(page)
    assert "summarad" in said(page)
    page.get_by_role("button", name="Spara importen (3 rader)").click()
    page.get_by_text("Importen är sparad").first.wait_for()
    chromium.settle(page)

    told = give(page, ugly(cases))
    assert "Allt i filen finns redan" in told
    chromium.visit(page, f"{own_server.url}/placeringar")
    assert all(case in page.get_by_test_id("stMain").inner_text() for case in cases)
    context.close()


def test_the_list_that_is_taken_out_is_imported_again_and_changes_nothing(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    open_imports(page, own_server)
    chromium.visit(page, f"{own_server.url}/placeringar")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Hämta ”Placeringar” som Excel").click()
    data = taken.value.path().read_bytes()
    assert load_workbook(io.BytesIO(data)).active.freeze_panes == "B5"

    chromium.visit(page, f"{own_server.url}/importer")
    told = give(page, data)
    assert "Allt i filen finns redan" in told
    assert "känns inte igen" not in told
    context.close()


def test_the_template_is_taken_out(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    open_imports(page, own_server)
    page.get_by_text("Mall, kolumner och regler").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Hämta mall för Excel").click()
    assert taken.value.suggested_filename == "mall-placements.xlsx"
    book = load_workbook(io.BytesIO(taken.value.path().read_bytes()))
    assert [cell.value for cell in book["Mall"][1]][:3] == ["Placering", "Ärende", "Slag"]
    context.close()
