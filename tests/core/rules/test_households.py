import datetime as dt
from decimal import Decimal
from fractions import Fraction

from core.rules.cases import Adult
from core.rules.households import HouseholdCounts, count_household, per_household, share_of
from core.terms import Gender

D = dt.date


def test_a_household_counts_its_adults_children_and_applicant():
    applicant = Adult(1, Gender.WOMAN, D(2024, 1, 1))
    partner = Adult(2, Gender.MAN, D(2024, 1, 1), D(2024, 3, 31))
    together = count_household([applicant, partner], 3, D(2024, 3, 31))
    assert together == HouseholdCounts(households=1, adults=2, children=3, women=1)
    assert together.recipients == 5
    assert count_household([applicant, partner], 3, D(2024, 4, 1)).adults == 1


def test_a_household_counts_under_its_applicants_gender():
    man, other = Adult(1, Gender.MAN, D(2024, 1, 1)), Adult(1, Gender.OTHER, D(2024, 1, 1))
    assert count_household([man], 0, D(2024, 5, 1)).men == 1
    assert count_household([other], 0, D(2024, 5, 1)).other == 1
    assert count_household([], 0, D(2024, 5, 1)) == HouseholdCounts(households=1, other=1)


def test_households_add_up():
    total = HouseholdCounts(1, 2, 3, 4, 5, 6) + HouseholdCounts(10, 20, 30, 40, 50, 60)
    assert total == HouseholdCounts(11, 22, 33, 44, 55, 66)


def test_kronor_per_household():
    assert per_household(Decimal("3800000.00"), 317) == Fraction(3_800_000, 317)
    assert per_household(Decimal(100), 0) is None
    assert per_household(None, 317) is None
    assert per_household(Decimal(100), None) is None


def test_the_share_of_a_population():
    assert share_of(529, 52_900) == Fraction(1, 100)
    assert share_of(0, 0) is None
    assert share_of(None, 100) is None
    assert share_of(5, None) is None
