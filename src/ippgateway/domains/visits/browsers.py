"""What kind of browser and system somebody uses, in words of ours: a family from a list, and its major version.

The library knows the ways in which browsers name themselves, but repeats words that it does not know. So only families
of these lists go through, and of a version its first number: nothing that somebody wrote into a header is stored.
"""

from functools import cache

from ua_parser import BasicResolver, Domain, Parser, load_lazy_builtins

LONGEST_AGENT = 256
"""Characters of a header that are looked at; the patterns take a millisecond at worst for as many."""

OTHER = "other"

_BROWSERS = frozenset(
    """Chrome|Chrome Mobile|Chrome Mobile iOS|Chrome Mobile WebView|Chromium|HeadlessChrome|Firefox|Firefox Mobile
Firefox iOS|Safari|Mobile Safari|Mobile Safari UI/WKWebView|Edge|Edge Mobile|Opera|Opera Mobile|Opera Mini|Opera Touch
Samsung Internet|Brave|Vivaldi|DuckDuckGo Mobile|UC Browser|Yandex Browser|MiuiBrowser|Huawei Browser|IE|IE Mobile
Android|Silk|QQ Browser Mobile|Facebook|Instagram|Google|Apple Mail|Googlebot|bingbot|Applebot
curl|Wget|Python Requests|Python-urllib|aiohttp|Python aiohttp|python-httpx|okhttp|Go-http-client|Java|Apache-HttpClient
axios|PostmanRuntime|GuzzleHttp|WordPress|PHP|libwww-perl|Ruby|node-fetch""".replace("\n", "|").split("|")
)
_SYSTEMS = frozenset({
    "Windows", "Mac OS X", "iOS", "Android", "Linux", "Ubuntu", "Debian", "Fedora", "Chrome OS", "Tizen", "FreeBSD",
    "OpenBSD", "KaiOS", "HarmonyOS", "tvOS", "watchOS",
})  # fmt: skip

# Programs that shops call us with, which the library leaves unnamed: the beginning of what they send.
_PROGRAMS = (
    ("GuzzleHttp/", "GuzzleHttp"),
    ("PHP/", "PHP"),
    ("Python/", "Python aiohttp"),
    ("WooCommerce/", "WordPress"),
)  # fmt: skip


def recognised(agent: str) -> tuple[str, str]:
    """Browser and system of a `User-Agent` header, e.g. ("Firefox 133", "Windows 10"); "other" for what we don't know.

    Takes up to some milliseconds, the first time more: not for an event loop.
    """
    found = _parser()(agent[:LONGEST_AGENT], Domain.USER_AGENT | Domain.OS)
    browser, system = found.user_agent, found.os
    if browser is None or browser.family not in _BROWSERS:
        named = next((name for start, name in _PROGRAMS if agent.startswith(start)), OTHER)
    else:
        named = _with(browser.family, browser.major)
    known = system is not None and system.family in _SYSTEMS
    return named, _with(system.family, system.major) if known and system is not None else OTHER


def _with(family: str, version: str | None) -> str:
    plain = version is not None and version.isascii() and version.isalnum() and len(version) <= 4
    return f"{family} {version}" if plain else family


@cache
def _parser() -> Parser:
    return Parser(BasicResolver(load_lazy_builtins()))
