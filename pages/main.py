"""The script of every rerun: who is signed in, the menu by role, and the page asked for."""

from __future__ import annotations

import streamlit as st

from core.web import ICON, TITLE
from pages.account import sign_in
from pages.common import forms, gate, menu, style

visit = gate.enter()
page = menu.navigation(visit)
st.set_page_config(
    page_title=f"{page.title if visit else 'Logga in'} – {TITLE}",
    page_icon=ICON,
    layout="wide",
    initial_sidebar_state="collapsed",
)
style.inject()
if visit is None:
    sign_in.draw()
    st.stop()
menu.header()
page.run()
forms.run_completed()
