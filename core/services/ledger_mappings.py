"""Which budget line the ledger's combinations are booked on, as the unit's controller decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from core.auth import Actor, Permission, PermissionDeniedError
from core.clock import now, today
from core.models import Area, BudgetLine, LedgerMapping, LedgerRow, Unit
from core.queries import ledger_facts as facts
from core.queries.ledger_facts import LineMonth, Mapped
from core.rules import ledger as rules
from core.rules.ledger import LEFT_OUT, Combination, LineName
from core.services.base import Checks, ConflictError, Event, already_done, record
from core.services.budget import ALWAYS
from core.services.ledger_outcomes import follow_mapping

FIELD = "line"
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What a combination is to be booked on; its empty cost centre or activity means any.

    `line_id` None and not `left_out`: unmapped again. `left_out` is for what doesn't concern the
    budget. `seen_id` is the mapping that the form showed, None for none: another one since is a
    conflict.
    """

    combination: Combination
    line_id: int | None
    left_out: bool = False
    seen_id: int | None = None


def save_mappings(
    session: Session, choices: Sequence[Choice], *, by: Actor, key: str | None = None
) -> int:
    """Book combinations on budget lines, in every year. Returns the id of the last mapping.

    The outcomes of the months that the combinations have rows in follow at once.

    Raises:
        RefusedError: No combination was chosen, or one lacks its account or comes twice.
        ConflictError: Somebody else has mapped one of them since.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = _unit(by)
    _check(choices)
    wanted = _wanted(session, unit_id, choices)
    # One import or mapping of a unit at a time: both decide the same outcomes.
    session.exec(select(Unit).where(col(Unit.id) == unit_id).with_for_update(key_share=True)).one()
    before = facts.mappings(session, unit_id)
    _same_as_seen(choices, before)
    changed = {c: line for c, line in wanted.items() if _line(before, c) != line}
    if not changed:
        return max((before[c].id for c in wanted if c in before), default=0)
    last_id = _write(session, changed, before, by)
    touched = _touched(session, unit_id, before, facts.mappings(session, unit_id))
    moved = follow_mapping(session, unit_id, touched, by)
    details = {"rows": len(changed), "changed": moved}
    since = [(Area.BUDGET, ALWAYS)]
    event = Event("map_ledger", "ledger_mapping", last_id, unit_id, since, details)
    record(session, event, by=by, key=key)
    return last_id


def _unit(by: Actor) -> int:
    by.require(Permission.EDIT_BUDGET)
    if by.unit_id is None:
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    return by.unit_id


def _check(choices: Sequence[Choice]) -> None:
    checks = Checks()
    checks.refuse_if(not choices, FIELD, "Välj minst en kombination.")
    checks.refuse_if(len(choices) > MOST, FIELD, f"Välj högst {MOST} kombinationer i taget.")
    for one in choices:
        checks.refuse_if(not one.combination.account, FIELD, "Kontot saknas.")
        for part in one.combination:
            checks.guard_text(FIELD, part, longest=20)
    named = Counter(one.combination for one in choices)
    twice = sorted({one.account for one, count in named.items() if count > 1})
    checks.refuse_if(bool(twice), FIELD, f"{', '.join(twice)} har fått två val. Välj ett.")
    checks.done()


def _wanted(
    session: Session, unit_id: int, choices: Sequence[Choice]
) -> dict[Combination, LineName | None]:
    """Return what the combinations are to be mapped to. Denied for a line of another unit."""
    asked = {one.line_id for one in choices if one.line_id is not None}
    rows = session.exec(
        select(BudgetLine)
        .where(col(BudgetLine.id).in_(asked))
        .where(col(BudgetLine.unit_id) == unit_id)
    )
    lines = {row.id: LineName(row.section, row.name) for row in rows}
    if asked - lines.keys():
        raise PermissionDeniedError(Permission.EDIT_BUDGET)
    return {
        one.combination: LEFT_OUT if one.left_out else lines.get(one.line_id) for one in choices
    }


def _same_as_seen(choices: Sequence[Choice], before: dict[Combination, Mapped]) -> None:
    for one in choices:
        held = before.get(one.combination)
        if (None if held is None else held.id) != one.seen_id:
            raise ConflictError("ledger_mapping")


def _line(found: dict[Combination, Mapped], combination: Combination) -> LineName | None:
    held = found.get(combination)
    return None if held is None else held.line


def _write(
    session: Session,
    changed: Mapping[Combination, LineName | None],
    before: Mapping[Combination, Mapped],
    by: Actor,
) -> int:
    """Void what was, and make what is to be. Returns the id of the last row of either."""
    old = [before[combination].id for combination in changed if combination in before]
    for row in session.exec(select(LedgerMapping).where(col(LedgerMapping.id).in_(old))):
        row.voided_at, row.voided_by_id = now(), by.user_id
    session.flush()
    rows = [
        LedgerMapping(
            unit_id=by.unit_id or 0,
            **combination._asdict(),
            section=line.section,
            line=line.line,
            created_by_id=by.user_id,
        )
        for combination, line in changed.items()
        if line is not None
    ]
    session.add_all(rows)
    session.flush()
    return max(row_id for row_id in (*old, *(row.id for row in rows)) if row_id is not None)


def _touched(
    session: Session,
    unit_id: int,
    before: dict[Combination, Mapped],
    after: dict[Combination, Mapped],
) -> Collection[LineMonth]:
    """Return the lines and months whose rows are mapped otherwise than before."""
    rows = session.execute(
        select(
            col(LedgerRow.account),
            col(LedgerRow.cost_centre),
            col(LedgerRow.activity),
            col(LedgerRow.month),
        )
        .where(col(LedgerRow.unit_id) == unit_id)
        .where(col(LedgerRow.voided_at).is_(None))
        .where(col(LedgerRow.booked_on) <= today())
        .distinct()
    )
    was, is_now = facts.lines_of(before), facts.lines_of(after)
    touched = set()
    for *parts, month in rows:
        combination = Combination(*parts)
        old, new = rules.line_of(combination, was), rules.line_of(combination, is_now)
        if old != new:
            touched |= {(line, month) for line in (old, new) if line not in (None, LEFT_OUT)}
    return touched
