"""Whose address a request came from: that of the connection, or the one that a declared front proxy tells."""

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST = 1_000
_MOST_HOPS = 10


class Addressed:
    """Puts the client's address into the scope, so that everybody behind it asks one place.

    `trusted`: the proxies that may say whom they speak for, in `X-Forwarded-For`. From anybody else the header counts
    for nothing: who sends it could name whom they like. `proxies_only`: whoever is neither this machine nor one of them
    is turned away, because the listener is plain and what they would send goes unencrypted (CARD-2).
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[Network], *, proxies_only: bool = False) -> None:
        self._app = app
        self._trusted = tuple(trusted)
        self._proxies_only = proxies_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._proxies_only and not self._may_speak_plainly(scope):
            if scope["type"] == "http":
                await Response(status_code=403, headers={"connection": "close"})(scope, receive, send)
            return
        if scope["type"] == "http" and self._trusted and scope.get("client"):
            host, port = scope["client"]
            scope = {**scope, "client": (told(host, _forwarded(scope), self._trusted), port)}
        await self._app(scope, receive, send)

    def _may_speak_plainly(self, scope: Scope) -> bool:
        address = _parsed((scope.get("client") or ("",))[0])
        return address is not None and (address.is_loopback or _is_trusted(str(address), self._trusted))


def told(connected: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest address that is no trusted proxy's; each one vouches for the one before it in the header's list.

    `connected`: who holds the connection. What is no address ends the way: the proxy before it is the client then.
    """
    trusted = tuple(trusted)
    client = connected
    for hop in [*reversed(forwarded[-_LONGEST:].split(","))][:_MOST_HOPS]:
        if not _is_trusted(client, trusted):
            return client
        address = _parsed(hop.strip())
        if address is None:
            return client
        client = str(address)
    return client


def _is_trusted(client: str, trusted: Iterable[Network]) -> bool:
    address = _parsed(client)
    return address is not None and any(address in network for network in trusted)


def _parsed(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both kinds shows IPv4 as IPv6; a scope (fe80::1%eth0) names a part of this machine.
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or (None if getattr(address, "scope_id", None) else address)


def _forwarded(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
