"""Whose accounts this process runs, and under which purposes."""

from ippgateway.privacy.catalogue import ACCOUNT, AUTHENTICATE, STAFF_ACCOUNT
from ippgateway.privacy.platform import Platform
from ippgateway.privacy.vocabulary import Purpose
from ippgateway.privacy.zones import Zone


def hall(p: Platform) -> tuple[Purpose, Purpose]:
    """For what users are looked up here, and for what their accounts are run: the desk knows our staff alone, every
    other process everybody else."""
    return (STAFF_ACCOUNT, STAFF_ACCOUNT) if p.zone is Zone.DESK else (AUTHENTICATE, ACCOUNT)
