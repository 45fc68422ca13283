"""The placement list as a workbook: real numbers, sums of its own, and it can be read in again."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core import __main__ as command_line
from core import db
from core.auth import Scope
from core.clock import fix_today
from core.imports import runs
from core.imports.kinds import Effect
from core.imports.registry import KINDS
from core.models import PlacementTerm
from core.queries.placements import placement_rows
from core.reports.placement_workbook import COLUMNS, HEADER_ROW, placement_workbook
from core.terms import Contract, ImportKind, LegalBasis, PlacementDimension
from pages.common.placement_parts import list_rows
from tests import factories as make
from tests import factories_money as money
from tests.factories_cases import TODAY, world

HEADER = HEADER_ROW + 1
MONEY = ("Månaden", "Upparbetat", "Beslutat framåt", "Helår")


@pytest.fixture
def unit(store):
    """A unit with placements of every state: running, coming, ended, open-ended, own words."""
    fix_today(TODAY)
    made = world()
    with db.write() as session:
        of = session.get_one(make.Unit, made.unit_id)
        hvb = money.kind(session, of, "HVB")
        case = session.get_one(make.Case, made.case_id)
        day = make.day
        for name, dimension, code in (
            ("Stadens ramavtal", PlacementDimension.CONTRACT, "framework"),
            ("SoL 4:1", PlacementDimension.LEGAL_BASIS, "sol"),
        ):
            make.save(
                session,
                PlacementTerm(unit_id=of.id, dimension=dimension, name=name, counts_as=code),
            )
        decided = {"decided_on": day("2024-01-20"), "planned_end_on": day("2024-09-30")}
        money.placement(
            session,
            case,
            hvb,
            day("2024-02-01"),
            reference="PL-0001",
            rates=[(day("2024-02-01"), "1850.50"), (day("2024-04-01"), "1900")],
            decisions=[
                decided,
                decided | {"decided_on": day("2024-05-02"), "planned_end_on": None},
            ],
            legal_name="SoL 4:1",
            children=2,
        )
        money.placement(
            session,
            case,
            hvb,
            day("2024-03-01"),
            reference="PL-0002",
            rates=2000,
            ended_on=day("2024-04-30"),
            legal_basis=LegalBasis.LVM,
        )
        money.placement(
            session,
            case,
            hvb,
            day("2024-07-01"),
            reference="PL-0003",
            rates=99,
            decisions=[
                decided
                | {
                    "decided_on": day("2024-05-20"),
                    "provider": "=1+1",
                    "contract_name": "Stadens ramavtal",
                }
            ],
        )
        money.placement(
            session,
            case,
            hvb,
            day("2023-12-01"),
            reference="PL-0004",
            rates="12500.25",
            decisions=[decided | {"decided_on": day("2024-01-15"), "contract": Contract.LOV}],
        )
    yield made
    fix_today(None)


def listed(unit, on=TODAY, *, with_case=True):
    with db.read() as session:
        return placement_rows(session, Scope(unit.unit_id), on=on, with_case=with_case)


def made(rows, on=TODAY, **how):
    return placement_workbook(rows, **{"on": on, "unit_name": "Vuxen", "with_case": True} | how)


def opened(data, *, values=True):
    return load_workbook(io.BytesIO(data), data_only=values).active


def by_heading(page):
    """Return the rows below the headings as dicts; the last one is the sum."""
    table = list(page.iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def test_amounts_and_dates_are_real_ones(unit):
    first = by_heading(opened(made(listed(unit))))[0]
    assert first["Dygnskostnad"] == 1900
    assert first["Från"] == dt.datetime(2024, 2, 1)
    assert first["Planerat slut"] == "tills vidare"
    assert first["Dygnskostnad från"] == dt.datetime(2024, 4, 1)
    assert first["Beslutsdag"] == dt.datetime(2024, 5, 2)
    assert (first["Läge"], first["Antal barn"], first["Avtal"]) == ("pågående", 2, "ramavtal")


def test_the_sums_are_those_of_the_list_the_page_and_the_command_line(unit, capsys):
    rows = listed(unit)
    *_, total = by_heading(opened(made(rows)))
    shown = list_rows(rows).iloc[-1]
    with db.read() as session:
        slug = session.get_one(make.Unit, unit.unit_id).slug
    asked = ["figures", "placements", "--unit", slug, "--on", str(TODAY), "--csv"]
    assert command_line.main(asked) == 0
    head, *lines = capsys.readouterr().out.strip().splitlines()
    separator = ";" if ";" in head else ","
    names = head.split(separator)
    for heading, name in zip(
        MONEY, ("month_cost", "cost_to_date", "committed", "full_year"), strict=True
    ):
        stated = [Decimal(line.split(separator)[names.index(name)]) for line in lines]
        assert Decimal(str(total[heading])) == shown[name] == sum(stated)
    assert total["Placering"] == "Summa"


def test_the_sums_are_formulas_that_follow_the_filter(unit):
    page = opened(made(listed(unit)), values=False)
    headings = [cell.value for cell in page[HEADER]]
    last = HEADER + 4
    for heading in MONEY:
        cell = page.cell(last + 1, headings.index(heading) + 1)
        letter = cell.column_letter
        assert cell.value == f"=SUBTOTAL(109,{letter}{HEADER + 1}:{letter}{last})"
    formulas = [c.value for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) == len(MONEY), "no text has become a formula"
    assert page.auto_filter.ref == f"A{HEADER}:V{last}"


def test_it_prints_across_on_a4_with_the_headings_on_each_page(unit):
    page = opened(made(listed(unit), unit_name="Barn & unga"))
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0, "as many pages as it takes, one across"
    assert page.print_title_rows == f"${HEADER}:${HEADER}"
    assert page.freeze_panes == f"B{HEADER + 1}"
    assert page.oddFooter.left.text == "Barn && unga, läget per 2024-05-27"


def test_who_sees_no_cases_gets_no_columns_about_them(unit):
    page = opened(made(listed(unit, with_case=False), with_case=False))
    headings = {cell.value for cell in page[HEADER]}
    assert not headings & {"Ärende", "Handläggare", "Lagrum", "Antal barn"}
    text = " ".join(str(c.value) for row in page.iter_rows() for c in row)
    assert "AR-0001" not in text


def test_an_empty_list_has_its_headings_and_no_formula(unit):
    page = opened(made(()), values=False)
    assert page.cell(HEADER, 1).value == "Placering"
    assert not [c for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert "Gallrade ärenden" in opened(made((), lacks=True)).cell(2, 1).value


@pytest.mark.parametrize("on", [TODAY, make.day("2024-03-15"), make.day("2024-05-10")])
def test_a_workbook_that_is_read_in_again_changes_nothing(unit, on):
    rows = listed(unit, on)
    assert rows
    file = runs.read_file(KINDS[ImportKind.PLACEMENTS], "lista.xlsx", made(rows, on))
    with db.read() as session:
        shown = runs.preview(session, file, unit_id=unit.unit_id, by=unit.manager)
    faults = [fault for row in shown.rows for fault in row.faults]
    assert faults == []
    assert shown.counts[Effect.UNCHANGED] == len(rows) == len(shown.rows)
    assert file.checked.notes == ()
    assert file.checked.layout.not_understood == ()


def test_every_heading_is_one_that_the_import_reads_or_knows(unit):
    kind = KINDS[ImportKind.PLACEMENTS]
    read = {column.heading for column in kind.columns} | set(kind.loose.passed)
    assert {column.title for column in COLUMNS} <= read
