"""What the accounts room takes and gives."""

from dataclasses import dataclass
from enum import StrEnum

from ippgateway.core.secret import Secret


class Audience(StrEnum):
    """Which console a user belongs to; a session of one kind opens nothing of another."""

    COMPANY = "company"
    PARTNER = "partner"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """A new session. `session_id` is the bearer secret; only its hash is stored."""

    user_id: str
    session_id: Secret[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A live session: whose it is and what it may do."""

    audience: Audience
    tenant_id: str
    user_id: str
    moves_money: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class UserView:
    """A user as shown to itself."""

    user_id: str
    email: str
    name: str
    phone: str
    rights: tuple[str, ...]
    must_change_password: bool
