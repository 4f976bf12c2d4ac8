"""What the companies room takes and gives."""

from dataclasses import dataclass, field

from ippgateway.core.secret import Secret

# A tree of settings as the wire contract's `meta_data`: text at the leaves.
Meta = dict[str, "str | Meta"]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyMatch:
    """Which of a company's two keys a caller showed."""

    company_id: str
    data_key: bool
    payment_key: bool


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
