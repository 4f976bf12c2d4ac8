"""Makes the call of a notification over HTTP (wire contract 8.7, R-48).

The address comes from a shop, so it is looked at where it can no longer change: when the socket to it is made. Names,
literals, odd spellings and answers of a name server that differ from one second to the next all come by there.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from ippgateway.connectors.gate import Handing, NotHandedOver, Way
from ippgateway.connectors.notify.addresses import Reach, reach
from ippgateway.core import tls as encryption
from ippgateway.core.database import outside_transaction
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.notifications.ports import Answer, Failure
from ippgateway.privacy.catalogue import FREE_TEXT

_log = Log("notify")

_AddressInfo = tuple[Any, ...]

_TIMEOUT_S = 10.0
_CARRIES: Handing = frozenset({FREE_TEXT})
"""The shop's own address for this payment, which may name the payer."""
_LONGEST_URL = 8192
_LONGEST_HEADER = 8192
_MOST_HEADERS = 64
_BODY_READ = 65_536
_PRINTABLE = frozenset(map(chr, range(0x21, 0x7F)))
_HEADERS = {"User-Agent": "IPP-Gateway-Notification/1.0", "Accept": "*/*", "Accept-Encoding": "identity"}


class _Refused(OSError):
    """This address is not called."""


@dataclass(slots=True)
class _Gate:
    """Lets one call through to where it may go, and remembers why it did not."""

    allow_private: bool
    plain: bool
    allow_plain: bool
    refused: Failure | None = None

    def socket_for(self, info: _AddressInfo) -> socket.socket:
        """A socket for this address. Raises _Refused."""
        family, kind, protocol, _, address = info
        where = reach(str(address[0]))
        if where is not Reach.PUBLIC and not (self.allow_private and where is not Reach.NEVER):
            self.refused = Failure.REFUSED_ADDRESS
        elif self.plain and not self.allow_plain and where is not Reach.LOOPBACK:
            self.refused = Failure.REFUSED_PLAIN
        else:
            return socket.socket(family, kind, protocol)
        raise _Refused


class HttpSender:
    """A `Sender` over HTTP/1.1. Each call has a connection of its own; nothing is kept from one to the next.

    `allow_private`: addresses of private networks and of this machine may be called. `resolver` and `tls` replace the
    system's.
    """

    def __init__(
        self,
        way: Way,
        *,
        allow_private: bool,
        timeout_s: float = _TIMEOUT_S,
        resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._way = way
        self._allow_private = allow_private
        self._timeout_s = timeout_s
        self._resolver = resolver
        self._tls = tls if tls is not None else encryption.calling()

    @property
    def timeout_s(self) -> float:
        """See Sender."""
        return self._timeout_s

    async def get(self, url: Secret[str], *, allow_plain: bool) -> Answer:
        """See Sender."""
        outside_transaction()
        try:
            target = wire_form(url.open())
        except ValueError:
            return _failed(Failure.BAD_URL)
        gate = _Gate(allow_private=self._allow_private, plain=target.scheme == "http", allow_plain=allow_plain)
        try:
            return _judged(await self._call(target, gate))
        except TimeoutError:
            return _failed(Failure.TIMEOUT)
        except NotHandedOver as why:
            _log.error("notify.not_handed_over", why, reason=why.why.name.lower())
            return _failed(Failure.NOT_ALLOWED)
        except aiohttp.InvalidURL:
            return _failed(Failure.BAD_URL)
        except (aiohttp.ClientError, OSError, ValueError):
            return _failed(gate.refused or Failure.NO_CONNECTION)
        except Exception as error:  # a server of somebody else's must not find one that we let through
            _log.error("notify.broken", error)
            return _failed(Failure.NO_CONNECTION)

    async def _call(self, target: URL, gate: _Gate) -> int:
        """The status. Once it is known, nothing that follows can take it back."""
        status = 0
        connector = aiohttp.TCPConnector(
            resolver=self._resolver(), ssl=self._tls, socket_factory=gate.socket_for, force_close=True,
            use_dns_cache=False,
        )  # fmt: skip
        client = self._way.http(
            connector, headers=_HEADERS, auto_decompress=False,
            max_line_size=_LONGEST_HEADER, max_field_size=_LONGEST_HEADER, max_headers=_MOST_HEADERS,
            timeout=aiohttp.ClientTimeout(total=None),
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._timeout_s), client.request("GET", target, carries=_CARRIES) as response:
                status = response.status
                await _hear_out(response)
        except (TimeoutError, aiohttp.ClientError, OSError):
            if not status:
                raise
        finally:
            await client.close()
        return status


def wire_form(url: str) -> URL:
    """The address as it is sent: as the shop wrote it, except that what HTTP can't carry is percent-encoded.

    Raises ValueError for anything but an absolute http or https address; the message quotes nothing.
    """
    if not 0 < len(url) <= _LONGEST_URL or not url.isprintable():
        raise ValueError("not an address")
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            raise ValueError  # noqa: TRY301 - said below
        netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
        if not set(netloc) <= _PRINTABLE:
            raise ValueError  # noqa: TRY301 - said below
        rest = url.partition("#")[0].partition("//")[2][len(parts.netloc) :]
        return URL(f"{parts.scheme}://{netloc}{quote(rest, safe=''.join(_PRINTABLE))}", encoded=True)
    except ValueError:
        raise ValueError("not an address") from None


async def _hear_out(response: aiohttp.ClientResponse) -> None:
    """Let the shop's program say what it has to say: some are ended when the caller hangs up, before their work is
    done. Nobody looks at it."""
    heard = 0
    async for chunk in response.content.iter_any():
        heard += len(chunk)
        if heard >= _BODY_READ:
            return


def _judged(status: int) -> Answer:
    return Answer(status=status, failure=None if 200 <= status <= 299 else Failure.HTTP_STATUS)


def _failed(failure: Failure) -> Answer:
    return Answer(status=None, failure=failure)
