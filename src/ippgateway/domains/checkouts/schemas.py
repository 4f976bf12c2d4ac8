"""What the checkouts room takes and gives."""

from dataclasses import dataclass, field
from enum import StrEnum

from ippgateway.core.money import Currency
from ippgateway.core.secret import Secret


class TransactionType(StrEnum):
    """Wire contract, section 6."""

    ECOM = "ECOM"
    MOTO = "MOTO"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCheckout:
    """What a shop asks for. Free text may name people, so all of it is sealed where it is stored.

    `amount_text` is the amount exactly as submitted (the answer to an authorisation repeats it);
    `amount_hundredths` is what it means (wire contract 4.2).
    """

    amount_text: str
    amount_hundredths: int
    currency: Currency
    transaction_type: TransactionType = TransactionType.ECOM
    order_id: str = ""
    notify_url: str = ""
    accept_url: str = ""
    origin: str = ""
    theme: str = ""
    method: str = ""
    store_card: bool = False
    test: bool = False
    payer_name: str = ""
    payer_email: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    """Everything else a shop tells of the payer or the basket, by the contract's own names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatedCheckout:
    """Two bearer secrets of 128 bits or more, from the alphabet of the contract's 4.1."""

    checkout_id: Secret[str]
    cryptogram: Secret[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutRef:
    """A checkout that was found by its bearer secret: whose it is, and how far it is."""

    company_id: str
    id: str
    authenticated: bool
    """The 3-D Secure step has ended, or the payment has gone further."""
    person_id: str = ""
    """Who pays."""
    expired: bool = False
    """Its time is over. Found at all only by those who ask for expired ones too."""
