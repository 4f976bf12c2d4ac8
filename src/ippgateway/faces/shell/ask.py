"""A request as a page's handler sees it: read, bounded, and asked by somebody known or by nobody."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival, Audience, Session
from ippgateway.domains.visits.browsers import LONGEST_AGENT, recognised
from ippgateway.domains.visits.schemas import Visitor
from ippgateway.faces.pages.language import Language, preferred

_LONGEST_QUERY = 4_096
_LARGEST_FORM = 65_536
_MOST_FIELDS = 200
_LONGEST_PATH = 2_000
_FORM = "application/x-www-form-urlencoded"
_INSIDE = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~?&=%+-]*", re.ASCII)
THEMES = ("auto", "light", "dark")

Fields = Mapping[str, tuple[str, ...]]


class Unreadable(Exception):
    """A form that is larger than any of ours, or of a kind that none of ours is."""

    def __init__(self, status: int) -> None:
        super().__init__("a form that is none of ours")
        self.status = status


class Gone(Exception):
    """Whoever sent the request went away while it was read."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Ask:
    """One request. Never printed: it says who asks, and with what secret.

    `path`: what the route's parameters are. `query`, `form`: the last value of each name (`every` has all);
    `form` is empty unless it is a POST whose origin, and when signed in whose token, were right. `session`: whoever is
    signed in, or halfway (`stage` "factor"); `bearer`: the session's secret, which the payment zone takes too.
    `arrival`: where the request comes from, for what is kept about sign-ins. `htmx`: a script of ours asks for it.
    """

    method: str
    url: str
    """Path and query as they were asked for: what leads back here (`house.see_other(ask.url)`)."""
    path: Mapping[str, str]
    fields: Fields
    posted: Fields
    language: Language
    chosen: Language | None
    """The language that the address asks for, while nobody's setting says."""
    theme: str
    session: Session | None
    bearer: Secret[str] | None
    arrival: Arrival
    htmx: bool
    lapsed: bool = False
    """Whether a session was shown that has ended."""
    visitor: Visitor = field(default_factory=Visitor)
    terms_due: str = ""
    """The version of the terms that they have not accepted yet."""

    @property
    def query(self) -> Mapping[str, str]:
        """The address's fields, the last of each name."""
        return {name: values[-1] for name, values in self.fields.items()}

    @property
    def form(self) -> Mapping[str, str]:
        """The form's fields, the last of each name, without spaces around."""
        return {name: values[-1].strip() for name, values in self.posted.items()}

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a form's field: of boxes that were ticked."""
        return self.posted.get(name, ())

    def secret(self, name: str) -> Secret[str]:
        """A field of the form that nobody may print, exactly as it was typed: a password, a code."""
        return Secret(self.posted.get(name, ("",))[-1])

    @property
    def known(self) -> Session:
        """Whoever is signed in. For handlers of routes that let nobody else in."""
        assert self.session is not None  # noqa: S101 - the route says so
        return self.session

    @property
    def audience(self) -> Audience | None:
        """Whose user asks."""
        return self.session.audience if self.session is not None else None

    def url_with(self, **changed: str | None) -> str:
        """The same page's address with something changed in its query; None takes a name out. For filters, pages of
        a list, languages."""
        told = {name: values[-1] for name, values in self.fields.items()}
        told |= {name: value for name, value in changed.items() if value is not None}
        kept = {name: value for name, value in told.items() if value and changed.get(name, value) is not None}
        here = self.url.partition("?")[0]
        return f"{here}?{urlencode(kept)}" if kept else here


def inside(address: str, otherwise: str = "/") -> str:
    """An address that somebody may be led to after a form: a path of this face and nothing else."""
    return address if len(address) <= _LONGEST_PATH and _INSIDE.fullmatch(address) else otherwise


def fields_of(scope: Scope) -> Fields:
    """The fields of the address; what is malformed counts as not there."""
    return _gathered(bytes(scope["query_string"])[:_LONGEST_QUERY])


def language_of(scope: Scope, fields: Fields, session: Session | None) -> tuple[Language, Language | None]:
    """The language to answer in, and the one that the address asks for: a user's setting goes before both."""
    asked = fields.get("lang", ("",))[-1]
    chosen = Language(asked) if asked in list(Language) else None
    if session is not None and session.stage == "open":
        return Language(session.language), None
    return chosen or preferred(Headers(scope=scope).get("accept-language", "")), chosen


async def form_of(scope: Scope, receive: Receive) -> Fields:
    """The fields of a plain form. Raises Unreadable, Gone."""
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", _FORM):
        raise Unreadable(415)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        body += message.get("body", b"")
        if len(body) > _LARGEST_FORM:
            raise Unreadable(413)
        if not message.get("more_body", False):
            return _gathered(bytes(body))


def arrival_of(scope: Scope, device: Secret[str] | None) -> Arrival:
    """Where a request comes from, in words of ours. May take some milliseconds for a browser that was not seen yet."""
    agent = Headers(scope=scope).get("user-agent", "")[:LONGEST_AGENT]
    browser, system = _recognised(agent)
    client = scope.get("client")
    return Arrival(address=Secret(client[0] if client else ""), browser=browser, system=system, device=device)


@lru_cache(maxsize=1_000)
def _recognised(agent: str) -> tuple[str, str]:
    return recognised(agent)


def _gathered(text: bytes) -> Fields:
    try:
        pairs = parse_qsl(text.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if "\0" not in value:
            found[name] = (*found.get(name, ()), value)
    return found
