"""What each command does. Prints Swedish; faults go to standard error."""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Callable

from sqlmodel import col, select

from core import clock, db
from core.auth import ROLE_NAMES, Role, Scope
from core.cli import audit, backup, imports, retention
from core.cli import figures as figures_cli
from core.cli.check import faults
from core.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoError, fill_demo
from core.models import Group, Unit, User
from core.services import units, users
from core.services.audit import record_read
from core.services.base import RefusedError


class CommandError(Exception):
    """The command can't be carried out; its text says why and what to do, in Swedish."""


def run(options: argparse.Namespace) -> int:
    """Carry out a parsed command and return its exit code."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "demo": demo,
        "init": init,
        "check": check,
        "user": user,
        "audit": lambda _options: audit.verify(),
        "figures": figures,
        "import": imports.run,
        "backup": lambda given: backup.back_up(given.to),
        "restore": lambda given: backup.restore(given.source),
        "retention": lambda given: retention.run(dry_run=given.dry_run),
    }
    try:
        return commands[options.command](options)
    except RefusedError as refused:
        for error in refused.errors:
            _complain(error.message)
        return 1
    except (CommandError, DemoError, db.StoreNotReadyError, ValueError) as error:
        _complain(str(error))
        return 1


def demo(options: argparse.Namespace) -> int:
    """Fill an empty store with made-up data and print the demo accounts."""
    db.open_store()
    if options.if_empty and not _is_empty():
        if db.store_info().is_demo:
            _print_accounts()
        return 0
    fill_demo()
    _print_accounts()
    return 0


def init(options: argparse.Namespace) -> int:
    """Make an empty store with a unit and an admin, and print the one-time password."""
    db.open_store()
    if not _is_empty():
        msg = "Databasen har redan innehåll. Lägg till konton med: python -m core user add"
        raise CommandError(msg)
    with db.write() as session:
        units.create_unit(
            session,
            slug=options.slug or slug_of(options.unit),
            name=options.unit,
            reference_format=options.reference,
            groups=options.group,
            by=None,
        )
        password = users.add_user(
            session,
            users.NewUser(username=options.admin, name="Systemansvarig", role=Role.ADMIN),
            by=None,
        ).one_time_password
    print(f"Enheten {options.unit} är skapad.")
    _print_password(options.admin, password)
    return 0


def check(_options: argparse.Namespace) -> int:
    """Check the store and the configuration; say what is wrong."""
    found = faults()
    for fault in found:
        _complain(fault)
    if not found:
        print("Allt är i ordning.")
    return 1 if found else 0


def user(options: argparse.Namespace) -> int:
    """Add, disable or reset an account."""
    db.attach()
    with db.write() as session:
        if options.verb == "add":
            role = _role(options.role)
            unit = session.exec(select(Unit).where(col(Unit.slug) == options.unit)).first()
            if unit is None and role is not Role.ADMIN:
                raise CommandError(_no_unit(options.unit))
            group = None
            if options.group:
                group = session.exec(
                    select(Group)
                    .where(col(Group.unit_id) == (unit.id if unit else None))
                    .where((col(Group.slug) == options.group) | (col(Group.name) == options.group))
                ).first()
                if group is None:
                    msg = f"Gruppen {options.group!r} finns inte i enheten."
                    raise CommandError(msg)
            new = users.NewUser(
                username=options.username,
                name=options.name,
                role=role,
                unit_id=unit.id if unit else None,
                group_id=group.id if group else None,
            )
            password = users.add_user(session, new, by=None).one_time_password
        else:
            account = session.exec(
                select(User).where(col(User.username) == options.username)
            ).first()
            if account is None or account.id is None:
                msg = f"Kontot {options.username!r} finns inte."
                raise CommandError(msg)
            if options.verb == "disable":
                users.disable(session, account.id, by=None)
                password = None
            else:
                password = users.reset_password(session, account.id, by=None)
    if password is None:
        print(f"Kontot {options.username} är stängt.")
    else:
        _print_password(options.username, password)
    return 0


def figures(options: argparse.Namespace) -> int:
    """Print a figure of a unit."""
    figure = figures_cli.FIGURES.get(options.name)
    if figure is None:
        _complain(f"Uppgiften {options.name!r} finns inte. Välj bland:")
        for name, known in figures_cli.FIGURES.items():
            _complain(f"  {name:<34}{known.title}")
        return 2
    db.attach()
    try:
        ask = figures_cli.ask_for(figure, vars(options))
    except ValueError as error:
        _complain(str(error))
        return 2
    with db.read() as session:
        unit_id = session.exec(select(col(Unit.id)).where(col(Unit.slug) == options.unit)).first()
        if unit_id is None:
            known_slugs = session.exec(select(col(Unit.slug)).order_by(col(Unit.slug))).all()
            raise CommandError(_no_unit(options.unit) + " Finns: " + ", ".join(known_slugs) + ".")
        frame = figure.query(session, Scope(unit_id), ask)
    if figure.rows is not None:
        with db.write() as session:
            record_read(session, figure.rows, Scope(unit_id), by=None)
    if options.csv:
        figures_cli.write_csv(frame)
    elif options.json:
        figures_cli.write_json(frame)
    else:
        figures_cli.write_table(frame)
    return 0


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: a-z, 0-9 and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _role(word: str) -> Role:
    for role, swedish in ROLE_NAMES.items():
        if word.lower() in {role.value, swedish}:
            return role
    msg = f"Rollen {word!r} finns inte. Välj bland: {', '.join(ROLE_NAMES.values())}."
    raise CommandError(msg)


def _no_unit(slug: str | None) -> str:
    return f"Enheten {slug!r} finns inte." if slug else "Ange enheten med --unit KORTNAMN."


def _is_empty() -> bool:
    with db.read() as session:
        nothing = session.exec(select(col(Unit.id)).limit(1)).first() is None
        return nothing and session.exec(select(col(User.id)).limit(1)).first() is None


def _print_accounts() -> None:
    day = clock.today()
    print(f"Exempeldata: alla personer, ärenden och belopp är påhittade. Dagens datum är {day}.")
    print(f"Lösenord för alla konton: {DEMO_PASSWORD}")
    for account in DEMO_ACCOUNTS:
        print(f"  {account.username:<18}{ROLE_NAMES[account.role]:<22}{account.unit}")


def _print_password(username: str, password: str) -> None:
    print(f"Konto: {username}")
    print(f"Engångslösenord (visas bara nu, byts vid första inloggningen): {password}")


def _complain(text: str) -> None:
    print(text, file=sys.stderr)
