"""Registering, referring and closing a case."""

import datetime as dt

import pytest

from core import db
from core.models import (
    AdultObstacle,
    Area,
    AuditEvent,
    Case,
    CaseAdult,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    DataVersion,
    Unit,
)
from core.services import cases, change_plans
from core.services.base import ConflictError
from core.services.cases import Closing, NewCase
from core.terms import CaseKind, ClosingReason, Gender, HouseholdType, Obstacle
from tests import factories as make
from tests.factories_cases import OPENED, REFERRED, TODAY, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
TOMORROW = TODAY + ONE_DAY


@pytest.fixture
def w(store, today):
    """A unit with a referred case, on a fixed day."""
    today(TODAY)
    return world()


def new_case(**changes):
    fields = {
        "reference": "AR-0100",
        "kind": CaseKind.BENEFIT,
        "opened_on": TODAY,
        "household_type": HouseholdType.SINGLE,
        "applicant_gender": Gender.WOMAN,
    }
    return NewCase(**fields | changes)


def register_refused(w, **changes):
    return refusals(cases.register, new_case(**changes), by=w.manager)


def test_a_case_is_registered_with_its_first_assignment_and_its_household(w):
    new = new_case(
        opened_on=OPENED,
        referred_on=REFERRED,
        caseworker_id=w.caseworker_id,
        group_id=w.group_id,
        household_type=HouseholdType.COUPLE_WITH_CHILDREN,
        children=3,
        second_adult_gender=Gender.MAN,
        obstacle=Obstacle.UNEMPLOYED,
    )

    case_id = run(cases.register, new, by=w.manager)

    case = rows(Case, id=case_id)[0]
    assert (case.reference, case.unit_id, case.opened_on, case.referred_on, case.closed_on) == (
        "AR-0100",
        w.unit_id,
        OPENED,
        REFERRED,
        None,
    )
    assert case.created_by_id == w.manager.user_id
    (held,) = rows(CaseAssignment, case_id=case_id)
    assert (held.caseworker_id, held.group_id, held.valid_from) == (
        w.caseworker_id,
        w.group_id,
        OPENED,
    )
    (household,) = rows(CaseComposition, case_id=case_id)
    assert (household.children, household.valid_from) == (3, OPENED)
    applicant, second = rows(CaseAdult, case_id=case_id)
    assert [(a.number, a.gender) for a in (applicant, second)] == [
        (1, Gender.WOMAN),
        (2, Gender.MAN),
    ]
    (obstacle,) = rows(AdultObstacle, adult_id=applicant.id)
    assert (obstacle.obstacle, obstacle.valid_from) == (Obstacle.UNEMPLOYED, OPENED)
    assert rows(AdultObstacle, adult_id=second.id) == []


def test_a_registration_is_audited_and_moves_figures_from_the_opening(w):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)

    event = rows(AuditEvent)[-1]
    assert (event.action, event.entity, event.entity_id) == ("register", "case", case_id)
    assert (event.user_id, event.unit_id) == (w.manager.user_id, w.unit_id)
    (moved,) = rows(DataVersion, unit_id=w.unit_id)
    assert (moved.area, moved.month, moved.writes) == (Area.CASES, OPENED.replace(day=1), 1)


def test_another_kind_of_case_has_no_household(w):
    new = NewCase("AR-0100", CaseKind.ADDICTION, TODAY)

    case_id = run(cases.register, new, by=w.manager)

    assert rows(CaseComposition, case_id=case_id) == []
    assert rows(CaseAdult, case_id=case_id) == []
    (held,) = rows(CaseAssignment, case_id=case_id)
    assert (held.caseworker_id, held.group_id) == (None, None)
    for told in (
        {"household_type": HouseholdType.SINGLE},
        {"children": 1},
        {"applicant_gender": Gender.MAN},
        {"second_adult_gender": Gender.MAN},
        {"obstacle": Obstacle.UNEMPLOYED},
    ):
        refused = refusals(
            cases.register, NewCase("AR-0101", CaseKind.ADDICTION, TODAY, **told), by=w.manager
        )
        assert refused.keys() == {"household_type"}


@pytest.mark.parametrize(
    "reference", ["AR-001", "AR-00100", "XX-0100", "AR-01x0", "", "AR_0100", "AR-٠١٠٠"]
)
def test_a_reference_has_the_units_format(w, reference):
    refused = register_refused(w, reference=reference)
    assert refused["reference"] == "Skriv referensen som AR-0000, med en siffra för varje nolla."


def test_spaces_around_a_reference_are_not_part_of_it(w):
    case_id = run(cases.register, new_case(reference=" AR-0100 "), by=w.manager)
    assert rows(Case, id=case_id)[0].reference == "AR-0100"


def test_a_reference_is_never_ten_digits_even_if_the_format_would_have_it(w):
    with db.write() as session:
        session.get_one(Unit, w.unit_id).reference_format = "0000000000"
    refused = register_refused(w, reference="1234567890")
    assert refused["reference"] == "En referens får inte ha tio siffror eller fler."


def test_a_personal_number_as_reference_is_refused_as_one(w):
    assert "personnummer" in register_refused(w, reference="19811218-9876")["reference"]


def test_a_reference_is_used_once_a_unit(w):
    assert register_refused(w, reference="AR-0001")["reference"] == (
        "Referensen AR-0001 används redan."
    )
    run(cases.register, new_case(reference="AR-0001"), by=w.actors["other_unit_manager"])


def test_a_case_opened_today_may_be_referred_today(w):
    run(cases.register, new_case(opened_on=TODAY, referred_on=TODAY), by=w.manager)
    assert register_refused(w, reference="AR-0101", opened_on=TOMORROW).keys() == {"opened_on"}
    future = register_refused(w, reference="AR-0101", referred_on=TOMORROW)
    assert future.keys() == {"referred_on"}
    early = register_refused(w, reference="AR-0101", referred_on=TODAY - ONE_DAY)
    assert early.keys() == {"referred_on"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applicant_gender": None}, "applicant_gender"),
        ({"household_type": None}, "household_type"),
        ({"children": 1}, "household_type"),
        ({"children": -1}, "children"),
        ({"household_type": HouseholdType.OTHER, "children": 21}, "children"),
        ({"household_type": HouseholdType.SINGLE_WITH_CHILDREN}, "children"),
        ({"household_type": HouseholdType.COUPLE}, "second_adult_gender"),
        ({"second_adult_gender": Gender.MAN}, "second_adult_gender"),
    ],
)
def test_a_household_that_cannot_be_is_refused_at_its_field(w, changes, field):
    assert register_refused(w, **changes).keys() == {field}


def test_an_odd_household_may_have_any_number_of_adults_and_up_to_twenty_children(w):
    odd = {"household_type": HouseholdType.OTHER, "children": 20}
    run(cases.register, new_case(**odd), by=w.manager)
    couple = {"reference": "AR-0101", "second_adult_gender": Gender.MAN}
    run(cases.register, new_case(**odd, **couple), by=w.manager)
    assert len(rows(Case)) == 3


def test_somebody_who_has_left_gets_no_new_case(w):
    with db.write() as session:
        session.get_one(Caseworker, w.colleague_id).active = False
    assert register_refused(w, caseworker_id=w.colleague_id).keys() == {"caseworker_id"}


def test_the_same_form_sent_twice_is_one_case(w):
    first = run(cases.register, new_case(), by=w.manager, key="one form")
    again = run(cases.register, new_case(), by=w.manager, key="one form")

    assert again == first
    assert len(rows(Case, reference="AR-0100")) == 1
    assert len(rows(AuditEvent)) == 1


def test_a_case_is_referred_once_on_a_day_when_it_is_open(w):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)
    for day in (OPENED - ONE_DAY, TOMORROW):
        refused = refusals(cases.refer, case_id, day, version=1, by=w.manager)
        assert refused.keys() == {"on"}

    run(cases.refer, case_id, OPENED, version=1, by=w.manager)

    assert rows(Case, id=case_id)[0].referred_on == OPENED
    refused = refusals(cases.refer, case_id, TODAY, version=2, by=w.manager)
    assert refused["on"] == f"Ärendet remitterades redan {OPENED}."


def test_a_closed_case_is_not_referred_from_the_day_it_closed(w):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)
    run(cases.close, case_id, Closing(TODAY), version=1, by=w.manager)

    assert refusals(cases.refer, case_id, TODAY, version=2, by=w.manager).keys() == {"on"}
    run(cases.refer, case_id, TODAY - ONE_DAY, version=2, by=w.manager)


def test_a_case_is_closed_with_or_without_a_reason(w):
    run(cases.close, w.case_id, Closing(TODAY, ClosingReason.WORK), version=1, by=w.caseworker)
    other = run(cases.register, new_case(), by=w.manager)
    run(cases.close, other, Closing(TODAY), version=1, by=w.manager)

    closed = [(c.closed_on, c.closing_reason) for c in rows(Case)]
    assert closed == [(TODAY, ClosingReason.WORK), (TODAY, None)]
    refused = refusals(cases.close, other, Closing(TODAY), version=2, by=w.manager)
    assert refused["on"] == f"Ärendet avslutades redan {TODAY}."


def test_a_case_is_not_closed_in_the_future_or_before_what_happened_in_it(w):
    march, april = make.day("2024-03-01"), make.day("2024-04-01")

    def refused(day):
        return refusals(cases.close, w.case_id, Closing(day), version=1, by=w.manager)["on"]

    assert refused(TOMORROW) == f"Datumet får inte ligga efter i dag, {TODAY}."
    assert refused(REFERRED - ONE_DAY).startswith(f"Ärendet remitterades {REFERRED}.")
    run(change_plans.establish, w.case_id, march, by=w.manager)
    assert refused(march - ONE_DAY).startswith(f"Förändringsplanen upprättades {march}.")
    run(change_plans.revise, w.case_id, april, by=w.manager)
    assert refused(april - ONE_DAY).startswith(f"Förändringsplanen reviderades {april}.")

    run(cases.close, w.case_id, Closing(april), version=1, by=w.manager)

    assert rows(Case, id=w.case_id)[0].closed_on == april


def test_a_case_in_mottagning_may_be_closed_from_the_day_it_was_opened(w):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)
    early = Closing(OPENED - ONE_DAY)
    refused = refusals(cases.close, case_id, early, version=1, by=w.manager)
    assert refused["on"].startswith(f"Ärendet öppnades {OPENED}.")

    run(cases.close, case_id, Closing(OPENED), version=1, by=w.manager)


def test_voided_plans_do_not_keep_a_case_open(w):
    plan_id = run(change_plans.establish, w.case_id, TODAY, by=w.manager)
    run(change_plans.void_plan, plan_id, by=w.manager)
    run(cases.close, w.case_id, Closing(REFERRED), version=1, by=w.manager)
    assert rows(Case, id=w.case_id)[0].closed_on == REFERRED


@pytest.mark.parametrize(("service", "what"), [(cases.refer, TODAY), (cases.close, Closing(TODAY))])
def test_a_form_that_is_out_of_date_is_not_saved(w, service, what):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)
    run(cases.refer, case_id, OPENED, version=1, by=w.manager)
    before = rows(AuditEvent)

    with pytest.raises(ConflictError):
        run(service, case_id, what, version=1, by=w.manager)

    assert len(rows(AuditEvent)) == len(before)
    assert rows(Case, id=case_id)[0].closed_on is None


def test_a_referral_and_a_closing_sent_twice_are_one_each(w):
    case_id = run(cases.register, new_case(opened_on=OPENED), by=w.manager)
    for _ in range(2):
        assert run(cases.refer, case_id, OPENED, version=1, by=w.manager, key="refer") == case_id
    for _ in range(2):
        closing = Closing(TODAY)
        assert run(cases.close, case_id, closing, version=2, by=w.manager, key="close") == case_id
    assert [event.action for event in rows(AuditEvent)] == ["register", "refer", "close"]
