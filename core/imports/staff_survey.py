"""The staff survey: a year's result of each group and of the whole unit."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from core.imports.kinds import Change, Column, Insert, Kind, Planned, Row, Target, Void
from core.imports.places import places_of, told_once
from core.imports.values import decimal, text, whole
from core.models import Area, StaffSurvey
from core.services.base import Checks
from core.services.field_checks import DIGITS
from core.services.goals import FIRST_YEAR
from core.services.staff_survey import INDICES, MOST_INVITED, NewResult, check_result
from core.terms import DataSource, ImportKind

COUNTS = ("invited", "respondents")
LAST_YEAR = 2199
_Which = tuple[int, int | None]


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare results with the store."""
    places = places_of(session, target.unit_id)
    known: dict[_Which, StaffSurvey] = {
        (row.year, row.group_id): row
        for row in session.exec(
            select(StaffSurvey)
            .where(col(StaffSurvey.unit_id) == target.unit_id)
            .where(col(StaffSurvey.voided_at).is_(None))
            .order_by(col(StaffSurvey.id))
        )
    }
    planned = [Planned(row) for row in rows]
    seen: dict[Hashable, int] = {}
    for one in planned:
        which = (one.row["year"], places.group_of(one))
        told_once(one, seen, which, "group")
        _compare(one, target, which[1], known.get(which))
    return planned


def _compare(
    planned: Planned, target: Target, group_id: int | None, stored: StaffSurvey | None
) -> None:
    row = planned.row
    numbers = {
        name: row.get(name, getattr(stored, name) if stored else None)
        for name in (*COUNTS, *INDICES)
    }
    for name in COUNTS:
        if numbers[name] is None:
            planned.fault(
                name, "Cellen är tom. Ange antalet: resultatet finns inte sedan tidigare."
            )
    if planned.faults:
        return
    new = NewResult(row["year"], group_id, **numbers, source_name=_source(row, stored, target))
    checks = Checks()
    check_result(checks, new)
    planned.faults_of(checks)
    differs = [name for name in numbers if getattr(stored, name, None) != numbers[name]]
    if planned.faults or (stored and not differs):
        return
    if stored is None or stored.id is None:
        planned.all_new()
    else:
        planned.changes += [Change(n, getattr(stored, n), numbers[n]) for n in differs]
        planned.writes.append(Void(StaffSurvey, stored.id))
    planned.writes.append(_insert(new, numbers, target))
    planned.moved.append((Area.STAFF_SURVEY, target.today.replace(new.year, 1, 1)))


def _source(row: Row, stored: StaffSurvey | None, target: Target) -> str:
    name: str = row.get("source_name", stored.source_name if stored else target.file_name)
    return name


def _insert(new: NewResult, numbers: dict[str, Any], target: Target) -> Insert:
    return Insert(
        StaffSurvey,
        {
            "unit_id": target.unit_id,
            "group_id": new.group_id,
            "year": new.year,
            **numbers,
            "source": DataSource.IMPORTED,
            "source_name": new.source_name,
        },
    )


def _index(name: str, heading: str, example: str, *also: str) -> Column:
    return Column(
        name,
        heading,
        f"{heading}, från 0 till 100.",
        decimal(digits=DIGITS, lowest=0),
        example=Decimal(example),
        also=also,
    )


STAFF_SURVEY = Kind(
    code=ImportKind.STAFF_SURVEY,
    lead="Medarbetarenkätens resultat per år och grupp.",
    rules=(
        "Resultat som inte finns i filen lämnas som de är, och tomma celler ändrar inget.",
        "Ett ändrat resultat ersätter det förra, som finns kvar i historiken.",
        "En grupp med färre än fem svarande sparas men visas aldrig.",
    ),
    columns=(
        Column(
            "year",
            "År",
            "Året då enkäten gjordes.",
            whole(lowest=FIRST_YEAR, highest=LAST_YEAR),
            example=2024,
            required=True,
        ),
        Column(
            "group",
            "Grupp",
            "Gruppens namn. Tomt är hela enheten.",
            text(120),
            also=("sektion", "enhet"),
        ),
        Column(
            "invited",
            "Fick enkäten",
            "Hur många som fick enkäten.",
            whole(lowest=1, highest=MOST_INVITED),
            example=24,
            also=("utskickade", "antal utskick", "inbjudna"),
        ),
        Column(
            "respondents",
            "Svarade",
            "Hur många som svarade.",
            whole(lowest=0, highest=MOST_INVITED),
            example=18,
            also=("svarande", "antal svarande", "antal svar"),
        ),
        _index("ami", "AMI", "80", "aktivt medskapandeindex"),
        _index("leadership", "Ledarskap", "82", "ledarskapsindex"),
        _index("motivation", "Motivation", "79"),
        _index("steering", "Styrning", "79", "styrningsindex"),
        _index("target", "Mål för AMI", "82", "mål", "årsmål"),
        Column(
            "source_name",
            "Källa",
            "Varifrån resultatet kommer. Tomt är filens namn.",
            text(200),
            example="Medarbetarenkäten",
            also=("source",),
        ),
    ),
    key=("year", "group"),
    plan=plan,
)
