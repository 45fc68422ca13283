"""Huvudbok: the ledger in parts, combinations that get their lines, and corrections."""

import datetime as dt
from decimal import Decimal

import pytest

from core.models import LedgerMapping, LedgerRow
from tests.factories_cases import TODAY, rows
from tests.factories_ledger import (
    imported,
    leave_out,
    ledger,
    ledger_world,
    map_to,
    outcomes,
)

PAGE = "admin/ledger.py"
CARE, OTHER, BANK = ("4511", "12", "575"), ("7777", "12", "575"), ("1910", "", "")


@pytest.fixture
def w(store, today):
    """A unit whose ledger has a mapped, an unmapped and a left out combination in March."""
    today(TODAY)
    made = ledger_world()
    map_to(made, "care", CARE)
    leave_out(made, BANK)
    march = [(*CARE, "2024-03", "100 000"), (*OTHER, "2024-03", "2 500"), (*BANK, "2024-03", "-7")]
    imported(made, ledger(*march))
    return made


@pytest.fixture
def open_ledger(w, open_page):
    """The page as somebody sees it."""

    def run_page(name="controller", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def tables(at):
    bodies = (html.proto.body for html in at.get("html"))
    return [plain(body) for body in bodies if "<table" in body]


def said(at):
    return plain(" ".join(m.value for m in [*at.markdown, *at.info, *at.error]))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def pick(at, label, value):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box.select(value)


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def test_the_parts_stand_beside_their_total_and_what_is_unmapped_on_top(open_ledger):
    at = open_ledger()

    assert metrics(at) == {
        "Huvudboken 2024": "102 tkr",
        "På budgetposter": "100 tkr",
        "Inte kopplat": "3 tkr",
        "Räknas inte hit": "0 tkr",
    }
    assert "Saknas i utfallet" in said(at)
    unmapped, sums, *_ = tables(at)
    assert "7777" in unmapped
    assert "4511" not in unmapped
    assert ">102 493<" in sums


def test_an_unmapped_combination_gets_its_line_and_the_outcome_follows(w, open_ledger):
    at = open_ledger()
    pick(at, "Budgetpost för 7777 · kst 12 · vht 575", w.extra["rent"])
    at = press(at, "Spara kopplingarna")

    assert outcomes(w)["rent", 3] == 2_500
    assert metrics(at)["Inte kopplat"] == "0 tkr"
    assert "Allt är kopplat" in said(at)
    assert "1 kombination är kopplad" in at.toast[0].value


def test_many_combinations_are_mapped_in_one_save(w, open_ledger):
    more = [(str(6000 + number), "12", "", "2024-04", "10") for number in range(30)]
    imported(w, ledger(*more))
    at = open_ledger()
    assert "Sida, 31 kombinationer" in [box.label for box in at.selectbox]
    pick(at, "Koppla alla som står kvar på ”som nu” till", w.extra["rent"])
    pick(at, "Budgetpost för 7777 · kst 12 · vht 575", "out")
    at = press(at, "Spara kopplingarna")

    assert outcomes(w)["rent", 4] == 190
    assert ("rent", 3) not in outcomes(w)
    assert metrics(at)["Räknas inte hit"] == "2 tkr"


def test_a_whole_account_is_mapped_for_every_cost_centre(w, open_ledger):
    at = open_ledger()
    pick(at, "Budgetpost för 7777 · kst 12 · vht 575", w.extra["rent"])
    at.checkbox[0].check()
    press(at, "Spara kopplingarna")

    assert rows(LedgerMapping)[-1].model_dump(include={"account", "cost_centre", "activity"}) == {
        "account": "7777",
        "cost_centre": "",
        "activity": "",
    }


def test_a_mapping_is_moved_and_taken_away(w, open_ledger):
    at = open_ledger()
    at = at.button_group(key="ledger-which").select("Kopplade").run()
    pick(at, "Budgetpost för 4511 · kst 12 · vht 575", "none")
    at = press(at, "Spara kopplingarna")

    assert outcomes(w)["care", 3] == 0
    assert metrics(at)["På budgetposter"] == "0 tkr"


def test_saving_without_a_choice_is_told(open_ledger):
    at = press(open_ledger(), "Spara kopplingarna")
    assert "Välj minst en kombination." in said(at)


def test_somebody_elses_mapping_meanwhile_is_not_overwritten(w, open_ledger):
    at = open_ledger()
    pick(at, "Budgetpost för 7777 · kst 12 · vht 575", w.extra["rent"])
    map_to(w, "care", OTHER)
    at = press(at, "Spara kopplingarna")

    assert "Någon annan har ändrat" in " ".join(warning.value for warning in at.warning)
    assert outcomes(w)["care", 3] == 102_500


def test_corrections_stand_with_what_they_were_who_and_why(w, open_ledger):
    assert "Inget som var bokfört har ändrats." in said(open_ledger())
    corrected = [
        (*CARE, "2024-03", "90 000"),
        (*OTHER, "2024-03", "2 500"),
        (*BANK, "2024-03", "-7"),
    ]
    imported(w, ledger(*corrected), name="april.csv")

    at = open_ledger()
    assert "1 rättelse, tillsammans **−10 000 kr**" in said(at)
    shown = tables(at)[-1]
    for cell in ("Bistånd: Vård", "100 000", "90 000", "−10 000", "april.csv"):
        assert f">{cell}<" in shown


def test_every_combination_unfolds_month_by_month(open_ledger):
    at = open_ledger()
    assert not any("Huvudboken per kombination" in shown for shown in tables(at))
    at.session_state["ledger-all"] = True
    at = at.run()
    (shown,) = [one for one in tables(at) if "Huvudboken per kombination" in one]
    row = shown[shown.index("4511") :]
    for cell in ("12", "575", "Bistånd: Vård", "100 000", "100 000"):
        assert f">{cell}<" in row
        row = row[row.index(f">{cell}<") + 1 :]


def test_an_earlier_day_shows_what_was_known_then_and_no_form(open_ledger):
    at = open_ledger(per="2024-05-26")
    assert "Ingen huvudbok för 2024" in said(at)
    assert len(at.button) == 0 or "Spara kopplingarna" not in [b.label for b in at.button]


def test_managers_read_and_only_the_controller_maps(open_ledger):
    for name in ("unit_manager", "group_manager", "developer"):
        at = open_ledger(name)
        assert "7777" in tables(at)[0]
        assert "Spara kopplingarna" not in [button.label for button in at.button]


def test_without_a_ledger_the_page_says_how_it_comes(store, today, open_page):
    today(TODAY)
    made = ledger_world()
    at = open_page(PAGE, made.actors["controller"])
    assert not at.exception
    assert "läser in den på sidan Importer" in said(at)


def test_the_controller_imports_a_ledger_on_importer_and_answers_its_question(w, open_page):
    at = open_page("admin/imports.py", w.actors["controller"])
    data = ledger((*CARE, "2024-03", "110 000"), (*BANK, "2024-03", "-7"))
    at = at.file_uploader[0].upload("fil.csv", data, "text/csv").run()
    assert not at.exception
    (save,) = [button for button in at.button if button.label.startswith("Spara importen")]
    assert save.disabled
    assert "Filens summa 109 993,00 kr" in said(at)

    at = at.checkbox[0].check().run()
    (save,) = [button for button in at.button if button.label.startswith("Spara importen")]
    at = save.click().run()
    assert not at.exception
    assert outcomes(w)["care", 3] == 110_000
    (gone,) = [row for row in rows(LedgerRow, account="7777") if row.amount == Decimal(0)]
    assert gone.month == dt.date(2024, 3, 1)


def test_in_january_last_years_december_is_seen_and_mapped(w, open_ledger, today):
    today(dt.date(2025, 1, 14))
    imported(w, ledger((*OTHER, "2024-12", "3 000")))
    at = open_ledger()
    assert "1 kombination, 5 500 kr" in plain(at.warning[0].value)

    at = at.button_group(key="ledger-year-2025").set_value(2024).run()
    assert not at.warning
    assert metrics(at)["Huvudboken 2024"] == "105 tkr"
    pick(at, "Budgetpost för 7777 · kst 12 · vht 575", w.extra["rent"])
    press(at, "Spara kopplingarna")

    assert outcomes(w)["rent", 12] == 3_000
