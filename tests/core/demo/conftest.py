"""The demo store, filled once and copied for each test."""

import os
import shutil

import pytest
from sqlalchemy import text

from core import clock, db
from core.demo import fill_demo
from core.queries import cache
from tests.core.demo.slow import BENEFIT_UNIT, WORK_UNIT, Facts


@pytest.fixture(scope="session")
def filled(tmp_path_factory, sqlite_template):
    """The path of a filled SQLite store."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    os.environ["RT_DATABASE_URL"] = f"sqlite:///{path}"
    fill_demo()
    _forget()
    return path


@pytest.fixture
def demo(filled, tmp_path, monkeypatch):
    """A filled store of the test's own, opened as the configured one."""
    path = tmp_path / "demo.db"
    shutil.copy(filled, path)
    monkeypatch.setenv("RT_DATABASE_URL", f"sqlite:///{path}")
    db.attach()
    yield path
    db.close()
    cache.clear()


@pytest.fixture(scope="session")
def facts(filled):
    """The rows of both units, by slug."""
    os.environ["RT_DATABASE_URL"] = f"sqlite:///{filled}"
    read = {slug: Facts(slug) for slug in (WORK_UNIT, BENEFIT_UNIT)}
    _forget()
    return read


@pytest.fixture
def empty_postgres(postgres_server, monkeypatch):
    """An empty, migrated PostgreSQL store, opened as the configured one."""
    admin, url = postgres_server
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE demo_test TEMPLATE empty"))
    monkeypatch.setenv("RT_DATABASE_URL", url.replace("/postgres?", "/demo_test?"))
    yield
    db.close()
    cache.clear()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE demo_test WITH (FORCE)"))


def _forget():
    db.close()
    clock.fix_today(None)
    del os.environ["RT_DATABASE_URL"]
