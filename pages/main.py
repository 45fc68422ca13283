"""The script of every rerun: who is signed in, the menu by role, and the page asked for."""

from __future__ import annotations

import streamlit as st

from pages.account import sign_in
from pages.common import gate, menu, style

st.set_page_config(page_title="Röda tråden", layout="wide")
visit = gate.enter()
style.inject()
page = menu.navigation(visit)
if visit is None:
    sign_in.draw()
    st.stop()
menu.header()
page.run()
