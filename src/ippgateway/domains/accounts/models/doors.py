"""What happens at somebody's door: sessions, browsers that are known, what they are shown, and what failed."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKeyConstraint, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from ippgateway.domains.accounts.models.access import AT, BOTH, HELPS, KEEPS, LOOKS_UP, kept
from ippgateway.privacy.catalogue import (
    AUTHENTICATE,
    CREDENTIAL,
    DEVICE,
    FAILURES_TERM,
    IP_ADDRESS,
    PSEUDONYM,
    SERVICE,
    SIGN_IN,
    SIGN_IN_TERM,
    STAFF_ACCOUNT,
    SUPPORT,
    UNTIL_ACCOUNT_ENDS,
    UNTIL_SESSION_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words
from ippgateway.privacy.zones import PLATFORM


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
            *kept(
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
    strong_at: Mapped[datetime | None] = plain(AT)
    """When the second factor was last proven in it."""
    inside_id: Mapped[str | None] = plain(ID)
    """The customer in whose account the partner's user is a guest (wire contract 9.4); `audience` is then the
    customer's."""
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=BOTH, keep=UNTIL_SESSION_ENDS)
    created_at: Mapped[datetime] = personal(SIGN_IN, AT, uses=BOTH, keep=UNTIL_SESSION_ENDS)
    seen_at: Mapped[datetime] = personal(SIGN_IN, AT, uses=BOTH, keep=UNTIL_SESSION_ENDS)
    ended_at: Mapped[datetime | None] = personal(SIGN_IN, AT, uses=BOTH, keep=UNTIL_SESSION_ENDS)
    browser: Mapped[str | None] = personal(DEVICE, String(40), uses=BOTH, keep=UNTIL_SESSION_ENDS)
    system: Mapped[str | None] = personal(DEVICE, String(40), uses=BOTH, keep=UNTIL_SESSION_ENDS)


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
            *kept(update=("seen_at",), delete=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=BOTH, keep=UNTIL_ACCOUNT_ENDS)
    created_at: Mapped[datetime] = personal(SIGN_IN, AT, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS)
    seen_at: Mapped[datetime] = personal(SIGN_IN, AT, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS)


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
            *kept(),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    what: Mapped[str] = plain(String(30))
    created_at: Mapped[datetime] = personal(SIGN_IN, AT, uses=HELPS, keep=SIGN_IN_TERM)
    browser: Mapped[str | None] = personal(DEVICE, String(40), uses=HELPS, keep=SIGN_IN_TERM)
    system: Mapped[str | None] = personal(DEVICE, String(40), uses=HELPS, keep=SIGN_IN_TERM)
    address: Mapped[bytes | None] = personal(IP_ADDRESS, uses=KEEPS, keep=SIGN_IN_TERM, sealed=SERVICE)


class SignInFailure(Table):
    """A failed attempt on a user name, which may be nobody's. Name and place (a known browser's cookie, else the
    network) are keyed codes, so that guessers elsewhere don't lock an owner out."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_code", "username_code", "at"),
        Index("ix_sign_in_failure_place", "place_code", "at"),
        Index("ix_sign_in_failure_age", "at"),
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
    username_code: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses=LOOKS_UP, keep=FAILURES_TERM)
    place_code: Mapped[bytes] = personal(
        PSEUDONYM, LargeBinary(), uses=LOOKS_UP, keep=FAILURES_TERM, server_default="\\x"
    )
    at: Mapped[datetime] = personal(SIGN_IN, AT, uses=LOOKS_UP, keep=FAILURES_TERM)
