"""The ways a figure can be split, and the keys of its rows."""

from __future__ import annotations

from enum import StrEnum


class By(StrEnum):
    """What a figure's rows are by. `NONE` gives one row with the key `alla`."""

    CASEWORKER = "caseworker"
    GROUP = "group"
    GENDER = "gender"
    MONTH = "month"
    KIND = "kind"
    CONTRACT = "contract"
    PROVIDER = "provider"
    NONE = "none"
