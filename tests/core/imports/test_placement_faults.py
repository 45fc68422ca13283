"""What is wrong with a placement list is told at its column, and who may import which rows."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError
from core.clock import fix_today
from core.imports.kinds import Effect
from core.imports.undoing import undo
from core.models import (
    AuditEvent,
    DayRate,
    Placement,
)
from core.services.base import RefusedError
from tests import factories_money as money
from tests.core.imports.placement_lists import (
    SECTIONS,
    effects,
    fault,
    one,
    people,
    preview,
    read,
    save,
    skipped,
)
from tests.factories_cases import TODAY, rows, run
from tests.factories_imports import csv_of
from tests.factories_workbooks import HEADINGS, plain, ugly_list


@pytest.fixture
def unit(store):
    """A unit with two kinds of placement and four cases, on a day in May."""
    fix_today(TODAY)
    yield people()
    fix_today(None)


# What is wrong


@pytest.mark.parametrize(
    ("fields", "column", "said"),
    [
        ({"rate": 0}, "day_rate", "måste vara mer än 0"),
        ({"rate": 185_000}, "day_rate", "ovanligt mycket"),
        ({"rate": 12}, "day_rate", "ovanligt lite"),
        ({"rate": "1.850"}, "day_rate", "både decimaler och tusental"),
        ({"rate": "55 500 kr/mån"}, "day_rate", "är per mån, inte per dygn"),
        ({"starts_on": "5/3 2024"}, "starts_on", "inget datum"),
        ({"planned_end": dt.date(2024, 1, 31)}, "planned_end_on", "kan inte sluta innan"),
        ({"ended_on": dt.date(2024, 1, 31)}, "ended_on", "kan inte sluta innan den börjar"),
        ({"ended_on": dt.date(2024, 6, 30)}, "ended_on", "ligga efter i dag"),
        ({"decided_on": dt.date(2024, 6, 30)}, "decided_on", "ligga efter i dag"),
        ({"starts_on": dt.date(2024, 1, 1)}, "starts_on", "Ärendet öppnades 2024-01-10"),
        ({"kind": "Slott"}, "kind", "inget slag av placering i enheten. Skriv något av: HVB"),
        ({"basis": "SoL/LVM"}, "legal_basis", "inget lagrum"),
        ({"contract": "muntligt"}, "contract", "inget avtal. Skriv något av: ramavtal"),
        ({"case": "AR-9999"}, "case", "Ärendet finns inte i enheten"),
        ({"provider": None}, "provider", "Ange utförare"),
        ({"reference": "Björkens hem"}, "reference", "ingen referens till en placering"),
        ({"reference": "PL1234567890"}, "reference", "tio siffror"),
        (
            {"starts_on": dt.date(2024, 7, 1), "decided_on": None},
            "decided_on",
            "Ange när den beslutades",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_column(unit, fields, column, said):
    found = fault(unit, one(**fields))
    assert found[0] == column
    assert said in found[1]


@pytest.mark.parametrize(
    ("fields", "column", "said"),
    [
        ({"case": "AR-0002"}, "case", "finns redan med AR-0001"),
        ({"kind": "Hotell"}, "kind", "finns redan med HVB"),
        ({"basis": "LVM"}, "legal_basis", "finns redan med SoL"),
        ({"children": 3}, "children", "finns redan med 0"),
        ({"starts_on": dt.date(2024, 2, 2)}, "starts_on", "finns redan med 2024-02-01"),
        ({"provider": "Granen"}, "decided_on", "senaste beslutet är från 2024-01-25"),
        ({"rate": 0}, "day_rate", "måste vara mer än 0"),
        ({"rate": 3701}, "day_rate", "går från 1\u202f850 kr till 3\u202f701 kr"),
    ],
)
def test_what_does_not_agree_with_a_placement_is_told(unit, fields, column, said):
    save(unit, plain(one()).bytes())
    found = fault(unit, one(**fields))
    assert found[0] == column
    assert said in found[1]


def test_an_unusual_amount_goes_through_with_a_yes_and_is_not_asked_about_again(unit):
    ugly = plain(headings=[*HEADINGS, "Bekräftat"])
    ugly.write(*one(rate=12_500).cells(), "ja")
    save(unit, ugly.bytes())
    assert rows(DayRate)[0].amount == 12_500
    assert effects(unit, one(rate=12_500))[0][0] is Effect.UNCHANGED


def test_an_ended_placement_stays_as_it_ended(unit):
    save(unit, plain(one(ended_on=dt.date(2024, 5, 20))).bytes())
    assert fault(unit, one(ended_on=dt.date(2024, 5, 21)))[0] == "ended_on"
    assert fault(unit, one(ended_on=dt.date(2024, 5, 20), rate=1900))[0] == "rate_from"
    late = one(ended_on=dt.date(2024, 5, 20), provider="Granen", decided_on=dt.date(2024, 5, 25))
    assert fault(unit, late)[0] == "decided_on"


def test_the_same_placement_twice_in_a_file_is_refused(unit):
    assert fault(unit, one(), one(rate=1900))[0] == "reference"
    save(unit, plain(one()).bytes())
    assert "Rad 2 handlar om samma sak" in fault(unit, one(), one(rate=1900))[1]


# Who may


def test_a_group_manager_reaches_the_own_groups_cases_only(unit):
    other = one(case="AR-0004")
    assert fault(unit, other, who="group_manager") == (
        "case",
        "Ärendet finns inte bland gruppens ärenden. Registrera eller importera det först.",
    )
    save(unit, plain(other).bytes())
    column, said = fault(unit, other, who="group_manager")
    assert (column, "AR-0004" in said) == ("reference", False)
    assert effects(unit, other, who="other_group_manager")[0][0] is Effect.UNCHANGED


@pytest.mark.parametrize("role", ["caseworker", "controller", "reader", "admin"])
def test_who_does_not_manage_placements_imports_none(unit, role):
    with pytest.raises(PermissionDeniedError):
        preview(unit, plain(one()).bytes(), role)


def test_an_import_is_one_event(unit):
    before = len(rows(AuditEvent))
    save(unit, ugly_list(*SECTIONS).bytes())
    (event,) = rows(AuditEvent)[before:]
    assert (event.action, event.details["created"]) == ("import", 3)


def test_undo_names_the_placement_that_has_changed_since(unit):
    run_id = save(unit, plain(one()).bytes())
    placement = rows(Placement)[0]
    with db.write() as session:
        money.decide(session, placement, dt.date(2024, 5, 1))
    with pytest.raises(RefusedError, match="placeringen PL-0101"):
        run(undo, run_id, by=unit.manager)


def test_a_csv_file_is_read_as_well(unit):
    listed = [["" if cell is None else cell for cell in one().cells()]]
    data = csv_of(HEADINGS, *listed, ["", *[""] * 12], ["Summa", *[""] * 9, "1850", "", ""])
    checked = read(data, "lista.csv").checked
    assert [row["day_rate"] for row in checked.rows] == [1850]
    assert skipped(checked)[-1] == "Rad 4: summarad, hoppades över: ”Summa”"


def test_a_row_that_does_not_say_which_placement_it_is_about_is_told(unit):
    column, said = fault(unit, one(reference="", starts_on=None))
    assert column == "case"
    assert "Ange placeringens referens, eller ärende och första dag." in said
    assert fault(unit, one(case=None)) == ("case", "Placeringen är ny. Ange ärendet.")


def test_a_reference_is_asked_for_when_several_placements_fit(unit):
    run_all = plain(one(), one(reference="PL-0102", provider="Granen"))
    save(unit, run_all.bytes())
    column, said = fault(unit, one(reference=""))
    assert column == "case"
    assert "Ärendet har PL-0101 och PL-0102 från samma dag." in said


def test_a_section_that_is_no_kind_gives_none(unit):
    made = plain(headings=[heading for heading in HEADINGS if heading != "Slag"])
    made.wide("Vuxna kvinnor")
    cells = one().cells()
    made.write(*cells[:2], *cells[3:])
    shown = preview(unit, made.bytes())
    (wrong,) = [found for row in shown.rows for found in row.faults]
    assert (wrong.column, wrong.message) == ("kind", "Placeringen är ny. Ange slag.")


@pytest.mark.parametrize(
    ("since", "rate", "said"),
    [
        ("2024-02-01", 1900, "Från 2024-02-01 gäller redan 1\u202f850 kr. Ska den ersättas?"),
        ("2024-03-01", 1900, "Från 2024-04-01 gäller redan 1\u202f950 kr"),
        ("2024-01-01", 1900, "Placeringen börjar 2024-02-01"),
    ],
)
def test_a_rate_that_replaces_or_is_cut_short_is_asked_about(unit, since, rate, said):
    def told(since, rate, answer=None):
        made = plain(headings=[*HEADINGS, "Dygnskostnad från", "Bekräftat"])
        made.write(*one(rate=rate).cells(), since, answer)
        return made.bytes()

    save(unit, plain(one()).bytes())
    save(unit, told("2024-04-01", 1950))
    shown = preview(unit, told(since, rate))
    messages = [found.message for row in shown.rows for found in row.faults]
    assert any(said in message for message in messages)
    if "?" in said:
        save(unit, told(since, rate, "ja"))
        amounts = {r.amount for r in rows(DayRate) if r.voided_at is None}
        assert amounts == {1900, 1950}


def test_a_rate_after_the_end_is_refused(unit):
    made = plain(headings=[*HEADINGS, "Dygnskostnad från"])
    made.write(*one(ended_on="2024-05-01", rate=1900).cells(), "2024-05-10")
    save(unit, plain(one()).bytes())
    shown = preview(unit, made.bytes())
    (wrong,) = [found for row in shown.rows for found in row.faults]
    assert wrong.message == "Placeringen avslutades 2024-05-01. Ange den dagen eller en tidigare."


def test_a_group_manager_does_not_undo_what_an_import_did_to_another_group(unit):
    both = plain(one(), one(reference="PL-0002", case="AR-0004")).bytes()
    run_id = save(unit, both)
    with pytest.raises(RefusedError) as refused:
        run(undo, run_id, by=unit.actors["group_manager"])
    said = refused.value.by_field()["undo"]
    assert said.startswith("Importen rör också placeringar utanför din grupp.")
    assert all(row.voided_at is None for row in rows(Placement))
    run(undo, run_id, by=unit.manager)
    assert all(row.voided_at is not None for row in rows(Placement))


def test_a_planned_end_years_ahead_is_asked_about_and_goes_through_with_a_yes(unit):
    far = dt.date(2026, 5, 28)
    said = "2026-05-28 är mer än två år framåt. Stämmer det? Är det rätt, så skriv ja"
    assert fault(unit, one(planned_end=far))[1].startswith(said)
    assert effects(unit, one(planned_end=dt.date(2026, 5, 27)))[0][0] is Effect.NEW
    save(unit, plain(one()).bytes())
    later = one(planned_end=far, decided_on=TODAY)
    assert fault(unit, later)[1].startswith(said)
    ugly = plain(headings=[*HEADINGS, "Bekräftat"])
    ugly.write(*later.cells(), "ja")
    save(unit, ugly.bytes())
    assert effects(unit, later)[0][0] is Effect.UNCHANGED
