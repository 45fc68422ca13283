"""What a browser says of itself, in words that its owner knows it by."""

from __future__ import annotations

UNKNOWN = "Okänd webbläsare"
# The first that the text holds wins: most browsers also claim to be the ones further down.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "på iPhone"),
    ("iPad", "på iPad"),
    ("Android", "på Android"),
    ("CrOS", "på Chromebook"),
    ("Windows", "i Windows"),
    ("Macintosh", "på Mac"),
    ("Linux", "i Linux"),
)


def device_words(agent: str) -> str:
    """Return a browser's text about itself in Swedish words, such as "Edge i Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), UNKNOWN)
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} {system}".strip()
