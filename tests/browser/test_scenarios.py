"""A scenario is built of two steps and compared with another, in a real browser."""

from core.auth import Role
from tests.browser import chromium

UNIT = "ekonomiskt-bistand-beroende"
NOW, OTHER, OWN = "Nuläge, helår", "En placering till i höst", "Provat i möte"


def metric(page, label):
    """Return the figure of a tile, as whole kronor."""
    tile = page.get_by_test_id("stMetric").filter(has_text=label)
    shown = tile.get_by_test_id("stMetricValue").inner_text()
    return int("".join(sign for sign in shown if sign.isdigit()))


def choose_placement(page, number):
    page.get_by_role("combobox", name="Placering").click()
    page.get_by_role("option").nth(number).click()
    chromium.settle(page)


def add_step(page):
    page.get_by_role("button", name="Lägg till steget").click()
    page.get_by_text("Steget är tillagt").first.wait_for()
    chromium.settle(page)


def pill(page, words):
    page.get_by_role("radio", name=words, exact=True).click()
    chromium.settle(page)


def open_new(page):
    """Make a scenario, which costs as much as the present."""
    page.get_by_text("Nytt scenario", exact=True).click()
    page.get_by_label("Namn", exact=True).fill(OWN)
    page.get_by_role("button", name="Skapa scenario").click()
    page.get_by_text("Scenariot är skapat").first.wait_for()
    chromium.settle(page)


def add_a_placement(page):
    """Add a placement, at first with a rate that is refused."""
    pill(page, "Lägg till en placering")
    label = page.get_by_label("Vad placeringen kallas (inte ett namn)")
    label.fill("Plats i sommar")
    page.get_by_role("combobox", name="Slag").click()
    page.get_by_role("option").first.click()
    rate = page.get_by_label("Dygnskostnad", exact=True)
    rate.fill("0")
    page.get_by_role("button", name="Lägg till steget").click()
    page.get_by_text("Dygnskostnaden måste vara mer än 0 kr.").first.wait_for()
    assert label.input_value() == "Plats i sommar"
    rate.fill("1 000,50")
    add_step(page)


def test_a_scenario_of_two_steps_stands_beside_another(own_server, browser):
    context = chromium.context(browser)
    page = context.new_page()
    chromium.sign_in(page, own_server.url, chromium.accounts()[Role.UNIT_MANAGER])
    chromium.visit(page, f"{own_server.url}/vad-hander-om?enhet={UNIT}")
    now, growth = metric(page, NOW), metric(page, OTHER)
    open_new(page)
    assert metric(page, OWN) == now

    pill(page, "Avsluta")
    choose_placement(page, 0)
    add_step(page)
    ended = metric(page, OWN)
    assert ended < now

    add_a_placement(page)
    assert metric(page, OWN) > ended
    assert (metric(page, NOW), metric(page, OTHER)) == (now, growth)
    row = page.get_by_role("row").filter(has_text="Plats i sommar").first
    assert "beslutas på Placeringar" in row.inner_text()
    months = page.get_by_role("table").filter(has_text="Scenarier per månad").first.inner_text()
    assert OWN in months
    assert OTHER in months
    assert chromium.faults(page) == []
    context.close()
