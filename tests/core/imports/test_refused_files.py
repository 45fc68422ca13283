"""What is no table of the kind is refused before it is read, with a message that says what to do."""

import datetime as dt
import io
import time
import zipfile

import pytest
import xlsxwriter

from core.imports import files
from core.imports.files import FileRefusedError
from core.imports.headings import Known
from core.imports.registry import KINDS
from core.terms import ImportKind
from tests.factories_imports import csv_of, read, xlsx_of

HEADINGS = ("Ärende", "Månad", "Belopp")
ROW = ("AR-0001", "2024-03", "8450,50")
GOOD = xlsx_of(HEADINGS, ROW)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def changed_zip(data=GOOD, **parts):
    """Return a workbook with parts added or replaced ("/" is written "__", "." is written "_DOT_")."""
    old, new = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    named = {name.replace("__", "/").replace("_DOT_", "."): text for name, text in parts.items()}
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as made:
        for info in old.infolist():
            if info.filename not in named:
                made.writestr(info.filename, old.read(info))
        for name, text in named.items():
            made.writestr(name, text)
    return new.getvalue()


def macro_type():
    text = zipfile.ZipFile(io.BytesIO(GOOD)).read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return changed_zip(**{"[Content_Types]_DOT_xml": text.replace(plain, macro)})


def two_sheets(*names):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name in names:
            book.add_worksheet(name).write_row(0, 0, ["Kommentar", "Färg"])
    return buffer.getvalue()


def bomb():
    """Return a workbook of a quarter of a megabyte that would unpack to a quarter of a gigabyte."""
    return changed_zip(xl__sharedStrings_DOT_xml=b"0" * (256 * 1024 * 1024))


def merged():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.merge_range("A2:A4", "AR-0001")
    return buffer.getvalue()


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
REFUSED = {
    "nothing": (b"", "Filen är tom."),
    "blanks": (b" \r\n \n", "Filen är tom."),
    "a PDF called csv": (b"%PDF-1.7\n%\xe2\xe3", "Filen är en PDF, inte en tabell."),
    "an old xls": (OLE + bytes(600), "Filen är i ett äldre format (.xls). Öppna den i Excel"),
    "a password": (
        OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "Filen är skyddad med lösenord. Ta bort lösenordet",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "Filen är varken en Excelfil (.xlsx) eller en"),
    "half a workbook": (GOOD[: len(GOOD) // 2], "Filen är skadad eller bara delvis hämtad."),
    "macros": (changed_zip(xl__vbaProject_DOT_bin=b"x"), "Filen innehåller makron"),
    "macros by type": (macro_type(), "Filen innehåller makron"),
    "links": (
        changed_zip(xl__externalLinks__externalLink1_DOT_xml=b"<x/>"),
        "Filen hämtar värden ur andra filer eller källor",
    ),
    "connections": (changed_zip(xl__connections_DOT_xml=b"<x/>"), "Filen hämtar värden ur andra"),
    "words of its own": (
        changed_zip(xl__sharedStrings_DOT_xml=DOCTYPE),
        "Filen är skadad eller bara delvis hämtad.",
    ),
    "xlsb": (changed_zip(xl__workbook_DOT_bin=b"x"), "Filen är i ett annat kalkylformat."),
    "ods": (changed_zip(mimetype=b"application/vnd.oasis"), "Filen är i ett annat kalkylformat."),
    "broken sheet": (
        changed_zip(xl__worksheets__sheet1_DOT_xml=b"<worksheet><sheetData><row><c r='A1'"),
        "Filen är skadad eller bara delvis hämtad.",
    ),
    "wrong sheets": (
        two_sheets("Blad1", "Mina anteckningar"),
        "I bladen ”Blad1”, ”Mina anteckningar” finns ingen rad med kända rubriker",
    ),
    "no headings": (csv_of(ROW, ROW), "Minst de här behövs: ”Ärende”, ”Månad”. Utgå från mallen."),
    "headings alone": (csv_of(HEADINGS), "Filen har rubriker på rad 1 men inga rader under dem."),
    "double headings": (
        csv_of([*HEADINGS, "Referens"], [*ROW, "x"]),
        "Rubrikerna ”Ärende” (kolumn A) och ”Referens” (kolumn D) betyder båda ”Ärende”.",
    ),
    "a missing column": (
        csv_of(["Ärende", "Belopp", "Mnad"], ROW),
        "Kolumnen ”Månad” saknas i rubrikraden (rad 1). Okända rubriker där: ”Mnad”.",
    ),
    "cut in a quote": (
        csv_of(HEADINGS, ROW) + b'"AR-00',
        "Filen är avklippt: den slutar mitt i texten inom citattecken på rad 3.",
    ),
    "cut in a letter": (
        csv_of(HEADINGS) + "Å".encode()[:1],
        "Filen är avklippt: den slutar mitt i ett tecken.",
    ),
    "quotes astray": (csv_of(HEADINGS) + b'"AR"x;1;2\r\n', "Rad 2: citattecknen går inte ihop."),
    "a number in a heading": (
        csv_of([*HEADINGS, "19121212-1212"], [*ROW, ""]),
        "Rubriken i kolumn D ser ut att innehålla ett personnummer.",
    ),
    "merged cells": (merged(), "Cellerna A2:A4 är sammanslagna."),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_with_what_to_do(what):
    data, message = REFUSED[what]
    began = time.process_time()
    with pytest.raises(FileRefusedError) as refused:
        read(data)
    assert message in str(refused.value)
    assert time.process_time() - began < 1


def test_a_zip_that_is_no_workbook_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as other:
        other.writestr("foton/1.jpg", b"x")
    with pytest.raises(FileRefusedError, match="Filen är ingen Excelfil"):
        read(made.getvalue())


def test_a_bomb_is_refused_within_a_second_and_never_unpacked():
    data = bomb()
    assert len(data) < 1_000_000
    began = time.process_time()
    with pytest.raises(FileRefusedError, match="orimligt mycket data"):
        read(data)
    assert time.process_time() - began < 1


def test_a_bomb_that_lies_about_its_size_is_refused():
    small, large = b"<x/>" + b" " * 96, b"0" * 50_000_000
    data = changed_zip(xl__sharedStrings_DOT_xml=large)
    lying = data.replace(len(large).to_bytes(4, "little"), len(small).to_bytes(4, "little"))
    with pytest.raises(FileRefusedError):
        read(lying)


def test_a_huge_file_is_refused_by_its_size_alone():
    with pytest.raises(FileRefusedError, match="Filen är 300 MB"):
        files.check_size(300 * 1024 * 1024)


def test_many_small_parts_are_refused():
    parts = {f"xl__media__{n}": b"" for n in range(2_100)}
    with pytest.raises(FileRefusedError, match="orimligt mycket data"):
        read(changed_zip(**parts))


def test_a_file_name_with_a_personal_number_is_refused_without_repeating_it():
    with pytest.raises(FileRefusedError) as refused:
        read(GOOD, name="lista 19121212-1212.xlsx")
    assert "Filnamnet innehåller något som ser ut som ett personnummer" in str(refused.value)
    assert "1212" not in str(refused.value)


def test_a_very_long_file_name_is_refused():
    with pytest.raises(FileRefusedError, match="Filnamnet har 304 tecken"):
        read(GOOD, name="a" * 300 + ".csv")


def test_every_missing_column_is_told():
    known = Known(KINDS[ImportKind.BENEFIT_MONTHS])
    with pytest.raises(FileRefusedError, match="Kolumnerna ”Ärende” och ”Månad” saknas"):
        known.read(1, ["Belopp", "Övrigt"])


def test_dates_of_excel_are_read_as_dates():
    rows = read(xlsx_of(HEADINGS, ("AR-0001", dt.date(2024, 3, 1), 8450.5))).checked.rows
    assert rows[0].values["month"] == dt.date(2024, 3, 1)
