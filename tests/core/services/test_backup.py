"""Backup and restore: whole, checked, also while people work, and between kinds of database."""

import itertools
import json
import os
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from core import audit_files, db
from core.audit_files import WrittenHead
from core.models import AuditEvent, AuditLink, Base, Case, CaseAssignment, Login
from core.queries import cache
from core.services import audit_check, backup, backup_file, cases, goals, sign_in, store_copy
from core.services.backup_file import MANIFEST, STORE, BackupError
from core.services.cases import NewCase
from core.terms import CaseKind, GoalLevel
from tests.factories_cases import TODAY, rows, run, world
from tests.live.server import core

VOLATILE = {"login", "audit_event", "audit_link", "audit_head"}


@pytest.fixture
def w(store, today):
    today(TODAY)
    return world()


@pytest.fixture
def place(request, tmp_path, monkeypatch):
    """Let a fresh, empty place be the configured one: `place("sqlite")` or `place("postgresql")`."""
    numbers, made = itertools.count(1), []

    def move(kind):
        db.close()
        cache.clear()
        number = next(numbers)
        monkeypatch.setenv("RT_AUDIT_HEADS", str(tmp_path / f"place{number}.audit-heads"))
        if kind == "sqlite":
            monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{tmp_path}/place{number}/new.db")
            return
        admin, url = request.getfixturevalue("postgres_server")
        name = f"place_{os.getpid()}_{abs(hash(request.node.nodeid))}_{number}"
        made.append((admin, name))
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        monkeypatch.setenv("RT_DATABASE_URL", url.replace("/postgres?", f"/{name}?"))

    yield move
    db.close()
    cache.clear()
    for admin, name in made:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def contents():
    """Return every row of the configured store by table, but for what a restore itself adds."""
    with db.engine().connect() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            for table in Base.metadata.sorted_tables
            if table.name not in VOLATILE
        }


def chain():
    with db.read() as session:
        return audit_check.check(session)


def goal(w, code, level, parent=None):
    new = goals.NewGoal(2024, level, code, f"Målet {code}", parent)
    return run(goals.add_goal, new, by=w.actors["developer"])


def make_backup(tmp_path, name="copy.zip"):
    return backup.back_up(tmp_path / name).path


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_restored_is_what_was_backed_up(w, place, tmp_path, kind):
    above = goal(w, "N1", GoalLevel.BOARD_GOAL)
    below = goal(w, "E1", GoalLevel.UNIT_GOAL, above)
    run(cases.register, NewCase("AR-1000", CaseKind.STATEMENT, TODAY), by=w.manager)
    before = contents()
    done = backup.back_up(tmp_path / "copy.zip")

    place(kind)
    restored = backup.restore(done.path)

    assert contents() == before
    assert restored.manifest == done.manifest
    assert done.manifest.rows["goal"] == 2
    assert chain().fault is None
    assert [event.action for event in rows(AuditEvent)][-1] == "restore"
    new_goal = goal(w, "E2", GoalLevel.UNIT_GOAL, above)
    assert new_goal > below


def test_a_row_that_refers_to_a_later_one_comes_after_it():
    chunks = [[{"id": 1, "up": 3}, {"id": 2, "up": None}], [{"id": 3, "up": 2}, {"id": 4, "up": 4}]]

    class Up:
        name = "up"

    ordered = [row["id"] for chunk in store_copy._parents_first(chunks, Up) for row in chunk]

    assert ordered == [2, 3, 4, 1]


class People:
    """Four people who register cases until they are stopped; `saved` holds the ids they were told."""

    def __init__(self, by):
        self.by, self.saved, self.faults, self.stop = by, [], [], threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(n,)) for n in range(1, 5)]

    def write(self, person):
        for n in itertools.count():
            if self.stop.is_set():
                return
            new = NewCase(f"AR-{person}{n:03}", CaseKind.STATEMENT, TODAY)
            try:
                self.saved.append(run(cases.register, new, by=self.by))
            except Exception as fault:
                self.faults.append(fault)
                return

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, count):
        while len(self.saved) < count and not self.faults:
            self.stop.wait(0.01)


def test_backups_and_a_restore_while_people_write_lose_nothing(w, place, tmp_path, monkeypatch):
    url = db.engine().url.render_as_string(hide_password=False)
    known = []
    with People(w.manager) as people:
        for number in (1, 2, 3):
            people.wait_for(20 * number)
            known.append(set(people.saved))
            core(url, "backup", str(tmp_path / f"{number}.zip"))
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("RT_AUDIT_HEADS", str(tmp_path / "elsewhere.audit-heads"))
            core(f"sqlite:///{tmp_path}/elsewhere/new.db", "restore", str(tmp_path / "3.zip"))
    assert not people.faults
    assert len(rows(Case, kind=CaseKind.STATEMENT)) == len(people.saved)

    for number, before in enumerate(known, 1):
        place("sqlite")
        backup.restore(tmp_path / f"{number}.zip")
        found = {row.id for row in rows(Case, kind=CaseKind.STATEMENT)}
        assert before <= found <= set(people.saved)
        assert {row.case_id for row in rows(CaseAssignment)} == {*found, w.case_id}
        assert len(rows(AuditEvent, action="register")) == len(found)
        assert chain().fault is None


def test_a_restored_store_has_signed_everybody_out(w, place, tmp_path):
    run(sign_in.open_session, w.manager.user_id)
    copy = make_backup(tmp_path)
    place("sqlite")
    backup.restore(copy)

    assert rows(Login) == []


def test_a_store_that_exists_is_never_overwritten(w, tmp_path):
    copy = make_backup(tmp_path)
    before = contents()
    with pytest.raises(BackupError, match="finns redan en databas"):
        backup.restore(copy)
    assert contents() == before


def test_a_backup_that_exists_is_never_overwritten(w, tmp_path):
    copy = make_backup(tmp_path)
    before = copy.read_bytes()
    with pytest.raises(BackupError, match="finns redan"):
        make_backup(tmp_path)
    assert copy.read_bytes() == before


def test_a_backup_in_a_folder_gets_a_name_with_the_time(w, tmp_path):
    (tmp_path / "copies").mkdir()
    done = backup.back_up(tmp_path / "copies")

    assert done.path.name.startswith("roda-traden-2")
    assert list((tmp_path / "copies").iterdir()) == [done.path]
    assert done.path.stat().st_mode & 0o077 == 0


def refused(copy):
    """Restore a copy that must be refused; return what was said. Nothing may be left behind."""
    with pytest.raises(BackupError) as raised:
        backup.restore(copy)
    folder = Path(db.engine().url.database).parent
    assert not folder.exists() or list(folder.iterdir()) == []
    return str(raised.value)


def test_a_backup_cut_anywhere_is_refused(w, place, tmp_path):
    whole = make_backup(tmp_path).read_bytes()
    place("sqlite")
    for part in range(20):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(whole[: len(whole) * part // 20])
        assert "skadad eller inte hel" in refused(cut)


def test_a_backup_with_a_changed_byte_anywhere_is_refused(w, place, tmp_path):
    whole = make_backup(tmp_path).read_bytes()
    place("sqlite")
    changed = tmp_path / "changed.zip"
    for where in [*range(0, len(whole), max(1, len(whole) // 60)), len(whole) - 1]:
        data = bytearray(whole)
        data[where] ^= 0x55
        changed.write_bytes(data)
        with suppress(BackupError):
            backup.restore(changed)
            # A byte that says nothing, such as the time of a file in the zip.
            assert insides(changed) == insides(tmp_path / "copy.zip")
            place("sqlite")


def insides(copy):
    with zipfile.ZipFile(copy) as archive:
        return [archive.read(name) for name in (STORE, MANIFEST)]


def remade(copy, tmp_path, change, *, seal=True):
    """Return a copy whose files are changed, by somebody with or without the key."""
    with zipfile.ZipFile(copy) as archive:
        store, manifest = archive.read(STORE), json.loads(archive.read(MANIFEST))
        comment = archive.comment
    store, manifest = change(store, manifest)
    other = tmp_path / "remade.zip"
    said = json.dumps(manifest)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr(STORE, store)
        archive.writestr(MANIFEST, said)
        archive.comment = backup_file._seal(said.encode()).encode() if seal else comment
    return other


@pytest.mark.parametrize(
    ("change", "seal", "said"),
    [
        (lambda s, m: (s, m | {"events": 7}), False, "är ändrad, eller gjord av en annan databas"),
        (lambda s, m: (s[:-1], m), True, "är ändrad sedan den gjordes"),
        (lambda s, m: (s[:-1] + b"x", m), True, "är ändrad sedan den gjordes"),
        (lambda s, m: (s, m | {"rows": m["rows"] | {"goal": 9}}), True, "inte de rader"),
        (lambda s, m: (s, m | {"revision": "9999"}), True, "version 9999"),
        (lambda s, m: (s, m | {"format": 2}), True, "nyare version av Röda tråden"),
    ],
    ids=["manifest", "cut", "byte", "rows", "revision", "format"],
)
def test_a_backup_that_was_tampered_with_is_refused(w, place, tmp_path, change, seal, said):
    copy = remade(make_backup(tmp_path), tmp_path, change, seal=seal)
    place("sqlite")
    assert said in refused(copy)


def test_a_file_that_is_no_backup_is_refused(w, place, tmp_path):
    place("sqlite")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("bild.png", b"")
    assert "ingen säkerhetskopia" in refused(other)
    other.write_text("text")
    assert "skadad eller inte hel" in refused(other)
    assert "finns inte" in refused(tmp_path / "missing.zip")


def test_a_backup_needs_the_key_of_its_own_store(w, place, tmp_path, monkeypatch):
    copy = make_backup(tmp_path)
    place("sqlite")
    monkeypatch.setenv("RT_AUDIT_KEY", "a key that belongs to another store")
    assert "gjord av en annan databas" in refused(copy)
    monkeypatch.delenv("RT_AUDIT_KEY")
    with pytest.raises(ValueError, match="Nyckeln till händelseloggen saknas"):
        backup.restore(copy)


def change_event():
    """Change an event with the database's own tools, the triggers taken away."""
    raw = create_engine(db.engine().url)
    with raw.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER audit_event_no_update"))
        connection.execute(text("UPDATE audit_event SET entity_id = 999 WHERE id = 1"))
    raw.dispose()


def test_a_store_whose_log_was_changed_is_told_and_not_backed_up(w, tmp_path):
    run(cases.register, NewCase("AR-1000", CaseKind.STATEMENT, TODAY), by=w.manager)
    change_event()
    with pytest.raises(BackupError, match="Händelseloggen i kopian är inte hel"):
        make_backup(tmp_path)
    assert not (tmp_path / "copy.zip").exists()


def test_what_cannot_be_written_leaves_no_half_backup(w, tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        make_backup(tmp_path)
    assert not list(tmp_path.glob("*copy.zip*"))
    assert not list(tmp_path.glob(".*"))


def test_an_older_backup_is_restored_where_the_logs_later_ends_were_written_down(
    w, place, tmp_path, monkeypatch
):
    run(cases.register, NewCase("AR-1000", CaseKind.STATEMENT, TODAY), by=w.manager)
    copy = backup.back_up(tmp_path / "copy.zip")
    run(cases.register, NewCase("AR-1001", CaseKind.STATEMENT, TODAY), by=w.manager)
    assert chain().fault is None
    written = audit_files.heads_path().read_text()
    (early, late) = audit_files.written_heads()
    assert (early.sequence, late.sequence) == (1, 3)

    place("sqlite")
    audit_files.heads_path().write_text(written)
    done = backup.restore(copy.path)

    assert done.put_aside.read_text() == written
    assert audit_files.written_heads()[0] == early
    assert chain().fault is None
    assert len(rows(AuditLink)) == 2  # the case and the restore


def test_a_log_checked_by_somebody_else_while_it_is_backed_up_is_copied_again(
    w, tmp_path, monkeypatch
):
    run(cases.register, NewCase("AR-1000", CaseKind.STATEMENT, TODAY), by=w.manager)
    copied, copy_once = [], backup._copy

    def copy_and_be_late(path):
        found = copy_once(path)
        copied.append(path)
        if len(copied) == 1:
            run(cases.register, NewCase("AR-1001", CaseKind.STATEMENT, TODAY), by=w.manager)
            assert chain().fault is None
        return found

    monkeypatch.setattr(backup, "_copy", copy_and_be_late)
    done = backup.back_up(tmp_path / "copy.zip")

    assert len(copied) == 2
    assert done.manifest.events == 2


def test_a_log_that_is_checked_again_and_again_is_told(w, tmp_path, monkeypatch):
    ends = iter([WrittenHead(TODAY, n, "0" * 64, checked=True)] for n in itertools.count(50))
    monkeypatch.setattr(audit_files, "written_heads", lambda: next(ends))
    with pytest.raises(BackupError, match="Försök igen"):
        make_backup(tmp_path)
