"""Användare: the accounts and their roles; add, close, open, reset, role and group."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import db
from core.auth import ROLE_NAMES, Permission
from core.clock import STOCKHOLM
from core.queries import users
from pages.common import account_forms
from pages.common.gate import require
from pages.common.tables import Column, Kind, Table, table

actor = require(Permission.VIEW_USERS)
st.title("Användare", anchor=False)

COLUMNS = (
    Column("name", "Namn"),
    Column("username", "Användarnamn"),
    Column("role", "Roll"),
    Column("unit", "Enhet"),
    Column("group", "Grupp"),
    Column("active", "Öppet", Kind.YES_NO),
    Column("seen", "Senast inne"),
)

with db.read() as session:
    accounts = users.accounts(session, by=actor)
    places = account_forms.places(users.units_with_groups(session, by=actor))

account_forms.show_one_time_password()
rows = [
    {
        "name": account.name,
        "username": account.username,
        "role": ", ".join(dict.fromkeys(ROLE_NAMES[held.role] for held in account.roles)),
        "unit": ", ".join(held.unit_name or "alla" for held in account.roles),
        "group": ", ".join(held.group_name for held in account.roles if held.group_name),
        "active": account.active,
        "seen": account.last_seen_at
        and f"{account.last_seen_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
    }
    for account in accounts
]
table(
    pd.DataFrame(rows, dtype=object),
    COLUMNS,
    name="Konton",
    actor=actor,
    look=Table(source="konton", permission=Permission.VIEW_USERS),
)
with st.expander("Lägg till ett konto", icon=":material/person_add:"):
    account_forms.add(places, actor)
with st.expander("Ändra ett konto", icon=":material/manage_accounts:"):
    account_forms.change(accounts, places, actor)
