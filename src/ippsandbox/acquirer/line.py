"""A TCP connection of the host: cuts the stream into frames and gathers answers into few writes."""

import asyncio

from ippsandbox.acquirer.codec import FrameTooLong, frames
from ippsandbox.acquirer.faults import Mode
from ippsandbox.acquirer.host import Host

MOST_LINES = 256


class TcpLine(asyncio.Protocol):
    """One connection. Stops reading while its peer does not read our answers."""

    def __init__(self, host: Host) -> None:
        self.signed_on = False
        self._host = host
        self._buffer = bytearray()
        self._answers: list[bytes] = []
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a server's TCP transport is nothing else
        self._transport = transport
        if self._host.mode is Mode.DROP or len(self._host.lines) >= MOST_LINES:
            self._host.counts["dropped_connections"] += 1
            transport.abort()
        else:
            self._host.lines.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            for frame in frames(self._buffer):
                self._host.receive(self, frame)
        except FrameTooLong:
            self._host.counts["frame_too_long"] += 1
            self.close()

    def send(self, answer: bytes) -> None:
        """Send an answer with all others of this turn of the loop; a closed line swallows it."""
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._flush)
        self._answers.append(answer)

    def close(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def pause_writing(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._host.lines.discard(self)
        self._transport = None

    def _flush(self) -> None:
        answers, self._answers = self._answers, []
        if self._transport is not None:
            self._transport.write(b"".join(answers))
