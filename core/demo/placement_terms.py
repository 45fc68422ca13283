"""A made-up unit's own words for contracts and legal bases."""

from __future__ import annotations

from core.demo.people import Place
from core.demo.rows import Rows
from core.models import PlacementTerm
from core.terms import Contract, LegalBasis, PlacementDimension

WORDS = (
    (PlacementDimension.CONTRACT, "Ramavtal rang 2", Contract.FRAMEWORK, True),
    (PlacementDimension.CONTRACT, "Direktupphandling", Contract.INDIVIDUAL, True),
    (PlacementDimension.CONTRACT, "Ramavtal 2019", Contract.FRAMEWORK, False),
    (PlacementDimension.LEGAL_BASIS, "SoL 4 kap. 1 §", LegalBasis.SOL, True),
    (PlacementDimension.LEGAL_BASIS, "LVM 27 §", LegalBasis.LVM, True),
)
"""Dimension, word, code that it counts as, and whether it can still be chosen."""


def add_words(rows: Rows, place: Place) -> None:
    """Add the unit's own words."""
    for dimension, name, code, active in WORDS:
        rows.add(
            PlacementTerm,
            unit_id=place.unit_id,
            dimension=dimension,
            name=name,
            counts_as=str(code),
            active=active,
        )
