"""Measure what 100,000 placements with 300,000 rates cost to count, with and without reading them.

`python -m tests.bench.cost_engine [PLACEMENTS]` prints seconds. Nothing is kept.
"""

import datetime as dt
import gc
import os
import sys
import tempfile
import time
from decimal import Decimal
from random import Random

from sqlalchemy import insert

from core import db
from core.auth import Scope
from core.clock import now
from core.models import (
    Case,
    CaseAssignment,
    DayRate,
    Group,
    Placement,
    PlacementDecision,
    PlacementKind,
    Unit,
)
from core.queries import cache, placement_arrays, placements
from core.queries.keys import By
from core.rules import cost_engine
from core.terms import CaseKind, Contract, LegalBasis

PLACEMENTS = 100_000
RATES = 3
YEAR = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
TODAY = dt.date(2024, 5, 27)
FIRST = dt.date(2023, 6, 1)
ROUNDS = 5


def fill(count):
    """Save a unit with made-up placements, each of its own case; returns its scope."""
    rng, at = Random(4), now()
    with db.write() as session:
        unit = Unit(slug="matt", name="Mätt", reference_format="AR-000000")
        session.add(unit)
        session.flush()
        group = Group(unit_id=unit.id, slug="ett", name="Ett")
        kinds = [PlacementKind(unit_id=unit.id, name=f"slag {n}") for n in range(6)]
        session.add_all([group, *kinds])
        session.flush()
        shared = {"unit_id": unit.id, "created_at": at, "version": 1}
        numbers = range(1, count + 1)
        starts = {n: FIRST + dt.timedelta(days=rng.randrange(400)) for n in numbers}
        rows = {
            Case: (case(n) | shared for n in numbers),
            CaseAssignment: (held(n, group.id, at) for n in numbers),
            Placement: (placed(n, starts[n], kinds) | shared for n in numbers),
            PlacementDecision: (made for n in numbers for made in decided(n, starts[n], at)),
            DayRate: (made for n in numbers for made in priced(rng, n, starts[n], at)),
        }
        for table, made in rows.items():
            session.execute(insert(table), list(made))
        return Scope(unit.id)


def case(n):
    return {"id": n, "reference": f"AR-{n:06}", "kind": CaseKind.BENEFIT, "opened_on": FIRST}


def held(n, group_id, at):
    return {"case_id": n, "valid_from": FIRST, "group_id": group_id, "created_at": at}


def placed(n, starts_on, kinds):
    return {
        "id": n,
        "case_id": n,
        "reference": f"PL-{n:06}",
        "kind_id": kinds[n % len(kinds)].id,
        "legal_basis": LegalBasis.SOL,
        "starts_on": starts_on,
        "children": 0,
    }


def decided(n, starts_on, at):
    for step in range(2):
        yield {
            "placement_id": n,
            "decided_on": starts_on + dt.timedelta(days=60 * step),
            "decided_by": "Chefen",
            "planned_end_on": starts_on + dt.timedelta(days=120 + 60 * step),
            "provider": f"Utförare {n % 40}",
            "contract": Contract.FRAMEWORK,
            "created_at": at,
        }


def priced(rng, n, starts_on, at):
    for step in range(RATES):
        yield {
            "placement_id": n,
            "valid_from": starts_on + dt.timedelta(days=90 * step),
            "amount": Decimal(rng.randrange(100_000, 500_000)) / 100,
            "created_at": at,
        }


def measure(count=PLACEMENTS):
    """Return the seconds of counting, of reading, and of the whole figure, in the open store."""
    scope = fill(count)
    gc.collect()
    gc.freeze()  # as a running server does
    taken = {"räkna ett år, alla delningar": [], "läsa": [], "placement-cost per månad": []}
    interval = {"start": YEAR[0], "end": YEAR[1], "today": TODAY}
    for _ in range(ROUNDS):
        cache.clear()
        with db.read() as session:
            reading, loaded = timed(placement_arrays.of_interval, session, scope, **interval)
            counting, _ = timed(counted, loaded)
            whole, _ = timed(placements.placement_cost, session, scope, **interval, by=By.MONTH)
        for name, seconds in zip(taken, (counting, reading, whole), strict=True):
            taken[name].append(seconds)
    return {
        name: dict(zip(("s", "arbete s"), map(min, zip(*times, strict=True)), strict=True))
        for name, times in taken.items()
    }


def counted(loaded):
    """Count the year by placement, month, day, kind and provider."""
    found = cost_engine.pieces(loaded.arrays, *YEAR, TODAY)
    cost_engine.by_placement(found, len(loaded.arrays))
    cost_engine.by_month(found, *YEAR)
    cost_engine.by_day(found, *YEAR)
    cost_engine.by_key(found, loaded.kind[found.placement], len(loaded.kinds))
    cost_engine.by_key(found, loaded.provider[found.decision], len(loaded.providers))


def timed(function, *args, **kwargs):
    """Return the seconds that a call took and worked, and its result."""
    began, busy = time.perf_counter(), time.process_time()
    result = function(*args, **kwargs)
    took, worked = time.perf_counter() - began, time.process_time() - busy
    return (round(took, 2), round(worked, 2)), result


def main(count=PLACEMENTS):
    """Measure in a store of its own."""
    with tempfile.TemporaryDirectory(prefix="roda-traden-bench-") as folder:
        os.environ["RT_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        db.migrate()
        print(f"{int(count)} placeringar, {int(count) * RATES} dygnskostnader", flush=True)
        for name, row in measure(int(count)).items():
            print(f"  {name:<32}{row['s']:6.2f} s varav {row['arbete s']:.2f} s arbete", flush=True)
        db.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
