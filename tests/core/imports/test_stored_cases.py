"""What a file changes in a case that the unit has, from which day, and what it may not change."""

import datetime as dt

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError
from core.clock import fix_today
from core.imports import runs
from core.imports.kinds import Effect
from core.models import (
    AdultObstacle,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    ChangePlan,
    PlanRevision,
    Unit,
)
from core.terms import CaseKind, Gender, HouseholdType, ImportKind, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, TODAY, rows, run, world
from tests.factories_imports import csv_of, imported, look, read

APRIL = dt.date(2024, 4, 1)


@pytest.fixture
def unit(store):
    """A unit with the case AR-0001 of Ada's: a single woman with (by mistake) two children."""
    fix_today(TODAY)
    yield world()
    fix_today(None)


def file_of(**cells):
    """Return a file with one row about AR-0001; the columns by their English names."""
    return csv_of(["Ärende", *cells], ["AR-0001", *cells.values()])


def changed(unit, **cells):
    """Import a row about AR-0001."""
    return imported(unit, file_of(**cells), ImportKind.CASES)


def seen(unit, **cells):
    """Return what a row about AR-0001 would do."""
    return look(unit, read(file_of(**cells), ImportKind.CASES)).rows[0]


def fault(unit, column, **cells):
    """Return what is wrong in a column."""
    found = {f.column: f.message for f in seen(unit, **cells).faults}
    return found[column]


def valid(table, **equal):
    return [row for row in rows(table, **equal) if row.voided_at is None]


def closed(unit, on):
    """Close the case."""
    with db.write() as session:
        session.get(Case, unit.case_id).closed_on = on


def test_kind_and_first_day_are_kept(unit):
    told = fault(unit, "kind", kind="beroende")
    assert told.startswith("Ärendet finns redan med ekonomiskt bistånd, och en import ändrar inte")
    assert "Skriv 2024-01-10 eller lämna cellen tom." in fault(
        unit, "opened_on", opened_on="2024-01-11"
    )
    assert seen(unit, kind="EB", opened_on="2024-01-10").effect is Effect.UNCHANGED


def test_a_referral_and_a_closing_are_corrected(unit):
    changed(unit, referred_on="2024-01-25", closed_on="2024-05-02", closing_reason="pension")
    changed(unit, closed_on="2024-05-03")

    (case,) = rows(Case, id=unit.case_id)
    assert (case.referred_on, case.closed_on) == (dt.date(2024, 1, 25), dt.date(2024, 5, 3))
    assert case.closing_reason.value == "pension"
    assert seen(unit, closed_on="", closing_reason="").effect is Effect.UNCHANGED
    changed(unit, closing_reason="studier")
    assert rows(Case, id=unit.case_id)[0].closing_reason.value == "studies"


def test_days_out_of_order_are_told(unit):
    assert "innan det öppnades" in fault(unit, "referred_on", referred_on="2024-01-09")
    assert "efter i dag" in fault(unit, "closed_on", closed_on="2024-05-28")
    assert "Ärendet remitterades 2024-01-20." in fault(unit, "closed_on", closed_on="2024-01-15")
    assert "Avslutsorsak är ifylld." in fault(unit, "closed_on", closing_reason="arbete")
    with db.write() as session:
        make.plan(session, session.get(Case, unit.case_id), APRIL, revised=(TODAY,))
    told = fault(unit, "closed_on", closed_on="2024-05-20")
    assert told == "Förändringsplanen reviderades 2024-05-27. Ange den dagen eller en senare."


def test_a_caseworker_who_left_and_a_day_before_the_latest_are_told(unit):
    assert "Ärendet öppnades 2024-01-10." in fault(
        unit, "assigned_from", caseworker="Bo", assigned_from="2024-01-01"
    )
    changed(unit, caseworker="Bo", assigned_from="2024-04-01")
    assert fault(unit, "assigned_from", caseworker="Ada", assigned_from="2024-03-01") == (
        "Ärendet fördelades senast 2024-04-01. Ange den dagen eller en senare."
    )
    with db.write() as session:
        session.get(Caseworker, unit.caseworker_id).active = False
    told = fault(unit, "caseworker", caseworker="Ada")
    assert told == "Ada tar inte längre emot ärenden. Välj en annan."


def test_another_group_alone_is_a_new_assignment(unit):
    changed(unit, group="Två", assigned_from="2024-04-01")
    latest = rows(CaseAssignment, case_id=unit.case_id)[-1]
    assert (latest.caseworker_id, latest.group_id) == (unit.caseworker_id, unit.other_group_id)
    changed(unit, group="utan grupp")
    assert rows(CaseAssignment, case_id=unit.case_id)[-1].group_id is None


def test_a_name_may_be_written_last_name_first(unit):
    with db.write() as session:
        session.get(Caseworker, unit.colleague_id).name = "Bo Ek"
    changed(unit, caseworker="Ek, Bo")
    assert rows(CaseAssignment, case_id=unit.case_id)[-1].caseworker_id == unit.colleague_id


def test_a_closed_case_changes_hands_and_household_only_with_a_day(unit):
    closed(unit, dt.date(2024, 5, 1))
    assert seen(unit, caseworker="Bo", obstacle="arbetslös").effect is Effect.UNCHANGED
    changed(unit, caseworker="Bo", assigned_from="2024-04-01")
    assert rows(CaseAssignment, case_id=unit.case_id)[-1].valid_from == APRIL
    told = fault(unit, "assigned_from", caseworker="Ada", assigned_from="2024-05-02")
    assert "Ärendet avslutades 2024-05-01." in told
    changed(unit, obstacle="arbetslös", household_from="2024-04-02")
    assert len(valid(AdultObstacle)) == 1


def test_a_household_changes_from_a_day_on(unit):
    cells = {"household_type": "par med barn", "children": "3", "second_adult_gender": "man"}
    changed(unit, **cells, second_obstacle="arbetslös", household_from="2024-04-01")

    first, second = rows(CaseComposition, case_id=unit.case_id)
    assert (first.valid_from, first.voided_at) == (OPENED, None)
    assert (second.household_type, second.children, second.valid_from) == (
        HouseholdType.COUPLE_WITH_CHILDREN,
        3,
        APRIL,
    )
    _applicant, partner = rows(CaseAdult, case_id=unit.case_id)
    assert (partner.number, partner.gender, partner.valid_from) == (2, Gender.MAN, APRIL)
    (obstacle,) = rows(AdultObstacle, adult_id=partner.id)
    assert (obstacle.obstacle, obstacle.valid_from) == (Obstacle.UNEMPLOYED, APRIL)

    changed(unit, household_type="ensamstående", children="0", household_from="2024-05-01")
    partner = rows(CaseAdult, case_id=unit.case_id)[1]
    assert partner.valid_to == dt.date(2024, 4, 30)


def test_an_obstacle_changes_from_today_without_a_day(unit):
    changed(unit, obstacle="arbetslös")
    changed(unit, obstacle="lma")

    found = [(row.obstacle, row.valid_from) for row in rows(AdultObstacle)]
    assert found == [(Obstacle.UNEMPLOYED, TODAY), (Obstacle.ASYLUM_SEEKER, TODAY)]
    assert seen(unit, obstacle="LMA").effect is Effect.UNCHANGED


def test_a_gender_is_corrected_from_a_day_on_and_the_obstacle_goes_along(unit):
    changed(unit, obstacle="arbetslös", household_from="2024-02-01")
    changed(unit, applicant_gender="man", household_from="2024-04-01")

    before, after = valid(CaseAdult, case_id=unit.case_id)
    assert (before.gender, before.valid_to) == (Gender.WOMAN, dt.date(2024, 3, 31))
    assert (after.gender, after.valid_from) == (Gender.MAN, APRIL)
    assert rows(AdultObstacle, adult_id=after.id)[0].obstacle is Obstacle.UNEMPLOYED


def test_a_gender_wrong_from_the_first_day_is_voided(unit):
    changed(unit, applicant_gender="man", household_from="2024-01-10")

    (adult,) = valid(CaseAdult, case_id=unit.case_id)
    assert (adult.gender, adult.valid_from, adult.valid_to) == (Gender.MAN, OPENED, None)
    assert len(rows(CaseAdult, case_id=unit.case_id)) == 2


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"household_type": "par"}, "household_type", "Hushållstypen har inga barn."),
        (
            {"household_type": "par", "children": "0"},
            "second_adult_gender",
            "Ett par har två vuxna.",
        ),
        (
            {"household_type": "ensamstående", "children": "0", "second_adult_gender": "man"},
            "second_adult_gender",
            "En ensamstående har ingen andra vuxen.",
        ),
        (
            {"household_type": "övrig hushållstyp", "second_obstacle": "arbetslös"},
            "second_adult_gender",
            "Försörjningshindret gäller en vuxen som inte finns i ärendet.",
        ),
        (
            {"obstacle": "arbetslös", "household_from": "2024-01-01"},
            "household_from",
            "Ärendet öppnades 2024-01-10.",
        ),
    ],
)
def test_an_impossible_household_is_told(unit, cells, column, message):
    assert message in fault(unit, column, **cells)


def test_a_household_from_before_the_latest_is_told(unit):
    changed(unit, household_type="övrig hushållstyp", household_from="2024-04-01")
    told = fault(unit, "household_from", children="1", household_from="2024-03-01")
    assert told == "Hushållet ändrades senast 2024-04-01. Ange den dagen eller en senare."


def test_another_kind_of_case_has_neither_household_nor_plan(unit):
    with db.write() as session:
        case = make.case(
            session,
            session.get(Unit, unit.unit_id),
            OPENED,
            reference="AR-0002",
            kind=CaseKind.ADDICTION,
        )
    data = csv_of(
        ["Ärende", "children", "plan_established_on"], [case.reference, "1", "2024-04-01"]
    )
    found = look(unit, read(data, ImportKind.CASES)).rows[0].faults
    assert ("plan_established_on", "Uppgiften gäller bara ekonomiskt bistånd.") in {
        (f.column, f.message) for f in found
    }
    data = csv_of(["Ärende", "children"], [case.reference, "1"])
    (one,) = look(unit, read(data, ImportKind.CASES)).rows[0].faults
    assert one.message.startswith("Hushållets uppgifter gäller bara ekonomiskt bistånd.")


def test_a_case_without_a_known_household_gets_one(unit):
    with db.write() as session:
        for table in (CaseComposition, CaseAdult):
            for row in _all(session, table):
                session.delete(row)
    assert fault(unit, "household_type", children="1") == "Ange hushållstyp."
    changed(unit, household_type="ensamstående", applicant_gender="kvinna", obstacle="arbetslös")
    (adult,) = rows(CaseAdult, case_id=unit.case_id)
    assert rows(CaseComposition, case_id=unit.case_id)[0].children == 0
    assert rows(AdultObstacle, adult_id=adult.id)[0].obstacle is Obstacle.UNEMPLOYED


def _all(session, table):
    return session.exec(select(table)).all()


def test_a_plan_is_established_and_revised(unit):
    changed(unit, plan_established_on="2024-02-01", plan_revised_on="2024-02-20")
    changed(unit, plan_established_on="2024-02-01", plan_revised_on="2024-05-20")

    (plan,) = rows(ChangePlan, case_id=unit.case_id)
    found = [row.revised_on for row in rows(PlanRevision, plan_id=plan.id)]
    assert found == [dt.date(2024, 2, 20), dt.date(2024, 5, 20)]
    same = {"plan_established_on": "2024-02-01", "plan_revised_on": "2024-02-20"}
    assert seen(unit, **same).effect is Effect.UNCHANGED


def test_a_plan_beside_the_one_that_runs_is_told(unit):
    changed(unit, plan_established_on="2024-02-01")
    told = fault(unit, "plan_established_on", plan_established_on="2024-04-01")
    assert told.startswith("Ärendet har redan en förändringsplan från 2024-02-01.")
    with db.write() as session:
        (plan,) = _all(session, ChangePlan)
        plan.ended_on = dt.date(2024, 3, 1)
    revised = {"plan_established_on": "2024-02-01", "plan_revised_on": "2024-05-01"}
    assert fault(unit, "plan_revised_on", **revised) == "Planen avslutades 2024-03-01."
    changed(unit, plan_established_on="2024-04-01", plan_revised_on="2024-04-01")
    assert len(rows(ChangePlan)) == 2
    assert rows(PlanRevision) == []


def test_a_plan_in_the_future_or_after_the_closing_is_told(unit):
    assert "efter i dag" in fault(unit, "plan_established_on", plan_established_on="2024-05-28")
    assert "Planen upprättades 2024-04-01." in fault(
        unit, "plan_revised_on", plan_established_on="2024-04-01", plan_revised_on="2024-03-01"
    )
    closed(unit, dt.date(2024, 5, 1))
    told = fault(unit, "closed_on", plan_established_on="2024-05-02")
    assert told == "Förändringsplanen upprättades 2024-05-02. Ange den dagen eller en senare."


def test_only_the_own_units_developer_imports(unit):
    shown = look(unit, read(file_of(caseworker="Bo"), ImportKind.CASES))
    for role in ("caseworker", "group_manager", "controller", "reader", "admin"):
        with pytest.raises(PermissionDeniedError):
            run(runs.save, shown, by=unit.actors[role])
    with pytest.raises(PermissionDeniedError):
        run(runs.save, shown, by=unit.actors["other_unit_manager"])


def test_the_same_form_sent_twice_is_one_import(unit):
    shown = look(unit, read(file_of(caseworker="Bo"), ImportKind.CASES))
    first = run(runs.save, shown, by=unit.manager, key="import-1")
    assert run(runs.save, shown, by=unit.manager, key="import-1") == first
    assert len(rows(CaseAssignment, case_id=unit.case_id)) == 2
