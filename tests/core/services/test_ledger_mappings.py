"""Mappings of the ledger: who may, what is refused, and outcomes that follow."""

from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError
from core.models import AuditEvent, LedgerMapping, Outcome
from core.rules.ledger import Combination
from core.services.base import ConflictError
from core.services.budget import NewLine, add_line
from core.services.ledger_mappings import Choice, save_mappings
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, refusals, rows, run
from tests.factories_ledger import (
    first,
    imported,
    leave_out,
    ledger,
    ledger_world,
    map_to,
    outcomes,
    seen,
    type_outcome,
    unmap,
)

CARE, OTHER = ("4511", "12", "575"), ("4511", "13", "575")


@pytest.fixture
def w(store, today):
    """A unit whose ledger has account 4511 on two cost centres in February and March."""
    today(TODAY)
    made = ledger_world()
    cells = [
        (*CARE, "2024-02", "100"),
        (*CARE, "2024-03", "200"),
        (*OTHER, "2024-03", "30"),
    ]
    imported(made, ledger(*cells))
    return made


def test_a_mapping_books_the_sums_of_its_months_and_is_logged(w):
    map_to(w, "care", CARE)

    assert outcomes(w) == {("care", 2): 100, ("care", 3): 200}
    event = rows(AuditEvent, action="map_ledger")[-1]
    assert event.details == {"rows": 1, "changed": 2}
    assert event.entity_id == rows(LedgerMapping)[-1].id


def test_a_mapping_of_the_account_takes_what_no_other_takes(w):
    map_to(w, "care", CARE)
    map_to(w, "rent", ("4511", "", ""))
    assert outcomes(w) == {("care", 2): 100, ("care", 3): 200, ("rent", 3): 30}

    unmap(w, CARE)
    assert outcomes(w) == {
        ("care", 2): 0,
        ("care", 3): 0,
        ("rent", 2): 100,
        ("rent", 3): 230,
    }


def test_what_is_left_out_on_purpose_leaves_its_line(w):
    map_to(w, "care", CARE, OTHER)
    leave_out(w, OTHER)
    assert outcomes(w) == {("care", 2): 100, ("care", 3): 200}


def test_a_line_that_loses_its_rows_is_0_even_where_the_same_amount_was_typed(w):
    type_outcome(w.extra["care"], first(3), 200, TODAY)
    map_to(w, "care", CARE)
    map_to(w, "rent", CARE)
    assert outcomes(w)["care", 3] == 0
    assert outcomes(w)["rent", 3] == 200


def test_the_same_mapping_again_writes_nothing(w):
    mapping = map_to(w, "care", CARE)
    before = len(rows(AuditEvent)), len(rows(Outcome))
    assert map_to(w, "care", CARE) == mapping
    assert (len(rows(AuditEvent)), len(rows(Outcome))) == before


def test_a_form_sent_twice_is_saved_once(w):
    choice = Choice(Combination(*CARE), w.extra["care"])
    who = {"by": w.actors["controller"], "key": "one"}
    assert run(save_mappings, [choice], **who) == run(save_mappings, [choice], **who)
    assert len(rows(LedgerMapping)) == 1


def test_a_changed_mapping_keeps_the_one_that_was(w):
    map_to(w, "care", CARE)
    map_to(w, "rent", CARE)
    was, now = rows(LedgerMapping)
    assert was.voided_at is not None
    assert was.voided_by_id == w.actors["controller"].user_id
    assert (now.voided_at, now.line) == (None, "Lokaler")


def test_a_mapping_changed_by_somebody_else_since_is_a_conflict(w):
    choice = Choice(Combination(*CARE), w.extra["rent"], seen_id=seen(*CARE))
    map_to(w, "care", CARE)
    with pytest.raises(ConflictError):
        run(save_mappings, [choice], by=w.actors["controller"])
    assert outcomes(w)["care", 3] == 200


def test_what_is_wrong_is_told(w):
    by = w.actors["controller"]
    care, rent = w.extra["care"], w.extra["rent"]
    one = Combination(*CARE)
    assert refusals(save_mappings, [], by=by) == {"line": "Välj minst en kombination."}
    twice = [Choice(one, care), Choice(one, rent)]
    assert refusals(save_mappings, twice, by=by) == {"line": "4511 har fått två val. Välj ett."}
    nameless = [Choice(Combination(""), care)]
    assert refusals(save_mappings, nameless, by=by) == {"line": "Kontot saknas."}
    person = [Choice(Combination("811228-9874"), care)]
    assert "personnummer" in refusals(save_mappings, person, by=by)["line"]
    long = [Choice(Combination("4" * 21), care)]
    assert "högst 20 tecken" in refusals(save_mappings, long, by=by)["line"]


@pytest.mark.parametrize("name", ["unit_manager", "developer", "group_manager", "reader", "admin"])
def test_only_the_controller_maps(w, name):
    choice = Choice(Combination(*CARE), w.extra["care"])
    with pytest.raises(PermissionDeniedError):
        run(save_mappings, [choice], by=w.actors[name])


def test_another_units_line_is_out_of_reach(w):
    with db.write() as session:
        other = session.get_one(make.Unit, w.extra["other_unit_id"])
        line_id = money.line(session, other, 1).id
    with pytest.raises(PermissionDeniedError):
        run(save_mappings, [Choice(Combination(*CARE), line_id)], by=w.actors["controller"])


def test_a_line_of_the_same_name_takes_it_in_every_year(w):
    with db.write() as session:
        unit = session.get_one(make.Unit, w.unit_id)
        w.extra["last"] = money.line(session, unit, 1_000_000, year=2023, name="Vård").id
    map_to(w, "care", CARE)
    imported(w, ledger((*CARE, "2023-12", "900")))
    booked = [row for row in rows(Outcome) if row.line_id == w.extra["last"]]
    assert [(row.month, row.amount) for row in booked] == [(first(12, 2023), 900)]


def test_a_line_added_later_gets_what_the_ledger_already_has_for_its_name(w):
    map_to(w, "care", CARE)
    with db.write() as session:
        unit = session.get_one(make.Unit, w.unit_id)
        w.extra["last"] = money.line(session, unit, 1, year=2023, name="Sluten vård").id
    imported(w, ledger((*CARE, "2023-12", "900"), ("4600", "", "", "2023-12", "7")))
    map_to(w, "care", ("4600", "", ""))
    assert [row for row in rows(Outcome) if row.month.year == 2023] == []

    new = NewLine(2023, "Bistånd", "Vård", Decimal(1000))
    line_id = run(add_line, new, by=w.actors["controller"])
    (booked,) = [row for row in rows(Outcome) if row.line_id == line_id]
    assert (booked.month, booked.amount, booked.from_ledger) == (first(12, 2023), 907, True)
