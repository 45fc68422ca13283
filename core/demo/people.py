"""Units, groups, made-up caseworkers and the demo's accounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.auth import Role
from core.demo import inputs
from core.demo.rows import Rows
from core.models import Caseworker, Group, Unit, User, UserRole
from core.services.passwords import hashed
from core.terms import CaseKind

WORK_UNIT = "arbete-forsorjning"
BENEFIT_UNIT = "ekonomiskt-bistand-beroende"
DEMO_PASSWORD = "roda-traden-exempel"  # noqa: S105  (printed by the command: it guards nothing)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo. `unit` is the units' names as printed, empty for the admin."""

    username: str
    name: str
    role: Role
    slugs: tuple[str, ...] = ()
    group: str = ""
    caseworker: str = ""

    @property
    def unit(self) -> str:
        """Return the names of the account's units."""
        names = {row["slug"]: row["name"] for row in inputs.read("demo_units")}
        return ", ".join(names[slug] for slug in self.slugs)


BOTH = (BENEFIT_UNIT, WORK_UNIT)
ONE = (BENEFIT_UNIT,)
DEMO_ACCOUNTS = (
    DemoAccount("enhetschef", "Enhetschef Exempel", Role.UNIT_MANAGER, BOTH),
    DemoAccount(
        "gruppledare", "Gruppledare Exempel", Role.GROUP_MANAGER, ONE, group="ekonomiskt-bistand"
    ),
    DemoAccount("handlaggare", "Disa Exempel", Role.CASEWORKER, ONE, caseworker="Disa Exempel"),
    DemoAccount("metodutvecklare", "Metodutvecklare Exempel", Role.DEVELOPER, BOTH),
    DemoAccount("controller", "Controller Exempel", Role.CONTROLLER, BOTH),
    DemoAccount("medarbetare", "Medarbetare Exempel", Role.READER, BOTH),
    DemoAccount("admin", "Admin Exempel", Role.ADMIN),
    DemoAccount("enhetschef-af", "Chef Exempel", Role.UNIT_MANAGER, (WORK_UNIT,)),
    DemoAccount(
        "handlaggare-af", "Hugo Exempel", Role.CASEWORKER, (WORK_UNIT,), caseworker="Hugo Exempel"
    ),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """A made-up caseworker. `cases` is how many are theirs today, None for an even share."""

    worker_id: int
    group_id: int
    name: str
    kind: CaseKind
    receives: bool
    cases: int | None
    left_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with the ids of its groups and its caseworkers."""

    unit_id: int
    slug: str
    source: str
    groups: dict[str, int]
    workers: tuple[Worker, ...]

    def workers_of(self, kind: CaseKind, *, receives: bool) -> list[Worker]:
        """Return those who take new cases of a kind, or those that they are referred to."""
        return [w for w in self.workers if w.kind is kind and w.receives is receives]


def add_places(rows: Rows) -> dict[str, Place]:
    """Add both units with groups and caseworkers. Returns them by slug."""
    places: dict[str, Place] = {}
    for record in inputs.read("demo_units"):
        slug = record["slug"]
        if slug not in places:
            unit_id = rows.add(
                Unit, slug=slug, name=record["name"], reference_format=record["reference_format"]
            )
            source = inputs.source_title(record["source"])
            places[slug] = Place(unit_id, slug, source, {}, ())
        place = places[slug]
        place.groups[record["group"]] = rows.add(
            Group, unit_id=place.unit_id, slug=record["group"], name=record["group_name"]
        )
    return {slug: _with_workers(rows, place) for slug, place in places.items()}


def _with_workers(rows: Rows, place: Place) -> Place:
    workers = []
    for record in inputs.of_unit("demo_people", place.slug):
        group_id = place.groups[record["group"]]
        left_on = inputs.day(record["left_on"]) if record["left_on"] else None
        worker_id = rows.add(
            Caseworker,
            unit_id=place.unit_id,
            group_id=group_id,
            name=record["name"],
            active=left_on is None,
        )
        workers.append(
            Worker(
                worker_id,
                group_id,
                record["name"],
                CaseKind(record["kind"]),
                record["stage"] == "reception",
                inputs.optional_int(record["cases"]),
                left_on,
            )
        )
    return Place(place.unit_id, place.slug, place.source, place.groups, tuple(workers))


def add_accounts(rows: Rows, places: dict[str, Place]) -> None:
    """Add the demo's accounts and their roles."""
    password_hash = hashed(DEMO_PASSWORD)
    for account in DEMO_ACCOUNTS:
        user_id = rows.add(
            User, username=account.username, name=account.name, password_hash=password_hash
        )
        if not account.slugs:
            rows.add(UserRole, user_id=user_id, role=account.role)
        for slug in account.slugs:
            place = places[slug]
            own = {worker.name: worker.worker_id for worker in place.workers}
            rows.add(
                UserRole,
                user_id=user_id,
                role=account.role,
                unit_id=place.unit_id,
                group_id=place.groups[account.group] if account.group else None,
                caseworker_id=own[account.caseworker] if account.caseworker else None,
            )
