"""Passing a request from the payment entrance to the zone concerned, over a local socket; never the other way round.

A zone that is just starting again is waited for: as long as no connection exists, nothing was sent.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yarl import URL

from ippgateway.core.clock import Clock
from ippgateway.domains.visits.schemas import visitor_of

_PATIENCE_S = 8.0
_PAUSE_S = 0.1
_WHOLE_S = 60.0
_CHUNK = 65_536
_OWN = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer", b"trailers",
    b"transfer-encoding", b"upgrade", b"expect", b"x-forwarded-for", b"x-forwarded-proto", b"forwarded",
})  # fmt: skip
_NOT_BACK = _OWN | {b"date", b"service-worker-allowed"}
"""A zone's answer may share an origin with pages of another; no script of it is to stand between them and us."""
_COMPANY = b"ippgateway-company"
_PAGE = b"ippgateway-page"
"""On the way back from a zone, for the access record: whose key or session was shown, and the page's own name."""
_TOLD = frozenset({_COMPANY, _PAGE})
_ADDRESS = b"x-forwarded-for"


class ZoneAway(Exception):
    """The zone did not answer in time."""


class Telling:
    """A zone's application, which tells the entrance whose company asked and for which page; nobody else hears it. The
    entrance, which alone reaches the zone's socket, says whose address it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        visitor = visitor_of(scope)
        for name, value in scope["headers"]:
            if name == _ADDRESS:
                scope["client"] = (value.decode("latin-1"), 0)

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(_COMPANY, visitor.company_id)] if visitor.acting else []
                told += [(_PAGE, visitor.page)] if visitor.page else []
                message["headers"] = [*message["headers"], *((name, text.encode()) for name, text in told)]
            await send(message)

        await self._app(scope, receive, telling)


class Forward:
    """The way to one zone."""

    def __init__(self, socket: Path, clock: Clock) -> None:
        self._clock = clock
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(path=str(socket), limit=200), auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=_WHOLE_S), trust_env=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )  # fmt: skip

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on and the answer back. Raises ZoneAway before anything was sent back."""
        response = await self._ask(scope, receive)
        async with response:
            headers = [(k.lower(), v) for k, v in response.raw_headers if k.lower() not in _NOT_BACK | _TOLD]
            if company_id := response.headers.get(_COMPANY.decode()):
                visitor_of(scope).acts_for(company_id)
            if page := response.headers.get(_PAGE.decode()):
                visitor_of(scope).page = page
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            async for chunk in response.content.iter_chunked(_CHUNK):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _ask(self, scope: Scope, receive: Receive) -> aiohttp.ClientResponse:
        query = scope["query_string"]
        target = b"http://zone" + (scope.get("raw_path") or b"/") + (b"?" + query if query else b"")
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"] if k not in _OWN]
        if scope.get("client"):
            headers.append((_ADDRESS.decode(), scope["client"][0]))
        has_body = any(k in (b"content-length", b"transfer-encoding") for k, _ in scope["headers"])
        body = _body(receive) if has_body else None
        deadline = self._clock.now().timestamp() + _PATIENCE_S
        while True:
            try:
                return await self._session.request(
                    scope["method"], URL(target.decode("latin-1"), encoded=True), headers=headers, data=body,
                    allow_redirects=False,
                )  # fmt: skip
            except aiohttp.ClientConnectorError:
                if self._clock.now().timestamp() > deadline:
                    raise ZoneAway from None
                await self._clock.sleep(_PAUSE_S)
            except (aiohttp.ClientError, TimeoutError, ValueError):
                raise ZoneAway from None


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ZoneAway
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return
