from decimal import Decimal
from fractions import Fraction

import pytest

from core.rules.shares import rounded
from core.rules.staff_survey import ami, covering, mismatch, response_rate, shown


@pytest.mark.parametrize(
    ("parts", "published"),
    [((92, 91, 82), 88), ((95, 93, 89), 92), ((93, 96, 93), 94)],
)
def test_ami_is_the_mean_of_its_three_parts(parts, published):
    assert rounded(ami(*parts)) == published
    assert mismatch(published, parts) is False


def test_ami_is_kept_unrounded():
    assert ami(92, 91, Decimal(82)) == Fraction(265, 3)


def test_ami_needs_all_three_parts():
    assert ami(None, 91, 82) is None
    assert ami(92, None, 82) is None
    assert ami(92, 91, None) is None


def test_a_mismatch_is_more_than_one_from_the_unrounded_mean():
    parts = (70, 80, 90)
    assert mismatch(81, parts) is False
    assert mismatch(79, parts) is False
    assert mismatch(Decimal("81.1"), parts) is True
    assert mismatch(Decimal("78.9"), parts) is True
    assert mismatch(90, (92, 91, 84)) is False
    assert mismatch(90, (92, 91, 83)) is True


def test_a_mismatch_needs_every_index():
    assert mismatch(None, (70, 80, 90)) is None
    assert mismatch(80, (70, None, 90)) is None


def test_fewer_than_five_respondents_are_never_shown():
    assert not shown(0)
    assert not shown(4)
    assert shown(5)


def test_the_response_rate_of_nobody_has_no_value():
    assert response_rate(15, 20) == Fraction(3, 4)
    assert response_rate(0, 0) is None


@pytest.mark.parametrize(
    ("groups", "whole", "hidden"),
    [
        ({"A": 15}, 18, {"A"}),
        ({"A": 15}, 20, set()),
        ({"A": 15}, 15, set()),
        ({"A": 15}, None, set()),
        ({"A": 34, "B": 25}, 63, {"B"}),
        ({"A": 34, "B": 25}, 64, set()),
        ({"A": 8, "B": 8}, 18, {"A"}),
        ({}, 4, set()),
    ],
)
def test_the_smallest_group_is_hidden_with_one_that_subtraction_would_tell(groups, whole, hidden):
    assert covering(groups, whole) == hidden
