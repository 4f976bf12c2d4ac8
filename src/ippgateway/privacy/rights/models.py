"""The record of erasures: whom, when, how far. Ids and times; what was erased is nowhere in it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, Index, String, text
from sqlalchemy.orm import Mapped

from ippgateway.privacy.catalogue import ERASURE, OWN_DATA
from ippgateway.privacy.declare import ID, Access, Declares, Table, linking, plain
from ippgateway.privacy.vocabulary import HeldAs, Words


class Erasure(Table):
    """One person's erasure at one controller. BEGUN: the rows are emptied, the keys perhaps not yet gone. ERASED: they
    are. LOOKED_AFTER: looked at once more, after whatever was under way in other processes had ended."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("state in ('BEGUN', 'ERASED', 'LOOKED_AFTER')"),
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
    state: Mapped[str] = plain(String(12))
    asked_by: Mapped[str] = plain(String(8))
    begun_at: Mapped[datetime] = plain(DateTime(timezone=True))
    erased_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    next_at: Mapped[datetime | None] = plain(DateTime(timezone=True))
    """When to look again: to finish what was cut short, or at what came after it."""
    kept_until: Mapped[date | None] = plain(Date())
    """The end of the last field that is kept; none when nothing is."""
