"""The command line: `python -m core --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.cli.parser import SwedishParser, day


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = SwedishParser(
        prog="python -m core",
        description="Röda tråden: skötsel av databasen, konton och uppgifter för filer.",
    )
    commands = root.add_subparsers(
        dest="command",
        required=True,
        metavar="KOMMANDO",
        title="Kommandon",
        parser_class=SwedishParser,
    )
    demo = commands.add_parser("demo", help="fyll en tom databas med påhittade exempeldata")
    demo.add_argument("--if-empty", action="store_true", help="gör inget om databasen har innehåll")
    init = commands.add_parser(
        "init", help="skapa en tom databas med en enhet och en systemansvarig"
    )
    init.add_argument("--unit", required=True, metavar="NAMN", help="enhetens namn")
    init.add_argument("--slug", metavar="KORTNAMN", help="enhetens namn i adresser, a-z 0-9 och -")
    init.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="NAMN",
        help="en grupp; får anges flera gånger",
    )
    init.add_argument(
        "--reference", default="AR-0000", metavar="FORMAT", help="ärendereferens, en 0 per siffra"
    )
    init.add_argument(
        "--admin", default="admin", metavar="KONTO", help="systemansvarigs användarnamn"
    )
    commands.add_parser("check", help="kontrollera databasen, dess version och inställningarna")
    _add_user_commands(
        commands.add_parser("user", help="lägg till, stäng eller återställ ett konto")
    )
    _add_audit(commands.add_parser("audit", help="kontrollera händelseloggen"))
    _add_import(
        commands.add_parser("import", help="importera en fil, eller visa vad den skulle göra")
    )
    _add_figures(commands.add_parser("figures", help="skriv ut en uppgift som en sida visar"))
    _add_retention(
        commands.add_parser("retention", help="ta bort avslutade ärenden vars tid är ute")
    )
    _add_backup(commands.add_parser("backup", help="säkerhetskopiera medan andra arbetar"))
    _add_restore(
        commands.add_parser("restore", help="återställ en säkerhetskopia till en tom plats")
    )
    return root


def _add_user_commands(user: argparse.ArgumentParser) -> None:
    verbs = user.add_subparsers(
        dest="verb", required=True, metavar="VAD", title="Vad", parser_class=SwedishParser
    )
    add = verbs.add_parser("add", help="lägg till ett konto; engångslösenordet skrivs ut en gång")
    add.add_argument("username", metavar="KONTO", help="användarnamn")
    add.add_argument("--name", required=True, metavar="NAMN", help="personens namn")
    add.add_argument("--role", required=True, metavar="ROLL", help="roll, till exempel handläggare")
    add.add_argument(
        "--unit", metavar="KORTNAMN", help="enhetens kortnamn; inte för systemansvarig"
    )
    add.add_argument("--group", metavar="NAMN", help="gruppens namn eller kortnamn")
    for name, text in (
        ("disable", "stäng ett konto; det loggas ut vid nästa klick"),
        ("reset", "ge ett konto ett nytt engångslösenord"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("username", metavar="KONTO", help="användarnamn")


def _add_audit(audit: argparse.ArgumentParser) -> None:
    verbs = audit.add_subparsers(
        dest="verb", required=True, metavar="VAD", title="Vad", parser_class=SwedishParser
    )
    verbs.add_parser("verify", help="är loggen hel och oförändrad? slutkod 1 om inte")


def _add_retention(retention: argparse.ArgumentParser) -> None:
    retention.add_argument(
        "--dry-run", action="store_true", help="säg bara vad som skulle tas bort"
    )


def _add_backup(backup: argparse.ArgumentParser) -> None:
    backup.add_argument(
        "to", metavar="TILL", help="filen som ska skrivas, eller en mapp att lägga den i"
    )


def _add_restore(restore: argparse.ArgumentParser) -> None:
    restore.add_argument(
        "source", metavar="FRÅN", help="säkerhetskopian; den återställs till RT_DATABASE_URL"
    )


def _add_import(imports: argparse.ArgumentParser) -> None:
    imports.add_argument("kind", metavar="SLAG", help="till exempel cases; fel namn ger listan")
    imports.add_argument("file", metavar="FIL", type=Path, help="filen, CSV eller Excel (.xlsx)")
    imports.add_argument(
        "--unit", metavar="KORTNAMN", help="enhetens kortnamn; behövs om det finns flera enheter"
    )
    imports.add_argument(
        "--dry-run", action="store_true", help="visa rad för rad vad som skulle hända, spara inget"
    )
    imports.add_argument(
        "--confirm", action="store_true", help="svara ja på det som importen frågar"
    )


def _add_figures(figures: argparse.ArgumentParser) -> None:
    figures.add_argument(
        "name", metavar="UPPGIFT", help="till exempel change-plans; fel namn ger listan"
    )
    figures.add_argument("--unit", required=True, metavar="KORTNAMN", help="enhetens kortnamn")
    figures.add_argument("--on", type=day, metavar="DATUM", help="läget den dagen; annars i dag")
    figures.add_argument(
        "--from", dest="start", type=day, metavar="DATUM", help="periodens första dag"
    )
    figures.add_argument("--to", dest="end", type=day, metavar="DATUM", help="periodens sista dag")
    figures.add_argument(
        "--by", metavar="PER", help="caseworker, group, gender, month, none med flera"
    )
    form = figures.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="som CSV")
    form.add_argument("--json", action="store_true", help="som JSON")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 refused or faults found, 2 wrong use."""
    options = parser().parse_args(arguments)
    from core.cli import commands  # noqa: PLC0415  (help answers without loading everything)

    return commands.run(options)


if __name__ == "__main__":
    sys.exit(main())
