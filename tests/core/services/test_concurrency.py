"""Many people saving at once: nothing is lost, nothing is there twice."""

from concurrent.futures import ThreadPoolExecutor, wait

from sqlmodel import select

from core import db
from core.models import AuditEvent, Case, DataVersion, Placement, Unit
from core.services import cases, retention
from core.services.base import ConflictError, RefusedError
from core.services.cases import Closing, NewCase
from core.terms import CaseKind
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, rows, run, world

THREADS, EACH = 8, 50


def test_eight_people_registering_fifty_cases_each_lose_none(store, today):
    today(TODAY)
    w = world()

    def register_some(person):
        for n in range(EACH):
            new = NewCase(f"AR-{1000 + person * EACH + n}", CaseKind.STATEMENT, TODAY)
            run(cases.register, new, by=w.manager, key=f"{person}-{n}")

    with ThreadPoolExecutor(THREADS) as people:
        list(people.map(register_some, range(THREADS)))

    assert len(rows(Case, kind=CaseKind.STATEMENT)) == THREADS * EACH
    assert len(rows(AuditEvent, action="register")) == THREADS * EACH
    (moved,) = rows(DataVersion)
    assert moved.writes == THREADS * EACH


def test_a_form_sent_by_eight_at_once_is_one_case(store, today):
    today(TODAY)
    w = world()
    new = NewCase("AR-1000", CaseKind.STATEMENT, TODAY)

    with ThreadPoolExecutor(THREADS) as people:
        ids = set(
            people.map(
                lambda _: run(cases.register, new, by=w.manager, key="one form"), range(THREADS)
            )
        )

    assert ids == {rows(Case, reference="AR-1000")[0].id}
    assert len(rows(AuditEvent)) == 1


def test_of_eight_who_want_the_same_reference_one_gets_it(store, today):
    today(TODAY)
    w = world()

    def register(_):
        try:
            return run(cases.register, NewCase("AR-1000", CaseKind.STATEMENT, TODAY), by=w.manager)
        except RefusedError as refused:
            return refused.by_field()["reference"]

    with ThreadPoolExecutor(THREADS) as people:
        answers = list(people.map(register, range(THREADS)))

    assert answers.count("Referensen AR-1000 används redan.") == THREADS - 1
    assert len(rows(AuditEvent)) == 1


def test_of_eight_who_close_the_same_case_one_does(store, today):
    today(TODAY)
    w = world()

    def close(_):
        try:
            return run(cases.close, w.case_id, Closing(TODAY), version=1, by=w.manager)
        except ConflictError:
            return "conflict"

    with ThreadPoolExecutor(THREADS) as people:
        answers = list(people.map(close, range(THREADS)))

    assert sorted(answers, key=str) == [w.case_id, *["conflict"] * (THREADS - 1)]
    assert rows(Case, id=w.case_id)[0].version == 2


def test_a_case_that_gets_a_placement_while_old_cases_are_removed_is_kept(store, today):
    """The removal waits for the one who registers, and then sees what was registered."""
    today(TODAY)
    opened = make.day("2020-01-10")
    w = world(opened_on=opened, referred_on=opened, closed_on=make.day("2021-01-10"))
    with db.write() as session:
        kind = money.kind(session, session.get_one(Unit, w.unit_id))
    with ThreadPoolExecutor(1) as other:
        with db.write() as session:
            case = session.exec(select(Case).where(Case.id == w.case_id).with_for_update()).one()
            removal = other.submit(run, retention.remove, by=None)
            wait([removal], timeout=1)
            money.placement(session, case, kind, opened, rates=900)
            assert not removal.done()
        assert removal.result() is None
    assert len(rows(Case, id=w.case_id)) == len(rows(Placement)) == 1
