"""What an acquirer is asked, what it answers, and what may go wrong on the way."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from ippgateway.core.money import Money
from ippgateway.core.secret import Secret
from ippgateway.domains.payments.ports.terms import (
    RRN_LENGTH,
    AdviceKind,
    Authentication,
    CardData,
    DeclineReason,
    Entry,
    Initiator,
    Kind,
    Merchant,
    Trace,
    TryAgain,
)
from ippgateway.privacy.catalogue import CARD_AUTHENTICATION, CARD_DETAILS, CARD_NUMBER


@dataclass(frozen=True, kw_only=True, slots=True)
class StoresCard:
    """The cardholder agreed that the card is stored with this payment, for charges to come."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChargesStored:
    """A charge without the cardholder. `reference_rrn`: RRN of the payment that stored the card, twelve characters."""

    reference_rrn: str

    def __post_init__(self) -> None:
        if len(self.reference_rrn) != RRN_LENGTH:
            raise ValueError("a reference of the wrong shape")


ABOUT_A_PAYER = frozenset({CARD_NUMBER, CARD_DETAILS, CARD_AUTHENTICATION})
"""The most that an acquirer is told about whoever pays."""

StoredCredential: TypeAlias = StoresCard | ChargesStored


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorisationRequest:
    """An authorisation or a sale.

    `increment_of` is the trace of the authorisation that is to hold `amount` more (see `increment_trace`). With
    `ChargesStored` the merchant is the initiator, and there is neither a security code nor an authentication;
    `entry` is then not sent. Raises ValueError for what contradicts itself.
    """

    kind: Kind
    trace: Trace
    merchant: Merchant
    card: CardData
    amount: Money
    entry: Entry
    authentication: Authentication | None = None
    initiator: Initiator = Initiator.CARDHOLDER
    increment_of: Trace | None = None
    stored: StoredCredential | None = None

    def __post_init__(self) -> None:
        by_merchant = self.initiator is Initiator.MERCHANT
        if isinstance(self.stored, ChargesStored):
            if not by_merchant or self.authentication is not None or self.card.security_code is not None:
                raise ValueError("a stored card is charged by the merchant, with nothing that only the payer has")
        elif self.stored is not None and by_merchant:
            raise ValueError("a card is stored with the cardholder's agreement")
        if self.increment_of is not None:
            if self.kind is not Kind.AUTHORISATION or self.stored is not None:
                raise ValueError("an increment is an authorisation and stores or charges no stored card")
            if self.increment_of.terminal != self.trace.terminal:
                raise ValueError("an increment keeps its original's terminal")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReversalRequest:
    """Undo an authorisation or sale, booked or not, or an increment alone: `original` is then the increment's trace.

    `repeat`: this reversal may have been sent before.
    """

    trace: Trace
    original_kind: Kind
    original: Trace
    merchant: Merchant
    pan: Secret[str]
    amount: Money
    repeat: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceRequest:
    """Capture or refund `amount` of an authorisation or sale. `trace` is a `reversal_trace` of `original`.

    `auth_code` is the original's. `repeat`: this advice may have been sent before; the acquirer books it once.
    """

    kind: AdviceKind
    trace: Trace
    original_kind: Kind
    original: Trace
    auth_code: str
    merchant: Merchant
    pan: Secret[str]
    amount: Money
    repeat: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VoidRequest:
    """Release what an authorisation still holds. `trace` is a `reversal_trace` of `original`.

    `authorised` is all that was authorised, increments included; `stays_minor` what was captured of it and stays.
    `repeat`: this void may have been sent before. Raises ValueError when more would stay than was authorised.
    """

    trace: Trace
    original: Trace
    merchant: Merchant
    pan: Secret[str]
    authorised: Money
    stays_minor: int
    repeat: bool

    def __post_init__(self) -> None:
        if not 0 <= self.stays_minor <= self.authorised.amount_minor:
            raise ValueError("no more can stay than was authorised")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceAccepted:
    """The acquirer booked the capture or refund, now or when it was sent before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdviceRefused:
    """The acquirer refused the capture or refund for good; nothing is booked. Repeating it changes nothing."""

    reason: DeclineReason
    response_code: str


AdviceAnswer: TypeAlias = AdviceAccepted | AdviceRefused


class NotSentReason(StrEnum):
    """Why no byte left."""

    LINK_DOWN = "link_down"
    TOO_MANY_IN_FLIGHT = "too_many_in_flight"
    CONGESTED = "congested"
    ALREADY_IN_FLIGHT = "already_in_flight"
    UNREPRESENTABLE = "unrepresentable"
    NOT_ALLOWED = "not_allowed"
    """The gate is shut: the acquirer is not in the register, or may not have what the message carries."""


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
    """Neither a full approval nor a refusal: a partial approval, a different amount, a code such as 68 or 96."""


class NoAnswer(Exception):
    """Sent, and the outcome is unknown: the acquirer may have booked it.

    Never repeat an authorisation, a sale or an increment: reverse it. Repeat a reversal, a void or an advice with the
    same trace and `repeat=True`, until there is an answer.
    """

    def __init__(self, reason: UnknownReason, response_code: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.response_code = response_code
        """What an answer said that decides nothing; empty when there was none."""


class AcquirerLink(Protocol):
    """A line to an acquirer. Never called inside a database transaction.

    What follows about one original (captures, refunds, its void) is sent one after the other: a void that overtakes
    a capture would release the money that the capture is to take.
    """

    async def authorise(self, request: AuthorisationRequest) -> AcquirerAnswer:
        """Ask once. Raises NotSent (certainly nothing happened) or NoAnswer (unknown)."""
        ...

    async def reverse(self, request: ReversalRequest) -> None:
        """Return when the reversal is acknowledged. Raises NotSent or NoAnswer; either way send it again later."""
        ...

    async def advise(self, request: AdviceRequest) -> AdviceAnswer:
        """Capture or refund. Raises NotSent (send it again later) or NoAnswer (the same, with `repeat`)."""
        ...

    async def void(self, request: VoidRequest) -> None:
        """Return when the void is acknowledged. Raises NotSent or NoAnswer; either way send it again later."""
        ...
