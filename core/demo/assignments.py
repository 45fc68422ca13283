"""Whose the made-up cases are, so that each caseworker has the wanted number today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from core.demo.matters import Assignment, Matter
from core.demo.people import Place, Worker
from core.rules.dates import ONE_DAY
from core.terms import CaseKind

WITHOUT_CASEWORKER = 4
MOVED_BEFORE = 0.12


def assign_benefit(rng: Random, matters: Sequence[Matter], place: Place, today: dt.date) -> None:
    """Assign benefit cases: to the reception first, from the referral on to a caseworker."""
    reception = place.workers_of(CaseKind.BENEFIT, receives=True)
    for matter in matters:
        first = rng.choice(reception)
        matter.assignments.append(Assignment(matter.opened_on, first, first.group_id))
    referred = [matter for matter in matters if matter.referred_on is not None]
    _assign(rng, referred, place.workers_of(CaseKind.BENEFIT, receives=False), today)


def assign_other(
    rng: Random, matters: Sequence[Matter], place: Place, kind: CaseKind, today: dt.date
) -> None:
    """Assign cases of another kind to those who work with it."""
    workers = place.workers_of(kind, receives=False)
    _assign(rng, matters, workers, today, without=0 if kind is CaseKind.WRONG_PAYMENT else 2)


def assign_freely(rng: Random, matters: Sequence[Matter], workers: Sequence[Worker]) -> None:
    """Assign short matters to anybody of some caseworkers."""
    for matter in matters:
        worker = rng.choice(workers)
        matter.assignments.append(Assignment(matter.opened_on, worker, worker.group_id))


def _assign(
    rng: Random,
    matters: Sequence[Matter],
    workers: Sequence[Worker],
    today: dt.date,
    without: int = WITHOUT_CASEWORKER,
) -> None:
    staying = [worker for worker in workers if worker.left_on is None]
    left = [worker for worker in workers if worker.left_on is not None]
    present = [matter for matter in matters if matter.open_on(today)]
    hands = _hands(rng, staying, len(present) - without)
    usual = list(hands)
    rng.shuffle(hands)
    present_ids = {id(matter) for matter in present}
    for matter in matters:
        if id(matter) not in present_ids:
            worker = rng.choice(usual)
        elif hands:
            worker = hands.pop()
        else:
            _hold(matter, None, staying[0].group_id, _since(matter))
            continue
        _hold_with_past(rng, matter, worker, (staying, left), today)


def _hands(rng: Random, workers: Sequence[Worker], cases: int) -> list[Worker]:
    """Return each caseworker as many times as they have cases; those without a number vary."""
    fixed = [worker for worker in workers if worker.cases is not None for _ in range(worker.cases)]
    shared = [worker for worker in workers if worker.cases is None]
    rest = cases - len(fixed)
    counts = (
        [rest // len(shared) + (place < rest % len(shared)) for place in range(len(shared))]
        if shared
        else []
    )
    for place in range(len(shared) // 2):
        moved = rng.randint(0, counts[place] // 5)
        counts[place] -= moved
        counts[-place - 1] += moved
    return fixed + [
        worker for worker, count in zip(shared, counts, strict=True) for _ in range(count)
    ]


def _hold_with_past(
    rng: Random,
    matter: Matter,
    worker: Worker,
    colleagues: tuple[Sequence[Worker], Sequence[Worker]],
    today: dt.date,
) -> None:
    """Let a case be somebody's, and before that maybe a leaver's or a colleague's."""
    staying, left = colleagues
    since = _since(matter)
    for leaver in left:
        ends = leaver.left_on or since
        spans = since < ends and (matter.closed_on is None or matter.closed_on > ends)
        if spans and rng.random() < 1 / len(staying):
            _hold(matter, leaver, leaver.group_id, since)
            since = ends + ONE_DAY
    ends = matter.closed_on or today
    if since == _since(matter) and (ends - since).days > 400 and rng.random() < MOVED_BEFORE:
        earlier = rng.choice(staying)
        _hold(matter, earlier, earlier.group_id, since)
        since += dt.timedelta(days=rng.randint(100, 300))
    _hold(matter, worker, worker.group_id, since)


def _hold(matter: Matter, worker: Worker | None, group_id: int, since: dt.date) -> None:
    matter.assignments.append(Assignment(since, worker, group_id))


def _since(matter: Matter) -> dt.date:
    return matter.referred_on or matter.opened_on
