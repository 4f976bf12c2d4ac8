"""The register of recipients, and the record of what each of them got."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCOUNT,
    AUTHENTICATE,
    DISCLOSED,
    DISCLOSURE,
    DISCLOSURE_TERM,
    ERASURE,
    HAND_OVER,
    MAIL,
    NEWS,
    NOTIFY,
    OWN_DATA,
    PAYMENT,
    PAYMENT_RECOVERY,
    REGISTERS,
    REQUESTS,
    STAFF_ACCOUNT,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.disclosure.places import EEA
from ippgateway.privacy.vocabulary import HeldAs, Words

_IN_THE_EEA = ", ".join(f"'{country}'" for country in sorted(EEA))
_FOUND_BY = ("tenant_id", "person_id", "subject_id", "recipient_id")


class RecipientEntry(Table):
    """An organisation outside that may receive data, from one day to another. `id`: an acquirer's is the one that
    payments name. Nothing of a person stands here: an organisation's name, never that of somebody who works there."""

    __tablename__ = "recipient"
    __table_args__ = (
        CheckConstraint("valid_to is null or valid_to > valid_from", name="ck_recipient_valid"),
        CheckConstraint(
            f"place in ({_IN_THE_EEA}) or (transfer_tool <> '' and measures <> '')", name="ck_recipient_transfer"
        ),
        Index("ix_recipient_kind", "kind", "valid_from"),
    )
    __declares__ = Declares(
        about=Words(en="register of recipients", da="fortegnelse over modtagere"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(PAYMENT),
            Access(PAYMENT_RECOVERY),
            Access(NOTIFY),
            Access(MAIL),
            Access(NEWS),
            Access(AUTHENTICATE),
            Access(ACCOUNT),
            Access(STAFF_ACCOUNT),
            Access(OWN_DATA),
            Access(ERASURE),
            Access(HAND_OVER, insert=True),
            Access(DISCLOSURE, insert=True, update=("valid_to",)),
            Access(REGISTERS, only=("id", "kind", "name")),
            Access(REQUESTS, only=("id", "kind", "name", "place")),
        ),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(30))
    """The key of a `Recipient` of the catalogue."""
    name: Mapped[str] = plain(String(120))
    place: Mapped[str] = plain(String(2))
    """The country (ISO 3166-1, two letters) where the data is handled."""
    purposes: Mapped[list[str]] = plain(ARRAY(String(40)))
    categories: Mapped[list[str]] = plain(ARRAY(String(40)))
    contract: Mapped[str] = plain(String(120))
    transfer_tool: Mapped[str] = plain(String(20), server_default="")
    measures: Mapped[str] = plain(String(400), server_default="")
    """What protects a transfer besides its tool (PLACE-2)."""
    valid_from: Mapped[datetime] = plain(DateTime(timezone=True))
    valid_to: Mapped[datetime | None] = plain(DateTime(timezone=True))
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))


class DisclosureRecord(Table):
    """One hand-over about one person: to whom, what, why, when. `subject_id`: the row that it belongs to (a payment's
    action, a 3-D Secure result, a letter, a notification, a case), so that a repeat of the same message is no second
    record. Nothing waits for it: it is written in the transaction that records how the hand-over ended."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_age", "at"),)
    __declares__ = Declares(
        about=Words(en="who was given what", da="hvem der har fået hvad"),
        tenant="tenant_id",
        owner="person_id",
        since="at",
        held_as=HeldAs.CONTROLLER,
        about_payers=True,
        restricted="silenced_at",
        lapses=True,
        access=(
            Access(PAYMENT, insert=True, only=_FOUND_BY),
            Access(PAYMENT_RECOVERY, insert=True, only=_FOUND_BY),
            Access(NOTIFY, insert=True, only=_FOUND_BY),
            Access(MAIL, insert=True, only=_FOUND_BY),
            Access(NEWS, insert=True, only=_FOUND_BY),
            Access(HAND_OVER, insert=True, update=("silenced_at",), restricted=True, across_tenants=True),
            Access(ERASURE, restricted=True),
            Access(
                REGISTERS, only=("tenant_id", "person_id", "recipient_id", "at"), across_tenants=True, restricted=True
            ),
            Access(
                DISCLOSURE,
                only=("tenant_id", "subject_id", "recipient_id", "at", "fields"),
                restricted=True,
            ),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID, primary_key=True)
    subject_id: Mapped[str] = plain(ID, primary_key=True)
    recipient_id: Mapped[str] = plain(ID, primary_key=True)
    recipient: Mapped[str] = plain(String(30))
    """The kind, so that the record says something when the register is lost."""
    purpose: Mapped[str] = plain(String(40))
    at: Mapped[datetime] = plain(DateTime(timezone=True))
    fields: Mapped[str | None] = personal(DISCLOSED, String(400), uses={DISCLOSURE}, keep=DISCLOSURE_TERM)
    """Keys of categories with commas between them."""
    silenced_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """While it has a moment, nobody who answers the person sees the row: they must not be told yet (DISC-9), or,
    with one that never comes, it was put together and not handed over."""
