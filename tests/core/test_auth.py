"""Who may do what: the role table as it was agreed, and whose rows each role reaches."""

import pytest

from core.auth import (
    PERMISSIONS,
    ROLE_NAMES,
    Actor,
    Permission,
    PermissionDeniedError,
    Role,
    Scope,
    caseworker_scope,
    row_scope,
    unit_scope,
)

P = Permission
EVERYBODY_BUT_ADMIN = set(Role) - {Role.ADMIN}
MANAGERS = {Role.GROUP_MANAGER, Role.UNIT_MANAGER, Role.DEVELOPER}
UNIT_MANAGERS = {Role.UNIT_MANAGER, Role.DEVELOPER}
CASE_WORKERS = MANAGERS | {Role.CASEWORKER}
WHO = {
    P.VIEW_SUMS: EVERYBODY_BUT_ADMIN,
    P.VIEW_CASES: CASE_WORKERS,
    P.VIEW_OWN_WEEK: {Role.CASEWORKER},
    P.VIEW_PLACEMENTS: CASE_WORKERS | {Role.CONTROLLER},
    P.VIEW_BUDGET: MANAGERS | {Role.CONTROLLER},
    P.VIEW_USERS: {Role.ADMIN},
    P.VIEW_AUDIT: {Role.ADMIN},
    P.REGISTER_CASE: MANAGERS,
    P.REFER_CASE: CASE_WORKERS,
    P.REASSIGN_CASE: MANAGERS,
    P.CLOSE_CASE: CASE_WORKERS,
    P.REPORT_PLANS: CASE_WORKERS,
    P.REPORT_CHILD_IMPACT: CASE_WORKERS,
    P.MANAGE_PLACEMENTS: MANAGERS,
    P.EDIT_BUDGET: {Role.CONTROLLER},
    P.EDIT_GOALS: UNIT_MANAGERS,
    P.EDIT_HOUSEHOLDS: UNIT_MANAGERS,
    P.EDIT_STAFF_SURVEY: UNIT_MANAGERS,
    P.MANAGE_USERS: {Role.ADMIN},
    P.MANAGE_RETENTION: {Role.ADMIN},
    P.REPORT_MEASURES: CASE_WORKERS,
    P.VIEW_REPORTING: CASE_WORKERS,
    P.EDIT_BENEFIT_MONTHS: CASE_WORKERS,
    P.EDIT_MEASURES: UNIT_MANAGERS,
    P.EDIT_CLIENT_SURVEYS: UNIT_MANAGERS,
    P.IMPORT_FILES: UNIT_MANAGERS,
    P.VIEW_IMPORTS: MANAGERS | {Role.CONTROLLER, Role.ADMIN},
    P.EDIT_PLACEMENT_TERMS: UNIT_MANAGERS,
    P.EDIT_SCENARIOS: MANAGERS | {Role.CONTROLLER},
    P.IMPORT_PLACEMENTS: MANAGERS,
    P.IMPORT_LEDGER: {Role.CONTROLLER},
    P.APPROVE_PROGNOSIS: {Role.UNIT_MANAGER},
    P.EDIT_SAVINGS: {Role.UNIT_MANAGER, Role.CONTROLLER},
}


def actor(role, **fields):
    given = {
        Role.ADMIN: {},
        Role.CASEWORKER: {"unit_id": 1, "caseworker_id": 7},
        Role.GROUP_MANAGER: {"unit_id": 1, "group_id": 3},
    }.get(role, {"unit_id": 1})
    return Actor(1, "Namn", role, **(given | fields))


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_nothing_else(role, permission):
    allowed = role in WHO[permission]

    assert actor(role).may(permission) is allowed
    if allowed:
        actor(role).require(permission)
    else:
        with pytest.raises(PermissionDeniedError):
            actor(role).require(permission)


def test_every_role_has_a_swedish_name_and_permissions():
    assert set(ROLE_NAMES) == set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", sorted(EVERYBODY_BUT_ADMIN))
def test_the_units_sums_are_the_whole_units_for_everybody_who_may_read_them(role):
    assert unit_scope(actor(role)) == Scope(1)


def test_rows_are_ones_own_the_groups_or_the_units():
    assert row_scope(actor(Role.CASEWORKER)) == Scope(1, caseworker_id=7)
    assert row_scope(actor(Role.GROUP_MANAGER)) == Scope(1, group_id=3)
    assert row_scope(actor(Role.UNIT_MANAGER)) == Scope(1)
    assert row_scope(actor(Role.CONTROLLER), P.VIEW_PLACEMENTS) == Scope(1)


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.READER, Role.ADMIN])
def test_no_rows_of_cases_for_those_who_see_none(role):
    with pytest.raises(PermissionDeniedError):
        row_scope(actor(role))


def test_a_role_without_what_it_is_scoped_by_reaches_nothing():
    for lost in (
        actor(Role.CASEWORKER, caseworker_id=None),
        actor(Role.GROUP_MANAGER, group_id=None),
        actor(Role.UNIT_MANAGER, unit_id=None),
    ):
        with pytest.raises(PermissionDeniedError):
            row_scope(lost)


def test_figures_by_caseworker_are_narrowed_like_rows_and_none_for_a_reader():
    assert caseworker_scope(actor(Role.CASEWORKER)) == Scope(1, caseworker_id=7)
    assert caseworker_scope(actor(Role.GROUP_MANAGER)) == Scope(1, group_id=3)
    assert caseworker_scope(actor(Role.CONTROLLER)) == Scope(1)
    assert caseworker_scope(actor(Role.READER)) is None


def test_a_chosen_group_narrows_but_never_widens():
    assert Scope(1).narrowed_to(3) == Scope(1, group_id=3)
    assert Scope(1, group_id=3).narrowed_to(3) == Scope(1, group_id=3)
    assert Scope(1, group_id=3).narrowed_to(None) == Scope(1, group_id=3)
    assert Scope(1, caseworker_id=7).narrowed_to(3) == Scope(1, caseworker_id=7)
    with pytest.raises(PermissionDeniedError):
        Scope(1, group_id=3).narrowed_to(4)
