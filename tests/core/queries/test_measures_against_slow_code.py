"""Who has reported what, in random units, the same as looking at every row one at a time."""

import calendar
import datetime as dt
import random

import pytest
from sqlmodel import select

from core import db
from core.auth import Role, Scope
from core.models import (
    Case,
    CaseAssignment,
    Caseworker,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
)
from core.queries.measure_points import due_items, reporting_status
from core.terms import CaseReference, ClosingReason, MeasureFrequency, MeasureKind, MeasureSubject
from tests import factories as make
from tests.factories_measures import YES_NO, entry, known, point

TODAY = dt.date(2024, 5, 27)
ONE = dt.timedelta(days=1)
FREQUENCIES = [
    MeasureFrequency.WEEK,
    MeasureFrequency.MONTH,
    MeasureFrequency.QUARTER,
    MeasureFrequency.TERTIAL,
]
CASES = {
    "subject": MeasureSubject.OPEN_CASES,
    "case_reference": CaseReference.REQUIRED,
    "choices": YES_NO,
}


def some_day(chance, first=dt.date(2023, 11, 1)):
    return first + dt.timedelta(chance.randrange((TODAY - first).days + 1))


@pytest.fixture(params=[1, 2, 3])
def unit(request, store):
    """A random unit with points of every kind of subject, and reports on some of what is asked."""
    chance = random.Random(request.param)
    with db.write() as session:
        unit = make.unit(session)
        groups = [make.group(session, unit) for _ in range(2)]
        staff = [
            make.caseworker(
                session, unit, group_id=chance.choice(groups).id, active=chance.random() < 0.8
            )
            for _ in range(5)
        ]
        cases = []
        for _ in range(12):
            opened = some_day(chance)
            ended = some_day(chance, opened) if chance.random() < 0.4 else None
            case = make.case(
                session,
                unit,
                opened,
                closed_on=ended,
                closing_reason=ended and ClosingReason.PENSION,
                caseworker=chance.choice([None, *staff]),
                group=chance.choice(groups),
            )
            if chance.random() < 0.4:
                at = some_day(chance, opened)
                make.assign(session, case, at, caseworker=chance.choice(staff), group=groups[0])
            cases.append(case)
        for n in range(7):
            kind = [MeasureKind.NUMBER, MeasureKind.CASE_CHECK, MeasureKind.NUMBER][n % 3]
            row = point(
                session,
                unit,
                kind,
                name=f"Punkt {n}",
                valid_from=some_day(chance),
                ended_on=TODAY - 20 * ONE if n == 6 else None,
                frequency=chance.choice(FREQUENCIES),
                due_days=chance.randrange(10),
                group_id=chance.choice([None, None, groups[0].id]),
                reporter=chance.choice([Role.CASEWORKER, Role.GROUP_MANAGER]),
                **(CASES if kind is MeasureKind.CASE_CHECK else {}),
            )
            spans = known(session, row).spans
            for _ in range(15):
                on = some_day(chance)
                if not spans or not spans[0].holds(on):
                    continue
                about = (
                    {"case": chance.choice(cases), "answers": "Ja"}
                    if kind is MeasureKind.CASE_CHECK
                    else {"caseworker": chance.choice(staff)}
                    if spans[0].definition.reporter is Role.CASEWORKER
                    else {"group": chance.choice(groups)}
                )
                entry(session, row, on, **about)
    return unit


def end_of(frequency, on):
    """Return the last day of the calendar period around a day."""
    if frequency is MeasureFrequency.WEEK:
        return on + dt.timedelta(days=6 - on.weekday())
    size = {"month": 1, "quarter": 3, "tertial": 4}[frequency.value]
    month = (on.month - 1) // size * size + size
    return dt.date(on.year, month, calendar.monthrange(on.year, month)[1])


def slow_rows(unit):
    """Return who is asked for what: (point, first day, whom or which case) with status and due."""
    with db.read() as session:
        points = session.exec(select(MeasurePoint)).all()
        definitions = {d.measure_point_id: d for d in session.exec(select(MeasureDefinition))}
        entries = [e.model_dump() for e in session.exec(select(MeasureEntry))]
        staff = [w.model_dump() for w in session.exec(select(Caseworker))]
        cases = [c.model_dump() for c in session.exec(select(Case))]
        held = [a.model_dump() for a in session.exec(select(CaseAssignment))]
        asked = [
            (p.id, p.ended_on, definitions[p.id].model_dump())
            for p in points
            if p.unit_id == unit.id
        ]
    found = {}
    for point_id, ended_on, definition in asked:
        frequency, begins = definition["frequency"], definition["valid_from"]
        while begins <= TODAY and (ended_on is None or begins <= ended_on):
            whole = end_of(frequency, begins)
            ends = whole if ended_on is None else min(whole, ended_on)
            due = whole + dt.timedelta(days=definition["due_days"])
            mine = [
                e
                for e in entries
                if e["measure_point_id"] == point_id and begins <= e["period_start"] <= ends
            ]
            for whom in slow_subjects(definition, mine, (staff, cases, held), min(ends, TODAY)):
                kind, number = whom
                said = any(e[f"{kind}_id"] == number for e in mine)
                found[point_id, begins, whom] = (slow_status(begins, ends, due, said), due)
            begins = ends + ONE
    return found


def slow_status(begins, ends, due, said):
    if said:
        return "reported"
    if due < TODAY:
        return "overdue"
    if min(ends, due) <= TODAY:
        return "due"
    return "coming" if (due - TODAY).days <= 14 else "later"


def slow_subjects(definition, mine, rows, on):
    staff, cases, held = rows
    wanted = definition["group_id"]
    if definition["subject"] is MeasureSubject.OPEN_CASES:
        for case in cases:
            is_open = case["opened_on"] <= on and (not case["closed_on"] or case["closed_on"] > on)
            whose = max(
                (a for a in held if a["case_id"] == case["id"] and a["valid_from"] <= on),
                key=lambda a: (a["valid_from"], a["id"]),
                default=None,
            )
            if is_open and (wanted is None or (whose and whose["group_id"] == wanted)):
                yield "case", case["id"]
    elif definition["reporter"] is Role.CASEWORKER:
        for worker in staff:
            wrote = any(e["caseworker_id"] == worker["id"] for e in mine)
            if (worker["active"] or wrote) and wanted in {None, worker["group_id"]}:
                yield "caseworker", worker["id"]
    else:
        groups = {worker["group_id"] for worker in staff} | {e["group_id"] for e in mine}
        for group in groups | {a["group_id"] for a in held}:
            if group is not None and wanted in {None, group}:
                yield "group", group


def whom(item):
    if item.case_id is not None:
        return "case", item.case_id
    if item.caseworker_id is not None:
        return "caseworker", item.caseworker_id
    return "group", item.group_id


def test_what_is_due_is_what_a_slow_reading_finds(unit):
    with db.read() as session:
        items = due_items(session, Scope(unit.id), on=TODAY)
    slow = slow_rows(unit)

    found = {(i.point_id, i.period.start, whom(i)): (i.status.value, i.due_on) for i in items}
    assert len(found) == len(items) > 0
    assert found.items() <= slow.items()
    left = {
        key: told
        for key, told in slow.items()
        if told[0] in {"overdue", "due", "coming"} and key not in found
    }
    latest = {point: sorted({s for p, s, _ in slow if p == point})[-5:] for point, *_ in slow}
    assert not [key for key in left if key[1] in latest[key[0]][-4:]]


def test_rapporteringslaget_adds_up_what_a_slow_reading_finds(unit):
    with db.read() as session:
        rows = reporting_status(
            session, Scope(unit.id), on=TODAY, start=dt.date(2023, 11, 1), end=TODAY
        )
    slow = slow_rows(unit)

    expected, reported = {}, {}
    for (point_id, begins, _), (status, _) in slow.items():
        key = point_id, begins
        expected[key] = expected.get(key, 0) + 1
        reported[key] = reported.get(key, 0) + (status == "reported")
    sums = {}
    for row in rows:
        key = row.point_id, row.period.start
        before = sums.get(key, (0, 0))
        sums[key] = before[0] + row.expected, before[1] + row.reported
    assert sums == {key: (expected[key], reported[key]) for key in expected}
