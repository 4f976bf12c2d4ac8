"""One TCP connection to an acquirer host: many requests in flight, answers in any order."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from ippgateway.connectors.iso8583.codec import BadMessage, Message, decode, encode
from ippgateway.connectors.iso8583.framing import BadFrame, Deframer, frame
from ippgateway.connectors.iso8583.messages import Key, is_answer, key_of
from ippgateway.domains.payments.ports import NoAnswer, NotSent, NotSentReason, UnknownReason

_LARGEST_BACKLOG = 262_144
"""Bytes that may wait for a host that does not read."""
_REMEMBERED = 20_000
"""Keys kept of each kind, to tell a late answer from a duplicate one."""


class _Keys:
    """A set that forgets its oldest members."""

    def __init__(self) -> None:
        self._keys: dict[Key, None] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._keys

    def add(self, key: Key) -> None:
        self._keys[key] = None
        if len(self._keys) > _REMEMBERED:
            del self._keys[next(iter(self._keys))]


@dataclass(slots=True)
class Counts:
    """What happened on a link since the program started, over all its connections."""

    late: int = 0
    duplicates: int = 0
    unmatched: int = 0
    garbled: int = 0
    sign_ons: int = 0


class Answers:
    """Files away what is no longer waited for, across connections, and counts what comes in about it."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._answered = _Keys()
        self._given_up = _Keys()

    def answered(self, key: Key) -> None:
        self._answered.add(key)

    def given_up(self, key: Key) -> None:
        self._given_up.add(key)

    def nobody_waits(self, key: Key) -> None:
        """An answer that no request waits for. It changes nothing: a reversal that is under way stands."""
        if key in self._answered:
            self.counts.duplicates += 1
        elif key in self._given_up:
            self.counts.late += 1
        else:
            self.counts.unmatched += 1


class Connection(asyncio.Protocol):
    """The protocol object of one connection. `lost` is done when it has ended."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._deframer = Deframer()
        self._waiting: dict[Key, asyncio.Future[Message | None]] = {}
        self.lost: asyncio.Future[None] = self._loop.create_future()
        self.heard_at = self._loop.time()
        """When the host was last heard, on the event loop's clock, seconds."""
        self.answered = 0

    async def ask(self, request: Message, timeout_s: float) -> Message:
        """Send a request, wait for its answer. Raises NotSent (no byte left) or NoAnswer (unknown)."""
        key = key_of(request)
        transport = self._ready_for(key)
        raw = _framed(request)
        answer: asyncio.Future[Message | None] = self._loop.create_future()
        self._waiting[key] = answer
        try:
            transport.write(raw)
            received = await _within(timeout_s, answer)
        finally:
            del self._waiting[key]
            if not answer.done() or answer.cancelled() or answer.result() is None:
                self._answers.given_up(key)
        if received is None:
            raise NoAnswer(UnknownReason.CONNECTION_LOST)
        return received

    def waiting(self) -> Iterable[asyncio.Future[Message | None]]:
        """The answers that are waited for at this moment."""
        return tuple(self._waiting.values())

    def close(self) -> None:
        """End the connection once what was written is out."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # asyncio's stubs name the base class

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        try:
            for raw in self._deframer.feed(data):
                self._received(decode(raw))
        except (BadFrame, BadMessage):
            # The two sides no longer agree where a message begins. Nothing that follows can be trusted.
            self._answers.counts.garbled += 1
            self._end()
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        if not self.lost.done():
            self.lost.set_result(None)

    def _ready_for(self, key: Key) -> asyncio.Transport:
        transport = self._transport
        if transport is None or transport.is_closing():
            raise NotSent(NotSentReason.LINK_DOWN)
        if key in self._waiting:
            raise NotSent(NotSentReason.ALREADY_IN_FLIGHT)
        if transport.get_write_buffer_size() > _LARGEST_BACKLOG:
            raise NotSent(NotSentReason.CONGESTED)
        return transport

    def _received(self, received: Message) -> None:
        key = key_of(received)
        waiting = self._waiting.get(key) if is_answer(received) else None
        if waiting is None or waiting.done():
            self._answers.nobody_waits(key)
            return
        self.answered += 1
        self._answers.answered(key)
        waiting.set_result(received)

    def _end(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)


def _framed(request: Message) -> bytes:
    try:
        return frame(encode(request))
    except (BadMessage, BadFrame):
        raise NotSent(NotSentReason.UNREPRESENTABLE) from None


async def _within(timeout_s: float, answer: "asyncio.Future[Message | None]") -> Message | None:
    expired = False

    def expire() -> None:
        nonlocal expired
        if not answer.done():  # the answer may have come in the same turn of the loop
            expired = True
            answer.set_result(None)

    timer = asyncio.get_running_loop().call_later(timeout_s, expire)
    try:
        received = await answer
    finally:
        timer.cancel()
    if expired:
        raise NoAnswer(UnknownReason.TIMEOUT)
    return received
