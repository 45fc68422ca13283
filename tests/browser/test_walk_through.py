"""The monthly walk-through in a browser: eight placements by keys alone, and its summary on paper."""

import re
import time

import pytest
from sqlmodel import select

from core import db
from core.auth import Role
from core.models import Group, User, UserRole
from tests.browser import chromium
from tests.browser.test_measure_points import violations
from tests.live.server import copy_store, running

BIG = {"width": 1920, "height": 1080}
GROUP_MANAGER = "gruppledare"
SAVE = "Control+Enter"
ICON = {"error"}
"""The name of the picture beside a refusal."""


@pytest.fixture
def meeting_room(tmp_path, demo_file, monkeypatch):
    """A server where the group manager's group is Beroende, which has placements enough."""
    url = copy_store(demo_file, tmp_path)
    with monkeypatch.context() as patch:
        patch.setenv("RT_DATABASE_URL", url)
        db.attach()
        with db.write() as session:
            user = session.exec(select(User).where(User.username == GROUP_MANAGER)).one()
            role = session.exec(select(UserRole).where(UserRole.user_id == user.id)).one()
            role.group_id = session.exec(select(Group).where(Group.slug == "beroende")).one().id
        db.close()
    with running(url, tmp_path) as started:
        yield started


@pytest.fixture
def opened(meeting_room, browser):
    """Genomgång as somebody sees it: `opened(username, size, scheme)`."""
    contexts = []

    def run(username=GROUP_MANAGER, size=BIG, scheme="light"):
        context = chromium.context(browser, size=size, scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        chromium.sign_in(page, meeting_room.url, username)
        chromium.visit(page, f"{meeting_room.url}/genomgang")
        return page

    yield run
    for context in contexts:
        context.close()


def start(page, most=8):
    """Start a meeting about the dearest placements."""
    page.get_by_text("Dyrast först").click()
    chromium.settle(page)
    page.get_by_label("Högst antal").fill(str(most))
    page.keyboard.press("Tab")
    page.get_by_text(f"{most} placeringar").first.wait_for()
    page.get_by_role("button", name="Starta genomgången").click()
    page.get_by_text(f"1 av {most} ·").wait_for()
    chromium.settle(page)


def choose(page, number):
    """Choose an outcome by its key."""
    page.keyboard.press(f"Alt+{number}")
    page.get_by_text(re.compile("^Beslut: ")).wait_for()
    chromium.settle(page)


def main_text(page):
    return page.locator("[data-testid=stMain]").inner_text()


def title(page):
    return page.locator("h1").first.inner_text()


TYPED = {
    1: ("Nästa steg", ""),
    2: ("Nästa steg", "Boka avslutande möte"),
    3: ("Ny dygnskostnad", None),
    4: ("Nästa steg", "Pröva öppenvård"),
}


def one_more_krona(page):
    """Return the placement's day rate and one krona, as somebody types it."""
    label = page.get_by_text(re.compile(r"^Ny dygnskostnad \(nu")).first.inner_text()
    digits = re.sub(r"\D", "", label)
    return str(int(digits) + 1)


def walk(page, outcomes):
    """Decide on one placement after the other; return the titles seen, and seconds and keys each."""
    seen, seconds, touches = [], [], []
    for turn, outcome in enumerate(outcomes, start=1):
        page.get_by_text(f"{turn} av {len(outcomes)} ·").wait_for()
        chromium.settle(page)
        seen.append(title(page))
        began = time.monotonic()
        choose(page, outcome)
        field, words = TYPED[outcome]
        if words != "":
            page.get_by_label(field).first.fill(words or one_more_krona(page))
        page.keyboard.press(SAVE)
        last = turn == len(outcomes)
        following = "Effekt på helåret" if last else f"{turn + 1} av {len(outcomes)} ·"
        page.get_by_text(following).first.wait_for()
        seconds.append(round(time.monotonic() - began, 1))
        touches.append(2 + (words != ""))
    chromium.settle(page)
    return seen, seconds, touches


def test_a_group_manager_walks_through_eight_placements_and_sees_the_summary(
    opened, record_property
):
    page = opened()
    start(page)
    seen, seconds, touches = walk(page, (3, 2, 1, 1, 4, 1, 2, 1))
    record_property("seconds_each", seconds)
    record_property("keys_and_fields_each", touches)
    assert len(set(seen)) == 8

    shown = main_text(page)
    for words in (
        "8 av 8",
        "4 fortsätt · 2 avsluta · 1 ändra · 1 utred alternativ",
        "Pröva öppenvård",
        "slutar 2024-06-30",
        "kr per dygn från 2024-06-01",
    ):
        assert words in shown
    assert "Inte genomgångna" not in shown
    assert chromium.faults(page) == []
    assert violations(page) == []

    page.get_by_role("button", name="Avsluta genomgången").click()
    page.get_by_role("button", name="Öppna igen").wait_for()
    page.get_by_role("button", name="Alla genomgångar").click()
    page.get_by_text("8 av 8 placeringar · 2024 blir").first.wait_for()


def test_the_summary_of_eight_is_one_page_of_paper_and_a_file(opened):
    page = opened()
    start(page)
    walk(page, (3, 2, 1, 1, 4, 1, 2, 1))
    page.get_by_test_id("stToast").first.wait_for(state="detached")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    page.emulate_media(media="print")
    wider = page.evaluate(
        "() => Math.max(...[...document.querySelectorAll('.rt-table')]"
        ".map(one => one.scrollWidth - one.clientWidth))"
    )
    assert wider <= 1
    page.emulate_media(media="screen")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Hämta ”Genomgångens beslut” som Excel").click()
    assert taken.value.suggested_filename == "genomgangens-beslut-2024-05-27.xlsx"


def test_an_interrupted_meeting_goes_on_where_it_was_and_a_decision_is_corrected(opened):
    page = opened()
    start(page, 3)
    first = title(page)
    choose(page, 1)
    page.keyboard.press(SAVE)
    page.get_by_text("2 av 3 ·").wait_for()
    second = title(page)

    chromium.visit(page, page.url.split("?")[0])
    page.get_by_text("1 av 3 placeringar genomgångna").wait_for()
    page.get_by_role("button", name="Fortsätt genomgången").click()
    page.get_by_text("2 av 3 · 1 beslutade").wait_for()
    chromium.settle(page)
    assert title(page) == second

    page.keyboard.press("PageUp")
    page.get_by_text("1 av 3 ·").wait_for()
    chromium.settle(page)
    assert title(page) == first
    assert page.get_by_text("Beslut: fortsätt").is_visible()
    choose(page, 2)
    page.keyboard.press(SAVE)
    page.get_by_text("2 av 3 · 1 beslutade").wait_for()
    page.get_by_role("button", name="Sammanfattning").click()
    page.get_by_text("1 av 3", exact=True).wait_for()
    assert "1 avsluta" in main_text(page)


def test_the_second_of_two_in_the_meeting_sees_what_the_first_decided_and_loses_nothing(opened):
    page = opened()
    start(page, 3)
    colleague = opened("enhetschef")
    chromium.visit(colleague, f"{page.url}&enhet=ekonomiskt-bistand-beroende")
    assert title(colleague) == title(page)
    choose(page, 2)
    page.get_by_label("Nästa steg").fill("Säg upp platsen")
    page.keyboard.press(SAVE)
    page.get_by_text("2 av 3 ·").wait_for()

    choose(colleague, 1)
    colleague.get_by_label("Nästa steg").fill("Vänta till hösten")
    colleague.keyboard.press(SAVE)
    colleague.get_by_text("medan du hade formuläret öppet").wait_for()
    chromium.settle(colleague)
    shown = main_text(colleague)
    assert "Säg upp platsen" in shown
    assert "Gruppledare Exempel" in shown
    assert colleague.get_by_label("Nästa steg").input_value() == "Vänta till hösten"
    assert violations(colleague) == []

    colleague.get_by_role("button", name="Spara mina ändringar").click()
    colleague.get_by_text("2 av 3 ·").wait_for()
    colleague.get_by_role("button", name="Sammanfattning").click()
    colleague.get_by_text("Vänta till hösten").wait_for()
    assert "1 fortsätt" in main_text(colleague)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [BIG, chromium.PHONE], ids=["big", "phone"])
def test_start_card_refused_form_and_question_are_accessible(opened, size, scheme):
    page = opened(size=size, scheme=scheme)
    assert violations(page) == []
    start(page, 2)
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_text("Välj vad mötet beslutade.").wait_for()
    chromium.settle(page)
    assert violations(page) == []
    assert set(chromium.faults(page)) <= ICON

    page.get_by_role("button", name=re.compile("^Ändra")).first.click()
    page.get_by_label("Ny dygnskostnad").fill("26500")
    page.get_by_text("Ändra syfte och plan efteråt").click()
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.get_by_text("Inget har sparats").wait_for()
    chromium.settle(page)
    assert violations(page) == []
    assert set(chromium.faults(page)) <= ICON
    wider = page.evaluate(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    assert wider <= 1


def test_a_caseworker_and_the_controller_have_no_walk_through(meeting_room, browser):
    for username in (chromium.accounts()[Role.CASEWORKER], chromium.accounts()[Role.CONTROLLER]):
        context = chromium.context(browser)
        page = context.new_page()
        chromium.sign_in(page, meeting_room.url, username)
        page.goto(f"{meeting_room.url}/genomgang")
        page.get_by_text("Du saknar behörighet till sidan.").wait_for()
        context.close()
