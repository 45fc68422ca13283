"""The ledger (huvudbok): what is booked by account, cost centre, activity and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlmodel import Session

from core.imports.files import FileRefusedError
from core.imports.kinds import (
    FOLLOWS,
    Change,
    Column,
    Fault,
    Gathered,
    Insert,
    Kind,
    Planned,
    Row,
    Target,
    Transactions,
)
from core.imports.ledger_told import asks, left_because, line_month
from core.imports.ledger_values import amount, code, is_sum, kronor, period
from core.imports.values import date, month_shown, text
from core.models import Area, LedgerRow, Outcome
from core.queries import ledger_facts as facts
from core.queries.ledger_facts import OutcomeChange
from core.rules import ledger as rules
from core.rules.ledger import LEFT_OUT, Amounts, Combination
from core.services.ledger_outcomes import follow_undone
from core.terms import ImportKind

KEY = ("account", "cost_centre", "activity", "month")
AMOUNTS, PERIODS = ("amount", "debit", "credit"), ("month", "day")


def gather(rows: Sequence[Row], titles: Mapping[str, str]) -> Gathered:
    """Add up transactions by account, cost centre, activity and month."""
    _check_headings(titles)
    added: dict[tuple[Combination, dt.date], Decimal] = {}
    numbers: dict[tuple[Combination, dt.date], int] = {}
    wrong: dict[int, tuple[Row, list[Fault]]] = {}
    for row in rows:
        month = row["month"] or (row["day"] and row["day"].replace(day=1))
        given = _amount(row)
        if month is None or given is None:
            lacks = "Perioden" if month is None else "Beloppet"
            wrong[row.number] = (row, [Fault("", f"{lacks} saknas i raden.")])
            continue
        key = (Combination(*(row[name] or "" for name in KEY[:3])), month)
        added[key] = added.get(key, Decimal(0)) + given
        numbers.setdefault(key, row.number)
    found = [
        Row(numbers[key], dict(zip(KEY, (*key[0], key[1]), strict=True)) | {"amount": total})
        for key, total in added.items()
    ]
    read = len(rows) - len(wrong)
    told = (
        f"{read} rader i filen är lagda ihop till {len(found)}: en för varje konto, kostnadsställe, "
        "verksamhet och månad."
    )
    return Gathered(found, wrong, (told,) if read > len(found) else ())


def _check_headings(titles: Mapping[str, str]) -> None:
    for names, what in ((AMOUNTS, "”Belopp”"), (PERIODS, "”Period”")):
        if not any(name in titles for name in names):
            msg = f"Kolumnen {what} saknas i rubrikraden. Ändra rubriken eller utgå från mallen."
            raise FileRefusedError(msg)
    for name in AMOUNTS:
        title = titles.get(name, "").casefold()
        if any(word in title for word in ("tkr", "tsek", "tusen", "mkr", "mnkr")):
            msg = (
                f"Kolumnen ”{titles[name]}” är inte i hela kronor. Hämta exporten i kronor och välj "
                "den igen."
            )
            raise FileRefusedError(msg)


def _amount(row: Row) -> Decimal | None:
    given: Decimal | None = row["amount"]
    debit: Decimal | None = row["debit"]
    credit: Decimal | None = row["credit"]
    if given is not None:
        return given
    if debit is None and credit is None:
        return None
    return (debit or Decimal(0)) - abs(credit or Decimal(0))


def plan(session: Session, target: Target, rows: Sequence[Row]) -> list[Planned]:
    """Compare a ledger's months with the store; the lines' outcomes follow from all of it."""
    years = facts.years_with_budget(session, target.unit_id)
    left = {row.number: left_because(row["month"], target.today, years) for row in rows}
    given = {_key(row): row["amount"] for row in rows if not left[row.number]}
    months = {month for _combination, month in given}
    stored = facts.amounts(session, target.unit_id, months, on=target.today)
    gone = rules.missing(stored, given.keys())
    after: Amounts = stored | given | dict.fromkeys(gone, Decimal(0))
    to = facts.lines_of(facts.mappings(session, target.unit_id))
    touched = {
        (line, month)
        for combination, month in (*given, *gone)
        if (line := rules.line_of(combination, to)) is not None and line != LEFT_OUT
    }
    changed = facts.changes(session, target.unit_id, after, to, touched, on=target.today)
    return [
        *(_planned(row, target, stored, left[row.number]) for row in rows),
        *(_outcome(one, target) for one in changed),
        *(_gone(combination, month, stored, target) for combination, month in gone),
    ]


def _key(row: Row) -> tuple[Combination, dt.date]:
    return Combination(row["account"], row["cost_centre"], row["activity"]), row["month"]


def _planned(row: Row, target: Target, stored: Amounts, left: str) -> Planned:
    planned = Planned(row, note=left)
    combination, month = _key(row)
    old = stored.get((combination, month))
    if left or old == row["amount"]:
        return planned
    if old is None:
        planned.all_new()
    else:
        planned.changes.append(Change("amount", old, row["amount"]))
    planned.writes.append(_ledger_row(combination, month, row["amount"], target))
    planned.moved.append((Area.BUDGET, target.today))
    return planned


def _gone(combination: Combination, month: dt.date, stored: Amounts, target: Target) -> Planned:
    """Plan the 0 of a combination that the file no longer has in a month that it holds."""
    values = dict(zip(KEY, (*combination, month), strict=True)) | {"amount": Decimal(0)}
    return Planned(
        Row(FOLLOWS, values),
        changes=[Change("amount", stored[combination, month], Decimal(0))],
        writes=[_ledger_row(combination, month, Decimal(0), target)],
        moved=[(Area.BUDGET, target.today)],
        note="Saknas nu i filen.",
    )


def _ledger_row(combination: Combination, month: dt.date, given: Decimal, target: Target) -> Insert:
    return Insert(
        LedgerRow,
        {
            "unit_id": target.unit_id,
            "month": month,
            **combination._asdict(),
            "amount": given,
            "booked_on": target.today,
        },
    )


def _outcome(one: OutcomeChange, target: Target) -> Planned:
    values = {
        "line_id": one.line_id,
        "month": one.month,
        "amount": one.new,
        "booked_on": target.today,
        "from_ledger": True,
    }
    return Planned(
        Row(FOLLOWS, {"month": one.month}),
        is_new=one.old is None,
        changes=[Change("amount", one.old, one.new)],
        writes=[Insert(Outcome, values)],
        moved=[(Area.BUDGET, target.today)],
        about=line_month(one.line, one.month),
        note="Beloppet var inskrivet för hand." if one.typed else "",
    )


LEDGER = Kind(
    code=ImportKind.LEDGER,
    lead=(
        "Bokfört utfall per konto, kostnadsställe, verksamhet och månad, ur ekonomisystemets huvudbok. "
        "Kopplingarna till budgetposter görs på sidan Huvudbok och finns kvar till nästa fil."
    ),
    rules=(
        "Rader för samma konto, kostnadsställe, verksamhet och månad läggs ihop. Summarader läses inte.",
        "Kostnader läses som plus och intäkter som minus, som i huvudboken: debet minus kredit.",
        (
            "Filen gäller hela månaden för varje kostnadsställe i den. Det som fanns förut men saknas nu "
            "blir 0, efter en fråga. Månader och kostnadsställen som inte finns i filen lämnas som de är."
        ),
        (
            "Utfallet på varje budgetpost blir summan av det som är kopplat till posten, från i dag. Det som "
            "inte är kopplat visas och summeras på sidan Huvudbok."
        ),
        "En månad läses när den är slut. År utan budget läses inte. Period 13 hör till december.",
        "En godkänd prognosomgång behåller sina siffror, även när utfallet rättas efteråt.",
    ),
    columns=(
        Column(
            "account",
            "Konto",
            "Kontots nummer. Namnet får stå efter.",
            code,
            example="4511",
            required=True,
            also=("kontonr", "kontonummer", "kontokod", "kto", "acct", "account number"),
        ),
        Column(
            "cost_centre",
            "Kostnadsställe",
            "Kostnadsställe eller ansvar. Får vara tomt.",
            code,
            example="1210",
            also=("kst", "kostnadsst", "k-ställe", "ansvar", "ansv", "enhet", "cost center"),
        ),
        Column(
            "activity",
            "Verksamhet",
            "Verksamhet eller aktivitet. Får vara tomt.",
            code,
            example="575",
            also=("vht", "verks", "vsh", "verksamhetskod", "aktivitet", "akt", "function"),
        ),
        Column(
            "month",
            "Period",
            "Månaden, till exempel 2024-05, 202405 eller maj 2024.",
            period,
            example=dt.date(2024, 3, 1),
            also=("månad", "per", "bokföringsperiod", "redovisningsperiod", "period (månad)"),
            show=month_shown,
        ),
        Column(
            "amount",
            "Belopp",
            "Kronor. Intäkter med minus.",
            amount,
            example=Decimal("48250.50"),
            also=("bel", "utfall", "belopp sek", "belopp kr", "nettobelopp", "netto", "bokfört"),
            show=kronor,
        ),
        Column("debit", "Debet", "Om beloppet är delat på två kolumner.", amount, show=kronor),
        Column("credit", "Kredit", "Om beloppet är delat på två kolumner.", amount, show=kronor),
        Column(
            "day",
            "Bokföringsdatum",
            "Läses bara där perioden saknas.",
            date,
            also=(
                "bokf.datum",
                "bokfdatum",
                "verifikationsdatum",
                "verdatum",
                "ver.datum",
                "datum",
            ),
        ),
        Column(
            "account_name",
            "Konto (T)",
            "Kontots namn. Läses inte in.",
            text(200),
            also=("konto(t)", "kontonamn", "kontobenämning", "kontotext"),
        ),
        Column(
            "cost_centre_name",
            "Kst (T)",
            "Kostnadsställets namn. Läses inte in.",
            text(200),
            also=("kst(t)", "kostnadsställe (t)", "kostnadsställe(t)", "ansvar (t)", "ansvar(t)"),
        ),
        Column(
            "activity_name",
            "Verksamhet (T)",
            "Verksamhetens namn. Läses inte in.",
            text(200),
            also=("verksamhet(t)", "aktivitet (t)", "aktivitet(t)", "vht (t)", "vht(t)"),
        ),
    ),
    key=KEY,
    plan=plan,
    transactions=Transactions(is_sum, gather),
    asks=asks,
    undone=follow_undone,
)
