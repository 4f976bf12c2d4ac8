"""The payment entrance: owns the one address that clients know, serves payments itself and passes on the rest.

Which zone a request is for follows from its path (wire contract, section 1: by path and not by host name); only what is
none of the contract's goes by host name, so that site, consoles and payment page are origins of their own.

An origin is a border in the browser as a zone is one here: what another zone answers never comes from the payment
page's origin, and the payment page never from another zone's. What people ask about themselves has an origin too.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ippgateway.app.web.forward import Forward, ZoneAway
from ippgateway.domains.visits.schemas import Surface, visitor_of
from ippgateway.faces.classic import envelope
from ippgateway.faces.classic.paths import logical_path
from ippgateway.faces.classic.refusals import Refusal, not_found
from ippgateway.faces.classic.table import zone_of
from ippgateway.faces.mine import paths as mine
from ippgateway.privacy.zones import Zone

_BY_HOST = {"console": Zone.CONSOLE, "desk": Zone.DESK, "site": Zone.SITE, "www": Zone.SITE}
_PAPERS = {"privacy": "privacy", "cookies": "cookies", "terms": "terms", "processors": "processors",
           "privacy/changes": "changes", "trust": "trust", "trust.json": "trust"}  # fmt: skip
"""Pages of the site besides its first one, by their path after the language, with their names in access records."""
_SITE_PATHS = frozenset({
    "", "da", "en", *_PAPERS, *(f"{language}/{path}" for language in ("da", "en") for path in _PAPERS),
})  # fmt: skip
_ANY_HOST = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PAYERS = frozenset({"pay.js", "pay", "challenge", "3ds"})
"""First parts of paths that are the payer's under any host name (wire contract, sections 1 and 10)."""


_READ = {Zone.SITE: Surface.SITE, Zone.CONSOLE: Surface.CONSOLE, Zone.DESK: Surface.DESK}
OTHER = "other"
"""The name of a page that has none of its own, or is not there."""
_PAYERS_PAGES = {"": "payment", "challenge": "challenge", "pay/receipt": "receipt"}
_PAY_HOST, _MINE_HOST, _DESK_HOST = "pay", mine.HOST, "desk"
_NO_PAYMENT_PAGE = frozenset({*_BY_HOST, _MINE_HOST})
_ANYWHERE = frozenset({"pay.js", "3ds"})
"""Of the payers' parts, what is no page and is served under any name (wire contract, section 1)."""


class Entrance:
    """The ASGI application of the payment zone."""

    def __init__(
        self,
        classic: ASGIApp,
        payers: ASGIApp,
        forwards: Mapping[Zone, Forward],
        ready: Callable[[], Awaitable[Mapping[str, bool]]],
        *,
        mine_url: str,
    ) -> None:
        """`mine_url`: the origin of the page "what we hold about you", no slash at its end."""
        self._classic = classic
        self._payers = payers
        self._forwards = forwards
        self._ready = ready
        self._mine_url = mine_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        path = logical_path(scope["path"])
        own = await self._operations(path, scope)
        if own is not None:
            await own(scope, receive, send)
            return
        visitor, name, first = visitor_of(scope), _first_label(scope), path.partition("/")[0]
        if mine.of_a_purchase(path) or (name == _MINE_HOST and first not in _ANYWHERE):
            await self._people(path, name)(scope, receive, send)
            return
        if _is_payers(path, scope):
            if name in _NO_PAYMENT_PAGE and first not in _ANYWHERE:
                await _absent(scope, receive, send)
                return
            visitor.surface, visitor.page = _among_payers(path)
            await self._payers(scope, receive, send)
            return
        zone = None if name == _DESK_HOST else zone_of(path)  # the desk speaks no contract
        visitor.surface = Surface.API
        if zone is None and (zone := self._by_host(path, scope)) in _READ:
            visitor.surface = None if _is_file(path) else _READ[zone]
            visitor.page = _of_the_site(path)
        if zone is None or zone is Zone.PAY:
            await self._classic(scope, receive, send)
            return
        await self._pass_on(zone, scope, receive, _confined(send) if name == _PAY_HOST else send)

    def _people(self, path: str, name: str) -> ASGIApp:
        """What people ask about themselves has an origin, and nothing else has that one. Whoever looks at what is held
        about them leaves no record of it: no surface is noted."""
        if name != _MINE_HOST:
            return self._to_mine
        return partial(self._pass_on, Zone.CONSOLE) if mine.of_people(path) else _absent

    async def _to_mine(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page's own address. The key in the query goes along; a body does not, so that nothing is done by it."""
        query = bytes(scope["query_string"]).decode("latin-1")
        there = RedirectResponse(
            f"{self._mine_url}/{mine.PURCHASE}" + (f"?{query}" if query else ""), status_code=303,
            headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
        )  # fmt: skip
        await there(scope, receive, send)

    async def _pass_on(self, zone: Zone, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._forwards[zone](scope, receive, send)
        except ZoneAway:
            away = Refusal(503, "this part of the Platform is starting; try again in a moment")
            await envelope.refused(away)(scope, receive, send)

    def _by_host(self, path: str, scope: Scope) -> Zone | None:
        name = _host(scope)
        if name in _ANY_HOST:
            return Zone.SITE if _is_page(path, scope) else None
        return _BY_HOST.get(_first_label(scope))

    async def _operations(self, path: str, scope: Scope) -> Response | None:
        if path == "health/live":
            return JSONResponse({"live": True})
        if path == "health/ready":
            parts = dict(await self._ready())
            ready = all(parts.values())
            return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)
        if path == "metrics" and _from_this_machine(scope):
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
        return None


def _host(scope: Scope) -> str:
    host: str = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def _first_label(scope: Scope) -> str:
    return _host(scope).partition(".")[0]


def _confined(send: Send) -> Send:
    """The path decides and not the host name (wire contract, section 1), but what another zone answers at the card
    page's own origin is never a page there, whoever has taken that zone over."""

    async def confined(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = "default-src 'none'; sandbox"
            headers["x-content-type-options"] = "nosniff"
        await send(message)

    return confined


async def _absent(scope: Scope, receive: Receive, send: Send) -> None:
    await envelope.refused(not_found())(scope, receive, send)


def _is_payers(path: str, scope: Scope) -> bool:
    """Whether a payer's browser asks: for the hosted page, which has a checkout in its query, or what belongs to it."""
    first = path.partition("/")[0]
    if first:
        return first in _PAYERS
    return b"checkout_id=" in bytes(scope["query_string"]) or _first_label(scope) == _PAY_HOST


def _among_payers(path: str) -> tuple[Surface | None, str]:
    """What an access record says of a payer's path: where it is, and the page's name, which whoever serves it may know
    better. No surface: a file."""
    first, second = (*path.split("/"), "")[:2]
    if first == "pay.js":
        return Surface.WIDGET, "widget"
    if first == "3ds":
        return Surface.API, ""
    if _is_file(path):
        return None, ""
    name = first if first == "challenge" else f"{first}/{second}" if first else ""
    return Surface.PAGE, _PAYERS_PAGES.get(name, OTHER)


def _of_the_site(path: str) -> str:
    """A page's name in access records."""
    if path in ("", "da", "en"):
        return "home"
    return _PAPERS.get(path.removeprefix("da/").removeprefix("en/"), OTHER)


def _is_file(path: str) -> bool:
    return path == "favicon.ico" or (path.startswith(("static/", "pay/")) and "." in path.rpartition("/")[2])


def _is_page(path: str, scope: Scope) -> bool:
    """Whether somebody without a name for us looks at the site: a browser that opens the bare address. The same address
    with a checkout is the contract's hosted page."""
    if scope["method"] not in ("GET", "HEAD") or b"checkout_id=" in scope["query_string"]:
        return False
    return path in _SITE_PATHS or path.startswith("static/")


def _from_this_machine(scope: Scope) -> bool:
    """Metrics are for whoever operates the machine; behind a front proxy nobody else reaches them."""
    client = scope.get("client")
    proxied = any(name == b"x-forwarded-for" for name, _ in scope["headers"])
    return client is not None and client[0] in ("127.0.0.1", "::1") and not proxied
