"""Pages on a day whose cases have been removed: the figures stay, the lists say what they lack."""

import pytest

from core import db
from core.auth import Role
from core.models import AdverseDecision, AffectedChild
from core.terms import DecisionKind
from tests import factories as make
from tests import factories_money as money
from tests import factories_retention as old

day = make.day
THEN = day("2021-03-31")
NOTE = "Listan visar inte ärenden som har gallrats."
PAGES = ("follow_up/placements.py", "follow_up/change_plans.py", "follow_up/child_impact.py")


@pytest.fixture
def manager(store, today):
    """The manager of a unit with one old case: a placement, no plan, a decision without analysis."""
    today(day("2024-05-27"))
    with db.write() as session:
        unit = make.unit(session)
        case = make.case(
            session,
            unit,
            day("2020-10-01"),
            referred_on=day("2020-10-10"),
            closed_on=day("2021-06-30"),
            caseworker=make.caseworker(session, unit, name="Ada"),
        )
        money.placement(
            session,
            case,
            money.kind(session, unit),
            day("2021-01-01"),
            rates=1000,
            ended_on=day("2021-05-31"),
        )
        decision = AdverseDecision(
            unit_id=unit.id,
            case_id=case.id,
            decided_on=day("2021-02-01"),
            kind=DecisionKind.REFUSAL,
        )
        make.save(session, decision)
        make.save(session, AffectedChild(decision_id=decision.id, child_number=1))
        return make.actor(session, Role.UNIT_MANAGER, unit)


def figures(at):
    return [(metric.label, metric.value) for metric in at.metric]


def texts(at):
    return " ".join(markdown.value for markdown in at.markdown)


@pytest.mark.parametrize("path", PAGES)
def test_the_figures_of_a_past_day_stay_and_the_list_tells_what_it_lacks(manager, open_page, path):
    before = open_page(path, manager, per=str(THEN))
    assert NOTE not in texts(before)
    old.remove()
    after = open_page(path, manager, per=str(THEN))

    assert not after.exception
    assert figures(after) == figures(before) != []
    assert NOTE in texts(after)


@pytest.mark.parametrize("path", PAGES)
def test_a_day_after_everything_removed_was_over_says_nothing_of_it(manager, open_page, path):
    old.remove()
    at = open_page(path, manager)

    assert not at.exception
    assert NOTE not in texts(at)
