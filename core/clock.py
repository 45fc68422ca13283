"""The only place that asks what day or time it is.

Figures and forms use `today()`, which a demo store fixes to its own date. Sessions, throttle and
audit use `now()`, which is always real.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_fixed: list[dt.date] = []


def now() -> dt.datetime:
    """Return the real time, in UTC and aware of it."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """Return the date that figures and forms count as today: Sweden's, or the demo store's own."""
    return _fixed[0] if _fixed else dt.datetime.now(STOCKHOLM).date()


def fix_today(day: dt.date | None) -> None:
    """Let a demo store's date stand for today; None goes back to the real date.

    Called only when a store is opened: the date is read from the store itself.
    """
    _fixed[:] = [] if day is None else [day]
