"""Tables that print and can be read aloud, with one audited Excel file each."""

import datetime as dt
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import db
from core.auth import Permission, PermissionDeniedError, Role
from core.models import AuditEvent
from pages.common import tables
from pages.common.tables import Column, Kind, Table, rows_html
from tests import factories as make

ON = dt.date(2024, 5, 27)
COLUMNS = [
    Column("key", "Handläggare"),
    Column("people", "Hushåll", Kind.PEOPLE),
    Column("share", "Andel", Kind.SHARE, digits=1),
    Column("cost", "Kostnad", Kind.KRONOR),
    Column("day", "Dag", Kind.DATE),
    Column("late", "Sen", Kind.YES_NO),
]
ROWS = pd.DataFrame(
    [
        ("Ada <b>", 1200, Fraction(2, 3), Decimal("-1234.50"), ON, True),
        ("Bo", 3, None, None, None, False),
    ],
    columns=[column.name for column in COLUMNS],
    dtype=object,
)


def page(role):
    import streamlit as st

    from core.auth import Actor, Role
    from pages.common import tables
    from tests.pages.common import test_tables as here

    actor = Actor(1, "Någon", Role(role), unit_id=1)
    frame = st.session_state["frame"]
    tables.table(frame, here.COLUMNS, name="Läget nu", actor=actor, look=st.session_state["look"])


def drawn(frame=ROWS, role="unit_manager", look=None):
    at = AppTest.from_function(page, default_timeout=15, kwargs={"role": role})
    at.session_state["frame"] = frame
    at.session_state["look"] = look
    return at.run()


def test_values_are_written_in_swedish_and_every_text_is_escaped():
    html = rows_html(ROWS, COLUMNS, "Läget & nu")

    assert "<caption>Läget &amp; nu</caption>" in html
    assert "<th scope='row'>Ada &lt;b&gt;</th>" in html
    for cell in ("1\u202f200", "66,7\u00a0%", "\u22121\u202f235", "2024-05-27", "ja", "–", "nej"):
        assert f">{cell}</td>" in html


def test_numbers_stand_to_the_right_and_columns_have_headings():
    html = rows_html(ROWS, COLUMNS, "Läget")

    assert "<th scope='col' class='rt-right'>Hushåll</th>" in html
    assert "<th scope='col'>Sen</th>" in html
    assert html.count("<td class='rt-right'>") == 6


def test_only_a_long_table_scrolls():
    long = pd.concat([ROWS] * 40, ignore_index=True)

    assert "rt-long" not in rows_html(ROWS, COLUMNS, "Kort")
    assert "rt-long" in rows_html(long, COLUMNS, "Lång")
    assert rows_html(long, COLUMNS, "Lång").count("<tr>") == 81


def test_a_reader_sees_no_small_number():
    assert ">3</td>" in drawn().get("html")[0].proto.body
    body = drawn(role="reader").get("html")[0].proto.body
    assert ">3</td>" not in body
    assert "&lt;5" in body


def test_an_empty_table_says_so_and_has_no_file():
    at = drawn(ROWS.head(0), look=Table(empty="Inga placeringar än."))

    assert at.info[0].value == "Inga placeringar än."
    assert not at.get("html")
    assert not at.get("download_button")


def test_a_table_has_one_file_unless_told_otherwise():
    assert len(drawn().get("download_button")) == 1
    assert not drawn(look=Table(download=False)).get("download_button")


@pytest.fixture
def actor(store):
    with db.write() as session:
        return make.actor(session, Role.CONTROLLER, make.unit(session))


def taken_out(actor, monkeypatch, look=None):
    """Return the function that makes the file when somebody clicks."""
    buttons = []
    monkeypatch.setattr(tables.st, "download_button", lambda _label, **how: buttons.append(how))
    tables.table(ROWS, COLUMNS, name="Läget nu", actor=actor, look=look)
    return buttons[0]


def test_a_file_is_audited_when_it_is_made_and_hides_small_numbers(actor, monkeypatch):
    button = taken_out(actor, monkeypatch, Table(on=ON, source="ekonomisystemet", adds_up=False))
    with db.read() as session:
        assert session.exec(select(AuditEvent)).all() == []

    sheet = openpyxl.load_workbook(io.BytesIO(button["data"]())).active

    assert button["file_name"] == "laget-nu-2024-05-27.xlsx"
    assert [cell.value for cell in sheet["B"]][4:] == [1200, "<5"]
    assert "ekonomisystemet" in sheet["A2"].value
    with db.read() as session:
        logged = session.exec(select(AuditEvent)).one()
        assert (logged.entity, logged.user_id, logged.details) == (
            "Läget nu",
            actor.user_id,
            {"rows": 2, "on": "2024-05-27"},
        )


def test_a_file_needs_the_tables_permission(actor, monkeypatch):
    button = taken_out(actor, monkeypatch, Table(permission=Permission.VIEW_CASES))

    with pytest.raises(PermissionDeniedError):
        button["data"]()


def test_a_file_is_made_only_while_the_session_that_drew_the_page_holds(actor, monkeypatch):
    monkeypatch.setattr(tables.gate, "login_id", lambda: 99)  # a session that is not there
    button = taken_out(actor, monkeypatch)

    with pytest.raises(PermissionDeniedError):
        button["data"]()
