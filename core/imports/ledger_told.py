"""What is told of a whole ledger before it is saved: its sum in parts, and what must be confirmed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from core.imports.kinds import FOLLOWS, Asked, Planned, Target
from core.imports.ledger_values import kronor
from core.queries import ledger_facts as facts
from core.queries.ledger_facts import LineId
from core.rules import ledger as rules
from core.rules.dates import next_month
from core.rules.ledger import Amounts, Combination, LineName, Sums

MONTHS = 12
TOLD = 5


def line_month(line: LineName, month: dt.date) -> str:
    """Return a line's month in words."""
    return f"Utfall {month:%Y-%m} {line.section}: {line.line}"


def left_because(month: dt.date, today: dt.date, years: Collection[int]) -> str:
    """Return why a month isn't read, empty for one that is."""
    if next_month(month) > today:
        return f"{month:%Y-%m} är inte slut och läses inte. Hämta månaden när den är slut."
    if month.year not in years:
        return f"Enheten har ingen budget för {month.year}, så året läses inte."
    return ""


@dataclass(frozen=True, slots=True)
class _File:
    """A ledger's amounts that are read, those that aren't by why, and the unit's lines by year."""

    amounts: Amounts
    left: Mapping[str, list[Decimal]]
    to: Mapping[Combination, LineName]
    lines: Mapping[tuple[int, LineName], LineId]

    def sums(self) -> Sums:
        """Return the total of what is read in parts, each year by its own lines."""
        years = {month.year for _combination, month in self.amounts}
        parts = [
            rules.sums(
                {key: amount for key, amount in self.amounts.items() if key[1].year == year},
                self.to,
                {line for of, line in self.lines if of == year},
            )
            for year in sorted(years)
        ]
        by_line: defaultdict[LineName, Decimal] = defaultdict(Decimal)
        for part in parts:
            for line, amount in part.by_line.items():
                by_line[line] += amount
        return Sums(
            dict(by_line),
            sum((part.unmapped for part in parts), Decimal(0)),
            sum((part.left_out for part in parts), Decimal(0)),
        )


def asks(session: Session, target: Target, planned: Sequence[Planned]) -> Asked:
    """Tell of a ledger's sum in parts and of corrections; ask about what looks wrong.

    Nothing is told of a file at fault: its sums would lack rows.
    """
    if any(one.faults for one in planned):
        return Asked()
    rows = [one for one in planned if one.row.number != FOLLOWS]
    left: defaultdict[str, list[Decimal]] = defaultdict(list)
    amounts: Amounts = {}
    for one in rows:
        row = one.row
        if one.note:
            left[one.note].append(row["amount"])
            continue
        key = Combination(row["account"], row["cost_centre"], row["activity"]), row["month"]
        amounts[key] = row["amount"]
    to = facts.lines_of(facts.mappings(session, target.unit_id))
    lines = facts.lines(session, target.unit_id, {month.year for _one, month in amounts})
    file = _File(amounts, left, to, lines)
    return Asked(
        (*_notes(file), *_corrections(planned)),
        (*_gone(planned), *_thousands(file), *_signs(file)),
    )


def _notes(file: _File) -> Iterator[str]:
    for why, amounts in file.left.items():
        yield f"{why} {_rows(len(amounts))}, {kronor(sum(amounts, Decimal(0)))} kr."
    found = file.sums()
    left = sum((amount for part in file.left.values() for amount in part), Decimal(0))
    parts = [
        (sum(found.by_line.values(), Decimal(0)), "på budgetposter"),
        (found.unmapped, "inte kopplat till någon budgetpost"),
        (found.left_out, "räknas inte hit"),
        (left, "läses inte"),
    ]
    told = " + ".join(f"{kronor(amount)} {what}" for amount, what in parts if amount)
    yield f"Filens summa {kronor(found.total + left)} kr{f' = {told}' if told else ''}."
    free = unmapped(file.amounts, file.to, {(year, line) for year, line in file.lines})
    if free:
        count = len({combination for combination, _month in free})
        yield (
            f"{_combinations(count)} saknar koppling till budgetpost: "
            f"{kronor(sum(free.values(), Decimal(0)))} kr. Det syns överst på sidan Huvudbok och räknas "
            "in i utfallet när det har kopplats."
        )


def unmapped(
    amounts: Amounts, to: Mapping[Combination, LineName], lines: Collection[tuple[int, LineName]]
) -> Amounts:
    """Return the amounts that no line of their year takes and that aren't left out on purpose."""
    found = {}
    for (combination, month), amount in amounts.items():
        line = rules.line_of(combination, to)
        if line is None or (line != rules.LEFT_OUT and (month.year, line) not in lines):
            found[combination, month] = amount
    return found


def _corrections(planned: Sequence[Planned]) -> Iterator[str]:
    """Tell of outcomes that were booked and become another amount."""
    changed = [
        change
        for one in planned
        if one.about
        for change in one.changes
        if change.old is not None and change.new is not None
    ]
    if changed:
        moved = sum((change.new - change.old for change in changed), Decimal(0))
        booked = "1 bokfört utfall" if len(changed) == 1 else f"{len(changed)} bokförda utfall"
        yield (
            f"Rättelser: {booked} (budgetpost och månad) ändras, tillsammans {kronor(moved)} kr."
        )


def _gone(planned: Sequence[Planned]) -> Iterator[str]:
    gone = [one for one in planned if one.row.number == FOLLOWS and not one.about]
    if gone:
        was = sum((change.old for one in gone for change in one.changes), Decimal(0))
        words = [
            " ".join([*filter(None, (one.row[n] for n in rules.Combination._fields))])
            + f" {one.row['month']:%Y-%m}"
            for one in gone[:TOLD]
        ]
        more = " med flera" if len(gone) > TOLD else ""
        yield (
            f"{_combinations(len(gone))} som fanns förut saknas nu i filen och blir 0: {kronor(was)} kr "
            f"({', '.join(words)}{more}). Är filen hela månaden för sina kostnadsställen?"
        )


def _thousands(file: _File) -> Iterator[str]:
    """Ask if the amounts are about a thousandth of the budget for as many months."""
    found, expected = _against_budget(file)
    if rules.looks_like_thousands(found, expected):
        yield (
            f"Filens belopp är {kronor(found)}, men budgeten för samma månader är "
            f"{kronor(expected)} kr. Är beloppen verkligen i kronor, inte i tusental?"
        )


def _against_budget(file: _File) -> tuple[Decimal, Decimal]:
    """Return the amounts on mapped lines and their budget for the months, or of all lines."""
    outcomes = rules.outcomes(file.amounts, file.to)
    mapped = {
        (line, month): amount
        for (line, month), amount in outcomes.items()
        if (month.year, line) in file.lines
    }
    if mapped:
        budgets = [file.lines[month.year, line].amount for line, month in mapped]
        found = sum(mapped.values(), Decimal(0))
    else:
        months = {month for _combination, month in file.amounts}
        budgets = [
            line.amount
            for month in months
            for (year, _n), line in file.lines.items()
            if year == month.year
        ]
        found = sum(file.amounts.values(), Decimal(0))
    return found, (sum(budgets, Decimal(0)) / MONTHS).quantize(Decimal(1))


def _signs(file: _File) -> Iterator[str]:
    """Ask about lines whose sum has another sign than their budget."""
    by_line: defaultdict[tuple[int, LineName], Decimal] = defaultdict(Decimal)
    for (line, month), amount in rules.outcomes(file.amounts, file.to).items():
        by_line[month.year, line] += amount
    turned = [
        f"{line.line} (budget {kronor(file.lines[year, line].amount)}, filen {kronor(amount)})"
        for (year, line), amount in sorted(by_line.items())
        if (year, line) in file.lines and amount * file.lines[year, line].amount < 0
    ]
    if turned:
        more = " med flera" if len(turned) > TOLD else ""
        yield (
            f"Omvänt tecken mot budgeten: {', '.join(turned[:TOLD])}{more}. Kostnader ska vara plus och "
            "intäkter minus. Stämmer det?"
        )


def _rows(count: int) -> str:
    return "1 rad" if count == 1 else f"{count} rader"


def _combinations(count: int) -> str:
    return "1 kombination" if count == 1 else f"{count} kombinationer"
