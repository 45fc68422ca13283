"""What a unit chooses among on its placements: who changes it, and that the past stays."""

from decimal import Decimal

import pytest

from core import db
from core.auth import PermissionDeniedError, Scope
from core.models import Case, Placement, PlacementDecision, PlacementKind, PlacementTerm, Unit
from core.queries import placement_terms as reading
from core.queries.placement_terms import Word, word_of
from core.services import placement_terms, placements
from core.services.base import ConflictError
from core.services.placement_inputs import NewDecision, NewPlacement
from core.services.placement_terms import NewKind, NewTerm
from core.terms import Contract, LegalBasis, PlacementDimension
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, audit_count, refusals, rows, run, world

STARTS = make.day("2024-03-01")
CONTRACT, BASIS = PlacementDimension.CONTRACT, PlacementDimension.LEGAL_BASIS
RANK_TWO = NewTerm(CONTRACT, " Ramavtal  rang 2 ", Contract.FRAMEWORK)


@pytest.fixture
def w(store, today):
    """A unit with a used kind, HVB, and one that is free, Stödboende."""
    today(TODAY)
    made = world()
    with db.write() as session:
        unit = session.get_one(Unit, made.unit_id)
        used, free = money.kind(session, unit), money.kind(session, unit, "Stödboende")
        case = session.get_one(Case, made.case_id)
        placed = money.placement(session, case, used, STARTS, rates=1000)
        made.extra |= {"used": used.id, "free": free.id, "placement": placed.id}
    return made


def read(query, *args):
    with db.read() as session:
        return query(session, *args)


def kinds(w):
    return read(reading.kinds, Scope(w.unit_id))


def decision(**changes):
    fields = {"contract": Contract.FRAMEWORK, "contract_name": "Ramavtal rang 2"} | changes
    return NewDecision(TODAY, "Chefen", "Björken", **fields)


def test_a_kind_is_added_and_offered_in_the_forms(w):
    added = run(
        placement_terms.add_kind, NewKind(" Jour  boende ", is_temporary=True), by=w.manager
    )

    assert read(reading.offered, Scope(w.unit_id)).kinds == {
        w.extra["used"]: "HVB",
        w.extra["free"]: "Stödboende",
        added: "Jour boende",
    }
    (row,) = [row for row in kinds(w) if row.id == added]
    assert (row.is_hotel, row.is_temporary, row.used, row.fixed) == (False, True, 0, False)


def test_a_hotel_is_a_hotel_and_no_other_temporary_housing(w):
    both = NewKind("Hotell", is_hotel=True, is_temporary=True)

    added = run(placement_terms.add_kind, both, by=w.manager)

    (row,) = rows(PlacementKind, id=added)
    assert (row.is_hotel, row.is_temporary) == (True, False)


@pytest.mark.parametrize("name", ["", "  ", "hvb", " HVB ", "x" * 81, "191212121212"])
def test_a_kind_without_a_name_of_its_own_is_refused(w, name):
    assert list(refusals(placement_terms.add_kind, NewKind(name), by=w.manager)) == ["name"]


def test_a_kind_without_placements_can_be_made_into_another(w):
    new = NewKind("Vandrarhem", is_hotel=True)

    run(placement_terms.change_kind, w.extra["free"], new, version=1, by=w.manager)

    (row,) = rows(PlacementKind, id=w.extra["free"])
    assert (row.name, row.is_hotel, row.version) == ("Vandrarhem", True, 2)


@pytest.mark.parametrize(
    ("new", "field"), [(NewKind("Behandlingshem"), "name"), (NewKind("HVB", True), "is_hotel")]
)
def test_what_placements_rest_on_is_not_changed(w, new, field):
    used = w.extra["used"]

    found = refusals(placement_terms.change_kind, used, new, version=1, by=w.manager)

    assert list(found) == [field]


def test_a_closed_kind_stays_on_its_placements_and_is_not_chosen_any_longer(w):
    used = w.extra["used"]
    run(placement_terms.change_kind, used, NewKind("HVB", active=False), version=1, by=w.manager)

    assert used not in read(reading.offered, Scope(w.unit_id)).kinds
    assert rows(Placement)[0].kind_id == used
    new = NewPlacement(
        w.case_id,
        used,
        LegalBasis.SOL,
        STARTS,
        STARTS,
        "Chefen",
        "Björken",
        Contract.LOV,
        Decimal(1000),
        confirmed=True,
    )
    assert list(refusals(placements.start, new, by=w.manager)) == ["kind_id"]


def test_the_second_of_two_who_change_a_kind_is_told_how_it_stands(w):
    free = w.extra["free"]
    closed = NewKind("Stödboende", active=False)
    run(placement_terms.change_kind, free, closed, version=1, by=w.manager)

    with pytest.raises(ConflictError) as raised:
        run(placement_terms.change_kind, free, NewKind("Annat"), version=1, by=w.manager)

    assert raised.value.newest.version == 2
    assert raised.value.newest.values == {
        "name": "Stödboende",
        "active": False,
        "is_hotel": False,
        "is_temporary": False,
    }


def test_an_own_word_is_chosen_and_counts_as_a_usual_one(w):
    run(placement_terms.add_term, RANK_TWO, by=w.manager)
    own = Word(Contract.FRAMEWORK, "Ramavtal rang 2")
    assert read(reading.offered, Scope(w.unit_id)).contracts[-1] == own

    run(placements.decide, w.extra["placement"], decision(), version=1, by=w.manager)

    latest = rows(PlacementDecision)[-1]
    assert (latest.contract, latest.contract_name) == (Contract.FRAMEWORK, "Ramavtal rang 2")
    (term,) = read(reading.terms, Scope(w.unit_id), CONTRACT)
    assert (term.used, term.counts_as) == (1, Contract.FRAMEWORK)
    assert own.title == "Ramavtal rang 2 (ramavtal)"
    assert (word_of(own.code, own.name), word_of(own.code)) == ("Ramavtal rang 2", "ramavtal")


def test_an_own_legal_basis_is_kept_on_the_placement(w):
    run(placement_terms.add_term, NewTerm(BASIS, "SoL 4:1", LegalBasis.SOL), by=w.manager)
    new = NewPlacement(
        w.case_id,
        w.extra["free"],
        LegalBasis.SOL,
        STARTS,
        STARTS,
        "Chefen",
        "Björken",
        Contract.LOV,
        Decimal(1000),
        legal_name="SoL 4:1",
    )

    placement_id = run(placements.start, new, by=w.manager)

    assert rows(Placement, id=placement_id)[0].legal_name == "SoL 4:1"
    with db.read() as session:
        found = reading.agreed(session, placement_id, on=TODAY)
        terms = reading.terms(session, Scope(w.unit_id))
    assert (found.legal_name, found.contract_name) == ("SoL 4:1", "")
    assert [(term.dimension, term.used) for term in terms] == [(BASIS, 1)]


@pytest.mark.parametrize(
    "changes", [{"contract_name": "Okänt ord"}, {"contract": Contract.INDIVIDUAL}]
)
def test_a_word_that_the_unit_does_not_have_for_the_code_is_refused(w, changes):
    run(placement_terms.add_term, RANK_TWO, by=w.manager)
    new = decision(**changes)

    found = refusals(placements.decide, w.extra["placement"], new, version=1, by=w.manager)

    assert list(found) == ["contract"]


def test_a_closed_word_is_kept_where_it_is_and_not_chosen_anew(w):
    term_id = run(placement_terms.add_term, RANK_TWO, by=w.manager)
    run(placements.decide, w.extra["placement"], decision(), version=1, by=w.manager)
    run(placement_terms.set_term_active, term_id, False, version=1, by=w.manager)

    run(placements.decide, w.extra["placement"], decision(), version=2, by=w.manager)
    assert len(rows(PlacementDecision)) == 3
    assert len(read(reading.offered, Scope(w.unit_id)).contracts) == len(Contract)
    run(
        placements.decide, w.extra["placement"], decision(contract_name=""), version=3, by=w.manager
    )
    refused = refusals(placements.decide, w.extra["placement"], decision(), version=4, by=w.manager)
    assert list(refused) == ["contract"]

    run(placement_terms.set_term_active, term_id, True, version=2, by=w.manager)
    run(placements.decide, w.extra["placement"], decision(), version=4, by=w.manager)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewTerm(CONTRACT, "", Contract.LOV), "name"),
        (NewTerm(CONTRACT, "Ramavtal", Contract.LOV), "name"),
        (NewTerm(CONTRACT, "ramavtal RANG 2", Contract.LOV), "name"),
        (NewTerm(CONTRACT, "x" * 61, Contract.LOV), "name"),
        (NewTerm(CONTRACT, "19121212-1212", Contract.LOV), "name"),
        (NewTerm(CONTRACT, "Nytt", None), "counts_as"),
        (NewTerm(CONTRACT, "Nytt", LegalBasis.LVM), "counts_as"),
    ],
)
def test_a_wrong_word_is_refused_at_its_field(w, new, field):
    run(placement_terms.add_term, RANK_TWO, by=w.manager)

    assert list(refusals(placement_terms.add_term, new, by=w.manager)) == [field]
    assert len(rows(PlacementTerm)) == 1


def test_the_second_of_two_who_close_a_word_is_told(w):
    term_id = run(placement_terms.add_term, RANK_TWO, by=w.manager)
    run(placement_terms.set_term_active, term_id, False, version=1, by=w.manager)

    with pytest.raises(ConflictError):
        run(placement_terms.set_term_active, term_id, False, version=1, by=w.manager)


def writes(w):
    term_id = run(placement_terms.add_term, RANK_TWO, by=w.manager)
    lock = {"version": 1}
    return [
        (placement_terms.add_kind, (NewKind("Nytt"),), {}),
        (placement_terms.change_kind, (w.extra["free"], NewKind("Nyare")), lock),
        (placement_terms.add_term, (NewTerm(BASIS, "LVM 13", LegalBasis.LVM),), {}),
        (placement_terms.set_term_active, (term_id, False), lock),
    ]


def test_only_those_who_own_the_definitions_change_them(w):
    for service, args, lock in writes(w):
        for name, actor in w.actors.items():
            if name in {"unit_manager", "developer"}:
                continue
            if name == "other_unit_manager" and not lock:
                continue  # they may add to their own unit
            with pytest.raises(PermissionDeniedError):
                run(service, *args, **lock, by=actor)
                pytest.fail(f"{name} {service.__name__}")


def test_every_form_sent_twice_is_one_change(w):
    for service, args, lock in writes(w):
        before = audit_count()
        ids = {run(service, *args, **lock, by=w.manager, key=service.__name__) for _ in range(2)}
        assert (len(ids), audit_count()) == (1, before + 1), service.__name__
