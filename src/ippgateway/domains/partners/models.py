"""Partners and their keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    CONTACT,
    CREDENTIAL,
    SERVICE,
    SUPPORT,
    SUPPORT_SEARCH,
    UNTIL_ACCOUNT_ENDS,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain, terms_over
from ippgateway.privacy.vocabulary import HeldAs, Trigger, Words


class Partner(Table):
    """A company that brings in customers; its texts are sealed, for a sole trader's name is a person's name."""

    __tablename__ = "partner"
    __table_args__ = (CheckConstraint("kind in ('partner', 'reseller')"),)
    __declares__ = Declares(
        about=Words(en="partners and resellers", da="partnere og forhandlere"),
        tenant="id",
        owner="person_id",
        moments={Trigger.ACCOUNT_END: ("closed_at",)},
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(
                AUTHENTICATE,
                only=("id", "status", "key1_digest", "key2_digest"),
                across_tenants=True,
            ),
            Access(
                ACCOUNT,
                insert=True,
                update=("name", "meta", "key1", "key2", "key1_digest", "key2_digest", "merchant_id", "merchant_key",
                        "status", "closed_at", "kind", "country_id"),
            ),
            Access(SUPPORT_SEARCH, only=("id", "person_id", "status"), across_tenants=True),
            Access(SUPPORT),
        ),
    )  # fmt: skip
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    status: Mapped[str] = plain(String(10))
    kind: Mapped[str] = plain(String(8), server_default="partner")
    """`partner`: offers the Platform under a name of its own; `reseller`: brings customers to ours."""
    country_id: Mapped[str] = plain(ID)
    merchant_id: Mapped[str] = plain(String(14))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    terms_over: Mapped[list[str]] = terms_over()
    name: Mapped[bytes] = personal(CONTACT, uses={ACCOUNT, SUPPORT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    meta: Mapped[bytes | None] = personal(CONTACT, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    key1: Mapped[bytes] = personal(CREDENTIAL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    key2: Mapped[bytes] = personal(CREDENTIAL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    merchant_key: Mapped[bytes | None] = personal(CREDENTIAL, uses={ACCOUNT}, keep=UNTIL_ACCOUNT_ENDS, sealed=SERVICE)
    key1_digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)
    key2_digest: Mapped[bytes] = personal(CREDENTIAL, uses={AUTHENTICATE}, keep=UNTIL_ACCOUNT_ENDS)
