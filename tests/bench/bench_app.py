"""The app with one page more: an empty one, which the others are measured against."""

import streamlit as st

from core.auth import Permission
from core.web import MIDDLEWARE, ROUTES, lifespan
from pages.common import menu

menu.MENU = (
    *menu.MENU,
    menu.MenuItem(
        section="Mätning",
        title="Tom",
        path="../tests/bench/empty_page.py",
        url_path="tom",
        permission=Permission.VIEW_SUMS,
        icon="check_box_outline_blank",
    ),
)

app = st.App("../../pages/main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
