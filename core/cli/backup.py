"""The commands `backup` and `restore`: what was copied, what was checked, and what else to keep."""

from __future__ import annotations

import sys
from pathlib import Path

from core import audit_files
from core.config import settings
from core.services import backup
from core.services.backup import Done


def back_up(to: str) -> int:
    """Back up the store while people work. Returns 0 when the copy is written and checked."""
    try:
        done = backup.back_up(Path(to))
    except OSError as error:
        return _complain(f"Säkerhetskopian kunde inte skrivas i {to}: {error.strerror}.")
    print(f"Säkerhetskopian är skriven: {done.path}")
    _print_checks(done)
    if settings().audit_key is None:
        print(
            f"Nyckeln till händelseloggen ligger inte i kopian. Spara också {audit_files.key_path()}, "
            "på ett annat ställe än kopiorna: utan den går ingen kopia att återställa."
        )
    else:
        print("Spara också nyckeln i RT_AUDIT_KEY: utan den går ingen kopia att återställa.")
    return 0


def restore(source: str) -> int:
    """Restore a backup to the configured, empty place. Returns 0 when it is there and checked."""
    try:
        done = backup.restore(Path(source))
    except OSError as error:
        return _complain(f"Säkerhetskopian kunde inte återställas: {error.strerror}.")
    print(f"Säkerhetskopian {done.path} från {done.manifest.made_at} är återställd.")
    _print_checks(done)
    if done.put_aside is not None:
        print(
            f"Loggens dagsslut från tiden efter kopian finns i {done.put_aside}. "
            "Det som skrevs då finns inte i kopian."
        )
    print("Alla är utloggade. Starta appen.")
    return 0


def _print_checks(done: Done) -> None:
    rows = done.manifest.rows
    print(
        f"Kontrollerat: filen hel, {len(rows)} tabeller med {sum(rows.values())} rader som alla "
        f"hänvisar rätt, händelseloggen hel med {done.manifest.events} händelser."
    )


def _complain(text: str) -> int:
    print(text, file=sys.stderr)
    return 1
