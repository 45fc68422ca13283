"""The little CSS that Streamlit has no setting for: tables, paper, focus and small screens."""

from __future__ import annotations

import streamlit as st

from core.charts.theme import PALETTES
from pages.common import forms

CSS = """
<style>
.rt-table { overflow-x: auto; }
.rt-long { max-height: 70vh; overflow-y: auto; }
.rt-table table { border-collapse: collapse; width: 100%; font-size: .95rem; }
.rt-table caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
.rt-table th, .rt-table td {
  padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.rt-table tbody th { font-weight: 400; min-width: 4.6rem; }
.rt-table thead th { font-weight: 600; }
.rt-long thead th {
  position: sticky; top: 0; background: BACKGROUND;
}
.rt-table .rt-right { text-align: right; font-variant-numeric: tabular-nums; }
.rt-table td.rt-date { white-space: nowrap; }
.rt-table:has(thead th:nth-child(12)) table { font-size: .8rem; }
.rt-table:has(thead th:nth-child(12)) :is(th, td) { padding-right: .5rem; }
[data-testid="stMarkdownContainer"] img[src^="data:image/svg"] {
  display: block; width: 100%; height: 3.2rem; margin-bottom: .5rem;
}
[data-testid="stPageLink-NavLink"] :is(span, p) { white-space: normal; overflow: visible; }
.rt-key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; }
.rt-key, .rt-key li { margin: 0 !important; padding: 0 !important; }
.rt-key li { display: flex; align-items: center; gap: .4rem; margin: 0; font-size: .875rem; }
.rt-key span { width: .75rem; height: .75rem; border-radius: 2px; print-color-adjust: exact; }
[data-testid="stCaptionContainer"] { opacity: 1; color: MUTED; }
[data-testid="stMultiSelectTagsContainer"] [role="group"] :is(span, svg) { color: BACKGROUND; }
.rt-print { display: none; }
:focus-visible { outline: 2px solid MAIN; outline-offset: 2px; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  header, [data-testid="stSidebar"], [data-testid="stToolbar"], [data-testid="stToast"],
  [data-testid="stDownloadButton"], [data-testid="stButton"], [data-testid="stForm"],
  [data-testid="stPageLink"] svg, .st-key-filters, .st-key-no-print,
  .st-key-placement-filter, .st-key-placement-view { display: none !important; }
  .stApp, .stMain, [data-testid="stAppViewContainer"], [data-testid="stMainBlockContainer"] {
    position: static !important; overflow: visible !important; height: auto !important;
    max-width: none !important; padding: 0 !important;
  }
  .rt-print { display: block; }
  .rt-long { max-height: none; overflow: visible; }
  .rt-table thead { display: table-header-group; }
  .rt-table { overflow-x: visible; }
  .rt-table:has(thead th:nth-child(9)) table { font-size: .7rem; }
  .rt-table:has(thead th:nth-child(9)) :is(th, td) { padding-right: .4rem; }
  .rt-table tr, [data-testid="stMetric"], [data-testid="stVegaLiteChart"] { break-inside: avoid; }
}
</style>
"""

# On paper the dark theme is light: letters dark, charts turned over.
DARK_ON_PAPER = """
<style>
@media print {
  html, body, .stApp, .stMain, [data-testid="stAppViewContainer"] { background: #fff !important; }
  body * {
    color: #1C2430 !important; background-color: transparent !important;
    border-color: #B8BCC2 !important;
  }
  [data-testid="stVegaLiteChart"] { filter: invert(1) hue-rotate(180deg); }
}
</style>
"""

_STYLES = {
    kind: CSS.replace("BACKGROUND", palette.background)
    .replace("MAIN", palette.main)
    .replace("MUTED", palette.muted)
    for kind, palette in PALETTES.items()
}


def inject() -> None:
    """Add the common CSS to the page, and tell what the latest save did. Called once, by main."""
    dark = st.context.theme.type == "dark"
    st.html(_STYLES["dark"] + DARK_ON_PAPER if dark else _STYLES["light"])
    forms.show_saved()
