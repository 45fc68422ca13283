"""The goal chain: goals, the indicators they are measured by with targets, and activities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from core.imports.goal_rows import plan_activity, plan_goal, plan_indicator
from core.imports.goal_store import Chain, chain_of
from core.imports.kinds import CellError, Column, Kind, Planned, Row, Target
from core.imports.values import choice, date, decimal, folded, plain_text, quoted, text, whole
from core.services.field_checks import DIGITS
from core.services.goals import FIRST_YEAR, LONGEST_TEXT
from core.terms import (
    Accumulation,
    ActivityStatus,
    Direction,
    GoalLevel,
    ImportKind,
    OwnerLevel,
    Periodicity,
)

GOAL, INDICATOR, ACTIVITY = "mål", "indikator", "aktivitet"
WHAT = {
    "mål": GOAL,
    "goal": GOAL,
    "indikator": INDICATOR,
    "indicator": INDICATOR,
    "aktivitet": ACTIVITY,
    "activity": ACTIVITY,
}
LEVELS = {
    "KF inriktningsmål": GoalLevel.CITY_DIRECTION,
    "inriktningsmål": GoalLevel.CITY_DIRECTION,
    "KF mål": GoalLevel.CITY_GOAL,
    "KF:s mål": GoalLevel.CITY_GOAL,
    "verksamhetsområdesmål": GoalLevel.CITY_GOAL,
}
DIRECTIONS = {"högre": Direction.HIGHER, "lägre": Direction.LOWER}
SUMS = {"summa": Accumulation.SUM, "senaste": Accumulation.LATEST}
STATUSES = {"pågående": ActivityStatus.ONGOING, "avslutad": ActivityStatus.DONE}
PLANS: dict[str, Callable[[Planned, Chain], None]] = {
    GOAL: plan_goal,
    INDICATOR: plan_indicator,
    ACTIVITY: plan_activity,
}
LONGEST_TARGET = 80


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare goals, indicators and activities with the store, in the file's order."""
    chain = chain_of(session, target)
    planned = [Planned(row) for row in rows]
    for one in planned:
        if what_of(one.row) == GOAL:
            chain.in_file.add((chain.year_of(one), folded(one.row["code"])))
    for one in planned:
        what = what_of(one.row)
        if what is None:
            one.fault("what", "Ange om raden är ett mål, en indikator eller en aktivitet.")
        else:
            PLANS[what](one, chain)
    return planned


def what_of(row: Row) -> str | None:
    """Return what a row is about: what it says, or else what its columns tell."""
    if row["what"] is not None:
        return str(row["what"])
    if row["level"] is not None:
        return GOAL
    if row["unit_of_measure"] is not None or row["direction"] is not None:
        return INDICATOR
    return ACTIVITY if row["starts_on"] is not None else None


def what(cell: Any) -> str:
    """Read what a row is about."""
    found = WHAT.get(folded(plain_text(cell)))
    if found is None:
        msg = f"{quoted(cell)} finns inte att välja. Skriv {GOAL}, {INDICATOR} eller {ACTIVITY}."
        raise CellError(msg)
    return found


def target_value(cell: Any) -> Decimal | str:
    """Read a target: a number, or a text such as "fastställs 2024"."""
    written = plain_text(cell)
    if written[:1].isalpha():
        return text(LONGEST_TARGET)(cell)
    return decimal(digits=DIGITS)(cell)


def _words(name: str, heading: str, description: str, example: str | None = None) -> Column:
    return Column(name, heading, description, text(LONGEST_TEXT), example=example)


GOALS = Kind(
    code=ImportKind.GOALS,
    lead="Målkedjan ur verksamhetsplanen: en rad för varje mål, indikator eller aktivitet.",
    rules=(
        "Det som inte finns i filen lämnas som det är, och tomma celler ändrar inget.",
        "Mål känns igen på år och beteckning, indikatorer på år och namn, aktiviteter på mål och namn.",
        "Ett överordnat mål ska stå före målen under det.",
        "Ett ändrat årsmål blir ett nytt beslut; det förra finns kvar i historiken.",
        "Måttenhet och periodicitet ändras inte: värdena hittills skulle få en annan betydelse.",
    ),
    columns=(
        Column(
            "what",
            "Slag",
            "Mål, indikator eller aktivitet.",
            what,
            example=GOAL,
            also=("kind", "typ"),
        ),
        Column(
            "year",
            "År",
            "Året som målet gäller. Tomt är i år.",
            whole(lowest=FIRST_YEAR, highest=2199),
            example=2024,
        ),
        Column(
            "code",
            "Beteckning",
            "Målets beteckning; för en indikator eller aktivitet det mål som den hör till.",
            text(20),
            example="1.3",
            required=True,
            also=("mål", "goal", "kf goal", "målets beteckning"),
        ),
        Column(
            "parent",
            "Överordnat mål",
            "Beteckningen på målet ovanför.",
            text(20),
            example="1",
            also=("hör till",),
        ),
        Column(
            "level",
            "Nivå",
            "KF:s inriktningsmål, KF:s mål för verksamhetsområdet, nämndmål eller enhetsmål.",
            choice(GoalLevel, LEVELS),
            example=GoalLevel.CITY_GOAL,
        ),
        Column(
            "name",
            "Namn",
            "Målets, indikatorns eller aktivitetens namn.",
            text(300),
            example="Människor i behov av stöd får rätt insatser",
            required=True,
            also=("benämning", "text"),
        ),
        _words("expected_result", "Förväntat resultat", "För enhetsmål."),
        _words("ways_of_working", "Arbetssätt", "För enhetsmål."),
        _words("resources", "Resursanvändning", "För enhetsmål."),
        _words("follow_up", "Uppföljning", "För enhetsmål."),
        _words("development", "Utveckling", "För enhetsmål."),
        Column(
            "unit_of_measure",
            "Måttenhet",
            "För indikatorer: %, antal, index, kr eller en egen enhet.",
            text(40),
            also=("mått",),
        ),
        Column(
            "direction",
            "Riktning",
            "För indikatorer: högre eller lägre är bättre.",
            choice(Direction, DIRECTIONS),
        ),
        Column(
            "periodicity",
            "Periodicitet",
            "För indikatorer: månad, tertial eller år.",
            choice(Periodicity),
            also=("mäts per",),
        ),
        Column(
            "accumulation",
            "Året är",
            "För indikatorer: senaste värdet eller summa över året. Tomt är senaste.",
            choice(Accumulation, SUMS),
            also=("ackumulering",),
        ),
        Column(
            "tolerance",
            "Tolerans",
            "För indikatorer: avståndet till årsmålet som ger delvis. Tomt är en tiondel av målet.",
            decimal(digits=DIGITS, lowest=0),
        ),
        Column(
            "target",
            "Årsmål",
            "För indikatorer: ett tal, eller en text som ”fastställs 2024”.",
            target_value,
            also=("mål för året", "målvärde"),
        ),
        Column(
            "city_target",
            "KF:s årsmål",
            "För indikatorer: ett tal eller en text.",
            target_value,
            also=("kf årsmål", "kfs årsmål"),
        ),
        Column(
            "decided_on",
            "Beslutat",
            "Dagen då årsmålet beslutades. Tomt: årets första dag, eller i dag när det ändras.",
            date,
        ),
        Column("starts_on", "Start", "För aktiviteter: första dagen.", date, also=("startdatum",)),
        Column("ends_on", "Slut", "För aktiviteter: sista dagen.", date, also=("end", "slutdatum")),
        Column(
            "status",
            "Status",
            "För aktiviteter: ej påbörjad, pågår, klar eller avbruten.",
            choice(ActivityStatus, STATUSES),
        ),
        Column("done_on", "Klar", "För aktiviteter: dagen då den blev klar.", date),
        Column("owner", "Ansvarig", "För aktiviteter: vem som ansvarar.", text(120)),
        Column(
            "owner_level",
            "Beslutad av",
            "För indikatorer och aktiviteter: KF, nämnd eller enhet. Tomt är enhet.",
            choice(OwnerLevel),
            also=("ägarnivå",),
        ),
        Column(
            "source_name",
            "Källa",
            "Varifrån uppgiften kommer. Tomt är filens namn.",
            text(200),
            example="Verksamhetsplan 2024",
            also=("source",),
        ),
    ),
    key=("what", "year", "code", "name"),
    plan=plan,
)
