"""A request for the payment page: what its address says, and the form that it may carry. Nothing of it is printed."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from ippgateway.faces.pages.language import Language, preferred

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_WEB = re.compile(
    r"https?://(?:[^/?#\s@\\<>\"^|%\[\]:]+|\[[0-9a-f:.]+\])(?::\d{0,5})?([/?#][^\s\\\"<>]*)?", re.ASCII | re.IGNORECASE
)
_PORTS = {"http": 80, "https": 443}
_LONGEST_QUERY = 8_192
_LONGEST_ADDRESS = 2_048
_LARGEST_FORM = 16_384
_MOST_FIELDS = 40
THEMES = frozenset({"light", "dark"})


class TooLarge(Exception):
    """A form that is larger than any of ours, or whose sender went away."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Asked:
    """The query of a payment page (wire contract 10.5). `language`: chosen by the payer, else by the browser. What is
    malformed counts as not there."""

    checkout_id: str
    cryptogram: str
    action: str
    theme: str
    chosen: Language | None
    language: Language
    done: bool

    def query(self, **other: object) -> str:
        """The same page's query with something changed."""
        it = replace(self, **other)  # type: ignore[arg-type]
        told = {
            "checkout_id": it.checkout_id, "cryptogram": it.cryptogram, "action": it.action, "theme": it.theme,
            "lang": it.chosen.value if it.chosen else "", "done": "1" if it.done else "",
        }  # fmt: skip
        return "?" + urlencode({name: value for name, value in told.items() if value})


def asked(scope: Scope) -> Asked:
    """Read a request's address."""
    pairs = parse_qsl(scope["query_string"][:_LONGEST_QUERY].decode("latin-1"), max_num_fields=_LONGEST_QUERY)
    query = dict(pairs)
    chosen = Language(query["lang"]) if query.get("lang") in list(Language) else None
    return Asked(
        checkout_id=_token(query.get("checkout_id", "") or query.get("checkoutId", "")),
        cryptogram=_token(query.get("cryptogram", "")), action=web_address(query.get("action", "")),
        theme=query["theme"] if query.get("theme") in THEMES else "", chosen=chosen,
        language=chosen or preferred(Headers(scope=scope).get("accept-language", "")), done=query.get("done") == "1",
    )  # fmt: skip


def _token(text: str) -> str:
    return text if _TOKEN.fullmatch(text) else ""


def web_address(text: str) -> str:
    """An absolute web address, or "": no other scheme, no user name that dresses one host up as another, and nothing
    that can't be parsed (`http://[x`)."""
    return text if len(text) <= _LONGEST_ADDRESS and _WEB.fullmatch(text) and origin_of(text) else ""


def origin_of(address: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of a web address; None when it has no such thing."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, _PORTS[parts.scheme] if port is None else port


def same_site(address: str, *known: str) -> bool:
    """Whether an address has the origin of one of those that are known; one that is no web address has none."""
    return any(web_address(each) and origin_of(each) == origin_of(address) for each in known)


def with_transaction(address: str, payment_id: str, payment_key: str) -> str:
    """The address with the two parameters added to its query and nothing else changed (wire contract 8.7, 10.4)."""
    whole, hash_, fragment = address.partition("#")
    mark = "" if whole.endswith(("?", "&")) else "&" if "?" in whole else "?"
    return f"{whole}{mark}{urlencode({'transaction_id': payment_id, 'transaction_key': payment_key})}{hash_}{fragment}"


def front_of(address: str) -> str:
    """The front page of the site that a web address belongs to; "" of none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/" if address else ""


async def read_form(scope: Scope, receive: Receive) -> dict[str, str]:
    """The fields of a plain form. Raises TooLarge."""
    if not Headers(scope=scope).get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > _LARGEST_FORM:
            raise TooLarge
        if not message.get("more_body", False):
            break
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise TooLarge from None
