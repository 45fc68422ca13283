"""The parts of the page Gallring: what would be removed, the removal itself, and the term."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.auth import Actor, Permission
from core.clock import STOCKHOLM
from core.queries.retention import Preview, Run
from core.services import retention
from pages.common import forms, text, tiles
from pages.common.number_fields import NumberFields
from pages.common.tables import Column, Kind, Table, table

REMOVAL = "retention-removal"
TERM = "retention-term"
BY_COMMAND = "kommandoraden"
WIDTH = 760
WHAT_STAYS = """
**Försvinner för gott**

- Ärendet och allt som hör till det: referens, hushåll, försörjningshinder, tilldelningar,
  förändringsplaner, undantag, negativa beslut, barnkonsekvensanalyser, biståndsmånader och
  placeringar.
- Listor bakåt i tiden visar inte ärendena längre. Det gäller också placeringslistan.
- En import som rört något av dem kan inte ångras.

**Står kvar**

- Alla tal och andelar för varje dag, per handläggare, grupp och kön, och placeringarnas kostnader
  per dag, slag, avtal och utförare. De sparas som summor utan ärende.
- Svar på mätpunkter, utan uppgift om vilket ärende de gällde.
- Händelseloggen. Den har nummer, datum och koder men inga referenser.

**Tas aldrig bort**

- Öppna ärenden, och avslutade med en placering som pågår. Slutade en placering eller fattades ett
  beslut efter avslutet räknas tiden därifrån.

**Säkerhetskopior** som är äldre än gallringen har kvar uppgifterna. Radera dem när tiden är ute.
"""


def draw_preview(found: Preview, actor: Actor) -> None:
    """Draw how much would be removed, and of what."""
    with tiles.row(2):
        tiles.tile(
            "Ärenden vars tid är ute",
            text.number(found.cases),
            sub=f"avslutade senast {text.date_sv(found.closed_through)}",
        )
        tiles.tile("Rader som tas bort", text.number(found.total), sub="ärendena inräknade")
    table(
        pd.DataFrame(
            [(word[0].upper() + word[1:], number) for word, number in found.rows],
            columns=["what", "rows"],
            dtype=object,
        ),
        (Column("what", "Uppgift"), Column("rows", "Rader", Kind.COUNT)),
        name="Det här tas bort",
        actor=actor,
        look=Table(permission=Permission.MANAGE_RETENTION, download=False),
    )


def draw_removal(found: Preview, actor: Actor) -> None:
    """Draw the form that removes, once the number of cases has been typed."""
    st.subheader("Ta bort", anchor=False)
    st.warning("Borttagna ärenden går inte att få tillbaka.", icon=":material/warning:")
    numbers = NumberFields(REMOVAL)
    with st.form(forms.submit_key(REMOVAL), border=False):
        numbers.draw(
            f"Skriv antalet ärenden, {text.number(found.cases)}, för att bekräfta",
            "expected",
            digits=0,
        )
        if not st.form_submit_button("Ta bort ärendena", type="primary"):
            return
    with st.spinner("Tar bort ärendena …"):
        forms.run(
            REMOVAL,
            lambda session: retention.remove(
                session,
                by=actor,
                expected=numbers.whole()["expected"] or 0,
                key=forms.submit_key(REMOVAL),
            ),
            "Ärendena är borttagna. Siffrorna är desamma.",
        )


def draw_runs(runs: Sequence[Run], actor: Actor) -> None:
    """Draw the removals so far."""
    rows = [
        {
            "at": f"{run.at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
            "by": run.by or BY_COMMAND,
            "closed_through": run.closed_through,
            "cases": run.cases,
            "rows": run.rows,
        }
        for run in runs
    ]
    if rows:
        table(
            pd.DataFrame(rows, dtype=object),
            (
                Column("at", "När"),
                Column("by", "Av"),
                Column("closed_through", "Avslutade senast", Kind.DATE),
                Column("cases", "Ärenden", Kind.COUNT),
                Column("rows", "Rader", Kind.COUNT),
            ),
            name="Gallringar hittills",
            actor=actor,
            look=Table(permission=Permission.MANAGE_RETENTION, download=False),
        )


def change_term(months: int, actor: Actor) -> None:
    """Draw the form that decides how long closed cases are kept."""
    numbers = NumberFields(TERM)
    with st.form(forms.submit_key(TERM), border=False):
        numbers.draw(
            f"Antal månader efter avslut, nu {months}",
            "months",
            digits=0,
            hint=f"Från {retention.SHORTEST} till {retention.LONGEST} månader.",
        )
        st.markdown(
            ":small[En kortare tid gör att fler ärenden kan tas bort redan i dag. Inget tas bort "
            "förrän någon bekräftar.]"
        )
        if not st.form_submit_button("Spara tiden", type="primary"):
            return
    forms.run(
        TERM,
        lambda session: retention.set_term(
            session, numbers.whole()["months"] or 0, by=actor, key=forms.submit_key(TERM)
        ),
        "Tiden är sparad.",
    )
