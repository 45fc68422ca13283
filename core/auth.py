"""Who may do what, and whose rows they reach. Roles are code, not rows.

Source: the role table of the domain description and of the foundation's sign-in section.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, auto


class Role(StrEnum):
    """What a user is in a unit."""

    CASEWORKER = "caseworker"
    GROUP_MANAGER = "group_manager"
    UNIT_MANAGER = "unit_manager"
    DEVELOPER = "developer"
    CONTROLLER = "controller"
    READER = "reader"
    ADMIN = "admin"


ROLE_NAMES: dict[Role, str] = {
    Role.CASEWORKER: "handläggare",
    Role.GROUP_MANAGER: "biträdande enhetschef",
    Role.UNIT_MANAGER: "enhetschef",
    Role.DEVELOPER: "metodutvecklare",
    Role.CONTROLLER: "controller",
    Role.READER: "medarbetare",
    Role.ADMIN: "systemansvarig",
}


class Permission(StrEnum):
    """One thing that a user can be allowed to do. `VIEW_` is reading, the others write."""

    VIEW_SUMS = auto()
    VIEW_CASES = auto()
    VIEW_OWN_WEEK = auto()
    VIEW_PLACEMENTS = auto()
    VIEW_BUDGET = auto()
    VIEW_USERS = auto()
    VIEW_AUDIT = auto()
    REGISTER_CASE = auto()
    REFER_CASE = auto()
    REASSIGN_CASE = auto()
    CLOSE_CASE = auto()
    REPORT_PLANS = auto()
    REPORT_CHILD_IMPACT = auto()
    MANAGE_PLACEMENTS = auto()
    EDIT_BUDGET = auto()
    EDIT_GOALS = auto()
    EDIT_HOUSEHOLDS = auto()
    EDIT_STAFF_SURVEY = auto()
    MANAGE_USERS = auto()
    REPORT_MEASURES = auto()
    VIEW_REPORTING = auto()
    EDIT_MEASURES = auto()
    EDIT_CLIENT_SURVEYS = auto()
    EDIT_BENEFIT_MONTHS = auto()
    VIEW_IMPORTS = auto()
    IMPORT_FILES = auto()
    MANAGE_RETENTION = auto()
    EDIT_PLACEMENT_TERMS = auto()
    EDIT_SCENARIOS = auto()
    IMPORT_PLACEMENTS = auto()
    IMPORT_LEDGER = auto()
    APPROVE_PROGNOSIS = auto()
    EDIT_SAVINGS = auto()


_CASE_WORK = frozenset(
    {
        Permission.VIEW_SUMS,
        Permission.VIEW_CASES,
        Permission.VIEW_PLACEMENTS,
        Permission.REFER_CASE,
        Permission.CLOSE_CASE,
        Permission.REPORT_PLANS,
        Permission.REPORT_CHILD_IMPACT,
        Permission.REPORT_MEASURES,
        Permission.VIEW_REPORTING,
        Permission.EDIT_BENEFIT_MONTHS,
    }
)
_MANAGEMENT = _CASE_WORK | {
    Permission.VIEW_BUDGET,
    Permission.REGISTER_CASE,
    Permission.REASSIGN_CASE,
    Permission.MANAGE_PLACEMENTS,
    Permission.EDIT_SCENARIOS,
    Permission.IMPORT_PLACEMENTS,
    Permission.VIEW_IMPORTS,
}
_UNIT_MANAGEMENT = _MANAGEMENT | {
    Permission.EDIT_GOALS,
    Permission.EDIT_HOUSEHOLDS,
    Permission.EDIT_STAFF_SURVEY,
    Permission.EDIT_MEASURES,
    Permission.EDIT_CLIENT_SURVEYS,
    Permission.IMPORT_FILES,
    Permission.EDIT_PLACEMENT_TERMS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: _CASE_WORK | {Permission.VIEW_OWN_WEEK},
    Role.GROUP_MANAGER: _MANAGEMENT,
    Role.UNIT_MANAGER: _UNIT_MANAGEMENT | {Permission.APPROVE_PROGNOSIS, Permission.EDIT_SAVINGS},
    Role.DEVELOPER: _UNIT_MANAGEMENT,
    Role.CONTROLLER: frozenset(
        {
            Permission.VIEW_SUMS,
            Permission.VIEW_PLACEMENTS,
            Permission.VIEW_BUDGET,
            Permission.EDIT_BUDGET,
            Permission.EDIT_SCENARIOS,
            Permission.EDIT_SAVINGS,
            Permission.IMPORT_LEDGER,
            Permission.VIEW_IMPORTS,
        }
    ),
    Role.READER: frozenset({Permission.VIEW_SUMS}),
    Role.ADMIN: frozenset(
        {
            Permission.VIEW_USERS,
            Permission.VIEW_AUDIT,
            Permission.MANAGE_USERS,
            Permission.VIEW_IMPORTS,
            Permission.MANAGE_RETENTION,
        }
    ),
}


class PermissionDeniedError(Exception):
    """The user may not do this, or the row lies outside what they reach."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user in one unit: who acts, in which role, and whose rows are their own.

    `unit_id` is None only for an admin, `group_id` is set for a group manager, `caseworker_id`
    for a caseworker.
    """

    user_id: int
    name: str
    role: Role
    unit_id: int | None = None
    group_id: int | None = None
    caseworker_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor's role holds a permission."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise `PermissionDeniedError` unless the actor's role holds a permission."""
        if not self.may(permission):
            raise PermissionDeniedError(permission)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a query reads: a unit's, narrowed to a group or a caseworker on the day asked.

    Hashable, so that a cached read can never be handed to somebody with another scope.
    """

    unit_id: int
    group_id: int | None = None
    caseworker_id: int | None = None

    def narrowed_to(self, group_id: int | None) -> Scope:
        """Return the scope within a chosen group; the own group always wins over the choice."""
        if group_id is None or self.caseworker_id is not None:
            return self
        if self.group_id not in {None, group_id}:
            raise PermissionDeniedError("group")
        return replace(self, group_id=group_id)


def unit_scope(actor: Actor) -> Scope:
    """Return the scope of the unit's sums, which every role with `VIEW_SUMS` may read."""
    actor.require(Permission.VIEW_SUMS)
    return Scope(_unit(actor))


def row_scope(actor: Actor, permission: Permission = Permission.VIEW_CASES) -> Scope:
    """Return the scope of the rows that the actor reaches under a permission.

    A caseworker reaches own cases, a group manager the own group's, the others the unit's.
    """
    actor.require(permission)
    if actor.role is Role.CASEWORKER:
        if actor.caseworker_id is None:
            raise PermissionDeniedError("caseworker")
        return Scope(_unit(actor), caseworker_id=actor.caseworker_id)
    if actor.role is Role.GROUP_MANAGER:
        if actor.group_id is None:
            raise PermissionDeniedError("group")
        return Scope(_unit(actor), group_id=actor.group_id)
    return Scope(_unit(actor))


def caseworker_scope(actor: Actor) -> Scope | None:
    """Return the scope of the figures by caseworker that the actor may see; None for a reader.

    A caseworker sees the own bar only, a group manager the own group's, a controller all of them
    (sums, no case).
    """
    if actor.role is Role.READER:
        return None
    if actor.role is Role.CONTROLLER:
        return unit_scope(actor)
    return row_scope(actor)


def _unit(actor: Actor) -> int:
    if actor.unit_id is None:
        raise PermissionDeniedError("unit")
    return actor.unit_id
