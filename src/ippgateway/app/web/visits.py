"""Access records at the one address: every request becomes part of a visit, without a cookie (COLLECT-6).

A request is noted in memory when it has been answered, and what was noted is written every other second by a task of
its own, so no request waits for it. At the end the rest is written; a process that is killed takes at most some seconds
of records with it. The database away, records wait, up to a limit.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ippgateway.app.wiring import ended
from ippgateway.core.clock import Clock
from ippgateway.core.database import may_pass
from ippgateway.core.log import Log
from ippgateway.domains.visits import service
from ippgateway.domains.visits.browsers import LONGEST_AGENT, OTHER
from ippgateway.domains.visits.schemas import Client, Record, Surface, Visitor, visitor_of
from ippgateway.domains.visits.states import OpenVisits
from ippgateway.privacy.platform import Platform

_log = Log("visits")

_EVERY_S = 2.0
_AT_ONCE = 500
_REMEMBERED_KINDS = 2_000
_MOST_UNKNOWN = 50
_END_WITHIN_S = 5.0

_SEEN = "/seen"
_REPORT = re.compile(rb"([0-9a-f]{32}) (\d{1,6})", re.ASCII)
_LONGEST_REPORT = 39
_LONGEST_HOST = 100


class Visited:
    """Notes what goes through an ASGI application, and takes the reports of pages (`POST /seen`, at any name)."""

    def __init__(self, app: ASGIApp, visits: OpenVisits, clock: Clock) -> None:
        self._app = app
        self._visits = visits
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == _SEEN and scope["method"] == "POST":
            await (await self._seen(scope, receive))(scope, receive, send)
            return
        visitor, begun = visitor_of(scope), self._clock.now()
        page = False

        async def looked_at(message: Message) -> None:
            nonlocal page
            if message["type"] == "http.response.start":
                page = _is_page(scope["method"], message)
            await send(message)

        try:
            await self._app(scope, receive, looked_at)
        finally:
            if visitor.surface is not None and scope["method"] != "OPTIONS":
                headers = dict(scope["headers"])
                client = _client(scope, headers)
                _by_browser(visitor, headers, client)
                self._visits.arrived(client, visitor, begun, page=page and visitor.surface is not Surface.API)

    async def _seen(self, scope: Scope, receive: Receive) -> Response:
        """A page tells for how long it was to be seen. It hears nothing: whether it was believed is our business."""
        headers = dict(scope["headers"])
        client = _client(scope, headers)
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin" or not _same_origin(headers, client):
            return Response(status_code=403)
        report = await _report(headers, receive)
        if report is None:
            return Response(status_code=400)
        self._visits.seen(client, report[1].decode(), int(report[2]), self._clock.now())
        return Response(status_code=204, headers={"cache-control": "no-store"})


async def _report(headers: Mapping[bytes, bytes], receive: Receive) -> re.Match[bytes] | None:
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or len(announced) > 2 or int(announced) > _LONGEST_REPORT:
        return None
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > _LONGEST_REPORT:
            return None
        if not message.get("more_body", False):
            return _REPORT.fullmatch(body)


def _client(scope: Scope, headers: Mapping[bytes, bytes]) -> Client:
    known = scope.get("client")
    return Client(
        address=known[0] if known else "",
        agent=headers.get(b"user-agent", b"")[:LONGEST_AGENT].decode("latin-1"),
        host=headers.get(b"host", b"")[:_LONGEST_HOST].decode("latin-1").lower(),
    )


def _same_origin(headers: Mapping[bytes, bytes], client: Client) -> bool:
    """Whether a page of ours asks; a program that names no origin can claim its own visit's time only."""
    origin = headers.get(b"origin")
    return origin is None or origin.partition(b"//")[2].decode("latin-1").lower() == client.host


def _by_browser(visitor: Visitor, headers: Mapping[bytes, bytes], client: Client) -> None:
    """A payment's calls come from our page, from the widget in a shop's page, or from the shop's own server: a browser
    names the origin of the page that calls."""
    if visitor.surface is Surface.API and visitor.checkout_id and b"origin" in headers:
        visitor.surface = Surface.PAGE if _same_origin(headers, client) else Surface.WIDGET


def _is_page(method: str, start: Message) -> bool:
    """Whether the answer is one that somebody looks at: a page, or word that the browser has it already."""
    if method not in ("GET", "POST"):
        return False
    status = start["status"]
    kind = next((value for name, value in start["headers"] if name == b"content-type"), b"")
    if status == 304:
        return True
    return not 300 <= status < 400 and kind.startswith((b"text/html", b"application/javascript", b"text/javascript"))


class Recorder:
    """Writes what was noted. One per process; everything else reads and writes memory only."""

    def __init__(self, platform: Platform, visits: OpenVisits) -> None:
        self._p = platform
        self._visits = visits
        self._one_at_a_time = asyncio.Lock()
        self._kinds: dict[str, tuple[str, str]] = {}

    async def run(self) -> None:
        """Write every other second. Runs until it is cancelled."""
        while True:
            await self._p.clock.sleep(_EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Write all that waits, in bounded batches. What can't be written now waits on."""
        async with self._one_at_a_time:
            while await self._batch() == _AT_ONCE:
                pass
        if self._visits.lost:
            _log.warning("visits.lost", visits=self._visits.lost)
            self._visits.lost = 0

    async def stop(self, running: "asyncio.Task[None]") -> None:
        """End `run`, between two batches, and write the rest; a database that is away is not waited for."""
        try:
            async with asyncio.timeout(_END_WITHIN_S):
                async with self._one_at_a_time:
                    await ended(running)
                await self.flush()
        except TimeoutError:
            _log.warning("visits.not_written")
        await ended(running)

    async def _batch(self) -> int:
        records = self._visits.take(_AT_ONCE, self._p.clock.now())
        if not records:
            return 0
        try:
            self._visits.written(await self._written(records, await self._recognised(records)))
        except BaseException as error:
            self._visits.again()
            if not isinstance(error, Exception):
                raise
            _log.warning("visits.not_written", waiting=len(records))
            return 0
        return len(records)

    async def _written(self, records: list[Record], kinds: dict[str, tuple[str, str]]) -> dict[str, str]:
        """Whose each written visit is. When a single one may be to blame (its person was erased meanwhile, with all of
        its records), each is written alone, and those that can't be are left out."""
        try:
            return await service.write(self._p, records, kinds)
        except Exception as error:
            if may_pass(error):
                raise
            if len(records) == 1:
                _log.error("visits.lost", error)
                return {}
        alone = [await self._written([record], kinds) for record in records]
        return {visit: person for one in alone for visit, person in one.items()}

    async def _recognised(self, records: list[Record]) -> dict[str, tuple[str, str]]:
        """Browser and system of each agent; in a thread, because a strange one takes a while, and only so many at once:
        somebody who invents a name for every request goes down as "other"."""
        if len(self._kinds) > _REMEMBERED_KINDS:
            self._kinds = {}
        agents = dict.fromkeys(record.agent for record in records if record.new)
        unknown = [agent for agent in agents if agent not in self._kinds][:_MOST_UNKNOWN]
        if unknown:
            self._kinds |= await asyncio.to_thread(lambda: {agent: service.recognised(agent) for agent in unknown})
        return {agent: self._kinds.get(agent, (OTHER, OTHER)) for agent in agents}


@asynccontextmanager
async def recording(platform: Platform) -> AsyncIterator[OpenVisits]:
    """The visits of this process; what is noted is written meanwhile, and the rest at the end."""
    visits = OpenVisits(platform.ids)
    recorder = Recorder(platform, visits)
    running = asyncio.create_task(recorder.run())
    try:
        yield visits
    finally:
        await recorder.stop(running)
