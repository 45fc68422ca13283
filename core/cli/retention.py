"""The command `retention`: remove closed cases whose time is up, or say what it would remove."""

from __future__ import annotations

from core import clock, db
from core.queries import retention as queries
from core.queries.retention import Preview
from core.services import retention


def run(*, dry_run: bool) -> int:
    """Remove, or with `dry_run` only tell, and return the exit code."""
    db.attach()
    with db.read() as session:
        months = queries.term(session)
        found = queries.preview(session, on=clock.today())
    if not found.cases:
        print(f"Inget att ta bort: inga ärenden avslutade senast {found.closed_through}.")
        return 0
    _tell(found, months)
    if dry_run:
        print("Inget är ändrat. Kör utan --dry-run för att ta bort.")
        return 0
    with db.write() as session:
        retention.remove(session, by=None, expected=found.cases)
    print(f"Borttagna ärenden, med allt som hör till dem: {found.cases}. Siffrorna är desamma.")
    return 0


def _tell(found: Preview, months: int) -> None:
    print(f"Avslutade ärenden sparas {months} månader.")
    print(f"Tiden är ute för ärenden som avslutats senast {found.closed_through}:")
    for word, number in found.rows:
        print(f"  {number:>8}  {word}")
