"""What the endpoints of the classic face are given, and the shape that they have."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ippgateway.domains.accounts.ports import Breaches
from ippgateway.domains.payments.service import Gateway
from ippgateway.faces.classic.envelope import Content
from ippgateway.faces.classic.request import Call
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassicSettings:
    """`pay_url`: the hosted page's origin, no slash at its end. `console_version`: what `version` tells (R-19).
    `domain`: ours; `portals`: origins of consoles elsewhere that a letter of ours may lead to."""

    pay_url: str
    console_version: str = "1.4.5"
    domain: str = "localhost"
    portals: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One zone's part of the contract. Only the payment zone has a gateway, only the console zone runs accounts."""

    zone: Zone
    platform: Platform
    gateway: Gateway | None
    settings: ClassicSettings
    breaches: Breaches | None = None

    def leaks(self) -> Breaches:
        """Who knows leaked passwords. Raises RuntimeError where there is nobody: no account is run here."""
        if self.breaches is None:
            raise RuntimeError("this zone runs no accounts")
        return self.breaches

    def payments(self) -> Gateway:
        """The gateway. Raises RuntimeError where there is none: the table sent a payment to the wrong zone."""
        if self.gateway is None:
            raise RuntimeError("this zone takes no payments")
        return self.gateway


class Scheme(StrEnum):
    """How an endpoint is authenticated (wire contract, 5)."""

    SESSION = "S"
    DATA_KEY = "K1"
    PAYMENT_KEY = "K2"
    PARTNER_DATA_KEY = "P1"
    PARTNER_PAYMENT_KEY = "P2"
    CHECKOUT = "C"
    TRANSACTION = "T"


Schemes = frozenset[Scheme]


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which an endpoint is open. `rights`: a session needs one of them, by their keys in `accounts.rights`; none:
    every session will do. `reads`: it changes nothing, so a key for reading opens it too."""

    schemes: Schemes
    rights: frozenset[str] = field(default_factory=frozenset)
    reads: bool = False


Handler = Callable[[Face, Call, Terms], Awaitable[Content]]
