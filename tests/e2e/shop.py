"""A shop's server: takes notifications, and does at their arrival what a shop does."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from ippgateway.app.settings import Settings

from .books import value
from .client import until

Asks = Callable[[dict[str, str]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One notification. `at`: unix seconds of its arrival; `asked`: what the shop learnt by asking at that moment."""

    method: str
    path: str
    query: list[tuple[str, str]]
    body: bytes
    at: float
    asked: dict[str, Any]

    @property
    def named(self) -> dict[str, str]:
        """The parameters by their names."""
        return dict(self.query)


@dataclass
class Shop:
    """Answers every notification with `status`. `asks` is called with its parameters before the answer."""

    port: int = 0
    status: int = 200
    asks: Asks | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def called(self, times: int) -> None:
        """Wait until it was called so often."""
        await until(lambda: _at_least(self.calls, times), f"{times} notifications")

    async def recorded(self, settings: Settings, *, state: str = "DELIVERED", tries: int = 1) -> None:
        """Wait until the outcome of every call that came here is on record."""
        ids = [call.named["transaction_id"] for call in self.calls]
        of = "select count(*) from ipp.notification where payment_id = any($1) and state = $2 and tries >= $3"

        async def all_are() -> bool:
            return bool(await value(settings, of, ids, state, tries) == len(set(ids)))

        await until(all_are, "notifications on record")

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        at = time.time()
        path, _, text = request.raw_path.partition("?")
        query = parse_qsl(text, keep_blank_values=True)
        body = await request.read()
        asked = await self.asks(dict(query)) if self.asks else {}
        self.calls.append(Call(method=request.method, path=path, query=query, body=body, at=at, asked=asked))
        return web.Response(status=self.status, body=b"array(2) { ... }")


async def _at_least(calls: list[Call], times: int) -> bool:
    return len(calls) >= times


@asynccontextmanager
async def open_shop() -> AsyncIterator[Shop]:
    """A shop on a port of its own."""
    shop = Shop()
    runner = web.ServerRunner(web.Server(shop.answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    shop.port = runner.addresses[0][1]
    try:
        yield shop
    finally:
        await runner.cleanup()
