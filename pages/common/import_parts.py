"""Importer: choice of file, preview row by row with filter and pages, and saving."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core import db
from core.auth import Actor, Scope
from core.imports import runs, templates, told
from core.imports.files import LARGEST, FileRefusedError, check_name, check_size
from core.imports.kinds import FOLLOWS, Effect, Kind
from core.imports.layouts import ColumnsNeededError
from core.queries.column_mappings import headings_of
from core.reports.excel import MIME
from pages.common import forms, gate, import_columns, text
from pages.common.tables import Column, Table, table

SAVE, SHOWN, PAGE = "import-save", "_import-shown", "_import-page"
ROWS_A_PAGE = 50
MB = 1024 * 1024
FILTERS: dict[str, tuple[Effect, ...]] = {
    "Alla": tuple(Effect),
    "Bara fel": (Effect.WRONG,),
    "Bara nya": (Effect.NEW,),
    "Bara ändrade": (Effect.CHANGED,),
}
ROW_COLUMNS = (
    Column("row", "Rad"),
    Column("name", "Gäller"),
    Column("effect", "Verkan"),
    Column("what", "Vad"),
)
COLUMN_COLUMNS = (
    Column("heading", "Rubrik"),
    Column("required", "Krävs"),
    Column("description", "Vad som skrivs"),
)
# Streamlit's own words around a choice of file can't be set; these stand in their place.
STYLE = """
<style>
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span,
[data-testid="stFileChip"] [role="alert"] { visibility: hidden; font-size: 0; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after,
[data-testid="stFileUploaderDropzoneInstructions"] span::after,
[data-testid="stFileChip"] [role="alert"]::after { visibility: visible; font-size: .875rem; }
[data-testid="stFileUploaderDropzone"] [data-testid="stBaseButton-secondary"] p::after {
  content: "Välj fil";
}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {
  content: "Högst LARGEST MB. Du kan också dra filen hit.";
}
[data-testid="stFileChip"] [role="alert"]::after,
[data-testid="stFileUploader"]:has([data-testid="stFileChip"][aria-invalid="true"])::after {
  content: "Filen är för stor. Högst LARGEST MB går att importera: dela upp den i flera filer.";
}
.st-key-import-rows td { white-space: pre-line; }
@media (min-width: 640px) { .st-key-import-rows td:nth-child(2) { white-space: nowrap; } }
</style>
""".replace("LARGEST", str(LARGEST // MB))


def about(kind: Kind, actor: Actor) -> None:
    """Draw what a kind of file holds, its rules, its columns and its templates."""
    with st.expander("Mall, kolumner och regler", icon=":material/table_view:"):
        with st.container(horizontal=True):
            for label, ending, make, mime in (
                ("Hämta mall för Excel", "xlsx", templates.as_workbook, MIME),
                ("Hämta mall som CSV", "csv", templates.as_csv, "text/csv"),
            ):
                st.download_button(
                    label,
                    data=_made(make, kind),
                    file_name=f"{templates.file_name(kind)}.{ending}",
                    mime=mime,
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"template-{ending}",
                )
        st.markdown("\n".join(f"- {rule}" for rule in kind.rules))
        described = [templates.description(column) for column in kind.columns]
        names = [column.name for column in COLUMN_COLUMNS]
        frame = pd.DataFrame(described, columns=names, dtype=object)
        table(frame, COLUMN_COLUMNS, name="Kolumner", actor=actor, look=Table(download=False))


def choose(kind: Kind, actor: Actor) -> runs.Preview | None:
    """Draw the choice of file, and return what it would do once it can be read."""
    st.html(STYLE)
    file = st.file_uploader("Fil, CSV eller Excel (.xlsx)", key=f"import-file-{_round()}")
    if file is None:
        st.session_state.pop(SHOWN, None)
        return None
    known = (file.file_id, kind.code)
    kept = st.session_state.get(SHOWN)
    if kept is not None and kept[0] == known:
        shown: runs.Preview = kept[1]
        return shown
    st.session_state.pop(SHOWN, None)
    try:
        check_name(file.name)
        check_size(file.size)
        found = _previewed(kind, file.name, file.getvalue(), actor)
    except ColumnsNeededError as needed:
        st.warning(text.safe(str(needed)), icon=":material/view_column:")
        import_columns.choose(kind, needed.layout, actor, saved=_look_again)
        return None
    except FileRefusedError as refused:
        st.error(f"{refused} Inget har sparats.", icon=":material/error:")
        return None
    st.session_state[SHOWN] = (known, found)
    st.session_state[PAGE] = 0
    forms.forget(SAVE)
    return found


def preview(shown: runs.Preview, actor: Actor) -> None:
    """Draw what a file would do: the counts, what is not read, and the rows a page at a time."""
    counts = shown.counts
    if any(column.name == "reference" for column in shown.file.kind.columns):
        gate.seen_rows(actor, "import_preview", Scope(shown.target.unit_id))
    if shown.has_faults:
        wrong = counts[Effect.WRONG]
        have = text.plural(wrong, "rad har", "rader har")
        st.error(
            f"{text.number(wrong)} {have} fel. Inget kan sparas förrän alla är rättade: rätta i filen, "
            "spara den och välj den igen.",
            icon=":material/error:",
        )
    st.markdown(f"**{told.effect_of(shown)}**")
    if shown.file.checked.layout is not None:
        kind, layout = shown.file.kind, shown.file.checked.layout
        import_columns.draw(kind, layout, actor, saved=_look_again)
    for note in shown.file.checked.notes:
        st.warning(text.safe(note), icon=":material/info:")
    if shown.asked.notes:
        st.info("\n\n".join(map(text.safe, shown.asked.notes)), icon=":material/info:")
    default = "Bara fel" if shown.has_faults else "Alla"
    chosen = st.segmented_control(
        "Visa", list(FILTERS), default=default, required=True, key=f"import-filter-{shown.digest}"
    )
    found = [row for row in shown.rows if row.effect in FILTERS[chosen]]
    first = _page(len(found), f"{shown.digest}-{chosen}")
    rows = [
        {
            "row": "" if row.row.number == FOLLOWS else str(row.row.number),
            "name": told.name_of(shown, row),
            "effect": told.EFFECTS[row.effect],
            "what": "\n".join(told.what_of(shown, row)),
        }
        for row in found[first : first + ROWS_A_PAGE]
    ]
    with st.container(key="import-rows"):
        table(
            pd.DataFrame(rows, dtype=object),
            ROW_COLUMNS,
            name="Rader i filen",
            actor=actor,
            look=Table(download=False, empty="Inga sådana rader i filen."),
        )


def save(shown: runs.Preview, actor: Actor) -> None:
    """Draw the button that saves, when there is something to save."""
    if shown.has_faults:
        return
    if not shown.has_effect:
        st.info("Allt i filen finns redan. Det finns inget att spara.", icon=":material/check:")
        return
    confirmed = _confirmed(shown)
    count = shown.counts[Effect.NEW] + shown.counts[Effect.CHANGED]
    rows = text.plural(count, "rad", "rader")
    label = f"Spara importen ({text.number(count)} {rows})"
    key = forms.submit_key(SAVE)
    if not st.button(
        label,
        type="primary",
        icon=":material/save:",
        key="import-save-button",
        disabled=not confirmed,
        help=None if confirmed else "Svara på frågorna ovan först.",
    ):
        return
    with st.spinner("Sparar …"):
        saved = forms.run(
            SAVE,
            lambda session: runs.save(session, shown, by=actor, key=key, confirmed=confirmed),
            f"Importen är sparad: {told.effect_of(shown)}",
            after=lambda _run_id: next_round(),
        )
    if not saved:
        st.button("Granska igen", icon=":material/refresh:", on_click=_look_again)


def _confirmed(shown: runs.Preview) -> bool:
    """Draw what must be confirmed before the file is saved; tell whether all of it is."""
    answers = []
    for number, question in enumerate(shown.asked.questions):
        st.warning(text.safe(question), icon=":material/help:")
        key = f"import-yes-{shown.digest}-{number}"
        answers.append(st.checkbox("Ja, det stämmer. Jag har kontrollerat det.", key=key))
    return all(answers)


def next_round() -> None:
    """Let go of the file and its preview: the choice of file is empty again."""
    st.session_state[_ROUND] = _round() + 1
    st.session_state.pop(SHOWN, None)


_ROUND = "_import-round"


def _round() -> int:
    number: int = st.session_state.setdefault(_ROUND, 0)
    return number


def _previewed(kind: Kind, name: str, data: bytes, actor: Actor) -> runs.Preview:
    place = st.empty()

    def tell(row: int) -> None:
        place.info(f"Läser rad {text.number(row)} …", icon=":material/hourglass_top:")

    try:
        with db.read() as session:
            headings = headings_of(session, actor.unit_id or 0, kind.code)
        file = runs.read_file(kind, name, data, tell, headings)
        place.info("Jämför med det som finns …", icon=":material/hourglass_top:")
        with db.read() as session:
            return runs.preview(session, file, unit_id=actor.unit_id or 0, by=actor)
    finally:
        place.empty()


def _look_again() -> None:
    st.session_state.pop(SHOWN, None)


def _made(make: Callable[[Kind], bytes], kind: Kind) -> Callable[[], bytes]:
    return lambda: make(kind)


def _page(count: int, what: str) -> int:
    """Draw the way between pages of rows, and return the first row's place."""
    if st.session_state.get(f"{PAGE}-of") != what:
        st.session_state[f"{PAGE}-of"] = what
        st.session_state[PAGE] = 0
    pages = max(1, -(-count // ROWS_A_PAGE))
    page: int = min(st.session_state.get(PAGE, 0), pages - 1)
    first = page * ROWS_A_PAGE
    if pages > 1:
        last = min(first + ROWS_A_PAGE, count)
        with st.container(horizontal=True, vertical_alignment="center"):
            _turn("Föregående", page - 1, possible=page > 0)
            _turn("Nästa", page + 1, possible=page < pages - 1)
            span = f"{text.number(first + 1)}–{text.number(last)} av {text.number(count)}"
            st.markdown(f"Visar {span} rader", width="content")
    return first


def _turn(label: str, to: int, *, possible: bool) -> None:
    st.button(
        label, disabled=not possible, on_click=_go_to, args=(to,), key=f"import-{label.lower()}"
    )


def _go_to(page: int) -> None:
    st.session_state[PAGE] = page
