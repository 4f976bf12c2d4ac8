"""What the accounts room takes and gives."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ippgateway.core.secret import Secret


class Audience(StrEnum):
    """Whose user somebody is; a session of one kind opens nothing of another. `PUBLIC`: a member of the public, who is
    a tenant of their own."""

    COMPANY = "company"
    PARTNER = "partner"
    STAFF = "staff"
    PUBLIC = "public"


class Stage(StrEnum):
    """How far a sign-in is: `FACTOR` awaits the second factor and opens nothing else."""

    OPEN = "open"
    FACTOR = "factor"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Arrival:
    """Where a request comes from. `browser`, `system`: words of ours; `device`: the secret of a browser that somebody
    signed in with before, when it showed one."""

    address: Secret[str]
    browser: str = ""
    system: str = ""
    device: Secret[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """A new session. `session_id` is the bearer secret, of which only a digest is stored; `device` a secret for a
    browser that has none yet."""

    user_id: str
    session_id: Secret[str]
    stage: Stage = Stage.OPEN
    device: Secret[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A live session: whose it is and what it may do.

    `tenant_id`: whose rows it acts on; `home_id`: whose user it is, which differs for a partner inside a customer's
    account (`guest_of` is then the partner). `moves_money`: the second factor was proven in it, or it began with an
    application password. `rights`: right keys, or `ALL`; of staff, the keys of the purposes that their role has.
    """

    id: str
    audience: Audience
    tenant_id: str
    home_id: str
    user_id: str
    moves_money: bool
    rights: tuple[str, ...]
    stage: Stage = Stage.OPEN
    guest_of: str | None = None
    second_factor: bool = False
    must_change_password: bool = False
    verified: bool = False
    strong_at: datetime | None = None
    language: str = "en"
    theme: str = "auto"
    emergency_id: str | None = None
    """Of our staff: the emergency access that opens more than their role does, while it lasts."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class UserView:
    """A user as shown to itself and to whoever manages the tenant's users. Not printable: it says who it is."""

    user_id: str
    email: str
    name: str
    phone: str
    rights: tuple[str, ...]
    must_change_password: bool
    status: str = "active"
    policy_id: str | None = None
    second_factor: bool = False
    verified: bool = False
    employer: str = ""
    country: str = ""
    role: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyView:
    """A named set of rights."""

    id: str
    name: str
    rights: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SessionView:
    """A sign-in as its user sees it. `here`: the one that asks; `wire`: of a program that speaks the wire contract;
    `guest_of`: the customer in whose account a partner's user is with it."""

    id: str
    here: bool
    browser: str
    system: str
    created_at: datetime
    seen_at: datetime
    wire: bool
    guest_of: str | None


class Happened(StrEnum):
    """What can happen at somebody's door; each is told to them."""

    SIGNED_UP = "signed_up"
    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - an event's name
    WRONG_FACTOR = "wrong_factor"
    NEW_DEVICE = "new_device"
    SIGNED_OUT = "signed_out"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an event's name
    RESET_ASKED = "reset_asked"
    EMAIL_CHANGED = "email_changed"
    EMAIL_VERIFIED = "email_verified"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_USED = "recovery_used"
    RECOVERY_MADE = "recovery_made"
    APPLICATION_ADDED = "application_added"
    APPLICATION_REMOVED = "application_removed"
    PARTNER_ENTERED = "partner_entered"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class EventView:
    """Something that happened at somebody's door."""

    id: str
    what: Happened
    at: datetime
    browser: str
    system: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page of a list of events, newest first. `after`: the cursor of the next one, None on the last."""

    rows: tuple[EventView, ...]
    after: str | None


class FactorKind(StrEnum):
    """Kinds of second factors."""

    TOTP = "totp"
    PASSKEY = "passkey"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class FactorView:
    """A second factor as its user sees it."""

    id: str
    kind: FactorKind
    label: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TotpOffer:
    """An authenticator app to be set up: `secret` in base32, `uri` as RFC 6238 apps read it from a picture."""

    factor_id: str
    secret: Secret[str]
    uri: Secret[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where passkeys belong: the host name, the origin without a slash at its end, and what a browser calls us."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class ApplicationPassword:
    """A password for a program, as its user sees it; what it is was shown once."""

    id: str
    label: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """What came of adding or proving a second factor. `codes`: recovery codes, to be shown once, when new ones were
    made."""

    signed_in: SignedIn | None = None
    codes: tuple[Secret[str], ...] = field(default=())
