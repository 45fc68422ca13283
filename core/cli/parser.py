"""An argument parser that speaks Swedish throughout."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import NoReturn

_MESSAGES = (
    ("the following arguments are required: ", "det här måste anges: "),
    ("unrecognized arguments: ", "okänt argument: "),
    ("invalid choice: ", "går inte att välja: "),
    ("(choose from ", "(välj bland "),
    ("expected one argument", "behöver ett värde"),
    ("not allowed with argument", "kan inte anges tillsammans med"),
    ("argument ", ""),
)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "Användning: " if prefix is None else prefix)


class SwedishParser(argparse.ArgumentParser):
    """`ArgumentParser` with Swedish headings, help option and error messages."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, **options)  # type: ignore[arg-type]
        self._positionals.title = "Det här anges"
        self._optionals.title = "Val"
        self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")

    def error(self, message: str) -> NoReturn:
        """Say in Swedish what was wrong with the command and exit with 2."""
        for english, swedish in _MESSAGES:
            message = message.replace(english, swedish)
        self.print_usage(sys.stderr)
        self.exit(2, f"Fel: {message}\n")


def day(text: str) -> dt.date:
    """Read a date as 2024-05-27. Raises `ArgumentTypeError` with a Swedish message."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} är inget datum; skriv det som 2024-05-27"
        raise argparse.ArgumentTypeError(msg) from None
