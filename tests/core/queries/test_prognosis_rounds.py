"""Rounds as they are read: lines, sums, what differs, and who did what."""

from decimal import Decimal

import pytest

from core import db
from core.auth import Scope
from core.models import PrognosisRoundLine
from core.queries import prognosis_rounds as reading
from core.rules.prognosis_round import DEFAULT_LIMITS, Limits, Passed
from core.services import prognosis_rounds as rounds
from core.services import round_limits
from core.services.budget import change_line_amount
from core.terms import PrognosisMethod, RoundState
from tests import factories as make
from tests.factories_cases import TODAY, run
from tests.factories_rounds import MAY, approved, choose, filled, line_of, opened, round_world

APRIL = make.day("2024-04-01")


@pytest.fixture
def w(store, today):
    """A unit with two lines of 2024, on 27 May."""
    today(TODAY)
    return round_world()


def view(w, **asked):
    with db.read() as session:
        return reading.round_view(session, Scope(w.unit_id), **{"month": MAY} | asked)


def by_name(found):
    return {line.line: line for line in found.lines}


def test_a_month_without_a_round_has_none(w):
    assert view(w) is None
    with db.read() as session:
        assert reading.latest_head(session, Scope(w.unit_id), month=MAY) is None


def test_lines_come_with_deviation_change_and_what_was_said_last_month(w):
    filled(w)
    placed = by_name(view(w))["Placeringar"]

    assert (placed.deviation, placed.change) == (-120_000, 40_000)
    assert placed.before_comment == "fler boende"
    assert placed.computed == {PrognosisMethod.RUN_RATE: 1_320_000}
    assert placed.passed(DEFAULT_LIMITS) == (Passed.DEVIATION,)
    assert not placed.unexplained(DEFAULT_LIMITS)
    assert not placed.differs


def test_sums_have_a_value_when_all_their_lines_have_one(w):
    round_id = opened(w)
    assert view(w).total.amount is None
    assert [line.line for line in view(w).without_amount] == ["Bidrag"]
    choose(w, line_of(w, round_id, "income"), -200_000)

    found = view(w)
    assert (found.total.budget, found.total.amount) == (1_000_000, 1_080_000)
    assert (found.total.deviation, found.total.before) == (-80_000, None)
    assert [section.section for section in found.sections] == ["Bistånd"]


def test_a_line_past_a_limit_without_words_is_unexplained(w):
    round_id = opened(w)
    choose(w, line_of(w, round_id), 1_330_001)
    assert [line.line for line in view(w).unexplained] == ["Placeringar"]


def test_a_new_version_tells_what_differs_from_the_former(w):
    first = approved(w)
    second = run(rounds.open_version, first, by=w.actors["controller"])
    choose(w, line_of(w, second), 1_400_000, "Ny placering")

    found = view(w)
    assert found.head.number == 2
    placed, income = by_name(found)["Placeringar"], by_name(found)["Bidrag"]
    assert (placed.former, placed.former_comment, placed.differs) == (
        1_320_000,
        "Två vårdplaner förlängda",
        True,
    )
    assert not income.differs
    assert found.total.former == 1_120_000
    assert by_name(view(w, number=1))["Placeringar"].amount == 1_320_000
    assert view(w, number=3) is None


def test_a_rounds_head_tells_who_did_what(w):
    approved(w, "Bra")
    head = view(w).head
    assert (head.state, head.opened_by) == (RoundState.APPROVED, w.actors["controller"].name)
    assert (head.submitted_by, head.approved_by) == (w.actors["controller"].name, w.manager.name)
    assert head.manager_comment == "Bra"


def test_rounds_come_with_the_latest_month_and_version_first(w):
    opened(w, APRIL)
    run(rounds.open_version, approved(w), by=w.actors["controller"])
    with db.read() as session:
        heads = reading.round_heads(session, Scope(w.unit_id), since=APRIL)
        other = reading.round_heads(session, Scope(w.extra["other_unit_id"]), since=APRIL)
    assert [(head.month, head.number) for head in heads] == [(MAY, 2), (MAY, 1), (APRIL, 1)]
    assert other == ()


def test_a_locked_rounds_deviation_stays_though_the_budget_is_changed(w):
    approved(w)
    run(
        change_line_amount,
        w.extra["line"],
        Decimal(2_000_000),
        version=1,
        by=w.actors["controller"],
    )
    assert by_name(view(w))["Placeringar"].deviation == -120_000


def test_limits_are_the_products_own_until_the_unit_sets_some(w):
    with db.read() as session:
        assert reading.limits(session, Scope(w.unit_id)) == reading.SetLimits(DEFAULT_LIMITS, 0)
    by = w.actors["controller"]
    run(round_limits.set_limits, Decimal(5), Decimal(7), version=0, by=by)
    with db.read() as session:
        found = reading.limits(session, Scope(w.unit_id))
    assert found == reading.SetLimits(Limits(Decimal(5), Decimal(7)), 1)


def test_a_line_that_the_former_version_lacked_differs(w):
    first = approved(w)
    with db.write() as session:
        session.delete(session.get_one(PrognosisRoundLine, line_of(w, first, "income").id))
    second = run(rounds.open_version, first, by=w.actors["controller"])
    assert line_of(w, second, "income").amount == -200_000
    assert by_name(view(w))["Bidrag"].differs
