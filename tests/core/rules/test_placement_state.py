"""Whether a placement runs, is coming or has ended on a day; its first and last day are in it."""

import datetime as dt

import pytest
from hypothesis import given

from core.rules.placements import PlacementFacts, known_end, runs_on, state
from core.terms import PlacementState
from tests.core.rules.strategies import day, many, placements

D = dt.date
ENDED = PlacementFacts(starts_on=D(2024, 2, 1), ended_on=D(2024, 2, 29))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (D(2024, 1, 31), PlacementState.COMING),
        (D(2024, 2, 1), PlacementState.RUNNING),
        (D(2024, 2, 29), PlacementState.RUNNING),
        (D(2024, 3, 1), PlacementState.ENDED),
    ],
)
def test_a_placement_runs_on_its_first_and_its_last_day(on, expected):
    assert state(ENDED, on) is expected


def test_a_placement_that_is_not_ended_runs_on():
    assert state(PlacementFacts(starts_on=D(2024, 2, 1)), D(2030, 1, 1)) is PlacementState.RUNNING


@many
@given(p=placements(), on=day)
def test_a_placement_has_one_state_on_each_day(p, on):
    found = state(p, on)
    assert (found is PlacementState.RUNNING) is runs_on(p, on)
    assert (found is PlacementState.COMING) is (on < p.starts_on)
    if found is PlacementState.ENDED:
        assert known_end(p, on) == p.ended_on
