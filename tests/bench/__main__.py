"""Measure what a rerun of each page costs, against an empty page on the same server.

A real server, the real WebSocket. Prints a table and writes bench.json beside the Makefile.
Each page's reruns take turns with the empty page's, so that both see the same machine.
"""

import asyncio
import contextlib
import json
import os
import platform
import statistics
import tempfile
import threading
from pathlib import Path

from sqlmodel import select

from core import db
from core.auth import Actor, Role
from core.clock import today
from core.demo import DEMO_PASSWORD
from core.models import Case, ChangePlan, Unit, UserRole
from core.queries import cache
from core.services import change_plans
from core.services.base import RefusedError
from core.terms import CaseKind
from tests.bench import cost_engine
from tests.bench.saving import in_a_minute, with_thought
from tests.live.many_units import copy_unit
from tests.live.protocol import Tab
from tests.live.server import ROOT, copy_store, demo_store, running

ROUNDS = 30
UNIT = "ekonomiskt-bistand-beroende"
UNITS = 100
PAGES = {
    "enhetschef": (
        "start",
        "forandringsplaner",
        "bka",
        "placeringar",
        "genomgang",
        "tillfalligt-boende",
        "vad-hander-om",
        "kostnadsprognos",
        "manadens-lage",
        "budget",
        "prognosrunda",
        "traffsakerhet",
        "bistandsmodell",
        "atgardsplan",
        "underliggande-resultat",
        "huvudbok",
        "hushall",
        "medarbetarenkat",
        "brukarundersokningar",
        "mal",
        "arenden",
        "rapporteringslage",
        "importer",
        "matpunkt",
        "placeringsval",
    ),
    "handlaggare": ("start", "min-vecka", "forandringsplaner", "bka", "placeringar"),
    "controller": ("start", "placeringar", "vad-hander-om", "budget", "prognosrunda", "huvudbok"),
    "medarbetare": ("start", "hushall", "mal", "medarbetarenkat"),
}
LARGE_PAGES = ("start", "forandringsplaner", "placeringar")


async def measure(url, pages_by_role):
    """Return for each role and page the median milliseconds and the multiple of an empty page."""
    found = {}
    for role, pages in pages_by_role.items():
        tab = Tab(url)
        await tab.open()
        await tab.sign_in(role, DEMO_PASSWORD)
        for page in pages:
            found[f"{role} {page}"] = await against_empty(tab, page)
        await tab.close()
    return found


async def against_empty(tab, page):
    """Rerun a page and the empty page by turns."""
    times = {page: [], "tom": []}
    for name in (page, "tom"):
        await one(tab, name)
    for _ in range(ROUNDS):
        for name in (page, "tom"):
            await one(tab, name)
            run = await tab.rerun()
            times[name].append(run.seconds)
    median, empty = (statistics.median(times[name]) * 1000 for name in (page, "tom"))
    return {"ms": round(median, 2), "empty_ms": round(empty, 2), "ratio": round(median / empty, 2)}


async def one(tab, page):
    """Go to a page; a fault that comes back ends the measurement."""
    run = await tab.goto("" if page == "start" else page)
    if run.faults:
        raise RuntimeError(f"{page}: {run.faults}")


async def after_writes(url, pages, write):
    """Return for each page how the first rerun after a write compares with a warm one."""
    found = {}
    tab = Tab(url)
    await tab.open()
    await tab.sign_in("enhetschef", DEMO_PASSWORD)
    for page in pages:
        await one(tab, page)
        await tab.rerun()
        warm, first = [], []
        for _ in range(ROUNDS):
            warm.append((await tab.rerun()).seconds)
            await asyncio.to_thread(write)
            first.append((await tab.rerun()).seconds)
        warm_ms, first_ms = (statistics.median(times) * 1000 for times in (warm, first))
        found[page] = {
            "warm_ms": round(warm_ms, 2),
            "first_ms": round(first_ms, 2),
            "ratio": round(first_ms / warm_ms, 2),
        }
    await tab.close()
    return found


async def first_page(url):
    """Return the milliseconds of the first Start page of a fresh server, and of a warm rerun."""
    tab = Tab(url)
    await tab.open()
    signed_in = await tab.sign_in("enhetschef", DEMO_PASSWORD)
    del signed_in
    fresh = (await tab.goto("")).seconds
    warm = statistics.median([(await tab.rerun()).seconds for _ in range(ROUNDS)])
    await tab.close()
    return {
        "fresh_ms": round(fresh * 1000, 2),
        "warm_ms": round(warm * 1000, 2),
        "ratio": round(fresh / warm, 2),
    }


class Writer:
    """Registers or revises change plans in the measured unit, as the app would, one a call."""

    def __init__(self, database_url):
        use(database_url)
        with db.read() as session:
            unit = session.exec(select(Unit).where(Unit.slug == UNIT)).one()
            role = session.exec(
                select(UserRole)
                .where(UserRole.unit_id == unit.id)
                .where(UserRole.role == Role.UNIT_MANAGER)
            ).first()
            self.actor = Actor(role.user_id, "Mätning", Role.UNIT_MANAGER, unit.id)
            self.cases = iter(
                session.execute(
                    select(Case.id, ChangePlan.id)
                    .outerjoin(
                        ChangePlan,
                        (ChangePlan.case_id == Case.id)
                        & ChangePlan.voided_at.is_(None)
                        & ChangePlan.ended_on.is_(None),
                    )
                    .where(Case.unit_id == unit.id)
                    .where(Case.kind == CaseKind.BENEFIT)
                    .where(Case.closed_on.is_(None))
                    .where(Case.voided_at.is_(None))
                    .where(Case.referred_on.is_not(None))
                    .order_by(Case.id.desc())
                ).all()
            )
        self.lock = threading.Lock()

    def __call__(self):
        with self.lock:
            for case_id, plan_id in self.cases:
                write = change_plans.revise if plan_id else change_plans.establish
                with contextlib.suppress(RefusedError), db.write() as session:
                    write(session, case_id, today(), by=self.actor)
                    return  # a plan that was revised today already is passed over


def main():
    """Run all measurements, each printed as soon as it is there."""
    machine = f"{platform.system()} {os.cpu_count()} kärnor, Python {platform.python_version()}"
    result = {"machine": machine, "rounds": ROUNDS}

    def note(heading, rows):
        result[heading] = rows
        show(heading, rows)
        (Path(ROOT) / "bench.json").write_text(json.dumps(result, ensure_ascii=False, indent=1))

    with tempfile.TemporaryDirectory() as folder:
        saving(folder, note)
        use(f"sqlite:///{folder}/placements.db")
        db.migrate()
        note("100 000 placements with 300 000 rates", cost_engine.measure())
        db.close()
        url = copy_store(demo_store(folder), folder)
        with running(url, folder, script="tests/bench/bench_app.py") as server:
            note("first page of a fresh server", {"start": asyncio.run(first_page(server.url))})
            note("pages", asyncio.run(measure(server.url, PAGES)))
            writes = after_writes(server.url, LARGE_PAGES, Writer(url))
            note("first rerun after a write", asyncio.run(writes))
            db.close()
        use(url)
        copy_unit(UNIT, UNITS - 2)
        db.close()
        with running(url, folder, script="tests/bench/bench_app.py") as server:
            rows = asyncio.run(measure(server.url, {"enhetschef": LARGE_PAGES}))
            for name, row in rows.items():
                row["of one unit"] = round(row["ratio"] / result["pages"][name]["ratio"], 2)
            note(f"pages with {UNITS} units", rows)
            writes = after_writes(server.url, LARGE_PAGES, Writer(url))
            note(f"first rerun after a write with {UNITS} units", asyncio.run(writes))
            db.close()


def saving(folder, note):
    """Measure many people saving, on a store of their own."""
    url = copy_store(demo_store(folder), folder)
    use(url)
    with running(url, folder) as server:
        note("75 people saving in the same minute", {"plan": in_a_minute(server, UNIT)})
        note("500 people at 10 s of thought", {"plan": with_thought(server, UNIT)})
    db.close()


def use(database_url):
    """Let a store be the configured one of this process."""
    os.environ["RT_DATABASE_URL"] = database_url
    cache.clear()
    db.attach()


def show(heading, rows):
    """Print a measurement as a table."""
    print(f"\n{heading}", flush=True)
    for name, row in rows.items():
        values = "  ".join(f"{unit} {value}" for unit, value in row.items())
        print(f"  {name:<32}{values}", flush=True)


if __name__ == "__main__":
    main()
