"""Prognosrunda: what each role does, and what is told when something is wrong."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest

from core import db
from core.auth import Scope
from core.models import PrognosisRound, PrognosisRoundLine, RoundLimits, Unit
from core.queries.prognosis_rounds import round_view
from core.reports.excel import Sheet, workbook
from core.services import prognosis_rounds as rounds
from core.terms import PrognosisMethod, RoundState
from pages.common import round_parts
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run
from tests.factories_rounds import (
    MAY,
    approved,
    choose,
    filled,
    handed_over,
    line_of,
    opened,
    round_world,
    version_of,
)

PAGE = "follow_up/prognosis_round.py"


@pytest.fixture
def w(store, today):
    """A unit with two lines of 2024, on 27 May."""
    today(TODAY)
    return round_world()


@pytest.fixture
def open_round_page(w, open_page):
    """The page as somebody sees it."""

    def run_page(name="controller", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2212", "-")


def said(at):
    """Return everything that the page says in words."""
    drawn = [*at.markdown, *at.error, *at.info, *at.warning]
    tables = (html.proto.body for html in at.get("html"))
    return plain(" ".join([*(one.value for one in drawn), *tables]))


def field(boxes, start):
    (found,) = [box for box in boxes if box.label.startswith(start)]
    return found


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    at = button.click().run()
    assert not at.exception
    return at


def test_the_controller_opens_the_months_round(w, open_round_page):
    at = open_round_page()
    assert "Ingen prognosrunda för maj 2024 än" in said(at)
    at = press(at, "Öppna rundan för maj 2024")

    assert rows(PrognosisRound)[0].state is RoundState.OPEN
    assert (
        field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").value
        == "1\u202f280\u202f000"
    )
    assert "bokfört till och med april 2024" in said(at)


def test_only_the_controller_has_something_to_open_or_fill_in(w, open_round_page):
    for name in ("unit_manager", "developer", "group_manager"):
        assert [button.label for button in open_round_page(name).button] == ["Logga ut"]
    filled(w)
    at = open_round_page("unit_manager")
    assert not at.text_input
    assert "Sammanfattning" in [one.value for one in at.subheader]


def test_a_chosen_method_is_saved_with_its_amount(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    box = field(at.selectbox, "Metod för Bistånd: Placeringar")
    assert [plain(one) for one in box.options] == ["Eget belopp", "Rak framskrivning 1 320 tkr"]
    at = box.select(PrognosisMethod.RUN_RATE).run()

    row = line_of(w, round_id)
    assert (row.method, row.amount) == (PrognosisMethod.RUN_RATE, 1_320_000)
    assert (
        field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").value
        == "1\u202f320\u202f000"
    )
    assert "Kommentera: avvikelsen passerar gränsen" in said(at)


def test_a_typed_amount_and_comment_are_saved_as_they_are_left(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    at = (
        field(at.text_input, "Prognos i kronor för Bistånd: Placeringar")
        .input("1 330 000,50")
        .run()
    )
    at = field(at.text_input, "Kommentar till Bistånd: Placeringar").input("Två förlängda").run()

    row = line_of(w, round_id)
    assert (row.amount, row.comment) == (Decimal("1330000.50"), "Två förlängda")
    assert not at.error


def test_no_number_is_told_at_the_line_and_stays_typed(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1.330.000").run()

    assert "Punkt kan betyda" in said(at)
    assert field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").value == "1.330.000"
    assert line_of(w, round_id).amount == 1_280_000


def test_an_amount_in_tkr_is_questioned_and_saved_with_a_yes(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1320").run()
    assert "Menade du 1 320 000 kr?" in said(at)
    assert line_of(w, round_id).amount == 1_280_000
    at = field(at.checkbox, "Ja, 1320 kronor stämmer").check().run()

    assert line_of(w, round_id).amount == 1320
    assert not at.checkbox


def test_a_question_is_put_again_for_another_amount(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1320").run()
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1 320 000").run()
    assert line_of(w, round_id).amount == 1_320_000
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1400").run()
    assert not field(at.checkbox, "Ja, 1400 kronor").value


def test_what_is_missing_is_told_at_each_line_when_handed_over(w, open_round_page):
    round_id = opened(w)
    choose(w, line_of(w, round_id), 1_400_000)
    at = press(open_round_page(), "Lämna till enhetschefen")

    assert "Placeringar: kommentera, avvikelsen mot budgeten och ändringen" in said(at)
    assert "Bidrag: välj metod eller skriv ett belopp" in said(at)
    assert rows(PrognosisRound)[0].state is RoundState.OPEN


def test_a_round_is_not_handed_over_while_something_typed_is_not_saved(w, open_round_page):
    filled(w)
    at = open_round_page()
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1320").run()
    at = press(at, "Lämna till enhetschefen")
    assert "Det du skrev är inte sparat. Rätta eller bekräfta" in said(at)
    assert rows(PrognosisRound)[0].state is RoundState.OPEN


def test_a_filled_in_round_is_handed_over_commented_and_approved(w, open_round_page):
    round_id = filled(w)
    at = press(open_round_page(), "Lämna till enhetschefen")
    assert "Lämnad till enhetschefen" in said(at)

    at = open_round_page("unit_manager")
    at = field(at.text_input, "Din kommentar till Bistånd: Placeringar").input("Följ upp").run()
    assert line_of(w, round_id).manager_comment == "Följ upp"
    at.text_area[0].input("Bra")
    at = press(at, "Godkänn och lås")

    assert rows(PrognosisRound)[0].state is RoundState.APPROVED
    assert "Godkänd och låst" in said(at)
    assert not [one for one in at.text_input if "kommentar" in one.label]


def test_the_manager_sends_back_with_words_that_the_controller_reads(w, open_round_page):
    handed_over(w)
    at = press(open_round_page("unit_manager"), "Skicka tillbaka")
    assert "Skriv vad som behöver ändras" in said(at)
    at.text_area[0].input("Se över HVB")
    press(at, "Skicka tillbaka")
    assert "Enhetschefen skickade tillbaka:** Se över HVB" in said(open_round_page())


def test_a_round_locked_meanwhile_refuses_and_keeps_what_was_typed(w, open_round_page):
    round_id = filled(w)
    at = open_round_page()
    by = w.actors["controller"]
    run(rounds.hand_over, round_id, version=version_of(round_id), by=by)
    run(rounds.approve, round_id, version=version_of(round_id), by=w.manager)
    at = field(at.text_input, "Kommentar till Bistånd: Placeringar").input("Min nya text").run()

    assert "Rundan är godkänd och låst" in said(at)
    assert "Min nya text" in said(at)
    at = press(at, "Jag har sett det: Bistånd: Placeringar")
    assert "Min nya text" not in said(at)


def test_two_people_in_one_line_choose_between_both(w, open_round_page):
    round_id = opened(w)
    first, second = open_round_page(), open_round_page()
    field(first.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1 300 000").run()
    at = (
        field(second.text_input, "Prognos i kronor för Bistånd: Placeringar")
        .input("1 310 000")
        .run()
    )
    assert "medan du skrev" in said(at)
    assert "1 310 000" in said(at)
    assert line_of(w, round_id).amount == 1_300_000
    at = press(at, "Spara mina ändringar")
    assert line_of(w, round_id).amount == 1_310_000

    at = (
        field(first.text_input, "Prognos i kronor för Bistånd: Placeringar")
        .input("1 290 000")
        .run()
    )
    at = press(at, "Behåll det sparade")
    assert (
        field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").value
        == "1\u202f310\u202f000"
    )
    assert line_of(w, round_id).amount == 1_310_000


def test_somebody_elses_save_fills_in_fields_that_hold_nothing_unsaved(w, open_round_page):
    round_id = opened(w)
    at = open_round_page()
    choose(w, line_of(w, round_id), 1_290_000, "Av kollegan")
    at = at.run()
    assert field(at.text_input, "Kommentar till Bistånd: Placeringar").value == "Av kollegan"


def test_a_new_version_shows_what_differs(w, open_round_page):
    approved(w)
    at = press(open_round_page(), "Öppna en ny version")
    at = field(at.text_input, "Prognos i kronor för Bistånd: Placeringar").input("1 350 000").run()
    assert "Ändrad mot förra versionen, 1 320 000 kr" in said(at)
    assert "Förra versionen" in said(at)

    at.button_group(key="round-version-2024-05-01").select(1).run()
    assert not [one for one in at.text_input if one.label.startswith("Prognos i kronor")]


def test_the_summary_has_sums_by_section_and_for_the_unit(w, open_round_page):
    filled(w)
    shown = said(open_round_page("unit_manager"))
    row = shown[shown.index("Hela enheten") :]
    for cell in ("1 000 000", "440 000", "–", "1 120 000", "-120 000"):
        assert f">{cell}<" in row
        row = row[row.index(cell) :]
    assert "Summa Bistånd" in shown
    assert "Två vårdplaner förlängda" in shown


def test_the_limits_are_changed_by_the_controller(w, open_round_page):
    filled(w)
    at = open_round_page()
    title = "När måste en post kommenteras?"
    at.session_state[title] = True
    at = at.run()
    field(at.text_input, "Avvikelse mot budget, kronor").input("200 000")
    at = press(at, "Spara gränserna")
    assert rows(RoundLimits)[0].deviation == 200_000
    assert "större än 200 000 kr" in said(at)


def test_an_earlier_month_is_chosen_and_kept_in_the_address(w, open_round_page):
    at = open_round_page(manad="2024-04")
    assert "Ingen prognosrunda för april 2024" in said(at)
    field(at.selectbox, "Månad").select(make.day("2024-03-01")).run()
    assert at.query_params["manad"] == "2024-03"
    assert "har ingen runda att visa" in said(open_round_page(manad="2029-01"))


def test_new_figures_are_fetched(w, open_round_page):
    round_id = opened(w)
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        money.line(session, unit, 50_000, name="Ny")
    press(open_round_page(), "Hämta nya siffror")
    assert len(rows(PrognosisRoundLine, round_id=round_id)) == 3


def test_figures_fetched_on_a_later_day_are_no_change_by_somebody_else(w, open_round_page, today):
    round_id = filled(w)
    at = open_round_page()
    today(TODAY + timedelta(days=1))
    at = press(at, "Hämta nya siffror")
    at = press(at, "Lämna till enhetschefen")

    assert "Någon annan" not in said(at)
    assert rows(PrognosisRound, id=round_id)[0].state is RoundState.SUBMITTED


def test_one_months_round_is_handed_over_after_a_look_at_another_one(w, open_round_page):
    round_id, other = filled(w), opened(w, make.day("2024-04-20"))
    run(rounds.refresh, round_id, version=version_of(round_id), by=w.actors["controller"])
    with db.write() as session:
        session.get_one(PrognosisRound, other).made_on = make.day("2024-04-29")
    assert version_of(other) != version_of(round_id)
    at = open_round_page(manad="2024-04")
    at = field(at.selectbox, "Månad").select(MAY).run()
    press(at, "Lämna till enhetschefen")

    assert rows(PrognosisRound, id=round_id)[0].state is RoundState.SUBMITTED


def test_the_method_nearest_in_closed_years_stands_at_its_line(w, open_round_page):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        line = money.line(session, unit, 1_200_000, year=2023)
        for month in range(1, 13):
            first = make.day(f"2023-{month:02}-01")
            booked_on = (
                first.replace(day=28) if month == 12 else make.day(f"2023-{month + 1:02}-09")
            )
            money.outcome(session, line, first, 100_000 + 1000 * month, max(booked_on, first))
    opened(w)
    # After May, April is booked: 102 500 a month against 106 500.
    assert "Närmast förr: rak framskrivning, 3,8 % fel" in said(open_round_page())


def test_the_workbook_has_the_same_sums_as_the_page(w):
    approved(w)
    with db.read() as session:
        view = round_view(session, Scope(w.unit_id), month=MAY)
    made = workbook(Sheet("Runda", round_parts.frame(view), round_parts.SUMMARY, "källa", TODAY))
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    heads, *body = list(sheet.iter_rows(min_row=4, values_only=True))
    lines = [dict(zip(heads, row, strict=True)) for row in body]
    total = lines.pop()
    section = lines.pop()

    assert (total["Avsnitt"], section["Avsnitt"]) == ("Hela enheten", "Summa Bistånd")
    for head in ("Budget", "Prognos", "Avvikelse"):
        assert total[head] == section[head] == sum(line[head] for line in lines)
    assert (total["Prognos"], total["Avvikelse"]) == (view.total.amount, view.total.deviation)
