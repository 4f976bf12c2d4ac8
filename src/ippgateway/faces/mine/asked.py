"""A request to the people's page, read and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival
from ippgateway.faces.mine.paths import HELD
from ippgateway.faces.pages.language import Language, preferred

_LONGEST = 2_000
_LONGEST_ASKED = 16_000
"""Octets of a form in which somebody asks for something in words: 2,000 letters, each of them six octets at most."""
_MOST_FIELDS = 12
_OURS = frozenset({"same-origin", "none"})


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Asked:
    """One request. `path`: without slashes around it; `fields`: of the address, or of the form when it is a POST."""

    method: str
    path: str
    fields: Mapping[str, str]
    language: Language
    arrival: Arrival
    ours: bool
    """Whether a page of ours sent it, as far as the browser says (Fetch metadata)."""

    @property
    def posted(self) -> bool:
        """Whether it is a form."""
        return self.method == "POST"

    def one(self, name: str) -> str:
        """A field, without spaces around; empty when it is not there."""
        return self.fields.get(name, "").strip()


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Here:
    """How the page that is shown is asked for again. `posts`: by a form, because what proves who asks is in no
    address."""

    path: str
    fields: Mapping[str, str]
    posts: bool = False

    @property
    def address(self) -> str:
        """Path and query, to which a language can be added."""
        return f"{self.path}?{urlencode(self.fields)}{'&' if self.fields else ''}"


async def asked(scope: Scope, receive: Receive) -> Asked:
    """The request. What is malformed or too long counts as not there."""
    told, path = Headers(scope=scope), scope["path"].strip("/")
    longest = _LONGEST_ASKED if path == HELD else _LONGEST
    given = bytes(scope["query_string"])[:_LONGEST] if scope["method"] != "POST" else await _body(receive, longest)
    fields = _fields(given)
    wanted, client = fields.get("lang", ""), scope.get("client")
    return Asked(
        method=scope["method"], path=path, fields=fields,
        language=Language(wanted) if wanted in list(Language) else preferred(told.get("accept-language", "")),
        arrival=Arrival(address=Secret(client[0] if client else "")),
        ours=told.get("sec-fetch-site", "same-origin") in _OURS,
    )  # fmt: skip


def _fields(given: bytes) -> dict[str, str]:
    try:
        fields = parse_qs(given.decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items() if "\0" not in values[0]}


async def _body(receive: Receive, longest: int) -> bytes:
    """The body; nothing when it is longer than it can honestly be."""
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > longest or message["type"] != "http.request":
            return b""
        if not message.get("more_body"):
            return body
