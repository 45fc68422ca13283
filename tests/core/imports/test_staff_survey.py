"""The staff survey as a file: new, changed, unchanged and wrong results."""

import datetime as dt
from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.imports.kinds import Effect
from core.models import StaffSurvey
from core.queries.staff_survey import staff_survey
from core.terms import DataSource, ImportKind
from tests.core.imports.statistics import effects, facts, faults, save, save_twice, seen, take_back
from tests.factories_cases import rows, world

KIND = ImportKind.STAFF_SURVEY
WHOLE = {"År": "2023", "Fick enkäten": "24", "Svarade": "18", "AMI": "88", "Ledarskap": "92,5"}
ETT = WHOLE | {"Grupp": "Ett", "Fick enkäten": "10", "Svarade": "8"}


@pytest.fixture
def unit(store, today):
    today(dt.date(2024, 5, 27))
    return world()


def table(unit):
    with db.read() as session:
        frame = staff_survey(session, Scope(unit.unit_id))
    return [tuple(row) for row in frame[["year", "group", "respondents", "ami"]].to_numpy()]


def test_results_of_the_unit_and_its_groups_are_kept(unit):
    save_twice(unit, KIND, WHOLE, ETT)
    assert table(unit) == [(2023, "alla", 18, 88), (2023, "Ett", 8, 88)]
    whole, group = rows(StaffSurvey)
    assert (whole.group_id, group.group_id) == (None, unit.group_id)
    assert whole.leadership == Decimal("92.5")
    assert (whole.motivation, whole.source, whole.source_name) == (
        None,
        DataSource.IMPORTED,
        "fil.csv",
    )


def test_the_unit_and_groups_can_be_named_in_several_ways(unit):
    save(unit, KIND, WHOLE, ETT)
    for words in ("alla", "Hela enheten", "ALLA"):
        assert effects(unit, KIND, WHOLE | {"Grupp": words}) == [Effect.UNCHANGED]
    assert effects(unit, KIND, ETT | {"Grupp": "ETT"}) == [Effect.UNCHANGED]


def test_a_changed_result_replaces_the_earlier_one_which_is_kept(unit):
    save(unit, KIND, WHOLE, ETT)
    before = facts()
    changed = {"År": "2023", "AMI": "90", "Motivation": "88"}
    assert seen(unit, KIND, changed) == [
        (Effect.CHANGED, {"ami": (88, 90), "motivation": (None, 88)})
    ]
    run_id = save_twice(unit, KIND, changed)
    first, _, last = rows(StaffSurvey)
    assert first.voided_at is not None
    assert (last.invited, last.leadership, last.source_name) == (24, Decimal("92.5"), "fil.csv")
    take_back(unit, run_id)
    assert facts() == before


def test_what_is_wrong_is_told_by_row_and_column(unit):
    found = faults(
        unit,
        KIND,
        WHOLE | {"År": "2025"},
        WHOLE | {"År": "2022", "Svarade": "25"},
        WHOLE | {"År": "2021", "AMI": "101"},
        WHOLE | {"År": "2020", "Grupp": "Tre"},
        {"År": "2019", "AMI": "80"},
        WHOLE,
        WHOLE | {"Grupp": "hela enheten"},
        WHOLE | {"År": "tjugo"},
    )
    assert {place: words.split(".")[0] for place, words in found.items()} == {
        (2, "year"): "Ange ett år från 2000 till 2024",
        (3, "respondents"): "Antal svarande ska ligga mellan 0 och antalet som fick enkäten, 24",
        (4, "ami"): "Ange ett index från 0 till 100",
        (5, "group"): "”Tre” är ingen grupp i enheten",
        (6, "invited"): "Cellen är tom",
        (6, "respondents"): "Cellen är tom",
        (8, "group"): "Rad 7 handlar om samma sak",
        (9, "year"): "”tjugo” är inget tal",
    }
    assert rows(StaffSurvey) == []
