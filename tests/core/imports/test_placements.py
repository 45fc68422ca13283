"""The placement list as a file: new placements, new decisions, rates and ends; never twice."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.clock import fix_today
from core.imports import runs, told
from core.imports.kinds import Effect
from core.imports.undoing import undo
from core.models import (
    DayRate,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementTerm,
)
from core.queries.placements import placement_rows
from core.services.base import RefusedError
from core.terms import Contract, DecisionReason, LegalBasis, PlacementDimension
from tests import factories as make
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
from tests.factories_workbooks import HEADINGS, Listed, plain, ugly_list


@pytest.fixture
def unit(store):
    """A unit with two kinds of placement and four cases, on a day in May."""
    fix_today(TODAY)
    yield people()
    fix_today(None)


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
