"""Acquirer hosts in this process, for tests: on one directory, one after the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from ippsandbox.acquirer.books import Books
from ippsandbox.acquirer.host import Host, Surroundings
from ippsandbox.acquirer.inspection import inspection_app
from ippsandbox.acquirer.journal import Journal, fingerprint_key, open_journal
from ippsandbox.acquirer.line import TcpLine
from ippsandbox.process import port_of, serve


@dataclass
class Running:
    """A host in this process, with timers that ring when the test says so."""

    host: Host
    port: int
    inspection_port: int
    timers: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    async def get(self, path: str) -> Any:
        async with ClientSession() as session, session.get(self._url(path)) as response:
            return await response.json()

    async def play(self, mode: str, **odds: object) -> int:
        body = {"mode": mode, **odds}
        async with ClientSession() as session, session.post(self._url("/faults"), json=body) as response:
            return response.status

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.inspection_port}{path}"


Start = Callable[[], Awaitable[Running]]


@asynccontextmanager
async def hosting(directory: Path) -> AsyncIterator[Start]:
    """Starts hosts on a directory; starting another one ends the first, as a restart does."""
    endings: list[Callable[[], Awaitable[None]]] = []

    async def end() -> None:
        while endings:
            await endings.pop()()

    async def begin() -> Running:
        await end()
        books = Books(fingerprint_key=fingerprint_key(directory, random_bytes=bytes))
        books.journal = Journal(open_journal(directory, replay=books.replay), on_failure=lambda: None)
        timers: list[tuple[float, Callable[[], None]]] = []
        around = Surroundings(
            now=lambda: datetime(2026, 6, 14, 12, tzinfo=UTC),
            later=lambda seconds, then: timers.append((seconds, then)),
            approval_code=lambda: "A1B2C3",
        )
        host = Host(books, around, late_s=7)
        server = await asyncio.get_running_loop().create_server(lambda: TcpLine(host), "127.0.0.1", 0)
        inspection = await serve(inspection_app(host), host="127.0.0.1", port=0)

        async def stop() -> None:
            server.close()
            for line in list(host.lines):
                line.close()
            await inspection.cleanup()
            await books.journal.close()

        endings.append(stop)
        return Running(host, server.sockets[0].getsockname()[1], port_of(inspection), timers)

    yield begin
    await end()
