"""What the partners room takes and gives."""

from dataclasses import dataclass

from ippgateway.core.secret import Secret


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
