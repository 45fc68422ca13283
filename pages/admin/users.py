"""Användare: accounts, their roles, and one-time passwords."""

from __future__ import annotations

import streamlit as st

from core.auth import Permission
from pages.common.gate import require

actor = require(Permission.VIEW_USERS)
st.title("Användare", anchor=False)
