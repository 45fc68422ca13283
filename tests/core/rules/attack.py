"""Somebody who tries to work out hidden counts from all that is shown, by linear programming."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

MOST = 100_000
NEAR = 8
SMALL = {1, 2, 3, 4}


class Attacker:
    """Knows how each count is shown, what `<5` and `..` mean, and which counts add up to which.

    Args:
        texts: How each count is shown; `?` is one that is not shown at all.
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
                    self.equations[row, order[place]] += times
                else:
                    self.right[row] -= times * int(texts[place])
        self.possible = [set() for _ in self.hidden]

    def told(self):
        """Return, in words, each hidden count that can be told too well; none of them should be.

        In a network of sums each bound is a whole number, and so is each value between them.
        """
        for direction in (1, -1):
            self._try(direction * np.ones(len(self.hidden)))
        for column in range(len(self.hidden)):
            for direction in (1, -1):
                if not self._is_free(column):
                    self._try(direction * self._aim_at(column))
        return [
            f"{self.texts[place]} at {place} is {min(values)}-{max(values)}"
            for column, (place, values) in enumerate(zip(self.hidden, self.possible, strict=True))
            if not self._is_free(column)
        ]

    def _aim_at(self, column):
        """Return an objective of one count, and a little of the others that aren't known to be free."""
        free = np.array([self._is_free(other) for other in range(len(self.hidden))])
        objective = np.where(free, 0, 1e-3)
        objective[column] = 1
        return objective

    def _is_free(self, column):
        text, values = self.texts[self.hidden[column]], self.possible[column]
        if text == "?":
            return True
        if text == "<5":
            return {1, 4} <= values
        return max(values) - min(values) >= 3

    def _try(self, objective):
        if self.hidden:
            self._note(
                linprog(
                    objective,
                    A_eq=self.equations,
                    b_eq=self.right,
                    bounds=[self.bounds[place] for place in self.hidden],
                    method="highs",
                )
            )

    def _note(self, found):
        assert found.success, f"what is shown can't be: {found.message}"
        values = np.rint(found.x)
        assert np.allclose(values, found.x, atol=1e-6)
        for possible, value in zip(self.possible, values, strict=True):
            possible.add(int(value))


class WholeAttacker(Attacker):
    """Tries each value by itself, with whole numbers: also where the sums are no network."""

    def told(self):
        """Return, in words, each hidden count that can be told too well."""
        super().told()
        for column in range(len(self.hidden)):
            for value in self._untried(column):
                if not self._is_free(column):
                    self._try(np.zeros(len(self.hidden)), {column: value})
        return [
            f"{self.texts[place]} at {place} is {sorted(values)}"
            for column, (place, values) in enumerate(zip(self.hidden, self.possible, strict=True))
            if not self._is_free(column)
        ]

    def _is_free(self, column):
        text, values = self.texts[self.hidden[column]], self.possible[column]
        if text == "<5":
            return values == SMALL
        return text == "?" or len(values) >= 4

    def _untried(self, column):
        """Return values that may be possible, next to the lowest and the highest known to be."""
        if self.texts[self.hidden[column]] == "<5":
            return sorted(SMALL - self.possible[column])
        low, high = min(self.possible[column]), max(self.possible[column])
        near = {low + n for n in range(NEAR)} | {high - n for n in range(NEAR)}
        return sorted(value for value in near - self.possible[column] if low < value < high)

    def _try(self, objective, fixed=None):
        if not self.hidden:
            return
        bounds = [self.bounds[place] for place in self.hidden]
        for column, value in (fixed or {}).items():
            bounds[column] = (value, value)
        found = milp(
            objective,
            constraints=LinearConstraint(self.equations, self.right, self.right),
            bounds=Bounds(*zip(*bounds, strict=True)),
            integrality=np.ones(len(self.hidden)),
        )
        if found.success or fixed is None:
            self._note(found)


def _bounds(text, at_least):
    if text == "<5":
        return 1, 4
    return (at_least, MOST) if text in {"..", "?"} else (int(text), int(text))


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
