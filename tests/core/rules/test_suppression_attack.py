"""A thousand tables, attacked by linear programming."""

import random

import pytest

from core.rules.suppression import is_small, suppress_balance, suppress_series, suppress_table
from tests.core.rules import slow
from tests.core.rules.attack import SMALL, Attacker, reckoned, table_sums, table_texts

TABLES = 1_000
BATCHES = 20


def tables(batch):
    rng = random.Random(f"suppression {batch}")
    for number in range(TABLES // BATCHES):
        yield KINDS[number % len(KINDS)](rng)


def filled(rng, height, width, most, zeros=0.0):
    return [
        [0 if rng.random() < zeros else rng.randint(0, most) for _ in range(width)]
        for _ in range(height)
    ]


def skewed(rng, height, width):
    return [[int(rng.paretovariate(0.8)) - 1 for _ in range(width)] for _ in range(height)]


KINDS = (
    lambda rng: filled(rng, 1, rng.randint(1, 12), rng.choice((4, 8, 40))),
    lambda rng: filled(rng, rng.randint(1, 12), 1, 8),
    lambda rng: filled(rng, 2, 2, rng.choice((3, 6, 12))),
    lambda rng: filled(rng, rng.randint(2, 4), rng.randint(2, 4), rng.choice((5, 9, 20))),
    lambda rng: filled(rng, rng.randint(2, 8), rng.randint(2, 6), 60, zeros=0.4),
    lambda rng: filled(rng, rng.randint(2, 8), rng.randint(2, 12), 12, zeros=0.8),
    lambda rng: filled(rng, rng.randint(2, 5), rng.randint(2, 5), 1),
    lambda rng: filled(rng, rng.randint(2, 8), rng.randint(2, 12), 2, zeros=0.5),
    lambda rng: skewed(rng, rng.randint(2, 6), rng.randint(2, 8)),
    lambda rng: filled(rng, 8, 12, rng.choice((6, 15, 200))),
)


def told(cells):
    """Return what an attacker can tell of a table as it is shown.

    One who reckons that a `..` is 5 or more: whoever takes it for any count can tell less.
    """
    rows = table_texts(suppress_table(cells))
    texts = [text for row in rows for text in row]
    sums = table_sums(len(cells), len(cells[0]))
    return Attacker(texts, sums, reckoned(rows)).told()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_hidden_count_of_a_table_can_be_told(batch):
    for cells in tables(batch):
        assert told(cells) == [], cells


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_table_shows_true_counts_and_no_small_one(batch):
    for cells in tables(batch):
        rows = table_texts(suppress_table(cells))
        for counts, texts in zip(slow.with_totals(cells), rows, strict=True):
            for count, text in zip(counts, texts, strict=True):
                assert text in ({"<5", ".."} if is_small(count) else {str(count), ".."}), cells
        total = sum(map(sum, cells))
        assert rows[-1][-1] == ("<5" if is_small(total) else str(total)), cells


def test_a_series_is_protected_as_a_table_of_one_row():
    rng = random.Random(5)
    for _ in range(100):
        counts = [rng.choice((0, rng.randint(0, 9), rng.randint(0, 60))) for _ in range(6)]
        series = suppress_series(counts)
        texts = [one.text for one in (*series.counts, series.total)]
        sums = [dict.fromkeys(range(6), 1) | {6: -1}]
        assert Attacker(texts, sums).told() == [], counts


@pytest.mark.parametrize("inward", range(12))
@pytest.mark.parametrize("outward", range(12))
def test_neither_of_two_counts_can_be_told_from_their_difference(inward, outward):
    texts = [one.text for one in suppress_balance(inward, outward)]
    difference = str(abs(inward - outward))
    larger, smaller = (0, 1) if inward >= outward else (1, 0)
    assert Attacker([*texts, difference], [{larger: 1, smaller: -1, 2: -1}]).told() == []


@pytest.mark.parametrize(
    ("texts", "sums"),
    [
        (["<5", "20", "0", "23"], [{0: 1, 1: 1, 2: 1, 3: -1}]),
        (["<5", "<5", "20", "22"], [{0: 1, 1: 1, 2: 1, 3: -1}]),
        (["..", "..", "7", "9"], [{0: 1, 1: 1, 2: 1, 3: -1}]),
    ],
)
def test_the_attacker_finds_what_is_badly_hidden(texts, sums):
    assert Attacker(texts, sums).told()


def test_the_attacker_tells_no_more_than_trying_every_table_does():
    texts, sums = ["<5", "..", "<5", "9"], [{0: 1, 1: 1, 2: 1, 3: -1}]
    assert Attacker(texts, sums).told() == []
    tried = {(a, 9 - a - c, c) for a in SMALL for c in SMALL if a + c <= 9}
    assert {a for a, _, _ in tried} == SMALL
