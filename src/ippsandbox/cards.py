"""Test cards: which number makes the acquirer host and the access-control server do what. Pure data, pure functions.

Special numbers are `499999000000`, three digits that tell the outcome, and a check digit; no scheme publishes them.
Every other number with a valid check digit approves after a frictionless authentication.
"""

from dataclasses import dataclass
from enum import Enum


class Authentication(Enum):
    """What the access-control server does with a card."""

    FRICTIONLESS = "frictionless"
    CHALLENGE = "challenge"
    REFUSED = "refused"
    UNFINISHED = "unfinished"
    """A challenge that the payer answers and nobody hears of."""
    UNAVAILABLE = "unavailable"
    """A challenge that ends with transStatus U, whatever the payer answers."""


class Delivery(Enum):
    """What becomes of the acquirer host's answer once it is booked."""

    ONCE = "once"
    NEVER = "never"
    LATE = "late"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the host: its DE 39 (`00` approves) and how it travels the first time."""

    response_code: str = "00"
    delivery: Delivery = Delivery.ONCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a card does: its name, DE 39 of the host's answer (`00` approves), and how that answer travels.

    `capture`, `refund` and `increment` are what follows an approval, when nothing else speaks against it.
    """

    name: str
    response_code: str = "00"
    delivery: Delivery = Delivery.ONCE
    authentication: Authentication = Authentication.FRICTIONLESS
    capture: Reply = Reply()
    refund: Reply = Reply()
    increment: Reply = Reply()


def luhn_valid(pan: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1). Wants digits only."""
    return _luhn_sum(pan) % 10 == 0


def _luhn_sum(digits: str) -> int:
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    return sum(int(d) for d in digits[-1::-2]) + sum(doubled[int(d)] for d in digits[-2::-2])


def _special(selector: int) -> str:
    stem = f"499999000000{selector:03d}"
    return f"{stem}{-_luhn_sum(stem + '0') % 10}"


# Public test numbers, never issued, published by the schemes and acquirers.
_PUBLIC = {
    "4111111111111111": Outcome("approve_visa"),
    "5555555555554444": Outcome("approve_mastercard"),
    "378282246310005": Outcome("approve_amex"),
    "6011111111111117": Outcome("approve_discover"),
    "3530111333300000": Outcome("approve_jcb"),
    "30569309025904": Outcome("approve_diners"),
    "5019717010103742": Outcome("approve_dankort"),
}

# The selector of a decline is 100 and its response code. Visa's 1A has no number of its own: it takes that of
# Mastercard's 65, which says the same.
_DECLINES = {
    "do_not_honour": ("05", 105),
    "insufficient_funds": ("51", 151),
    "expired_card": ("54", 154),
    "lost_card": ("41", 141),
    "stolen_card": ("43", 143),
    "suspected_fraud": ("59", 159),
    "limit_exceeded": ("61", 161),
    "restricted": ("62", 162),
    "security_code": ("82", 182),
    "not_permitted": ("57", 157),
    "closed_account": ("46", 146),
    "issuer_unavailable": ("91", 191),
    "authentication_required": ("1A", 165),
}

_OUTCOMES: dict[str, Outcome] = {
    **_PUBLIC,
    _special(201): Outcome("frictionless"),
    _special(202): Outcome("challenge", authentication=Authentication.CHALLENGE),
    _special(203): Outcome("authentication_refused", authentication=Authentication.REFUSED),
    **{_special(number): Outcome(f"decline_{name}", code) for name, (code, number) in _DECLINES.items()},
    _special(301): Outcome("timeout", delivery=Delivery.NEVER),
    _special(302): Outcome("late", delivery=Delivery.LATE),
    _special(303): Outcome("twice", delivery=Delivery.TWICE),
    _special(401): Outcome("capture_refused", capture=Reply("57")),
    _special(402): Outcome("refund_refused", refund=Reply("57")),
    _special(403): Outcome("capture_silent", capture=Reply(delivery=Delivery.NEVER)),
    _special(404): Outcome("refund_silent", refund=Reply(delivery=Delivery.NEVER)),
    _special(405): Outcome("increment_declined", increment=Reply("51")),
    _special(204): Outcome("challenge_unfinished", authentication=Authentication.UNFINISHED),
    _special(205): Outcome("challenge_unavailable", authentication=Authentication.UNAVAILABLE),
}

_APPROVE = Outcome("approve")

DEMO_CARDS: dict[str, str] = {outcome.name: number for number, outcome in _OUTCOMES.items()}
"""Outcome -> card number, in an order that stays."""


def outcome_of(pan: str) -> Outcome:
    """What a card number does; numbers not listed approve. Says nothing about their check digit."""
    return _OUTCOMES.get(pan, _APPROVE)
