"""Hands letters to a mail server (RFC 5321), over STARTTLS (RFC 3207) or TLS from the start (RFC 8314).

Only on this machine may the way be plain. The server's certificate is always checked, against the name we called.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from ippgateway.connectors.gate import Handing, NotHandedOver, Way
from ippgateway.connectors.place import this_machine
from ippgateway.connectors.smtp.message import BadAddress, mailbox, message
from ippgateway.core import tls as encryption
from ippgateway.core.database import outside_transaction
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.mail.ports import Failure, Handed, Outgoing
from ippgateway.privacy.catalogue import EMAIL, FREE_TEXT

_log = Log("smtp")

_TIMEOUT_S = 30.0
_FAREWELL_S = 2.0
_CARRIES: Handing = frozenset({EMAIL, FREE_TEXT})


class Encryption(StrEnum):
    """How the way to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    OFF = "off"  # on this machine alone


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where letters go. `trusted`: certificates (PEM) that the server's is checked against, instead of the system's;
    `user` and `password`: ours there, if it asks. Raises ValueError when a way beyond this machine is plain."""

    host: str
    port: int
    encryption: Encryption
    trusted: Path | None = None
    user: str = ""
    password: Secret[str] | None = None

    def __post_init__(self) -> None:
        if self.encryption is Encryption.OFF and not this_machine(self.host):
            raise ValueError("letters leave this machine encrypted alone")


class _NotEncrypted(Exception):
    """The server has no STARTTLS, or somebody between us took it away."""


class SmtpCarrier:
    """A `Carrier` over SMTP. Each letter has a connection of its own. Raises OSError when `trusted` can't be read."""

    def __init__(
        self, server: MailServer, way: Way, *, sender: str, name: str = "IPP Platform", timeout_s: float = _TIMEOUT_S
    ) -> None:
        self._server = server
        self._way = way
        self._sender = mailbox(sender)
        self._name = name
        self._timeout_s = timeout_s
        self._tls = None if server.encryption is Encryption.OFF else encryption.calling(server.trusted)

    @property
    def timeout_s(self) -> float:
        """See Carrier."""
        return self._timeout_s

    async def send(self, letter: Outgoing) -> Handed:
        """See Carrier."""
        outside_transaction()
        try:
            to = mailbox(letter.to.open())
            written = message(letter, sender=self._sender, to=to, name=self._name).as_bytes()
        except (BadAddress, ValueError):
            return _failed(Failure.BAD_ADDRESS)
        try:
            await self._way.under(letter.purpose).admit(_CARRIES, about=letter.about)
        except NotHandedOver as why:
            _log.error("smtp.not_handed_over", why, reason=why.why.name.lower())
            return _failed(Failure.NOT_ALLOWED)
        connection = self._connection()
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._open(connection)
                await connection.sendmail(self._sender, [to], written)
        except Exception as error:  # whatever a server says or does, it is an answer
            connection.close()
            return _judged(error)
        await _farewell(connection)
        return Handed(status=250, failure=None)

    def _connection(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host, port=server.port, timeout=self._timeout_s, tls_context=self._tls,
            use_tls=server.encryption is Encryption.TLS, start_tls=False,
            local_hostname=self._sender.rpartition("@")[2],
        )  # fmt: skip

    async def _open(self, connection: SMTP) -> None:
        """Connect, encrypt, sign in: in this order, so that a password is never told to whom it is not for."""
        server = self._server
        await self._way.connect(connection, server.host)
        if server.encryption is Encryption.STARTTLS:
            await connection.ehlo()
            if not connection.supports_extension("starttls"):
                raise _NotEncrypted
            await connection.starttls()
        if server.password is not None:
            await connection.login(server.user, server.password.open())


async def _farewell(connection: SMTP) -> None:
    """The letter is taken; nothing that follows can take it back."""
    with contextlib.suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(_FAREWELL_S):
            await connection.quit()
    connection.close()


def _judged(error: Exception) -> Handed:
    """What an error of the library means. Its own words hold the address and what the server said of it."""
    if isinstance(error, SMTPRecipientsRefused):
        return _answered(error.recipients[0].code, of_the_letter=True)
    if isinstance(error, SMTPResponseException):
        return _answered(error.code, of_the_letter=isinstance(error, SMTPDataError))
    if any(isinstance(each, ssl.SSLError | _NotEncrypted) for each in _with_causes(error)):
        return _failed(Failure.NO_ENCRYPTION)
    if isinstance(error, TimeoutError):
        return _failed(Failure.TIMEOUT)
    if not isinstance(error, SMTPException | OSError):
        _log.error("smtp.broken", error)
    return _failed(Failure.NO_CONNECTION)


def _answered(status: int, *, of_the_letter: bool) -> Handed:
    """A 5yz is final when it is about the letter. One about us, our password or our sender may be mended in time."""
    if not 500 <= status <= 599:
        return Handed(status=status, failure=Failure.POSTPONED)
    return Handed(status=status, failure=Failure.REFUSED if of_the_letter else Failure.TURNED_AWAY)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _failed(failure: Failure) -> Handed:
    return Handed(status=None, failure=failure)
