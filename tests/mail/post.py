"""A real mail server on this machine, which answers as a test tells it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 2.0.0 Taken"


@dataclass
class Post:
    """What the server says, and what came. `data`, `rcpt`: its answers in turn, then yes; `drops`: how many letters it
    takes before it hangs up without a word; `holding`: it waits with its yes."""

    port: int = 0
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    drops: int = 0
    holding: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    signed_in: list[tuple[str, bool]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tls: list[str | None] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.said.append(hostname)
        return responses

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if self.data:
            return self.data.pop(0)
        assert envelope.original_content is not None
        self.taken.append(message_from_bytes(envelope.original_content, policy=policy.default))
        self.envelopes.append((envelope.mail_from or "", tuple(envelope.rcpt_tos)))
        self.tls.append(session.ssl["ssl_object"].version() if session.ssl else None)
        self.arrived.set()
        if self.holding is not None:
            await self.holding.wait()
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return TAKEN

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, auth_data: LoginPassword
    ) -> AuthResult:
        """Lets in whose password is `right`."""
        self.signed_in.append((auth_data.login.decode(), session.ssl is not None))
        return AuthResult(success=auth_data.password == b"right", handled=False)


@asynccontextmanager
async def open_post(
    post: Post | None = None,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    asks: bool = False,
) -> AsyncIterator[Post]:
    """The server, with STARTTLS, with TLS from the start, or with neither. `asks`: it wants a name and a password."""
    it, loop = post or Post(), asyncio.get_running_loop()

    def speak() -> SMTP:
        return SMTP(
            it, hostname="mail.example", tls_context=starttls, require_starttls=starttls is not None, loop=loop,
            auth_required=asks, authenticator=it.authenticate if asks else None,
        )  # fmt: skip

    server = await loop.create_server(speak, host, 0, ssl=tls)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
