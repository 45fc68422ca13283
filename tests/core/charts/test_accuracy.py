"""The accuracy chart: a row for each month and method, in percent, each method in its colour."""

from fractions import Fraction

from core.charts.accuracy import ACCURACY, OWN_WORDS, WORDS, accuracy_rows, key
from core.charts.theme import PALETTES


def test_rows_are_in_percent():
    rows = accuracy_rows([("jan", OWN_WORDS, Fraction(1, 40)), ("feb", WORDS[1], Fraction(1, 100))])
    assert rows.to_dict("records") == [
        {"month": "jan", "method": "Controllerns egen", "percent": 2.5},
        {"month": "feb", "method": "Rak framskrivning", "percent": 1.0},
    ]


def test_every_method_has_a_colour_of_its_own_in_both_themes():
    for palette in PALETTES.values():
        words = dict(key(palette))
        assert tuple(words) == WORDS
        assert len(set(words.values())) == len(WORDS) == 4
    assert set(ACCURACY) == set(PALETTES)
