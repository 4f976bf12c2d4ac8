"""Where the people's page is: under `pay/mine` for the holder of a payment's key, and at its own origin besides."""

from ippgateway.domains.consents import service as consents

PURCHASE = "pay/mine"
"""The page of one purchase, without slashes around it; the files of all pages here are below."""
UNSUBSCRIBE = consents.UNSUBSCRIBE
"""Where a letter of ours leads that somebody wants no more of."""
HELD = "held"
"""What is held about an address, and what its owner asks about it."""
PARTS = frozenset({"", "link", HELD, UNSUBSCRIBE})
"""First parts of the other paths: they are this face's at its own origin alone."""
HOST = "mine"
"""The first part of that origin's name."""


def of_a_purchase(path: str) -> bool:
    """Whether a path, without slashes around it, is the purchase's page or a file."""
    return path == PURCHASE or path.startswith(f"{PURCHASE}/")


def of_people(path: str) -> bool:
    """Whether a path, without slashes around it, is a page for people at the face's own origin."""
    return of_a_purchase(path) or path.partition("/")[0] in PARTS
