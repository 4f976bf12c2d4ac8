"""What the payments room takes and gives."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ippgateway.core.money import Money
from ippgateway.core.secret import Secret


class Method(StrEnum):
    """What an action does; the words of the wire contract, section 6."""

    AUTH = "AUTH"
    SALE = "SALE"
    CAPTURE = "CAPTURE"
    REFUND = "REFUND"
    VOID = "VOID"
    CREDIT = "CREDIT"
    INCREMENTAL = "INCREMENTAL"
    SECURE = "SECURE"
    CRYPT = "CRYPT"


class Result(StrEnum):
    """How an action ended. WAIT: it has not, or nobody knows yet (unknown is a state)."""

    ACK = "ACK"
    NOK = "NOK"
    WAIT = "WAIT"


@dataclass(frozen=True, kw_only=True, slots=True)
class CardEntry:
    """What a payer typed. Lives in memory for one request; the security code goes no further than the acquirer."""

    holder: Secret[str]
    number: Secret[str]
    month: int
    year: int
    security_code: Secret[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """What a script in the payer's browser tells 3-D Secure. `zone_minutes`: behind UTC, so negative east of it."""

    colour_depth: int
    height: int
    width: int
    zone_minutes: int
    java: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """What 3-D Secure asks about the payer's browser; empty where the old interface does not tell. Without a `screen`
    it counts as one without script."""

    user_agent: Secret[str]
    accept: Secret[str]
    language: str
    ip: Secret[str]
    screen: Screen | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SecureResult:
    """The 3-D Secure step. `text` is for people; success has the contract's exact sentence (8.3)."""

    done: bool
    refused: bool
    text: str
    challenge_url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoriseResult:
    """The outcome of an authorisation, as often as it is asked for (contract 8.4, R-47)."""

    result: Result
    status: str
    reason: str
    payment_id: str
    action_id: str
    payment_key: Secret[str]
    seen_before: bool
    purchases: int
    amount_text: str
    currency_code: str
    accept_url: str
    card_month: int
    card_year: int
    card_masked: str
    card_brand: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentStatus:
    """A payment as a shop verifies it (contract 8.2, by transaction)."""

    result: Result
    status: str
    method: Method
    payment_id: str
    action_id: str
    order_id: str
    amount: Money
    card_masked: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionRow:
    """A line of the transaction list (contract 7.5)."""

    payment_id: str
    action_id: str
    company_id: str
    method: Method
    result: Result
    at: datetime
    holder: str
    order_id: str
    amount: Money
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionDetail:
    """One action in full (contract 7.6). `related`: payment id -> order id of the same shopper's other payments."""

    row: ActionRow
    status: str
    card_masked: str
    card_month: int | None
    card_year: int | None
    acquirer_response: str
    recurring_of: str | None
    related: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Which payment an action is about (contract 7.7, R-28): by payment, by one of its actions, or both."""

    payment_id: str | None
    action_id: str | None
    payment_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionResult:
    """What came of an action. WAIT: it is on its way to the acquirer, who has to take it in the end."""

    result: Result
    action_id: str
    payment_id: str
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredCard:
    """A card that a payer let the shop store (contract 7.8)."""

    payment_id: str
    holder: str
    masked: str
    month: int
    year: int
    result: Result


class Progress(StrEnum):
    """How far a checkout is, as its payer sees it."""

    OPEN = "open"
    PAID = "paid"
    UNDER_WAY = "under way"
    """Sent, and nobody has answered yet, or nobody knows."""
    EXPIRED = "expired"
    TOO_MANY_DECLINES = "too many declines"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An attempt as its payer may see it. `reason`: a word of DeclineReason when it was declined."""

    payment_id: str
    payment_key: Secret[str]
    result: Result
    reason: str
    card_masked: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Presented:
    """A checkout as its payer's page shows it. `latest`: the attempt that stands, else the newest that was declined."""

    progress: Progress
    amount: Money
    shop: str
    payers_contact: str
    """Where payers reach the shop; empty when it has not said."""
    test: bool
    theme: str
    accept_url: str
    origin: str
    """Where the shop said that it is when it made the checkout; arbitrary text."""
    latest: Shown | None


# --- what a console shows ---


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which payments a list shows. `text`: looked for in order id, ids, last four digits, holder and amount (wire
    contract 7.15); `status`: a word of section 6; `since`, `until`: when they were made, the end not included."""

    text: str = ""
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Balances:
    """What of a payment is fact; and what is `held`, to be captured or released, and `taken`, to be given back, which
    is nothing while something is under way."""

    authorised: Money
    captured: Money
    voided: Money
    refunded: Money
    held: Money
    taken: Money
    under_way: bool


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class PaymentRow:
    """A payment as a list shows it. Not printable: it says who paid for what."""

    id: str
    action_id: str
    status: str
    state: str
    at: datetime
    amount: Money
    method: Method
    test: bool
    order_id: str
    holder: str
    brand: str
    last4: str
    reason: str
    balances: Balances


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentPage:
    """One page of payments, newest first. `after`: the cursor of the next one, None at the end. `looked_back_to`: of a
    search that has not gone through everything, the time that it came to."""

    rows: tuple[PaymentRow, ...]
    after: str | None
    looked_back_to: datetime | None = None


class Told(StrEnum):
    """What a step of a payment's story is about."""

    CHECKOUT = "checkout"
    SECURE = "secure"
    ATTEMPT = "attempt"
    EARLIER = "earlier"
    """An attempt on the same checkout that came to nothing before this one."""
    ACTION = "action"
    OWED = "owed"
    """A message that the acquirer has yet to take, or has taken late."""
    NOTIFICATION = "notification"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Step:
    """Something that happened with a payment. Which fields are filled follows from `told`.

    `state`: of SECURE transStatus of EMV 3-D Secure (Y, A, N, U, C), of OWED and NOTIFICATION their own. `tries`: how
    often it was sent; `next_at`: when it will be again; `http_status`: what the shop answered last.
    """

    told: Told
    at: datetime
    id: str
    method: Method | None = None
    result: Result | None = None
    amount: Money | None = None
    reason: str = ""
    response_code: str = ""
    comment: str = ""
    card: str = ""
    state: str = ""
    tries: int = 0
    ended_at: datetime | None = None
    next_at: datetime | None = None
    http_status: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Story:
    """A payment in full: how it stands, and what happened, oldest first. `related`: payment id -> order id of the same
    shopper's other payments. `person_id`: whom it is about."""

    row: PaymentRow
    person_id: str
    card_month: int
    card_year: int
    stores_card: bool
    recurring_of: str | None
    related: dict[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayTotal:
    """What happened on one day in one currency. Money that was captured is counted on the day of its capture."""

    day: date
    captured: Money
    refunded: Money
    approved: int
    declined: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Attention:
    """What somebody should look at, counted among the newest few thousand payments. `without_outcome`: asked of the
    acquirer a while ago, and unknown still; `held`: approved some days ago and neither captured nor released; `untold`:
    whose shop could not be told."""

    without_outcome: int
    held: int
    untold: int
