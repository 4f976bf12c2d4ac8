"""The mail server: SMTP as RFC 5321 has it, and two addresses with an outcome of their own."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiosmtpd.smtp import SMTP, Envelope, Session

from ippsandbox.mailbox.box import LARGEST, Box

REFUSED = "refused"
LATER = "later"
MOST_RECIPIENTS = 20
_MOST_REMEMBERED = 1_000


class Handler:
    """What the server does with a letter. To `refused@…` it says that there is nobody of that name, for good; to
    `later@…` that it is busy, once."""

    def __init__(self, box: Box, *, now: Callable[[], datetime]) -> None:
        self._box = box
        self._now = now
        self._put_off: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether a letter may go to an address."""
        local = address.partition("@")[0].lower()
        if local == REFUSED:
            return "550 5.1.1 There is nobody of that name"
        if local == LATER and address not in self._put_off:
            if len(self._put_off) >= _MOST_REMEMBERED:
                self._put_off.clear()
            self._put_off.add(address)
            return "451 4.3.0 Busy, try again later"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Keep the letter."""
        raw = envelope.original_content
        if raw is None:
            return "554 5.6.0 There is no letter"
        self._box.take(
            raw, sender=envelope.mail_from or "", to=tuple(envelope.rcpt_tos), at=self._now(),
            encrypted=session.ssl is not None,
        )  # fmt: skip
        return "250 2.0.0 Taken"


async def listen(box: Box, *, host: str, port: int, now: Callable[[], datetime]) -> asyncio.Server:
    """Listen for letters. Port 0 takes a free one."""
    loop, handler = asyncio.get_running_loop(), Handler(box, now=now)

    def speak() -> SMTP:
        return SMTP(
            handler, hostname="mail.localhost", ident="ippsandbox", data_size_limit=LARGEST, enable_SMTPUTF8=True,
            loop=loop,
        )  # fmt: skip

    return await loop.create_server(speak, host, port)
