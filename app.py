"""Launcher: `streamlit run app.py` serves the pages beside routes and headers of our own."""

import streamlit as st

from core.web import MIDDLEWARE, ROUTES, lifespan

app = st.App("pages/main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
