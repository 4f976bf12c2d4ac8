"""Customers (merchant companies), their keys, settings and acquirer contracts."""

from datetime import datetime

from sqlalchemy import ARRAY, Boolean, CheckConstraint, DateTime, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCESS_RECORDING,
    ACCOUNT,
    AUTHENTICATE,
    CONTACT,
    CONTRACT_TERM,
    CREDENTIAL,
    PAYMENT,
    PAYMENT_RECOVERY,
    SERVICE,
    SUPPORT,
    SUPPORT_SEARCH,
    UNTIL_ACCOUNT_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words


class Company(Table):
    """A customer. `person_id` is the key holder of its texts and secrets; a sole trader's company is a person."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("status in ('active', 'blocked', 'closed')"),
        CheckConstraint("authorise_as in ('AUTH', 'SALE')"),
        Index("ix_company_partner", "partner_id", "id"),
    )
    __declares__ = Declares(
        about=Words(en="customers (shops)", da="kunder (butikker)"),
        tenant="id",
        owner="person_id",
        moments={Trigger.ACCOUNT_END: ("closed_at",), Trigger.CONTRACT_END: ("closed_at",)},
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(
                AUTHENTICATE, only=("id", "partner_id", "status", "key1_digest", "key2_digest"), across_tenants=True
            ),
            Access(
                ACCOUNT,
                insert=True,
                update=(
                    "name",
                    "meta",
                    "payers_contact",
                    "key1",
                    "key2",
                    "key1_digest",
                    "key2_digest",
                    "status",
                    "closed_at",
                    "switched_off",
                    "widget",
                ),
            ),
            Access(PAYMENT),
            Access(PAYMENT_RECOVERY),
            Access(ACCESS_RECORDING, only=("id", "person_id")),
            Access(SUPPORT_SEARCH, only=("id", "person_id", "status", "live"), across_tenants=True),
            Access(SUPPORT),
        ),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    partner_id: Mapped[str] = plain(ID)
    """Who brought it in; `platform`: nobody."""
    person_id: Mapped[str] = linking(ID)
    status: Mapped[str] = plain(String(10))
    live: Mapped[bool] = plain(Boolean())
    authorise_as: Mapped[str] = plain(String(4))
    channels: Mapped[list[str]] = plain(ARRAY(String(10)))
    switched_off: Mapped[list[str]] = plain(ARRAY(String(10)), server_default="{}")
    """Of CAPTURE, REFUND, VOID: those the partner has switched off."""
    widget: Mapped[bool] = plain(Boolean(), server_default="false")
    """Whether card fields may stand in the shop's own page, which makes its part of PCI DSS larger."""
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    name: Mapped[bytes] = personal(
        CONTACT, uses={ACCOUNT, PAYMENT, PAYMENT_RECOVERY, SUPPORT}, keep=CONTRACT_TERM, sealed=SERVICE
    )
    meta: Mapped[bytes | None] = personal(CONTACT, uses={ACCOUNT, SUPPORT}, keep=CONTRACT_TERM, sealed=SERVICE)
    payers_contact: Mapped[bytes | None] = personal(
        CONTACT, uses={ACCOUNT, PAYMENT}, keep=CONTRACT_TERM, sealed=SERVICE
    )
    """Where payers reach the shop about their data (GDPR Article 14(1)(a))."""
    key1: Mapped[bytes] = personal(CREDENTIAL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    key2: Mapped[bytes] = personal(CREDENTIAL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    key1_digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)
    key2_digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)


class CompanyAcquirer(Table):
    """A company's contract with an acquirer."""

    __tablename__ = "company_acquirer"
    __table_args__ = (ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),)
    __declares__ = Declares(
        about=Words(en="acquirer contracts of customers", da="kunders aftaler med indløsere"),
        tenant="company_id",
        owner="person_id",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(ACCOUNT, insert=True, update=("settings",)),
            Access(PAYMENT),
            Access(PAYMENT_RECOVERY),
            Access(SUPPORT_SEARCH, only=("company_id", "merchant_number"), across_tenants=True),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    acquirer_id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    merchant_number: Mapped[str] = plain(String(15))
    mcc: Mapped[str] = plain(String(4))
    terms_over: Mapped[list[str]] = terms_over()
    settings: Mapped[bytes | None] = personal(CONTACT, uses={ACCOUNT}, keep=CONTRACT_TERM, sealed=SERVICE)


class CompanyKey(Table):
    """A further key of a company, for one scope: one that was replaced and still works for a while, so that a shop can
    change over, or one of its own for one program. Only a keyed code is stored."""

    __tablename__ = "company_key"
    __table_args__ = (
        ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        CheckConstraint("scope in ('data', 'payment', 'read')"),
    )
    __declares__ = Declares(
        about=Words(en="further keys of customers, as codes", da="kunders øvrige nøgler, som koder"),
        tenant="company_id",
        owner="person_id",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, only=("company_id", "id", "scope", "digest", "ends_at"), across_tenants=True),
            Access(ACCOUNT, insert=True, update=("ends_at",), delete=True),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    scope: Mapped[str] = plain(String(8))
    """`data` and `payment` as the contract's K1 and K2; `read`: K1's reading calls alone."""
    replaced: Mapped[bool] = plain(Boolean())
    """Whether it is a former key that is still good for a while."""
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ends_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    label: Mapped[bytes | None] = personal(CONTACT, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)


class PartnerGrant(Table):
    """A customer's leave for its partner to come into its account: explicit, on record, withdrawn at once."""

    __tablename__ = "partner_grant"
    __table_args__ = (
        ForeignKeyConstraint(["company_id"], ["ipp.company.id"]),
        Index(
            "uq_partner_grant_open", "company_id", "partner_id", unique=True, postgresql_where="withdrawn_at is null"
        ),
    )
    __declares__ = Declares(
        about=Words(
            en="customers' leave for their partner to come in", da="kunders tilladelse til, at partneren går ind"
        ),
        tenant="company_id",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(AUTHENTICATE, only=("company_id", "partner_id", "ends_at", "withdrawn_at"), across_tenants=True),
            Access(ACCOUNT, insert=True, update=("withdrawn_at", "withdrawn_by")),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    partner_id: Mapped[str] = plain(ID)
    given_by: Mapped[str] = plain(ID)
    """The user's id, or the company's when it was done with its key."""
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ends_at: Mapped[datetime] = plain(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = plain(ID)
