"""What lists of rows leave out once closed cases have been removed, told where they stand."""

from __future__ import annotations

import streamlit as st


def draw(*, lists_lack: bool) -> None:
    """Say that cases which have been removed count in the figures but are in no list."""
    if lists_lack:
        st.markdown(
            ":small[:material/auto_delete: Listan visar inte ärenden som har gallrats. De räknas "
            "med i siffrorna.]"
        )
