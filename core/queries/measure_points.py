"""What is asked for on measure points, by whom and by when, and who has reported it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from core.auth import Role, Scope
from core.models import Area
from core.queries.cache import cached
from core.queries.case_register import CaseworkerChoice, caseworkers
from core.queries.measure_rows import EntryRow, Point, entries_since, points
from core.queries.measure_subjects import Subject, closings, open_cases, people, reaches
from core.queries.names import Names, names
from core.rules.dates import Period
from core.rules.measure_points import (
    Asked,
    Definition,
    ReportStatus,
    asked_lately,
    asked_on,
    periods,
    status_of,
)
from core.terms import Gender, MeasureKind, MeasureSubject

FROM = (Area.MEASURES, Area.CASES, Area.UNITS)
UNIT = "enheten"
"""Who reports what concerns the unit as a whole."""
LOOK_BACK = dt.timedelta(days=92)
"""How long a case that ended in self-support is asked about: a quarter."""
BOTH_GENDERS = (Gender.WOMAN, Gender.MAN)
WAITING = (ReportStatus.OVERDUE, ReportStatus.DUE, ReportStatus.COMING)


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something to report: one form to fill in, with whom it concerns and how it stands.

    `definition` holds all that a form needs; its `reporter` is the role that is asked.
    `caseworker_id` is whose it is (whom it is about where a manager reports about each caseworker),
    None for what a group or the unit reports and for a case without one. `case_id` and `reference`
    are set where each case is asked for. `entries` are the ids of what has been reported; `nothing`
    tells that there was nothing to report. `genders_left` are those that a number by gender is
    still to be reported for.
    """

    point_id: int
    definition: Definition
    period: Period
    due_on: dt.date
    status: ReportStatus
    caseworker_id: int | None
    caseworker: str | None
    group_id: int | None
    group: str | None
    case_id: int | None
    reference: str | None
    entries: tuple[int, ...]
    nothing: bool
    genders_left: tuple[Gender, ...]
    reported_at: dt.datetime | None

    @property
    def who(self) -> str:
        """Return who is asked, or about whom: the caseworker, else the group, else the unit."""
        return self.caseworker or self.group or UNIT


@dataclass(frozen=True, slots=True)
class ReportingRow:
    """How far somebody has come with a measure point's period: `reported` of `expected` forms.

    `who` is the caseworker, the group or the unit that it is asked of or about. `reported_at` is
    when the last of it was reported.
    """

    point_id: int
    name: str
    reporter: Role
    period: Period
    due_on: dt.date
    caseworker_id: int | None
    group_id: int | None
    group: str | None
    who: str
    expected: int
    reported: int
    status: ReportStatus
    reported_at: dt.datetime | None


def definitions(session: Session, scope: Scope, *, on: dt.date) -> tuple[Definition, ...]:
    """Return the definitions that are asked on a day, by name: everything to draw their forms."""
    found = (point.on(on) for point in points(session, Scope(scope.unit_id)))
    return tuple(sorted((d for d in found if d is not None), key=lambda d: d.name))


@cached(*FROM, until=None)
def due_items(session: Session, scope: Scope, *, on: dt.date) -> tuple[DueItem, ...]:
    """Return what the scope has left to report on a day: overdue, due, or due within 14 days.

    The earliest due first. What has been reported or is due later is left out. A caseworker's scope
    holds what caseworkers report about their own, a group's also what its manager reports. The
    same few statements whatever the number of points, people and cases.
    """
    asked = _lately(session, scope, on, waiting=True)
    items = [item for item in _items(session, scope, asked, on) if item.status in WAITING]
    return tuple(sorted(items, key=_order))


@cached(*FROM, until=None)
def reporting_status(
    session: Session,
    scope: Scope,
    *,
    on: dt.date,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> tuple[ReportingRow, ...]:
    """Return who has reported what, and who is late, as of a day.

    Of the periods that touch start..end and have begun; by default of the latest ones of each
    point. What happens now and then has no period and no row. A caseworker's scope holds the own
    rows only.
    """
    if start is None or end is None:
        asked = _lately(session, scope, on, waiting=False)
    else:
        asked = _between(session, scope, on, start, end)
    rows: defaultdict[tuple[object, ...], list[DueItem]] = defaultdict(list)
    for item in _items(session, scope, asked, on):
        rows[item.point_id, item.period.start, item.caseworker_id, item.group_id].append(item)
    found = [_reporting(items, on) for items in rows.values()]
    return tuple(sorted(found, key=lambda r: (r.name, r.period.start, r.group or "", r.who)))


@dataclass(frozen=True, slots=True)
class _Form:
    """A form to fill in: a definition's, for a period, about a subject; None is not spread yet."""

    definition: Definition
    asked: Asked
    subject: Subject | None = None


def _lately(session: Session, scope: Scope, on: dt.date, *, waiting: bool) -> list[_Form]:
    """Return the latest forms of a unit's points; only those that may be waiting, if so wanted."""
    unit = Scope(scope.unit_id)
    known = points(session, unit)
    forms = [
        _Form(definition, asked)
        for point in known
        for definition, asked in asked_lately(point.spans, on)
        if not waiting or status_of(asked, False, on) in WAITING
    ]
    return forms + _of_closings(session, unit, known, (on - LOOK_BACK, on))


def _between(
    session: Session, scope: Scope, on: dt.date, start: dt.date, end: dt.date
) -> list[_Form]:
    unit = Scope(scope.unit_id)
    known = points(session, unit)
    last = min(on, end)
    forms = [
        _Form(definition, asked)
        for point in known
        for definition, asked in periods(point.spans, start, last)
    ]
    return forms + _of_closings(session, unit, known, (start, last))


def _of_closings(
    session: Session, unit: Scope, known: Iterable[Point], days: tuple[dt.date, dt.date]
) -> list[_Form]:
    """Return a form for each case that ended in self-support, of the points that ask about it."""
    asking = [p for p in known if any(_by_closing(d) for d in p.definitions)]
    if not asking:
        return []
    forms = []
    for closing in closings(session, unit, start=days[0], end=days[1]):
        for point in asking:
            found = asked_on(point.spans, closing.closed_on)
            if found is not None and _by_closing(found[0]):
                forms.append(_Form(*found, closing.subject))
    return forms


def _by_closing(definition: Definition) -> bool:
    return definition.subject is MeasureSubject.SELF_SUPPORT_CLOSINGS


@dataclass(frozen=True, slots=True)
class _Known:
    """What forms are spread over and filled with, read once for all of them."""

    staff: tuple[CaseworkerChoice, ...]
    names: Names
    cases: dict[dt.date, tuple[Subject, ...]]
    reported: dict[int, list[EntryRow]]

    def subjects(self, form: _Form, on: dt.date) -> Iterable[Subject]:
        """Return whom a form is about."""
        if form.subject is not None:
            return [form.subject]
        if _by_closing(form.definition):
            return []
        if form.definition.subject is MeasureSubject.OPEN_CASES:
            wanted = form.definition.group_id
            cases = self.cases[min(form.asked.period.end, on)]
            return [case for case in cases if wanted in {None, case.group_id}]
        also = {entry.caseworker_id for entry in self.within(form)}
        return people(form.definition, self.staff, self.names.groups, also)

    def within(self, form: _Form) -> list[EntryRow]:
        """Return what is reported in a form's period, about anybody."""
        entries = self.reported.get(form.definition.point_id, ())
        return [entry for entry in entries if entry.period.start in form.asked.period]


def _items(session: Session, scope: Scope, forms: list[_Form], on: dt.date) -> Iterator[DueItem]:
    """Spread forms over those that they are about, within the scope, with what is reported."""
    if not forms:
        return
    known = _read(session, Scope(scope.unit_id), forms, on)
    for form in forms:
        key = _by_case if form.definition.by_case else _by_person
        entries: defaultdict[Key, list[EntryRow]] = defaultdict(list)
        for entry in known.within(form):
            entries[key(entry)].append(entry)
        for subject in known.subjects(form, on):
            if reaches(scope, form.definition.reporter, subject):
                yield _item(form, subject, entries[key(subject)], known.names, on)


def _read(session: Session, unit: Scope, forms: list[_Form], on: dt.date) -> _Known:
    since: dict[int, dt.date] = {}
    for form in forms:
        start = form.asked.period.start
        since[form.definition.point_id] = min(since.get(form.definition.point_id, start), start)
    reported: defaultdict[int, list[EntryRow]] = defaultdict(list)
    for entry in entries_since(session, unit, since=tuple(sorted(since.items()))):
        if entry.measured_on <= on:
            reported[entry.point_id].append(entry)
    by_case = {
        min(form.asked.period.end, on)
        for form in forms
        if form.definition.subject is MeasureSubject.OPEN_CASES
    }
    return _Known(
        caseworkers(session, unit),
        names(session, unit),
        open_cases(session, unit, days=tuple(sorted(by_case))),
        reported,
    )


Key = tuple[int | None, int | None]


def _by_case(about: Subject | EntryRow) -> Key:
    """Return what ties a report to the form that it answers where each case is asked for."""
    return about.case_id, None


def _by_person(about: Subject | EntryRow) -> Key:
    """Return what ties a report to its form elsewhere: the caseworker, or else the group."""
    whose = about.caseworker_id
    return whose, about.group_id if whose is None else None


def _item(
    form: _Form, subject: Subject, entries: list[EntryRow], known: Names, on: dt.date
) -> DueItem:
    whose, group = subject.caseworker_id, subject.group_id
    by_case = subject.case_id is not None
    left = _genders_left(form.definition, entries)
    return DueItem(
        point_id=form.definition.point_id,
        definition=form.definition,
        period=form.asked.period,
        due_on=form.asked.due_on,
        status=status_of(form.asked, bool(entries) and not left, on),
        caseworker_id=whose,
        caseworker=known.caseworker(whose) if by_case or whose is not None else None,
        group_id=group,
        group=None if group is None else known.group(group),
        case_id=subject.case_id,
        reference=subject.reference,
        entries=tuple(entry.entry_id for entry in entries),
        nothing=any(entry.nothing for entry in entries),
        genders_left=left,
        reported_at=max((entry.reported_at for entry in entries), default=None),
    )


def _genders_left(definition: Definition, entries: list[EntryRow]) -> tuple[Gender, ...]:
    """Return for whom a number by gender is missing. That of another gender may be left out."""
    by_gender = definition.kind is MeasureKind.NUMBER and definition.with_gender
    if not by_gender or definition.by_case:
        return ()
    reported = {entry.gender for entry in entries}
    return tuple(gender for gender in BOTH_GENDERS if gender not in reported)


def _reporting(items: list[DueItem], on: dt.date) -> ReportingRow:
    """Return one row of the items of one point, period and reporter."""
    first = items[0]
    reported = [item for item in items if item.status is ReportStatus.REPORTED]
    asked = Asked(first.period, min(item.due_on for item in items))
    return ReportingRow(
        point_id=first.point_id,
        name=first.definition.name,
        reporter=first.definition.reporter,
        period=first.period,
        due_on=asked.due_on,
        caseworker_id=first.caseworker_id,
        group_id=first.group_id,
        group=first.group,
        who=first.who,
        expected=len(items),
        reported=len(reported),
        status=status_of(asked, len(reported) == len(items), on),
        reported_at=max((i.reported_at for i in reported if i.reported_at), default=None),
    )


def _order(item: DueItem) -> tuple[dt.date, str, str, str]:
    return item.due_on, item.definition.name, item.who, item.reference or ""
