"""Budget och prognos: what is shown, and what the controller enters."""

from decimal import Decimal

import pytest

from core import db
from core.models import BudgetLine, Outcome, PlacementKind, Prognosis, Unit
from core.services import budget
from core.services import prognosis_rounds as rounds
from core.services.budget import NewPrognosis
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

PAGE = "follow_up/budget.py"


@pytest.fixture
def w(store, today):
    """A unit with two lines; one has outcome through March and a prognosis above its budget."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        placed = money.line(session, unit, 1_200_000)
        made.extra["line"] = placed.id
        made.extra["income"] = money.line(session, unit, -200_000, name="Bidrag").id
        made.extra["kind"] = money.kind(session, unit).id
        for month in (1, 2, 3):
            first = make.day(f"2024-0{month}-01")
            money.outcome(session, placed, first, 110_000, make.day(f"2024-0{month + 1}-10"))
        money.prognosis(session, placed, 1_320_000, make.day("2024-04-15"), comment="fler boende")
    return made


@pytest.fixture
def open_budget(w, open_page):
    """The page as somebody sees it."""

    def run_page(name="controller", **query):
        at = open_page(PAGE, w.actors[name], **query)
        assert not at.exception
        return at

    return run_page


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def tables(at):
    """Return what the page's tables say."""
    bodies = (html.proto.body for html in at.get("html"))
    return plain("".join(body for body in bodies if "rt-table" in body))


def metrics(at):
    return {metric.label: plain(metric.value) for metric in at.metric}


def said(at):
    return plain(" ".join(m.value for m in at.markdown))


def pick(at, label, value):
    (box,) = [box for box in at.selectbox if box.label == label]
    return box.select(value)


def write(at, label, value):
    (field,) = [field for field in at.text_input if field.label == label]
    return field.input(value)


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def unfold(at, title):
    """Open a form that is folded."""
    at.session_state[title] = True
    return at.run()


def choose(at, line_id, what):
    """Choose a line and what to enter on it."""
    unfold(at, "Skriv in utfall eller prognos")
    pick(at, "Budgetpost", line_id).run()
    return at.button_group(key=f"budget-write-{line_id}").select(what).run()


def test_each_line_stands_with_its_deviation_in_kronor_share_and_word(open_budget):
    shown = tables(open_budget())

    row = shown[shown.index("Placeringar") :]
    for cell in ("1 200 000", "330 000", "1 320 000", "−120 000", "−10,0 %", "▼ underskott"):
        assert f">{cell}<" in row
        row = row[row.index(cell) :]
    assert "saknar prognos" in shown
    assert "Hela enheten" in shown
    assert "fler boende" in shown


def test_the_total_has_no_prognosis_until_every_line_has_one(w, open_budget):
    at = open_budget()
    assert metrics(at) == {
        "Budget 2024": "1 000 tkr",
        "Utfall": "330 tkr",
        "Prognos helår": "–",
        "Avvikelse mot budget": "–",
    }
    assert "1 post saknar prognos" in said(at)
    assert "bokfört till och med mars 2024" in said(at)

    new = NewPrognosis(Decimal(-200_000), TODAY)
    run(budget.set_prognosis, w.extra["income"], new, by=w.actors["controller"])

    at = open_budget("unit_manager")
    assert metrics(at)["Avvikelse mot budget"] == "−120 tkr"
    assert "Underskott" in said(at)
    assert "−12,0 % av budgeten" in said(at)


def test_managers_read_and_only_the_controller_enters(open_budget):
    for name in ("unit_manager", "group_manager", "developer"):
        at = open_budget(name)
        assert "Placeringar" in tables(at)
        assert len(at.expander) == 0
    assert len(open_budget().expander) == 4


def test_an_earlier_day_shows_what_was_known_then_and_no_forms(open_budget):
    at = open_budget(per="2024-03-31")

    assert metrics(at)["Utfall"] == "220 tkr"
    assert len(at.expander) == 0


def test_the_controller_books_the_next_months_outcome(w, open_budget):
    at = choose(open_budget(), w.extra["line"], "Utfall")
    write(at, "Utfall för månaden, kronor", "112 345,50")
    at = press(at, "Spara utfall")

    booked = rows(Outcome)[-1]
    assert (booked.month, booked.amount, booked.booked_on) == (
        make.day("2024-04-01"),
        Decimal("112345.50"),
        TODAY,
    )
    assert metrics(at)["Utfall"] == "442 tkr"


def test_the_controller_makes_a_prognosis_with_the_computed_ones_beside(w, open_budget):
    at = choose(open_budget(), w.extra["line"], "Prognos")
    assert "rak framskrivning 1 320 000 kr" in said(at)
    assert "Rundan för" not in " ".join(box.value for box in at.info)
    write(at, "Prognos för hela året, kronor", "−1 250 000 kr")
    at.text_area[0].input("vi räknar om")
    at = press(at, "Spara prognos")

    assert rows(Prognosis)[-1].amount == -1_250_000
    assert rows(Prognosis)[-1].comment == "vi räknar om"
    assert "−1 250 000" in tables(at)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Ange ett belopp i kronor"),
        ("1.250", "Punkt kan betyda både"),
        ("mycket", "Skriv ett tal"),
        ("10,005", "Högst 2 decimaler"),
    ],
)
def test_a_wrong_amount_is_refused_and_keeps_what_was_typed(w, open_budget, typed, message):
    at = choose(open_budget(), w.extra["line"], "Prognos")
    at.text_area[0].input("står kvar")
    write(at, "Prognos för hela året, kronor", typed)
    at = press(at, "Spara prognos")

    assert message in said(at)
    assert at.text_area[0].value == "står kvar"
    assert len(rows(Prognosis)) == 1


def test_the_controller_changes_a_lines_budget_and_adds_a_line(w, open_budget):
    at = choose(open_budget(), w.extra["line"], "Budgetbelopp")
    fields = [f for f in at.text_input if f.label == "Budget för hela året, kronor"]
    fields[0].input("1 300 000")
    at = press(at, "Spara budget")
    assert metrics(at)["Budget 2024"] == "1 100 tkr"

    at = unfold(open_budget(), "Lägg till en budgetpost")
    write(at, "Avsnitt", "Beroende")
    write(at, "Budgetpost", "HVB")
    write(at, "Budget för hela året, kronor", "100 000")
    at = press(at, "Lägg till")
    assert metrics(at)["Budget 2024"] == "1 200 tkr"
    assert rows(BudgetLine)[-1].section == "Beroende"


def test_the_controller_says_which_line_pays_a_kind_of_placement(w, open_budget):
    at = unfold(open_budget(), "Vilken post betalar placeringarna?")
    pick(at, "Betalas av", w.extra["line"])
    at = press(at, "Spara")

    (kind,) = rows(PlacementKind)
    assert (kind.budget_section, kind.budget_line) == ("Bistånd", "Placeringar")


def test_without_a_budget_the_page_says_who_adds_it(store, today, open_page):
    today(TODAY)
    w = world()

    assert "Ingen budget för 2024" in open_page(PAGE, w.manager).info[0].value
    at = open_page(PAGE, w.actors["controller"])
    assert len(at.expander) == 2


def test_a_prognosis_in_tkr_is_questioned_at_the_form_and_saved_with_a_yes(w, open_budget):
    at = choose(open_budget(), w.extra["line"], "Prognos")
    write(at, "Prognos för hela året, kronor", "1 250")
    at = press(at, "Spara prognos")
    assert "Menade du 1 250 000 kr?" in said(at)
    assert len(rows(Prognosis)) == 1
    at.checkbox[0].check()
    press(at, "Spara prognos")

    assert rows(Prognosis)[-1].amount == 1250


def test_while_the_month_has_a_round_a_single_prognosis_says_what_it_is(w, open_budget):
    run(rounds.open_round, TODAY, by=w.actors["controller"])
    at = choose(open_budget(), w.extra["line"], "Prognos")
    told = " ".join(box.value for box in at.info)
    assert "Rundan för maj 2024 är påbörjad" in told
    assert "godkänns inte av enhetschefen" in told
    assert "Prognosrundan för maj 2024 är påbörjad" in said(at)


def test_it_stands_how_the_prognosis_moved_and_why(w, open_budget):
    new = NewPrognosis(Decimal(1_350_000), TODAY, "Två vårdplaner")
    run(budget.set_prognosis, w.extra["line"], new, by=w.actors["controller"])
    shown = tables(open_budget("unit_manager"))
    row = shown[shown.index("Varför prognoserna har ändrats") :]
    for cell in ("1 320 000", "1 350 000", "30 000", "Två vårdplaner"):
        assert f">{cell}<" in row
        row = row[row.index(cell) :]


def test_earlier_years_results_stand_with_their_source(w, open_budget):
    assert "Tidigare års resultat" not in tables(open_budget())
    at = unfold(open_budget(), "Skriv in ett tidigare års resultat")
    write(at, "Resultat mot budget, kronor", "−6 000 000")
    write(at, "Dokument", "Kvalitetsredovisning 2023")
    at = press(at, "Spara resultatet")

    shown = tables(at)
    row = shown[shown.index("Tidigare års resultat") :]
    for cell in ("2023", "−6 000 000", "underskott", "Kvalitetsredovisning 2023"):
        assert f">{cell}<" in row
        row = row[row.index(cell) :]


def test_in_january_last_years_december_is_typed_in(w, open_budget, today):
    today(make.day("2025-01-14"))
    at = unfold(open_budget(), "Skriv in utfall för 2024")
    at = pick(at, "Budgetpost förra året", w.extra["line"]).run()
    pick(at, "Månad", make.day("2024-12-01"))
    write(at, "Utfall för månaden, kronor", "99 000")
    press(at, "Spara utfall")

    saved = rows(Outcome, month=make.day("2024-12-01"))
    assert [(row.line_id, row.amount) for row in saved] == [(w.extra["line"], 99_000)]
    today(make.day("2025-05-02"))
    assert "Skriv in utfall för 2024" not in [one.label for one in open_budget().expander]
