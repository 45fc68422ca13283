"""Cases, from the city's case system or the follow-up file: new, changed, closed, reassigned.

A full or a partial list: cases that the file doesn't name are left alone. History is never
rewritten: another caseworker or household holds from a day on. A plan may be older than its case,
which then came along from another unit (domain: Change plan).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlmodel import Session

from core.imports.case_new import plan_new
from core.imports.case_store import cases_of, staff_of
from core.imports.case_stored import plan_stored
from core.imports.case_words import NO_GROUP, NOBODY, known_staff
from core.imports.kinds import Column, Kind, Planned, Row, Target
from core.imports.values import choice, date, text, whole
from core.queries.retention import removed_through
from core.services.case_checks import MOST_CHILDREN
from core.terms import (
    OBSTACLE_CODES,
    CaseKind,
    ClosingReason,
    Gender,
    HouseholdType,
    ImportKind,
    Obstacle,
)

_OBSTACLES = {word: code for code, word in OBSTACLE_CODES.items()}
_KINDS = {
    "EB": CaseKind.BENEFIT,
    "försörjningsstöd": CaseKind.BENEFIT,
    "felaktig utbetalning": CaseKind.WRONG_PAYMENT,
    "missbruk": CaseKind.ADDICTION,
    "missbruk och beroende": CaseKind.ADDICTION,
}
_GENDERS = {
    "K": Gender.WOMAN,
    "F": Gender.WOMAN,
    "M": Gender.MAN,
    "annat": Gender.OTHER,
    "okänt": Gender.OTHER,
}


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare cases with the store."""
    staff = staff_of(session, target.unit_id)
    stored = cases_of(session, target.unit_id, [row["reference"] for row in rows])
    removed = removed_through(session) or dt.date.min
    planned = []
    for row in rows:
        one = Planned(row)
        wanted = known_staff(one, staff)
        case = stored.get(row["reference"])
        if case is not None:
            plan_stored(one, case, wanted, (staff, target))
        elif row["closed_on"] is None or row["closed_on"] > removed:
            plan_new(one, wanted, staff, target)
        planned.append(one)
    return planned


CASES = Kind(
    code=ImportKind.CASES,
    lead="Enhetens ärenden, ur verksamhetssystemet eller uppföljningsfilen: alla eller en del av dem.",
    rules=(
        "Ärenden som inte finns i filen lämnas som de är.",
        "Ett ärende som avslutades så tidigt att det har gallrats läses inte in igen.",
        "En tom cell, eller en kolumn som saknas, ändrar inget.",
        "Ny handläggare eller grupp gäller från dagen i ”Handläggare från”, annars från i dag.",
        "Det som gällde tidigare står kvar i historiken.",
        "Nytt hushåll eller försörjningshinder gäller från dagen i ”Hushåll från”, annars från i dag.",
        "Ett avslutat ärende öppnas inte igen, och byter handläggare eller hushåll bara om dagen anges.",
        "En förändringsplan får vara äldre än ärendet: den följde med från en annan enhet.",
    ),
    columns=(
        Column(
            "reference",
            "Ärende",
            "Ärendets referens, i enhetens format. Aldrig personnummer.",
            text(20),
            example="AR-0001",
            required=True,
            also=("referens", "ärendereferens", "ärendenummer", "ärende nr", "case"),
        ),
        Column(
            "kind",
            "Ärendetyp",
            "Ekonomiskt bistånd, beroende, FUT, engångsansökan eller yttrande. Krävs för nya ärenden.",
            choice(CaseKind, _KINDS),
            example=CaseKind.BENEFIT,
            also=("typ", "ärendeslag"),
        ),
        Column(
            "opened_on",
            "Öppnat",
            "Dagen då ärendet öppnades. Krävs för nya ärenden.",
            date,
            example=dt.date(2024, 1, 10),
            also=("öppnad", "öppnades", "startdatum", "inkom"),
        ),
        Column(
            "referred_on",
            "Remitterat",
            "Dagen då ärendet lämnade mottagningen. Tom medan det är kvar där.",
            date,
            example=dt.date(2024, 1, 24),
            also=("remitterad", "remitterades", "remissdatum"),
        ),
        Column(
            "closed_on",
            "Avslutat",
            "Dagen då ärendet avslutades. Tom medan det är öppet.",
            date,
            also=("avslutad", "avslutades", "avslutsdatum", "slutdatum"),
        ),
        Column(
            "closing_reason",
            "Avslutsorsak",
            "Varför ärendet avslutades, till exempel arbete eller flyttat. Tom räknas som okänt.",
            choice(ClosingReason),
            also=("avslutningsorsak", "orsak"),
        ),
        Column(
            "caseworker",
            "Handläggare",
            f"Handläggarens namn som i Röda tråden, eller ”{NOBODY}”.",
            text(120),
            example=NOBODY,
            also=("handläggarens namn", "socialsekreterare"),
        ),
        Column(
            "group",
            "Grupp",
            f"Gruppens namn, eller ”{NO_GROUP}”. Tom: handläggarens grupp.",
            text(120),
            also=("sektion",),
        ),
        Column(
            "assigned_from",
            "Handläggare från",
            "Dagen som handläggare och grupp gäller från. Tom: i dag, för nya ärenden dagen de öppnades.",
            date,
            also=("gäller från", "fördelat", "tilldelat"),
        ),
        Column(
            "household_type",
            "Hushållstyp",
            "Ensamstående, ensamstående med barn, par, par med barn eller övrig hushållstyp. "
            "Krävs för nya ärenden i ekonomiskt bistånd.",
            choice(HouseholdType),
            example=HouseholdType.COUPLE_WITH_CHILDREN,
            also=("hushåll",),
        ),
        Column(
            "children",
            "Antal barn",
            "Antal barn i hushållet.",
            whole(lowest=0, highest=MOST_CHILDREN),
            example=2,
            also=("barn",),
        ),
        Column(
            "applicant_gender",
            "Sökandens kön",
            "Kvinna, man eller annat/okänt. Krävs för nya ärenden i ekonomiskt bistånd.",
            choice(Gender, _GENDERS),
            example=Gender.WOMAN,
            also=("kön", "kön sökande"),
        ),
        Column(
            "second_adult_gender",
            "Medsökandens kön",
            "Kvinna, man eller annat/okänt. Bara för par.",
            choice(Gender, _GENDERS),
            example=Gender.MAN,
            also=("kön medsökande",),
        ),
        Column(
            "obstacle",
            "Sökandens försörjningshinder",
            "Till exempel arbetslös eller sjukersättning, eller koden i statistiken.",
            choice(Obstacle, _OBSTACLES),
            example=Obstacle.UNEMPLOYED,
            also=("försörjningshinder", "försörjningshinder sökande"),
        ),
        Column(
            "second_obstacle",
            "Medsökandens försörjningshinder",
            "Som för sökanden.",
            choice(Obstacle, _OBSTACLES),
            example=Obstacle.SICKNESS_COMPENSATION,
            also=("försörjningshinder medsökande",),
        ),
        Column(
            "household_from",
            "Hushåll från",
            "Dagen som ändrat hushåll, kön eller försörjningshinder gäller från. Tom: i dag.",
            date,
        ),
        Column(
            "plan_established_on",
            "Förändringsplan upprättad",
            "Dagen då den plan som gäller upprättades. Tom om ingen plan finns.",
            date,
            example=dt.date(2024, 2, 20),
            also=("plan upprättad", "förändringsplan", "upprättad"),
        ),
        Column(
            "plan_revised_on",
            "Förändringsplan reviderad",
            "Dagen då planen senast reviderades.",
            date,
            example=dt.date(2024, 5, 6),
            also=("plan reviderad", "reviderad", "senast reviderad"),
        ),
    ),
    key=("reference",),
    plan=plan,
)
