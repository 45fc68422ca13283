"""Launcher: `streamlit run app.py` serves the pages beside routes and headers of our own."""

import streamlit as st

from core.web import ADDRESSES, MIDDLEWARE, ROUTES, WARM_UP, lifespan
from pages.common import menu
from pages.common.warm_up import import_what_pages_import

WARM_UP.append(import_what_pages_import)
ADDRESSES.update(menu.addresses())
app = st.App("pages/main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
