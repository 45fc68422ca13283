"""Hushåll: långvarigt bistånd by month, as each role may see it."""

import datetime as dt

import pytest

from core import db
from core.auth import Role
from core.models import BenefitMonth
from core.queries import benefit_months
from core.reports.columns import suppressed
from core.rules.dates import add_months
from core.terms import DataSource
from pages.common.long_term_parts import COLUMNS, month_rows
from tests import factories as make
from tests.pages.own_statistics import shown

PAGE = "follow_up/households.py"
MAY = dt.date(2024, 5, 27)
VIEWERS = [role for role in Role if role is not Role.ADMIN]


def fill(session, unit, long, short):
    """Save households with benefit through April: for twelve months, and for two."""
    for number, months in ((long, 12), (short, 2)):
        for _ in range(number):
            case = make.case(session, unit, dt.date(2022, 1, 1))
            for back in range(months):
                row = BenefitMonth(
                    unit_id=unit.id,
                    case_id=case.id,
                    month=add_months(dt.date(2024, 4, 1), -back),
                    source=DataSource.TYPED,
                )
                make.save(session, row)


@pytest.fixture
def page(store, today, open_page):
    """Hushåll of a unit with so many households, as a role sees it: `page(role, long, short)`."""
    today(MAY)

    def draw(role, long, short, **query):
        with db.write() as session:
            unit = make.unit(session)
            fill(session, unit, long, short)
            group = make.group(session, unit)
            worker = make.caseworker(session, unit)
            actor = make.actor(
                session,
                role,
                unit,
                group=group if role is Role.GROUP_MANAGER else None,
                caseworker=worker if role is Role.CASEWORKER else None,
            )
        return shown(open_page(PAGE, actor, **query))

    return draw


@pytest.mark.parametrize("role", VIEWERS)
def test_every_role_sees_the_latest_whole_month_with_its_denominator(page, role):
    words = page(role, 8, 24)
    assert "Andel långvarigt bistånd: 25,0\u00a0%" in words
    assert "8 av 32 hushåll" in words
    assert "Hushåll med bistånd: 32" in words
    assert "april 2024" in words
    assert "maj 2024</th>" not in words


def test_the_months_stand_latest_first_with_their_shares(page):
    words = page(Role.CONTROLLER, 8, 24)
    table = words.split("Långvarigt bistånd per månad</caption>")[1].split("</table>")[0]
    rows = [row.split("</tr>")[0] for row in table.split("<tr>")[2:]]
    assert len(rows) == 11
    assert "april 2024" in rows[0]
    assert "25,0\u00a0%" in rows[0]
    assert "juni 2023" in rows[-1]


def test_a_reader_sees_no_small_number_and_no_share_of_it(page):
    words = page(Role.READER, 3, 24)
    assert "Andel långvarigt bistånd: .." in words
    assert "<5 av 27 hushåll" in words or "&lt;5 av 27 hushåll" in words
    table = words.split("Långvarigt bistånd per månad</caption>")[1].split("</table>")[0]
    april = table.split("april 2024")[1].split("</tr>")[0]
    assert ">3<" not in april
    assert ">24<" not in april
    assert "11,1" not in april


def test_others_see_small_numbers(page):
    assert "3 av 27 hushåll" in page(Role.CASEWORKER, 3, 24)


def test_nothing_known_says_what_to_do_to_those_who_can(page):
    assert "ange dem på ärendet" in page(Role.CASEWORKER, 0, 0)
    words = page(Role.READER, 0, 0)
    assert "Det finns inga biståndsmånader för det senaste året." in words
    assert "ange dem på ärendet" not in words


def test_a_month_counts_once_it_is_over(store):
    with db.write() as session:
        unit = make.unit(session)
        fill(session, unit, 6, 6)
    with db.read() as session:
        scope = benefit_months.Scope(unit.id)
        for on, last in ((dt.date(2024, 4, 29), "2024-03"), (dt.date(2024, 4, 30), "2024-04")):
            frame = benefit_months.long_term(session, scope, on=on, by=benefit_months.By.MONTH)
            assert f"{month_rows(frame, on)['month'].iloc[0]:%Y-%m}" == last


def test_what_is_taken_out_hides_small_numbers(store):
    with db.write() as session:
        unit = make.unit(session)
        fill(session, unit, 2, 20)
    with db.read() as session:
        scope = benefit_months.Scope(unit.id)
        frame = benefit_months.long_term(session, scope, on=MAY, by=benefit_months.By.MONTH)
    hidden = suppressed(month_rows(frame, MAY), COLUMNS, adds_up=False).iloc[0]
    assert list(hidden[["households", "long_term", "shorter", "share"]]) == [22, "<5", "..", ".."]
