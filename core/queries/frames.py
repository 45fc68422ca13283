"""Figure tables: raw Python values, dtype object, that the command line and the pages format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pandas as pd


def frame(rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table with columns of dtype object.

    The columns' names are shared between tables: made anew they cost more than a table's rows.
    """
    return pd.DataFrame(list(rows), columns=_names(tuple(columns)), dtype=object)


@cache
def _names(columns: tuple[str, ...]) -> pd.Index[str]:
    return pd.Index(columns, dtype=object)
