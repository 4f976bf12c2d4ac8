"""Who signs in, and the rights that a tenant gives to its users."""

from datetime import datetime

from sqlalchemy import ARRAY, Boolean, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from ippgateway.domains.accounts.models.access import AT, BOTH, HELPS, KEEPS, kept
from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    EMAIL,
    EMPLOYMENT,
    NAME,
    PHONE,
    PSEUDONYM,
    SERVICE,
    SUPPORT,
    SUPPORT_SEARCH,
    UNTIL_ACCOUNT_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words
from ippgateway.privacy.zones import PLATFORM

_FOUND_BY = ("tenant_id", "id", "person_id", "audience", "status", "username_code")


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
            *kept(
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
    verified_at: Mapped[datetime | None] = plain(AT)
    """When the user showed that the e-mail address is theirs."""
    second_factor: Mapped[bool] = plain(Boolean(), server_default="false")
    must_change_password: Mapped[bool] = plain(Boolean())
    language: Mapped[str] = plain(String(2), server_default="en")
    theme: Mapped[str] = plain(String(5), server_default="auto")
    created_at: Mapped[datetime] = plain(AT)
    closed_at: Mapped[datetime | None] = plain(AT)
    terms_over: Mapped[list[str]] = terms_over()
    username_code: Mapped[bytes | None] = personal(PSEUDONYM, uses={*BOTH, SUPPORT_SEARCH}, keep=UNTIL_ACCOUNT_ENDS)
    email: Mapped[bytes] = personal(EMAIL, uses=HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    name: Mapped[bytes | None] = personal(NAME, uses=HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    phone: Mapped[bytes | None] = personal(PHONE, uses=HELPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    employment: Mapped[bytes | None] = personal(EMPLOYMENT, uses=KEEPS, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
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
    created_at: Mapped[datetime] = plain(AT)
