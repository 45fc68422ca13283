"""The placement list as a file: new placements, new decisions, rates and ends; never twice."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.clock import fix_today
from core.imports import runs, told
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import (
    AuditEvent,
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementTerm,
)
from core.queries.placements import placement_rows
from core.services.base import RefusedError
from core.terms import Contract, DecisionReason, ImportKind, LegalBasis, PlacementDimension
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world
from tests.factories_imports import csv_of
from tests.factories_workbooks import HEADINGS, Listed, plain, ugly_list

KIND = ImportKind.PLACEMENTS
SECTIONS = (
    (
        "HVB",
        [
            Listed("PL-0101", "AR-0001"),
            Listed("PL-0102", "AR-0002", rate="1 950 kr/dygn", planned_end="tillsvidare"),
        ],
    ),
    (
        "Hotell",
        [
            Listed(
                "PL-0103",
                "AR-0003",
                kind="Hotell",
                basis="4 kap. 1 § SoL",
                contract="Individavtal",
                provider="Vandraren",
                children=2,
                starts_on="2024-03-01",
                planned_end="t.o.m. 2024-06-30",
                rate="1.850:-",
            ),
        ],
    ),
)


@pytest.fixture
def unit(store):
    """A unit with Ada, Bo, two kinds of placement and the cases AR-0001 to AR-0004."""
    fix_today(TODAY)
    made = world()
    with db.write() as session:
        of = session.get_one(make.Unit, made.unit_id)
        group = session.get_one(make.Group, made.group_id)
        other = session.get_one(make.Group, made.other_group_id)
        money.kind(session, of, "HVB")
        money.kind(session, of, "tillfälligt boende på hotell/vandrarhem", is_hotel=True)
        for number, where in ((2, group), (3, group), (4, other)):
            make.case(session, of, dt.date(2024, 1, 10), reference=f"AR-000{number}", group=where)
    yield made
    fix_today(None)


def read(data, name="lista.xlsx", headings=None):
    return runs.read_file(KINDS[KIND], name, data, headings=headings)


def preview(unit, data, who="unit_manager", headings=None):
    file = read(data, headings=headings)
    with db.read() as session:
        return runs.preview(session, file, unit_id=unit.unit_id, by=unit.actors[who])


def save(unit, data, who="unit_manager"):
    shown = preview(unit, data, who)
    assert [fault for row in shown.rows for fault in row.faults] == []
    return run(runs.save, shown, by=unit.actors[who])


def effects(unit, *listed, who="unit_manager"):
    shown = preview(unit, plain(*listed).bytes(), who)
    return [(row.effect, {c.column: (c.old, c.new) for c in row.changes}) for row in shown.rows]


def faults(unit, *listed, who="unit_manager", headings=HEADINGS):
    shown = preview(unit, plain(*listed, headings=headings).bytes(), who)
    return {(f.column, f.message) for row in shown.rows for f in row.faults}


def fault(unit, *listed, **how):
    """Return the only fault: its column and message."""
    (found,) = faults(unit, *listed, **how)
    return found


def skipped(checked):
    return [line for line in told.reading_of(checked) if line.startswith("Rad")]


# What an ugly list holds


def test_an_ugly_list_is_read_and_every_other_row_is_told(unit):
    ugly = ugly_list(*SECTIONS)
    checked = read(ugly.bytes()).checked
    assert checked.wrong == {}
    assert [row["reference"] for row in checked.rows] == ["PL-0101", "PL-0102", "PL-0103"]
    assert [row.number for row in checked.rows] == [
        ugly.rows[reference] for reference in ("PL-0101", "PL-0102", "PL-0103")
    ]
    assert [row["day_rate"] for row in checked.rows] == [1850, 1950, 1850]
    assert skipped(checked) == [
        "Rad 1: står ovanför rubrikerna, hoppades över: ”Placeringslista Vuxen 2024”",
        "Rad 2: står ovanför rubrikerna, hoppades över: ”Uppdaterad 2024-05-20 av assistenten”",
        "Rad 6: avsnittsrubrik, hoppades över: ”HVB”",
        "Rad 9: summarad, hoppades över: ”Summa HVB”",
        "Rad 10–11: tom rad, hoppades över",
        "Rad 12: avsnittsrubrik, hoppades över: ”Hotell”",
        "Rad 14: summarad, hoppades över: ”Summa Hotell”",
        "Rad 15–16: tom rad, hoppades över",
        "Rad 17: summarad, hoppades över: ”TOTALT”",
        "Rad 18: tom rad, hoppades över",
        "Rad 19: anteckning under listan, hoppades över: ”* Gula rader är på väg att avslutas.”",
        "Rad 20: anteckning under listan, hoppades över: ”Frågor: ring assistenten”",
    ]
    assert "Kolumn N ”Anm” känns inte igen och läses inte." in list(told.reading_of(checked))
    notes = " ".join(checked.notes)
    assert "Färger läses inte (rad 8, 13)." in notes
    assert "Överstruken text läses som vanlig text (rad 8, 13)." in notes
    assert "summaraden säger" not in notes


def test_an_ugly_list_is_saved_once_and_undone_without_trace(unit):
    data = ugly_list(*SECTIONS).bytes()
    run_id = save(unit, data, "group_manager")
    with db.read() as session:
        listed = placement_rows(session, Scope(unit.unit_id), on=TODAY, with_case=True)
    assert [(row.reference, row.case, row.kind, row.day_rate) for row in listed] == [
        ("PL-0101", "AR-0001", "HVB", Decimal(1850)),
        ("PL-0102", "AR-0002", "HVB", Decimal(1950)),
        ("PL-0103", "AR-0003", "tillfälligt boende på hotell/vandrarhem", Decimal(1850)),
    ]
    assert [row.planned_end_on for row in listed] == [
        dt.date(2024, 8, 31),
        None,
        dt.date(2024, 6, 30),
    ]
    assert listed[2].family_in_hotel
    assert {row.reason for row in rows(PlacementDecision)} == {DecisionReason.NEW}
    again = preview(unit, data)
    assert again.counts[Effect.UNCHANGED] == 3
    assert run(runs.save, again, by=unit.manager) is None
    run(undo, run_id, by=unit.actors["group_manager"])
    assert [row for row in rows(Placement) if row.voided_at is None] == []
    assert [row for row in rows(DayRate) if row.voided_at is None] == []


def test_a_sum_that_disagrees_with_the_rows_is_told(unit):
    checked = read(ugly_list(*SECTIONS, total=1_234_567).bytes()).checked
    assert (
        "Rad 17, ”Dygnskostnad (kr)”: summaraden säger 1 234 567, raderna ger 5 650."
        in " ".join(checked.notes).replace("Kostnad Dygnskostnad", "Dygnskostnad")
    )


def test_the_kind_is_read_from_the_section_when_the_list_has_no_such_column(unit):
    headings = [h if h != "Slag" else "Kommentar" for h in HEADINGS]
    listed = Listed("", "AR-0001", kind="")
    ugly = plain(headings=headings)
    ugly.wide("HVB (1 st)")
    ugly.write(*listed.cells())
    shown = preview(unit, ugly.bytes())
    (row,) = shown.rows
    assert row.faults == []
    words = told.what_of(shown, row)
    assert "Slag HVB (avsnittets rubrik)" in words
    assert told.name_of(shown, row) == "PL-0001 AR-0001"
    assert words[-1] == "Får nästa lediga referens, PL-0001."


def test_a_personal_number_is_refused_also_in_a_row_that_is_passed_over(unit):
    ugly = ugly_list(*SECTIONS)
    ugly.write("Ring 811228-9874 om PL-0101")
    shown = preview(unit, ugly.bytes())
    (wrong,) = [row for row in shown.rows if row.faults]
    assert wrong.row.number == ugly.row
    assert "personnummer" in wrong.faults[0].message
    with pytest.raises(RefusedError):
        run(runs.save, shown, by=unit.manager)


# What changes


def one(**fields):
    return Listed(**{"reference": "PL-0101", "case": "AR-0001"} | fields)


def test_a_new_planned_end_is_a_new_decision(unit):
    save(unit, plain(one()).bytes())
    later = one(planned_end="tills vidare", decided_on=dt.date(2024, 5, 20))
    assert effects(unit, later) == [
        (
            Effect.CHANGED,
            {
                "planned_end_on": (dt.date(2024, 8, 31), "tills vidare"),
                "decided_on": (dt.date(2024, 1, 25), dt.date(2024, 5, 20)),
                "decided_by": ("Chefen", "Chefen"),
            },
        )
    ]
    save(unit, plain(later).bytes())
    first, second = rows(PlacementDecision)
    assert (first.planned_end_on, first.voided_at) == (dt.date(2024, 8, 31), None)
    assert (second.planned_end_on, second.reason) == (None, DecisionReason.EXTENSION)
    assert rows(Placement)[0].version == 2
    assert effects(unit, later)[0][0] is Effect.UNCHANGED
    assert effects(unit, one())[0][0] is Effect.UNCHANGED, "an older list changes nothing back"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"planned_end": dt.date(2024, 6, 30)}, DecisionReason.SHORTENING),
        ({"provider": "Granen"}, DecisionReason.NEW_PROVIDER),
        ({"contract": "LOV"}, DecisionReason.NEW_CONTRACT),
        ({}, DecisionReason.OTHER),
    ],
)
def test_a_decision_says_what_it_changed(unit, fields, reason):
    save(unit, plain(one()).bytes())
    save(unit, plain(one(decided_on=dt.date(2024, 5, 20), **fields)).bytes())
    assert rows(PlacementDecision)[-1].reason is reason


def test_a_change_without_a_day_holds_from_today(unit):
    save(unit, plain(one()).bytes())
    save(unit, plain(one(provider="Granen", decided_on=None, rate=1900)).bytes())
    assert rows(PlacementDecision)[-1].decided_on == TODAY
    assert [(r.valid_from, r.amount) for r in rows(DayRate)] == [
        (dt.date(2024, 2, 1), Decimal(1850)),
        (TODAY, Decimal(1900)),
    ]
    assert effects(unit, one(provider="Granen", decided_on=None, rate=1900))[0][0] is (
        Effect.UNCHANGED
    )


def test_a_rate_from_a_day_of_its_own(unit):
    headings = [*HEADINGS, "Dygnskostnad från"]
    save(unit, plain(one()).bytes())
    ugly = plain(headings=headings)
    ugly.write(*one(rate=1900).cells(), dt.date(2024, 4, 1))
    save(unit, ugly.bytes())
    assert rows(DayRate)[-1].valid_from == dt.date(2024, 4, 1)
    assert preview(unit, ugly.bytes()).counts[Effect.UNCHANGED] == 1


def test_an_end_is_registered_and_undone(unit):
    save(unit, plain(one()).bytes())
    ended = one(ended_on=dt.date(2024, 5, 20))
    assert effects(unit, ended) == [
        (Effect.CHANGED, {"ended_on": (None, dt.date(2024, 5, 20))}),
    ]
    run_id = save(unit, plain(ended).bytes())
    assert rows(Placement)[0].ended_on == dt.date(2024, 5, 20)
    assert effects(unit, ended)[0][0] is Effect.UNCHANGED
    run(undo, run_id, by=unit.manager)
    assert rows(Placement)[0].ended_on is None


def test_a_list_without_references_finds_its_placements_by_case_kind_and_first_day(unit):
    save(unit, plain(one()).bytes())
    assert effects(unit, one(reference=""))[0][0] is Effect.UNCHANGED
    moved = one(reference="", starts_on=dt.date(2024, 2, 5))
    column, said = fault(unit, moved)
    assert column == "starts_on"
    assert "Ärendet har redan PL-0101 av samma slag från 2024-02-01" in said


def test_two_placements_of_a_case_on_the_same_days_are_asked_about_once(unit):
    twins = [one(reference=""), one(reference="", provider="Granen")]
    column, said = fault(unit, *twins)
    assert (column, said.split(".")[0]) == (
        "starts_on",
        "Rad 2 har samma ärende och slag samma dagar",
    )
    assert effects(unit, one(), one(reference="PL-0102"))[1][0] is Effect.NEW
    ugly = plain(headings=[*HEADINGS, "Bekräftat"])
    for twin in twins:
        ugly.write(*twin.cells(), "ja")
    assert preview(unit, ugly.bytes()).counts[Effect.NEW] == 2


def test_the_units_own_words_are_understood_and_kept(unit):
    with db.write() as session:
        for dimension, name, code, active in (
            (PlacementDimension.CONTRACT, "Stadens ramavtal 2023", "framework", True),
            (PlacementDimension.CONTRACT, "Ramavtal 2019", "framework", False),
            (PlacementDimension.LEGAL_BASIS, "SoL 4:1", "sol", True),
        ):
            make.save(
                session,
                PlacementTerm(
                    unit_id=unit.unit_id,
                    dimension=dimension,
                    name=name,
                    counts_as=code,
                    active=active,
                ),
            )
    save(unit, plain(one(contract="stadens RAMAVTAL 2023", basis="SoL 4:1")).bytes())
    (decision,) = rows(PlacementDecision)
    (placement,) = rows(Placement)
    assert (decision.contract, decision.contract_name) == (
        Contract.FRAMEWORK,
        "Stadens ramavtal 2023",
    )
    assert (placement.legal_basis, placement.legal_name) == (LegalBasis.SOL, "SoL 4:1")
    old = one(reference="PL-0109", case="AR-0002", contract="Ramavtal 2019")
    assert "Enheten använder inte Ramavtal 2019 längre" in fault(unit, old)[1]
    old.ended_on = dt.date(2024, 5, 1)
    assert effects(unit, old)[0][0] is Effect.NEW


def test_a_closed_kind_is_refused_for_a_new_placement_only(unit):
    save(unit, plain(one()).bytes())
    with db.write() as session:
        kind = session.get_one(PlacementKind, rows(PlacementKind, name="HVB")[0].id)
        kind.active = False
    assert effects(unit, one())[0][0] is Effect.UNCHANGED
    assert fault(unit, one(reference="PL-0102", case="AR-0002"))[0] == "kind"


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
    save_decision = plain(one(provider="Granen", decided_on=dt.date(2024, 5, 20)))
    placement = rows(Placement)[0]
    with db.write() as session:
        money.decide(session, placement, dt.date(2024, 5, 1))
    with pytest.raises(RefusedError, match="placeringen PL-0101"):
        run(undo, run_id, by=unit.manager)
    assert save_decision.rows


def test_a_csv_file_is_read_as_well(unit):
    listed = [["" if cell is None else cell for cell in one().cells()]]
    data = csv_of(HEADINGS, *listed, ["", *[""] * 12], ["Summa", *[""] * 9, "1850", "", ""])
    checked = runs.read_file(KINDS[KIND], "lista.csv", data).checked
    assert [row["day_rate"] for row in checked.rows] == [1850]
    assert skipped(checked)[-1] == "Rad 4: summarad, hoppades över: ”Summa”"
