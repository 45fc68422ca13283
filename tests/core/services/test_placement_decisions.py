"""Decisions on placements as they are made: with reasons, decision-makers and questions."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.models import Case, DayRate, Placement, PlacementDecision, Unit
from core.queries import cache
from core.queries import placements as reading
from core.rules.dates import add_months
from core.services import placements
from core.services.base import FieldError, RefusedError
from core.services.placement_inputs import (
    Decided,
    NewDecision,
    NewEnd,
    NewPlacement,
    NewRate,
    NewReopening,
    NewReview,
)
from core.services.questions import AskedError, Questions, kronor
from core.terms import Contract, DecisionReason, LegalBasis
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, audit_count, refusals, rows, run, world

day = make.day
STARTS = day("2024-03-01")
PLANNED = day("2024-06-30")
BOARD = Decided(TODAY, " Nämnden ")


@pytest.fixture
def w(store, today):
    """A unit with a placement at Björken on ramavtal, planned to end on the last of June."""
    today(TODAY)
    cache.clear()
    made = world(opened_on=day("2022-01-10"))
    with db.write() as session:
        kind = money.kind(session, session.get_one(Unit, made.unit_id))
        placed = money.placement(
            session,
            session.get_one(Case, made.case_id),
            kind,
            STARTS,
            reference="PL-0001",
            rates=1000,
            decisions=[{"decided_on": STARTS, "planned_end_on": PLANNED}],
        )
        made.extra |= {"kind": kind.id, "placement": placed.id}
    return made


def decision(**changes):
    usual = NewDecision(TODAY, "Chefen", "Björken", Contract.FRAMEWORK, PLANNED)
    return replace(usual, **changes)


def write(w, service, *args, version=1):
    return run(service, w.extra["placement"], *args, version=version, by=w.manager)


def asked(w, service, *args, version=1):
    """Return what a write asks about, by field; nothing may be written."""
    before = audit_count()
    with pytest.raises(AskedError) as raised:
        write(w, service, *args, version=version)
    assert audit_count() == before
    assert raised.value.faults == ()
    return {question.field: question.message for question in raised.value.questions}


def confirmed(new):
    return replace(new, confirmed=True)


def latest():
    return rows(PlacementDecision)[-1]


def list_row(w):
    with db.read() as session:
        (row,) = reading.placement_rows(session, Scope(w.unit_id), on=TODAY, with_case=True)
        return row


@pytest.mark.parametrize(
    ("reason", "planned", "allowed"),
    [
        (DecisionReason.EXTENSION, day("2024-07-01"), True),
        (DecisionReason.EXTENSION, None, True),
        (DecisionReason.EXTENSION, PLANNED, False),
        (DecisionReason.EXTENSION, day("2024-06-29"), False),
        (DecisionReason.SHORTENING, day("2024-06-29"), True),
        (DecisionReason.SHORTENING, PLANNED, False),
        (DecisionReason.SHORTENING, None, False),
        (DecisionReason.OTHER, PLANNED, True),
        (None, None, True),
    ],
)
def test_an_extension_ends_later_and_a_shortening_earlier_than_what_holds(
    w, reason, planned, allowed
):
    new = decision(reason=reason, planned_end_on=planned)
    if allowed:
        write(w, placements.decide, new)
        assert (latest().reason, latest().planned_end_on) == (reason, planned)
    else:
        found = refusals(placements.decide, w.extra["placement"], new, version=1, by=w.manager)
        assert "2024-06-30" in found["planned_end_on"]


def test_what_runs_for_now_can_be_shortened_but_not_extended(w):
    write(w, placements.decide, decision(planned_end_on=None))
    longer = decision(reason=DecisionReason.EXTENSION)

    found = refusals(placements.decide, w.extra["placement"], longer, version=2, by=w.manager)
    assert "tills vidare" in found["planned_end_on"]
    write(w, placements.decide, decision(reason=DecisionReason.SHORTENING), version=2)


def test_another_provider_and_its_rate_are_one_save(w):
    new = decision(
        provider="Eken",
        reason=DecisionReason.NEW_PROVIDER,
        rate=NewRate(TODAY, Decimal(1500)),
    )
    before = audit_count()

    write(w, placements.decide, new)

    assert audit_count() == before + 1
    assert rows(Placement)[0].version == 2
    row = list_row(w)
    assert (row.provider, row.day_rate) == ("Eken", 1500)


@pytest.mark.parametrize(
    ("rate", "field"),
    [
        (NewRate(TODAY, Decimal(0)), "amount"),
        (NewRate(STARTS - timedelta(1), Decimal(1500)), "valid_from"),
    ],
)
def test_a_decision_with_a_wrong_rate_saves_neither(w, rate, field):
    found = refusals(
        placements.decide, w.extra["placement"], decision(rate=rate), version=1, by=w.manager
    )

    assert field in found
    assert (len(rows(PlacementDecision)), len(rows(DayRate))) == (1, 1)


def test_a_new_rate_tells_who_decided_it_and_changes_nothing_else(w):
    write(w, placements.set_rate, NewRate(TODAY, Decimal(1100), BOARD))

    made = latest()
    assert (made.reason, made.decided_by, made.decided_on) == (
        DecisionReason.NEW_RATE,
        "Nämnden",
        TODAY,
    )
    assert (made.provider, made.contract, made.planned_end_on) == (
        "Björken",
        Contract.FRAMEWORK,
        PLANNED,
    )
    assert rows(Placement)[0].version == 2


def test_an_end_is_a_decision_with_the_last_day(w):
    last = day("2024-05-20")
    write(w, placements.end, NewEnd(last, BOARD))

    assert (latest().reason, latest().planned_end_on) == (DecisionReason.ENDED, last)
    assert (latest().provider, rows(Placement)[0].ended_on) == ("Björken", last)
    assert rows(Placement)[0].version == 2


def test_a_reopening_is_a_decision_with_a_new_planned_end(w):
    write(w, placements.end, NewEnd(day("2024-05-20"), BOARD))
    august = day("2024-08-31")

    write(w, placements.reopen, NewReopening(BOARD, august), version=2)

    row = list_row(w)
    assert (row.ended_on, row.planned_end_on, row.version) == (None, august, 3)
    assert latest().reason is DecisionReason.REOPENED
    assert (latest().provider, latest().contract) == ("Björken", Contract.FRAMEWORK)


@pytest.mark.parametrize(
    ("decided", "field"),
    [
        (Decided(TODAY, " "), "decided_by"),
        (Decided(TODAY, "191212121212"), "decided_by"),
        (Decided(TODAY + timedelta(1), "Chefen"), "decided_on"),
        (Decided(day("2022-01-09"), "Chefen"), "decided_on"),
    ],
)
def test_a_decision_by_nobody_or_on_an_impossible_day_is_refused(w, decided, field):
    placement_id = w.extra["placement"]
    for service, new in (
        (placements.set_rate, NewRate(TODAY, Decimal(1100), decided, confirmed=True)),
        (placements.end, NewEnd(TODAY, decided, confirmed=True)),
    ):
        found = refusals(service, placement_id, new, version=1, by=w.manager)
        assert list(found) == [field]
    write(w, placements.end, TODAY)
    again = NewReopening(decided, confirmed=True)
    assert list(refusals(placements.reopen, placement_id, again, version=2, by=w.manager)) == [
        field
    ]


def test_a_reopening_that_ends_before_the_placement_began_is_refused(w):
    write(w, placements.end, TODAY)
    new = NewReopening(BOARD, STARTS - timedelta(1))

    found = refusals(placements.reopen, w.extra["placement"], new, version=2, by=w.manager)

    assert list(found) == ["planned_end_on"]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("10000.01", "ovanligt mycket"),
        ("185000", "185\u202f000 kr per dygn är ovanligt mycket: 5\u202f550\u202f000 kr"),
        ("99.99", "ovanligt lite"),
        ("2000.01", "från 1\u202f000 kr till 2\u202f000,01 kr"),
        ("499.99", "från 1\u202f000 kr till 499,99 kr"),
    ],
)
def test_an_unusual_rate_is_asked_about(w, amount, said):
    new = NewRate(TODAY, Decimal(amount))
    before = audit_count()

    with pytest.raises(AskedError) as raised:
        write(w, placements.set_rate, new)

    assert audit_count() == before
    assert {question.field for question in raised.value.questions} == {"amount"}
    assert any(said in question.message for question in raised.value.questions)
    write(w, placements.set_rate, confirmed(new))
    assert rows(DayRate)[-1].amount == Decimal(amount)


@pytest.mark.parametrize("amount", ["2000", "500"])
def test_a_usual_rate_goes_through(w, amount):
    write(w, placements.set_rate, NewRate(TODAY, Decimal(amount)))


def test_a_rate_from_the_same_day_says_which_one_it_replaces(w):
    found = asked(w, placements.set_rate, NewRate(STARTS, Decimal(1200)))

    assert found == {
        "valid_from": "Från 2024-03-01 gäller redan 1\u202f000 kr. "
        "Ska den ersättas av 1\u202f200 kr?"
    }
    write(w, placements.set_rate, NewRate(STARTS, Decimal(1200), confirmed=True))
    assert [rate.amount for rate in rows(DayRate) if rate.voided_at is None] == [1200]


def test_a_rate_before_a_later_one_says_how_long_it_holds(w):
    june = day("2024-06-01")
    write(w, placements.set_rate, NewRate(june, Decimal(1100)))

    found = asked(w, placements.set_rate, NewRate(TODAY, Decimal(1050)), version=2)

    assert "till och med 2024-05-31" in found["valid_from"]


def test_a_rate_that_is_asked_about_in_a_decision_is_confirmed_with_it(w):
    new = decision(provider="Eken", rate=NewRate(TODAY, Decimal(5000)))
    assert list(asked(w, placements.decide, new)) == ["amount"]

    write(w, placements.decide, confirmed(new))
    assert rows(DayRate)[-1].amount == 5000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_end_on": add_months(TODAY, 24) + timedelta(1)}, "planned_end_on"),
        ({"planned_end_on": TODAY - timedelta(1)}, "planned_end_on"),
        ({"decided_on": day("2024-02-28")}, "decided_on"),
        ({"decided_on": day("2023-05-26")}, "decided_on"),
    ],
)
def test_unusual_days_of_a_decision_are_asked_about(w, changes, field):
    new = decision(**changes)

    assert list(asked(w, placements.decide, new)) == [field]
    write(w, placements.decide, confirmed(new))


@pytest.mark.parametrize("planned", [add_months(TODAY, 24), TODAY])
def test_a_planned_end_at_the_edge_is_not_asked_about(w, planned):
    write(w, placements.decide, decision(planned_end_on=planned))


def test_an_end_before_the_latest_review_or_rate_is_asked_about(w):
    april = day("2024-04-10")
    run(placements.review, w.extra["placement"], NewReview(day("2024-05-02")), by=w.manager)
    assert "följdes upp 2024-05-02" in asked(w, placements.end, NewEnd(april))["on"]
    write(w, placements.set_rate, NewRate(day("2024-05-10"), Decimal(1100)))

    found = asked(w, placements.end, NewEnd(day("2024-05-09")), version=2)
    assert "En ny dygnskostnad har börjat gälla efter 2024-05-09" in found["on"]
    write(w, placements.end, NewEnd(april, confirmed=True), version=2)


def test_a_coming_rate_does_not_stop_an_end(w):
    write(w, placements.set_rate, NewRate(TODAY + timedelta(9), Decimal(1100)))

    write(w, placements.end, TODAY, version=2)


def registered(w, **changes):
    usual = NewPlacement(
        w.case_id,
        w.extra["kind"],
        LegalBasis.SOL,
        day("2024-01-01"),
        day("2024-01-01"),
        "Chefen",
        "Eken",
        Contract.LOV,
        Decimal(1000),
        day("2024-02-29"),
    )
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": day("2023-05-26"), "decided_on": day("2023-05-26")}, "starts_on"),
        ({"starts_on": day("2025-05-28"), "planned_end_on": None}, "starts_on"),
        ({"decided_on": day("2022-12-31")}, "decided_on"),
        ({"planned_end_on": None}, "case_id"),
        ({"planned_end_on": STARTS}, "case_id"),
        ({"day_rate": Decimal(185_000)}, "day_rate"),
    ],
)
def test_an_unusual_new_placement_is_asked_about(w, changes, field):
    new = registered(w, **changes)
    with pytest.raises(AskedError) as raised:
        run(placements.start, new, by=w.manager)

    assert field in {question.field for question in raised.value.questions}
    assert len(rows(Placement)) == 1
    run(placements.start, confirmed(new), by=w.manager)
    assert len(rows(Placement)) == 2


def test_a_usual_new_placement_beside_the_other_is_not_asked_about(w):
    run(placements.start, registered(w), by=w.manager)

    assert rows(PlacementDecision)[-1].reason is DecisionReason.NEW


def test_what_is_wrong_is_told_with_what_is_asked_and_a_yes_does_not_help_it(w):
    new = registered(w, provider="", day_rate=Decimal(185_000))
    with pytest.raises(AskedError) as raised:
        run(placements.start, new, by=w.manager)
    assert [fault.field for fault in raised.value.faults] == ["provider"]
    assert set(raised.value.by_field()) == {"provider", "day_rate"}

    assert list(refusals(placements.start, confirmed(new), by=w.manager)) == ["provider"]


def test_a_question_without_faults_is_no_plain_refusal():
    questions = Questions()
    questions.ask_if(False, "a", "Nej")
    questions.done()
    questions.ask_if(True, "a", "Stämmer det?")
    with pytest.raises(AskedError) as raised:
        questions.done()
    assert raised.value.questions == (FieldError("a", "Stämmer det?"),)
    assert isinstance(raised.value, RefusedError)
    yes = Questions(confirmed=True)
    yes.ask_if(True, "a", "Stämmer det?")
    yes.done()


@pytest.mark.parametrize(
    ("amount", "written"),
    [("5", "5 kr"), ("1850.5", "1\u202f850,50 kr"), ("1234567", "1\u202f234\u202f567 kr")],
)
def test_messages_write_kronor_in_swedish(amount, written):
    assert kronor(Decimal(amount)) == written
