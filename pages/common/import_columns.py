"""Importer: how an untidy file was read, which rows were passed over, and what its columns are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.auth import Actor
from core.imports.kinds import Kind
from core.imports.layouts import FileColumn, Layout, Why
from core.queries.column_mappings import NOT_READ
from core.services import column_mappings
from pages.common import forms, text
from pages.common.tables import Column, Table, table

FORM = "import-columns"
NOT_READ_WORDS = "Läses inte"
EXAMPLES = 2
SKIPPED = (Column("rows", "Rad"), Column("why", "Varför"), Column("said", "Börjar med"))
COUNTED: dict[Why, tuple[str, str]] = {
    Why.ABOVE: ("rad ovanför rubrikerna", "rader ovanför rubrikerna"),
    Why.HEADINGS: ("rad under rubrikerna", "rader under rubrikerna"),
    Why.AGAIN: ("rubrikrad till", "rubrikrader till"),
    Why.BLANK: ("tom rad", "tomma rader"),
    Why.SUM: ("summarad", "summarader"),
    Why.COMPUTED: ("uträknad rad", "uträknade rader"),
    Why.SECTION: ("avsnittsrubrik", "avsnittsrubriker"),
    Why.NOTE: ("anteckning", "anteckningar"),
}


def draw(kind: Kind, layout: Layout, actor: Actor, *, saved: Callable[[], None]) -> None:
    """Draw how a file was read: its headings, what is not read, and the choice of columns.

    `saved` is called when a choice of columns has been saved: the file is then read again.
    """
    _draw_read(layout)
    if layout.skipped:
        with st.expander(f"Hoppades över: {_counted(layout)}", icon=":material/playlist_remove:"):
            rows = [(one.rows, one.why.value, one.said or "–") for one in layout.skipped]
            frame = pd.DataFrame(rows, columns=[c.name for c in SKIPPED], dtype=object)
            look = Table(download=False)
            table(frame, SKIPPED, name="Rader som inte läses", actor=actor, look=look)
    with st.expander("Kolumner i filen", icon=":material/view_column:"):
        choose(kind, layout, actor, saved=saved)


def choose(kind: Kind, layout: Layout, actor: Actor, *, saved: Callable[[], None]) -> None:
    """Draw the form in which a person says what each column of the file is."""
    key = forms.submit_key(FORM)
    st.markdown(
        "Peka ut vad varje kolumn är. Valet sparas för enheten och används nästa gång, också av "
        "kommandot `import`."
    )
    chosen: dict[str, str | None] = {}
    with st.form(key, border=False):
        with st.grid(columns=2, gap="medium"):
            for column in layout.columns:
                with st.container():
                    chosen[column.key] = _choice(kind, column, key)
        pressed = st.form_submit_button("Spara kolumnerna", icon=":material/save:")
    if pressed:
        headings = {heading: name for heading, name in chosen.items() if name is not None}
        known = frozenset(column.name for column in kind.columns)
        forms.run(
            FORM,
            lambda session: column_mappings.remember(
                session, kind.code, headings, known=known, by=actor, key=key
            ),
            "Kolumnerna är sparade och används också nästa gång.",
            after=lambda _row_id: saved(),
        )


def _choice(kind: Kind, column: FileColumn, form: str) -> str | None:
    words = {NOT_READ: NOT_READ_WORDS} | {c.name: c.heading for c in kind.columns}
    options = list(words)
    asked = column.name is None and bool(column.question)
    found: str | None = st.selectbox(
        f"Kolumn {column.letter}: {text.safe(column.title)}",
        options,
        index=None if asked else options.index(column.name or NOT_READ),
        format_func=lambda name: words[name],
        placeholder="Välj vad kolumnen är",
        key=f"{form}-{column.letter}-{column.key}",  # another file's column is another choice
    )
    examples = ", ".join(column.examples[:EXAMPLES])
    if examples:
        st.markdown(f":small[Till exempel {text.safe(examples)}]")
    forms.field_error(FORM, column.key)
    return found


def _draw_read(layout: Layout) -> None:
    where = f"Bladet ”{text.safe(layout.sheet)}” lästes, med" if layout.sheet else "Läst med"
    rows = " och ".join(map(str, layout.headings))
    st.markdown(f"{where} rubriker på rad {rows}.")
    unknown = [f"{c.letter} ”{text.safe(c.title)}”" for c in layout.not_understood]
    if unknown:
        one = len(unknown) == 1
        st.warning(
            f"{'Kolumn' if one else 'Kolumnerna'} {', '.join(unknown)} känns inte igen och läses "
            "inte. Öppna ”Kolumner i filen” och välj vad "
            f"{'den' if one else 'de'} är, eller att {'den' if one else 'de'} inte läses.",
            icon=":material/view_column:",
        )
    left = [f"”{text.safe(c.title)}”" for c in layout.columns if c.name == NOT_READ]
    if left:
        st.markdown(f":small[Läses inte: {', '.join(left)}.]")


def _counted(layout: Layout) -> str:
    counts: Counter[Why] = Counter()
    for skipped in layout.skipped:
        counts[skipped.why] += skipped.last - skipped.first + 1
    return ", ".join(f"{n} {text.plural(n, *COUNTED[why])}" for why, n in counts.items())
