"""Where the other side is. What leaves this machine is encrypted (promises SEC-5 and CARD-2)."""

import ipaddress


def this_machine(host: str) -> bool:
    """Whether a host name or address means loopback. A name other than `localhost` is taken to be elsewhere."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
