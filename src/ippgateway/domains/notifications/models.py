"""Notifications owed to shops."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    CHECKOUT_TERM,
    FREE_TEXT,
    NOTIFY,
    PAYMENT,
    PAYMENT_RECORDS,
    PAYMENT_RECOVERY,
    SERVICE,
    SHOP,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class Notification(Table):
    """A call owed to a shop's address; owed until a 2xx or until the schedule of the contract's 8.7 is used up."""

    __tablename__ = "notification"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "payment_id"], ["ipp.payment.company_id", "ipp.payment.id"]),
        CheckConstraint("state in ('PENDING', 'DELIVERED', 'FAILED')"),
        Index("uq_notification_payment", "company_id", "payment_id", unique=True),
        Index("ix_notification_age", "created_at"),
        Index("ix_notification_person", "company_id", "person_id"),
        Index("ix_notification_due", "next_at", postgresql_where=text("state = 'PENDING'")),
    )
    __declares__ = Declares(
        about=Words(en="notifications to shops", da="beskeder til butikker"),
        tenant="company_id",
        owner="person_id",
        lapses=True,
        held_as=HeldAs.PROCESSOR,
        access=(
            Access(PAYMENT, insert=True),
            Access(PAYMENT_RECOVERY, insert=True),
            Access(PAYMENT_RECORDS),
            Access(NOTIFY, update=("state", "tries", "last_at", "last_status", "next_at"), across_tenants=True),
        ),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    payment_id: Mapped[str] = plain(ID)
    person_id: Mapped[str] = linking(ID)
    test: Mapped[bool] = plain(Boolean())
    state: Mapped[str] = plain(String(9))
    tries: Mapped[int] = plain(Integer())
    last_status: Mapped[int | None] = plain(Integer())
    created_at: Mapped[datetime] = plain(DateTime(timezone=True))
    last_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    next_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    url: Mapped[bytes] = personal(FREE_TEXT, uses={NOTIFY}, keep=CHECKOUT_TERM, sealed=SERVICE, to={SHOP})
