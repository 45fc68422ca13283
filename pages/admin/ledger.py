"""Huvudbok: what is booked by combination, which budget line takes it, and what was corrected."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.queries.ledger import corrections, ledger_year, unmapped
from pages.common import filters, ledger_forms, ledger_parts, tiles
from pages.common.gate import require

actor = require(Permission.VIEW_BUDGET)
st.title("Huvudbok", anchor=False)
chosen = filters.bar(actor, group=False)
number = ledger_parts.choose_year(chosen.on)
other = 2 * chosen.on.year - 1 - number
with db.read() as session:
    year = ledger_year(session, chosen.scope, year=number, on=chosen.on)
    corrected = corrections(session, chosen.scope, year=number, on=chosen.on)
    elsewhere = unmapped(session, chosen.scope, year=other, on=chosen.on)

ledger_parts.draw_other_year(other, elsewhere)
if year.rows:
    ledger_parts.draw_tiles(year, chosen)
    ledger_parts.draw_unmapped(year, chosen, actor)
    if actor.may(Permission.EDIT_BUDGET):
        ledger_forms.draw(year, chosen, actor)
    ledger_parts.draw_sums(year, chosen, actor)
    ledger_parts.draw_combinations(year, chosen, actor)
else:
    st.info(
        f"Ingen huvudbok för {year.year}. Controllern hämtar en export ur ekonomisystemet, med konto, "
        "kostnadsställe, verksamhet, period och belopp, och läser in den på sidan Importer.",
        icon=":material/inbox:",
    )
if actor.may(Permission.IMPORT_LEDGER):
    tiles.link("importer", "Läs in en huvudbok")
ledger_parts.draw_corrections(corrected, chosen, actor)
