"""How far away an address is: whether it belongs to the public network, to this machine, or to neither.

The ranges are those of IANA's special-purpose registries (RFC 6890 and its updates), as the standard library has them,
read strictly: what is not clearly public is not public.
"""

from collections.abc import Iterable
from enum import Enum, auto
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_UNICAST6 = IPv6Network("2000::/3")
_PRIVATE = tuple(ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
# Carries an IPv4 address in its last four bytes (RFC 6052).
_TRANSLATED = IPv6Network("64:ff9b::/96")
# On these, releases of Python differ: protocol assignments, 6to4, Teredo and what lies beside it, documentation.
_SPECIAL = tuple(
    ip_network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


class Reach(Enum):
    """What connecting to an address would reach."""

    PUBLIC = auto()
    LOOPBACK = auto()
    PRIVATE = auto()
    NEVER = auto()  # link-local, where clouds keep their secrets; multicast; reserved; documentation; shared


def reach(address: str) -> Reach:
    """The reach of a numeric address, as the operating system gets it to connect to."""
    try:
        found = _inner(ip_address(address))
    except ValueError:
        return Reach.NEVER
    if found.is_loopback:
        return Reach.LOOPBACK
    if _among(found, _PRIVATE):
        return Reach.PRIVATE
    return Reach.PUBLIC if _is_public(found) else Reach.NEVER


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _TRANSLATED:
            return IPv4Address(address.packed[-4:])
    return address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if address.is_multicast or address.is_reserved or not address.is_global or _among(address, _SPECIAL):
        return False
    return address.version == 4 or address in _UNICAST6


def _among(address: IPv4Address | IPv6Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)
