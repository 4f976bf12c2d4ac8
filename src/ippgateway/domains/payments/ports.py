"""What the payments room needs from outside: an acquirer and a 3-D Secure authenticator.

Connectors fulfil these protocols; this file knows none of them. Everything here lives in memory for one request, and
what is personal is a `Secret`, so that no representation of a request shows it.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Protocol, TypeAlias

from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.schemas import Browser

STANS = 999_999
"""System trace audit numbers run from 000001 to 999999; 000000 is not used."""


class Kind(StrEnum):
    """What is asked of the acquirer: to hold the money, or to hold and take it in one."""

    AUTHORISATION = "authorisation"
    SALE = "sale"


class Entry(StrEnum):
    """How the card came to us: the payer's browser, or a letter or a telephone call."""

    ECOM = "ecom"
    MOTO = "moto"


class Initiator(StrEnum):
    """Who started the payment: the payer, or the merchant alone under a mandate."""

    CARDHOLDER = "cardholder"
    MERCHANT = "merchant"


class TryAgain(StrEnum):
    """What a decline says about another attempt with the same card.

    `NEVER` is obeyed: the issuer will not approve it, and card schemes charge for asking. `LATER` means another
    time, `NOW` at once, after that was put right which the reason names.
    """

    NEVER = "never"
    LATER = "later"
    NOW = "now"


class DeclineReason(StrEnum):
    """Why there was no approval, whichever acquirer said so. The last four are our own words, not an acquirer's."""

    DECLINED = "declined"
    DO_NOT_HONOUR = "do_not_honour"
    REFER_TO_ISSUER = "refer_to_issuer"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    LIMIT_EXCEEDED = "limit_exceeded"
    INVALID_CARD = "invalid_card"
    EXPIRED_CARD = "expired_card"
    CLOSED_ACCOUNT = "closed_account"
    NO_SUCH_ACCOUNT = "no_such_account"
    LOST_CARD = "lost_card"
    STOLEN_CARD = "stolen_card"
    PICK_UP_CARD = "pick_up_card"
    RESTRICTED_CARD = "restricted_card"
    SUSPECTED_FRAUD = "suspected_fraud"
    SECURITY_CODE = "security_code"
    SECURITY_VIOLATION = "security_violation"
    PIN = "pin"
    AUTHENTICATION_REQUIRED = "authentication_required"
    NOT_PERMITTED = "not_permitted"
    STOPPED_BY_CARDHOLDER = "stopped_by_cardholder"
    FORBIDDEN_BY_LAW = "forbidden_by_law"
    INVALID_TRANSACTION = "invalid_transaction"
    INVALID_AMOUNT = "invalid_amount"
    MERCHANT_SETUP = "merchant_setup"
    FORMAT_ERROR = "format_error"
    ISSUER_UNAVAILABLE = "issuer_unavailable"
    SYSTEM_ERROR = "system_error"
    THREE_DS_REQUIRED = "three_ds_required"
    AUTHENTICATION_FAILED = "authentication_failed"
    ACQUIRER_UNREACHABLE = "acquirer_unreachable"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Merchant:
    """Who is paid, as the acquirer and the issuer know them.

    `number` is the acquirer's (at most 15 characters), `country` the three digits of ISO 3166-1, `mcc` the four digits
    of ISO 18245, `acquirer_institution` at most 11 digits, `zone` the merchant's local time.
    """

    number: str
    name: str
    city: str
    country: str
    mcc: str
    acquirer_institution: str
    zone: tzinfo = UTC


@dataclass(frozen=True, kw_only=True, slots=True)
class CardData:
    """A card in memory. The year has four digits; the security code goes to the acquirer and nowhere else."""

    pan: Secret[str]
    expiry_month: int
    expiry_year: int
    security_code: Secret[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Authentication:
    """What 3-D Secure proved: electronic commerce indicator (two digits), authentication value, directory's id."""

    eci: str
    value: Secret[str] | None
    ds_transaction_id: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """What identifies a message to the acquirer for ever; stored before it is sent, because a reversal quotes it.

    `terminal` 1 to 8 characters, `stan` six digits, `transmitted_at` UTC to the second, `rrn` twelve characters.
    """

    terminal: str
    stan: str
    transmitted_at: datetime
    rrn: str

    def __post_init__(self) -> None:
        if not (1 <= len(self.terminal) <= 8 and len(self.stan) == 6 and self.stan.isdigit() and len(self.rrn) == 12):
            raise ValueError("a trace of the wrong shape")
        if self.transmitted_at.tzinfo is not UTC or self.transmitted_at.microsecond:
            raise ValueError("a trace is in UTC, to the second")


def trace_for(number: int, at: datetime, terminals: int, prefix: str) -> Trace:
    """The trace of a new authorisation or sale.

    `number` comes from one database sequence. A terminal uses up its 999,999 STANs before the next one takes over, so
    `terminals` of them last for that many million messages a day, and RRNs of one hour differ too. Terminals are named
    `prefix` and digits, eight characters together. Raises ValueError when that pool does not fit.
    """
    width = 8 - len(prefix)
    if number < 0 or not 1 <= terminals <= 10 ** max(width, 0):
        raise ValueError("terminal pool out of range")
    stan = f"{number % STANS + 1:06d}"
    at = _to_the_second(at)
    terminal = f"{prefix}{number // STANS % terminals:0{width}d}" if width else prefix
    return Trace(terminal=terminal, stan=stan, transmitted_at=at, rrn=f"{at:%Y%j%H}"[3:] + stan)


def reversal_trace(number: int, at: datetime, original: Trace) -> Trace:
    """The trace of a reversal: own STAN and time, the original's terminal and RRN."""
    return replace(original, stan=f"{number % STANS + 1:06d}", transmitted_at=_to_the_second(at))


def _to_the_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorisationRequest:
    """An authorisation or a sale."""

    kind: Kind
    trace: Trace
    merchant: Merchant
    card: CardData
    amount: Money
    entry: Entry
    authentication: Authentication | None = None
    initiator: Initiator = Initiator.CARDHOLDER


@dataclass(frozen=True, kw_only=True, slots=True)
class ReversalRequest:
    """Undo an authorisation or sale, booked or not. `repeat`: this reversal may have been sent before."""

    trace: Trace
    original_kind: Kind
    original: Trace
    merchant: Merchant
    pan: Secret[str]
    amount: Money
    repeat: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """The acquirer approved the whole amount."""

    auth_code: str
    rrn: str
    response_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Declined:
    """The acquirer declined; no money is held."""

    reason: DeclineReason
    again: TryAgain
    response_code: str


AcquirerAnswer: TypeAlias = Approved | Declined


class NotSentReason(StrEnum):
    """Why no byte left."""

    LINK_DOWN = "link_down"
    TOO_MANY_IN_FLIGHT = "too_many_in_flight"
    CONGESTED = "congested"
    ALREADY_IN_FLIGHT = "already_in_flight"
    UNREPRESENTABLE = "unrepresentable"


class NotSent(Exception):
    """Certain that no byte of the request left: the acquirer can't have booked it."""

    def __init__(self, reason: NotSentReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class UnknownReason(StrEnum):
    """Why the outcome is unknown."""

    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"
    UNUSABLE_ANSWER = "unusable_answer"
    """Neither a full approval nor a refusal: a partial approval, a different amount, a code such as 68."""


class NoAnswer(Exception):
    """Sent, and the outcome is unknown: the acquirer may have booked it. Never repeat the request; reverse it."""

    def __init__(self, reason: UnknownReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class AcquirerLink(Protocol):
    """A line to an acquirer. Never called inside a database transaction."""

    async def authorise(self, request: AuthorisationRequest) -> AcquirerAnswer:
        """Ask once. Raises NotSent (certainly nothing happened) or NoAnswer (unknown)."""
        ...

    async def reverse(self, request: ReversalRequest) -> None:
        """Return when the reversal is acknowledged. Raises NotSent or NoAnswer; either way send it again later."""
        ...


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Unavailable:
    """Authentication could not be performed; nobody was refused."""

    reason: UnavailableReason


AuthenticationResult: TypeAlias = Authenticated | Attempted | Refused | ChallengeNeeded | Unavailable


class Authenticator(Protocol):
    """3-D Secure, seen from the payments room."""

    async def authenticate(self, request: AuthenticationRequest) -> AuthenticationResult:
        """Ask once. Never raises for what the other side does or fails to do."""
        ...
