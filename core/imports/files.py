"""A file as it comes: what it really is, and whether it is refused before anything is read.

The name's ending is not trusted; the first bytes are. Nothing is written to disk.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from core.imports.guard import holds_personal_number

LARGEST = 25 * 1024 * 1024
LONGEST_NAME = 200
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_XLSX = "Öppna den i Excel och välj Spara som ”Excel-arbetsbok (.xlsx)” eller CSV."
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class FileRefusedError(Exception):
    """A file can't be imported at all. The text says in Swedish why and what to do."""


class FileForm(Enum):
    """How a file's bytes are to be read."""

    WORKBOOK = auto()
    TEXT = auto()


def form_of(name: str, data: bytes) -> FileForm:
    """Return what a file is. Raises `FileRefusedError` for what is neither a workbook nor text."""
    check_name(name)
    check_size(len(data))
    if not data.strip():
        msg = "Filen är tom."
        raise FileRefusedError(msg)
    if data.startswith(OLE):
        raise FileRefusedError(_old_or_locked(data))
    if data.startswith(ZIP):
        return FileForm.WORKBOOK
    if data.startswith(PDF):
        msg = f"Filen är en PDF, inte en tabell. {SAVE_AS_XLSX}"
        raise FileRefusedError(msg)
    if not data.startswith(UTF16) and _BINARY.search(data):
        msg = "Filen är varken en Excelfil (.xlsx) eller en textfil (CSV), eller så är den skadad."
        raise FileRefusedError(msg)
    return FileForm.TEXT


def check_size(size: int) -> None:
    """Refuse a file that is too large, before it is read."""
    if size > LARGEST:
        msg = (
            f"Filen är {size // 1024 // 1024} MB. Högst {LARGEST // 1024 // 1024} MB går att "
            "importera. Dela upp den i flera filer."
        )
        raise FileRefusedError(msg)


def check_name(name: str) -> None:
    """Refuse a file whose name holds a personal identity number, or is too long to be kept."""
    if holds_personal_number(name):
        msg = "Filnamnet innehåller något som ser ut som ett personnummer. Byt namn på filen."
        raise FileRefusedError(msg)
    if len(name) > LONGEST_NAME:
        msg = f"Filnamnet har {len(name)} tecken. Byt namn till högst {LONGEST_NAME}."
        raise FileRefusedError(msg)


def _old_or_locked(data: bytes) -> str:
    if ENCRYPTED in data:
        return "Filen är skyddad med lösenord. Ta bort lösenordet i Excel och spara filen igen."
    return f"Filen är i ett äldre format (.xls). {SAVE_AS_XLSX}"
