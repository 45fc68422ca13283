"""The unit's placement list, as it is kept in Excel: new placements, new decisions, rates and ends.

A row is matched by the placement's reference, or else by case, kind and first day. A full or a
partial list: placements that the file doesn't name are left alone (domain: Placement).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from decimal import Decimal

from sqlmodel import Session

from core.imports.amounts import kronor_a_day
from core.imports.kinds import Column, Kind, Loose, Planned, Row, Target
from core.imports.placement_changes import plan_stored
from core.imports.placement_meant import Meant, meant
from core.imports.placement_new import Made, plan_new
from core.imports.placement_store import Stored, StoredPlacement, stored
from core.imports.placement_words import OPEN_ENDED, day, or_nothing, planned_end, reference
from core.imports.places import told_once
from core.imports.values import text, whole, yes_no
from core.services.case_checks import MOST_CHILDREN
from core.terms import ImportKind, PlacementForm, sv

SAYS_END = "”{}” kan vara planerat slut eller dagen då placeringen avslutades. Välj vilket det är."
UNCLEAR = (
    "Till",
    "T.o.m.",
    "tom",
    "Till och med",
    "Slut",
    "Slutdatum",
    "Slutdag",
    "Upphör",
    "Avslut",
)


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare a placement list with the store."""
    known = stored(session, target)
    made = Made()
    made.named |= {
        known.placements[row["reference"]].id
        for row in rows
        if row["reference"] in known.placements
    }
    seen: dict[Hashable, int] = {}
    known.taken |= {row["reference"] for row in rows if row["reference"]}
    return [_planned(row, known, made, seen) for row in rows]


def _planned(row: Row, known: Stored, made: Made, seen: dict[Hashable, int]) -> Planned:
    planned = Planned(row)
    said = meant(planned, known)
    if planned.faults:
        return planned
    found = _match(planned, said, known)
    if planned.faults:
        return planned
    if found is not None:
        planned.about = f"{found.reference} {known.case_names.get(found.case_id, '')}".strip()
        told_once(planned, seen, found.id, _key(row))
        if not planned.faults:
            plan_stored(planned, found, said, known)
        return planned
    if row["reference"] is not None:
        told_once(planned, seen, row["reference"], "reference")
    if not planned.faults:
        plan_new(planned, said, known, made)
    return planned


def _match(planned: Planned, said: Meant, known: Stored) -> StoredPlacement | None:
    """Return the placement that a row is about, None for a new one."""
    row = planned.row
    if row["reference"] is not None:
        found = known.placements.get(row["reference"])
        if found is not None and not _reached(found, known):
            planned.fault("reference", "Referensen används av en placering som du inte når.")
        return found
    case = known.cases.get(row["case"]) if row["case"] else None
    if row["case"] is None or row["starts_on"] is None:
        planned.fault(
            _key(row),
            "Raden säger inte vilken placering den gäller. Ange placeringens referens, eller ärende "
            "och första dag.",
        )
    if case is None or not known.reaches(case) or planned.faults:
        return None
    alike = [
        one
        for one in known.of_case.get(case.id, ())
        if one.starts_on == row["starts_on"]
        and (said.kind is None or one.kind_id == said.kind.code)
    ]
    if len(alike) > 1:
        names = " och ".join(one.reference for one in alike)
        planned.fault(
            "case", f"Ärendet har {names} från samma dag. Ange vilken i kolumnen ”Placering”."
        )
    return alike[0] if len(alike) == 1 else None


def _reached(found: StoredPlacement, known: Stored) -> bool:
    name = known.case_names.get(found.case_id)
    return name is not None and known.reaches(known.cases[name])


def _key(row: Row) -> str:
    return "reference" if row["reference"] is not None else "case"


PLACEMENTS = Kind(
    code=ImportKind.PLACEMENTS,
    lead=(
        "Placeringslistan som den ser ut i Excel: med rubriker i två rader, summarader, avsnitt och "
        "anteckningar. Det som inte läses sägs rad för rad."
    ),
    rules=(
        (
            "En rad hör till den placering vars referens den har, annars till den med samma ärende, slag "
            "och första dag. Finns ingen är placeringen ny."
        ),
        "Placeringar som inte finns i filen lämnas som de är. En tom cell ändrar inget.",
        (
            "Nytt planerat slut, ny utförare eller nytt avtal blir ett nytt beslut från dagen i "
            "”Beslutsdag”, annars från i dag."
        ),
        "Ny dygnskostnad gäller från dagen i ”Dygnskostnad från”, annars från i dag.",
        "Det som beslutats och betalats tidigare skrivs aldrig över.",
        "För en ny placering utan beslutsdag räknas första dagen som beslutsdag.",
        "Saknas en kolumn för slag läses slaget ur avsnittets rubrik, om den är ett av enhetens slag.",
        (
            "Rader som är tomma, summor, rubriker eller anteckningar hoppas över och räknas upp. "
            "Filens summor jämförs med raderna."
        ),
        "Färger läses inte. Skriv det de betyder i en kolumn.",
        (
            "Ett ovanligt belopp eller en dubblett frågas det om. Stämmer den, så skriv ja i kolumnen "
            "”Bekräftat”."
        ),
    ),
    columns=(
        Column(
            "reference",
            "Placering",
            "Placeringens referens. Tom för en ny placering: den får nästa lediga.",
            or_nothing(reference),
            also=(
                "placeringsreferens",
                "placeringsnr",
                "placeringsnummer",
                "placering nr",
                "placeringens referens",
                "plac nr",
                "placement",
            ),
        ),
        Column(
            "case",
            "Ärende",
            "Ärendets referens, i enhetens format. Aldrig personnummer eller namn.",
            text(20),
            example="AR-0001",
            also=(
                "ärendereferens",
                "ärendenummer",
                "ärendenr",
                "ärende nr",
                "dossier",
                "dossiernr",
            ),
        ),
        Column(
            "kind",
            "Slag",
            "Enhetens ord för placeringens slag, till exempel HVB eller skyddat boende.",
            text(80),
            example=sv(PlacementForm.CARE_HOME),
            also=(
                "placeringsform",
                "placeringstyp",
                "boendeform",
                "insatsform",
                "typ av placering",
                "typ av insats",
                "slag av placering",
            ),
        ),
        Column(
            "legal_basis",
            "Lagrum",
            "SoL, LVM eller LSS, eller enhetens eget ord.",
            text(60),
            example="SoL",
            also=("lag", "lagstöd", "lagrum/beslut"),
        ),
        Column(
            "contract",
            "Avtal",
            "Ramavtal, individavtal, egen regi eller LOV, eller enhetens eget ord.",
            text(60),
            example="ramavtal",
            also=("avtalstyp", "avtalsform", "typ av avtal"),
        ),
        Column(
            "provider",
            "Utförare",
            "Vem som tar emot, till exempel namnet på hemmet.",
            text(120),
            example="Björken",
            also=("leverantör", "vårdgivare", "anordnare", "hem", "boende", "namn på boende"),
        ),
        Column(
            "children",
            "Antal barn",
            "Antal medföljande barn.",
            whole(lowest=0, highest=MOST_CHILDREN),
            example=0,
            also=("barn", "medföljande barn", "antal medföljande barn"),
        ),
        Column(
            "starts_on",
            "Från",
            "Första dagen, som betalas.",
            day,
            example=dt.date(2024, 2, 1),
            also=(
                "start",
                "startdatum",
                "startdag",
                "fr.o.m",
                "fr o m",
                "from",
                "fom",
                "från och med",
                "första dag",
                "placerad",
                "placerad från",
                "placeringsdatum",
                "inskriven",
                "inskrivningsdatum",
                "påbörjad",
            ),
        ),
        Column(
            "planned_end_on",
            "Planerat slut",
            f"Sista dagen enligt beslutet, eller {OPEN_ENDED}. Tom för en ny: {OPEN_ENDED}.",
            or_nothing(planned_end),
            example=dt.date(2024, 8, 31),
            also=(
                "planerat slutdatum",
                "planerad sista dag",
                "beslut till",
                "beslut t.o.m",
                "beslut tom",
                "beslut till och med",
                "beviljad till",
                "beviljat t.o.m",
                "gäller t.o.m",
            ),
        ),
        Column(
            "ended_on",
            "Avslutad",
            "Sista dagen, som betalas, när den har varit. Tom medan placeringen pågår.",
            or_nothing(day),
            also=(
                "avslutat",
                "avslutades",
                "avslutsdatum",
                "avslutad den",
                "utskriven",
                "utskrivningsdatum",
                "sista dag",
                "faktiskt slut",
            ),
        ),
        Column(
            "day_rate",
            "Dygnskostnad",
            "Kronor per dygn, till exempel 1 850.",
            kronor_a_day,
            example=Decimal(1850),
            also=(
                "dygnspris",
                "dygnsavgift",
                "kostnad per dygn",
                "kostnad/dygn",
                "pris per dygn",
                "pris/dygn",
                "kr per dygn",
                "kr/dygn",
                "kronor per dygn",
            ),
        ),
        Column(
            "rate_from",
            "Dygnskostnad från",
            "Dagen som en ny dygnskostnad gäller från. Tom: i dag.",
            or_nothing(day),
            also=("ny dygnskostnad från", "pris från", "pris gäller från", "dygnspris från"),
        ),
        Column(
            "decided_on",
            "Beslutsdag",
            "Dagen för beslutet om slut, utförare och avtal.",
            or_nothing(day),
            example=dt.date(2024, 1, 25),
            also=("beslutsdatum", "beslut den", "datum för beslut", "senaste beslut"),
        ),
        Column(
            "decided_by",
            "Beslutsfattare",
            "Vem som fattade beslutet. Får vara tom.",
            text(80),
            also=("beslutat av", "beslutad av", "beslut av"),
        ),
        Column(
            "confirmed",
            "Bekräftat",
            "Ja när importen har frågat om något på raden och det stämmer.",
            yes_no,
            also=("stämmer", "kontrollerat"),
        ),
    ),
    key=("reference", "case"),
    plan=plan,
    loose=Loose(
        marks=("reference", "case", "starts_on"),
        passed=(
            "Handläggare",
            "Läge",
            "Grupp",
            "Månaden",
            "Upparbetat",
            "Beslutat framåt",
            "Helår",
            "Uppföljd",
            "Nästa uppföljning",
        ),
        unclear={word: SAYS_END.format(word) for word in UNCLEAR},
    ),
)
