"""Untidy layouts: headings wherever they stand, rows told apart, sums compared, nothing guessed."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports import runs, told
from core.imports.amounts import amount_of, kronor_a_day
from core.imports.files import FileRefusedError
from core.imports.kinds import CellError
from core.imports.layouts import ColumnsNeededError, Why
from core.imports.loose_headings import key_of
from core.imports.registry import KINDS
from core.queries.column_mappings import NOT_READ
from core.terms import ImportKind
from tests.factories_imports import csv_of
from tests.factories_workbooks import HEADINGS, Listed, Ugly, plain, sum_row

KIND = KINDS[ImportKind.PLACEMENTS]


def read(made, headings=None):
    data = made if isinstance(made, bytes) else made.bytes()
    name = "lista.xlsx" if data.startswith(b"PK") else "lista.csv"
    return runs.read_file(KIND, name, data, headings=headings).checked


def asked(made, headings=None):
    """Return what a person must say first, and the layout that is shown."""
    with pytest.raises(ColumnsNeededError) as raised:
        read(made, headings)
    return str(raised.value), raised.value.layout


def whys(checked):
    return {(one.rows, one.why) for one in checked.layout.skipped}


def listed(number, **fields):
    return Listed(f"PL-{number:04}", f"AR-{number:04}", **fields)


# Amounts


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 850 kr/dygn", 1850),
        ("1.850:-", 1850),
        ("1850:-/dygn", 1850),
        ("1\u202f850,50 kr", "1850.5"),
        ("1.850,50", "1850.5"),
        ("1.234.567 kr", 1234567),
        ("kr 1 850", 1850),
        ("1 850,-", 1850),
        ("1850 SEK per dygn", 1850),
        ("1850 kr / natt", 1850),
        (1850.25, "1850.25"),
        (1850, 1850),
    ],
)
def test_kronor_are_read_as_people_write_them(written, amount):
    assert kronor_a_day(written) == Decimal(amount)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1.850", "decimaler och tusental"),
        ("1,850", "decimaler och tusental"),
        ("1,850 kr", "decimaler och tusental"),
        ("55 500 kr/mån", "är per mån, inte per dygn"),
        ("450 kr/tim", "är per tim"),
        ("ca 1850", "inget belopp"),
        ("1 850 - 1 950", "inget belopp"),
        ("1850 + moms", "inget belopp"),
        ("1 850,505", "för många decimaler"),
        (True, "inget tal"),
    ],
)
def test_what_could_be_another_amount_is_refused(written, said):
    with pytest.raises(CellError, match=said):
        kronor_a_day(written)


def test_a_number_is_found_whatever_it_is_per_and_a_text_is_none():
    assert amount_of("12 kr/mån") == 12
    assert amount_of("12 st") is None
    assert amount_of(True) is None
    assert amount_of(dt.date(2024, 1, 1)) is None


# Headings


def test_headings_may_be_merged_over_two_rows():
    made = Ugly()
    made.write("Placering", "Ärende", "Tid", None, "Kostnad", None)
    made.write(None, None, "Från", "Planerat slut", "Pris/dygn", "Summa")
    for span in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
        made.page.merge_cells(span)
    made.write("PL-0001", "AR-0001", "2024-02-01", "tillsvidare", 1850, 99)
    checked = read(made)
    assert checked.layout.headings == (1, 2)
    (row,) = checked.rows
    assert row["planned_end_on"] == "tills vidare"
    assert row["day_rate"] == 1850


def test_headings_in_two_rows_that_are_not_merged():
    made = Ugly()
    made.write("Placerings-", "Ärende", "Dygns-", "Planerat")
    made.write("nummer", None, "kostnad", "slut")
    made.write("PL-0001", "AR-0001", 1850, "2024-02-29")
    checked = read(made, {"placerings- nummer": "reference", "dygns- kostnad": "day_rate"})
    (row,) = checked.rows
    assert (row["reference"], row["day_rate"]) == ("PL-0001", 1850)
    assert row["planned_end_on"] == dt.date(2024, 2, 29)
    assert checked.layout.headings == (1, 2)


def test_what_stands_right_under_the_headings_is_no_row():
    made = Ugly()
    made.write(*HEADINGS)
    made.write(None, "referens", None, None, None, None, "antal", "datum", "datum", "datum", "kr")
    made.write(*listed(1).cells())
    checked = read(made)
    assert [row.number for row in checked.rows] == [3]
    assert ("2", Why.HEADINGS) in whys(checked)


def test_unknown_headings_are_shown_so_that_a_person_can_say_what_they_are():
    made = Ugly()
    made.wide("Lista 2024", 4)
    made.write("Akt", "Insats", "Börjar", "Taxa")
    made.write("AR-0001", "HVB", "2024-02-01", "1 850")
    made.write("AR-0002", "HVB", "2024-03-01", "1 950")
    said, layout = asked(made)
    assert "Ingen kolumn är ”Placering” eller ”Ärende” eller ”Från”." in said
    assert [(c.letter, c.title, c.name, c.examples) for c in layout.columns] == [
        ("A", "Akt", None, ("AR-0001", "AR-0002")),
        ("B", "Insats", None, ("HVB",)),
        ("C", "Börjar", None, ("2024-02-01", "2024-03-01")),
        ("D", "Taxa", None, ("1 850", "1 950")),
    ]
    chosen = {"akt": "case", "insats": "kind", "börjar": "starts_on", "taxa": NOT_READ}
    checked = read(made, chosen)
    assert [row["case"] for row in checked.rows] == ["AR-0001", "AR-0002"]
    assert checked.layout.not_understood == ()
    assert all(column.remembered for column in checked.layout.columns)


@pytest.mark.parametrize("heading", ["T.o.m.", "Slutdatum", "Till", "SLUT"])
def test_an_end_that_could_be_planned_or_real_is_asked_about(heading):
    made = plain(listed(1), headings=[h if h != "Planerat slut" else heading for h in HEADINGS])
    said, _layout = asked(made)
    assert "kan vara planerat slut eller dagen då placeringen avslutades" in said
    checked = read(made, {key_of(heading): "planned_end_on"})
    assert checked.rows[0]["planned_end_on"] == dt.date(2024, 8, 31)


def test_two_headings_for_one_column_are_asked_about():
    made = Ugly()
    made.write("Ärende", "Från", "Startdatum")
    made.write("AR-0001", "2024-02-01", "2024-03-01")
    said, _layout = asked(made)
    assert "”Från” och ”Startdatum” kan båda betyda ”Från”. Välj en av dem." in said
    checked = read(made, {"startdatum": "starts_on"})
    assert checked.rows[0]["starts_on"] == dt.date(2024, 3, 1)
    assert [c.title for c in checked.layout.columns if c.name == NOT_READ] == ["Från"]
    both = {"från": "starts_on", "startdatum": "starts_on"}
    assert "Välj en av dem" in asked(made, both)[0]


def test_the_same_heading_twice_is_two_columns_to_choose_from():
    made = Ugly()
    made.write("Ärende", "Från", "Datum", "Datum")
    made.write("AR-0001", "2024-02-01", "2024-01-20", "2024-05-01")
    checked = read(made, {"datum (2)": "ended_on"})
    assert checked.rows[0]["ended_on"] == dt.date(2024, 5, 1)
    assert [c.title for c in checked.layout.not_understood] == ["Datum"]


def test_a_column_without_a_heading_is_told_when_it_has_several_values():
    made = plain()
    made.write(*listed(1).cells(), "ja")
    made.write(*listed(2).cells(), "nej")
    checked = read(made)
    assert "Kolumn N ”kolumn N” känns inte igen och läses inte." in list(told.reading_of(checked))
    assert read(made, {"kolumn n": "confirmed"}).rows[0]["confirmed"] is True


def test_a_heading_with_a_personal_number_is_refused():
    with pytest.raises(FileRefusedError, match="personnummer"):
        read(plain(listed(1), headings=[*HEADINGS[:-1], "811228-9874"]))


def test_a_heading_may_be_a_month():
    made = plain(headings=[*HEADINGS, dt.date(2024, 1, 1), 2023])
    made.write(*listed(1).cells(), 57_350, 100)
    checked = read(made)
    assert [row["reference"] for row in checked.rows] == ["PL-0001"]
    assert [c.title for c in checked.layout.not_understood] == ["2024-01-01", "2023"]


def test_a_sheet_without_any_headings_is_refused():
    made = Ugly()
    made.write(1, 2, 3)
    with pytest.raises(FileRefusedError, match="ingen rad med kända rubriker") as refused:
        read(made)
    assert "Minst de här behövs: ”Placering” eller ”Ärende” eller ”Från”." in str(refused.value)


def test_headings_alone_are_no_list():
    with pytest.raises(FileRefusedError, match="inga rader under dem"):
        read(plain())


def test_the_sheet_with_the_list_is_found_and_the_others_are_told():
    made = plain(listed(1))
    made.book.create_sheet("Läs mig", 0)["A1"] = "Fråga assistenten"
    made.book.create_sheet("811228-9874")["A1"] = "x"
    made.book.active = 1
    checked = read(made)
    assert checked.layout.sheet == "Sheet"
    assert checked.notes == (
        "Bladet ”Läs mig” läses inte. Ska det med, så spara det som en egen fil.",
    )


# Rows


def test_headings_that_come_again_are_passed_over_and_others_are_refused():
    made = plain(listed(1))
    made.write(*HEADINGS)
    made.write(*listed(2).cells())
    checked = read(made)
    assert [row.number for row in checked.rows] == [2, 4]
    assert ("3", Why.AGAIN) in whys(checked)
    made.write("Ärende", "Placering", "Från", "Slag")
    (wrong,) = read(made).wrong.values()
    assert "en rubrikrad med andra kolumner" in wrong[1][0].message


def test_cells_merged_downwards_hold_in_each_row():
    made = plain()
    for number in (1, 2):
        made.write(*listed(number).cells())
    made.page.cell(3, 2).value = None
    made.page.merge_cells("B2:B3")
    checked = read(made)
    assert [row["case"] for row in checked.rows] == ["AR-0001", "AR-0001"]
    assert "Cellerna B2:B3 är sammanslagna: värdet gäller varje rad" in " ".join(checked.notes)


def test_a_row_with_a_reference_is_never_passed_over():
    made = plain(listed(1))
    made.write("PL-0002")
    made.write(None, None, "Totalt AB", None, None, None, None, dt.date(2024, 2, 1))
    checked = read(made)
    numbers = {row.number for row in checked.rows} | set(checked.wrong)
    assert numbers == {2, 3, 4}


def test_hidden_rows_are_read_and_told():
    made = plain(listed(1), listed(2))
    made.page.row_dimensions[3].hidden = True
    checked = read(made)
    assert len(checked.rows) == 2
    assert checked.notes == ("Dolda rader läses också (rad 3).",)


def test_averages_and_counts_are_told_and_not_compared():
    made = plain(listed(1), listed(2))
    made.write(*sum_row("Snitt per dygn", 17))
    made.write(*sum_row("Antal placeringar", 9))
    made.write(*sum_row(None, 3700))
    checked = read(made)
    assert {("4", Why.COMPUTED), ("5", Why.COMPUTED), ("6", Why.SUM)} <= whys(checked)
    assert checked.notes == ()


def test_a_sum_of_a_column_with_something_unread_says_which_row():
    made = plain(listed(1), listed(2, rate="se avtal"))
    made.write(*sum_row("Summa", 3700))
    (note,) = read(made).notes
    assert note == (
        "Rad 4, ”Dygnskostnad”: summaraden säger 3 700, raderna ger 1 850. "
        "Rad 3 har där något som inte är ett tal."
    )


def test_a_sum_that_nobody_has_computed_is_not_compared():
    made = plain(listed(1))
    made.write(*sum_row("Summa", "=SUM(K2:K2)"))
    checked = read(made)
    assert checked.notes == ()
    assert ("3", Why.SUM) in whys(checked)


def test_a_file_with_too_many_rows_is_refused(monkeypatch):
    from core.imports import loose_sheets

    monkeypatch.setattr(loose_sheets, "MOST_ROWS", 3)
    with pytest.raises(FileRefusedError, match="fler än 3 rader"):
        read(plain(*map(listed, range(5))))


# Any mess


CELLS = {
    "rate": lambda n: [n, f"{n} kr/dygn", f"{n}:-", f"{n} kr", f"{n},00"],
    "start": lambda d: [d, d.isoformat(), f"fr.o.m. {d.isoformat()}", d.strftime("%Y%m%d")],
}
NOISE = [
    ("Summa", lambda whole: sum_row("Summa", whole)),
    ("", lambda _whole: [None]),
    ("heading", lambda _whole: ["Vuxna"]),
    ("again", lambda _whole: list(HEADINGS)),
    ("note", lambda _whole: [None, None, "* se bilaga"]),
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shuffled_and_dirty_layouts_read_to_the_same_rows_or_are_refused(data):
    count = data.draw(st.integers(1, 6))
    days = st.dates(dt.date(2024, 2, 1), dt.date(2024, 5, 1))
    facts = [(data.draw(st.integers(100, 9_999)), data.draw(days)) for _ in range(count)]
    order = data.draw(st.permutations(range(len(HEADINGS))))
    made = Ugly()
    for _ in range(data.draw(st.integers(0, 3))):
        made.write(data.draw(st.sampled_from(["Placeringslista", "Hemligt", None])))
    made.write(*(HEADINGS[place] for place in order))
    top, whole = made.row, 0
    for number, (rate, day) in enumerate(facts, start=1):
        label, noise = data.draw(st.sampled_from(NOISE))
        if label != "heading" or data.draw(st.booleans()):
            cells = noise(whole)
            cells += [None] * (len(HEADINGS) - len(cells))
            if made.row > top:
                made.write(*(cells[place] for place in order))
        cells = listed(
            number,
            rate=data.draw(st.sampled_from(CELLS["rate"](rate))),
            starts_on=data.draw(st.sampled_from(CELLS["start"](day))),
        ).cells()
        made.write(*(cells[place] for place in order))
        whole += rate
    checked = read(made)
    assert checked.wrong == {}
    assert [(row["reference"], row["day_rate"], row["starts_on"]) for row in checked.rows] == [
        (f"PL-{number:04}", rate, day) for number, (rate, day) in enumerate(facts, start=1)
    ]
    told_of = {n for one in checked.layout.skipped for n in range(one.first, one.last + 1)}
    read_rows = {row.number for row in checked.rows}
    headings = set(checked.layout.headings)
    rest = set(range(1, made.row + 1)) - told_of - read_rows - headings
    assert all(number < top for number in rest), "only blank rows above the headings go untold"
    assert not any("summaraden säger" in note for note in checked.notes)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.text("Äaå s.S-1/2", max_size=8),
                st.integers(-5, 99_999),
                st.dates(dt.date(1999, 1, 1), dt.date(2050, 1, 1)).map(str),
                st.sampled_from([*HEADINGS, "Summa", "Totalt", "tills vidare", "PL-0001"]),
            ),
            max_size=8,
        ),
        max_size=12,
    )
)
def test_any_table_is_read_whole_or_refused_with_words(table):
    data = csv_of(*[["" if cell is None else cell for cell in row] for row in table])
    try:
        checked = runs.read_file(KIND, "lista.csv", data).checked
    except FileRefusedError:
        return
    numbers = [row.number for row in checked.rows] + list(checked.wrong)
    skipped = {n for one in checked.layout.skipped for n in range(one.first, one.last + 1)}
    assert len(numbers) == len(set(numbers))
    assert not {row.number for row in checked.rows} & skipped
    last = max(numbers)
    covered = set(numbers) | skipped | set(checked.layout.headings)
    first = checked.layout.headings[0]
    assert set(range(first, last + 1)) <= covered, "every row is read or told of"
