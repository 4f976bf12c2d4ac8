"""Leaked passwords from a service that never learns which password it was asked about (k-anonymity)."""

import asyncio
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import aiohttp

from ippgateway.connectors.breaches.local import hash_of
from ippgateway.connectors.gate import NOTHING, NotHandedOver, Way
from ippgateway.connectors.place import this_machine
from ippgateway.core import tls
from ippgateway.core.database import outside_transaction
from ippgateway.core.log import Log
from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.ports import Breaches

_log = Log("breaches")

_TOLD = 5
_LARGEST_ANSWER = 1_048_576
_TIMEOUT_S = 3.0
# Padding hides from whoever watches the line how many hashes begin with the five digits (facts, I.1).
_HEADERS = {"Add-Padding": "true", "User-Agent": "IPP-Gateway", "Accept": "text/plain"}
_LINE = re.compile(r"([0-9A-Fa-f]{35}):(\d{1,19})", re.ASCII)


class _Trouble(Exception):
    """The service's answer is none."""


class KAnonymity:
    """Asks `url`/range/ABCDE for all leaked hashes that begin with five digits, and looks for the rest here.

    Whatever the list on this machine has is not asked about; it alone decides when the service does not answer within
    `timeout_s`. Raises ValueError when the service is another machine and its address is not https.
    """

    def __init__(self, url: str, local: Breaches, way: Way, *, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not this_machine(parts.hostname or ""):
            raise ValueError("a service on another machine needs https")
        self._url = url.rstrip("/")
        self._local = local
        self._way = way
        self._timeout_s = timeout_s

    async def leaked(self, password: Secret[str]) -> bool:
        """See Breaches."""
        outside_transaction()
        if await self._local.leaked(password):
            return True
        digits = hash_of(password.open())
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._ask(digits[:_TOLD])
            return digits[_TOLD:] in set(_leaked(answer))
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, NotHandedOver, _Trouble) as error:
            _log.warning("service.silent", **_kind(error))
            return False

    async def _ask(self, told: str) -> str:
        """The lines for five digits. Raises _Trouble."""
        connector = aiohttp.TCPConnector(ssl=tls.calling(), force_close=True)
        async with (
            self._way.http(connector, headers=_HEADERS) as client,
            # Five digits of a hash that thousands of passwords share: they are about nobody.
            client.request("GET", f"{self._url}/range/{told}", carries=NOTHING) as response,
        ):
            if response.status != 200:
                raise _Trouble
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise _Trouble
            return body.decode("ascii")


def _leaked(answer: str) -> Iterator[str]:
    """The ends of the hashes in an answer; those that were never seen are its padding. Raises _Trouble."""
    for line in answer.split():
        found = _LINE.fullmatch(line)
        if found is None:
            raise _Trouble
        if int(found[2]):
            yield found[1].upper()


def _kind(error: Exception) -> dict[str, str]:
    """What went wrong, in a word; the error itself may quote the address."""
    if isinstance(error, NotHandedOver):
        return {"why": error.why.name.lower()}
    return {"why": "timeout" if isinstance(error, TimeoutError) else "no_answer"}
