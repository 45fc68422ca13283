"""The demo's figures: published ones, and assumed ones that say so. All lie in `data/`."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache

from core.config import DATA

DEMO_TODAY = dt.date(2024, 5, 27)
EXAMPLE = "Exempeldata"
PUBLISHED_UNIT = "Bromma arbete och försörjning"

Record = dict[str, str]


@cache
def read(name: str) -> tuple[Record, ...]:
    """Return the rows of `data/<name>.csv`, every cell as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def of_unit(name: str, slug: str) -> list[Record]:
    """Return the rows of a file that concern a unit."""
    return [row for row in read(name) if row["unit"] == slug]


def day(text: str) -> dt.date:
    """Return a date written as 2024-05-27."""
    return dt.date.fromisoformat(text)


def optional_int(text: str) -> int | None:
    """Return a whole number, None for an empty cell."""
    return int(text) if text else None


def source_title(file: str) -> str:
    """Return how a source document is named on the rows that come from it."""
    titles = {row["file"]: row["title"] for row in read("demo_sources")}
    return titles.get(file, EXAMPLE)


def published(measure: str, unit: str = PUBLISHED_UNIT) -> list[Record]:
    """Return the published rows of a measure of a unit."""
    rows = read("published_figures")
    return [row for row in rows if row["unit"] == unit and row["measure"] == measure]


def published_number(measure: str, period: str, group: str = "") -> str:
    """Return one published value of the first unit, as text.

    Raises:
        KeyError: The document states no such value.
    """
    for row in published(measure):
        if row["period"] == period and row["group"] == group:
            return row["value"]
    raise KeyError((measure, period, group))
