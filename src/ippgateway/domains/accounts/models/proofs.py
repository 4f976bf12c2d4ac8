"""What proves a user: passwords, second factors, recovery codes, and secrets that were mailed."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.domains.accounts.models.access import AT, BOTH, KEEPS, LOOKS_UP, kept
from ippgateway.privacy.catalogue import (
    AUTHENTICATE,
    CREDENTIAL,
    EMAIL,
    FREE_TEXT,
    LINK_TERM,
    SERVICE,
    UNTIL_ACCOUNT_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words
from ippgateway.privacy.zones import PLATFORM


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
            *kept(update=("hash", "used_at"), delete=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(12))
    moves_money: Mapped[bool] = plain(Boolean())
    created_at: Mapped[datetime] = plain(AT)
    used_at: Mapped[datetime | None] = plain(AT)
    label: Mapped[bytes | None] = personal(FREE_TEXT, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    hash: Mapped[str] = personal(CREDENTIAL, String(200), uses=LOOKS_UP, keep=UNTIL_ACCOUNT_ENDS)


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
        access=kept(update=("confirmed_at", "used_at", "last_step", "sign_count", "label"), delete=True),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(8))
    created_at: Mapped[datetime] = plain(AT)
    confirmed_at: Mapped[datetime | None] = plain(AT)
    used_at: Mapped[datetime | None] = plain(AT)
    last_step: Mapped[int] = plain(BigInteger(), server_default="0")
    """The newest step of 30 s whose code was taken: no code counts twice (RFC 6238, 5.2)."""
    sign_count: Mapped[int] = plain(BigInteger(), server_default="0")
    label: Mapped[bytes | None] = personal(FREE_TEXT, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    secret: Mapped[bytes | None] = personal(CREDENTIAL, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    """The app's secret in base32, or the passkey's public key in base64url."""
    credential_id: Mapped[bytes | None] = personal(CREDENTIAL, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS)


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
        access=kept(update=("used_at",), delete=True),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(AT)
    used_at: Mapped[datetime | None] = plain(AT)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS)


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
            *kept(update=("used_at", "told"), delete=True),
        ),
    )  # fmt: skip
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    kind: Mapped[str] = plain(String(10))
    created_at: Mapped[datetime] = plain(AT)
    ends_at: Mapped[datetime] = plain(AT)
    used_at: Mapped[datetime | None] = plain(AT)
    told: Mapped[bytes | None] = personal(EMAIL, uses=KEEPS, keep=LINK_TERM, sealed=SERVICE)
    """The new address, of `new_email`."""
    digest: Mapped[bytes] = personal(CREDENTIAL, uses=BOTH, keep=LINK_TERM)
