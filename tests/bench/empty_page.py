"""Tom: en sida med en rad, som de andra sidorna jämförs med."""

import streamlit as st

st.write("Tom sida.")
