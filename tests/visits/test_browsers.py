"""Browsers and systems by a list of ours; what else a header says does not get through."""

import pytest

from ippgateway.domains.visits.browsers import LONGEST_AGENT, recognised

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/131.0.0.0 Safari/537.36",
         ("Chrome 131", "Windows 10")),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {_WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36",
         ("Chrome Mobile 131", "Android 14")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", ("Firefox 133", "Linux")),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {_WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1",
         ("Mobile Safari 17", "iOS 17")),
        ("python-requests/2.32.3", ("Python Requests 2", "other")),
        ("GuzzleHttp/7", ("GuzzleHttp", "other")),
        ("", ("other", "other")),
        ("frida.kanin@borger.example", ("other", "other")),
        ("4111111111111111/5.0 frida kanin bot/4111", ("other", "other")),
        ("Frida Kanin 5555555555554444/1.0 (Kanin OS 4444)", ("other", "other")),
        ("curl/5555555555554444", ("curl", "other")),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_our_own_word_for_it(agent: str, kind: tuple[str, str]) -> None:
    assert recognised(agent) == kind


def test_only_the_beginning_of_a_long_header_is_looked_at() -> None:
    assert recognised(" " * LONGEST_AGENT + "Firefox/133.0") == ("other", "other")
