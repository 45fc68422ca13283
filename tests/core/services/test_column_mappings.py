"""What a file's headings stand for is remembered by unit and kind, and told in the log."""

import pytest

from core import db
from core.auth import PermissionDeniedError
from core.models import AuditEvent, ColumnMapping
from core.queries.column_mappings import NOT_READ, headings_of
from core.services.column_mappings import remember
from core.terms import ImportKind
from tests.factories_cases import TODAY, refusals, rows, run, world

KIND = ImportKind.PLACEMENTS
KNOWN = frozenset({"case", "starts_on"})


@pytest.fixture
def unit(store, today):
    today(TODAY)
    return world()


def remembered(unit):
    with db.read() as session:
        return headings_of(session, unit.unit_id, KIND)


def test_a_choice_is_remembered_and_a_later_one_replaces_only_what_it_names(unit):
    assert remembered(unit) == {}
    by = unit.actors["group_manager"]
    run(remember, KIND, {"dossier": "case", "anm": NOT_READ}, known=KNOWN, by=by)
    run(remember, KIND, {"anm": "starts_on"}, known=KNOWN, by=by)
    assert remembered(unit) == {"dossier": "case", "anm": "starts_on"}
    assert len(rows(ColumnMapping)) == 1
    logged = rows(AuditEvent, action="map_columns")
    assert [event.details["columns"] for event in logged] == [2, 1]


def test_the_same_submit_twice_is_one(unit):
    by = unit.manager
    first = run(remember, KIND, {"dossier": "case"}, known=KNOWN, by=by, key="form-1")
    assert run(remember, KIND, {"dossier": "case"}, known=KNOWN, by=by, key="form-1") == first
    assert len(rows(AuditEvent, action="map_columns")) == 1


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ({"a": "case", "b": "case"}, "samma betydelse"),
        ({"a": "unknown"}, "finns inte"),
        ({"811228-9874": "case"}, "personnummer"),
        ({"a" * 201: "case"}, "högst 200 tecken"),
        ({str(n): NOT_READ for n in range(401)}, "för många"),
    ],
)
def test_a_choice_that_is_wrong_is_refused(unit, headings, said):
    told = refusals(remember, KIND, headings, known=KNOWN, by=unit.manager)
    assert said in " ".join(told.values())
    assert remembered(unit) == {}


@pytest.mark.parametrize("role", ["caseworker", "controller", "reader", "admin"])
def test_only_who_imports_the_kind_chooses(unit, role):
    with pytest.raises(PermissionDeniedError):
        run(remember, KIND, {"a": "case"}, known=KNOWN, by=unit.actors[role])
