"""Mina enheter: where one is signed in just now, and signing out there or everywhere."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from core import clock, db
from core.config import settings
from core.queries.devices import Device, devices
from core.services import sign_in
from pages.common import gate
from pages.common.gate import require

actor = require()
st.title("Mina enheter", anchor=False)
st.markdown(
    "Här är du inloggad just nu. Känner du inte igen en rad: logga ut den och byt lösenord.",
    width=640,
)
with db.read() as session:
    idle = dt.timedelta(minutes=settings().idle_minutes)
    mine = devices(session, by=actor, now=clock.now(), idle=idle)


def when(moment: dt.datetime) -> str:
    """Return a point in time as it is in Sweden."""
    return f"{moment.astimezone(clock.STOCKHOLM):%Y-%m-%d %H:%M}"


def end(device: Device) -> None:
    """Sign a device out; this one as the menu does."""
    if device.login_id == gate.login_id():
        gate.sign_out()
        return
    with db.write() as session:
        sign_in.close_own(session, device.login_id, by=actor)
    st.toast(f"{device.words} är utloggad.", icon=":material/check_circle:")


def draw(device: Device) -> None:
    """Draw a device with its times and its button."""
    this_one = device.login_id == gate.login_id()
    with (
        st.container(border=True, width=640),
        st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ),
    ):
        badge = " :blue-badge[den här enheten]" if this_one else ""
        st.markdown(
            f"**{device.words}**{badge}  \n"
            f":small[Inloggad {when(device.signed_in_at)}, använd {when(device.last_seen_at)}]",
            width="stretch",
        )
        st.button(
            "Logga ut",
            key=f"end-{device.login_id}",
            icon=":material/logout:",
            on_click=end,
            args=(device,),
        )


for one in sorted(mine, key=lambda device: device.login_id != gate.login_id()):
    draw(one)
st.button(
    "Logga ut överallt",
    icon=":material/power_settings_new:",
    type="primary",
    on_click=gate.sign_out_everywhere,
)
st.caption("Loggar ut alla enheter, också den här.")
