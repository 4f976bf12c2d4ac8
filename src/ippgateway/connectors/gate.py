"""The gate: the one place that makes the clients with which we reach the outside (CUST-8, DISC-2, PLACE-2).

A connector is given a `Way`, which leads to one kind of recipient for one purpose. The way opens the connection, and
`admit` is asked before each hand-over: whether the recipient is in the register and in force, may have these fields for
this purpose, is in a place where it may be, and has a transfer tool where one is needed. Whose data is restricted has
no key that opens, so that nothing of theirs comes as far as this; where a yes is needed, the gate asks whether one
stands at this moment, whatever was asked when the message was written.

Nothing else of ours can open a socket (`core.guard`), and a test of the house finds whoever makes a client besides.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol, Self, TypeVar

import aiohttp
from aiosmtplib import SMTP
from yarl import URL

from ippgateway.core import guard
from ippgateway.core.clock import Clock
from ippgateway.core.database import outside_transaction
from ippgateway.privacy.disclosure.register import Entry, NotHandedOver, Register, Why, needs_consent
from ippgateway.privacy.rights.reach import Person
from ippgateway.privacy.vocabulary import Category, Purpose, Recipient

__all__ = ["Gate", "Handing", "NotHandedOver", "Way", "Why"]

_P = TypeVar("_P", bound=asyncio.BaseProtocol)
_V = TypeVar("_V")

Handing = frozenset[Category]
"""What a message carries about somebody, by category. Empty: nothing about anybody."""
NOTHING: Handing = frozenset()


class Consents(Protocol):
    """Who knows what people said yes to: the room of the consents."""

    async def given(self, about: Person, purpose: Purpose, categories: Handing) -> bool:
        """Whether a yes of theirs covers this now. False as well when nobody can tell."""
        ...


class Gate:
    """One per process. `consents`: without any, what needs consent is not handed over."""

    def __init__(self, register: Register, clock: Clock, *, consents: Consents | None = None) -> None:
        self._register = register
        self._clock = clock
        self._consents = consents

    def to(self, kind: Recipient, purpose: Purpose, *, named: str = "") -> "Way":
        """The way to a kind of recipient, or to the one entry `named`."""
        return Way(self, kind, purpose, named)

    async def admit(self, way: "Way", carries: Handing, about: Person | None) -> Entry:
        """See Way.admit."""
        outside_transaction()
        entry = self._register.admit(way.kind, way.purpose, carries, self._clock.now(), named=way.named)
        if needs_consent(way.kind, way.purpose, carries) and not await self._agreed(way, carries, about):
            raise NotHandedOver(Why.NO_CONSENT)
        return entry

    async def _agreed(self, way: "Way", carries: Handing, about: Person | None) -> bool:
        if self._consents is None or about is None:
            return False
        return await self._consents.given(about, way.purpose, carries)


class Way:
    """The way to one kind of recipient for one purpose. The gate makes it."""

    def __init__(self, gate: Gate, kind: Recipient, purpose: Purpose, named: str) -> None:
        self._gate = gate
        self.kind, self.purpose, self.named = kind, purpose, named

    def under(self, purpose: Purpose) -> "Way":
        """The way to the same recipient for another purpose."""
        return Way(self._gate, self.kind, purpose, self.named)

    async def admit(self, carries: Handing, *, about: Person | None = None) -> Entry:
        """The recipient that may have this now. `about`: whose yes is asked for where one is needed.

        Raises NotHandedOver, and NetworkInsideTransaction.
        """
        return await self._gate.admit(self, carries, about)

    async def pick(
        self, asked: Handing, facts: Mapping[Category, _V], *, about: Person | None = None
    ) -> dict[Category, _V]:
        """Of `facts` those that are asked for and may pass; what nobody asked for stays. Raises NotHandedOver."""
        await self.admit(asked, about=about)
        return {category: value for category, value in facts.items() if category in asked}

    async def line(
        self, make: Callable[[], _P], *, host: str, port: int, tls: ssl.SSLContext | None
    ) -> tuple[asyncio.BaseTransport, _P]:
        """A connection for a protocol of our own. Raises NotHandedOver, OSError."""
        outside_transaction()
        await self.admit(NOTHING)
        with guard.passing(host):
            return await asyncio.get_running_loop().create_connection(
                make, host, port, ssl=tls, server_hostname=host if tls else None
            )

    def http(self, connector: aiohttp.TCPConnector, **session: Any) -> "Http":
        """A client for HTTP. `session`: further arguments of aiohttp's. Whoever asks for it closes it."""
        return Http(self, connector, session)

    async def connect(self, mail: SMTP, host: str) -> None:
        """Connect a mail client. Raises NotHandedOver, and what the client raises."""
        outside_transaction()
        await self.admit(NOTHING)
        with guard.passing(host):
            await mail.connect()


class Http:
    """An HTTP client whose connections go through the gate. It keeps no cookies and follows no redirection."""

    def __init__(self, way: Way, connector: aiohttp.TCPConnector, session: Mapping[str, Any]) -> None:
        self._way = way
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, **session
        )

    @contextlib.asynccontextmanager
    async def request(
        self, method: str, url: Any, *, carries: Handing, about: Person | None = None, **more: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask once. Raises NotHandedOver, and what aiohttp raises."""
        outside_transaction()
        await self._way.admit(carries, about=about)
        with guard.passing(URL(url).host or ""):
            response = await self._session.request(method, url, allow_redirects=False, **more)
        async with response:
            yield response

    async def close(self) -> None:
        """End it and its connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
