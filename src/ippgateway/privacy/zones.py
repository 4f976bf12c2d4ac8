"""Zones: the real border. Whoever can send `RESET ROLE` can change purpose, so each zone's process connects with a
login role of its own that is a member only of the purposes it needs, and inherits nothing from them."""

from dataclasses import dataclass
from enum import StrEnum

from ippgateway.core.ids import OWN_TENANT
from ippgateway.privacy.catalogue import (
    ACCESS_RECORDING,
    ACCESS_RECORDS,
    ACCOUNT,
    AUDIT_REVIEW,
    AUTHENTICATE,
    BOOKS,
    CONSENT,
    DISCLOSURE,
    ERASURE,
    HAND_OVER,
    LEGAL_HOLD,
    MAIL,
    NEWS,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    REGISTERS,
    REQUESTS,
    RETENTION,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.interests import require_balanced
from ippgateway.privacy.vocabulary import Purpose

PURPOSES: tuple[Purpose, ...] = (
    AUTHENTICATE, PAYMENT, PAYMENT_RECOVERY, PAYMENT_RECORDS, ACCOUNT, NOTIFY, ACCESS_RECORDING, ACCESS_RECORDS,
    OWN_DATA, ERASURE, BOOKS, STAFF_ACCOUNT, AUDIT_REVIEW, MAIL, CONSENT, NEWS, DISCLOSURE, HAND_OVER, RETENTION,
    LEGAL_HOLD, SUPPORT_SEARCH, SUPPORT, REQUESTS, REGISTERS,
)  # fmt: skip
require_balanced(PURPOSES)


PLATFORM = OWN_TENANT
"""The controller of people whom we hold for ourselves: users, partners, customers. Payers are their shop's."""


class Zone(StrEnum):
    """A kind of process."""

    PAY = "pay"
    CONSOLE = "console"
    DESK = "desk"
    SITE = "site"
    WORKER = "worker"


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneRights:
    """What a zone's login role may become. `vault`: it holds the vault's master key and may open card numbers."""

    purposes: frozenset[Purpose]
    vault: bool = False
    jobs: bool = False


RIGHTS: dict[Zone, ZoneRights] = {
    Zone.PAY: ZoneRights(
        purposes=frozenset({AUTHENTICATE, PAYMENT, PAYMENT_RECOVERY, PAYMENT_RECORDS, ACCESS_RECORDING}), vault=True
    ),
    Zone.CONSOLE: ZoneRights(
        purposes=frozenset(
            {
                AUTHENTICATE,
                ACCOUNT,
                PAYMENT_RECORDS,
                ACCESS_RECORDS,
                OWN_DATA,
                ERASURE,
                HAND_OVER,
                CONSENT,
            }
        )
    ),
    Zone.DESK: ZoneRights(
        purposes=frozenset(
            {STAFF_ACCOUNT, AUDIT_REVIEW, DISCLOSURE, LEGAL_HOLD, SUPPORT_SEARCH, SUPPORT, REQUESTS, REGISTERS}
        )
    ),
    Zone.SITE: ZoneRights(purposes=frozenset()),
    Zone.WORKER: ZoneRights(purposes=frozenset({NOTIFY, MAIL, NEWS, RETENTION}), jobs=True),
}
"""No zone keeps the books yet, so no process of ours opens what an erasure has left to them."""


ZONE_SETTINGS = {
    "search_path": "pg_catalog",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
}
"""What every zone's login starts its sessions with."""


def purpose_role(prefix: str, purpose: Purpose) -> str:
    """The database role of a purpose; roles are cluster-wide, so they carry the installation's prefix."""
    return f"{prefix}_p_{purpose.key}"


def zone_role(prefix: str, zone: Zone) -> str:
    """The login role of a zone."""
    return f"{prefix}_z_{zone.value}"


def owner_role(prefix: str) -> str:
    """The role that owns the tables and runs migrations; no zone is a member of it."""
    return f"{prefix}_owner"
