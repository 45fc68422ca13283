"""The demo store: every figure of both units is the same after its old cases have been removed."""

import random

from sqlmodel import func, select

from core import db
from core.clock import today
from core.models import Case, Unit
from core.queries import cache
from core.services import retention
from tests import factories as make
from tests.core.queries.every_figure import behind_the_pages, on_a_day, scopes

DAYS = [make.day(text) for text in ("2020-12-31", "2021-09-17", "2022-05-26", "2024-05-27")]


def figures():
    """Return the figures of some days, in each unit's scope and in one group's and caseworker's."""
    cache.clear()
    with db.read() as session:
        return {
            (scope, on, name): value
            for unit_id in session.exec(select(Unit.id)).all()
            for scope in chosen(scopes(session, unit_id))
            for on in DAYS
            for name, value in (
                on_a_day(session, scope, on, today()) | behind_the_pages(session, scope, on)
            ).items()
        }


def chosen(found):
    groups = [scope for scope in found if scope.group_id]
    people = [scope for scope in found if scope.caseworker_id]
    dice = random.Random(3)
    return [found[0], dice.choice(groups), dice.choice(people)]


def test_the_figures_of_the_demo_are_the_same_after_a_removal(demo):
    before = figures()
    with db.write() as session:
        assert retention.remove(session, by=None) is not None
    after = figures()

    assert {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    } == {}
    with db.read() as session:
        old = select(func.count()).where(Case.closed_on < make.day("2022-05-27"))
        assert session.exec(old).one() == 0
