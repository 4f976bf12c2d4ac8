"""What somebody agreed to, and what exactly was shown to them. Lines are added and never changed: no purpose may, and a
trigger of the database refuses whoever else tries (`app/database/migrations/functions.py`)."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AGREEMENT,
    CONSENT,
    CONSENT_TERM,
    CREDENTIAL,
    NEWS,
    PSEUDONYM,
    UNTIL_ACCOUNT_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words
from ippgateway.privacy.zones import PLATFORM

_AT = DateTime(timezone=True)
_STANDS = {CONSENT, NEWS}


class ConsentText(Table):
    """What was shown, word by word, kept once however many saw it."""

    __tablename__ = "consent_text"
    __declares__ = Declares(
        about=Words(en="what people were shown when they were asked", da="det, folk så, da de blev spurgt"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(Access(CONSENT, insert=True),),
    )
    digest: Mapped[bytes] = plain(LargeBinary(), primary_key=True)
    """SHA-256 of version, language and text."""
    version: Mapped[str] = plain(String(24))
    """Of the policy that was in force."""
    language: Mapped[str] = plain(String(2))
    text: Mapped[str] = plain(Text())
    created_at: Mapped[datetime] = plain(_AT)


class Consent(Table):
    """One yes or one no. Which of them counts is the last one's to say (`states.standing`).

    `person_id`: of a user, theirs; of whoever gave an e-mail address or is a browser alone, an id made for that, which
    is then the tenant as well. `who_code`: a keyed code of the address or the browser's secret, by which the proof is
    found. `link_digest`: of the address's end by which it is withdrawn without signing in (RFC 8058).
    """

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("said in ('given', 'withdrawn', 'objected')"),
        CheckConstraint("said <> 'given' or text_digest is not null"),
        Index("ix_consent_person", "tenant_id", "person_id", "created_at"),
        Index("ix_consent_link", "link_digest"),
        Index("ix_consent_age", "created_at"),
        Index("ix_consent_who", "who_code"),
    )
    __declares__ = Declares(
        about=Words(en="what somebody said yes or no to", da="det, nogen har sagt ja eller nej til"),
        tenant="tenant_id",
        owner="person_id",
        goes=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(CONSENT, insert=True, across_tenants=True, never_of=PLATFORM),
            Access(
                NEWS, only=("tenant_id", "person_id", "created_at", "said", "purpose", "channel"), never_of=PLATFORM
            ),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    created_at: Mapped[datetime] = plain(_AT)
    text_digest: Mapped[bytes | None] = plain(LargeBinary(), nullable=True)
    """What was shown, of a yes."""
    said: Mapped[str] = personal(AGREEMENT, String(9), uses=_STANDS, keep=CONSENT_TERM)
    purpose: Mapped[str] = personal(AGREEMENT, String(30), uses=_STANDS, keep=CONSENT_TERM)
    channel: Mapped[str] = personal(AGREEMENT, String(10), uses=_STANDS, keep=CONSENT_TERM)
    how: Mapped[str] = personal(AGREEMENT, String(20), uses={CONSENT}, keep=CONSENT_TERM)
    who_code: Mapped[bytes] = personal(PSEUDONYM, uses={CONSENT}, keep=CONSENT_TERM)
    link_digest: Mapped[bytes] = personal(CREDENTIAL, uses={CONSENT}, keep=CONSENT_TERM)


class Acceptance(Table):
    """A user was told of a version of the terms, or accepted it for whoever they sign in for (LAW-1, CHANGE-1)."""

    __tablename__ = "acceptance"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["ipp.app_user.tenant_id", "ipp.app_user.id"]),
        CheckConstraint("what in ('told', 'accepted')"),
        UniqueConstraint("tenant_id", "user_id", "paper", "version", "what"),
    )
    __declares__ = Declares(
        about=Words(
            en="terms that users were told of or accepted", da="vilkår, brugere har fået besked om eller godtaget"
        ),
        tenant="tenant_id",
        owner="user_id",
        goes=True,
        held_as=HeldAs.CONTROLLER,
        access=(Access(ACCOUNT, insert=True, never_of=PLATFORM),),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    user_id: Mapped[str] = linking(ID)
    created_at: Mapped[datetime] = plain(_AT)
    paper: Mapped[str] = plain(String(10))
    what: Mapped[str] = personal(AGREEMENT, String(8), uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS)
    version: Mapped[str] = personal(AGREEMENT, String(24), uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS)
    language: Mapped[str] = plain(String(2))
    how: Mapped[str] = plain(String(20))
