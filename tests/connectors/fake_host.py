"""A scripted acquirer host: a test sees each request's bytes and decides what is answered, and when."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from wire_decoder import ECHOED, WireError, check_request, framed, read, write

BOUND_S = 20


@dataclass
class Arrived:
    """A request as it came in, and the connection to answer on."""

    mti: str
    fields: dict[int, str]
    raw: bytes
    writer: asyncio.StreamWriter

    def reply(self, code: str = "00", **changes: str | None) -> bytes:
        """A framed answer; `de4="..."` changes an element, None leaves it out."""
        mti = f"{self.mti[:2]}{int(self.mti[2]) + 1}0"
        fields = {number: self.fields[number] for number in ECHOED if number in self.fields} | {39: code}
        if code == "00" and mti in ("0110", "0210"):
            fields[38] = "AB1234"
        for name, value in changes.items():
            if value is None:
                del fields[int(name[2:])]
            else:
                fields[int(name[2:])] = value
        return framed(write(mti, fields))

    def answer(self, code: str = "00", **changes: str | None) -> None:
        self.writer.write(self.reply(code, **changes))


@dataclass
class FakeHost:
    """Answers network messages by itself (while `answers_network`); everything else waits in `requests`."""

    port: int = 0
    answers_network: bool = True
    sign_on_code: str = "00"
    tls: ssl.SSLContext | None = None
    requests: asyncio.Queue[Arrived] = field(default_factory=asyncio.Queue)
    network: list[Arrived] = field(default_factory=list)
    lines: list[asyncio.StreamWriter] = field(default_factory=list)
    ended: int = 0
    wrong: list[WireError] = field(default_factory=list)
    """Requests that the reference does not allow; any of them fails the test."""
    server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.close()
        for writer in self.lines:
            writer.transport.abort()
        await until(lambda: self.ended == len(self.lines))
        assert not self.wrong

    async def arrived(self) -> Arrived:
        async with asyncio.timeout(BOUND_S):
            return await self.requests.get()

    async def all_arrived(self, count: int) -> list[Arrived]:
        return [await self.arrived() for _ in range(count)]

    def codes(self) -> list[str]:
        """DE 70 of the network messages so far."""
        return [arrived.fields[70] for arrived in self.network]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines.append(writer)
        try:
            while True:
                raw = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
                self._arrived(Arrived(*read(raw), raw, writer))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            self.ended += 1

    def _arrived(self, arrived: Arrived) -> None:
        try:
            check_request(arrived.mti, arrived.fields)
        except WireError as error:
            self.wrong.append(error)
        if arrived.mti != "0800":
            self.requests.put_nowait(arrived)
            return
        self.network.append(arrived)
        if self.answers_network:
            arrived.answer(self.sign_on_code, de70=arrived.fields[70])


async def until(condition: Callable[[], bool]) -> None:
    """Give way until a condition holds, with a bound."""
    async with asyncio.timeout(BOUND_S):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)
