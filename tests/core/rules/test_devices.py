"""A browser is told by words that its owner knows it by."""

import pytest

from core.rules.devices import device_words

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge i Windows"),
        (f"{WINDOWS} Chrome/131.0.0.0 Safari/537.36", "Chrome i Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Firefox i Linux",
        ),
        (f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1", "Safari på iPhone"),
        (f"{IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome på iPhone"),
        (
            f"{ANDROID} SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36",
            "Samsung Internet på Android",
        ),
        (f"{ANDROID} Chrome/131.0 Mobile Safari/537.36", "Chrome på Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15",
            "Safari på Mac",
        ),
        ("", "Okänd webbläsare"),
        ("curl/8.0", "Okänd webbläsare"),
    ],
)
def test_a_browser_is_named_with_where_it_runs(agent, words):
    assert device_words(agent) == words
