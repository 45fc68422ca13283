"""Importer: a file is chosen, previewed row by row and saved whole; history and undo."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission, unit_scope
from core.imports import templates
from core.imports.registry import KINDS
from core.queries import imports as queries
from core.terms import sv_title
from pages.common import filters, gate, import_history, import_parts
from pages.common.gate import require

actor = require(Permission.VIEW_IMPORTS)
st.title("Importer", anchor=False)

possible = [code for code in KINDS if code in queries.may_import(actor)]
if possible:
    filters.bar(actor, group=False, day=False, permission=Permission.VIEW_IMPORTS)
    code = st.selectbox(
        "Vad innehåller filen?", possible, format_func=sv_title, key="import-kind", width=420
    )
    with db.read() as session:
        form = queries.reference_format(session, by=actor)
    kind = templates.for_unit(KINDS[code], form)
    st.markdown(kind.lead)
    import_parts.about(kind, actor)
    shown = import_parts.choose(kind, actor)
    if shown is not None:
        gate.seen_rows(actor, "import_preview", unit_scope(actor))
        import_parts.preview(shown, actor)
        import_parts.save(shown, actor)
with db.read() as session:
    made = queries.history(session, by=actor)
import_history.history(made, actor)
