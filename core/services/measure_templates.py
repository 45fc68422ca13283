"""Ready-made measure points: what units of the city count, to start from and to change.

Facts from the units' quality reports and operational plans: what is counted, how often, by whom and
with which answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session

from core.auth import Actor, Permission, PermissionDeniedError, Role
from core.rules.dates import month_of
from core.services.base import FieldError, RefusedError
from core.services.measure_inputs import NewChoice, NewDefinition, NewPoint, NewWindow
from core.services.measure_points import define_point
from core.terms import (
    CaseReference,
    ChoiceCounts,
    ComputedFigure,
    Direction,
    IndicatorUnit,
    MeasureFeed,
    MeasureFrequency,
    MeasureKind,
    MeasureSubject,
)

YES, NO, LEFT_OUT = ChoiceCounts.YES, ChoiceCounts.NO, ChoiceCounts.LEFT_OUT
MEASURING_WEEKS = (11, 41)
"""The first of each half-year's two measuring weeks: in March and in October."""
RECEPTION_MONTHS = (4, 11)
DUE_AFTER_WINDOW = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Suggested:
    """The indicator that a ready-made measure point suits, and how it feeds it."""

    name: str
    unit_of_measure: IndicatorUnit
    direction: Direction
    feed: MeasureFeed


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made measure point. `about` says what it is for, in one sentence.

    `computed` is set for what is worked out of what is reported elsewhere: nothing is asked for.
    """

    slug: str
    about: str
    name: str
    kind: MeasureKind = MeasureKind.EVENT
    frequency: MeasureFrequency = MeasureFrequency.WHEN_IT_HAPPENS
    windows: Callable[[dt.date], tuple[NewWindow, ...]] | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    suggested: Suggested | None = None
    computed: ComputedFigure | None = None

    def definition(self, valid_from: dt.date) -> NewDefinition:
        """Return its definition from a day on, with the measuring periods that are still to come."""
        return NewDefinition(
            valid_from=valid_from,
            name=self.name,
            frequency=self.frequency,
            windows=self.windows(valid_from) if self.windows else (),
            **self.asked,
        )


def measuring_weeks(valid_from: dt.date) -> tuple[NewWindow, ...]:
    """Return two weeks in spring and two in autumn, of this year and the next, from a day on."""
    firsts = [
        dt.date.fromisocalendar(year, week, 1)
        for year in (valid_from.year, valid_from.year + 1)
        for week in MEASURING_WEEKS
    ]
    ends = [(first, first + dt.timedelta(days=13)) for first in firsts if first >= valid_from]
    return tuple(NewWindow(first, last, last + dt.timedelta(days=7)) for first, last in ends)


def reception_months(valid_from: dt.date) -> tuple[NewWindow, ...]:
    """Return April and November of this year and the next, from a day on."""
    months = [
        month_of(dt.date(year, month, 1))
        for year in (valid_from.year, valid_from.year + 1)
        for month in RECEPTION_MONTHS
    ]
    return tuple(
        NewWindow(month.start, month.end, month.end + DUE_AFTER_WINDOW)
        for month in months
        if month.start >= valid_from
    )


def _choices(*labels: tuple[str, ChoiceCounts]) -> tuple[NewChoice, ...]:
    return tuple(NewChoice(label, counts) for label, counts in labels)


PERCENT, COUNT, KRONOR = IndicatorUnit.PERCENT, IndicatorUnit.COUNT, IndicatorUnit.KRONOR
TEMPLATES = (
    Template(
        "besok",
        "Besök och möten räknas i två mätveckor varje halvår.",
        "Besök och möten",
        MeasureKind.NUMBER,
        MeasureFrequency.OWN_PERIODS,
        measuring_weeks,
        {
            "help_text": "Räkna alla bokade och obokade möten med klienter under mätveckorna, "
            "även hembesök, video och telefonmöten.",
            "number_label": "Besök och möten",
        },
        Suggested("Besök och möten i mätveckorna", COUNT, Direction.HIGHER, MeasureFeed.SUM),
    ),
    Template(
        "klientens-situation",
        "En fråga till klienten vid telefonmöten: har situationen blivit bättre?",
        "Klientens situation, fråga per telefon",
        MeasureKind.CHOICE,
        MeasureFrequency.MONTH,
        asked={
            "help_text": "Fråga hur klienten tycker att situationen är jämfört med tidigare. "
            "Svaret är anonymt: ange kön men inget ärende.",
            "with_gender": True,
            "choices": _choices(("Bättre", YES), ("Oförändrat", NO), ("Sämre", NO)),
        },
        suggested=Suggested(
            "Andel klienter som fått en bättre situation",
            PERCENT,
            Direction.HIGHER,
            MeasureFeed.SHARE_OF_CHOICE,
        ),
    ),
    Template(
        "bemotandekollen",
        "Telefonintervjuer om bemötande i april och november.",
        "Bemötandekollen",
        MeasureKind.CHOICE,
        MeasureFrequency.OWN_PERIODS,
        reception_months,
        {
            "help_text": "Ring dem som du har haft möte med under månaden och ställ frågorna. "
            "En intervju är en rapport; inget ärende anges.",
            "due_days": DUE_AFTER_WINDOW.days,
            "questions": (
                "Blev du bemött med respekt?",
                "Lyssnade handläggaren på dig?",
                "Var informationen lätt att förstå?",
                "Kunde du påverka det som bestämdes?",
                "Var det lätt att få kontakt?",
            ),
            "choices": _choices(("Ja", YES), ("Delvis", NO), ("Nej", NO)),
        },
        Suggested("Andel ja i Bemötandekollen", PERCENT, Direction.HIGHER, MeasureFeed.SHARE_YES),
    ),
    Template(
        "erbjudna-insatser",
        "Insatser som erbjuds på vägen mot egen försörjning.",
        "Erbjudna insatser mot egen försörjning",
        frequency=MeasureFrequency.MONTH,
        asked={
            "help_text": "En rapport för varje insats som du erbjuder.",
            "case_reference": CaseReference.OPTIONAL,
            "choices": _choices(
                ("Jobbtorg", YES),
                ("Praktik eller arbetsträning", YES),
                ("Studier eller svenskundervisning", YES),
                ("Samordnad rehabilitering", YES),
                ("Annan insats", YES),
            ),
        },
        suggested=Suggested(
            "Erbjudna insatser mot egen försörjning", COUNT, Direction.HIGHER, MeasureFeed.SUM
        ),
    ),
    Template(
        "orosanmalningar",
        "Orosanmälningar som enheten gör när ett barn kan behöva stöd eller skydd.",
        "Orosanmälningar",
        asked={
            "help_text": "En rapport för varje anmälan till barn och unga.",
            "case_reference": CaseReference.OPTIONAL,
            "number_label": "Antal barn",
        },
        suggested=Suggested("Barn i orosanmälningar", COUNT, Direction.HIGHER, MeasureFeed.SUM),
    ),
    Template(
        "felaktiga-utbetalningar",
        "Felaktiga utbetalningar efter orsak och belopp.",
        "Felaktiga utbetalningar",
        asked={
            "help_text": "Rapportera när utbetalningen har upptäckts, med hela beloppet.",
            "case_reference": CaseReference.REQUIRED,
            "number_label": "Belopp",
            "number_unit": "kr",
            "choices": _choices(("Vårt eget fel", YES), ("Felaktiga uppgifter", YES)),
        },
        suggested=Suggested(
            "Felaktiga utbetalningar, belopp", KRONOR, Direction.LOWER, MeasureFeed.SUM
        ),
    ),
    Template(
        "negativa-beslut-barn",
        "Räknas ut ur BKA: ingen behöver rapportera något.",
        "Negativa beslut som berör barn",
        suggested=Suggested(
            "Negativa beslut som berör barn", COUNT, Direction.LOWER, MeasureFeed.SUM
        ),
        computed=ComputedFigure.REFUSALS_AFFECTING_CHILDREN,
    ),
    Template(
        "avhysningar",
        "Avhysningar som aviserats, avvärjts och verkställts, och hur många barn som berörs.",
        "Avhysningar",
        asked={
            "help_text": "Rapportera när meddelandet kommer, och igen när det är klart hur det gick.",
            "case_reference": CaseReference.OPTIONAL,
            "number_label": "Barn som berörs",
            "choices": _choices(("Aviserad", LEFT_OUT), ("Avvärjd", YES), ("Verkställd", NO)),
        },
        suggested=Suggested(
            "Andel avhysningar som avvärjts",
            PERCENT,
            Direction.HIGHER,
            MeasureFeed.SHARE_OF_CHOICE,
        ),
    ),
    Template(
        "brommasamtal",
        "Samtal om arbetsmiljön med varje medarbetare var tredje månad.",
        "Brommasamtal",
        MeasureKind.CHOICE,
        MeasureFrequency.QUARTER,
        asked={
            "help_text": "Närmaste chef rapporterar för varje medarbetare.",
            "reporter": Role.GROUP_MANAGER,
            "subject": MeasureSubject.CASEWORKERS,
            "choices": _choices(
                ("Hållet", YES), ("Inte hållet", NO), ("Frånvarande hela kvartalet", LEFT_OUT)
            ),
        },
        suggested=Suggested(
            "Andel hållna brommasamtal", PERCENT, Direction.HIGHER, MeasureFeed.SHARE_YES
        ),
    ),
    Template(
        "arendegenomgang",
        "Alla ärenden gås igenom två gånger per termin.",
        "Ärendegenomgång",
        MeasureKind.CASE_CHECK,
        MeasureFrequency.QUARTER,
        asked={
            "help_text": "Gruppledaren markerar varje ärende som gåtts igenom.",
            "reporter": Role.GROUP_MANAGER,
            "subject": MeasureSubject.OPEN_CASES,
            "case_reference": CaseReference.REQUIRED,
            "due_days": 14,
            "choices": _choices(
                ("Genomgånget", YES), ("Inte genomgånget", NO), ("Inte aktuellt", LEFT_OUT)
            ),
        },
        suggested=Suggested(
            "Andel ärenden som gåtts igenom", PERCENT, Direction.HIGHER, MeasureFeed.SHARE_YES
        ),
    ),
    Template(
        "metod-som-fungerade",
        "När ett ärende avslutas till egen försörjning: vilken metod fungerade?",
        "Metod som fungerade",
        MeasureKind.CHOICE,
        asked={
            "help_text": "Avslutsorsaken finns redan i ärendet. Ange vad som betydde mest.",
            "subject": MeasureSubject.SELF_SUPPORT_CLOSINGS,
            "case_reference": CaseReference.REQUIRED,
            "due_days": 14,
            "choices": _choices(
                ("Tät uppföljning", YES),
                ("Motiverande samtal", YES),
                ("Jobbtorg", YES),
                ("Praktik eller utbildning", YES),
                ("Samverkan med vård eller myndighet", YES),
                ("Klientens egen insats", NO),
                ("Vet inte", LEFT_OUT),
            ),
        },
        suggested=Suggested(
            "Andel avslut där enhetens metod bidrog",
            PERCENT,
            Direction.HIGHER,
            MeasureFeed.SHARE_YES,
        ),
    ),
    Template(
        "utbildning",
        "Genomförd utbildning i SIP, suicidprevention och lex Sarah.",
        "Genomförd utbildning",
        asked={
            "help_text": "Rapportera när du har gått utbildningen.",
            "choices": _choices(
                ("SIP", YES), ("Suicidprevention", YES), ("Lex Sarah", YES), ("Annan", YES)
            ),
        },
        suggested=Suggested("Genomförda utbildningar", COUNT, Direction.HIGHER, MeasureFeed.SUM),
    ),
)
BY_SLUG = {template.slug: template for template in TEMPLATES}


def from_template(
    session: Session,
    slug: str,
    valid_from: dt.date,
    *,
    by: Actor,
    indicator_id: int | None = None,
    key: str | None = None,
) -> int:
    """Define a measure point as a ready-made one, from a day on. Returns its id.

    `indicator_id` is an indicator to feed as the template suggests. Raises `RefusedError` as
    `define_point`, and for what is worked out and has nothing to report.
    """
    template = BY_SLUG.get(slug)
    if template is None:
        raise PermissionDeniedError(Permission.EDIT_MEASURES)
    if template.computed is not None:
        raise RefusedError(
            FieldError("template", "Räknas ut av sig självt. Lägg till en indikator i stället.")
        )
    definition = template.definition(valid_from)
    if indicator_id is not None and template.suggested is not None:
        feed = template.suggested.feed
        definition = replace(definition, indicator_id=indicator_id, feed=feed)
    return define_point(session, NewPoint(template.kind, definition), by=by, key=key)
