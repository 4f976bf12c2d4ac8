"""What users may do: rights of customers and partners, roles of our staff.

A right is a word of ours; the wire contract's ids for them are the classic face's. A role of our staff is a set of
purposes: whoever has it may start work under these and no others (DISC-1).
"""

from collections.abc import Collection
from dataclasses import dataclass

from ippgateway.privacy.catalogue import (
    AUDIT_REVIEW,
    DISCLOSURE,
    LEGAL_HOLD,
    REGISTERS,
    REQUESTS,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
)
from ippgateway.privacy.vocabulary import Purpose, Words

ALL = "ALL"
"""Every right of the tenant, those of tomorrow too."""

IN_EMERGENCIES = frozenset({SUPPORT_SEARCH, SUPPORT})
"""What an emergency access opens to a member of staff whose role does not: to read. Nothing that decides, approves or
reviews, so that nobody becomes the second of two people by calling it an emergency."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """Something that a user may be allowed to do."""

    key: str
    words: Words


PAYMENTS = Right(key="payments", words=Words(en="see payments", da="se betalinger"))
CAPTURE = Right(key="capture", words=Words(en="capture and increase payments", da="hæve og forhøje betalinger"))
REFUND = Right(key="refund", words=Words(en="refund payments", da="refundere betalinger"))
VOID = Right(key="void", words=Words(en="void payments", da="annullere betalinger"))
SETTINGS = Right(key="settings", words=Words(en="change the company's details", da="ændre virksomhedens oplysninger"))
KEYS = Right(key="keys", words=Words(en="see and replace keys", da="se og udskifte nøgler"))
USERS = Right(
    key="users",
    words=Words(en="manage users, and the partner's access", da="styre brugere og partnerens adgang"),
)
CUSTOMERS = Right(key="customers", words=Words(en="see and add customers", da="se og oprette kunder"))
COMPLIANCE = Right(key="compliance", words=Words(en="review customers", da="godkende kunder"))

OF_COMPANIES: tuple[Right, ...] = (PAYMENTS, CAPTURE, REFUND, VOID, SETTINGS, KEYS, USERS)
OF_PARTNERS: tuple[Right, ...] = (CUSTOMERS, COMPLIANCE, SETTINGS, KEYS, USERS)

OF_GUESTS: tuple[str, ...] = tuple(r.key for r in (PAYMENTS, CAPTURE, REFUND, VOID, SETTINGS))
"""What a partner may do inside a customer's account: all but keys, users and its own access."""


def covers(held: Collection[str], asked: Collection[str]) -> bool:
    """Whether whoever holds these rights has all that are asked for."""
    return ALL in held or set(asked) <= set(held)


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A role of our staff and the purposes that it opens."""

    key: str
    purposes: frozenset[Purpose]
    words: Words

    @property
    def rights(self) -> tuple[str, ...]:
        """As a session's rights: the purposes' keys."""
        return tuple(sorted(purpose.key for purpose in self.purposes))


ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(
            key="administrator", purposes=frozenset({STAFF_ACCOUNT, AUDIT_REVIEW}),
            words=Words(en="administrator of our staff's accounts", da="administrator for medarbejdernes konti"),
        ),
        Role(
            key="compliance", purposes=frozenset({REQUESTS, DISCLOSURE, AUDIT_REVIEW, LEGAL_HOLD, REGISTERS}),
            words=Words(en="compliance and data protection", da="compliance og databeskyttelse"),
        ),
        Role(
            key="approver", purposes=frozenset({DISCLOSURE}),
            words=Words(en="second approver of disclosures", da="anden godkender af udleveringer"),
        ),
        Role(
            key="support", purposes=frozenset({SUPPORT_SEARCH, SUPPORT}),
            words=Words(en="support", da="support"),
        ),
        Role(key="fraud", purposes=frozenset(), words=Words(en="fraud prevention", da="svindelbekæmpelse")),
        Role(key="finance", purposes=frozenset(), words=Words(en="finance", da="økonomi")),
    )
}  # fmt: skip
