"""Budget: lines, outcome and prognoses that the controller writes, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import AuditEvent, BudgetLine, Outcome, PlacementKind, Prognosis, Unit
from core.queries import budget as reading
from core.queries.placements import placement_rows
from core.services import budget
from core.services.base import ConflictError
from core.services.budget import NewLine, NewOutcome, NewPrognosis
from core.services.questions import AskedError
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, audit_count, refusals, rows, run, world

day = make.day
APRIL = day("2024-04-01")
AMOUNT = Decimal("1250.50")


@pytest.fixture
def w(store, today):
    """A world with a budget line of 2024."""
    today(TODAY)
    made = world()
    made.extra["line"] = run(budget.add_line, line(), by=made.actors["controller"])
    with db.write() as session:
        made.extra["kind"] = money.kind(session, session.get_one(Unit, made.unit_id), "stöd").id
    return made


def line(**changes):
    return NewLine(
        **{"year": 2024, "section": "Bistånd", "name": "Boende", "amount": Decimal(9)} | changes
    )


def write(w, service, *args, **kwargs):
    return run(service, *args, by=w.actors["controller"], **kwargs)


def refused(w, service, *args, **kwargs):
    return list(refusals(service, *args, by=w.actors["controller"], **kwargs))


def row_at(w, on=TODAY):
    """Return the line's figures on a day, read through the cache as a page does."""
    with db.read() as session:
        return reading.budget(session, Scope(w.unit_id), on=on).to_dict("records")[0]


def test_a_line_is_added_to_the_controllers_own_unit(w):
    write(w, budget.add_line, line(section=" Intäkter ", name=" Bidrag ", amount=Decimal(-7)))

    added = rows(BudgetLine)[-1]
    assert (added.unit_id, added.year, added.section, added.name, added.amount) == (
        w.unit_id,
        2024,
        "Intäkter",
        "Bidrag",
        Decimal("-7.00"),
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"section": " "}, "section"),
        ({"section": "x" * 81}, "section"),
        ({"name": ""}, "name"),
        ({"name": "191212121212"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"year": 24}, "year"),
        ({"year": 2101}, "year"),
        ({"amount": None, "name": "Ny"}, "amount"),
        ({"amount": Decimal("0.001"), "name": "Ny"}, "amount"),
        ({"amount": Decimal(10**11), "name": "Ny"}, "amount"),
        ({"amount": Decimal(-(10**11)), "name": "Ny"}, "amount"),
        ({}, "name"),
    ],
)
def test_a_wrong_line_is_refused_at_its_field(w, changes, field):
    assert refused(w, budget.add_line, line(**changes)) == [field]
    assert len(rows(BudgetLine)) == 1


def test_the_same_name_in_another_year_is_another_line(w):
    assert write(w, budget.add_line, line(year=2023)) != w.extra["line"]


def test_a_changed_amount_moves_the_year_and_the_log_keeps_what_it_was(w):
    assert row_at(w, day("2024-01-01"))["budget"] == 9

    write(w, budget.change_line_amount, w.extra["line"], Decimal(12), version=1)

    assert row_at(w, day("2024-01-01"))["budget"] == 12
    assert rows(AuditEvent)[-1].details == {"amount": "12", "was": "9.00"}


def test_the_second_of_two_who_change_an_amount_is_told(w):
    write(w, budget.change_line_amount, w.extra["line"], Decimal(12), version=1)

    with pytest.raises(ConflictError):
        write(w, budget.change_line_amount, w.extra["line"], Decimal(13), version=1)
    assert rows(BudgetLine)[0].amount == 12
    assert refused(w, budget.change_line_amount, w.extra["line"], None, version=2) == ["amount"]


def test_an_outcome_counts_from_the_day_it_was_booked(w):
    booked_on = day("2024-05-10")
    assert row_at(w)["outcome_to_date"] is None

    write(w, budget.set_outcome, w.extra["line"], NewOutcome(day("2024-04-15"), AMOUNT, booked_on))

    assert rows(Outcome)[0].month == APRIL
    assert row_at(w)["outcome_to_date"] == AMOUNT
    assert row_at(w, day("2024-05-09"))["outcome_to_date"] is None


def test_a_corrected_outcome_leaves_the_earlier_one_as_it_was(w):
    for booked_on, amount in ((day("2024-05-10"), AMOUNT), (TODAY, Decimal(-3))):
        write(w, budget.set_outcome, w.extra["line"], NewOutcome(APRIL, amount, booked_on))

    assert row_at(w)["outcome_to_date"] == -3
    assert row_at(w, TODAY - timedelta(1))["outcome_to_date"] == AMOUNT

    write(w, budget.void_outcome, rows(Outcome)[-1].id)
    assert row_at(w)["outcome_to_date"] == AMOUNT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"month": day("2023-04-01")}, "month"),
        ({"booked_on": TODAY + timedelta(1)}, "booked_on"),
        ({"booked_on": day("2024-04-29")}, "booked_on"),
        ({"month": day("2024-05-01")}, "booked_on"),
    ],
)
def test_a_wrong_outcome_is_refused_at_its_field(w, changes, field):
    new = NewOutcome(**{"month": APRIL, "amount": AMOUNT, "booked_on": TODAY} | changes)

    assert refused(w, budget.set_outcome, w.extra["line"], new) == [field]
    assert rows(Outcome) == []


def test_an_outcome_may_be_booked_on_the_months_last_day(w):
    new = NewOutcome(APRIL, AMOUNT, day("2024-04-30"))

    assert write(w, budget.set_outcome, w.extra["line"], new)


def test_a_prognosis_counts_from_its_day_and_the_one_before_stays(w):
    earlier, later = day("2024-04-15"), day("2024-05-15")
    for made_on, amount in ((earlier, 10), (later, 11)):
        new = NewPrognosis(Decimal(amount), made_on, " nya placeringar ")
        write(w, budget.set_prognosis, w.extra["line"], new)

    assert row_at(w)["prognosis"] == 11
    assert row_at(w)["deviation"] == -2
    assert row_at(w, later - timedelta(1))["prognosis"] == 10
    assert rows(Prognosis)[0].comment == "nya placeringar"

    write(w, budget.void_prognosis, rows(Prognosis)[-1].id)
    assert row_at(w)["prognosis"] == 10
    with pytest.raises(PermissionDeniedError):
        write(w, budget.void_prognosis, rows(Prognosis)[-1].id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": None}, "amount"),
        ({"made_on": TODAY + timedelta(1)}, "made_on"),
        ({"comment": "x" * 501}, "comment"),
        ({"comment": "191212121212"}, "comment"),
    ],
)
def test_a_wrong_prognosis_is_refused_at_its_field(w, changes, field):
    new = NewPrognosis(**{"amount": Decimal(10), "made_on": TODAY} | changes)

    assert refused(w, budget.set_prognosis, w.extra["line"], new) == [field]
    assert rows(Prognosis) == []


def test_a_year_that_is_over_gets_no_prognosis(w):
    old = write(w, budget.add_line, line(year=2023))

    late = NewPrognosis(Decimal(10), day("2024-01-01"))
    assert refused(w, budget.set_prognosis, old, late) == ["made_on"]
    assert write(w, budget.set_prognosis, old, NewPrognosis(Decimal(10), day("2023-12-31")))


@pytest.mark.parametrize("typed", [1250, 1_250_000_000])
def test_a_prognosis_in_the_wrong_unit_takes_a_yes(w, typed):
    line_id = write(w, budget.add_line, line(name="HVB", amount=Decimal(1_000_000)))
    new = NewPrognosis(Decimal(typed), TODAY)
    with pytest.raises(AskedError) as asked:
        write(w, budget.set_prognosis, line_id, new)
    assert "1 250 000 kr" in asked.value.by_field()["amount"].replace("\u202f", " ")
    assert rows(Prognosis) == []

    write(w, budget.set_prognosis, line_id, replace(new, confirmed=True))
    assert rows(Prognosis)[0].amount == typed


def test_a_kind_of_placement_paid_by_a_line_counts_there_bottom_up(w):
    with db.write() as session:
        unit = session.get_one(Unit, w.unit_id)
        kind = money.kind(session, unit)
        case = make.case(session, unit, day("2024-01-01"))
        money.placement(
            session, case, kind, day("2024-12-30"), rates=100, decisions=[{"decided_on": TODAY}]
        )
        stranger = money.kind(session, session.get_one(Unit, w.extra["other_unit_id"]))
    assert row_at(w)["bottom_up"] is None
    with db.read() as session:  # the list is read before it is known who pays
        assert len(placement_rows(session, Scope(w.unit_id), on=TODAY, with_case=True)) == 1

    write(w, budget.pay_kind_from, kind.id, w.extra["line"])
    assert row_at(w)["bottom_up"] == 200

    write(w, budget.pay_kind_from, kind.id, None)
    assert row_at(w)["bottom_up"] is None
    (kept,) = rows(PlacementKind, id=kind.id)
    assert (kept.budget_section, kept.budget_line) == (None, None)
    with pytest.raises(PermissionDeniedError):
        write(w, budget.pay_kind_from, stranger.id, w.extra["line"])


def test_every_form_sent_twice_is_one_row(w):
    line_id = w.extra["line"]
    writes = [
        (budget.add_line, (line(name="Ny"),), {}),
        (budget.change_line_amount, (line_id, Decimal(1)), {"version": 1}),
        (budget.set_outcome, (line_id, NewOutcome(APRIL, AMOUNT, TODAY)), {}),
        (budget.set_prognosis, (line_id, NewPrognosis(AMOUNT, TODAY)), {}),
        (budget.void_outcome, (1,), {}),
        (budget.void_prognosis, (1,), {}),
        (budget.pay_kind_from, (w.extra["kind"], line_id), {}),
    ]
    for service, args, lock in writes:
        before = audit_count()
        for _ in range(2):
            write(w, service, *args, key=service.__name__, **lock)
        assert audit_count() == before + 1, service.__name__


def test_a_controller_of_no_unit_writes_nothing(w):
    nowhere = replace(w.actors["controller"], unit_id=None)

    with pytest.raises(PermissionDeniedError):
        run(budget.add_line, line(name="Ny"), by=nowhere)
