"""What the partners room takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ippgateway.core.secret import Secret
from ippgateway.domains.accounts.schemas import Arrival


class PartnerKind(StrEnum):
    """What a partner does: offers the Platform under a name of its own, or brings customers to ours."""

    PARTNER = "partner"
    RESELLER = "reseller"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerView:
    """A partner as its own console sees it (wire contract 9.1)."""

    id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]
    country_id: str
    meta: dict[str, str]
    acquirers: tuple[tuple[str, str, str], ...]
    """(id, name, url) of each acquirer the partner offers."""
    merchant_id: str
    merchant_key: str
    kind: PartnerKind = PartnerKind.PARTNER


@dataclass(frozen=True, kw_only=True, slots=True)
class PartnerKeyMatch:
    """Which of a partner's two keys a caller showed."""

    partner_id: str
    data_key: bool
    payment_key: bool


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Changes:
    """What changes of a partner. Empty: it stays; of the merchant's id and key, which may be emptied, None does.
    Not printable: it may hold keys."""

    name: str = ""
    country_id: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    key1: str = ""
    key2: str = ""
    merchant_id: str | None = None
    merchant_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class NewCustomer:
    """A customer that a partner brings in, and its first user (wire contract 9.3)."""

    name: str
    contact_name: str
    phone: str
    email: str
    password: Secret[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A new customer, and what it is known by."""

    company_id: str
    user_id: str
    key1: Secret[str]
    key2: Secret[str]


class AccountKind(StrEnum):
    """As whom somebody signs up."""

    COMPANY = "company"
    PARTNER = "partner"
    RESELLER = "reseller"
    PUBLIC = "public"


class Doubt(StrEnum):
    """What may be wrong with a company number without making it impossible."""

    CHECK_DIGIT = "check_digit"
    """The Danish check digit does not fit; newer numbers may have none (facts, H.3)."""
    NOT_CHECKED = "not_checked"
    """We know no rule for the country's numbers."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class NewAccount:
    """Somebody who signs up. `country`: ISO 3166-1's two letters; `number`: the company's number there, or its VAT
    number; `partner_id`: at whose pages a company did it. Members of the public have no company."""

    kind: AccountKind
    email: str
    name: str
    password: Secret[str]
    arrival: Arrival
    language: str = "en"
    company_name: str = ""
    country: str = "DK"
    number: str = ""
    partner_id: str | None = None
