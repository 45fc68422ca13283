"""What a workbook says by its looks alone: colours, struck-out text and hidden rows are told.

A colour may mean anything, so it is never read as a value.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Iterator
from xml.etree import ElementTree

from core.imports.workbooks import paths_of

TOLD = 8
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW = re.compile(rb"<row\b([^>]*)>")
_CELL = re.compile(rb'<c r="[A-Z]+([0-9]+)"[^>]*?\bs="([0-9]+)"')
_NUMBER = re.compile(rb'\br="([0-9]+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_PLAIN = {"FFFFFFFF", "00FFFFFF"}


def notes(data: bytes, sheet: str, table: Container[int]) -> list[str]:
    """Return what a sheet's rows in the table show by their looks, in Swedish."""
    parts = zipfile.ZipFile(io.BytesIO(data))
    path = paths_of(parts).get(sheet, "")
    if path not in parts.namelist():
        return []
    coloured, struck = _styles(parts)
    content = parts.read(path)
    by_look: dict[str, set[int]] = {"coloured": set(), "struck": set()}
    for row, style in _CELL.findall(content):
        if int(row) in table:
            for name, styles in (("coloured", coloured), ("struck", struck)):
                if int(style) in styles:
                    by_look[name].add(int(row))
    hidden = {int(number) for number in _hidden(content) if int(number) in table}
    return list(_told(by_look["coloured"], by_look["struck"], hidden))


def _told(coloured: set[int], struck: set[int], hidden: set[int]) -> Iterator[str]:
    if coloured:
        yield (
            f"Färger läses inte (rad {_rows(coloured)}). Betyder en färg något, till exempel att "
            "placeringen är avslutad, så skriv det i en kolumn."
        )
    if struck:
        yield (
            f"Överstruken text läses som vanlig text (rad {_rows(struck)}). Är placeringen "
            "avslutad, så skriv dagen i en kolumn."
        )
    if hidden:
        yield f"Dolda rader läses också (rad {_rows(hidden)})."


def _rows(numbers: set[int]) -> str:
    """Return rows as a person reads them: 5, 7–9 med flera."""
    spans: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    words = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:TOLD]]
    return ", ".join(words) + (" med flera" if len(spans) > TOLD else "")


def _hidden(content: bytes) -> Iterator[bytes]:
    for found in _ROW.finditer(content):
        number = _NUMBER.search(found[1])
        if number and _HIDDEN.search(found[1]):
            yield number[1]


def _styles(parts: zipfile.ZipFile) -> tuple[set[int], set[int]]:
    """Return the numbers of the cell styles with a colour of their own, and of those struck out."""
    if "xl/styles.xml" not in parts.namelist():
        return set(), set()
    root = ElementTree.fromstring(parts.read("xl/styles.xml"))  # noqa: S314
    fills = {
        n for n, fill in enumerate(root.iterfind(f"{_MAIN}fills/{_MAIN}fill")) if _filled(fill)
    }
    struck = {
        n
        for n, font in enumerate(root.iterfind(f"{_MAIN}fonts/{_MAIN}font"))
        if (mark := font.find(f"{_MAIN}strike")) is not None
        and mark.get("val") not in {"0", "false"}
    }
    looks = list(root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"))
    return (
        {n for n, look in enumerate(looks) if int(look.get("fillId", "0")) in fills},
        {n for n, look in enumerate(looks) if int(look.get("fontId", "0")) in struck},
    )


def _filled(fill: ElementTree.Element) -> bool:
    pattern = fill.find(f"{_MAIN}patternFill")
    if pattern is None:
        return fill.find(f"{_MAIN}gradientFill") is not None
    colour = pattern.find(f"{_MAIN}fgColor")
    white = colour is not None and colour.get("rgb") in _PLAIN
    return pattern.get("patternType") == "solid" and not white
