"""The command `audit verify`: is the audit log as it was written?"""

from __future__ import annotations

import sys

from sqlalchemy import inspect

from core import audit_files, db
from core.models import AuditLink
from core.services import audit_check


def verify() -> int:
    """Check the audit log's chain and print what was found. Returns 0 if it holds, 1 if not."""
    db.attach()
    if not inspect(db.engine()).has_table(AuditLink.__tablename__):
        return _complain("Databasen har en äldre version, utan kedja. Starta appen en gång.")
    try:
        with db.read() as session:
            verdict = audit_check.check(session)
    except OSError as error:
        path = audit_files.heads_path()
        return _complain(f"Loggen är hel men slutet kunde inte skrivas i {path}: {error.strerror}.")
    if verdict.fault is not None:
        return _complain(
            f"Händelseloggen är inte hel. {verdict.fault} "
            f"Händelserna 1-{verdict.events} är som de skrevs."
            if verdict.events
            else f"Händelseloggen är inte hel. {verdict.fault}"
        )
    print(
        f"Händelseloggen är hel: {verdict.events} händelser, jämförda med {verdict.heads} "
        f"nedskrivna dagsslut i {audit_files.heads_path()}."
    )
    if verdict.unchained:
        print(
            f"Händelserna 1-{verdict.unchained} skrevs innan loggen fick sin kedja: för dem gäller "
            "det som stod där då."
        )
    return 0


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return 1
