"""Registering change plans, revisions and exemptions, and what is refused where."""

import datetime as dt

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Area, AuditEvent, ChangePlan, DataVersion, PlanExemption, PlanRevision
from core.queries.my_week import my_week
from core.services import cases, change_plans
from core.services.change_plans import NewExemption
from core.terms import CaseKind, ExemptionReason, PlanStatus
from tests import factories as make
from tests.factories_cases import OPENED, REFERRED, TODAY, audit_count, refusals, rows, run, world

ONE_DAY = dt.timedelta(days=1)
TOMORROW = TODAY + ONE_DAY
MARCH, APRIL = make.day("2024-03-01"), make.day("2024-04-15")
MOVES, OTHER = ExemptionReason.MOVES_WITHIN_A_MONTH, ExemptionReason.OTHER


@pytest.fixture
def w(store, today):
    """A unit with a referred case without a plan, on a fixed day."""
    today(TODAY)
    return world()


def status(w, on=TODAY):
    with db.read() as session:
        scope = Scope(w.unit_id, caseworker_id=w.caseworker_id)
        (case,) = my_week(session, scope, on=on).cases
        return case.status


def moved(w):
    return [(row.area, row.month) for row in rows(DataVersion, unit_id=w.unit_id)]


def test_a_plan_is_established_by_the_caseworker_and_counts_from_its_day(w):
    assert status(w) is PlanStatus.OVERDUE

    run(change_plans.establish, w.case_id, APRIL, by=w.caseworker)

    (plan,) = rows(ChangePlan)
    assert (plan.case_id, plan.established_on, plan.created_by_id) == (
        w.case_id,
        APRIL,
        w.caseworker.user_id,
    )
    assert status(w) is PlanStatus.CURRENT
    assert status(w, APRIL - ONE_DAY) is PlanStatus.DUE
    assert moved(w) == [(Area.PLANS, APRIL.replace(day=1))]


def test_a_plan_may_be_established_from_the_opening_before_the_referral(w):
    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    assert OPENED < REFERRED
    assert rows(ChangePlan)[0].established_on == OPENED


def test_a_plan_before_the_case_or_in_the_future_is_refused(w):
    early = refusals(change_plans.establish, w.case_id, OPENED - ONE_DAY, by=w.caseworker)
    assert early["on"] == f"Ärendet öppnades {OPENED}. Ange den dagen eller en senare."
    late = refusals(change_plans.establish, w.case_id, TOMORROW, by=w.caseworker)
    assert late["on"] == f"Datumet får inte ligga efter i dag, {TODAY}."


def test_only_benefit_cases_have_plans_and_exemptions(store, today):
    today(TODAY)
    w = world(kind=CaseKind.ADDICTION)
    refused = refusals(change_plans.establish, w.case_id, TODAY, by=w.manager)
    assert refused["on"] == "Uppgiften gäller bara ekonomiskt bistånd."
    refused = refusals(change_plans.exempt, w.case_id, NewExemption(MOVES, TODAY), by=w.manager)
    assert refused.keys() == {"reason"}


def test_a_closed_case_gets_nothing_from_the_day_it_closed(w):
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    run(cases.close, w.case_id, cases.Closing(APRIL), version=1, by=w.manager)
    for write, what, field in (
        (change_plans.establish, APRIL, "on"),
        (change_plans.revise, APRIL, "on"),
        (change_plans.exempt, NewExemption(MOVES, APRIL), "valid_from"),
    ):
        refused = refusals(write, w.case_id, what, by=w.manager)
        assert refused[field].startswith(f"Ärendet avslutades {APRIL}.")

    run(change_plans.revise, w.case_id, APRIL - ONE_DAY, by=w.manager)


def test_one_plan_runs_at_a_time(w):
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    for day in (MARCH - ONE_DAY, MARCH, APRIL):
        refused = refusals(change_plans.establish, w.case_id, day, by=w.manager)
        assert refused["on"].startswith(f"Ärendet har redan en förändringsplan från {MARCH}.")
    run(change_plans.end, w.case_id, APRIL, by=w.manager)
    assert refusals(change_plans.establish, w.case_id, APRIL - ONE_DAY, by=w.manager)

    run(change_plans.establish, w.case_id, APRIL, by=w.manager)

    assert [(p.established_on, p.ended_on) for p in rows(ChangePlan)] == [
        (MARCH, APRIL),
        (APRIL, None),
    ]


def test_a_revision_makes_an_outdated_plan_current(w):
    run(change_plans.establish, w.case_id, OPENED, by=w.manager)
    assert status(w) is PlanStatus.OUTDATED

    run(change_plans.revise, w.case_id, TODAY, by=w.caseworker)

    assert status(w) is PlanStatus.CURRENT
    assert (Area.PLANS, TODAY.replace(day=1)) in moved(w)


def test_a_revision_needs_a_plan_and_a_day_of_its_life(w):
    refused = refusals(change_plans.revise, w.case_id, TODAY, by=w.manager)
    assert refused["on"] == "Ärendet har ingen förändringsplan. Upprätta en först."
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    refused = refusals(change_plans.revise, w.case_id, MARCH - ONE_DAY, by=w.manager)
    assert refused["on"] == f"Planen upprättades {MARCH}. Ange den dagen eller en senare."
    assert refusals(change_plans.revise, w.case_id, TOMORROW, by=w.manager).keys() == {"on"}
    run(change_plans.revise, w.case_id, MARCH, by=w.manager)
    refused = refusals(change_plans.revise, w.case_id, MARCH, by=w.manager)
    assert refused["on"] == f"Planen reviderades redan {MARCH}."
    run(change_plans.end, w.case_id, APRIL, by=w.manager)
    assert refusals(change_plans.revise, w.case_id, APRIL, by=w.manager).keys() == {"on"}


def test_a_plan_ends_at_earliest_when_it_was_last_revised(w):
    refused = refusals(change_plans.end, w.case_id, TODAY, by=w.manager)
    assert refused["on"] == "Ärendet har ingen förändringsplan. Upprätta en först."
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    assert refusals(change_plans.end, w.case_id, MARCH - ONE_DAY, by=w.manager).keys() == {"on"}
    assert refusals(change_plans.end, w.case_id, TOMORROW, by=w.manager).keys() == {"on"}
    run(change_plans.revise, w.case_id, APRIL, by=w.manager)
    refused = refusals(change_plans.end, w.case_id, APRIL - ONE_DAY, by=w.manager)
    assert refused["on"].startswith(f"Planen upprättades eller reviderades {APRIL}.")

    run(change_plans.end, w.case_id, APRIL, by=w.manager)

    assert status(w, APRIL - ONE_DAY) is PlanStatus.CURRENT
    assert status(w, APRIL) is PlanStatus.DUE


def test_a_plan_may_end_the_day_it_was_established(w):
    run(change_plans.establish, w.case_id, MARCH, by=w.manager)
    run(change_plans.end, w.case_id, MARCH, by=w.manager)
    assert status(w, MARCH) is PlanStatus.DUE


@pytest.mark.parametrize(
    "reason", [MOVES, ExemptionReason.OTHER_INCOME_WITHIN_A_MONTH], ids=["moves", "other income"]
)
def test_the_short_reasons_end_after_one_month_whatever_was_chosen(w, reason):
    new = NewExemption(reason, make.day("2024-01-31"), make.day("2024-12-31"))
    run(change_plans.exempt, w.case_id, new, by=w.caseworker)
    assert rows(PlanExemption)[0].valid_to == make.day("2024-02-29")
    assert status(w, make.day("2024-02-29")) is PlanStatus.EXEMPT
    assert status(w, make.day("2024-03-01")) is PlanStatus.DUE
    assert moved(w) == [(Area.PLANS, make.day("2024-01-01"))]


def test_another_reason_needs_a_text_and_an_end(w):
    def refused(**fields):
        new = NewExemption(OTHER, TODAY, **fields)
        return refusals(change_plans.exempt, w.case_id, new, by=w.caseworker).keys()

    assert refused() == {"explanation", "valid_to"}
    assert refused(explanation="  ", valid_to=TOMORROW) == {"explanation"}
    assert refused(explanation="Väntar", valid_to=TODAY - ONE_DAY) == {"valid_to"}
    assert refused(explanation="Se 811218-9876", valid_to=TODAY) == {"explanation"}
    assert refused(explanation="x" * 301, valid_to=TODAY) == {"explanation"}

    new = NewExemption(OTHER, TODAY, TODAY, " Väntar på besked ")
    run(change_plans.exempt, w.case_id, new, by=w.caseworker)

    (row,) = rows(PlanExemption)
    assert (row.valid_to, row.explanation) == (TODAY, "Väntar på besked")
    assert "Väntar" not in str(rows(AuditEvent)[-1].details)


def test_an_exemption_needs_a_reason_and_a_day_that_has_come(w):
    none = NewExemption(None, TODAY)
    refused = refusals(change_plans.exempt, w.case_id, none, by=w.caseworker)
    assert refused["reason"] == "Ange varför ärendet inte behöver en plan."
    future = NewExemption(MOVES, TOMORROW)
    refused = refusals(change_plans.exempt, w.case_id, future, by=w.caseworker)
    assert refused.keys() == {"valid_from"}


def test_an_exemption_is_renewed_by_one_that_lasts_longer(w):
    run(change_plans.exempt, w.case_id, NewExemption(MOVES, APRIL), by=w.caseworker)
    until = make.day("2024-05-15")
    inside = NewExemption(OTHER, APRIL + ONE_DAY, until, "Väntar")
    refused = refusals(change_plans.exempt, w.case_id, inside, by=w.caseworker)
    assert refused["valid_from"] == f"Ärendet är redan undantaget till och med {until}."

    longer = NewExemption(MOVES, make.day("2024-05-10"))
    run(change_plans.exempt, w.case_id, longer, by=w.caseworker)

    assert status(w) is PlanStatus.EXEMPT


def test_what_was_a_mistake_is_voided_and_kept(w):
    plan_id = run(change_plans.establish, w.case_id, MARCH, by=w.caseworker)
    revision_id = run(change_plans.revise, w.case_id, APRIL, by=w.caseworker)
    exemption_id = run(change_plans.exempt, w.case_id, NewExemption(MOVES, TODAY), by=w.caseworker)

    run(change_plans.void_exemption, exemption_id, by=w.manager)
    assert status(w) is PlanStatus.CURRENT
    run(change_plans.void_revision, revision_id, by=w.manager)
    assert status(w, make.day("2024-07-02")) is PlanStatus.OUTDATED
    run(change_plans.void_plan, plan_id, by=w.manager)
    assert status(w) is PlanStatus.OVERDUE

    for table in (ChangePlan, PlanRevision, PlanExemption):
        (row,) = rows(table)
        assert row.voided_at is not None
        assert (row.created_by_id, row.voided_by_id) == (w.caseworker.user_id, w.manager.user_id)


def test_voiding_a_plan_voids_its_revisions_and_leaves_room_for_the_right_one(w):
    plan_id = run(change_plans.establish, w.case_id, APRIL, by=w.caseworker)
    run(change_plans.revise, w.case_id, TODAY, by=w.caseworker)
    run(change_plans.void_plan, plan_id, by=w.caseworker)
    assert rows(PlanRevision)[0].voided_at is not None
    run(change_plans.establish, w.case_id, MARCH, by=w.caseworker)


@pytest.mark.parametrize(
    "write", [change_plans.void_plan, change_plans.void_revision, change_plans.void_exemption]
)
def test_what_is_not_there_or_voided_already_is_denied(w, write):
    made = {
        change_plans.void_plan: run(change_plans.establish, w.case_id, MARCH, by=w.manager),
        change_plans.void_revision: run(change_plans.revise, w.case_id, APRIL, by=w.manager),
        change_plans.void_exemption: run(
            change_plans.exempt, w.case_id, NewExemption(MOVES, TODAY), by=w.manager
        ),
    }
    run(write, made[write], by=w.manager)
    before = audit_count()
    for row_id in (made[write], 10_000):
        with pytest.raises(PermissionDeniedError):
            run(write, row_id, by=w.manager)
    assert audit_count() == before


def test_forms_sent_twice_are_one_row_each(w):
    def twice(write, *args):
        key = write.__name__
        ids = {run(write, *args, by=w.caseworker, key=key) for _ in range(2)}
        assert len(ids) == 1
        return ids.pop()

    plan_id = twice(change_plans.establish, w.case_id, MARCH)
    revision_id = twice(change_plans.revise, w.case_id, APRIL)
    exemption_id = twice(change_plans.exempt, w.case_id, NewExemption(MOVES, TODAY))
    twice(change_plans.void_exemption, exemption_id)
    twice(change_plans.void_revision, revision_id)
    twice(change_plans.end, w.case_id, TODAY)
    twice(change_plans.void_plan, plan_id)
    assert [len(rows(t)) for t in (ChangePlan, PlanRevision, PlanExemption)] == [1, 1, 1]
    assert audit_count() == 7
