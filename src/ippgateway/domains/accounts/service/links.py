"""Addresses that letters lead to."""

from ippgateway.core.secret import Secret
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.zones import Zone


def link_to(p: Platform, path: str, ticket: Secret[str]) -> str:
    """The page of our consoles, or of the desk, where a ticket is good: /reset/, /verify/, /invite/, /new-email/."""
    origin = p.origins["desk" if p.zone is Zone.DESK else "console"]
    return f"{origin}/{path}/{ticket.open()}"
