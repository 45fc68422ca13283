"""On paper: A4 across, nothing cut off, dark letters, and the same sums as everywhere else."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from core.auth import Role
from core.demo.inputs import DEMO_TODAY
from tests.browser import chromium
from tests.live.server import core

UNIT = "ekonomiskt-bistand-beroende"
PAGES = ("placeringar", "budget", "manadens-lage", "prognosrunda", "atgardsplan")
A4_ACROSS = (842, 595)
PRINTED_WIDTH = 1032
"""CSS pixels between the margins of an A4 across."""
CUT_OFF = """() => [...document.querySelectorAll('.rt-table')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.querySelector('caption')?.innerText)"""
LETTERS = """() => [...document.querySelectorAll('h1, td, th, p')]
    .filter(one => one.offsetParent).map(one => getComputedStyle(one).color)"""
DARKEST_LIGHT = 100


@pytest.fixture
def paper(server, browser, states):
    """A page as a role sees it, in a theme: `paper(role, scheme)`."""
    contexts = []

    def opened(role=Role.UNIT_MANAGER, scheme="light"):
        context = chromium.context(browser, scheme=scheme, state=states[role])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def figures(server, table, *options):
    """Return a table of the command line, numbers as they are printed."""
    day = ("--on", str(DEMO_TODAY))
    printed = core(server.database_url, "figures", table, "--unit", UNIT, *day, "--csv", *options)
    return list(csv.DictReader(io.StringIO(printed)))


def total(rows, column):
    return sum((Decimal(row[column]) for row in rows if row[column]), Decimal(0))


def kronor(amount):
    """Return an amount as pages and paper write it, whatever spaces they use."""
    return f"{amount:,.0f}".replace(",", " ").replace("-", "−")


def plain(text):
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


def squeezed(text):
    """Return a text without spaces: a PDF has them where it likes."""
    return re.sub(r"\s+", "", plain(text))


def printed(page):
    """Return a page's paper: the reader of its PDF and all its text."""
    page.get_by_role("button", name=re.compile("Excel")).last.wait_for(timeout=30_000)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    return reader, squeezed("".join(sheet.extract_text() for sheet in reader.pages))


@pytest.mark.parametrize("url_path", PAGES)
def test_every_page_lies_across_an_a4_and_no_table_is_cut(server, paper, url_path):
    page = paper()
    chromium.visit(page, f"{server.url}/{url_path}")
    reader, text = printed(page)

    assert {tuple(round(float(n)) for n in sheet.mediabox[2:]) for sheet in reader.pages} == {
        A4_ACROSS
    }
    assert squeezed(page.locator("h1").first.inner_text()) in text
    assert str(DEMO_TODAY) in text
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PRINTED_WIDTH, "height": 700})
    assert page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("url_path", PAGES)
def test_the_dark_theme_prints_dark_letters(server, paper, url_path):
    page = paper(scheme="dark")
    chromium.visit(page, f"{server.url}/{url_path}")
    page.emulate_media(media="print")

    colors = {tuple(map(int, re.findall(r"\d+", one)[:3])) for one in page.evaluate(LETTERS)}
    assert colors
    assert max(max(color) for color in colors) < DARKEST_LIGHT


def test_the_placement_list_is_whole_on_paper_and_its_sums_are_the_same_everywhere(server, paper):
    rows = figures(server, "placements")
    page = paper()
    chromium.visit(page, f"{server.url}/placeringar")
    shown = plain(page.locator("[data-testid=stMain]").inner_text())
    _, text = printed(page)

    assert [row["reference"] for row in rows if row["reference"] not in text] == []
    for column in ("cost_to_date", "full_year"):
        amount = kronor(total(rows, column))
        assert f"{amount} kr" in shown
        assert squeezed(amount) in text
    for row in rows:
        assert squeezed(kronor(Decimal(row["full_year"]))) in text
    sheet = taken_out(page, re.compile("Excel"))
    head = next(i for i, row in enumerate(sheet) if "Helår" in row)
    column = sheet[head].index("Helår")
    references = {row["reference"] for row in rows}
    cells = [Decimal(str(row[column])) for row in sheet[head + 1 :] if row[0] in references]
    assert sum(cells) == total(rows, "full_year")
    sums = [row[column] for row in sheet if str(row[0]).startswith("Summa")]
    assert [Decimal(str(one)) for one in sums] == [total(rows, "full_year")]


def test_the_budgets_sums_are_the_same_everywhere(server, paper):
    rows = figures(server, "budget")
    page = paper(Role.CONTROLLER)
    chromium.visit(page, f"{server.url}/budget")
    shown = plain(page.locator("[data-testid=stMain]").inner_text())
    _, text = printed(page)
    sheet = taken_out(page, re.compile("Budget och prognos.*Excel"))
    head = next(i for i, row in enumerate(sheet) if "Avvikelse" in row)

    for column, title in (
        ("budget", "Budget"),
        ("outcome_to_date", "Utfall"),
        ("prognosis", "Prognos"),
        ("deviation", "Avvikelse"),
    ):
        amount = total(rows, column)
        assert kronor(amount) in shown
        assert squeezed(kronor(amount)) in text
        place = sheet[head].index(title)
        whole = next(row for row in sheet if row[0] == "Hela enheten")
        assert Decimal(str(whole[place])) == amount


def test_the_months_summary_has_the_figures_of_the_command_line(server, paper):
    budget, placements = figures(server, "budget"), figures(server, "placements")
    page = paper()
    chromium.visit(page, f"{server.url}/manadens-lage")
    _, text = printed(page)
    sheet = taken_out(page, re.compile("Månaden i siffror.*Excel"))
    amounts = {row[0]: row[1] for row in sheet if isinstance(row[1], int | float)}

    for name, amount in (
        ("Budget", total(budget, "budget")),
        ("Prognos", total(budget, "prognosis")),
        ("Avvikelse", total(budget, "deviation")),
        ("Placeringar, månaden", total(placements, "month_cost")),
        ("Placeringar, helår", total(placements, "full_year")),
    ):
        assert Decimal(str(amounts[name])) == amount
        assert squeezed(kronor(amount)) in text


def taken_out(page, name):
    """Take a file out by its button and return the rows of its first sheet."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).first.click()
    content = io.BytesIO(Path(download.value.path()).read_bytes())
    book = openpyxl.load_workbook(content, data_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
