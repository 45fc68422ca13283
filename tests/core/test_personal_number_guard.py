"""No write, however it is made, lets a personal identity number into the store."""

import pytest
from sqlalchemy import insert, update
from sqlmodel import select

from core import db
from core.models import AuditEvent, Group, Unit
from core.rules.personal_number import PersonalNumberError
from tests import factories as make

NUMBER = "811228-9874"


def test_a_row_with_a_number_in_a_text_is_refused_without_repeating_it(store):
    with pytest.raises(PersonalNumberError) as refused, db.write() as session:
        session.add(Unit(slug="ny", name=f"Enheten för {NUMBER}"))
    assert refused.value.column == "name"
    assert "9874" not in str(refused.value)
    with db.read() as session:
        assert session.exec(select(Unit)).all() == []


def test_rows_written_in_bulk_are_guarded_too(store):
    with db.write() as session:
        unit_id = make.unit(session).id
    rows = [
        {"unit_id": unit_id, "slug": "a", "name": "Väster"},
        {"unit_id": unit_id, "slug": "b", "name": f"Öster {NUMBER}"},
    ]
    with pytest.raises(PersonalNumberError), db.write() as session:
        session.execute(insert(Group), rows)
    with db.read() as session:
        assert session.exec(select(Group)).all() == []


def test_a_change_of_a_text_is_guarded(store):
    with db.write() as session:
        unit_id = make.unit(session, name="Enheten").id
    with pytest.raises(PersonalNumberError), db.write() as session:
        session.execute(update(Unit).where(Unit.id == unit_id).values(name=NUMBER))
    with db.read() as session:
        assert session.get_one(Unit, unit_id).name == "Enheten"


def test_a_number_deep_in_an_events_details_is_found(store):
    details = {"changed": [{"from": None, "to": NUMBER}]}
    with pytest.raises(PersonalNumberError) as refused, db.write() as session:
        session.add(AuditEvent(action="test", entity="test", details=details))
    assert refused.value.column == "details"


def test_ten_digits_in_a_key_that_a_machine_made_up_are_no_persons(store):
    with db.write() as session:
        found = make.user(session, password_hash=f"$2b${NUMBER}")
    assert found.password_hash.endswith(NUMBER)
