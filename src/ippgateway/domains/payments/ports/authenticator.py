"""What 3-D Secure is asked and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.checkouts.schemas import CheckoutRef
from ippgateway.domains.payments.ports.terms import Authentication, CardData, Merchant
from ippgateway.domains.payments.schemas import Browser
from ippgateway.privacy.catalogue import CARD_DETAILS, CARD_NUMBER, DEVICE, IP_ADDRESS, NAME
from ippgateway.privacy.vocabulary import Category


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthenticationRequest:
    """What 3-D Secure is asked. MOTO never comes here.

    `transaction_id` is a new UUID, stored before the call. `shop_url` is the shop's public address. Without `browser`
    the payer counts as one without script (EMV 3DS 2.2.0, browserJavascriptEnabled false).
    """

    transaction_id: str
    card: CardData
    holder: Secret[str]
    amount: Money
    merchant: Merchant
    shop_url: str
    purchased_at: datetime
    browser: Browser | None = None

    @property
    def carries(self) -> frozenset[Category]:
        """What it says about the payer."""
        about = {CARD_NUMBER, CARD_DETAILS, DEVICE}
        about |= {NAME} if self.holder.open().strip() else set()
        return frozenset(about | {IP_ADDRESS} if self.browser is not None and self.browser.ip.open() else about)


@dataclass(frozen=True, kw_only=True, slots=True)
class Authenticated:
    """transStatus Y: the issuer vouches for the payer."""

    authentication: Authentication
    acs_transaction_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempted:
    """transStatus A: the issuer could not, but gives proof of the attempt."""

    authentication: Authentication
    acs_transaction_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """transStatus N or R: do not authorise. `reason_code` is transStatusReason, two digits, or empty."""

    reason_code: str
    by_issuer: bool
    """True for R: the issuer demands that no authorisation be tried."""
    ds_transaction_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeNeeded:
    """transStatus C: the payer has to prove themselves at `acs_url`."""

    acs_url: str
    acs_transaction_id: str
    ds_transaction_id: str
    version: str


class UnavailableReason(StrEnum):
    """Why there was no result."""

    NOT_PERFORMED = "not_performed"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    ERROR_MESSAGE = "error_message"
    MALFORMED = "malformed"
    NOT_ALLOWED = "not_allowed"
    """The gate is shut: nothing was sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unavailable:
    """Authentication could not be performed; nobody was refused."""

    reason: UnavailableReason


AuthenticationResult: TypeAlias = Authenticated | Attempted | Refused | ChallengeNeeded | Unavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeBegun:
    """A challenge that the payer's browser may be sent to. `acs_url` tells which bank it is; `checkout`: for what
    is paid."""

    acs_url: Secret[str]
    acs_transaction_id: str
    transaction_id: str
    version: str
    checkout: CheckoutRef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeForm:
    """What the browser posts to the bank: the address, its origin, and the field `creq`."""

    address: str
    origin: str
    creq: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeResult:
    """What a directory server reports of a challenge (RReq), with the three ids that must be those of its AReq."""

    transaction_id: str
    acs_transaction_id: str
    ds_transaction_id: str
    outcome: Authenticated | Attempted | Refused | Unavailable


class ResultTaken(StrEnum):
    """What became of a reported result."""

    TAKEN = "taken"
    """It is on record: this one, or the one that came before it."""
    UNKNOWN = "unknown"
    """There is no such challenge, or not with these ids."""
    LATE = "late"
    """The challenge had timed out before; nothing was recorded."""


class ChallengeMessages(Protocol):
    """The messages of a challenge, as the payer's pages exchange them."""

    def form(self, begun: ChallengeBegun) -> ChallengeForm:
        """The CReq for the browser."""
        ...

    def result(self, raw: bytes) -> ChallengeResult | None:
        """The RReq; None when it is none."""
        ...

    def answer(self, reported: ChallengeResult | None, taken: ResultTaken) -> bytes:
        """The RRes, or the Erro that says why there is none."""
        ...


class Authenticator(Protocol):
    """3-D Secure, seen from the payments room."""

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        """Ask once. Never raises for what the other side does or fails to do."""
        ...
