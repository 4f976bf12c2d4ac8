"""The sandbox's acquirer in this process, over TCP, with books in memory: to be silent, deaf or away."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from ippsandbox.acquirer.books import Books
from ippsandbox.acquirer.codec import unpack
from ippsandbox.acquirer.host import Host, Line, Surroundings
from ippsandbox.acquirer.journal import KEY_BYTES
from ippsandbox.acquirer.line import TcpLine

NETWORK = "0800"


class CountingHost(Host):
    """Remembers the type and number of every message about money that came, answered or not."""

    def __init__(self) -> None:
        later = asyncio.get_running_loop().call_later
        super().__init__(
            Books(fingerprint_key=secrets.token_bytes(KEY_BYTES)),
            Surroundings(lambda: datetime.now(UTC), later, lambda: secrets.token_hex(3).upper()),
        )
        self.came: list[tuple[str, str]] = []

    def receive(self, line: Line, frame: bytes) -> None:
        """See `Host`."""
        message = unpack(frame)
        if message is not None and message.mti != NETWORK:
            self.came.append((message.mti, message.fields[11]))
        super().receive(line, frame)


@dataclass
class Standing:
    """A host and its port; it may go away and come back with its books."""

    host: CountingHost
    port: int
    _server: asyncio.Server

    async def leave(self) -> None:
        """Close the port and every connection."""
        self._server.close()
        for line in list(self.host.lines):
            line.close()
        await self._server.wait_closed()

    async def come_back(self) -> None:
        """Listen again."""
        self._server = await _listen(self.host, self.port)


async def _listen(host: Host, port: int) -> asyncio.Server:
    return await asyncio.get_running_loop().create_server(lambda: TcpLine(host), "127.0.0.1", port)


@asynccontextmanager
async def open_host() -> AsyncIterator[Standing]:
    """A host on a port of its own."""
    host = CountingHost()
    server = await _listen(host, 0)
    standing = Standing(host, server.sockets[0].getsockname()[1], server)
    try:
        yield standing
    finally:
        await standing.leave()
