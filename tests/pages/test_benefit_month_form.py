"""Ärenden: a case's benefit months are tapped on and off."""

import datetime as dt

import pytest

from core import db
from core.auth import row_scope
from core.models import BenefitMonth
from core.queries.my_week import my_week
from core.services.benefit_months import NewMonths, set_months
from core.terms import CaseKind
from pages.common import case_forms, week_words
from tests.factories_cases import TODAY, rows, run, world

PAGE = "reporting/cases.py"
WHAT = "Biståndsmånader"
MONTHS = [dt.date(2023, month, 1) for month in range(6, 13)] + [
    dt.date(2024, month, 1) for month in range(1, 6)
]


@pytest.fixture
def w(store, today):
    """A unit with a benefit case of Ada's, on a fixed day."""
    today(TODAY)
    return world()


def opened(open_page, w, role="unit_manager"):
    at = open_page(PAGE, w.actors[role])
    return at.button_group(key=f"change-{w.case_id}").select(WHAT).run()


def months(at):
    (found,) = [one for one in at.button_group if one.label.startswith("Månader med")]
    return found


def save(at):
    (button,) = [one for one in at.button if one.label == "Spara månaderna"]
    return button.click().run()


def said(at):
    return " ".join(one.value for one in at.markdown)


def valid():
    return [row.month for row in rows(BenefitMonth) if row.voided_at is None]


def test_the_last_twelve_months_are_tapped_and_saved(w, open_page):
    at = opened(open_page, w)
    assert months(at).options[0] == "juni 2023"
    assert len(months(at).options) == 12
    assert "0 av de senaste 12 månaderna" in said(at)

    months(at).set_value(MONTHS[2:])
    at = save(at)

    assert valid() == MONTHS[2:]
    assert at.toast[0].value == "AR-0001: biståndsmånaderna är sparade."
    assert "10 av de senaste 12 månaderna" in said(at)
    assert "Det räknas som långvarigt." in said(at)
    assert months(at).value == MONTHS[2:]


def test_a_month_tapped_off_is_taken_back(w, open_page):
    run(set_months, w.case_id, NewMonths(frozenset(MONTHS[-2:])), by=w.manager)
    at = opened(open_page, w, "group_manager")
    months(at).set_value(MONTHS[-1:])
    save(at)
    assert valid() == MONTHS[-1:]
    assert len(rows(BenefitMonth)) == 2


def test_what_somebody_else_told_meanwhile_stays(w, open_page):
    at = opened(open_page, w)
    run(set_months, w.case_id, NewMonths(frozenset(MONTHS[-3:-2])), by=w.caseworker)
    months(at).set_value(MONTHS[-1:])
    save(at)
    assert sorted(valid()) == [MONTHS[-3], MONTHS[-1]]


def test_another_kind_of_case_has_no_benefit_months(store, today, open_page):
    today(TODAY)
    w = world(kind=CaseKind.ADDICTION)
    at = open_page(PAGE, w.manager)
    assert WHAT not in at.button_group(key=f"change-{w.case_id}").options


def test_a_caseworker_tells_of_the_months_of_own_cases(w):
    found = week_words.actions(case_of(w, "caseworker"))
    assert case_forms.Action.BENEFIT_MONTHS in found
    assert found[0] is not case_forms.Action.BENEFIT_MONTHS


def case_of(w, name):
    with db.read() as session:
        scope = row_scope(w.actors[name])
        (found,) = my_week(session, scope, on=TODAY).cases
    return found
