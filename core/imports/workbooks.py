"""Excel workbooks: what is unsafe is refused before it is opened, the rest read row by row.

A workbook is a zip file of XML. Its directory tells how large each part would become, and a part is
never read past that, so a bomb is refused without being unpacked.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string as column_number
from openpyxl.utils.cell import coordinate_from_string

from core.imports.files import SAVE_AS_XLSX, FileRefusedError
from core.imports.raw import MOST_COLUMNS, Cells, Sheet

LARGEST_UNPACKED = 160 * 1024 * 1024
LARGEST_SHARED = 40 * 1024 * 1024
MOST_PARTS = 2_000
MOST_TIMES = 100
RATIO_FROM = 10 * 1024 * 1024
CHUNK = 1 << 20
DAMAGED = "Filen är skadad eller bara delvis hämtad. Hämta den på nytt eller spara om den i Excel."
BOMB = "Filen packar upp sig till orimligt mycket data och öppnas inte."
MACROS = "Filen innehåller makron och öppnas inte. Spara den som ”Excel-arbetsbok (.xlsx)”."
LINKS = (
    "Filen hämtar värden ur andra filer eller källor och öppnas inte. "
    "Spara en kopia med bara värden."
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"[^>]*><f[^>]*?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+([0-9]+))"')


def sheets_of(data: bytes) -> Iterator[Sheet]:
    """Return a workbook's visible sheets in order. Raises `FileRefusedError` for an unsafe one."""
    parts = _checked(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        paths = paths_of(parts)
        names = [page.title for page in book.worksheets if page.sheet_state == "visible"]
    except FileRefusedError:
        raise
    except Exception:
        raise FileRefusedError(DAMAGED) from None
    for name in names:
        page: Any = book[name]
        page.reset_dimensions()
        without_value, merged = _peculiar(parts, paths.get(name, ""))
        yield Sheet(name, _rows(page), without_value, merged)


def _rows(page: Any) -> Iterator[Cells]:
    try:
        yield from page.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    except Exception:
        raise FileRefusedError(DAMAGED) from None


def _checked(data: bytes) -> zipfile.ZipFile:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefusedError(DAMAGED) from None
    infos = parts.infolist()
    _check_sizes(infos, len(data))
    names = {info.filename.lower() for info in infos}
    if any("vbaproject" in name or "xlm" in name for name in names):
        raise FileRefusedError(MACROS)
    if any(name.startswith(("xl/externallinks/", "xl/connections")) for name in names):
        raise FileRefusedError(LINKS)
    if "xl/workbook.bin" in names or "mimetype" in names:
        msg = f"Filen är i ett annat kalkylformat. {SAVE_AS_XLSX}"
        raise FileRefusedError(msg)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        msg = f"Filen är ingen Excelfil. {SAVE_AS_XLSX}"
        raise FileRefusedError(msg)
    _check_markup(parts, infos)
    return parts


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    shared = sum(i.file_size for i in infos if not i.filename.startswith("xl/worksheets/"))
    bomb = (
        len(infos) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or shared > LARGEST_SHARED
        or (unpacked > RATIO_FROM and unpacked > MOST_TIMES * packed)
    )
    if bomb:
        raise FileRefusedError(BOMB)
    if any(info.flag_bits & 0x1 for info in infos):
        msg = "Filen är skyddad med lösenord. Ta bort lösenordet och spara filen igen."
        raise FileRefusedError(msg)


def _check_markup(parts: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse macros told of in the list of contents, and XML that defines words of its own."""
    try:
        contents = parts.read("[Content_Types].xml")
        for info in infos:
            if info.filename.endswith((".xml", ".rels")):
                with parts.open(info) as part:
                    if b"<!" in part.read(1024).replace(b"<!--", b""):
                        raise FileRefusedError(DAMAGED)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError):
        raise FileRefusedError(DAMAGED) from None
    if b"macroenabled" in contents.lower():
        raise FileRefusedError(MACROS)


def paths_of(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return each sheet's part of the file by its name."""
    root = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {
        rel.get("Id"): posixpath.normpath(posixpath.join("/xl", rel.get("Target", "")))[1:]
        for rel in root.iter(_REL)
    }
    book = ElementTree.fromstring(parts.read("xl/workbook.xml"))  # noqa: S314
    return {
        sheet.get("name", ""): targets.get(sheet.get(_REL_ID), "")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _peculiar(
    parts: zipfile.ZipFile, path: str
) -> tuple[frozenset[tuple[int, int]], dict[str, int]]:
    """Return a sheet's formulas without a value, and its merged cells."""
    formulas: set[tuple[int, int]] = set()
    merged: dict[str, int] = {}
    if path not in parts.namelist():
        return frozenset(), merged
    left = b""
    try:
        with parts.open(path) as part:
            while chunk := part.read(CHUNK):
                left += chunk
                whole, left = _up_to_last_cell(left)
                _find(whole, formulas, merged)
        _find(left, formulas, merged)
    except (zipfile.BadZipFile, EOFError, OSError):
        raise FileRefusedError(DAMAGED) from None
    return frozenset(formulas), merged


def _up_to_last_cell(text: bytes) -> tuple[bytes, bytes]:
    cut = max(text.rfind(b"<c "), text.rfind(b"<mergeCell "))
    return (text, b"") if cut < 0 else (text[:cut], text[cut:])


def _find(text: bytes, formulas: set[tuple[int, int]], merged: dict[str, int]) -> None:
    if b"<f" in text:
        for found in _UNCOMPUTED.finditer(text):
            letters, row = coordinate_from_string(found[1].decode())
            formulas.add((row, column_number(letters) - 1))
    for found in _MERGED.finditer(text):
        merged[found[1].decode()] = int(found[2])
