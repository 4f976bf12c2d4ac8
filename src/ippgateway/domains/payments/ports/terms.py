"""The words that requests are put in: kinds, reasons, merchants, cards and traces."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from ippgateway.core.secret import Secret

STANS = 999_999
"""System trace audit numbers run from 000001 to 999999; 000000 is not used."""
RRN_LENGTH = 12
"""Characters of a retrieval reference number."""


class Kind(StrEnum):
    """What is asked of the acquirer: to hold the money, or to hold and take it in one."""

    AUTHORISATION = "authorisation"
    SALE = "sale"


class AdviceKind(StrEnum):
    """What an acquirer is told about an earlier payment: take what it holds, or give back what was taken."""

    CAPTURE = "capture"
    REFUND = "refund"


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
    """Why there was no approval, whichever acquirer said so. The last six are our own words, not an acquirer's."""

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
    EXCEEDS_OPEN_AMOUNT = "exceeds_open_amount"
    ORIGINAL_NOT_FOUND = "original_not_found"
    MERCHANT_SETUP = "merchant_setup"
    FORMAT_ERROR = "format_error"
    ISSUER_UNAVAILABLE = "issuer_unavailable"
    SYSTEM_ERROR = "system_error"
    THREE_DS_REQUIRED = "three_ds_required"
    AUTHENTICATION_FAILED = "authentication_failed"
    AUTHENTICATION_TIMED_OUT = "authentication_timed_out"
    AUTHENTICATION_UNAVAILABLE = "authentication_unavailable"
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
        numbered = len(self.stan) == 6 and self.stan.isdigit() and len(self.rrn) == RRN_LENGTH
        if not (1 <= len(self.terminal) <= 8 and numbered):
            raise ValueError("a trace of the wrong shape")
        if self.transmitted_at.tzinfo is not UTC or self.transmitted_at.microsecond:
            raise ValueError("a trace is in UTC, to the second")


def trace_for(number: int, at: datetime, terminals: int, prefix: str) -> Trace:
    """The trace of a new authorisation or sale.

    `number` comes from one database sequence. A terminal uses up its 999,999 STANs before the next one takes over, so
    new messages have another terminal or STAN for that many million. RRNs carry the hour and the STAN alone: those of
    one hour differ up to 278 messages a second. Terminals are named `prefix` and digits, eight characters together.
    Raises ValueError when that pool does not fit.
    """
    width = 8 - len(prefix)
    if number < 0 or not 1 <= terminals <= 10 ** max(width, 0):
        raise ValueError("terminal pool out of range")
    stan = f"{number % STANS + 1:06d}"
    at = _to_the_second(at)
    terminal = f"{prefix}{number // STANS % terminals:0{width}d}" if width else prefix
    return Trace(terminal=terminal, stan=stan, transmitted_at=at, rrn=_reference(at, stan))


def reversal_trace(number: int, at: datetime, original: Trace) -> Trace:
    """The trace of a reversal, a void or an advice: own STAN and time, the original's terminal and RRN. There its
    STAN is unique in its message class up to a million messages a day; the time tells it apart besides."""
    return replace(original, stan=f"{number % STANS + 1:06d}", transmitted_at=_to_the_second(at))


def increment_trace(number: int, at: datetime, original: Trace) -> Trace:
    """The trace of an increment: own STAN, time and RRN, the original's terminal."""
    own = reversal_trace(number, at, original)
    return replace(own, rrn=_reference(own.transmitted_at, own.stan))


def _reference(at: datetime, stan: str) -> str:
    return f"{at:%Y%j%H}"[3:] + stan


def _to_the_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
