"""Users, their credentials, sessions and failed attempts."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    CREDENTIAL,
    EMAIL,
    EMPLOYMENT,
    FAILURES_TERM,
    NAME,
    PHONE,
    PSEUDONYM,
    SERVICE,
    SIGN_IN,
    UNTIL_ACCOUNT_ENDS,
    UNTIL_SESSION_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class User(Table):
    """Somebody who signs in: to a company's console, a partner's, or the desk. `tenant_id`: whose user it is."""

    __tablename__ = "app_user"
    __table_args__ = (
        UniqueConstraint("audience", "username_code", "tenant_id"),
        CheckConstraint("audience in ('company', 'partner', 'staff')"),
        CheckConstraint("status in ('active', 'blocked', 'closed')"),
    )
    __declares__ = Declares(
        about=Words(en="users who sign in", da="brugere, der logger ind"),
        tenant="tenant_id",
        owner="person_id",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, only=("tenant_id", "id", "audience", "status", "username_code"), across_tenants=True),
            Access(ACCOUNT, insert=True, update=("status", "email", "name", "phone", "rights", "must_change_password")),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    audience: Mapped[str] = plain(String(10))
    status: Mapped[str] = plain(String(10))
    rights: Mapped[list[str]] = plain(ARRAY(String(40)))
    must_change_password: Mapped[bool] = plain(Boolean())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    username_code: Mapped[bytes] = personal(PSEUDONYM, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)
    email: Mapped[bytes] = personal(EMAIL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    name: Mapped[bytes | None] = personal(NAME, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    phone: Mapped[bytes | None] = personal(PHONE, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    employment: Mapped[bytes | None] = personal(EMPLOYMENT, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)


class Credential(Table):
    """What proves a user: a password, or an application password made under a second factor."""

    __tablename__ = "credential"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("kind in ('password', 'application')"),
    )
    __declares__ = Declares(
        about=Words(en="passwords, hashed", da="adgangskoder, hashede"),
        tenant="tenant_id",
        owner="user_id",
        held_as=HeldAs.CONTROLLER,
        access=(Access(AUTHENTICATE, across_tenants=True), Access(ACCOUNT, insert=True, delete=True)),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(12))
    moves_money: Mapped[bool] = plain(Boolean())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    hash: Mapped[str] = personal(CREDENTIAL, String(200), uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)


class SignInSession(Table):
    """A live sign-in. The bearer secret is not stored, only its digest."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        Index("ix_sign_in_session_user", "user_id", "digest"),
    )
    __declares__ = Declares(
        about=Words(en="sign-ins", da="logins"),
        tenant="tenant_id",
        owner="user_id",
        held_as=HeldAs.CONTROLLER,
        access=(Access(AUTHENTICATE, insert=True, update=("seen_at",), across_tenants=True),),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    audience: Mapped[str] = plain(String(10))
    moves_money: Mapped[bool] = plain(Boolean())
    digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_SESSION_ENDS)
    created_at: Mapped[datetime] = personal(
        SIGN_IN, DateTime(timezone=True), uses={AUTHENTICATE}, keep=UNTIL_SESSION_ENDS
    )
    seen_at: Mapped[datetime] = personal(SIGN_IN, DateTime(timezone=True), uses={AUTHENTICATE}, keep=UNTIL_SESSION_ENDS)


class SignInFailure(Table):
    """A failed attempt on a user name, which may be nobody's; the name is a keyed code."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_code", "username_code", "at"),)
    __declares__ = Declares(
        about=Words(en="failed sign-ins", da="mislykkede logins"),
        tenant=None,
        owner="username_code",
        held_as=HeldAs.CONTROLLER,
        access=(Access(AUTHENTICATE, insert=True, delete=True, across_tenants=True),),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    username_code: Mapped[bytes] = personal(PSEUDONYM, LargeBinary(), uses={AUTHENTICATE}, keep=FAILURES_TERM)
    at: Mapped[datetime] = personal(SIGN_IN, DateTime(timezone=True), uses={AUTHENTICATE}, keep=FAILURES_TERM)
