"""Two people in one row: what the form opened, what the other saved and what is typed, to choose.

Each form names the values that it shows or changes (`Compared`). Where somebody else has saved the
row meanwhile, the form's button gives way to both versions side by side and the choice between them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import streamlit as st

from core.clock import STOCKHOLM, now
from core.services.base import Newest
from core.terms import sv_title
from pages.common import text

MINE, THEIRS = "Spara mina ändringar", "Behåll det sparade"
UNTOUCHED = "ändras inte"
STYLE = """
<style>
[class*="-versions"] table { width: 100%; table-layout: fixed; font-size: .875rem; }
[class*="-versions"] th, [class*="-versions"] td {
  padding: .3rem .4rem; white-space: normal; overflow-wrap: anywhere; text-align: left;
}
</style>
"""


class NotInForm:
    """Stands for what somebody typed where the form has no such field."""


NOT_IN_FORM = NotInForm()


def word(value: Any) -> str:
    """Return a value of a row as a table of two versions shows it."""
    if value is None or value == "":
        return text.DASH
    if isinstance(value, StrEnum):
        return sv_title(value)
    if isinstance(value, Decimal):
        return text.plain_number(value, 4)
    return text.safe(str(value))


@dataclass(frozen=True, slots=True)
class Compared:
    """A value of a form: its name in the row, its label, as it was opened and as it is typed."""

    field: str
    label: str
    opened: Any
    typed: Any = NOT_IN_FORM
    words: Callable[[Any], str] = word

    @property
    def changed_here(self) -> bool:
        """Tell whether the one who fills in the form has changed the value."""
        return self.typed is not NOT_IN_FORM and self.typed != self.opened

    def changed_there(self, newest: Newest) -> bool:
        """Tell whether somebody else has saved another value since the form was opened."""
        return bool(newest.values[self.field] != self.opened)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A save that was stopped: how the row stands, and the form's values that tell."""

    newest: Newest
    values: tuple[Compared, ...]

    @property
    def differs(self) -> bool:
        """Tell whether anything that the form names was changed by somebody else."""
        return not self.values or any(one.changed_there(self.newest) for one in self.values)


def draw(conflict: Conflict, key: str, take_theirs: Callable[[], None]) -> bool:
    """Draw both versions and the choice; tell whether the own changes are to be saved.

    Args:
        conflict: The save that was stopped.
        key: The form's submit key.
        take_theirs: Called before the next rerun, if the saved version is to stay.
    """
    st.warning(
        f"**{_who(conflict.newest)} medan du hade formuläret öppet.** Ditt är inte sparat än, men "
        "det du skrev står kvar i fälten. Jämför och välj.",
        icon=":material/sync_problem:",
    )
    rows = [
        one for one in conflict.values if one.changed_here or one.changed_there(conflict.newest)
    ]
    which = f"{key}-{conflict.newest.version}"  # a second conflict has buttons of its own
    st.html(STYLE)
    with st.container(key=f"{which}-versions"):
        st.markdown(table(rows, conflict.newest))
    with st.container(horizontal=True):
        mine = st.form_submit_button(MINE, type="primary", key=f"{which}-mine")
        st.form_submit_button(THEIRS, key=f"{which}-theirs", on_click=take_theirs)
    return mine


def table(rows: Sequence[Compared], newest: Newest) -> str:
    """Return both versions, value by value, as a Markdown table."""
    lines = ["| Uppgift | När du öppnade | Sparat nu | Om du sparar ditt |", "|---|---|---|---|"]
    for row in rows:
        saved = row.words(newest.values[row.field])
        marked = f"**{saved}**" if row.changed_there(newest) else saved
        mine = f"**{row.words(row.typed)}**" if row.changed_here else UNTOUCHED
        lines.append(f"| {row.label} | {row.words(row.opened)} | {marked} | {mine} |")
    return "\n".join(lines)


def on_top(conflict: Conflict | None, values: Sequence[Compared]) -> dict[str, Any]:
    """Return what to save: the values typed, and the newest ones of what wasn't changed here."""
    typed = [one for one in values if one.typed is not NOT_IN_FORM]
    if conflict is None:
        return {one.field: one.typed for one in typed}
    newest = conflict.newest.values
    return {one.field: one.typed if one.changed_here else newest[one.field] for one in typed}


def said(values: Sequence[Compared]) -> str:
    """Return in one line what was typed, to be had again where the saved version was kept."""
    return ", ".join(f"{one.label}: {one.words(one.typed)}" for one in values if one.changed_here)


def _who(newest: Newest) -> str:
    who = "Någon annan" if newest.by is None else text.safe(newest.by)
    return f"{who} sparade samma uppgift{_when(newest.at)}"


def _when(at: dt.datetime | None) -> str:
    if at is None:
        return ""
    here = at.astimezone(STOCKHOLM)
    if here.date() == now().astimezone(STOCKHOLM).date():
        return f" kl. {here:%H:%M}"
    return f" {text.date_sv(here.date())} kl. {here:%H:%M}"
