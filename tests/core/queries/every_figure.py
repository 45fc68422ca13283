"""Every figure of a unit on many days, for every scope and split, to compare two stores."""

import datetime as dt
from dataclasses import replace

from sqlmodel import select

from core.auth import Scope
from core.cli.figures import FIGURES, Ask, Period
from core.models import Caseworker, Group
from core.queries import (
    benefit_months,
    cases,
    change_plans,
    computed,
    framework_agreement,
    placement_groups,
    placement_history,
    placement_sums,
    placements,
    start,
)
from core.queries.keys import By
from core.terms import ComputedFigure

LISTS = {"placements"}
"""Figures that are lists of rows, which go with the rows."""
PLACEMENT_SPLITS = (By.KIND, By.CONTRACT, By.PROVIDER, By.GROUP, By.CASEWORKER)


def scopes(session, unit_id):
    """Return the unit's scope, and those of each of its groups and caseworkers."""
    groups = session.exec(select(Group.id).where(Group.unit_id == unit_id)).all()
    people = session.exec(select(Caseworker.id).where(Caseworker.unit_id == unit_id)).all()
    return [
        Scope(unit_id),
        *(Scope(unit_id, group_id=one) for one in groups),
        *(Scope(unit_id, caseworker_id=one) for one in people),
    ]


def on_a_day(session, scope, on, today):
    """Return every figure as of a day, and over the time up to it, by name."""
    found = {}
    for name, figure in FIGURES.items():
        if name in LISTS:
            continue
        for by in figure.splits or (By.NONE,):
            for start_on, end in periods(figure, on):
                ask = Ask(on, start_on, end, today, by)
                found[name, by, start_on, end] = rows(figure.query(session, scope, ask))
    return found


def groups_of(session, scope, on, by):
    """Return the placement list by key, without what counts the rows that are there."""
    found = placement_groups.cost_groups(session, scope, on=on, by=by, with_case=True)
    return found.drop(columns="listed")


def outside_of(session, scope, on):
    """Return what lies outside the agreement, without the rows that are there."""
    found = framework_agreement.outside_agreement(session, scope, on=on)
    return found.kinds, found.days, found.total, found.to_date


def history_of(session, scope, on):
    """Return the prognosis' readings of this and earlier years; a kind that cost nothing is none."""
    found = placement_history.placement_history(session, scope, on=on)
    readings = [one for year in (*found.earlier, found.this_year) for one in year.readings]
    return found.kinds, [
        (one.on, {kind: amount for kind, amount in one.by_kind.items() if amount})
        for one in (*readings, found.now)
    ]


def behind_the_pages(session, scope, on):
    """Return the figures that pages show and the command line doesn't print."""
    summary = placement_sums.placement_summary(session, scope, on=on)
    return {
        "long obstacles": rows(cases.long_obstacles(session, scope, on=on)),
        "households at": cases.households_at(session, scope, on=on),
        "overdue since": change_plans.overdue_since(session, scope, on=on),
        "placement summary": replace(summary, overdue=(), families=()),
        "outside": outside_of(session, scope, on),
        "placement history": history_of(session, scope, on),
        "month costs": rows(placement_sums.month_costs(session, scope, on=on)),
        "case sums": start.case_sums(session, scope, on=on),
        "long term": benefit_months.latest_long_term(session, scope, [on]),
        **{("split", by): rows(groups_of(session, scope, on, by)) for by in PLACEMENT_SPLITS},
        "cost by group": rows(
            placements.placement_cost(
                session, scope, start=on.replace(month=1, day=1), end=on, today=on, by=By.GROUP
            )
        ),
        **{
            ("computed", figure): computed.by_month(
                session, Scope(scope.unit_id), figure=figure, on=on
            )
            for figure in computed._READERS
        },
        **{
            ("by gender", figure): computed.by_gender(session, scope, figure=figure, on=on)
            for figure in computed._READERS
        },
    }


def periods(figure, on):
    """Return the times to ask a figure for: of a day only itself, else three that end on it."""
    if figure.period is not Period.FROM_TO:
        return [(on, on)]
    year = on.replace(month=1, day=1)
    return [(on, on), (year, on), (on - dt.timedelta(days=75), on + dt.timedelta(days=40))]


def rows(frame):
    """Return a table's rows as plain values."""
    return [tuple(row) for row in frame.itertuples(index=False, name=None)]


__all__ = ["ComputedFigure", "behind_the_pages", "on_a_day", "scopes"]
