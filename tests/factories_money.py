"""Placements and budget for tests. All providers and amounts are made up."""

import itertools
from decimal import Decimal

from core.models import (
    BudgetLine,
    DayRate,
    Outcome,
    Placement,
    PlacementDecision,
    PlacementKind,
    PlacementReview,
    Prognosis,
)
from core.terms import Contract, LegalBasis
from tests.factories import save

_numbers = itertools.count(1)


def kind(session, of, name="HVB", **fields):
    """Save a kind of placement of a unit."""
    return save(session, PlacementKind(**{"unit_id": of.id, "name": name} | fields))


def placement(session, case, kind, starts_on, *, rates, decisions=(), reviews=(), **fields):
    """Save a placement with its dated rows.

    `rates` are (valid from, kronor), or one amount from the first day; `decisions` are dicts with
    `decided_on`, or one from the first day; `reviews` are (reviewed on, next review on).
    """
    row = save(
        session,
        Placement(
            **{
                "unit_id": case.unit_id,
                "case_id": case.id,
                "reference": f"PL-{next(_numbers):04}",
                "kind_id": kind.id,
                "legal_basis": LegalBasis.SOL,
                "starts_on": starts_on,
            }
            | fields
        ),
    )
    if isinstance(rates, int | str):
        rates = [(starts_on, rates)]
    for valid_from, amount in rates:
        save(
            session,
            DayRate(placement_id=row.id, valid_from=valid_from, amount=Decimal(amount)),
        )
    for given in decisions or [{"decided_on": starts_on}]:
        decide(session, row, **given)
    for reviewed_on, next_review_on in reviews:
        review(session, row, reviewed_on, next_review_on)
    return row


def decide(session, placement, decided_on, **fields):
    """Save a decision on a placement."""
    return save(
        session,
        PlacementDecision(
            **{
                "placement_id": placement.id,
                "decided_on": decided_on,
                "decided_by": "Chefen",
                "provider": "Björken",
                "contract": Contract.FRAMEWORK,
            }
            | fields
        ),
    )


def review(session, placement, reviewed_on, next_review_on=None, **fields):
    """Save a review of a placement."""
    return save(
        session,
        PlacementReview(
            placement_id=placement.id,
            reviewed_on=reviewed_on,
            next_review_on=next_review_on,
            **fields,
        ),
    )


def line(session, of, amount, *, year=2024, section="Bistånd", name="Placeringar"):
    """Save a budget line of a unit."""
    return save(
        session,
        BudgetLine(unit_id=of.id, year=year, section=section, name=name, amount=Decimal(amount)),
    )


def outcome(session, line, month, amount, booked_on, **fields):
    """Save a line's amount of a month."""
    return save(
        session,
        Outcome(
            line_id=line.id, month=month, amount=Decimal(amount), booked_on=booked_on, **fields
        ),
    )


def prognosis(session, line, amount, made_on, **fields):
    """Save a prognosis of a line."""
    return save(
        session, Prognosis(line_id=line.id, amount=Decimal(amount), made_on=made_on, **fields)
    )
