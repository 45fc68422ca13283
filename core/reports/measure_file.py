"""What a file may tell of reports on a measure point: no small numbers (domain: Suppression)."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import pandas as pd

from core.rules.suppression import is_small, suppress_table
from core.terms import HIDDEN, HIDDEN_COUNT


def without_small_numbers(frame: pd.DataFrame, *, of_people: bool) -> pd.DataFrame:
    """Return what was reported on one measure point with the small numbers hidden.

    Args:
        frame: Rows as `measure_points` gives them, for one point.
        of_people: Whether a report is an answer or an event that concerns somebody, rather than
            a caseworker's number. Then a small number of reports is hidden, with those that would
            tell it, and so are the shares and the sums of its question.

    Returns:
        The same columns. A sum of 1-4 is `<5` in any case.
    """
    result = frame.copy()
    rows = result.to_dict("records")
    for row in rows:
        number = row["number"]
        if isinstance(number, Decimal | int) and number == int(number) and is_small(int(number)):
            row["number"] = HIDDEN_COUNT
    if of_people:
        for question in dict.fromkeys(row["question"] for row in rows):
            _hide([row for row in rows if row["question"] == question])
    return pd.DataFrame(rows, columns=frame.columns, dtype=object)


def _hide(rows: list[dict[Hashable, Any]]) -> None:
    """Hide the small counts of a question, keys by answers, and what hangs on them."""
    keys = list(dict.fromkeys(row["key"] for row in rows))
    answers = list(dict.fromkeys(row["answer"] for row in rows))
    counts = {(row["key"], row["answer"]): row["reports"] for row in rows}
    table = suppress_table([[int(counts.get((k, a), 0)) for a in answers] for k in keys])
    for row in rows:
        place = keys.index(row["key"])
        line = table.cells[place]
        shown = line[answers.index(row["answer"])]
        if shown.hidden:
            row["reports"] = shown.text
        if table.row_totals[place].hidden or any(cell.hidden for cell in line):
            row["share"] = row["share"] if row["share"] is None else HIDDEN
            row["number"] = row["number"] if row["number"] is None else HIDDEN
