"""Paper files, and breaches as what was entered about them, line after line."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Date, DateTime, Index, Integer, String
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import BREACH_TERM, FREE_TEXT, REGISTERS, SERVICE
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, personal, plain
from ippgateway.privacy.disclosure.places import EEA
from ippgateway.privacy.vocabulary import HeldAs, Source, Words
from ippgateway.privacy.zones import PLATFORM

_AT = DateTime(timezone=True)
_IN_THE_EEA = ", ".join(f"'{country}'" for country in sorted(EEA))


class PaperFile(Table):
    """A file on paper: where it is, what is in it by kinds, until when, and how it was destroyed by two people. What
    stands here names nobody."""

    __tablename__ = "paper_file"
    __table_args__ = (
        CheckConstraint(f"country in ({_IN_THE_EEA})", name="ck_paper_file_in_the_eea"),
        CheckConstraint(
            "(destroyed_at is null) = (destroyed_by is null) and (destroyed_at is null) = (how is null)",
            name="ck_paper_file_destroyed",
        ),
        CheckConstraint(
            "(confirmed_at is null) = (confirmed_by is null) and (confirmed_at is null or destroyed_at is not null)",
            name="ck_paper_file_confirmed",
        ),
        CheckConstraint("confirmed_by <> destroyed_by", name="ck_paper_file_two_people"),
        CheckConstraint("how in ('shredded', 'burnt', 'contractor')", name="ck_paper_file_how"),
    )
    __declares__ = Declares(
        about=Words(en="register of paper files", da="fortegnelse over papirmapper"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(
                REGISTERS, insert=True,
                update=("destroyed_at", "destroyed_by", "how", "confirmed_at", "confirmed_by"),
            ),
        ),
    )  # fmt: skip
    id: Mapped[str] = plain(ID, primary_key=True)
    label: Mapped[str] = plain(String(120))
    """What is written on it; not a person's name."""
    country: Mapped[str] = plain(String(2))
    place: Mapped[str] = plain(String(120))
    categories: Mapped[list[str]] = plain(ARRAY(String(40)))
    destroy_by: Mapped[date] = plain(Date())
    """Its last day."""
    entered_by: Mapped[str] = plain(ID)
    created_at: Mapped[datetime] = plain(_AT)
    destroyed_at: Mapped[datetime | None] = plain(_AT)
    destroyed_by: Mapped[str | None] = plain(ID)
    how: Mapped[str | None] = plain(String(12))
    confirmed_at: Mapped[datetime | None] = plain(_AT)
    confirmed_by: Mapped[str | None] = plain(ID)


class BreachEntry(Table):
    """What was entered about a breach at one moment. The newest entry says how it stands; no role changes or removes
    one before its term. Sealed under keys of the breach's own."""

    __tablename__ = "breach_entry"
    __table_args__ = (
        CheckConstraint("number >= 1", name="ck_breach_entry_number"),
        CheckConstraint("risk in ('unlikely', 'risk', 'high')", name="ck_breach_entry_risk"),
        CheckConstraint("ended_at >= began_at", name="ck_breach_entry_ended"),
        CheckConstraint("aware_at <= at and aware_at <= coalesce(notified_at, at)", name="ck_breach_entry_aware"),
        CheckConstraint(
            "closed_at is null or (risk is not null and (risk = 'unlikely' or notified_at is not null))",
            name="ck_breach_entry_closed",
        ),
        Index("ix_breach_entry_time", "at"),
    )
    __declares__ = Declares(
        about=Words(en="register of breaches", da="fortegnelse over brud på sikkerheden"),
        tenant="tenant_id",
        owner="keys_id",
        since="at",
        lapses=True,
        held_as=HeldAs.CONTROLLER,
        access=(Access(REGISTERS, insert=True, only_of=PLATFORM),),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    breach_id: Mapped[str] = plain(ID, primary_key=True)
    number: Mapped[int] = plain(Integer(), primary_key=True, autoincrement=False)
    """From 1 on: of two who save at the same moment one is refused."""
    keys_id: Mapped[str] = linking(ID)
    at: Mapped[datetime] = plain(_AT)
    by_id: Mapped[str] = plain(ID)
    act: Mapped[str] = plain(String(10))
    """A value of `schemas.Act`."""
    aware_at: Mapped[datetime] = plain(_AT)
    """When we became aware of it: from here the 72 hours run."""
    began_at: Mapped[datetime | None] = plain(_AT)
    ended_at: Mapped[datetime | None] = plain(_AT)
    categories: Mapped[list[str]] = plain(ARRAY(String(40)))
    of_tenant: Mapped[str | None] = plain(ID)
    """The company alone whose rows are concerned."""
    staff_id: Mapped[str | None] = plain(ID)
    """The member of staff whose looks are concerned."""
    recipient_id: Mapped[str | None] = plain(ID)
    """The recipient of the register whose hand-overs are concerned."""
    risk: Mapped[str | None] = plain(String(8))
    persons: Mapped[int | None] = plain(Integer())
    records: Mapped[int | None] = plain(Integer())
    notified_at: Mapped[datetime | None] = plain(_AT)
    told_at: Mapped[datetime | None] = plain(_AT)
    closed_at: Mapped[datetime | None] = plain(_AT)
    contents: Mapped[bytes | None] = personal(
        FREE_TEXT, uses={REGISTERS}, keep=BREACH_TERM, sealed=SERVICE, source=Source.STAFF
    )
    """What it is about, as JSON of texts by the keys of `schemas.TEXTS`."""
