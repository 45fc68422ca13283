"""The group's median: the middle of five or more, and nothing of fewer."""

import statistics
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.rules.own_development import middle

SHARES = st.one_of(st.none(), st.fractions(0, 1, max_denominator=70))


def of(*parts):
    return [Fraction(part, 10) for part in parts]


def test_it_is_the_one_in_the_middle_whatever_the_order():
    assert middle(of(9, 1, 5, 8, 2)) == Fraction(1, 2)


def test_of_an_even_number_it_is_halfway_between_the_two_in_the_middle():
    assert middle(of(1, 2, 5, 8, 9, 10)) == Fraction(13, 20)


def test_fewer_than_five_have_none_and_those_without_value_do_not_count():
    assert middle(of(1, 2, 3, 4)) is None
    assert middle([*of(1, 2, 3, 4), None, None]) is None
    assert middle([None, *of(1, 2, 3, 4, 5)]) == Fraction(3, 10)
    assert middle([]) is None


@given(st.lists(SHARES, max_size=12))
def test_it_is_what_the_standard_library_gives(shares):
    known = [share for share in shares if share is not None]
    expected = statistics.median(known) if len(known) >= 5 else None
    assert middle(shares) == expected
