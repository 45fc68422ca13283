"""Untidy placement lists as workbooks: what people keep in Excel. All names and cases are made up."""

import datetime as dt
import io
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill

YELLOW = PatternFill("solid", fgColor="FFFFFF00")
GREY = PatternFill("solid", fgColor="FFDDDDDD")
HEADINGS = (
    "Placering",
    "Ärende",
    "Slag",
    "Lagrum",
    "Avtal",
    "Utförare",
    "Antal barn",
    "Från",
    "Planerat slut",
    "Avslutad",
    "Dygnskostnad",
    "Beslutsdag",
    "Beslutsfattare",
)


@dataclass
class Listed:
    """A row of a list, by heading."""

    reference: str
    case: str
    kind: str = "HVB"
    basis: str = "SoL"
    contract: str = "ramavtal"
    provider: str = "Björken"
    children: int = 0
    starts_on: object = dt.date(2024, 2, 1)
    planned_end: object = dt.date(2024, 8, 31)
    ended_on: object = None
    rate: object = 1850
    decided_on: object = dt.date(2024, 1, 25)
    decided_by: str = "Chefen"

    def cells(self):
        """Return the row's cells in the order of `HEADINGS`."""
        return [
            self.reference,
            self.case,
            self.kind,
            self.basis,
            self.contract,
            self.provider,
            self.children,
            self.starts_on,
            self.planned_end,
            self.ended_on,
            self.rate,
            self.decided_on,
            self.decided_by,
        ]


@dataclass
class Ugly:
    """A workbook under construction, row by row; keeps which row each placement stands in."""

    book: Workbook = field(default_factory=Workbook)
    row: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def page(self):
        return self.book.active

    def write(self, *cells, **look):
        """Write a row; returns its number."""
        self.row += 1
        for place, value in enumerate(cells, start=1):
            if value is not None:
                cell = self.page.cell(self.row, place, value)
                for name, style in look.items():
                    setattr(cell, name, style)
        return self.row

    def blank(self, count=1):
        self.row += count

    def wide(self, text, width=13):
        """Write a text over merged cells."""
        number = self.write(text, fill=GREY)
        self.page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        return number

    def bytes(self):
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()


def plain(*listed, headings=HEADINGS):
    """Return a list that is a table and nothing else."""
    ugly = Ugly()
    ugly.write(*headings)
    for one in listed:
        ugly.rows[one.reference or one.case] = ugly.write(*one.cells())
    return ugly


def ugly_list(*sections, total=None, subtotals=True):
    """Return a list with titles, two rows of merged headings, sections, sums, colours and notes.

    `sections` are (heading, rows of `Listed`); the rates are numbers or texts of whole kronor.
    `total` is what the sum row states, by default the truth.
    """
    ugly = Ugly()
    ugly.wide("Placeringslista Vuxen 2024")
    ugly.write("Uppdaterad 2024-05-20 av assistenten", None, None, None, "OBS sekretess")
    ugly.blank()
    first = ugly.write(
        "Placering",
        "Ärende",
        "Insats",
        None,
        None,
        None,
        None,
        "Tid",
        None,
        None,
        "Kostnad",
        "Beslut",
        None,
        "Anm",
    )
    second = ugly.write(
        None,
        None,
        "Slag",
        "Lagrum",
        "Avtal",
        "Utförare",
        "Antal barn",
        "Från",
        "Planerat slut",
        "Avslutad",
        "Dygnskostnad (kr)",
        "Beslutsdag",
        "Beslutsfattare",
        None,
    )
    for columns in ("A", "B", "N"):
        ugly.page.merge_cells(f"{columns}{first}:{columns}{second}")
    for span in ("C4:G4", "H4:J4", "L4:M4"):
        ugly.page.merge_cells(span)
    whole = 0
    for heading, listed in sections:
        ugly.wide(heading)
        added = 0
        for one in listed:
            ugly.rows[one.reference or one.case] = ugly.write(*one.cells())
            added += kronor(one.rate)
        ugly.page.cell(ugly.row, 1).fill = YELLOW
        ugly.page.cell(ugly.row, 6).font = Font(strike=True)
        if subtotals:
            ugly.write(*sum_row(f"Summa {heading}", added), font=Font(bold=True))
        ugly.blank(2)
        whole += added
    stated = whole if total is None else total
    ugly.rows["total"] = ugly.write(*sum_row("TOTALT", stated), font=Font(bold=True))
    ugly.blank()
    ugly.write("* Gula rader är på väg att avslutas.")
    ugly.write("Frågor: ring assistenten")
    return ugly


def sum_row(label, amount):
    return [label, *[None] * 9, amount]


def kronor(rate):
    """Return the whole kronor of a rate, also a text."""
    return rate if isinstance(rate, int) else int("".join(c for c in str(rate) if c.isdigit()))
