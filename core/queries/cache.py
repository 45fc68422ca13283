"""Cached reads that are never stale, also with several server processes on one store.

Every write adds one to the counter of its area, unit and effective month, in its own transaction.
A read's key holds the sum of the counters that can have moved it, so that a figure as of an earlier
day stays cached while today's facts change.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import bindparam, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from core.auth import Scope
from core.models import Area, DataVersion, StoreInfo

P = ParamSpec("P")
R = TypeVar("R")
MAX_ENTRIES = 20_000
# Names aren't dated: a new one shows in figures of every day.
UNDATED = (Area.UNITS,)
_entries: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = Lock()
Counters = tuple[tuple[Area, dt.date, int], ...]
_last_counters: dict[tuple[str, int], Counters] = {}
_of_unit = col(DataVersion.unit_id) == bindparam("unit_id")
_COUNTERS = sa_select(col(DataVersion.area), col(DataVersion.month), col(DataVersion.writes)).where(
    _of_unit
)
_TOTAL = sa_select(
    col(StoreInfo.store_key),
    sa_select(func.coalesce(func.sum(col(DataVersion.writes)), 0))
    .where(_of_unit)
    .scalar_subquery(),
)


def cached(
    *areas: Area, until: str | None = "on"
) -> Callable[
    [Callable[Concatenate[Session, Scope, P], R]], Callable[Concatenate[Session, Scope, P], R]
]:
    """Cache a query `f(session, scope, *, ...)` by store, scope, arguments and data version.

    Args:
        areas: the areas whose facts the figure is made of.
        until: the keyword argument that is the last day whose facts the figure reads; facts dated
            in a later month can't move it. None: every write to the areas does.

    The query's arguments must be hashable keywords and its result is shared: never change it.
    """

    def decorate(
        query: Callable[Concatenate[Session, Scope, P], R],
    ) -> Callable[Concatenate[Session, Scope, P], R]:
        name = f"{query.__module__}.{query.__qualname__}"

        @wraps(query)
        def call(session: Session, scope: Scope, *args: P.args, **kwargs: P.kwargs) -> R:
            if session.info.get("writes"):  # it may see rows that are never committed
                return query(session, scope, *args, **kwargs)
            last = kwargs.get(until) if until else None
            version = data_version(
                session, scope.unit_id, areas, last if isinstance(last, dt.date) else None
            )
            key = (store_key(session), name, scope, args, *sorted(kwargs.items()), version)
            with _lock:
                if key in _entries:
                    _entries.move_to_end(key)
                    return _entries[key]  # type: ignore[no-any-return]
            result = query(session, scope, *args, **kwargs)
            _keep({key: result})
            return result

        return cast("Callable[Concatenate[Session, Scope, P], R]", call)

    return decorate


def cached_by_day(
    *areas: Area,
) -> Callable[
    [Callable[[Session, Scope, tuple[dt.date, ...]], dict[dt.date, R]]],
    Callable[[Session, Scope, Iterable[dt.date]], dict[dt.date, R]],
]:
    """Cache a query `f(session, scope, days) -> {day: result}` day by day.

    The days that are missing are read together, in the query's one statement. A day keeps its
    result while only facts dated in later months are written.
    """

    def decorate(
        query: Callable[[Session, Scope, tuple[dt.date, ...]], dict[dt.date, R]],
    ) -> Callable[[Session, Scope, Iterable[dt.date]], dict[dt.date, R]]:
        name = f"{query.__module__}.{query.__qualname__}"

        @wraps(query)
        def call(session: Session, scope: Scope, days: Iterable[dt.date]) -> dict[dt.date, R]:
            asked = tuple(days)
            if session.info.get("writes"):  # it may see rows that are never committed
                return query(session, scope, asked)
            keys = {
                day: (
                    data_version(session, scope.unit_id, areas, day),
                    store_key(session),
                    name,
                    scope,
                    day,
                )
                for day in asked
            }
            with _lock:
                found = {day: _entries[key] for day, key in keys.items() if key in _entries}
                for day in found:
                    _entries.move_to_end(keys[day])
            missing = tuple(day for day in asked if day not in found)
            if missing:
                read = query(session, scope, missing)
                _keep({keys[day]: result for day, result in read.items()})
                found |= read
            return {day: found[day] for day in asked}

        return call

    return decorate


def data_version(
    session: Session, unit_id: int, areas: tuple[Area, ...], until: dt.date | None
) -> int:
    """Return how many writes so far can have moved a figure made of some areas' facts up to a day.

    The counters are read once a session, before any data, so a cached result can only be newer
    than its key says, never older.
    """
    known: dict[int, Counters] = session.info.setdefault("versions", {})
    if unit_id not in known:
        known[unit_id] = _counters(session, unit_id)
    return sum(
        writes
        for area, month, writes in known[unit_id]
        if area in areas and (until is None or month <= until or area in UNDATED)
    )


def _counters(session: Session, unit_id: int) -> Counters:
    """Return a unit's counters; read again only when their sum has grown, as they never shrink."""
    store, total = session.execute(_TOTAL, {"unit_id": unit_id}).one()
    session.info["store_key"] = store
    with _lock:
        kept = _last_counters.get((store, unit_id))
    if kept is None or sum(writes for *_, writes in kept) != total:
        rows = session.execute(_COUNTERS, {"unit_id": unit_id})
        kept = tuple((area, month, writes) for area, month, writes in rows)
        with _lock:
            _last_counters[store, unit_id] = kept
    return kept


def store_key(session: Session) -> str:
    """Return the identity of the session's store."""
    if "store_key" not in session.info:
        session.info["store_key"] = session.exec(select(col(StoreInfo.store_key))).one()
    key: str = session.info["store_key"]
    return key


def _keep(results: Mapping[tuple[Any, ...], Any]) -> None:
    """Keep results by their keys, and let the ones that were used longest ago go."""
    with _lock:
        _entries.update(results)
        while len(_entries) > MAX_ENTRIES:
            _entries.popitem(last=False)


def clear() -> None:
    """Forget every cached result."""
    with _lock:
        _entries.clear()
        _last_counters.clear()
