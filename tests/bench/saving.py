"""Many people saving at once: how long each waits, and whether a save is lost or there twice.

Each is a handläggare of their own with cases that lack a plan, in Min vecka's quick mode, over the
real WebSocket. What was told as saved is compared with the store afterwards.
"""

import asyncio
import datetime as dt
import os
import random
import re
import statistics
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import func, select

from core import db
from core.auth import Role
from core.clock import today
from core.models import (
    AuditEvent,
    Case,
    CaseAssignment,
    CaseComposition,
    Caseworker,
    ChangePlan,
    Unit,
    User,
    UserRole,
)
from core.queries import cache
from core.services import sign_in
from core.terms import CaseKind, HouseholdType
from tests.live.protocol import RunError, Tab

DAYS_WAITED = 120
PREFIX = "EB-"
FIRST = 100_000
SAVE = "Upprätta plan"
MOST_CARDS = 30
"""How many other things to report, at most, come before the first plan."""
SAID = re.compile(rb"(EB-[0-9]{6}): f\xc3\xb6r\xc3\xa4ndringsplanen \xc3\xa4r uppr\xc3\xa4ttad")
BROKEN = (OSError, RunError, TimeoutError)


@dataclass
class Outcome:
    """What people met: seconds of each save, the cases told as saved, and what went wrong."""

    seconds: list = field(default_factory=list)
    told: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def add_people(unit_slug, count, cases_each):
    """Give a unit of the configured store new handläggare with cases, and sign them in.

    Returns the ticket of each, which its browser trades for a cookie within a minute.
    """
    with db.write() as session:
        unit = session.exec(select(Unit).where(Unit.slug == unit_slug)).one()
        taken = session.exec(
            select(func.count()).where(Caseworker.name.startswith("Mätning"))
        ).one()
        people = [Caseworker(unit_id=unit.id, name=f"Mätning {taken + n}") for n in range(count)]
        users = [
            User(username=f"matning{taken + n}", name=one.name, password_hash="-")
            for n, one in enumerate(people)
        ]
        session.add_all([*people, *users])
        session.flush()
        for user, person in zip(users, people, strict=True):
            role = UserRole(user_id=user.id, role=Role.CASEWORKER, unit_id=unit.id)
            role.caseworker_id = person.id
            session.add(role)
        opened = today() - dt.timedelta(DAYS_WAITED)
        first = FIRST + session.exec(select(func.count(Case.id))).one()
        cases = [
            Case(
                unit_id=unit.id,
                reference=f"{PREFIX}{first + n}",
                kind=CaseKind.BENEFIT,
                opened_on=opened,
                referred_on=opened,
            )
            for n in range(count * cases_each)
        ]
        session.add_all(cases)
        session.flush()
        for n, case in enumerate(cases):
            person = people[n % count]
            session.add(CaseAssignment(case_id=case.id, valid_from=opened, caseworker_id=person.id))
            session.add(
                CaseComposition(
                    case_id=case.id,
                    valid_from=opened,
                    household_type=HouseholdType.SINGLE,
                    children=0,
                )
            )
        return [sign_in.open_session(session, user.id)[1] for user in users]


async def cookie_for(url, ticket):
    """Trade a ticket for a cookie, as the browser does."""
    answer = await asyncio.to_thread(urllib.request.urlopen, f"{url}/auth/enter?ticket={ticket}")
    with answer:
        return answer.headers["set-cookie"].split(";")[0]


async def prepared(url, cookie):
    """Return a tab in Min vecka's quick mode, at the first plan that is missing."""
    tab = Tab(url, cookie)
    await tab.open("min-vecka")
    await tab.set({"Arbetssätt": ":material/bolt: Snabbläge"})
    for _ in range(MOST_CARDS):
        if SAVE in tab.widgets:
            break
        await tab.set({}, press="Nästa")
    return tab


async def save(tab, outcome):
    """Establish the plan of the case at hand, and note what came back."""
    try:
        run = await tab.set({}, press=SAVE)
    except BROKEN as fault:
        outcome.faults.append(f"{type(fault).__name__}: {fault}"[:200])
        return
    outcome.seconds.append(run.seconds)
    outcome.faults += run.faults
    told = {found.decode() for message in run.raw for found in SAID.findall(message)}
    if len(told) != 1:
        outcome.faults.append(f"told {sorted(told)} of one save")
    outcome.told += told


async def at_random_moments(tabs, seconds, outcome):
    """Let each person save once, at a random moment within some seconds."""
    moments = random.Random(75)

    async def person(tab):
        await asyncio.sleep(moments.uniform(0, seconds))
        await save(tab, outcome)

    await asyncio.gather(*map(person, tabs))


async def thinking(tabs, thought, saves, outcome):
    """Let each person save some times, after thinking some seconds on average each time."""
    moments = random.Random(500)

    async def person(tab):
        for _ in range(saves):
            await asyncio.sleep(moments.uniform(0, 2 * thought))
            await save(tab, outcome)

    await asyncio.gather(*map(person, tabs))


async def with_tabs(server, tickets, go):
    """Open everybody's tab, let them go, and close the tabs again.

    Returns what they met, and the processor seconds that the server used for it.
    """
    outcome, url = Outcome(), server.url
    cookies = [await cookie_for(url, ticket) for ticket in tickets]
    opened = [await prepared(url, cookie) for cookie in cookies]
    before = cpu_seconds(server.pid)
    await go(opened, outcome)
    used = cpu_seconds(server.pid) - before
    for tab in opened:
        await tab.close()
    return outcome, used


def measure(server, unit_slug, people, saves, go):
    """Return what a number of people met when saving, and what the store says of it.

    `go(tabs, outcome)` lets them save. The store must be the configured one.
    """
    tickets = add_people(unit_slug, people, saves + 1)
    outcome, used = asyncio.run(with_tabs(server, tickets, go))
    stored = saved_plans()
    if not outcome.seconds:
        raise RuntimeError(f"nobody could save: {outcome.faults[:3]}")
    milliseconds = sorted(1000 * one for one in outcome.seconds)
    told = set(outcome.told)
    if outcome.faults:
        print(f"  faults: {outcome.faults[:3]}", flush=True)
    return {
        "saves": len(outcome.told),
        "p50_ms": round(statistics.median(milliseconds)),
        "p95_ms": round(milliseconds[int(0.95 * (len(milliseconds) - 1))]),
        "worst_ms": round(milliseconds[-1]),
        "lost": len(told - set(stored)),
        "twice": sum(count > 1 for reference, count in stored.items() if reference in told),
        "faults": len(outcome.faults),
        "cpu_ms_each": round(1000 * used / max(len(outcome.told), 1)),
        "load_before": round(os.getloadavg()[0], 1),
    }


def saved_plans():
    """Return how many plans, each with its event, the store has of each case that was measured."""
    cache.clear()
    with db.read() as session:
        found = session.exec(
            select(Case.reference)
            .join(ChangePlan, ChangePlan.case_id == Case.id)
            .join(
                AuditEvent,
                (AuditEvent.entity == "change_plan") & (AuditEvent.entity_id == ChangePlan.id),
            )
            .where(Case.reference >= f"{PREFIX}{FIRST}", AuditEvent.action == "establish")
        )
        return Counter(found)


def cpu_seconds(pid):
    """Return the processor seconds that a process has used; 0 where that can't be read."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def in_a_minute(server, unit_slug):
    """Return what 75 people met who saved once each within the same minute."""

    async def go(tabs, outcome):
        await at_random_moments(tabs, 60, outcome)

    return measure(server, unit_slug, 75, 1, go)


def with_thought(server, unit_slug):
    """Return what 500 people met who saved three times each after ten seconds of thought."""

    async def go(tabs, outcome):
        await thinking(tabs, 10, 3, outcome)

    return measure(server, unit_slug, 500, 3, go)
