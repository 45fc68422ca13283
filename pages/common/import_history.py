"""Importer: the imports that were made, and undo of the latest."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.clock import STOCKHOLM
from core.imports.undoing import undo
from core.queries.imports import ImportedFile, permission_for
from core.terms import sv
from pages.common import forms, text
from pages.common.import_parts import next_round
from pages.common.tables import Column, Kind, Table, table

UNDO = "import-undo"
HISTORY_COLUMNS = (
    Column("at", "När"),
    Column("who", "Vem"),
    Column("unit", "Enhet"),
    Column("kind", "Vad"),
    Column("file", "Fil"),
    Column("created", "Nya", Kind.COUNT),
    Column("changed", "Ändrade", Kind.COUNT),
    Column("unchanged", "Oförändrade", Kind.COUNT),
    Column("undone", "Ångrad"),
    Column("sha256", "Filens kontrollsumma (SHA-256)"),
)


def history(imports: list[ImportedFile], actor: Actor) -> None:
    """Draw the imports that were made, and undo of the latest.

    What different people import has each its latest: somebody who imports several sees them all.
    """
    st.subheader("Tidigare importer", anchor=False)
    for one in imports:
        if one.is_latest and actor.may(permission_for(one.kind)):
            _undo(one, actor)
    rows = [
        {
            "at": f"{one.at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
            "who": one.who,
            "unit": one.unit_name,
            "kind": sv(one.kind),
            "file": one.file_name,
            "created": one.created,
            "changed": one.changed,
            "unchanged": one.unchanged,
            "undone": _undone(one),
            "sha256": one.sha256,
        }
        for one in imports
    ]
    table(
        pd.DataFrame(rows, dtype=object),
        [c for c in HISTORY_COLUMNS if c.name != "unit" or actor.unit_id is None],
        name="Importer",
        actor=actor,
        look=Table(download=False, empty="Inget har importerats än."),
    )


def _undo(latest: ImportedFile, actor: Actor) -> None:
    day = f"{latest.at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
    label = f"Ångra den senaste importen: {sv(latest.kind)}"
    with st.popover(label, icon=":material/undo:"):
        st.markdown(
            f"**{text.safe(latest.file_name)}** ({sv(latest.kind)}), {day}, {text.safe(latest.who)}: "
            f"{text.number(latest.created)} nya och {text.number(latest.changed)} ändrade rader.\n\n"
            "Det nya makuleras och det ändrade blir som förut. Går inte om något av det har ändrats "
            "sedan dess."
        )
        name = f"{UNDO}-{latest.run_id}"
        key = forms.submit_key(name)
        if st.button("Ångra importen", type="primary", key=f"{name}-button"):
            forms.run(
                name,
                lambda session: undo(session, latest.run_id, by=actor, key=key),
                "Importen är ångrad.",
                after=lambda _run_id: next_round(),
            )


def _undone(one: ImportedFile) -> str:
    if one.undone_at is None:
        return ""
    return f"{one.undone_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}, {one.undone_by}"
