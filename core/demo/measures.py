"""Measure points of both units with made-up reports: most in time, some late, some missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from core.demo.flow import workday
from core.demo.matters import Matter
from core.demo.people import BENEFIT_UNIT, Place, Worker
from core.demo.rows import Rows
from core.models import (
    MeasureAnswer,
    MeasureChoice,
    MeasureDefinition,
    MeasureEntry,
    MeasurePoint,
    MeasureQuestion,
    MeasureWindow,
)
from core.rules.dates import Period
from core.rules.measure_points import SELF_SUPPORT, Asked, Definition, Question, periods, spans
from core.services.measure_inputs import NewDefinition
from core.services.measure_templates import BY_SLUG
from core.terms import (
    CaseKind,
    Gender,
    MeasureFrequency,
    MeasureKind,
)

SINCE = dt.date(2024, 1, 1)
WEEKS_SINCE = dt.date(2024, 4, 1)
GENDERS = (Gender.WOMAN, Gender.WOMAN, Gender.MAN, Gender.MAN, Gender.OTHER)
LIKELY = 0.9
LATE_LIKELY = 0.6
METHODS_SINCE = dt.date(2024, 3, 1)


@dataclass(frozen=True, slots=True)
class Made:
    """A measure point in the demo, with its choices' ids by label."""

    definition: Definition
    unit_id: int
    choices: dict[str, int]

    def asked(self, today: dt.date) -> list[Asked]:
        """Return its periods that have begun by today."""
        return [one for _, one in periods(spans([self.definition], None), SINCE, today)]


def add_measures(
    rows: Rows, place: Place, matters: Sequence[Matter], rng: Random, today: dt.date
) -> None:
    """Add a unit's measure points and what has been reported on them up to today."""
    workers = [worker for worker in place.workers if worker.left_on is None]
    demo = _Demo(rows, place, workers, rng, today)
    demo.visits()
    demo.weekly_visits()
    demo.situation()
    demo.reception()
    demo.talks()
    demo.events(matters)
    demo.methods(matters)


@dataclass(frozen=True, slots=True)
class _Demo:
    """Makes a unit's measure points and their reports, one point at a time."""

    rows: Rows
    place: Place
    workers: Sequence[Worker]
    rng: Random
    today: dt.date

    def visits(self) -> None:
        """Visits and meetings in the measuring weeks; a few forgot."""
        point = self.ready_made("besok")
        for asked, worker in self.reporters(point):
            self.entry(point, asked.period, worker, value=Decimal(self.rng.randint(6, 28)))

    def weekly_visits(self) -> None:
        """New visits a week, on an own measure point."""
        new = NewDefinition(
            valid_from=WEEKS_SINCE,
            name="Nybesök",
            frequency=MeasureFrequency.WEEK,
            help_text="Möten med sökande som inte har varit hos oss det senaste året.",
            due_days=3,
            number_label="Nybesök",
        )
        point = self.add("nybesok", MeasureKind.NUMBER, new)
        for asked, worker in self.reporters(point):
            self.entry(point, asked.period, worker, value=Decimal(self.rng.randint(0, 7)))

    def situation(self) -> None:
        """The question by phone, with the answers of a few clients a month and caseworker."""
        point = self.ready_made("klientens-situation")
        for asked, worker in self.reporters(point):
            clients = self.rng.randint(0, 4)
            for _ in range(clients):
                label = self.rng.choices(("Bättre", "Oförändrat", "Sämre"), (5, 4, 1))[0]
                gender = self.rng.choice(GENDERS)
                self.entry(point, asked.period, worker, answers={0: label}, gender=gender)
            if not clients and asked.period.end < self.today:
                self.entry(point, asked.period, worker, none_to_report=True)

    def reception(self) -> None:
        """Bemötandekollen in April, on the other unit than the operational plan's."""
        if self.place.slug == BENEFIT_UNIT:
            return
        point = self.ready_made("bemotandekollen")
        for asked, worker in self.reporters(point):
            for _ in range(self.rng.randint(1, 5)):
                answers = {
                    question.number: self.rng.choices(("Ja", "Delvis", "Nej"), (7, 2, 1))[0]
                    for question in point.definition.questions
                }
                self.entry(point, asked.period, worker, answers=answers)

    def talks(self) -> None:
        """The quarter's talk with each employee, reported by the nearest manager."""
        point = self.ready_made("brommasamtal")
        for asked, worker in self.reporters(point):
            label = self.rng.choices(("Hållet", "Inte hållet"), (9, 1))[0]
            self.entry(point, asked.period, worker, answers={0: label}, slot=True)

    def events(self, matters: Sequence[Matter]) -> None:
        """What happens now and then in the year's cases."""
        opened = [m for m in matters if m.kind is CaseKind.BENEFIT and m.opened_on < SINCE]
        families = [m for m in opened if m.children_on(self.today)]
        self.happened("orosanmalningar", families, 9, (1, 3))
        self.happened("felaktiga-utbetalningar", opened, 12, (800, 19_000))
        self.happened("avhysningar", families, 7, (1, 3))
        self.happened("utbildning", [], 14, None)

    def happened(
        self, slug: str, matters: Sequence[Matter], number: int, value: tuple[int, int] | None
    ) -> None:
        """Add a number of events of a ready-made measure point, in cases if there are any."""
        point = self.ready_made(slug)
        for _ in range(number):
            on = workday(self.rng, SINCE, self.today)
            worker = self.rng.choice(self.workers)
            possible = [matter for matter in matters if matter.open_on(on)]
            matter = self.rng.choice(possible) if possible else None
            amount = None if value is None else Decimal(self.rng.randint(*value))
            labels = list(point.choices)
            answers = {0: self.rng.choice(labels)} if labels else {}
            held = matter and _holder(matter)
            self.entry(
                point,
                Period(on, on),
                held or worker,
                answers=answers,
                value=amount,
                case_id=matter.case_id if matter else None,
            )

    def methods(self, matters: Sequence[Matter]) -> None:
        """What worked, for most of the spring's cases that ended in self-support."""
        point = self.ready_made("metod-som-fungerade", METHODS_SINCE)
        labels = list(point.choices)
        for matter in matters:
            ended = matter.closed_on
            worker = _holder(matter)
            if ended is None or ended < METHODS_SINCE or ended > self.today or worker is None:
                continue
            due = ended + dt.timedelta(days=point.definition.due_days)
            likely = LIKELY if due < self.today else LATE_LIKELY
            asked = matter.kind is CaseKind.BENEFIT and matter.reason in SELF_SUPPORT
            if asked and self.rng.random() < likely:
                answers = {0: self.rng.choice(labels)}
                on = Period(ended, ended)
                self.entry(point, on, worker, answers=answers, case_id=matter.case_id, slot=True)

    def reporters(self, point: Made) -> Iterator[tuple[Asked, Worker]]:
        """Yield who has reported which period: most when it is due, fewer before."""
        for asked in point.asked(self.today):
            likely = LIKELY if asked.due_on < self.today else LATE_LIKELY
            if asked.period.end >= self.today:
                likely = 0.1
            for worker in self.workers:
                if self.rng.random() < likely:
                    yield asked, worker

    def ready_made(self, slug: str, since: dt.date = SINCE) -> Made:
        """Add a ready-made measure point."""
        template = BY_SLUG[slug]
        return self.add(slug, template.kind, template.definition(since))

    def add(self, slug: str, kind: MeasureKind, new: NewDefinition) -> Made:
        """Add a measure point with its definition."""
        point_id = self.rows.add(MeasurePoint, unit_id=self.place.unit_id, slug=slug, kind=kind)
        fields = set(new.__slots__) - {"questions", "choices", "windows"}
        definition_id = self.rows.add(
            MeasureDefinition,
            measure_point_id=point_id,
            **{name: getattr(new, name) for name in sorted(fields)},
        )
        for number, text in enumerate(new.questions, start=1):
            self.rows.add(MeasureQuestion, definition_id=definition_id, number=number, text=text)
        choices = {
            choice.label: self.rows.add(
                MeasureChoice,
                definition_id=definition_id,
                position=position,
                label=choice.label,
                counts=choice.counts,
            )
            for position, choice in enumerate(new.choices, start=1)
        }
        for window in new.windows:
            self.rows.add(
                MeasureWindow,
                definition_id=definition_id,
                starts_on=window.starts_on,
                ends_on=window.ends_on,
                due_on=window.due_on,
            )
        definition = as_definition(kind, new, definition_id, point_id)
        return Made(definition, self.place.unit_id, choices)

    def entry(
        self,
        point: Made,
        period: Period,
        worker: Worker,
        *,
        answers: dict[int, str] | None = None,
        slot: bool = False,
        **fields: object,
    ) -> None:
        """Add a report of a worker in a period."""
        by_number = point.definition.kind is MeasureKind.NUMBER
        nothing, case_id = fields.get("none_to_report"), fields.get("case_id")
        last = min(period.end, self.today)
        on = last if by_number or nothing else workday(self.rng, period.start, last)
        who = f"c{worker.worker_id}" if case_id is None else f"case{case_id}"
        suffix = ":none" if nothing else ""
        once = slot or by_number or nothing
        entry_id = self.rows.add(
            MeasureEntry,
            unit_id=self.place.unit_id,
            measure_point_id=point.definition.point_id,
            definition_id=point.definition.definition_id,
            caseworker_id=worker.worker_id,
            group_id=worker.group_id,
            period_start=period.start,
            period_end=period.end,
            measured_on=on,
            slot=f"{period.start}:{who}{suffix}" if once else None,
            **fields,
        )
        for number, label in (answers or {}).items():
            self.rows.add(
                MeasureAnswer,
                entry_id=entry_id,
                question_number=number,
                choice_id=point.choices[label],
            )


def as_definition(
    kind: MeasureKind, new: NewDefinition, definition_id: int, point_id: int
) -> Definition:
    """Return a definition as the rules read it, as far as its periods need."""
    return Definition(
        definition_id=definition_id,
        point_id=point_id,
        kind=kind,
        valid_from=new.valid_from,
        name=new.name,
        frequency=new.frequency,
        due_days=new.due_days,
        questions=tuple(Question(n, words) for n, words in enumerate(new.questions, start=1)),
        windows=tuple(Asked(Period(w.starts_on, w.ends_on), w.due_on) for w in new.windows),
    )


def _holder(matter: Matter) -> Worker | None:
    """Return who had a matter last."""
    return matter.assignments[-1].worker if matter.assignments else None
