"""Whoever works with a kind of file imports and undoes it; nobody else's import stands in the way."""

import pytest

from core import db
from core.auth import PermissionDeniedError, Role
from core.imports import runs, templates, undoing
from core.imports.registry import KINDS
from core.models import ImportRun
from core.queries import imports
from core.terms import ImportKind
from tests import factories as make
from tests import factories_accounts as accounts

MANAGERS = {Role.GROUP_MANAGER, Role.UNIT_MANAGER, Role.DEVELOPER}
WHO = {
    ImportKind.PLACEMENTS: MANAGERS,
    ImportKind.LEDGER: {Role.CONTROLLER},
    **{
        kind: {Role.UNIT_MANAGER, Role.DEVELOPER}
        for kind in ImportKind
        if kind not in {ImportKind.PLACEMENTS, ImportKind.LEDGER}
    },
}


@pytest.fixture
def people(store):
    """An actor of each role in one unit."""
    with db.write() as session:
        unit = make.unit(session)
        return {role: accounts.actor_with_role(session, role, unit) for role in Role}


def imported(people, kind, name="fil.xlsx"):
    """Save an import of a kind that changed nothing, and return its id."""
    with db.write() as session:
        run = ImportRun(
            unit_id=people[Role.UNIT_MANAGER].unit_id,
            kind=kind,
            file_name=name,
            file_sha256="0" * 64,
            rows=0,
            created=0,
            changed=0,
            unchanged=0,
            moved={},
        )
        return make.save(session, run).id


def test_every_kind_that_can_be_imported_has_somebody_who_does(people):
    assert set(KINDS) == set(ImportKind)
    for role, actor in people.items():
        assert set(imports.may_import(actor)) == {kind for kind in WHO if role in WHO[kind]}


@pytest.mark.parametrize("kind", list(ImportKind))
def test_an_import_is_undone_by_those_who_import_that_kind_only(people, kind):
    run_id = imported(people, kind)
    for role, actor in people.items():
        if role not in WHO[kind] and actor.unit_id is not None:
            with pytest.raises(PermissionDeniedError), db.write() as session:
                undoing.undo(session, run_id, by=actor)

    with db.write() as session:
        undoing.undo(session, run_id, by=people[next(iter(WHO[kind]))])
    with db.read() as session:
        assert session.get_one(ImportRun, run_id).voided_at is not None


def test_the_latest_import_is_that_of_the_kinds_one_imports(people):
    ledger = imported(people, ImportKind.LEDGER, "huvudbok.xlsx")
    cases = imported(people, ImportKind.CASES, "arenden.xlsx")
    values = imported(people, ImportKind.INDICATOR_VALUES, "varden.xlsx")

    def latest(role):
        with db.read() as session:
            found = imports.history(session, by=people[role])
        return [one.run_id for one in found if one.is_latest], [one.run_id for one in found]

    assert latest(Role.CONTROLLER) == ([ledger], [ledger])
    assert latest(Role.DEVELOPER) == ([values], [values, cases])
    assert latest(Role.GROUP_MANAGER) == ([], [])
    assert latest(Role.ADMIN) == ([values, ledger], [values, cases, ledger])


def test_a_file_of_somebody_elses_kind_is_not_compared_with_the_store(people):
    for role, code in (
        (Role.GROUP_MANAGER, ImportKind.CASES),
        (Role.UNIT_MANAGER, ImportKind.LEDGER),
    ):
        kind, actor = KINDS[code], people[role]
        file = runs.read_file(kind, "mall.xlsx", templates.as_workbook(kind))
        with pytest.raises(PermissionDeniedError), db.read() as session:
            runs.preview(session, file, unit_id=actor.unit_id, by=actor)
