"""Somebody who tries to work out hidden counts from all that is shown, by linear programming."""

import numpy as np
from scipy.optimize import linprog

MOST = 100_000
SMALL = {1, 2, 3, 4}


class Attacker:
    """Knows how each count is shown, what `<5` and `..` mean, and which counts add up to which.

    Args:
        texts: How each count is shown.
        sums: Counts that add up to 0, each a dict of place -> how many times it is added.
        at_least: What is known of a `..`: its smallest value, by place; 0 where nothing is.
    """

    def __init__(self, texts, sums, at_least=None):
        known = at_least or {}
        self.texts = texts
        self.bounds = [_bounds(text, known.get(place, 0)) for place, text in enumerate(texts)]
        self.hidden = [place for place, text in enumerate(texts) if not text.isdigit()]
        order = {place: column for column, place in enumerate(self.hidden)}
        self.equations = np.zeros((len(sums), len(self.hidden)))
        self.right = np.zeros(len(sums))
        for row, parts in enumerate(sums):
            for place, times in parts.items():
                if place in order:
                    self.equations[row, order[place]] = times
                else:
                    self.right[row] -= times * int(texts[place])

    def told(self):
        """Return, in words, each hidden count that can be told too well; none of them should be.

        In a network of sums each bound is a whole number, and so is each value between them.
        """
        if not self.hidden:
            return []
        self.low = np.full(len(self.hidden), np.inf)
        self.high = np.full(len(self.hidden), -np.inf)
        for direction in (1, -1):
            self._try(direction * np.ones(len(self.hidden)))
        for column in range(len(self.hidden)):
            for direction in (1, -1):
                if not self._is_free(column):
                    objective = np.zeros(len(self.hidden))
                    objective[column] = direction
                    objective += (
                        direction
                        * 1e-3
                        * np.array([not self._is_free(c) for c in range(len(self.hidden))])
                    )
                    self._try(objective)
        return [
            f"{self.texts[place]} at {place} is {self.low[column]:g}-{self.high[column]:g}"
            for column, place in enumerate(self.hidden)
            if not self._is_free(column)
        ]

    def _is_free(self, column):
        low, high = self.low[column], self.high[column]
        if self.texts[self.hidden[column]] == "<5":
            return (low, high) == (1, 4)
        return high - low >= 3

    def _try(self, objective):
        found = linprog(
            objective,
            A_eq=self.equations,
            b_eq=self.right,
            bounds=[self.bounds[place] for place in self.hidden],
            method="highs",
        )
        assert found.success, f"what is shown can't be: {found.message}"
        values = np.rint(found.x)
        assert np.allclose(values, found.x, atol=1e-6)
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)


def _bounds(text, at_least):
    if text == "<5":
        return 1, 4
    return (at_least, MOST) if text == ".." else (int(text), int(text))


def table_texts(table):
    """Return how a shown table's counts are shown: rows with their totals, then column totals."""
    rows = [
        [count.text for count in (*cells, total)]
        for cells, total in zip(table.cells, table.row_totals, strict=True)
    ]
    return [*rows, [count.text for count in (*table.column_totals, table.total)]]


def table_sums(height, width):
    """Return the sums of a table whose counts stand as in `table_texts`, row after row."""
    across = width + 1
    rows = [
        {r * across + c: 1 for c in range(width)} | {r * across + width: -1}
        for r in range(height + 1)
    ]
    columns = [
        {r * across + c: 1 for r in range(height)} | {height * across + c: -1}
        for c in range(across)
    ]
    return rows + columns


def reckoned(rows):
    """Return the smallest value that each `..` of a table stands for, for somebody who reckons.

    A `..` is 5 or more, as it would have been shown or `<5` otherwise. But where a total is `<5`, or
    where no part of any sum is shown, all parts are `..`.
    """
    height, width = len(rows) - 1, len(rows[0]) - 1
    inner = [
        rows[r][c]
        for r in range(height)
        for c in range(width)
        if rows[r][width] != "0" and rows[height][c] != "0"
    ]
    if set(inner) <= {".."}:
        return {}
    found = {}
    for r in range(height + 1):
        for c in range(width + 1):
            totals = {rows[r][width], rows[height][c]}
            inside = r < height and c < width
            if rows[r][c] == ".." and not (inside and "<5" in totals):
                found[r * (width + 1) + c] = 5
    return found
