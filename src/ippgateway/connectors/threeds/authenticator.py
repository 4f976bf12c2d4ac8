"""Asks a 3-D Secure directory server about a card payment over HTTP."""

import asyncio
from urllib.parse import urlsplit

import aiohttp

from ippgateway.connectors.gate import Handing, Http, NotHandedOver
from ippgateway.connectors.place import this_machine
from ippgateway.connectors.threeds import messages
from ippgateway.core.database import outside_transaction
from ippgateway.core.log import Log
from ippgateway.domains.payments.ports import (
    AuthenticationRequest,
    AuthenticationResult,
    Unavailable,
    UnavailableReason,
)

_log = Log("threeds")
_LARGEST_ANSWER = 65_536
_HEADERS = {"Content-Type": "application/json;charset=utf-8", "Accept": "application/json"}


class DirectoryClient:
    """An `Authenticator` over EMV 3DS 2.2.0. The HTTP client comes from the gate and is the caller's, who closes it.

    `timeout_s` bounds the whole exchange (10 s is the usual limit of an AReq). Raises ValueError when the directory is
    another machine and its address is not https.
    """

    def __init__(self, *, session: Http, directory_url: str, server: messages.Server, timeout_s: float = 10.0) -> None:
        parts = urlsplit(directory_url)
        if parts.scheme != "https" and not this_machine(parts.hostname or ""):
            raise ValueError("a directory on another machine needs https")
        self._session = session
        self._url = directory_url.rstrip("/") + "/3ds/areq"
        self._server = server
        self._timeout_s = timeout_s

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        """Ask once. What the other side does, or fails to do, is a result; a challenge is not started here."""
        outside_transaction()
        body = messages.request(request, self._server)
        try:
            async with asyncio.timeout(self._timeout_s):
                raw = await self._post(body, messages.carried(request))
        except TimeoutError:
            found: AuthenticationResult = Unavailable(reason=UnavailableReason.TIMEOUT)
        except aiohttp.ClientError:
            found = Unavailable(reason=UnavailableReason.UNREACHABLE)
        except NotHandedOver as why:
            _log.error("authentication.not_handed_over", why, reason=why.why.name.lower())
            found = Unavailable(reason=UnavailableReason.NOT_ALLOWED)
        else:
            found = messages.result(request, raw)
        if isinstance(found, Unavailable):
            _log.warning("authentication.unavailable", reason=found.reason.value)
        return found

    async def _post(self, body: bytes, carries: Handing) -> bytes:
        """The answer's body, empty when it is none: another status than 200, or larger than 64 KiB."""
        async with self._session.request("POST", self._url, carries=carries, data=body, headers=_HEADERS) as response:
            if response.status != 200:
                return b""
            raw = bytearray()
            async for chunk in response.content.iter_any():
                raw += chunk
                if len(raw) > _LARGEST_ANSWER:
                    return b""
            return bytes(raw)
