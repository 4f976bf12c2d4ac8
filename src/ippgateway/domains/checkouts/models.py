"""Payers and the checkouts made for them. Whatever a shop sends as text may name somebody, so all of it is sealed."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCESS_RECORDING,
    AUTHENTICATE,
    CHECKOUT_TERM,
    CREDENTIAL,
    EMAIL,
    FREE_TEXT,
    NAME,
    OWN_DATA,
    PAYER_TERM,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    PSEUDONYM,
    PURCHASE,
    SERVICE,
    SHOP,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words


class Payer(Table):
    """Somebody who pays one shop. The same e-mail address at the same shop is the same payer (wire contract R-45),
    until their keys are restricted: whoever buys again then is another payer of the same address."""

    __tablename__ = "payer"
    __table_args__ = (
        ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        Index(
            "ix_payer_due", text("coalesce(used_at, created_at)"),
            postgresql_where=text("not ('payer' = any (terms_over))"),
        ),
        Index(
            "uq_payer_email", "company_id", "email_code", "earlier", unique=True,
            postgresql_where=text("email_code is not null"),
        ),
    )  # fmt: skip
    __declares__ = Declares(
        about=Words(en="payers", da="betalere"),
        tenant="company_id",
        owner="person_id",
        moments={Trigger.LAST_ACTIVITY: ("used_at", "created_at")},
        held_as=HeldAs.PROCESSOR,
        access=(Access(PAYMENT, insert=True), Access(PAYMENT_RECORDS),
                Access(OWN_DATA, update=("email_code", "earlier", "email", "name"))),
    )  # fmt: skip
    company_id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID, primary_key=True)
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """The newest purchase that retention knows of: it looks for a newer one when the term of this is over."""
    earlier: Mapped[int] = plain(Integer(), server_default="0")
    """How many payers of the same address the shop knew before: two checkouts at once never make the same one twice."""
    email_code: Mapped[bytes | None] = personal(PSEUDONYM, LargeBinary(), uses={PAYMENT}, keep=PAYER_TERM)
    email: Mapped[bytes | None] = personal(EMAIL, uses={PAYMENT}, keep=PAYER_TERM, sealed=SERVICE, to={SHOP})
    name: Mapped[bytes | None] = personal(NAME, uses={PAYMENT}, keep=PAYER_TERM, sealed=SERVICE, to={SHOP})
    terms_over: Mapped[list[str]] = terms_over()


class Checkout(Table):
    """What a shop asks one payer to pay. Its bearer secrets are stored as digests."""

    __tablename__ = "checkout"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "person_id"], ["ipp.payer.company_id", "ipp.payer.person_id"]),
        CheckConstraint("amount_hundredths > 0 and amount_hundredths <= 999999999999"),
        CheckConstraint("transaction_type in ('ECOM', 'MOTO', 'alternative')"),
        Index("ix_checkout_due", "created_at", postgresql_where=text("not ('checkout' = any (terms_over))")),
        Index("ix_checkout_id", "id"),
        Index("ix_checkout_time", "company_id", "created_at"),
        Index("ix_checkout_person", "company_id", "person_id"),
    )
    __declares__ = Declares(
        about=Words(en="checkouts", da="betalingsanmodninger"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(
                AUTHENTICATE,
                only=(
                    "company_id",
                    "id",
                    "person_id",
                    "expires_at",
                    "authenticated",
                    "digest",
                    "cryptogram_digest",
                ),
                across_tenants=True,
            ),
            Access(
                PAYMENT,
                insert=True,
                update=(
                    "authenticated",
                    "declines",
                    "authentications",
                    "policy_version",
                    "agreed_at",
                ),
            ),
            Access(PAYMENT_RECORDS),
            Access(PAYMENT_RECOVERY, update=("declines",)),
            Access(ACCESS_RECORDING, only=("company_id", "id", "person_id")),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    amount_text: Mapped[str] = plain(String(16))
    amount_hundredths: Mapped[int] = plain(BigInteger())
    currency: Mapped[str] = plain(String(3))
    transaction_type: Mapped[str] = plain(String(11))
    test: Mapped[bool] = plain(Boolean())
    store_card: Mapped[bool] = plain(Boolean())
    authenticated: Mapped[bool] = plain(Boolean())
    declines: Mapped[int] = plain(BigInteger())
    authentications: Mapped[int] = plain(BigInteger(), server_default="0")
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    expires_at: Mapped[datetime] = plain(DateTime(timezone=True))
    policy_version: Mapped[str | None] = plain(String(24))
    """The version of the policy that the payer agreed to (PLACE-1); none when the shop did not show ours."""
    agreed_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    digest: Mapped[bytes] = personal(CREDENTIAL, LargeBinary(), uses={AUTHENTICATE}, keep=CHECKOUT_TERM)
    cryptogram_digest: Mapped[bytes] = personal(CREDENTIAL, LargeBinary(), uses={AUTHENTICATE}, keep=CHECKOUT_TERM)
    order_id: Mapped[bytes | None] = personal(
        PURCHASE, uses={PAYMENT, PAYMENT_RECORDS}, keep=CHECKOUT_TERM, sealed=SERVICE, to={SHOP}
    )
    notify_url: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={PAYMENT, PAYMENT_RECOVERY}, keep=CHECKOUT_TERM, sealed=SERVICE, to={SHOP}
    )
    accept_url: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={PAYMENT}, keep=CHECKOUT_TERM, sealed=SERVICE, to={SHOP}
    )
    extra: Mapped[bytes | None] = personal(FREE_TEXT, uses={PAYMENT}, keep=CHECKOUT_TERM, sealed=SERVICE)
    """Origin, theme, method and whatever else the shop told, as JSON."""
