"""What a setting may be: from the text of the environment to a value.

What does not fit is refused in a sentence of ours that quotes nothing.
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

from ippgateway.core.secret import Secret

HIGHEST_PORT = 65_535
HOST_NAME = r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}\.?)*|[0-9a-fA-F:]{2,39}"
_MOST_PROXIES = 100
_MOST_ORIGINS = 100
_LONGEST_MAILBOX = 254

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Parse = Callable[[str], Any]


class Unfit(ValueError):
    """A value is not what its setting takes. The sentence is ours and quotes nothing."""


def whole(lowest: int, highest: int) -> Parse:
    """A whole number in a range, both ends included."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text[:12]) <= highest:
            raise Unfit(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return parse


def seconds(lowest: float, highest: float) -> Parse:
    """A number of seconds in a range, to the microsecond."""

    def parse(text: str) -> float:
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII) or not lowest <= float(text) <= highest:
            raise Unfit(f"must be a number of seconds from {lowest:g} to {highest:g}")
        return float(text)

    return parse


def origins(text: str) -> tuple[str, ...]:
    """Origins of consoles, as `https://portal.example`; http on this machine only."""
    found = tuple(each.strip().rstrip("/").lower() for each in text.split(",") if each.strip())
    if len(found) > _MOST_ORIGINS or not all(map(_is_origin, found)):
        raise Unfit(f"must be at most {_MOST_ORIGINS} origins, https beyond this machine, without a path")
    return found


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    plain = re.fullmatch(HOST_NAME, host, re.ASCII) is not None
    return safe and plain and text == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc


def switch(text: str) -> bool:
    """On or off."""
    if text.lower() not in {"on", "off"}:
        raise Unfit("must be on or off")
    return text.lower() == "on"


def word(pattern: str, why: str) -> Parse:
    """A text of one shape. `why`: what is said of any other."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise Unfit(why)
        return text

    return parse


def title(text: str) -> str:
    """A name that people read: letters of any language, digits, and few signs, on one line."""
    if not re.fullmatch(r"[^\W_](?:[\w .&'-]{0,38}[\w.])?", text):
        raise Unfit("must be at most 40 letters, digits, spaces and . & ' -")
    return text


def path(text: str) -> Path:
    """A place in the file system, made absolute."""
    if "\0" in text:
        raise Unfit("must be a path")
    return Path(text).absolute()


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening_host(text: str) -> str:
    """An address to listen on."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if text != "localhost":
            raise Unfit("must be an address of this machine") from None
    return text


def networks(text: str) -> tuple[Network, ...]:
    """Single addresses and whole networks; a network that is everybody would let anybody name any address."""
    found = tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    if len(found) > _MOST_PROXIES or any(network.prefixlen == 0 for network in found):
        raise Unfit(f"must be at most {_MOST_PROXIES} addresses or networks, none of them everybody")
    return found


def service_url(text: str) -> str:
    """Where an encrypted service is; on this machine it may be plain."""
    parts = urlsplit(text)
    if parts.scheme == "https" and parts.hostname:
        return text.rstrip("/")
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return text.rstrip("/")
    raise Unfit("must be an https address (http on loopback only)")


def database_url(text: str) -> Secret[str]:
    """An external server's address; beyond loopback its certificate is verified (architecture: verified TLS)."""
    parts = urlsplit(text)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Unfit("must begin with postgresql://")
    query = parse_qs(parts.query)
    named = parts.netloc.rpartition("@")[2].split(",") + [h for q in query.get("host", []) for h in q.split(",")]
    hosts = [unquote(_without_port(h)) for h in named if h]
    if not hosts:
        raise Unfit("must name a host (or a socket directory, as ?host=/path)")
    beyond = [h for h in hosts if not h.startswith("/") and not is_loopback(h)]
    if beyond and query.get("sslmode") != ["verify-full"]:
        raise Unfit("must carry sslmode=verify-full, because its host is not this machine")
    return Secret(text)


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def line(text: str) -> str:
    """A line of text for people."""
    if not 0 < len(text) <= 200 or not text.isprintable():
        raise Unfit("must be one line of at most 200 characters")
    return text


def mailbox(text: str) -> str:
    """An e-mail address, alone (RFC 5321, 4.1.2, as far as anybody uses it)."""
    if len(text) > _LONGEST_MAILBOX or not re.fullmatch(
        r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}", text, re.ASCII
    ):
        raise Unfit("must be an e-mail address")
    return text


def secret(text: str) -> Secret[str]:
    """A password of ours at somebody else's."""
    return Secret(text)
