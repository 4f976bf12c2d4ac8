"""Users, what proves them, their sessions and devices, and what happened at their doors.

Every table says twice what may be done with it: for the users of customers and partners and for members of the public
(`authenticate`, `account`), and for our staff (`staff_account`), whose rows no other process sees.
"""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    CREDENTIAL,
    DEVICE,
    EMAIL,
    EMPLOYMENT,
    ERASURE,
    FAILURES_TERM,
    FREE_TEXT,
    IP_ADDRESS,
    LINK_TERM,
    NAME,
    OWN_DATA,
    PHONE,
    PSEUDONYM,
    SERVICE,
    SIGN_IN,
    SIGN_IN_TERM,
    STAFF_ACCOUNT,
    SUPPORT,
    SUPPORT_SEARCH,
    UNTIL_ACCOUNT_ENDS,
    UNTIL_SESSION_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words
from ippgateway.privacy.zones import PLATFORM

_AT = DateTime(timezone=True)
_LOOKS_UP = {AUTHENTICATE, STAFF_ACCOUNT}
_KEEPS = {ACCOUNT, STAFF_ACCOUNT}
_HELPS = {*_KEEPS, SUPPORT}
_BOTH = {AUTHENTICATE, ACCOUNT, STAFF_ACCOUNT}
_FOUND_BY = ("tenant_id", "id", "person_id", "audience", "status", "username_code")


def _kept(*, update: tuple[str, ...] = (), delete: bool = False) -> tuple[Access, ...]:
    """Whoever runs an account, of whichever kind: adds rows, and changes what is named. Answering people about
    themselves, and erasing them, is the console's work, which never sees our staff."""
    return (
        Access(OWN_DATA, never_of=PLATFORM),
        Access(ERASURE, never_of=PLATFORM),
        Access(ACCOUNT, insert=True, update=update, delete=delete, never_of=PLATFORM),
        Access(STAFF_ACCOUNT, insert=True, update=update, delete=delete, only_of=PLATFORM),
    )


class User(Table):
    """Somebody who signs in: to a company's console, a partner's, the desk, or for themselves. `tenant_id`: whose user
    it is; a member of the public is a tenant of its own (its user id), our staff are the Platform's."""

    __tablename__ = "app_user"
    __table_args__ = (
        UniqueConstraint("audience", "username_code", "tenant_id"),
        CheckConstraint("audience in ('company', 'partner', 'staff', 'public')"),
        CheckConstraint("(audience = 'staff') = (tenant_id = 'platform')"),
        CheckConstraint("status in ('active', 'blocked', 'closed')"),
    )
    __declares__ = Declares(
        about=Words(en="users who sign in", da="brugere, der logger ind"),
        tenant="tenant_id",
        owner="person_id",
        moments={Trigger.ACCOUNT_END: ("closed_at",)},
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(
                AUTHENTICATE,
                only=("tenant_id", "id", "audience", "status", "rights", "policy_id", "username_code", "verified_at",
                      "second_factor", "must_change_password", "language", "theme"),
                across_tenants=True, never_of=PLATFORM,
            ),
            Access(SUPPORT_SEARCH, only=_FOUND_BY, across_tenants=True, never_of=PLATFORM),
            Access(SUPPORT, never_of=PLATFORM),
            *_kept(
                update=("status", "closed_at", "username_code", "email", "name", "phone", "rights", "policy_id",
                        "verified_at", "second_factor", "must_change_password", "language", "theme", "employment")
            ),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    audience: Mapped[str] = plain(String(10))
    status: Mapped[str] = plain(String(10))
    rights: Mapped[list[str]] = plain(ARRAY(String(40)))
    """What the user may do when no policy says so: `ALL`, right ids, or a role of our staff."""
    policy_id: Mapped[str | None] = plain(ID)
    verified_at: Mapped[datetime | None] = plain(_AT)
    """When the user showed that the e-mail address is theirs."""
    second_factor: Mapped[bool] = plain(Boolean(), server_default="false")
    must_change_password: Mapped[bool] = plain(Boolean())
    language: Mapped[str] = plain(String(2), server_default="en")
    theme: Mapped[str] = plain(String(5), server_default="auto")
    created_at: Mapped[datetime] = plain(_AT)
    closed_at: Mapped[datetime | None] = plain(_AT)
    terms_over: Mapped[list[str]] = terms_over()
    username_code: Mapped[bytes | None] = personal(PSEUDONYM, uses={*_BOTH, SUPPORT_SEARCH}, keep=UNTIL_ACCOUNT_ENDS)
    email: Mapped[bytes] = personal(EMAIL, uses=_HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    name: Mapped[bytes | None] = personal(NAME, uses=_HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    phone: Mapped[bytes | None] = personal(PHONE, uses=_HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    employment: Mapped[bytes | None] = personal(EMPLOYMENT, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    """Of our staff, as JSON: `employer`, and `country` as ISO 3166's two letters (DISC-1)."""


class AccessPolicy(Table):
    """A named set of rights that a company or partner gives to its users (wire contract 7.4)."""

    __tablename__ = "access_policy"
    __declares__ = Declares(
        about=Words(en="access policies of customers and partners", da="kunders og partneres adgangspolitikker"),
        tenant="tenant_id",
        held_as=HeldAs.CONTROLLER,
        access=(Access(AUTHENTICATE, only=("tenant_id", "id", "rights"), across_tenants=True),
                Access(ACCOUNT, insert=True, update=("name", "rights"), delete=True)),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    name: Mapped[str] = plain(String(60))
    """What a role is called, not who has it."""
    rights: Mapped[list[str]] = plain(ARRAY(String(40)))
    created_at: Mapped[datetime] = plain(_AT)


class Credential(Table):
    """What proves a user: a password, or an application password made under a second factor."""

    __tablename__ = "credential"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("kind in ('password', 'application')"),
        Index("uq_credential_password", "tenant_id", "user_id", unique=True, postgresql_where="kind = 'password'"),
    )
    __declares__ = Declares(
        about=Words(en="passwords, hashed", da="adgangskoder, hashede"),
        tenant="tenant_id",
        owner="user_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, across_tenants=True, never_of=PLATFORM),
            *_kept(update=("hash", "used_at"), delete=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(12))
    moves_money: Mapped[bool] = plain(Boolean())
    created_at: Mapped[datetime] = plain(_AT)
    used_at: Mapped[datetime | None] = plain(_AT)
    label: Mapped[bytes | None] = personal(FREE_TEXT, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    hash: Mapped[str] = personal(CREDENTIAL, String(200), uses=_LOOKS_UP, keep=UNTIL_ACCOUNT_ENDS)


class Factor(Table):
    """A second factor: an authenticator app (`totp`) or a passkey. One that was never confirmed proves nothing."""

    __tablename__ = "second_factor"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("kind in ('totp', 'passkey')"),
    )
    __declares__ = Declares(
        about=Words(en="second factors", da="ekstra sikring af login"),
        tenant="tenant_id",
        owner="user_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=_kept(update=("confirmed_at", "used_at", "last_step", "sign_count", "label"), delete=True),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(8))
    created_at: Mapped[datetime] = plain(_AT)
    confirmed_at: Mapped[datetime | None] = plain(_AT)
    used_at: Mapped[datetime | None] = plain(_AT)
    last_step: Mapped[int] = plain(BigInteger(), server_default="0")
    """The newest step of 30 s whose code was taken: no code counts twice (RFC 6238, 5.2)."""
    sign_count: Mapped[int] = plain(BigInteger(), server_default="0")
    label: Mapped[bytes | None] = personal(FREE_TEXT, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    secret: Mapped[bytes | None] = personal(CREDENTIAL, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    """The app's secret in base32, or the passkey's public key in base64url."""
    credential_id: Mapped[bytes | None] = personal(CREDENTIAL, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS)


class RecoveryCode(Table):
    """A code for whoever lost the second factor, good once. 120 random bits, so a digest is enough (ASVS 6.5.2)."""

    __tablename__ = "recovery_code"
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),)
    __declares__ = Declares(
        about=Words(en="recovery codes, hashed", da="genoprettelseskoder, hashede"),
        tenant="tenant_id",
        owner="user_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=_kept(update=("used_at",), delete=True),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(_AT)
    used_at: Mapped[datetime | None] = plain(_AT)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS)


class SignInSession(Table):
    """A sign-in. The bearer secret is not stored, only its digest. `stage`: `factor` while the second factor is
    awaited, which opens nothing else; `wire`: a session of the wire contract, which no browser page takes."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("stage in ('open', 'factor')"),
        Index("ix_sign_in_session_user", "tenant_id", "user_id"),
        Index("ix_sign_in_session_digest", "digest"),
    )
    __declares__ = Declares(
        about=Words(en="sign-ins", da="logins"),
        tenant="tenant_id",
        owner="user_id",
        lapses=True,
        moments={Trigger.SESSION_END: ("ended_at", "seen_at")},
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, insert=True, update=("seen_at",), across_tenants=True, never_of=PLATFORM),
            *_kept(
                update=("seen_at", "ended_at", "stage", "strong_at", "moves_money", "digest", "inside_id", "audience"),
                delete=True,
            ),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    audience: Mapped[str] = plain(String(10))
    wire: Mapped[bool] = plain(Boolean(), server_default="true")
    stage: Mapped[str] = plain(String(6), server_default="open")
    moves_money: Mapped[bool] = plain(Boolean())
    strong_at: Mapped[datetime | None] = plain(_AT)
    """When the second factor was last proven in it."""
    inside_id: Mapped[str | None] = plain(ID)
    """The customer in whose account the partner's user is a guest (wire contract 9.4); `audience` is then the
    customer's."""
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=_BOTH, keep=UNTIL_SESSION_ENDS)
    created_at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_BOTH, keep=UNTIL_SESSION_ENDS)
    seen_at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_BOTH, keep=UNTIL_SESSION_ENDS)
    ended_at: Mapped[datetime | None] = personal(SIGN_IN, _AT, uses=_BOTH, keep=UNTIL_SESSION_ENDS)
    browser: Mapped[str | None] = personal(DEVICE, String(40), uses=_BOTH, keep=UNTIL_SESSION_ENDS)
    system: Mapped[str | None] = personal(DEVICE, String(40), uses=_BOTH, keep=UNTIL_SESSION_ENDS)


class KnownDevice(Table):
    """A browser that somebody signed in with before. The cookie's secret is not stored, only its digest."""

    __tablename__ = "known_device"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        Index("ix_known_device_digest", "digest"),
    )
    __declares__ = Declares(
        about=Words(en="browsers that somebody signed in with", da="browsere, som nogen har logget ind med"),
        tenant="tenant_id",
        owner="user_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, across_tenants=True, never_of=PLATFORM),
            *_kept(update=("seen_at",), delete=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=_BOTH, keep=UNTIL_ACCOUNT_ENDS)
    created_at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS)
    seen_at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_KEEPS, keep=UNTIL_ACCOUNT_ENDS)


class SignInEvent(Table):
    """Something that happened at somebody's door, for them to see. `what`: a value of `schemas.Happened`."""

    __tablename__ = "sign_in_event"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        Index("ix_sign_in_event_user", "tenant_id", "user_id", "id"),
        Index("ix_sign_in_event_age", "created_at"),
    )
    __declares__ = Declares(
        about=Words(en="what happened at sign-in", da="hvad der er sket ved login"),
        tenant="tenant_id",
        owner="user_id",
        held_as=HeldAs.CONTROLLER,
        goes=True,
        access=(
            # A wrong password is written down by the statement that looks the name up, so that it takes as long for
            # a name that nobody has.
            Access(AUTHENTICATE, insert=True, only=(), across_tenants=True, never_of=PLATFORM),
            Access(SUPPORT, never_of=PLATFORM),
            *_kept(),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    what: Mapped[str] = plain(String(30))
    created_at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_HELPS, keep=SIGN_IN_TERM)
    browser: Mapped[str | None] = personal(DEVICE, String(40), uses=_HELPS, keep=SIGN_IN_TERM)
    system: Mapped[str | None] = personal(DEVICE, String(40), uses=_HELPS, keep=SIGN_IN_TERM)
    address: Mapped[bytes | None] = personal(IP_ADDRESS, uses=_KEEPS, keep=SIGN_IN_TERM, sealed=SERVICE)


class Ticket(Table):
    """A secret that was mailed or handed to a browser, good once and for a while: a link to a new password, the proof
    of an address, the challenge of a passkey. Only its digest is stored."""

    __tablename__ = "ticket"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("kind in ('reset', 'verify', 'invite', 'new_email', 'passkey')"),
        Index("ix_ticket_digest", "digest"),
    )
    __declares__ = Declares(
        about=Words(en="links that were mailed, hashed", da="links, der er sendt, hashede"),
        tenant="tenant_id",
        owner="user_id",
        since="ends_at",
        held_as=HeldAs.CONTROLLER,
        goes=True,
        access=(
            Access(AUTHENTICATE, only=("tenant_id", "id", "user_id", "kind", "digest", "ends_at", "used_at"),
                   across_tenants=True, never_of=PLATFORM),
            *_kept(update=("used_at", "told"), delete=True),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    kind: Mapped[str] = plain(String(10))
    created_at: Mapped[datetime] = plain(_AT)
    ends_at: Mapped[datetime] = plain(_AT)
    used_at: Mapped[datetime | None] = plain(_AT)
    told: Mapped[bytes | None] = personal(EMAIL, uses=_KEEPS, keep=LINK_TERM, sealed=SERVICE)
    """The new address, of `new_email`."""
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=_BOTH, keep=LINK_TERM)


class SignInFailure(Table):
    """A failed attempt on a user name, which may be nobody's. Name and place (a known browser's cookie, else the
    network) are keyed codes, so that guessers elsewhere don't lock an owner out."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_code", "username_code", "at"),
        Index("ix_sign_in_failure_place", "place_code", "at"),
    )
    __declares__ = Declares(
        about=Words(en="failed sign-ins", da="mislykkede logins"),
        tenant=None,
        owner="username_code",
        since="at",
        held_as=HeldAs.CONTROLLER,
        access=tuple(
            Access(purpose, insert=True, delete=True, across_tenants=True) for purpose in (AUTHENTICATE, STAFF_ACCOUNT)
        ),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    what: Mapped[str] = plain(String(10), server_default="password")
    """What was tried: `password`, `factor`, `reset`, `sign_up`; `data_link` asks for a link without an account, and
    `open_link` opens it."""
    tries: Mapped[int] = plain(Integer(), server_default="1")
    username_code: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses=_LOOKS_UP, keep=FAILURES_TERM)
    place_code: Mapped[bytes] = personal(
        PSEUDONYM, LargeBinary(), uses=_LOOKS_UP, keep=FAILURES_TERM, server_default="\\x"
    )
    at: Mapped[datetime] = personal(SIGN_IN, _AT, uses=_LOOKS_UP, keep=FAILURES_TERM)
