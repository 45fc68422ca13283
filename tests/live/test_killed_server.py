"""A server killed without warning, again and again, while two people save: nothing is lost.

What a person has been told is saved is there afterwards, once, whatever moment the server died at.
"""

import asyncio
import contextlib
import itertools
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from websockets.exceptions import WebSocketException

from core import db
from core.demo import DEMO_PASSWORD
from core.models import AuditEvent, Case, CaseAssignment
from core.services import audit_check
from core.terms import CaseKind
from tests.live import forking
from tests.live.protocol import RunError, Tab
from tests.live.server import copy_store, demo_store

ROUNDS = 40
LONGEST = 0.5
"""Seconds from that both can save until the server dies, at most."""
PEOPLE = {"enhetschef": 3000, "metodutvecklare": 6000}
"""Two accounts, and the first number of the references that each one registers."""
SAID = re.compile(rb"(EB-[0-9]{4}) \xc3\xa4r registrerat")
SOMETHING_BROKE = (OSError, WebSocketException, RunError, TimeoutError)


class Person(Tab):
    """Somebody who registers one case after another; `told` holds those they were told are saved."""

    def __init__(self, username, first):
        super().__init__("http://127.0.0.1:1")
        self.username, self.numbers, self.told, self.tried = (
            username,
            itertools.count(first),
            [],
            [],
        )

    async def begin(self, url):
        """Open a new tab on a server, signed in the first time only, and go to the form."""
        Tab.__init__(self, url, self.cookie)
        await self.open()
        if not self.cookie:
            await self.sign_in(self.username, DEMO_PASSWORD)
        await self.goto("arenden")
        await self.set({"Vad vill du göra?": "Registrera"})
        await self.set({"Slag": "Yttrande"})

    async def register(self):
        """Register cases until the server is gone."""
        with contextlib.suppress(*SOMETHING_BROKE):
            for number in self.numbers:
                reference = f"EB-{number}"
                self.tried.append(reference)
                run = await self.set({"Referens": reference}, press="Registrera ärende")
                assert not run.faults
                await self.set({"Slag": "Yttrande"})

    def _take(self, data, run, *, partial):
        for found in SAID.findall(data):
            self.told.append(found.decode())
        return super()._take(data, run, partial=partial)


async def until_killed(url, pid, people, seconds):
    """Let people save until the server is killed some seconds later."""
    await asyncio.gather(*(person.begin(url) for person in people))
    saving = [asyncio.create_task(person.register()) for person in people]
    await asyncio.sleep(seconds)
    await asyncio.to_thread(forking.kill, pid)
    await asyncio.wait_for(asyncio.gather(*saving), 10)
    for person in people:
        with contextlib.suppress(*SOMETHING_BROKE):
            await person.close()


def in_a_thread(coroutine):
    """Run a coroutine in a thread of its own: a browser's tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


def registered(path):
    """Return the references registered in a store, with duplicates, and check the file."""
    engine = create_engine(f"sqlite:///{path}", module=db.sqlite_module())
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        told = select(Case.reference).join(AuditEvent, AuditEvent.entity_id == Case.id)
        told = told.where(AuditEvent.action == "register", AuditEvent.entity == "case")
        references = list(connection.execute(told).scalars())
        whole = select(Case.reference).join(CaseAssignment, CaseAssignment.case_id == Case.id)
        whole = whole.where(Case.kind == CaseKind.STATEMENT, Case.reference >= "EB-3000")
        assert sorted(connection.execute(whole).scalars()) == sorted(references)
    engine.dispose()
    return references


@pytest.mark.xdist_group("killed server")
def test_whatever_moment_the_server_is_killed_at_every_save_that_was_told_is_there_once(
    tmp_path, monkeypatch
):
    url = copy_store(demo_store(tmp_path), tmp_path)
    monkeypatch.setenv("RT_DATABASE_URL", url)
    people = [Person(username, first) for username, first in PEOPLE.items()]
    moments = random.Random(20261122)
    starter = forking.Starter(url, tmp_path)
    try:
        for _ in range(ROUNDS):
            address, pid = starter.start()
            seconds = moments.uniform(0, LONGEST)
            in_a_thread(until_killed(address, pid, people, seconds))
            saved = registered(Path(tmp_path) / "copy.db")
            assert len(saved) == len(set(saved))
            for person in people:
                assert set(person.told) <= set(saved)
        tried = {reference for person in people for reference in person.tried}
        assert set(saved) <= tried
        assert all(len(person.told) > ROUNDS for person in people)
        with db.read() as session:
            verdict = audit_check.check(session)
        assert verdict.fault is None
        assert verdict.events >= len(saved)
    finally:
        starter.close()
        db.close()
