"""The record of looks. Nobody changes a line of it; an erasure empties what it says, and its term removes it."""

from datetime import datetime

from sqlalchemy import DateTime, Index, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import AUDIT_REVIEW, FREE_TEXT, LOOK_TERM, LOOKED, REGISTERS, SERVICE, SUPPORT
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.vocabulary import HeldAs, Source, Words


class Look(Table):
    """One look of a member of staff at what is held about one person. Whoever looks can neither read nor change it."""

    __tablename__ = "look"
    __table_args__ = (
        Index("ix_look_person", "tenant_id", "person_id", "at"),
        Index("ix_look_by", "by_id", "at"),
        Index("ix_look_emergency", "emergency_id"),
    )
    __declares__ = Declares(
        about=Words(en="looks of our staff", da="vores medarbejderes opslag"),
        tenant="tenant_id",
        owner="person_id",
        since="at",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(SUPPORT, insert=True, only=()),
            Access(
                AUDIT_REVIEW,
                only=("tenant_id", "id", "person_id", "by_id", "purpose", "why", "at", "emergency_id", "shown"),
                across_tenants=True,
            ),
            Access(REGISTERS, only=("tenant_id", "person_id", "by_id", "at"), across_tenants=True),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    id: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID)
    by_id: Mapped[str] = plain(ID)
    """The member of staff. Not told to the person, who has a right to know what was looked at and why, not by whom."""
    purpose: Mapped[str] = plain(String(40))
    why: Mapped[str] = plain(String(16))
    """A value of `looking.Why`."""
    emergency_id: Mapped[str | None] = plain(ID)
    """The emergency access under which it was done, when it was not the role that opened it."""
    at: Mapped[datetime] = plain(DateTime(timezone=True))
    shown: Mapped[str | None] = personal(LOOKED, String(2000), uses={AUDIT_REVIEW}, keep=LOOK_TERM)
    """`table.column`, with commas between them."""
    reason: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={SUPPORT}, keep=LOOK_TERM, sealed=SERVICE, source=Source.STAFF
    )
    """What whoever looked typed before anything was shown."""
