"""The app with one page more: an empty one, which the others are measured against."""

import streamlit as st
from pages.common.web import MIDDLEWARE, ROUTES, lifespan

from core.auth import Permission
from pages.common import menu

menu.MENU = (
    *menu.MENU,
    menu.MenuItem(
        section="Mätning",
        title="Tom",
        path="../tests/bench/empty_page.py",
        url_path="tom",
        permission=Permission.VIEW_SUMS,
        icon=":material/check_box_outline_blank:",
    ),
)

app = st.App("../../pages/main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
