"""Users, what proves them, their sessions and devices, and what happened at their doors."""

from ippgateway.domains.accounts.models.doors import KnownDevice, SignInEvent, SignInFailure, SignInSession
from ippgateway.domains.accounts.models.proofs import Credential, Factor, RecoveryCode, Ticket
from ippgateway.domains.accounts.models.users import AccessPolicy, User

__all__ = [
    "AccessPolicy", "Credential", "Factor", "KnownDevice", "RecoveryCode", "SignInEvent", "SignInFailure",
    "SignInSession", "Ticket", "User",
]  # fmt: skip
