"""Migrations make exactly the tables that the models describe, and go both ways."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from core import db
from core.cli.check import faults
from core.models import Base, Unit
from tests import factories as make


def revisions():
    """Every released version, oldest first."""
    scripts = ScriptDirectory(str(db.MIGRATIONS))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_a_migrated_store_is_what_the_models_say(store):
    with db.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())
    assert faults() == []


@pytest.mark.parametrize("revision", revisions())
def test_a_store_of_every_released_version_can_be_brought_up(store, revision):
    with db.engine().execution_options(writes=True).begin() as connection:
        command.downgrade(db.migration_config(connection), revision)
        command.upgrade(db.migration_config(connection), "head")
    assert faults() == []


def test_a_store_can_be_emptied_and_made_again(store):
    with db.engine().execution_options(writes=True).begin() as connection:
        command.downgrade(db.migration_config(connection), "base")
    with db.engine().connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    db.migrate()
    assert faults() == []


def test_opening_a_store_again_keeps_its_data(store):
    with db.write() as session:
        unit = make.unit(session)
    first = db.open_store()
    again = db.open_store()
    assert first.store_key == again.store_key
    with db.read() as session:
        assert session.get_one(Unit, unit.id).slug == unit.slug
