"""Placeringar as a workbook to take out: each one that is made is written in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core import db
from core.auth import Actor, Permission, PermissionDeniedError
from core.queries.placements import PlacementRow
from core.queries.retained import lists_lack
from core.reports.excel import MIME
from core.reports.placement_workbook import NAME, placement_workbook
from core.services.audit import record_refusal
from core.services.exports import Export, record_export
from pages.common import gate
from pages.common.filters import Filters


def button(rows: Sequence[PlacementRow], chosen: Filters, actor: Actor) -> None:
    """Draw the button that takes a list out as a workbook with sums, filters and print set up."""
    st.download_button(
        f"Hämta ”{NAME}” som Excel",
        data=_file(rows, chosen, actor),
        file_name=f"{NAME.lower()}-{chosen.on}.xlsx",
        mime=MIME,
        key="excel-placeringar",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )


def _file(rows: Sequence[PlacementRow], chosen: Filters, actor: Actor) -> Callable[[], bytes]:
    login_id = gate.login_id()
    permission = Permission.VIEW_PLACEMENTS

    def make() -> bytes:
        export = Export(NAME, len(rows), chosen.on, login_id)
        try:
            with db.write() as session:
                record_export(session, export, permission=permission, by=actor)
                since = chosen.on.replace(month=1, day=1)
                lacks = lists_lack(session, chosen.scope, since=since)
        except PermissionDeniedError as refused:
            with db.write() as session:
                record_refusal(session, refused, by=actor)
            raise
        return placement_workbook(
            rows,
            on=chosen.on,
            unit_name=chosen.unit_name,
            with_case=actor.may(Permission.VIEW_CASES),
            lacks=lacks,
        )

    return make
