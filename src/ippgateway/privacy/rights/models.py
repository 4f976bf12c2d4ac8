"""What is on record of people's rights: erasures, runs of retention, legal holds. Ids, counts and times; what was
removed is nowhere in it."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Date, DateTime, Index, String, text
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import (
    ACCESS_RECORDS,
    ERASURE,
    HAND_OVER,
    LEGAL_HOLD,
    OWN_DATA,
    PAYMENT_RECORDS,
    RETENTION,
)
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, plain
from ippgateway.privacy.vocabulary import HeldAs, KeptFor, Words


class Erasure(Table):
    """One person's erasure at one controller. BEGUN: the rows are emptied, the keys perhaps not yet gone. HELD: a legal
    hold keeps everything, restricted, and the erasure goes on when it ends. ERASED: the keys are gone. LOOKED_AFTER:
    looked at once more, after whatever was under way in other processes had ended."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("state in ('BEGUN', 'HELD', 'ERASED', 'LOOKED_AFTER')"),
        CheckConstraint("asked_by in ('person', 'operator')"),
        Index("ix_erasure_due", "next_at", postgresql_where=text("next_at is not null")),
    )
    __declares__ = Declares(
        about=Words(en="erasures", da="sletninger"),
        tenant="controller",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(ERASURE, insert=True, update=("state", "erased_at", "next_at", "kept_until"), across_tenants=True),
            Access(OWN_DATA),
        ),
    )
    controller: Mapped[str] = plain(ID, primary_key=True)
    person_id: Mapped[str] = linking(ID, primary_key=True)
    tenant: Mapped[str] = plain(ID, server_default="")
    """Whose rows are about the person, when not the controller's; else empty."""
    state: Mapped[str] = plain(String(12))
    asked_by: Mapped[str] = plain(String(8))
    begun_at: Mapped[datetime] = plain(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    next_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When to look again: to finish what was cut short, or at what came after it."""
    kept_until: Mapped[date | None] = plain(Date())
    """The end of the last field that is kept; none when nothing is."""


class Stop(Table):
    """What somebody had restricted, and to what they objected: the rows about them hide from it (`Access.stops`), as
    their keys do from nearly everything. Ids, moments and keys of purposes."""

    __tablename__ = "stop"
    __declares__ = Declares(
        about=Words(en="restrictions and objections that stand", da="begrænsninger og indsigelser, der gælder"),
        tenant="tenant_id",
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(ERASURE, insert=True, update=("paused_at", "objected")),
            Access(OWN_DATA),
            Access(ACCESS_RECORDS),
            Access(PAYMENT_RECORDS),
        ),
    )
    tenant_id: Mapped[str] = plain(ID, primary_key=True)
    """Whose rows are about the person."""
    person_id: Mapped[str] = linking(ID, primary_key=True)
    controller: Mapped[str] = plain(ID)
    """Whose key the person's is."""
    paused_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    objected: Mapped[list[str]] = plain(ARRAY(String(40)), server_default="{}")


_GROUNDS = ", ".join(f"'{ground.value}'" for ground in KeptFor)


class LegalHold(Table):
    """Something that neither a term nor an erasure may remove for now: why (a ground of RETAIN-3), what, whose decision
    it was, until when. It names ids and a case's own number, and nothing in words."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint(f"reason in ({_GROUNDS})"),
        CheckConstraint("scope in ('tenant', 'person', 'payment', 'table')"),
        CheckConstraint("(released_at is null) = (released_by is null)"),
        CheckConstraint("ends_on >= begins_at::date", name="ck_legal_hold_ends"),
        Index("ix_legal_hold_open", "ends_on", postgresql_where=text("released_at is null")),
    )
    __declares__ = Declares(
        about=Words(en="legal holds", da="juridiske bevaringer"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(LEGAL_HOLD, insert=True, update=("released_at", "released_by")),
            Access(HAND_OVER, insert=True, update=("released_at", "released_by"),
                   only=("id", "reference", "released_at")),
            *(
                Access(purpose, only=("id", "reason", "scope", "tenant_id", "named", "begins_at", "ends_on",
                                      "released_at"))
                for purpose in (RETENTION, ERASURE, OWN_DATA)
            ),
        ),
    )  # fmt: skip
    id: Mapped[str] = plain(ID, primary_key=True)
    reason: Mapped[str] = plain(String(16))
    scope: Mapped[str] = plain(String(8))
    tenant_id: Mapped[str | None] = plain(ID)
    """Whose it is; none of a whole table."""
    named: Mapped[str] = linking(String(40))
    """The id of the tenant, person, user or payment, or the table's name."""
    reference: Mapped[str] = plain(String(40))
    """The case's own number, wherever it is kept."""
    owner_id: Mapped[str] = plain(ID)
    """The member of staff who decided it."""
    begins_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ends_on: Mapped[date] = plain(Date())
    """Its last day. Whoever needs longer decides again."""
    released_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    released_by: Mapped[str | None] = plain(ID)


class RetentionRun(Table):
    """What one run of retention did in one part: the fields of a term in a table, or the keys of persons."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_time", "began_at"),)
    __declares__ = Declares(
        about=Words(en="runs of retention", da="kørsler af slettefrister"),
        tenant=None,
        held_as=HeldAs.CONTROLLER,
        access=(
            Access(RETENTION, insert=True, update=("ended_at", "removed", "held", "behind", "reached")),
            Access(LEGAL_HOLD, only=("id", "part", "began_at", "ended_at", "removed", "held", "behind")),
        ),
    )
    id: Mapped[str] = plain(ID, primary_key=True)
    part: Mapped[str] = plain(String(40), primary_key=True)
    """`table/term`, or `keys`."""
    began_at: Mapped[datetime] = plain(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """None when the run was cut short."""
    removed: Mapped[int] = plain(BigInteger(), server_default="0")
    held: Mapped[int] = plain(BigInteger(), server_default="0")
    """Rows that are due and kept by a legal hold."""
    behind: Mapped[int] = plain(BigInteger(), server_default="0")
    """Rows that are due and were left for the next run."""
    reached: Mapped[str | None] = linking(String(40))
    """Of the keys: the last person looked at."""
