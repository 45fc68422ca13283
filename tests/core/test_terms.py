"""Every code has its own Swedish word."""

from enum import StrEnum

import pytest

from core import terms
from core.terms import (
    ClosingReason,
    ExemptionReason,
    Gender,
    HouseholdType,
    Obstacle,
    PlacementForm,
    sv,
    sv_title,
)

KINDS = [
    kind
    for kind in vars(terms).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_code_of_a_kind_has_a_word_of_its_own(kind):
    words = [sv(code) for code in kind]
    assert all(words)
    assert len(set(words)) == len(words)


def test_codes_spelt_alike_have_the_words_of_their_kinds():
    others = (Gender, HouseholdType, Obstacle, ClosingReason, ExemptionReason, PlacementForm)
    assert [sv(kind.OTHER) for kind in others] == [
        "annat/okänt",
        "övrig hushållstyp",
        "övriga",
        "annat",
        "annat",
        "annat",
    ]
    assert (sv(Obstacle.UNKNOWN), sv(ClosingReason.UNKNOWN)) == ("uppgift saknas", "okänt")


def test_a_label_begins_with_a_capital_and_keeps_the_rest():
    assert sv_title(Obstacle.SICK_WITH_SGI) == "Sjukskriven med läkarintyg, med SGI"
