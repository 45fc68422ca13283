"""CSV and other text files: encoding, separator, and a file that was cut off."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from core.imports.files import UTF16, FileRefusedError
from core.imports.raw import MOST_COLUMNS, Cells, Sheet

SEPARATORS = (";", ",", "\t")
ROWS_TRIED = 30
CUT_OFF = (
    "Filen är avklippt: den slutar mitt i {}. Hämta den på nytt från systemet den kommer från."
)


def sheet_of(data: bytes, count_known: Callable[[Sequence[str]], int]) -> Sheet:
    """Return a text file's rows.

    Args:
        data: The file.
        count_known: Counts the known headings among a row's cells: the separator that finds most
            is the file's.
    """
    text = _decoded(data)
    separator = max(SEPARATORS, key=lambda mark: _most_known(text, mark, count_known))
    return Sheet("", _rows(text, separator))


def _decoded(data: bytes) -> str:
    if data.startswith(UTF16):
        return _utf16(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(error.object) - 3 and error.reason == "unexpected end of data":
            raise FileRefusedError(CUT_OFF.format("ett tecken")) from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        msg = "Filens tecken kan inte läsas. Spara den som CSV UTF-8 eller som .xlsx."
        raise FileRefusedError(msg) from None


def _utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise FileRefusedError(CUT_OFF.format("ett tecken")) from None


def _most_known(text: str, separator: str, count_known: Callable[[Sequence[str]], int]) -> int:
    found = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        return max(count_known(cells) for cells, _ in zip(found, range(ROWS_TRIED), strict=False))
    except (csv.Error, ValueError):
        return 0


def _rows(text: str, separator: str) -> Iterator[Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error) or "field limit" in str(error):
                where = f"texten inom citattecken på rad {number}"
                raise FileRefusedError(CUT_OFF.format(where)) from None
            msg = (
                f"Rad {number}: citattecknen går inte ihop. Ett citattecken inne i en text skrivs "
                'dubbelt ("").'
            )
            raise FileRefusedError(msg) from None
        yield cells[:MOST_COLUMNS]
