"""The log of what happened: ids only."""

from datetime import datetime

from sqlalchemy import DateTime, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import PAYMENT, PAYMENT_RECOVERY
from ippgateway.privacy.declare import ID, Access, Declares, Table, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class Event(Table):
    """Something that happened to something."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "company_id", "subject_id"),)
    __declares__ = Declares(
        about=Words(en="events", da="hændelser"),
        tenant="company_id",
        held_as=HeldAs.PROCESSOR,
        access=(Access(PAYMENT, insert=True), Access(PAYMENT_RECOVERY, insert=True)),
    )
    company_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    kind: Mapped[str] = plain(String(40))
    subject_id: Mapped[str] = plain(ID)
    at: Mapped[datetime] = plain(DateTime(timezone=True))
