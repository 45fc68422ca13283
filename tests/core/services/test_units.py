"""A unit is made whole: groups, placement kinds; groups and caseworkers are added later."""

import pytest
from sqlmodel import select

from core import db
from core.auth import PermissionDeniedError, Role, Scope
from core.models import AuditEvent, Caseworker, Group, PlacementKind, Unit
from core.queries.units import choices
from core.services import units
from core.services.base import RefusedError
from core.terms import PlacementForm
from tests import factories as make


def create(**fields):
    given = {"slug": "enheten", "name": "Enheten", "by": None} | fields
    with db.write() as session:
        return units.create_unit(session, **given)


def refusal(call):
    with pytest.raises(RefusedError) as refused, db.write() as session:
        call(session)
    return set(refused.value.by_field())


def all_rows(model):
    with db.write() as session:
        return list(session.exec(select(model)))


def test_a_new_unit_has_its_groups_and_every_kind_of_placement(store):
    unit_id = create(groups=["Mottagning", " Utredning  1 "], reference_format="AF-0000")

    (unit,) = all_rows(Unit)
    assert (unit.id, unit.slug, unit.reference_format) == (unit_id, "enheten", "AF-0000")
    assert [(g.slug, g.name) for g in all_rows(Group)] == [
        ("mottagning", "Mottagning"),
        ("utredning-1", "Utredning 1"),
    ]
    kinds = all_rows(PlacementKind)
    assert len(kinds) == len(PlacementForm)
    assert [kind.name for kind in kinds if kind.is_hotel] == [
        "Tillfälligt boende på hotell/vandrarhem"
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": " "}, "name"),
        ({"name": "N" * 121}, "name"),
        ({"slug": "Två ord"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "s" * 61}, "slug"),
        ({"slug": "upptagen"}, "slug"),
        ({"reference_format": "0000000000"}, "reference_format"),
        ({"reference_format": "AF"}, "reference_format"),
        ({"groups": ["Mottagning", "mottagning"]}, "groups"),
        ({"groups": [" "]}, "groups"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_no_unit_is_made(store, fields, fault):
    create(slug="upptagen")

    with pytest.raises(RefusedError) as refused:
        create(**fields)
    assert set(refused.value.by_field()) == {fault}
    assert len(all_rows(Unit)) == 1


def test_an_added_group_can_be_chosen_at_once(store):
    unit_id = create(groups=["Mottagning"])
    with db.read() as session:
        assert len(choices(session, Scope(unit_id)).groups) == 1
    with db.write() as session:
        units.add_group(session, unit_id, "Slussen", by=None)

    with db.read() as session:
        found = choices(session, Scope(unit_id)).groups
    assert [group.name for group in found] == ["Mottagning", "Slussen"]


def test_a_group_is_added_once_to_a_unit_that_exists(store):
    unit_id = create(groups=["Mottagning"])
    with db.write() as session:
        first = units.add_group(session, unit_id, "Slussen", by=None, key="ett formulär")
        assert units.add_group(session, unit_id, "Slussen", by=None, key="ett formulär") == first

    assert refusal(lambda s: units.add_group(s, unit_id, "slussen", by=None)) == {"name"}
    assert refusal(lambda s: units.add_group(s, 999, "Ny", by=None)) == {"unit_id"}


def test_a_caseworker_without_an_account_can_be_added(store):
    unit_id = create(groups=["Mottagning"])
    (group,) = all_rows(Group)
    with db.write() as session:
        first = units.add_caseworker(
            session, unit_id, " H  01 ", group_id=group.id, by=None, key="ett formulär"
        )
        again = units.add_caseworker(session, unit_id, "H 01", by=None, key="ett formulär")
        elsewhere = make.group(session, make.unit(session)).id

    (caseworker,) = all_rows(Caseworker)
    assert (caseworker.id, again) == (first, first)
    assert (caseworker.name, caseworker.group_id) == ("H 01", group.id)
    assert refusal(lambda s: units.add_caseworker(s, unit_id, "H 01", by=None)) == {"name"}
    assert refusal(lambda s: units.add_caseworker(s, unit_id, " ", by=None)) == {"name"}
    assert refusal(
        lambda s: units.add_caseworker(s, unit_id, "H 02", group_id=elsewhere, by=None)
    ) == {"group_id"}
    assert [event.action for event in all_rows(AuditEvent)] == ["create_unit", "add_caseworker"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_makes_units_groups_and_caseworkers(store, role):
    with db.write() as session:
        unit = make.unit(session)
        by = make.actor(session, role, unit)

    for call in (
        lambda s: units.create_unit(s, slug="ny", name="Ny", by=by),
        lambda s: units.add_group(s, unit.id, "Ny", by=by),
        lambda s: units.add_caseworker(s, unit.id, "Ny", by=by),
    ):
        with pytest.raises(PermissionDeniedError), db.write() as session:
            call(session)
