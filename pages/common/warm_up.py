"""What the first visitor would otherwise wait for: the modules that the pages import."""

from __future__ import annotations

import ast
import logging
from contextlib import suppress
from importlib import import_module
from pathlib import Path

PAGES = Path(__file__).parents[1]


def import_what_pages_import() -> None:
    """Import what every page file imports. The page files themselves run only when opened.

    A name that isn't a module is passed over; a faulty page says so itself when it is opened.
    """
    logging.disable(logging.WARNING)  # some libraries draw when imported, and warn that nobody sees
    for path in sorted(PAGES.glob("*/*.py")):
        for name in imported_names(path):
            with suppress(ImportError):
                import_module(name)
    logging.disable(logging.NOTSET)


def imported_names(path: Path) -> list[str]:
    """Return what a file imports, each name as if it were a module: `core`, `core.db`, ..."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
