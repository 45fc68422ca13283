"""The monthly round of prognoses: opened and filled in by the controller, approved by the manager.

A round's month is the one it is made in. Drafts are saved line by line and move no figure; the
approval writes each line's prognosis, dated the round's day, and locks the round.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlmodel import Session

from core.auth import Actor, Permission, Scope
from core.clock import now, today
from core.models import Area, Prognosis, PrognosisRound, PrognosisRoundLine
from core.queries.budget import budget_table
from core.queries.prognosis_rounds import RoundView, round_view
from core.rules.dates import month_end, month_start
from core.rules.prognosis_round import Passed, whole_kronor
from core.services.base import Checks, Event, already_done, record
from core.services.conflicts import same_version
from core.services.prognosis_round_inputs import LineChoice
from core.services.questions import Questions
from core.services.round_checks import (
    ask_about_unit,
    check_amount,
    check_state,
    latest_made,
    latest_version,
    lines_of,
    lock_unit,
    reachable_line,
    reachable_round,
    unit_of,
)
from core.services.round_filling import fill
from core.terms import PrognosisMethod, RoundState

WRITTEN_WHEN_PASSED = {
    Passed.DEVIATION: "avvikelsen mot budgeten",
    Passed.CHANGE: "ändringen sedan förra månaden",
}


def open_round(session: Session, month: dt.date, *, by: Actor, key: str | None = None) -> int:
    """Open the round of a month, given as any day of it, pre-filled. Returns the round's id.

    The amounts are each line's latest prognosis; outcome and computed prognoses are those known on
    the round's day: today, or the last day of a month that has ended.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    unit_id = unit_of(by, Permission.EDIT_BUDGET)
    lock_unit(session, unit_id)
    first = month_start(month)
    checks = Checks()
    checks.refuse_if(first > today(), "month", "Månaden har inte börjat. Välj en tidigare.")
    latest = latest_version(session, unit_id, first)
    checks.refuse_if(latest is not None, "month", "Månaden har redan en runda. Öppna den i listan.")
    made_on = min(today(), month_end(first))
    has_lines = bool(budget_table(session, Scope(unit_id), on=made_on).lines)
    checks.refuse_if(not has_lines, "month", f"Budgeten för {first.year} har inga poster än.")
    checks.done()
    row = PrognosisRound(unit_id=unit_id, month=first, made_on=made_on, created_by_id=by.user_id)
    session.add(row)
    session.flush()
    fill(session, row, {})
    return _done(session, "open", row, by, key)


def open_version(session: Session, round_id: int, *, by: Actor, key: str | None = None) -> int:
    """Open a new version of an approved round, filled in as that one. Returns the new one's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    former = reachable_round(session, round_id, by, Permission.EDIT_BUDGET)
    latest = latest_version(session, former.unit_id, former.month)
    checks = Checks()
    checks.refuse_if(
        former.state is not RoundState.APPROVED,
        "round",
        "Rundan är inte godkänd än. Ändra i den i stället.",
    )
    checks.refuse_if(
        latest is not None and latest.id != former.id,
        "round",
        "Det finns redan en senare version av rundan.",
    )
    checks.done()
    row = PrognosisRound(
        unit_id=former.unit_id,
        month=former.month,
        number=former.number + 1,
        made_on=min(today(), month_end(former.month)),
        created_by_id=by.user_id,
    )
    session.add(row)
    session.flush()
    fill(session, row, {line.line_id: line for line in lines_of(session, former)})
    return _done(session, "open", row, by, key)


def refresh(
    session: Session, round_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Fetch outcome and computed prognoses anew into an open round. Returns its id.

    Chosen methods follow to their new amounts, typed amounts stay, and lines that the budget has got
    since are added.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_round(session, round_id, by, Permission.EDIT_BUDGET)
    check_state(row, RoundState.OPEN)
    same_version(row, version)
    row.made_on = min(today(), month_end(row.month))
    fill(session, row, {})
    return _done(session, "refresh", row, by, key)


def save_line(
    session: Session,
    line_id: int,
    choice: LineChoice,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Save a draft of a line (the round line's id). Returns that id.

    What must be commented is asked for when the round is handed over, so that half a line can be
    kept. An amount that looks typed in the wrong unit is asked about.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    line, row = reachable_line(session, line_id, by, Permission.EDIT_BUDGET)
    check_state(row, RoundState.OPEN)
    same_version(line, version)
    checks = Questions(confirmed=choice.confirmed)
    amount = _chosen(line, choice, checks)
    checks.guard_text("comment", choice.comment, longest=500)
    checks.done()
    line.method, line.amount, line.comment = choice.method, amount, choice.comment.strip()
    details = {"round_id": row.id, "method": choice.method, "amount": amount}
    event = Event("change", "prognosis_round_line", line.id, row.unit_id, (), details)
    return _done_line(session, line, event, by, key)


def hand_over(
    session: Session, round_id: int, *, version: int, by: Actor, key: str | None = None
) -> int:
    """Hand a filled-in round over to the unit's manager. Returns its id.

    Refused at each line (`line-<id of the round's line>`) without an amount, or without a comment
    where a limit is passed.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_round(session, round_id, by, Permission.EDIT_BUDGET)
    check_state(row, RoundState.OPEN)
    same_version(row, version)
    view = _view(session, row)
    checks = Checks()
    for line in view.without_amount:
        checks.refuse_if(
            True, f"line-{line.id}", f"{line.line}: välj metod eller skriv ett belopp."
        )
    for line in view.unexplained:
        passed = " och ".join(WRITTEN_WHEN_PASSED[one] for one in line.passed(view.limits))
        message = f"{line.line}: kommentera, {passed} passerar gränsen."
        checks.refuse_if(True, f"line-{line.id}", message)
    checks.done()
    row.state, row.submitted_at, row.submitted_by_id = RoundState.SUBMITTED, now(), by.user_id
    return _done(session, "hand_over", row, by, key)


def comment_line(
    session: Session,
    line_id: int,
    comment: str,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Save what the manager says of a line of a round handed over. Returns the round line's id."""
    done = already_done(session, key)
    if done is not None:
        return done
    line, row = reachable_line(session, line_id, by, Permission.APPROVE_PROGNOSIS)
    check_state(row, RoundState.SUBMITTED)
    same_version(line, version)
    checks = Checks()
    checks.guard_text("manager_comment", comment, longest=500)
    checks.done()
    line.manager_comment = comment.strip()
    details = {"round_id": row.id}
    event = Event("comment", "prognosis_round_line", line.id, row.unit_id, (), details)
    return _done_line(session, line, event, by, key)


def send_back(
    session: Session,
    round_id: int,
    comment: str,
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Send a round back to the controller with what is to be changed. Returns its id."""
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_round(session, round_id, by, Permission.APPROVE_PROGNOSIS)
    check_state(row, RoundState.SUBMITTED)
    same_version(row, version)
    checks = Checks()
    checks.refuse_if(not comment.strip(), "comment", "Skriv vad som behöver ändras.")
    checks.guard_text("comment", comment, longest=1000)
    checks.done()
    row.state, row.manager_comment = RoundState.OPEN, comment.strip()
    row.submitted_at = row.submitted_by_id = None
    return _done(session, "send_back", row, by, key)


def approve(
    session: Session,
    round_id: int,
    comment: str = "",
    *,
    version: int,
    by: Actor,
    key: str | None = None,
) -> int:
    """Approve a round handed over: write every line's prognosis and lock it. Returns its id.

    The prognoses carry the controller's comments. They are dated the round's day, or the day of a
    prognosis that was made outside the round since, so that what was approved holds over it.
    """
    done = already_done(session, key)
    if done is not None:
        return done
    row = reachable_round(session, round_id, by, Permission.APPROVE_PROGNOSIS)
    check_state(row, RoundState.SUBMITTED)
    same_version(row, version)
    checks = Checks()
    checks.guard_text("comment", comment, longest=1000)
    checks.done()
    since = latest_made(session, row, by=min(today(), month_end(row.month)))
    for line in lines_of(session, row):
        assert line.amount is not None  # noqa: S101  (asked for when it was handed over)
        made = Prognosis(
            line_id=line.line_id,
            amount=line.amount,
            made_on=max(row.made_on, since.get(line.line_id, row.made_on)),
            comment=line.comment,
            created_by_id=row.submitted_by_id,
        )
        session.add(made)
        session.flush()
        line.prognosis_id = made.id
        session.add(line)
    row.state, row.manager_comment = RoundState.APPROVED, comment.strip()
    row.approved_at, row.approved_by_id = now(), by.user_id
    return _done(session, "approve", row, by, key, moves=True)


def _chosen(line: PrognosisRoundLine, choice: LineChoice, checks: Questions) -> Decimal | None:
    """Return a line's amount as chosen, and note what is wrong with it or unlikely."""
    if choice.method is not None:
        computed: Decimal | None = getattr(line, choice.method.value)
        checks.refuse_if(computed is None, "method", "Metoden har inget värde för den här posten.")
        return whole_kronor(computed)
    if choice.amount is None:
        return None
    check_amount(checks, "amount", choice.amount)
    known = [line.budget, line.before, line.outcome_to_date]
    known += [getattr(line, method.value) for method in PrognosisMethod]
    ask_about_unit(checks, choice.amount, known)
    return choice.amount


def _view(session: Session, row: PrognosisRound) -> RoundView:
    found = round_view(session, Scope(row.unit_id), month=row.month, number=row.number)
    assert found is not None  # noqa: S101  (the row is there)
    return found


def _done(
    session: Session,
    action: str,
    row: PrognosisRound,
    by: Actor,
    key: str | None,
    *,
    moves: bool = False,
) -> int:
    """Write a round and its event; only an approval moves figures. Returns the round's id."""
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  (flushed above)
    moved = [(Area.BUDGET, row.made_on)] if moves else []
    details = {"month": row.month, "number": row.number, "made_on": row.made_on}
    event = Event(action, "prognosis_round", row.id, row.unit_id, moved, details)
    record(session, event, by=by, key=key)
    return row.id


def _done_line(
    session: Session, line: PrognosisRoundLine, event: Event, by: Actor, key: str | None
) -> int:
    """Write a line and its event, which moves no figure. Returns the line's id."""
    session.add(line)
    session.flush()
    record(session, event, by=by, key=key)
    assert line.id is not None  # noqa: S101  (a stored row)
    return line.id
