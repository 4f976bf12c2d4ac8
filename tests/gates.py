"""A gate for tests of what lies behind it: every kind of recipient is in the register, with all it may have."""

from datetime import UTC, datetime

from ippgateway.connectors.gate import Gate, Way
from ippgateway.core.clock import SystemClock
from ippgateway.privacy.catalogue import RECIPIENTS
from ippgateway.privacy.disclosure.register import Entry, Register, declared_for
from ippgateway.privacy.vocabulary import Purpose, Recipient
from ippgateway.privacy.zones import PURPOSES

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def entry(kind: Recipient, **other: object) -> Entry:
    """An entry of the register that may have whatever is declared for its kind."""
    said: dict[str, object] = {
        "id": kind.key[:14], "kind": kind.key, "name": kind.key, "place": "DK", "contract": "agreement of 2026",
        "purposes": tuple(purpose.key for purpose in PURPOSES), "valid_from": LONG_AGO,
        "categories": tuple(category.key for category in declared_for(kind)),
    }  # fmt: skip
    return Entry(**(said | other))  # type: ignore[arg-type]


def way(kind: Recipient, purpose: Purpose) -> Way:
    """The way to a kind of recipient, open."""
    return gate().to(kind, purpose)


def gate() -> Gate:
    """The gate itself, open."""
    return Gate(Register(entry(each) for each in RECIPIENTS), SystemClock())
