"""A small unit with two caseworkers and two groups, and cases with all that happens in them."""

import datetime as dt
from contextlib import contextmanager
from types import SimpleNamespace

from sqlmodel import select

from core import db
from core.auth import Scope
from core.models import AdverseDecision, AffectedChild, Case, ChildImpactAnalysis, Unit
from core.queries import cache
from core.terms import DecisionKind
from tests import factories as make

VOIDED = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)


@contextmanager
def written():
    """Write rows past the services, which is why every cached figure has to be forgotten."""
    with db.write() as session:
        yield session
    cache.clear()


def small_unit():
    """Save a unit with Ada in the group Ett and Bo in Två; returns its rows' ids and scopes."""
    with written() as session:
        unit = make.unit(session)
        ada, bo = (make.caseworker(session, unit, name=name) for name in ("Ada", "Bo"))
        one, two = (make.group(session, unit, name=name) for name in ("Ett", "Två"))
        return SimpleNamespace(
            id=unit.id,
            ada=_row(ada.id),
            bo=_row(bo.id),
            one=_row(one.id),
            two=_row(two.id),
            scope=Scope(unit.id),
            adas=Scope(unit.id, caseworker_id=ada.id),
            bos=Scope(unit.id, caseworker_id=bo.id),
            ones=Scope(unit.id, group_id=one.id),
            twos=Scope(unit.id, group_id=two.id),
        )


def add_case(unit, opened_on, referred_on=None, *, plans=(), exempt=(), **fields):
    """Save a case, Ada's in Ett unless told otherwise, and return its id. Days are texts.

    `plans` are (established, ended, revised...), `exempt` are (first, last).
    """
    fields = {"caseworker": unit.ada, "group": unit.one} | fields
    fields["closed_on"] = day(fields.get("closed_on"))
    with written() as session:
        row = session.get_one(Unit, unit.id)
        case = make.case(session, row, day(opened_on), referred_on=day(referred_on), **fields)
        for established, ended, *revised in plans:
            make.plan(session, case, day(established), day(ended), revised=map(day, revised))
        for first, last in exempt:
            make.exemption(session, case, day(first), day(last))
        return case.id


def decide(unit, case_id, decided_on, *children, **fields):
    """Save a decision in a case; each child is the days of its analyses. Returns its id."""
    with written() as session:
        decision = make.save(
            session,
            AdverseDecision(
                **{
                    "unit_id": unit.id,
                    "case_id": case_id,
                    "decided_on": day(decided_on),
                    "kind": DecisionKind.REFUSAL,
                }
                | fields
            ),
        )
        for number, analysed in enumerate(children, start=1):
            child = make.save(session, AffectedChild(decision_id=decision.id, child_number=number))
            for on in analysed:
                make.save(
                    session, ChildImpactAnalysis(affected_child_id=child.id, analysed_on=day(on))
                )
        return decision.id


def reassign(case_id, valid_from, caseworker=None, group=None):
    """Give a case to somebody from a day on."""
    with written() as session:
        case = session.get_one(Case, case_id)
        make.assign(session, case, day(valid_from), caseworker=caseworker, group=group)


def void(table, **equal):
    """Void the rows of a table that have some values."""
    with written() as session:
        for row in session.exec(select(table).filter_by(**equal)):
            row.voided_at = VOIDED


def read(query, *args, **kwargs):
    """Call a query in a read of its own."""
    with db.read() as session:
        return query(session, *args, **kwargs)


def rows_of(frame):
    """Return a table as a list of its rows."""
    return [tuple(row) for row in frame.itertuples(index=False)]


def day(text):
    """Return a date written as 2024-05-27; None stays None."""
    return None if text is None else make.day(text)


def _row(row_id):
    return SimpleNamespace(id=row_id)
