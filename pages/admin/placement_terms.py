"""Placeringsval: what the forms of placements offer: kinds, and own words for basis and contract."""

from __future__ import annotations

import streamlit as st

from core import db
from core.auth import Permission
from core.queries.placement_terms import kinds, terms
from core.terms import PlacementDimension
from pages.common import filters, placement_terms_forms, placement_terms_parts
from pages.common.gate import require

actor = require(Permission.EDIT_PLACEMENT_TERMS)
st.title("Placeringsval", anchor=False)
scope = filters.bar(actor, group=False, day=False, permission=Permission.EDIT_PLACEMENT_TERMS).scope
with db.read() as session:
    known = kinds(session, scope)
    words = {dimension: terms(session, scope, dimension) for dimension in PlacementDimension}

st.markdown(
    "Det här väljer man bland när en placering registreras eller ändras. Ändringar gäller framåt: "
    "det som är stängt kan inte väljas, men står kvar på placeringar som har det."
)
with st.container(width=placement_terms_parts.WIDTH):
    if known:
        placement_terms_parts.kinds_table(known, actor)
    else:
        st.info("Enheten har inga slag av placering än. Lägg till ett.", icon=":material/inbox:")
    placement_terms_forms.kind(known, actor)
    for dimension, title in (
        (PlacementDimension.CONTRACT, "Egna ord för avtal"),
        (PlacementDimension.LEGAL_BASIS, "Egna ord för lagrum"),
    ):
        st.subheader(title, anchor=False)
        placement_terms_parts.usual_words(dimension)
        if words[dimension]:
            placement_terms_parts.words_table(words[dimension], dimension, actor)
        placement_terms_forms.word(dimension, words[dimension], actor)
