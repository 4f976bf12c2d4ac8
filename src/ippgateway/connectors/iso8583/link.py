"""The acquirer link: one connection that is always there, or on its way back.

A request goes out once. When its outcome is unknown that is said (NoAnswer) and left to the payments room, which
reverses it or, if it is an advice, repeats it; when it never left that is said too (NotSent). Nothing of a message is
ever logged.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from ippgateway.connectors.gate import NotHandedOver, Way
from ippgateway.connectors.iso8583 import messages
from ippgateway.connectors.iso8583.codec import BadMessage, Message
from ippgateway.connectors.iso8583.connection import Answers, Connection
from ippgateway.connectors.place import this_machine
from ippgateway.core.clock import Clock
from ippgateway.core.database import outside_transaction
from ippgateway.core.ids import Randomness
from ippgateway.core.log import Log
from ippgateway.domains.payments.ports import (
    AcquirerAnswer,
    AdviceAnswer,
    AdviceRequest,
    AuthorisationRequest,
    NoAnswer,
    NotSent,
    NotSentReason,
    ReversalRequest,
    VoidRequest,
)

_Request = TypeVar("_Request")

_log = Log("acquirer")
_STANS = 999_999
_JITTER_STEPS = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkSettings:
    """Timers in seconds and limits; the reference page names the defaults.

    `network_terminal` (eight characters) signs sign-on, echo and sign-off; it is no payment terminal, so that these
    numbers can't meet a payment's.
    """

    timeout_s: float = 5.0
    connect_timeout_s: float = 5.0
    sign_on_timeout_s: float = 10.0
    sign_off_timeout_s: float = 2.0
    echo_idle_s: float = 30.0
    echo_timeout_s: float = 10.0
    back_off_first_s: float = 0.1
    back_off_most_s: float = 3.0
    most_in_flight: int = 5_000
    network_terminal: str = "IPPNET00"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkMetrics:
    """The link's figures at one moment: counts since the start, requests in flight, whether it is signed on."""

    late: int
    duplicates: int
    unmatched: int
    garbled: int
    reconnects: int
    in_flight: int
    signed_on: bool


class Iso8583Link:
    """An `AcquirerLink` over ISO 8583. Use it as a context manager, or `start` and `close` it.

    Raises ValueError when the host is another machine and there is no `tls` context: card numbers travel encrypted.
    """

    def __init__(
        self,
        *,
        way: Way,
        host: str,
        port: int,
        clock: Clock,
        randomness: Randomness,
        settings: LinkSettings | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if tls is None and not this_machine(host):
            raise ValueError("a link to another machine needs TLS")
        self._way = way
        self._host, self._port, self._tls = host, port, tls
        self._clock, self._randomness = clock, randomness
        self._settings = settings or LinkSettings()
        self._answers = Answers()
        self._connection: Connection | None = None
        self._signed_on = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._closing = False
        self._in_flight = 0
        self._stan = 0

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def start(self) -> None:
        """Begin to connect, and keep connecting until closed. Returns at once; see `ready`."""
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name="acquirer link")

    async def ready(self) -> None:
        """Wait until the link is signed on. Set a limit with `asyncio.timeout`."""
        await self._signed_on.wait()

    async def close(self) -> None:
        """Take no more requests, let those in flight end (their timers bound it), sign off, disconnect."""
        self._closing = True
        connection, self._connection = self._connection, None
        self._signed_on.clear()
        if connection is not None:
            waiting = tuple(connection.waiting())
            if waiting:
                await asyncio.wait(waiting, timeout=self._settings.timeout_s)
            await self._network(connection, messages.SIGN_OFF, self._settings.sign_off_timeout_s)
            connection.close()
            await asyncio.wait({connection.lost}, timeout=self._settings.sign_off_timeout_s)
            connection.abort()
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)

    @property
    def metrics(self) -> LinkMetrics:
        """The figures now."""
        counts = self._answers.counts
        return LinkMetrics(
            late=counts.late,
            duplicates=counts.duplicates,
            unmatched=counts.unmatched,
            garbled=counts.garbled,
            reconnects=max(counts.sign_ons - 1, 0),
            in_flight=self._in_flight,
            signed_on=self._signed_on.is_set(),
        )

    async def authorise(self, request: AuthorisationRequest) -> AcquirerAnswer:
        """0100 or 0200. Raises NotSent or NoAnswer."""
        sent, answer = await self._exchange(messages.authorisation, request)
        return messages.answer_to_authorisation(request, sent, answer)

    async def reverse(self, request: ReversalRequest) -> None:
        """0420 or 0421, until 0430 acknowledges it. Raises NotSent or NoAnswer; the caller repeats it."""
        messages.check_acknowledged(*await self._exchange(messages.reversal, request))

    async def advise(self, request: AdviceRequest) -> AdviceAnswer:
        """0220 or 0221, until 0230 says what became of it. Raises NotSent or NoAnswer; the caller repeats it."""
        return messages.answer_to_advice(*await self._exchange(messages.advice, request))

    async def void(self, request: VoidRequest) -> None:
        """0420 or 0421, until 0430 acknowledges it. Raises NotSent or NoAnswer; the caller repeats it."""
        messages.check_acknowledged(*await self._exchange(messages.void, request))

    async def _exchange(self, build: Callable[[_Request], Message], request: _Request) -> tuple[Message, Message]:
        """What was sent for a request, and the answer to it."""
        try:
            sent = build(request)
            await self._way.admit(messages.carried(sent))
        except BadMessage:
            raise NotSent(NotSentReason.UNREPRESENTABLE) from None
        except NotHandedOver as why:
            _log.error("link.not_handed_over", why, reason=why.why.name.lower())
            raise NotSent(NotSentReason.NOT_ALLOWED) from None
        return sent, await self._ask(sent)

    async def _ask(self, request: Message) -> Message:
        outside_transaction()
        if self._connection is None:
            raise NotSent(NotSentReason.LINK_DOWN)
        if self._in_flight >= self._settings.most_in_flight:
            raise NotSent(NotSentReason.TOO_MANY_IN_FLIGHT)
        self._in_flight += 1
        try:
            return await self._connection.ask(request, self._settings.timeout_s)
        finally:
            self._in_flight -= 1

    async def _run(self) -> None:
        """Connect, serve, connect again. Failures in a row lengthen the pause; an answer to a request ends the row."""
        failures = 0
        while not self._closing:
            connection = await self._open()
            if connection is not None:
                try:
                    await self._serve(connection)
                finally:
                    self._connection = None
                    self._signed_on.clear()
                if connection.answered > 1:  # more than the sign-on
                    failures = 0
            failures += 1
            await self._clock.sleep(self._back_off_s(failures))

    async def _open(self) -> Connection | None:
        """A connection that is signed on; None when that failed."""
        try:
            connection = await self._connect()
        except OSError:  # TimeoutError and SSLError are OSErrors
            _log.warning("link.no_connection")
            return None
        except NotHandedOver as why:
            _log.error("link.not_allowed", why, reason=why.why.name.lower())
            return None
        agreed = False
        try:
            agreed = await self._network(connection, messages.SIGN_ON, self._settings.sign_on_timeout_s)
        finally:
            if not agreed:
                connection.abort()
        if not agreed:
            _log.warning("link.sign_on_refused")
            return None
        return connection

    async def _connect(self) -> Connection:
        async with asyncio.timeout(self._settings.connect_timeout_s):
            _, connection = await self._way.line(
                lambda: Connection(self._answers), host=self._host, port=self._port, tls=self._tls
            )
        return connection

    async def _serve(self, connection: Connection) -> None:
        """Hand the connection out and test it whenever the host was silent for a while; return when it is lost."""
        if self._closing:
            connection.abort()
            return
        self._connection = connection
        self._answers.counts.sign_ons += 1
        self._signed_on.set()
        _log.info("link.signed_on")
        loop = asyncio.get_running_loop()
        while not connection.lost.done():
            wait_s = connection.heard_at + self._settings.echo_idle_s - loop.time()
            if wait_s > 0:
                await asyncio.wait({connection.lost}, timeout=wait_s)
            elif not await self._network(connection, messages.ECHO, self._settings.echo_timeout_s):
                connection.abort()
                await asyncio.wait({connection.lost})
        _log.warning("link.lost", in_flight=self._in_flight)

    async def _network(self, connection: Connection, code: str, timeout_s: float) -> bool:
        """Send an 0800; whether the host agreed in time."""
        self._stan = self._stan % _STANS + 1
        request = messages.network(code, self._settings.network_terminal, self._stan, self._clock.now())
        try:
            return messages.network_accepted(await connection.ask(request, timeout_s))
        except (NotSent, NoAnswer):
            return False

    def _back_off_s(self, failures: int) -> float:
        """Doubling pauses, each shortened at random by up to a half so that many gateways do not return together."""
        longest = min(self._settings.back_off_most_s, self._settings.back_off_first_s * 2.0 ** min(failures - 1, 20))
        return longest * (0.5 + self._randomness.below(_JITTER_STEPS) / (2 * _JITTER_STEPS))
