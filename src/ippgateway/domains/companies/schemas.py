"""What the companies room takes and gives."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ippgateway.core.secret import Secret

# A tree of settings as the wire contract's `meta_data`: text at the leaves.
Meta = dict[str, "str | Meta"]


class KeyScope(StrEnum):
    """What a key opens: what key 1 opens, what key 2 opens, or of key 1 what changes nothing."""

    DATA = "data"
    PAYMENT = "payment"
    READ = "read"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyMatch:
    """Which of a company's keys a caller showed. `reads_only`: its data key is one that may change nothing."""

    company_id: str
    data_key: bool
    payment_key: bool
    reads_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyView:
    """A further key of a company; what it is was shown once. `replaced`: a former key 1 or 2 that still works."""

    id: str
    scope: KeyScope
    label: str
    replaced: bool
    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantView:
    """A customer's leave for its partner to come in. `given_by`, `withdrawn_by`: a user's id, or the company's when it
    was done with its key."""

    id: str
    partner_id: str
    given_by: str
    created_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AcquirerView:
    """A company's contract with an acquirer. `fields`: form definition as (key, label)."""

    id: str
    name: str
    url: str
    settings: dict[str, str]
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanyView:
    """A company as its own console sees it."""

    id: str
    name: str
    key1: Secret[str]
    key2: Secret[str]
    meta: Meta
    acquirers: tuple[AcquirerView, ...]
    channels: tuple[str, ...]
    switched_off: frozenset[str] = field(default_factory=frozenset)
    """Of CAPTURE, REFUND, VOID: those the partner has switched off."""
    live: bool = False
    widget: bool = False
    """Whether card fields may stand in its own pages."""
    partner_id: str | None = None
    """None: it came without one."""
    payers_contact: str = ""
    """Where payers reach it; empty when it has not said."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerRow:
    """A partner's customer. `allowed`: it lets the partner in now; `live`: it takes real money."""

    id: str
    name: str
    status: str
    live: bool
    allowed: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerPage:
    """One page of customers, newest first. `after`: the cursor of the next one, None on the last."""

    rows: tuple[CustomerRow, ...]
    after: str | None
