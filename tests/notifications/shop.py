"""A shop's server on loopback, and a name server that says what the test wants."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult


@dataclass
class Shop:
    """Answers every request with `status`, and remembers what was asked."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"array(2) { ... }"
    seen: list[web.BaseRequest] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    holding: asyncio.Event | None = None  # keep the answer back until it is set

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ipn?order=17"

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(request)
        self.arrived.set()
        if self.holding is not None:
            await self.holding.wait()
        return web.Response(status=self.status, headers=self.headers, body=self.body)


@asynccontextmanager
async def open_shop(*, tls: ssl.SSLContext | None = None, **about: Any) -> AsyncIterator[Shop]:
    """A shop on a port of its own."""
    shop = Shop(**about)
    runner = web.ServerRunner(web.Server(shop.answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    shop.port = runner.addresses[0][1]
    try:
        yield shop
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_server(answer: bytes, *, end: bool = True) -> AsyncIterator[int]:
    """A server that writes these bytes to whoever comes, and hangs up or does not."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        if not end:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class Names(AbstractResolver):
    """A name server whose every answer is the next of these; the last one stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host, host=each, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in each else socket.AF_INET,
            )
            for each in answer
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""
